// A document that goes on beyond the bytes by which a format is found.

import { expect, it } from 'vitest';
import { requestBytes } from '../../support/otlp';
import { decode } from './spans';

const spans = Array.from({ length: 400 }, (_, i) => ({
  traceId: 'a1',
  spanId: (i + 1).toString(16),
  name: `GET /${i}`,
  attributes: { text: 'x'.repeat(300) },
}));
const request = JSON.parse(new TextDecoder().decode(requestBytes(spans)));
const bytesOf = (value: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(value));

it.each([
  ["an answer of Jaeger's version 3", { result: request }],
  ["an answer of Tempo's version 2", { trace: request, status: 'COMPLETE' }],
  ['a request with another member before', { note: { name: 'x' }, ...request }],
])('%s is read as a whole', (_, document) => {
  expect(bytesOf(document).length).toBeGreaterThan(1 << 17);
  expect(decode(bytesOf(document)).spans).toHaveLength(400);
});
