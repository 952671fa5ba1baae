// A process that runs the engine with a capture, as the extension host does: `node captureHost.mjs <client.cjs> <engine.js> <directory> <settings JSON>`.
// Writes lines of JSON: {port} when it listens, then {memory, answeredMs, cpuMs} once a second. Ends when its input does, or is killed.
import { createRequire } from 'node:module';

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
process.stdin.resume();
process.stdin.on('end', async () => {
  clearInterval(timer);
  await client.dispose();
  process.exit(0);
});
