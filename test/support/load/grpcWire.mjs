// OTLP over gRPC by hand, over one connection, so that sending costs as little as can be: frames of HTTP/2 (RFC 9113) with headers that are written
// out (RFC 7541, 6.2.2), one call after the other, within the windows that the server gives.
import { connect } from 'node:net';

const DATA = 0;
const HEADERS = 1;
const RST_STREAM = 3;
const SETTINGS = 4;
const PING = 6;
const GOAWAY = 7;
const WINDOW_UPDATE = 8;
const END_STREAM = 1;
const ACK = 1;
const END_HEADERS = 4;
const INITIAL_WINDOW_SIZE = 4;
const MAX_FRAME = 16_384;

function frame(type, flags, stream, payload) {
  const head = Buffer.alloc(9);
  head.writeUIntBE(payload.length, 0, 3);
  head[3] = type;
  head[4] = flags;
  head.writeUInt32BE(stream, 5);
  return Buffer.concat([head, payload]);
}

const literal = (text) => Buffer.concat([Buffer.from([text.length]), Buffer.from(text)]);
const header = (name, value) => Buffer.concat([Buffer.from([0]), literal(name), literal(value)]);

/** As `httpWire`. */
export function grpcWire(port, message, { connected, answered, failed, ended }) {
  const prefix = Buffer.alloc(5);
  prefix.writeUInt32BE(message.length, 1);
  const block = Buffer.concat([
    header(':method', 'POST'),
    header(':scheme', 'http'),
    header(':path', '/opentelemetry.proto.collector.trace.v1.TraceService/Export'),
    header(':authority', `127.0.0.1:${port}`),
    header('content-type', 'application/grpc'),
    header('te', 'trailers'),
  ]);
  const socket = connect({ port, host: '127.0.0.1', noDelay: true });
  let window = 65_535;
  let initialWindow = 65_535;
  let streamWindow = 0;
  let stream = -1;
  /** Bytes of the message that were sent, the prefix included. */
  let sent = 0;
  let received = Buffer.alloc(0);
  let isOpen = false;

  const pump = () => {
    const total = message.length + prefix.length;
    socket.cork();
    while (stream > 0 && sent < total) {
      const size = Math.min(MAX_FRAME, total - sent, window, streamWindow);
      if (size <= 0) break;
      const head = Buffer.alloc(9);
      head.writeUIntBE(size, 0, 3);
      head[4] = sent + size === total ? END_STREAM : 0;
      head.writeUInt32BE(stream, 5);
      socket.write(head);
      if (sent === 0) socket.write(prefix);
      socket.write(message.subarray(Math.max(0, sent - prefix.length), sent + size - prefix.length));
      sent += size;
      window -= size;
      streamWindow -= size;
    }
    socket.uncork();
  };

  const take = (type, flags, id, payload) => {
    if (type === SETTINGS && !(flags & ACK)) {
      for (let at = 0; at < payload.length; at += 6) {
        if (payload.readUInt16BE(at) === INITIAL_WINDOW_SIZE) initialWindow = payload.readUInt32BE(at + 2);
      }
      socket.write(frame(SETTINGS, ACK, 0, Buffer.alloc(0)));
      if (!isOpen) {
        isOpen = true;
        connected();
      }
    } else if (type === WINDOW_UPDATE) {
      if (id === 0) window += payload.readUInt32BE(0);
      else if (id === stream) streamWindow += payload.readUInt32BE(0);
      pump();
    } else if (type === PING && !(flags & ACK)) {
      socket.write(frame(PING, ACK, 0, payload));
    } else if (type === RST_STREAM || type === GOAWAY) {
      failed(`${type === GOAWAY ? 'GOAWAY' : 'RST_STREAM'} ${payload.toString('hex')}`);
    } else if (type === HEADERS && flags & END_STREAM) {
      // Trailers without a body before them are a failure: a success has a message, which may be empty.
      if (!hasMessage) failed(payload.toString('latin1'));
      answered();
    } else if (type === DATA) {
      hasMessage = true;
    }
  };
  let hasMessage = false;

  socket.on('connect', () => {
    socket.write('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n');
    socket.write(frame(SETTINGS, 0, 0, Buffer.alloc(0)));
  });
  socket.on('data', (chunk) => {
    received = received.length === 0 ? chunk : Buffer.concat([received, chunk]);
    while (received.length >= 9) {
      const length = received.readUIntBE(0, 3);
      if (received.length < 9 + length) break;
      const [type, flags, id] = [received[3], received[4], received.readUInt32BE(5)];
      const payload = received.subarray(9, 9 + length);
      received = received.subarray(9 + length);
      take(type, flags, id, payload);
    }
  });
  socket.on('error', () => {});
  socket.on('close', ended);
  return {
    send() {
      stream += 2;
      sent = 0;
      hasMessage = false;
      streamWindow = initialWindow;
      socket.write(frame(HEADERS, END_HEADERS, stream, block));
      pump();
    },
    end: () => socket.destroy(),
  };
}
