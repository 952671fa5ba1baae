// A document with other lines of text around it, as terminals, logs and notes have them: the documents are read, the text is passed over.

import { describe, expect, it } from 'vitest';
import { filesWithSpans } from '../../support/peoplesFiles';
import { decode, messages } from './spans';

const utf8 = new TextDecoder();
const ofText = filesWithSpans.filter(({ name, expected }) => expected.format !== undefined && !name.endsWith('.pb'));

describe.each([
  ['a line of a log', 'Reporter: sending 2 spans\n'],
  ['a line with brackets', 'INFO started {port: 8080} [main] map[a:{1 2}]\n'],
  ['a command', '$ curl -s http://localhost:16686/api/traces/1\n'],
  ['what curl says', '> GET /api/traces/1 HTTP/1.1\n> Host: localhost\n\n< HTTP/1.1 200 OK\n\n'],
  ['comments', '// one trace\n# and more\n'],
])('behind %s', (_, text) => {
  it.each(ofText.map((file) => [file.name, file] as const))('%s', (_name, { bytes, expected: { spans = 0 } }) => {
    const alone = decode(bytes);
    const behind = decode(`${text}${utf8.decode(bytes)}`);
    expect(behind.spans).toEqual(alone.spans);
    expect(behind.spanCount).toBe(spans);
    expect(messages(behind)).toEqual(messages(alone));
  });
});

it('lines of Zipkin with lines of text between are read all', () => {
  const span = (n: number): string =>
    JSON.stringify({ traceId: '1'.repeat(32), id: `${n}`.repeat(16), name: `get ${n}`, localEndpoint: { serviceName: 'a' } });
  const result = decode(`${span(1)}\nINFO {retry}\n${span(2)}\n${span(3)}\nbye\n`);
  expect(result.spans.map(({ name }) => name)).toEqual(['get 1', 'get 2', 'get 3']);
  expect(messages(result)).toEqual([]);
});
