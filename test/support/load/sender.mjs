// Sends trace requests over a few connections, each the next one as soon as the last is answered, until it is told to stop or the
// receiver goes away. A process of its own: `node sender.mjs <port> <connections> [spansPerBody]`.
//
// Writes lines of JSON: {at, time, longestMs, acknowledged, spans} twice a second (`at`: milliseconds since its start; `time`: epoch milliseconds;
// `longestMs`: longest wait for an answer since the line before), and at the end {done: true, acknowledged, spans, last: [[sender, sequence], …]}
// with each connection's number of acknowledged requests (they are numbered from 1, in order).
import { connect } from 'node:net';
import { makeBody, stamp } from './spanBodies.mjs';

const [port, connections, spansPerBody] = process.argv.slice(2).map(Number);
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
  const head = Buffer.from(
    `POST /v1/traces HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nContent-Type: application/x-protobuf\r\nContent-Length: ${made.body.length}\r\n\r\n`,
  );
  const socket = connect({ port, host: '127.0.0.1', noDelay: true });
  let sequence = 0;
  let answer = '';
  let sentAt = 0;
  const send = () => {
    if (stopping) {
      socket.destroy();
      return;
    }
    stamp(made, sender, ++sequence);
    sentAt = performance.now();
    socket.cork();
    socket.write(head);
    socket.write(made.body);
    socket.uncork();
  };
  socket.on('connect', send);
  socket.on('data', (chunk) => {
    answer += chunk.toString('latin1');
    const headEnd = answer.indexOf('\r\n\r\n');
    if (headEnd < 0) return;
    const length = Number(/content-length: (\d+)/i.exec(answer)?.[1] ?? 0);
    if (answer.length < headEnd + 4 + length) return;
    if (!answer.startsWith('HTTP/1.1 200')) {
      process.stderr.write(`${answer}\n`);
      process.exit(1);
    }
    answer = '';
    longestMs = Math.max(longestMs, performance.now() - sentAt);
    acknowledged[sender]++;
    send();
  });
  socket.on('error', () => {});
  socket.on('close', end);
}

setInterval(() => report(), 500).unref();
process.stdin.on('data', () => {
  stopping = true;
});
process.stdin.on('end', () => {
  stopping = true;
});
