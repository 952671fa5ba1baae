// Connects to the test that started this VS Code and runs the functions it sends, as JSON lines:
// {id, source, argument} in; {id, value} or {id, error} out. A bigint crosses as {"$bigint": "…"}.

const net = require('node:net');
const vscode = require('vscode');

const encode = (message) =>
  JSON.stringify(message, (_key, value) => (typeof value === 'bigint' ? { $bigint: String(value) } : value));
const decode = (text) =>
  JSON.parse(text, (_key, value) =>
    value !== null && typeof value === 'object' && typeof value.$bigint === 'string' ? BigInt(value.$bigint) : value,
  );

/** Shared between the calls of one extension host, so that a test can keep a subscription or a counter. */
const memory = {};

async function run({ id, source, argument }) {
  try {
    const spanhop = vscode.extensions.getExtension('spanhop.spanhop');
    const call = new Function(`return (${source});`)();
    const context = { vscode, memory, require, extension: spanhop, api: () => spanhop?.activate() };
    return encode({ id, value: await call(context, argument) });
  } catch (error) {
    return encode({
      id,
      error: error instanceof Error ? { message: error.message, stack: error.stack } : { message: String(error) },
    });
  }
}

// This runs before Spanhop is loaded: a benchmark can have something in place by then.
if (process.env.SPANHOP_TEST_PRELOAD) require(process.env.SPANHOP_TEST_PRELOAD);

exports.activate = (context) => {
  const port = Number(process.env.SPANHOP_TEST_BRIDGE);
  if (!port) return;
  const socket = net.connect(port, '127.0.0.1');
  let rest = '';
  socket.setEncoding('utf8');
  socket.on('error', () => {});
  socket.on('data', (chunk) => {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop();
    for (const line of lines) run(decode(line)).then((answer) => socket.write(`${answer}\n`));
  });
  context.subscriptions.push({ dispose: () => socket.destroy() });
};
