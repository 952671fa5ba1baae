// A real browser: the developer's own page sends its spans to the receiver, and no other page can, whatever name it gave 127.0.0.1.
import { existsSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Browser, chromium } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { otlpGrpc } from '../../../src/capture/grpc/otlpGrpc';
import { Listener } from '../../../src/capture/listen/listener';
import { anyOf } from '../../../src/capture/listen/protocol';
import { otlpHttp } from '../../../src/capture/otlp/otlpHttp';
import { zipkinHttp } from '../../../src/capture/zipkin/zipkinHttp';

const executablePath = process.env.CHROMIUM_PATH ?? '/usr/bin/chromium';
const isThere = existsSync(executablePath);
const FOREIGN = 'evil.example';

let browser: Browser;
let pages: Server;
let pagePort: number;
let listener: Listener;
let port: number;
const taken: string[] = [];
const told: string[] = [];

beforeAll(async () => {
  if (!isThere) return;
  listener = new Listener((kind, message) => told.push(`${kind}: ${message}`));
  const take = (what: string) => async () => {
    taken.push(what);
    return { rejected: 0, message: '' };
  };
  const sink = { spans: take('spans'), records: take('records'), metrics: () => void taken.push('metrics'), refused: () => {} };
  port = await listener.listen(anyOf([otlpGrpc(sink), zipkinHttp(sink), otlpHttp(sink)]), 0);
  pages = createServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'text/html' });
    response.end('<title>page</title>');
  });
  await new Promise<void>((resolve) => pages.listen(0, '127.0.0.1', resolve));
  pagePort = (pages.address() as AddressInfo).port;
  // The foreign name leads to this machine, as that of a page does after rebinding.
  browser = await chromium.launch({
    executablePath,
    args: ['--no-sandbox', `--host-resolver-rules=MAP ${FOREIGN} 127.0.0.1`],
  });
});
afterAll(async () => {
  await browser?.close();
  pages?.close();
  await listener?.close(0);
});

beforeEach(() => {
  taken.length = 0;
  told.length = 0;
});

/** What a page of `origin` gets for its requests: the status, or that the browser refused. */
async function sendFrom(origin: string, to: string): Promise<string[]> {
  const page = await browser.newPage();
  try {
    await page.goto(origin);
    return await page.evaluate(async (address) => {
      const kinds: [path: string, type: string, mode: RequestMode][] = [
        ['/v1/traces', 'application/json', 'cors'],
        ['/v1/traces', 'application/x-protobuf', 'cors'],
        ['/api/v2/spans', 'application/json', 'cors'],
        ['/api/v2/spans', 'text/plain', 'no-cors'],
        ['/opentelemetry.proto.collector.trace.v1.TraceService/Export', 'application/grpc', 'cors'],
      ];
      const answers: string[] = [];
      for (const [path, type, mode] of kinds) {
        try {
          const body = type.endsWith('protobuf') ? new Uint8Array([10, 0]) : '[{"traceId":"1","id":"1"}]';
          const answer = await fetch(address + path, { method: 'POST', headers: { 'content-type': type }, body, mode });
          answers.push(mode === 'no-cors' ? answer.type : String(answer.status));
        } catch {
          answers.push('refused');
        }
      }
      navigator.sendBeacon(`${address}/v1/traces`, new Blob(['{}'], { type: 'text/plain' }));
      return answers;
    }, to);
  } finally {
    await page.close();
  }
}

it.skipIf(!isThere)('lets the page of a program of this machine send its spans', async () => {
  expect(await sendFrom(`http://localhost:${pagePort}`, `http://127.0.0.1:${port}`)).toEqual([
    '200',
    '200',
    '202',
    'opaque',
    'refused',
  ]);
  expect(taken).toEqual(['spans', 'spans', 'spans', 'spans']);
});

it.skipIf(!isThere)('lets no foreign page write, by whatever way it sends', async () => {
  const here = `http://127.0.0.1:${port}`;
  expect(await sendFrom(`http://${FOREIGN}:${pagePort}`, here)).toEqual(['refused', 'refused', 'refused', 'opaque', 'refused']);
  expect(taken).toEqual([]);
});

it.skipIf(!isThere)('lets no page write that has the receiver itself for its origin, under a name of its own', async () => {
  const rebound = `http://${FOREIGN}:${port}`;
  expect(await sendFrom(rebound, rebound)).toEqual(['403', '403', '403', 'basic', '403']);
  expect(taken).toEqual([]);
  expect(
    told.some((line) => line.includes(`the host "${FOREIGN}:${port}"`) || line.includes(`a page of http://${FOREIGN}`)),
  ).toBe(true);
});
