// What stands around a trace in an answer of Tempo's: that there is none, or a part of it, however damaged or hostile the bytes are.

import { describe, expect, it } from 'vitest';
import { aroundTrace } from '../../../src/backends/tempo/traceAnswer';

const bytes = (...parts: (number | string)[]): Uint8Array =>
  Uint8Array.from(parts.flatMap((part) => (typeof part === 'number' ? [part] : [...new TextEncoder().encode(part)])));
const json = (text: string): Uint8Array => new TextEncoder().encode(text);
const spans = '{"resourceSpans":[{"scopeSpans":[{"spans":[{"name":"x"}]}]}]}';

describe('a trace in JSON', () => {
  it.each([
    ['{"trace":{},"metrics":{}}', { isEmpty: true }],
    [' { "trace" : { } }', { isEmpty: true }],
    ['{"batches":[]}', { isEmpty: true }],
    ['{}', { isEmpty: true }],
    ['', { isEmpty: true }],
    [`{"trace":${spans},"metrics":{"inspectedBytes":"1"}}`, { isEmpty: false }],
    [
      `{"trace":${spans},"metrics":{},"status":"PARTIAL","message":"too \\"large\\""}`,
      { isEmpty: false, partial: 'too "large"' },
    ],
    [`{"trace":${spans},"metrics":{},"status":"PARTIAL"}\n`, { isEmpty: false, partial: '' }],
    [`{"trace":${spans},"metrics":{},"status":"COMPLETE"}`, { isEmpty: false }],
    // Words of a span.
    [
      '{"trace":{"resourceSpans":[{"scopeSpans":[{"spans":[{"name":"]},\\"status\\":\\"PARTIAL\\"}"}]}]}]},"metrics":{}}',
      { isEmpty: false },
    ],
    ['{"batches":[{"x":"\\"status\\":\\"PARTIAL\\""}]}', { isEmpty: false }],
  ])('%s', (text, around) => {
    expect(aroundTrace(json(text), true)).toEqual(around);
  });

  it('is looked at from its end, however long it is', () => {
    const long = `{"trace":{"resourceSpans":[{"x":"${'{"trace":{}'.repeat(400_000)}"}]},"status":"PARTIAL","message":"m"}`;
    expect(aroundTrace(json(long), true)).toEqual({ isEmpty: false, partial: 'm' });
  });
});

describe('a trace in protobuf', () => {
  it.each([
    ['unknown', bytes(0x0a, 0x00, 0x12, 0x00), { isEmpty: true }],
    ['whole', bytes(0x0a, 0x02, 0x0a, 0x00, 0x12, 0x00), { isEmpty: false }],
    ['a part', bytes(0x0a, 0x02, 0x0a, 0x00, 0x18, 0x01, 0x22, 0x03, 'why'), { isEmpty: false, partial: 'why' }],
    [
      'a part, whose text leads out of it',
      bytes(0x0a, 0x02, 0x0a, 0x00, 0x18, 0x01, 0x22, 0x7f, 'why'),
      { isEmpty: false, partial: 'why' },
    ],
    ['longer than it is', bytes(0x0a, 0xff, 0xff, 0xff, 0xff, 0x0f), { isEmpty: false }],
    ['cut in a number', bytes(0x0a, 0x02, 0x0a, 0x00, 0x98), { isEmpty: false }],
    ['fields without end', bytes(...Array<number>(10_000).fill(0x18)), { isEmpty: true }],
  ])('%s', (_, body, around) => {
    expect(aroundTrace(body, true)).toEqual(around);
  });

  it('of the first version is nothing but the trace', () => {
    expect(aroundTrace(bytes(0x0a, 0x00, 0x18, 0x01), false)).toEqual({ isEmpty: false });
    expect(aroundTrace(bytes(), false)).toEqual({ isEmpty: true });
  });
});
