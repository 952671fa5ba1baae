// A process that runs the engine with a capture, as the extension host does: `node captureHost.mjs <client.cjs> <engine.js> <directory> <settings JSON>`.
// Writes lines of JSON: {port} when it listens, then {memory, answeredMs, cpuMs} once a second. A line {method, params} of its input is a call of the
// engine; {called, from, to} (epoch milliseconds) says when it was answered. Ends when its input does, or is killed.
import { createRequire } from 'node:module';
import { createInterface } from 'node:readline';

const [clientPath, workerPath, directory, settings] = process.argv.slice(2);
const { EngineClient } = createRequire(import.meta.url)(clientPath);
const client = new EngineClient({ workerPath, onLog: (level, message) => process.stderr.write(`${level}: ${message}\n`) });
const say = (value) => process.stdout.write(`${JSON.stringify(value)}\n`);

await client.call('configure', JSON.parse(settings));
await client.call('openCaptures', { directory });
const { httpPort } = await client.call('startCapture', { wellKnownPort: false });
say({ port: httpPort });
const timer = setInterval(async () => {
  try {
    const asked = performance.now();
    const memory = await client.call('memory', {});
    const { user, system } = process.cpuUsage();
    say({ memory, answeredMs: performance.now() - asked, cpuMs: (user + system) / 1000 });
  } catch {
    clearInterval(timer);
  }
}, 1000);
const input = createInterface({ input: process.stdin });
input.on('line', async (line) => {
  const { method, params } = JSON.parse(line);
  const from = Date.now();
  await client.call(method, params, { timeoutMs: 0 });
  say({ called: method, from, to: Date.now() });
});
input.on('close', async () => {
  clearInterval(timer);
  await client.dispose();
  process.exit(0);
});
