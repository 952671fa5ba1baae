// A process that runs the engine and does what it is told, for measuring what it takes: `node engineHost.mjs <client.cjs> <engine.js>`. Reads lines of
// JSON, each [method, params, what to keep of the answer]; writes for each {result, idle, peak, memory}, all in bytes: what the process took before
// the first call and at most since, and what the engine's ledger says.
import { createRequire } from 'node:module';
import { createInterface } from 'node:readline';

const [clientPath, workerPath] = process.argv.slice(2);
const { EngineClient } = createRequire(import.meta.url)(clientPath);
const client = new EngineClient({ workerPath, onLog: (level, message) => process.stderr.write(`${level}: ${message}\n`) });
await client.call('memory', {});
const idle = process.memoryUsage.rss();
let peak = idle;
setInterval(() => {
  peak = Math.max(peak, process.memoryUsage.rss());
}, 10).unref();

for await (const line of createInterface({ input: process.stdin })) {
  const [method, params, keys] = JSON.parse(line, (_, value) => value);
  let result;
  try {
    const answer = (await client.call(method, params, { timeoutMs: 0 })) ?? {};
    result = Object.fromEntries((keys ?? []).map((key) => [key, answer[key]]));
  } catch (error) {
    result = { failed: String(error.message) };
  }
  const memory = await client.call('memory', {});
  process.stdout.write(`${JSON.stringify({ result, idle, peak, memory })}\n`);
}
await client.dispose();
process.exit(0);
