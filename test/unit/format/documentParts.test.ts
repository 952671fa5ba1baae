// Documents of many megabytes are read in parts: all that is in them, in steps that others can wait for.

import { describe, expect, it } from 'vitest';
import { FillingDecoder, StreamDecoder } from '../../../src/core/format/format';
import { StringTable } from '../../../src/core/model/strings';
import { decode, spansOf } from './spans';

const hex = (n: number, digits: number): string => n.toString(16).padStart(digits, '0');
const encoder = new TextEncoder();
const COUNT = 1600;
const all = <T>(make: (n: number) => T): T[] => Array.from({ length: COUNT }, (_, i) => make(i + 1));
const odd = 'brackets ]}[{ and "quotes\\" \\\\ in, a text';

const version1 = (n: number) => ({
  spanId: String(n),
  ...(n > 1 ? { parentSpanId: '1' } : {}),
  name: `op ${n}`,
  startTime: '2024-03-01T10:00:00Z',
  endTime: '2024-03-01T10:00:00.250Z',
  labels: { note: odd, n: String(n) },
});
const segment = (n: number) => ({
  trace_id: '1-5759e988-bd862e3fe1be46a994272793',
  id: hex(n, 16),
  name: 'shop',
  start_time: 1461096053.25,
  end_time: 1461096053.5,
  annotations: { note: odd },
  // More than a part may have, and a list: a part never ends in it.
  ...(n === 7
    ? { subsegments: all((m) => ({ id: hex(9000 + m, 16), name: `sub ${m}`, start_time: 1461096053.3, end_time: 1461096053.4 })) }
    : {}),
});
const stored = (n: number) => ({
  traceID: hex(9, 32),
  spanID: hex(n, 16),
  operationName: `op ${n}`,
  references: [],
  startTime: 1643300930225336,
  startTimeMillis: 1643300930225,
  duration: 100,
  tags: all((m) => m)
    .slice(0, n === 5 ? COUNT : 2)
    .map((m) => ({ key: `k${m}`, type: 'string', value: odd })),
  logs: [],
  process: { serviceName: 'mail', tags: [] },
});

const documents: readonly (readonly [string, unknown, number])[] = [
  ['Cloud Trace', { projectId: 'demo', traceId: hex(7, 32), spans: all(version1), next: 'x' }, COUNT],
  [
    'a list of Cloud Trace',
    {
      traces: [...Array(3)].map((_, i) => ({ projectId: 'demo', traceId: hex(i + 1, 32), spans: all(version1) })),
      nextPageToken: '',
    },
    3 * COUNT,
  ],
  [
    'X-Ray',
    { Traces: [{ Id: 'a', Segments: all((n) => ({ Id: hex(n, 16), Document: JSON.stringify(segment(n)) })) }] },
    2 * COUNT,
  ],
  ['X-Ray as the console has it', { Id: 'a', Segments: all((n) => ({ Id: hex(n, 16), Document: segment(n) })) }, 2 * COUNT],
  [
    'Jaeger’s documents',
    { took: 1, hits: { total: { value: COUNT }, hits: all((n) => ({ _index: 'j', _source: stored(n) })) } },
    COUNT,
  ],
  [
    'Elastic APM',
    {
      took: 3,
      hits: {
        hits: all((n) => ({
          _source: {
            '@timestamp': '2024-05-06T07:08:09.000Z',
            processor: { event: 'span' },
            timestamp: { us: 1714979289000000 },
            trace: { id: hex(8, 32) },
            span: { id: hex(n, 16), name: odd, duration: { us: 10 } },
            service: { name: 'shop' },
          },
        })),
      },
    },
    COUNT,
  ],
  [
    'spans of OTLP',
    {
      note: 'x',
      spans: all((n) => ({
        traceId: hex(7, 32),
        spanId: hex(n, 16),
        name: `op ${n}`,
        startTimeUnixNano: '1',
        endTimeUnixNano: '3',
        events: [{ name: odd }, { name: 'b' }],
      })),
    },
    COUNT,
  ],
];

describe.each(documents)('%s', (_, document, spans) => {
  const whole = decode(JSON.stringify(document));
  const key = ({ traceId, spanId }: { traceId: string; spanId: string }): string => traceId + spanId;
  const byId = (list: readonly { traceId: string; spanId: string }[]) => [...list].sort((a, b) => (key(a) < key(b) ? -1 : 1));

  it.each([
    ['on one line', 0],
    ['over several lines', 1],
  ])('in parts is what it is as a whole, %s', (_how, indent) => {
    expect(whole.spans).toHaveLength(spans);
    const bytes = encoder.encode(JSON.stringify(document, undefined, indent));
    expect(bytes.length).toBeGreaterThan(1 << 18);
    const filling = new FillingDecoder(bytes, { strings: new StringTable(), name: 'input' });
    for (let at = 30_000; at < bytes.length; at += 30_000) filling.advance(at);
    const filled = filling.end(bytes.length);
    expect([filled.format, filled.defects]).toEqual([whole.format, whole.defects]);
    expect(byId(spansOf(filled.batches))).toEqual(byId(whole.spans));
    const stream = new StreamDecoder({ strings: new StringTable(), name: 'input' });
    const batches = [];
    for (let at = 0; at < bytes.length; at += 100_001) batches.push(...stream.push(bytes.slice(at, at + 100_001)));
    expect(byId(spansOf([...batches, ...stream.end().batches]))).toEqual(byId(whole.spans));
  });

  it('that breaks off has what is whole in it, and says so', () => {
    const bytes = encoder.encode(JSON.stringify(document)).slice(0, -300);
    const filling = new FillingDecoder(bytes, { strings: new StringTable(), name: 'input' });
    for (let at = 30_000; at < bytes.length; at += 30_000) filling.advance(at);
    const { spanCount, defects } = filling.end(bytes.length);
    expect(spanCount).toBeGreaterThan(spans * 0.9);
    expect(spanCount).toBeLessThan(spans);
    expect(defects.map(({ message }) => message).join()).toContain('ends early');
  });
});

describe.each([
  [
    'Jaeger',
    (spans: unknown[]) => ({
      data: [{ traceID: hex(9, 32), spans, processes: { p1: { serviceName: 'web', tags: [] } } }],
      total: 0,
    }),
  ],
  [
    'OTLP',
    (spans: unknown[]) => ({ resourceSpans: [{ resource: { attributes: [] }, scopeSpans: [{ scope: { name: odd }, spans }] }] }),
  ],
])('an answer of %s behind a line of text', (name, wrap) => {
  const jaeger = (n: number) => ({
    traceID: hex(9, 32),
    spanID: hex(n, 16),
    operationName: `op ${n}`,
    references: [],
    startTime: 1_700_000_000_000_000,
    duration: 7,
    tags: [{ key: 'note', type: 'string', value: odd }],
    logs: [],
    processID: 'p1',
  });
  const otlp = (n: number) => ({
    traceId: hex(9, 32),
    spanId: hex(n, 16),
    name: odd,
    startTimeUnixNano: '1',
    endTimeUnixNano: '3',
  });
  const spans = all<unknown>(name === 'Jaeger' ? jaeger : otlp);
  const fill = (bytes: Uint8Array) => {
    const filling = new FillingDecoder(bytes, { strings: new StringTable(), name: 'input' });
    for (let at = 30_000; at < bytes.length; at += 30_000) filling.advance(at);
    return filling.end(bytes.length);
  };

  it.each([0, 1])('is read whole while it comes, indented by %i', (indent) => {
    const text = JSON.stringify(wrap(spans), undefined, indent);
    expect(text.length).toBeGreaterThan(1 << 17);
    const { batches, defects } = fill(encoder.encode(`Defaulted container "web" out of 2\n${text}\ndone\n`));
    expect(defects).toEqual([]);
    expect(spansOf(batches)).toEqual(decode(text).spans);
  });

  it('longer than one that is read in one go as well', () => {
    const many = Array.from({ length: Math.ceil((17 << 20) / JSON.stringify(spans).length) }, () => spans).flat();
    const { spanCount, defects } = fill(encoder.encode(`Defaulted container\n${JSON.stringify(wrap(many))}`));
    expect([spanCount, defects]).toEqual([many.length, []]);
  });

  it('that breaks off says so', () => {
    const { spanCount, defects } = fill(encoder.encode(`Defaulted container\n${JSON.stringify(wrap(spans))}`).slice(0, -400));
    expect(spanCount).toBeGreaterThan(spans.length * 0.9);
    expect(defects.length).toBeGreaterThan(0);
  });
});
