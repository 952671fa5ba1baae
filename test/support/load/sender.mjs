// Sends trace requests over a few connections, each the next one as soon as the last is answered, until it is told to stop or the
// receiver goes away. A process of its own: `node sender.mjs <port> <connections> [spansPerBody] [http|grpc]`.
//
// Writes lines of JSON: {at, time, longestMs, acknowledged, spans} twice a second (`at`: milliseconds since its start; `time`: epoch milliseconds;
// `longestMs`: longest wait for an answer since the line before), and at the end {done: true, acknowledged, spans, last: [[sender, sequence], …]}
// with each connection's number of acknowledged requests (they are numbered from 1, in order).
import { grpcWire } from './grpcWire.mjs';
import { httpWire } from './httpWire.mjs';
import { makeBody, stamp } from './spanBodies.mjs';

const [port, connections, spansPerBody] = process.argv.slice(2, 5).map(Number);
const wireOf = process.argv[5] === 'grpc' ? grpcWire : httpWire;
const acknowledged = new Array(connections).fill(0);
const perBody = spansPerBody || 500;
let longestMs = 0;
let stopping = false;
let open = connections;

function report(more = {}) {
  const sum = acknowledged.reduce((a, b) => a + b, 0);
  const now = { at: performance.now(), time: Date.now(), longestMs, acknowledged: sum, spans: sum * perBody };
  longestMs = 0;
  process.stdout.write(`${JSON.stringify({ ...now, ...more })}\n`);
}

function end() {
  if (--open > 0) return;
  report({ done: true, last: acknowledged.map((count, sender) => [sender, count]) });
  process.exit(0);
}

for (let sender = 0; sender < connections; sender++) {
  const made = makeBody({ spansPerBody: perBody, service: `shop-${sender}` });
  let sequence = 0;
  let sentAt = 0;
  const send = () => {
    if (stopping) {
      wire.end();
      return;
    }
    stamp(made, sender, ++sequence);
    sentAt = performance.now();
    wire.send();
  };
  const wire = wireOf(port, made.body, {
    connected: send,
    answered() {
      longestMs = Math.max(longestMs, performance.now() - sentAt);
      acknowledged[sender]++;
      send();
    },
    failed(answer) {
      process.stderr.write(`${answer}\n`);
      process.exit(1);
    },
    ended: end,
  });
}

setInterval(() => report(), 500).unref();
process.stdin.on('data', () => {
  stopping = true;
});
process.stdin.on('end', () => {
  stopping = true;
});
