// Documents that are made to hold a reader up, or to become far more than they are: read in time that grows with their length, and bounded.

import { describe, expect, it } from 'vitest';
import { StreamDecoder } from '../../../src/core/format/format';
import { StringTable } from '../../../src/core/model/strings';
import { decode } from './spans';

const T = '11111111111111111111111111111111';
const go = (name: string): string =>
  `${JSON.stringify({ Name: name, SpanContext: { TraceID: T, SpanID: '2222222222222222' }, StartTime: '2024-06-01T10:00:00Z', EndTime: '2024-06-01T10:00:01Z' })}\n`;
const MB = 1 << 20;

/** Seconds of this process's own time: others' work on the machine does not count. */
function secondsOf(work: () => unknown): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6;
}

const repeated = (text: string, bytes: number): string => text.repeat(Math.ceil(bytes / text.length));

/** In pieces, as a long file is read. */
function stream(text: string): { names: string[]; messages: string[]; most: number } {
  const bytes = new TextEncoder().encode(text);
  const decoder = new StreamDecoder({ strings: new StringTable(), name: 'it' });
  const names: string[] = [];
  let most = 0;
  const take = (batches: ReturnType<StreamDecoder['push']>): void => {
    for (const batch of batches) for (let row = 0; row < batch.count; row++) names.push(batch.strings.get(batch.name[row]));
  };
  for (let at = 0; at < bytes.length; at += 1 << 18) {
    take(decoder.push(bytes.subarray(at, at + (1 << 18))));
    most = Math.max(most, decoder.byteLength);
  }
  const { batches, defects } = decoder.end();
  take([...batches]);
  return { names, messages: defects.map(({ message }) => message), most };
}

describe('is read in time that grows with its length', () => {
  it.each([
    ['names in brackets that do not end', '{['],
    ['a list’s that do not', '{a:[A'],
    ['sizes that do not', '{a:b('],
    ['more items that do not', '{a:[1,...'],
    ['colours that do not', '{\u001b['],
    ['objects', '{"a":'],
    ['objects in lists', '{"a":['],
    ['strings', '{"'],
    ['escapes', '{"\\'],
    ['lists', '['],
    ['lists and spaces', '[ '],
    ['documents without members', '{}'],
  ])('%s', (_, text) => {
    expect(secondsOf(() => decode(`${go('first')}${repeated(text, 300_000)}`))).toBeLessThan(5);
  });

  it('what goes on beyond all bounds of a document', () => {
    const long = `${go('first')}${repeated('text\n', 70_000)}${repeated('{[', 17 * MB)}`;
    let names: string[] = [];
    expect(secondsOf(() => (names = stream(long).names))).toBeLessThan(10);
    expect(names).toEqual(['first']);
  });

  it('many levels of a document that ends early', () => {
    const nested = `${repeated('{"a":', 190 * 5)}{"b":[${repeated('1,', MB / 2)}`;
    expect(secondsOf(() => decode(`${go('first')}${nested}`))).toBeLessThan(5);
  });

  it('a line of .NET’s that is spaces, or brackets', () => {
    const block = `Activity.TraceId: ${T}\nActivity.SpanId: 2222222222222222\nActivity.DisplayName: x\n`;
    for (const line of [`    ${repeated(' [', 60_000)}x`, `    a${' '.repeat(60_000)}b`]) {
      const text = `${block}Activity.Tags:\n${line}\nActivity.Events:\n${repeated(`${line}\n`, 2 * MB)}`;
      let found: ReturnType<typeof decode> | undefined;
      expect(secondsOf(() => (found = decode(text)))).toBeLessThan(5);
      expect(found?.spans[0]).toMatchObject({ name: 'x' });
    }
  });
});

it('does not hold a line that has no end, behind prefixes', () => {
  const prefix = '2024-06-10T06:13:21.123456789Z stdout F ';
  const lines = repeated(`${prefix}text\n`, 70_000);
  const text = `${prefix}${go('first')}${lines}${prefix}${repeated('no end ', 40 * MB)}\n${prefix}${go('last')}`;
  let found: ReturnType<typeof stream> | undefined;
  expect(secondsOf(() => (found = stream(text)))).toBeLessThan(5);
  expect(found?.names).toEqual(['first', 'last']);
  expect(found?.most).toBeLessThan(4 * MB);
});

it.each(['{},', '1,', '[],', '"",'])('makes nothing of a document of %s, which would become far more than it is', (part) => {
  const span = (list: string): string =>
    `{"Name":"listed","SpanContext":{"TraceID":"${T}","SpanID":"3333333333333333"},"Attributes":[{"Key":"k","Value":{"Type":"X","Value":[${list}]}}]}\n`;
  const { spans, defects } = decode(`${go('first')}${span(part.repeat(200_000))}${go('last')}`);
  expect(spans.map(({ name }) => name)).toEqual(['first', 'last']);
  expect(defects[0].message).toContain('has more members and elements than trace data of its length has');
  // Lists that programs have are read.
  expect(decode(span(`${part.repeat(20_000)}1`)).spans[0].name).toBe('listed');
});

it('makes nothing of an object of a hundred thousand members', () => {
  const members = Array.from({ length: 100_000 }, (_, i) => `"k${i}": 1`).join(', ');
  const { spans, defects } = decode(
    `${go('first')}{"context": {"trace_id": "0x${T}"}, "start_time": "x", "attributes": {${members}}}\n${go('last')}`,
  );
  expect(spans.map(({ name }) => name)).toEqual(['first', 'last']);
  expect(defects[0].message).toContain('more than 65536 members');
});

it('puts lines that Kubernetes cut together again, wherever a piece of the file ends', () => {
  const span = go('cut in two').trimEnd();
  const text = [`${span.slice(0, 60)}`, span.slice(60)]
    .map((part, i) => `2024-06-10T06:13:21.123456789Z stdout ${i === 0 ? 'P' : 'F'} ${part}\n`)
    .join('');
  expect(decode(text).spans.map(({ name }) => name)).toEqual(['cut in two']);
});

it('reads lines of more sources than are kept apart', () => {
  const lines = Array.from({ length: 8_000 }, (_, i) => `${JSON.stringify({ log: go(`n${i}`), stream: `stream ${i}` })}\n`);
  const all = Array.from({ length: 8_000 }, (_, i) => `n${i}`).sort();
  const { spans, defects } = decode(lines.join(''));
  expect([spans.map(({ name }) => name).sort(), defects]).toEqual([all, []]);
  const { names, messages } = stream(lines.join(''));
  expect([names.sort(), messages]).toEqual([all, []]);
});

it('keeps no names of sources that are megabytes', () => {
  const lines = Array.from(
    { length: 20 },
    (_, i) => `${JSON.stringify({ log: go(`n${i}`), stream: `${'s'.repeat(MB)}${i}` })}\n`,
  );
  const { names, most } = stream(`${JSON.stringify({ log: go('first'), stream: 'stdout' })}\n${lines.join('')}`);
  expect(names).toHaveLength(21);
  expect(most).toBeLessThan(16 * MB);
});

it('does not repeat a text of a document for each of its spans without end', () => {
  const subsegments = Array.from({ length: 20_000 }, (_, i) => ({
    id: i.toString(16).padStart(16, '0'),
    name: 's',
    start_time: 1_461_096_053,
    end_time: 1_461_096_054,
  }));
  const segment = {
    trace_id: `1-5759e988-${'a'.repeat(24)}`,
    id: 'b'.repeat(16),
    start_time: 1_461_096_053,
    end_time: 1_461_096_054,
  };
  const text = JSON.stringify({ ...segment, name: 'n'.repeat(MB), subsegments });
  let found: ReturnType<typeof decode> | undefined;
  expect(secondsOf(() => (found = decode(`${go('first')}${text}\n`)))).toBeLessThan(5);
  expect(found?.spans.map(({ name }) => name)).toEqual(['first']);
  expect(found?.defects[0].message).toMatch(/^.* is damaged: a document which becomes more than 32 times what it is/);
  // An honest one of that many is read.
  expect(decode(JSON.stringify({ ...segment, name: 'shop', subsegments })).spans).toHaveLength(20_001);
});

it('does not repeat a resource that a log says once for each of its spans without end', () => {
  const block = (i: number): string =>
    `Span #${i}\n    Trace ID       : ${T}\n    Parent ID      : \n    ID             : ${i.toString(16).padStart(16, '0')}\n    Name           : n${i}\n    Kind           : Server\n`;
  const log = (value: number): string =>
    `ResourceSpans #0\nResource SchemaURL: \nResource attributes:\n     -> service.name: Str(shop)\n${`     -> long: Str(${'x'.repeat(1_000)})\n`.repeat(value)}ScopeSpans #0\nScopeSpans SchemaURL: \nInstrumentationScope a 1\n${Array.from({ length: 3_000 }, (_, i) => block(i)).join('')}`;
  expect(decode(log(1)).spans).toHaveLength(3_000);
  const distinct = log(1).replace(
    / {5}-> long.*\n/,
    Array.from({ length: 600 }, (_, i) => `     -> k${i}: Str(${'x'.repeat(1_000)})\n`).join(''),
  );
  let found: ReturnType<typeof decode> | undefined;
  expect(secondsOf(() => (found = decode(distinct)))).toBeLessThan(10);
  expect(found?.defects[0].message).toContain('more than 32 times');
});

it('keeps no more lines of a span that has no end than it may', () => {
  const ruby = `#<struct OpenTelemetry::SDK::Trace::SpanData\n${'x >\n'.repeat(4_000)}${`${'y'.repeat(60_000)}\n`.repeat(500)}`;
  expect(secondsOf(() => decode(`${go('first')}${ruby}`))).toBeLessThan(5);
});

describe('looks once at what many spans share', () => {
  const start = '2024-06-01T10:00:00Z';
  it.each([
    [
      'metadata of a trace',
      {
        metadata: JSON.stringify({ a: 'b '.repeat(MB / 4) }),
        observations: Array.from({ length: 5_000 }, (_, i) => ({ id: `o${i}`, traceId: T, startTime: start, type: 'SPAN' })),
      },
    ],
    [
      'titles of columns',
      {
        tables: [
          {
            columns: Array.from({ length: 60_000 }, () => ({ name: 'a' })),
            rows: Array.from({ length: 60_000 }, () => []),
          },
          {
            columns: ['operation_Id', 'id', 'timestamp', 'duration'].map((name) => ({ name })),
            rows: [[T, '2222222222222222', start, 1]],
          },
        ],
      },
    ],
    [
      'an id of megabytes',
      {
        traceId: 'a'.repeat(MB),
        traceSegmentId: '0'.repeat(MB),
        spans: Array.from({ length: 10_000 }, (_, spanId) => ({ spanId, startTime: 1_717_236_000_000, spanType: '__proto__' })),
      },
    ],
  ])('%s', (_, document) => {
    let found: ReturnType<typeof decode> | undefined;
    expect(secondsOf(() => (found = decode(`${go('first')}${JSON.stringify(document)}\n`)))).toBeLessThan(5);
    expect(found?.spans.length).toBeGreaterThan(1);
    expect(found?.defects).toEqual([]);
  });
});

it('reads a kind of Cloud Trace’s that is a name of every object as none', () => {
  for (const kind of ['__proto__', 'constructor', 'toString']) {
    const span = { spanId: '1', kind, name: 'x', startTime: '2024-06-01T10:00:00Z', endTime: '2024-06-01T10:00:01Z' };
    const { spans, defects } = decode(JSON.stringify({ projectId: 'p', traceId: T, spans: [span] }));
    expect([spans[0].kind, defects]).toEqual([0, []]);
  }
});
