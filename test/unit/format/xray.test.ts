// Segments of AWS X-Ray in all the wrappings that people save them in.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { SpanhopError } from '../../../src/base/errors';
import { decode, messages } from './spans';

const TRACE = '1-5759e988-bd862e3fe1be46a994272793';
const HEX = '5759e988bd862e3fe1be46a994272793';
const segment = (id: string, more: object = {}): Record<string, unknown> => ({
  trace_id: TRACE,
  id: `defdfd9912dc5a5${id}`,
  start_time: 1461096053.37518,
  end_time: 1461096053.4042,
  name: 'www.example.com',
  ...more,
});
const text = (value: unknown): string => JSON.stringify(value);
const documents = (form: (segment: unknown) => unknown): unknown => ({
  Id: TRACE,
  Duration: 0.03,
  LimitExceeded: false,
  Segments: ['1', '2'].map((id) => ({ Id: `defdfd9912dc5a5${id}`, Document: form(segment(id)) })),
});

describe('X-Ray', () => {
  it.each([
    [
      "the daemon's lines",
      `{"format":"json","version":1}\n${text(segment('1'))}\n{"format": "json", "version": 1}\n${text(segment('2'))}\n`,
    ],
    ['one segment a line', `${text(segment('1'))}\n${text(segment('2'))}`],
    ['a list of segments, over several lines', JSON.stringify([segment('1'), segment('2')], undefined, 2)],
    ['what put-trace-segments is given', text({ TraceSegmentDocuments: [text(segment('1')), text(segment('2'))] })],
    ['an answer', text({ Traces: [documents(text)], UnprocessedTraceIds: [] })],
    ['a trace of an answer', text(documents(text))],
    ['the raw data that the console shows', text(documents((document) => document))],
    ['an answer beside its summaries', text({ TraceSummaries: [{ Id: TRACE, Duration: 0.03 }], Traces: [documents(text)] })],
  ])('%s', (_, input) => {
    const result = decode(input);
    expect([result.format, messages(result)]).toEqual(['xray', []]);
    expect(result.spans.map(({ traceId, spanId }) => [traceId, spanId])).toEqual([
      [HEX, 'defdfd9912dc5a51'],
      [HEX, 'defdfd9912dc5a52'],
    ]);
    expect(result.spans[0]).toMatchObject({ startNs: 1_461_096_053_375_180_000n, durationNs: 29_020_000, kind: 2 });
  });

  it('has subsegments below their segment, with what they say of a call', () => {
    const sub = {
      id: '53995c3f42cd8ad8',
      name: 'api.example.com',
      start_time: 1461096053.37769,
      end_time: 1461096053.40379,
      namespace: 'remote',
      http: { request: { url: 'https://api.example.com/health', method: 'POST', traced: true }, response: { status: 503 } },
      fault: true,
      cause: {
        working_directory: '/srv/app',
        exceptions: [{ id: '1', type: 'TypeError', message: 'no', stack: [{ path: 'lib/a.js', line: 7, label: 'run' }] }],
      },
    };
    const result = decode(
      text(
        segment('1', {
          subsegments: [sub, { id: '63995c3f42cd8ad8', name: '## local', start_time: 1461096053.38, in_progress: true }],
        }),
      ),
    );
    expect(result.defects).toEqual([]);
    expect(result.spans).toMatchObject([
      { spanId: 'defdfd9912dc5a51', service: 'www.example.com' },
      {
        parentSpanId: 'defdfd9912dc5a51',
        kind: 3,
        status: 2,
        statusMessage: 'no',
        attributes: { 'url.full': 'https://api.example.com/health', 'http.response.status_code': 503 },
        events: [
          {
            name: 'exception',
            attributes: {
              'exception.type': 'TypeError',
              'exception.stacktrace': 'TypeError: no\n    at run (/srv/app/lib/a.js:7)',
            },
          },
        ],
      },
      { kind: 1, running: true, service: 'www.example.com' },
    ]);
  });

  describe('a subsegment that came alone', () => {
    const sub = (id: string, parent: string, more: object = {}): Record<string, unknown> =>
      segment(id, { type: 'subsegment', parent_id: `defdfd9912dc5a5${parent}`, namespace: 'aws', name: `sub ${id}`, ...more });
    const lines = (...documents: unknown[]): string => documents.map(text).join('\n');
    const services = (input: string): Record<string, string> =>
      Object.fromEntries(decode(input).spans.map(({ name, service }) => [name, service]));

    it('is read, and says that nothing names its service', () => {
      const result = decode(text(sub('3', '1')));
      expect(result.format).toBe('xray');
      expect(result.spans).toMatchObject([{ name: 'sub 3', parentSpanId: 'defdfd9912dc5a51', kind: 3, service: '' }]);
      expect(messages(result)).toEqual([
        'input has 1 span of subsegments whose segment is not there: their service is not known.',
      ]);
    });

    it.each([
      ['before', [sub('4', '3'), sub('3', '1'), segment('1')]],
      ['behind', [segment('1'), sub('3', '1'), sub('4', '3')]],
      ['around', [sub('4', '3'), segment('1'), sub('3', '1')]],
      ['below a part of', [sub('4', '3'), segment('1', { subsegments: [{ ...sub('3', '1'), trace_id: undefined }] })]],
    ])('has the service of its segment, %s it', (_, documents) => {
      const result = decode(lines(...documents));
      expect(messages(result)).toEqual([]);
      expect(result.spans).toHaveLength(3);
      expect(services(lines(...documents))).toEqual({
        'www.example.com': 'www.example.com',
        'sub 3': 'www.example.com',
        'sub 4': 'www.example.com',
      });
    });

    it('has the only service of its trace where its own segment is not there, and says so', () => {
      const input = lines(sub('4', '3'), segment('1'), sub('8', '8'));
      expect(services(input)).toMatchObject({ 'sub 4': 'www.example.com', 'sub 8': 'www.example.com' });
      expect(messages(decode(input))).toEqual([
        'input has 2 spans of subsegments whose segment is not there: shown with the only service that their trace has.',
      ]);
    });

    it('has none where its trace has several, or another trace has one', () => {
      const other = { trace_id: TRACE.replace('5759', '0000') };
      for (const documents of [
        [sub('4', '3'), segment('1'), segment('2', { name: 'other' })],
        [sub('4', '1'), segment('1', other)],
      ])
        expect(services(lines(...documents))['sub 4']).toBe('');
    });

    it('does not hold others up: of many, those that waited longest are read without', () => {
      const many = Array.from({ length: 12_000 }, (_, i) => ({
        ...sub('3', '1'),
        id: (i + 1).toString(16).padStart(16, '0'),
        annotations: { n: i, note: 'x'.repeat(60) },
      }));
      const result = decode(lines(...many, segment('1')));
      expect(result.spanCount).toBe(12_001);
      expect(messages(result)).toEqual([
        expect.stringMatching(/^input has [\d,]+ spans of subsegments whose segment is not there/),
      ]);
      expect(result.spans.filter(({ service }) => service !== '').length).toBeGreaterThan(100);
    });
  });

  it.each([
    ['80 levels', 80],
    ['10,000 levels', 10_000],
  ])('nested by %s it is read, or refused, at once', (_, depth) => {
    let inner: Record<string, unknown> | undefined;
    for (let i = depth; i > 0; i--)
      inner = {
        id: i.toString(16).padStart(16, '0'),
        name: 'x',
        start_time: 1461096053.4,
        end_time: 1461096053.5,
        subsegments: inner ? [inner] : [],
      };
    const written = JSON.stringify(segment('1')).replace(/\}$/, '');
    const nested: string[] = [];
    for (let level: Record<string, unknown> | undefined = inner; level; ) {
      const [below]: Record<string, unknown>[] = Array.isArray(level.subsegments) ? level.subsegments : [];
      nested.push(JSON.stringify({ ...level, subsegments: undefined }).replace(/\}$/, ',"subsegments":['));
      level = below;
    }
    const whole = `${written},"subsegments":[${nested.join('')}${']}'.repeat(nested.length)}]}`;
    if (depth > 100) {
      const { spanCount, defects } = decode(whole);
      expect([spanCount, defects.length]).toEqual([0, 1]);
      expect(defects[0].message).toContain('nests deeper than 200 levels');
    } else expect(decode(whole)).toMatchObject({ spanCount: depth + 1, defects: [] });
  });

  it('reads the fixture, with another value in each place', () => {
    const fixture: unknown = JSON.parse(readFileSync(join(__dirname, '../../fixtures/formats/segments.xray.json'), 'utf8'));
    const [first] = decode(text(fixture)).spans;
    expect(first).toMatchObject({ service: 'shop', attributes: { 'client.address': '192.0.2.3', cold: true, n: 1 } });
    const places: (() => void)[] = [];
    const walk = (value: unknown): void => {
      if (typeof value !== 'object' || value === null) return;
      for (const [key, inner] of Object.entries(value)) {
        for (const other of [null, {}, [], 12345678901234567890n, 'x', true, { toString: 1 }])
          places.push(() => {
            Reflect.set(value, key, other);
            const written = JSON.stringify(fixture, (_, one: unknown) => (typeof one === 'bigint' ? 'BIG' : one));
            Reflect.set(value, key, inner);
            try {
              decode(written.replaceAll('"BIG"', '12345678901234567890'));
            } catch (error) {
              expect(error).toBeInstanceOf(SpanhopError);
            }
          });
        walk(inner);
      }
    };
    walk(fixture);
    expect(places.length).toBeGreaterThan(300);
    for (const place of places) place();
  });

  it('is no JSON that has an id and a name', () => {
    expect(() => decode('{"id":"1","name":"x","start_time":1461096053}')).toThrow('without spans');
    expect(() => decode('{"TraceSummaries":[{"Id":"1-5759e988-bd862e3fe1be46a994272793"}]}')).toThrow('batch-get-traces');
  });
});
