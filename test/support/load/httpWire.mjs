// OTLP over HTTP/1.1 by hand, over one connection, so that sending costs as little as can be.
import { connect } from 'node:net';

/** `answered` is called after each request, `failed` with what was answered instead; `ended` when the connection is over. Returns how to send. */
export function httpWire(port, body, { connected, answered, failed, ended }) {
  const head = Buffer.from(
    `POST /v1/traces HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nContent-Type: application/x-protobuf\r\nContent-Length: ${body.length}\r\n\r\n`,
  );
  const socket = connect({ port, host: '127.0.0.1', noDelay: true });
  let answer = '';
  socket.on('connect', connected);
  socket.on('data', (chunk) => {
    answer += chunk.toString('latin1');
    const headEnd = answer.indexOf('\r\n\r\n');
    if (headEnd < 0) return;
    const length = Number(/content-length: (\d+)/i.exec(answer)?.[1] ?? 0);
    if (answer.length < headEnd + 4 + length) return;
    if (!answer.startsWith('HTTP/1.1 200')) failed(answer);
    answer = '';
    answered();
  });
  socket.on('error', () => {});
  socket.on('close', ended);
  return {
    send() {
      socket.cork();
      socket.write(head);
      socket.write(body);
      socket.uncork();
    },
    end: () => socket.destroy(),
  };
}
