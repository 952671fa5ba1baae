/** Servers on loopback that do to a client what servers, proxies and strangers do on bad days: each kind of trouble with the errors that are right for it. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import type { ErrorKind } from '../../src/base/errors';

export interface Hostility {
  readonly name: string;
  /** Kinds of the error that any request may reject with. */
  readonly errors: readonly ErrorKind[];
  /** It may be taken for an answer that holds nothing. */
  readonly mayBeEmpty?: boolean;
  /** It goes on until the time-out. */
  readonly isLong?: boolean;
  answer(request: IncomingMessage, response: ServerResponse): void;
}

/** What a test authorizes with. No message may repeat it. */
export const secretToken = 'tok-5ecret-0123456789';

const page = (title: string, body: string): string =>
  `<!doctype html><html><head><title>${title}</title></head><body>${body}</body></html>`;
const json = (response: ServerResponse, status: number, body: string, type = 'application/json'): void => {
  response.writeHead(status, { 'content-type': type }).end(body);
};

const packedZeros = gzipSync(Buffer.alloc(8 << 20));

/** Writes the same piece until the client has enough: nothing of it is kept. */
function endlessly(response: ServerResponse, piece: Buffer): void {
  const more = (): void => {
    while (!response.destroyed && response.write(piece));
  };
  response.on('drain', more);
  more();
}

export const hostilities: readonly Hostility[] = [
  {
    name: 'a wrong password',
    errors: ['Unauthorized'],
    answer: (_, response) => response.writeHead(401, { 'www-authenticate': 'Basic realm="traces"' }).end('Unauthorized'),
  },
  {
    name: 'an expired token, quoted',
    errors: ['Unauthorized'],
    answer: (request, response) => json(response, 401, JSON.stringify({ message: `expired: ${request.headers.authorization}` })),
  },
  {
    name: 'no permission',
    errors: ['Unauthorized'],
    answer: (_, response) => json(response, 403, '{"message":"not for you"}'),
  },
  {
    name: 'a page to sign in',
    errors: ['BadData', 'Unauthorized'],
    answer: (_, response) => json(response, 200, page('Sign in', '<form><input type="password" name="p"></form>'), 'text/html'),
  },
  {
    name: 'a web page',
    errors: ['BadData', 'NotFound'],
    answer: (_, response) => json(response, 200, page('Welcome to nginx!', '<h1>It works</h1>'), 'text/html; charset=utf-8'),
  },
  {
    name: 'a web page that calls itself JSON',
    errors: ['BadData', 'NotFound'],
    answer: (_, response) => json(response, 200, page('Hello', 'world')),
  },
  {
    name: 'a server error',
    errors: ['BadData', 'Unreachable'],
    answer: (_, response) =>
      json(response, 500, 'java.lang.NullPointerException\n    at io.server.Main(Main.java:1)\n', 'text/plain'),
  },
  {
    name: 'a server error in JSON',
    errors: ['BadData', 'Unreachable'],
    answer: (_, response) => json(response, 500, '{"errors":[{"code":500,"msg":"storage is away"}],"message":"storage is away"}'),
  },
  {
    name: 'a server error that quotes the credential',
    errors: ['BadData', 'Unreachable'],
    answer: ({ headers: { authorization } }, response) => {
      const msg = `cannot parse "${authorization}"`;
      json(response, 500, JSON.stringify({ message: msg, errors: [{ code: 500, msg }], error: { reason: msg, type: 'x' } }));
    },
  },
  {
    name: 'a text that quotes the credential',
    errors: ['BadData', 'Unreachable', 'BadQuery'],
    answer: ({ headers: { authorization } }, response) => json(response, 400, `bad header ${authorization}`, 'text/plain'),
  },
  {
    name: 'too many requests, for an hour',
    errors: ['Unreachable', 'BadData'],
    answer: (_, response) => response.writeHead(429, { 'retry-after': '3600' }).end('slow down'),
  },
  {
    name: 'nothing at all',
    errors: ['Timeout'],
    isLong: true,
    answer: () => {},
  },
  {
    name: 'a byte now and then',
    errors: ['Timeout'],
    isLong: true,
    answer: (_, response) => {
      response.writeHead(200, { 'content-type': 'application/json' }).write('[');
      const timer = setInterval(() => response.write(' '), 10);
      response.on('close', () => clearInterval(timer));
    },
  },
  {
    name: 'two gigabytes',
    errors: ['TooLarge'],
    answer: (_, response) => {
      response.writeHead(200, { 'content-type': 'application/json' }).write('{"data":["');
      endlessly(response, Buffer.alloc(1 << 16, 'a'));
    },
  },
  {
    name: 'two gigabytes of zeros, packed',
    errors: ['TooLarge', 'BadData', 'Unreachable'],
    answer: (_, response) => {
      response.writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' });
      // Packed data may be several pieces of packed data, one after the other (RFC 1952, 2.2).
      endlessly(response, packedZeros);
    },
  },
  {
    name: 'half a document',
    errors: ['BadData'],
    mayBeEmpty: true,
    answer: (_, response) => json(response, 200, '{"data":[{"traceID":"'),
  },
  {
    name: 'a document that ends early',
    errors: ['Unreachable', 'BadData'],
    answer: (_, response) => {
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': '1000' }).write('{"data":[');
      setImmediate(() => response.destroy());
    },
  },
  {
    name: 'noise',
    errors: ['BadData', 'NotFound'],
    answer: (_, response) =>
      response.writeHead(200, { 'content-type': 'application/json' }).end(Buffer.from([0xff, 0xfe, 0, 1, 2, 0x80])),
  },
  {
    name: "somebody else's JSON",
    errors: ['BadData', 'NotFound'],
    mayBeEmpty: true,
    answer: (_, response) => json(response, 200, '{"hello":"world","data":7,"traces":"none","hits":[1],"result":null}'),
  },
  {
    name: 'JSON that nests without end',
    errors: ['BadData', 'TooLarge', 'NotFound'],
    mayBeEmpty: true,
    answer: (_, response) => json(response, 200, `{"data":${'['.repeat(100_000)}`),
  },
  {
    name: 'a connection that is cut',
    errors: ['Unreachable'],
    answer: (request) => request.socket.destroy(),
  },
  {
    name: 'headers without end',
    errors: ['Unreachable', 'BadData'],
    answer: (request) => request.socket.end(`HTTP/1.1 200 OK\r\nx-a: ${'a'.repeat(1 << 20)}\r\n\r\n`),
  },
  {
    name: 'another protocol',
    errors: ['Unreachable', 'BadData'],
    answer: (request) => request.socket.end('220 mail.example.com ESMTP\r\n'),
  },
  {
    name: 'redirects without end',
    errors: ['BadData', 'Unreachable'],
    answer: (request, response) => response.writeHead(302, { location: `${request.url}/more` }).end(),
  },
  {
    name: 'a redirect to a file',
    errors: ['BadData', 'Unreachable'],
    answer: (_, response) => response.writeHead(302, { location: 'file:///etc/passwd' }).end(),
  },
];

export interface HostileServer {
  readonly url: string;
  /** Headers of each request. */
  readonly requests: readonly IncomingMessage['headers'][];
  /** Bytes that were written to clients. */
  readonly written: number;
  stop(): Promise<void>;
}

export async function startHostile(answer: Hostility['answer']): Promise<HostileServer> {
  const requests: IncomingMessage['headers'][] = [];
  let written = 0;
  const server = createServer((request, response) => {
    requests.push(request.headers);
    request.resume();
    response.on('error', () => {}); // the client left
    const { socket } = request;
    const before = socket.bytesWritten;
    response.on('close', () => {
      written += socket.bytesWritten - before;
    });
    answer(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    get written() {
      return written;
    },
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
