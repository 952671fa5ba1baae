// Answers like a Redis server that has every key: for programs whose client spans are looked at.

import { createServer, type Server } from 'node:net';

const INFO = 'redis_version:7.2.0\r\nloading:0';
const bulk = (text: string): string => `$${text.length}\r\n${text}\r\n`;

function answerTo(command: string): string {
  const name = /^\$\d+\r\n(\w+)/.exec(command)?.[1].toLowerCase();
  if (name === 'get') return bulk('pear');
  if (name === 'info') return bulk(INFO);
  return '+OK\r\n';
}

/** Listening on a free port of loopback */
export interface FakeRedis {
  readonly port: number;
  close(): void;
}

export async function fakeRedis(): Promise<FakeRedis> {
  const server: Server = createServer((socket) => {
    socket.on('error', () => {});
    socket.on('data', (data) => {
      for (const command of String(data)
        .split(/^\*\d+\r\n/m)
        .slice(1))
        socket.write(answerTo(command));
    });
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return { port: address.port, close: () => server.close() };
}
