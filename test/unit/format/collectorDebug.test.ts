import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { decode } from './spans';

const text = readFileSync(join(__dirname, '../../fixtures/formats/collector-debug.txt'), 'utf8');

describe('what the Collector’s debug exporter prints', () => {
  it('is read with resources, scopes, values in their types, events and links', () => {
    const { format, spans, defects } = decode(text);
    expect(format).toBe('collector-debug');
    expect(defects).toEqual([]);
    expect(spans.map(({ name, service, kind, parentSpanId }) => [name, service, kind, parentSpanId])).toEqual([
      ['POST /berths', 'harbour', 2, ''],
      ['find berth', 'harbour', 1, '1020304050607080'],
      ['GET /tide', 'tides', 3, '1020304050607081'],
    ]);
    expect(spans[0]).toMatchObject({
      traceId: '5a1e0c2b7d3f4e6988aabbccddeeff01',
      startNs: 1738570503250000001n,
      durationNs: 499_999_999,
      status: 2,
      statusMessage: 'no berth: all taken',
      traceState: 'vendor=1',
      resource: { 'process.pid': 4711 },
      scope: { name: 'io.berth', version: '2.1.0', attributes: { short: true } },
      attributes: { 'http.response.status_code': 409, ratio: 0.25, sizes: [1, 2.5, 'three'], note: 'a: (b)\nc: d' },
      links: [{ traceId: '0102030405060708090a0b0c0d0e0f10', spanId: 'a1a2a3a4a5a6a7a8', attributes: { why: 'queue' } }],
    });
    expect(spans[0].events.map(({ name }) => name)).toEqual(['exception', 'retried']);
    expect(spans[0].events[0].attributes['exception.stacktrace']).toBe(
      'io.berth.NoBerth: all taken\n\tat io.berth.Harbour.find(Harbour.java:42)\nCaused by: io.berth.Tide: low\n\tat io.berth.Tide.of(Tide.java:7)\n',
    );
  });

  it.each([
    ['of Docker Compose', (line: string) => `collector-1  | ${line}`.trimEnd()],
    ['of Kubernetes', (line: string) => `2025-02-03T08:15:04.200000000Z stderr F ${line}`],
    ['of GitHub’s command line tool', (line: string) => `test\tRun it\t2025-02-03T08:15:04.2000000Z ${line}`],
    ['of any tool, its indentation gone', (line: string) => `[collector_07-f]: ${line.trim()}`],
    ['of Windows, behind the line', (line: string) => `${line}\r`],
    ['of Docker’s files', (line: string) => JSON.stringify({ log: `${line}\n`, stream: 'stderr', time: '2025-02-03T08:15:04Z' })],
  ])('is found behind prefixes %s', (_, prefix) => {
    const { spans } = decode(text.split('\n').map(prefix).join('\n'));
    expect(spans.map(({ name, service }) => `${service}: ${name}`)).toEqual([
      'harbour: POST /berths',
      'harbour: find berth',
      'tides: GET /tide',
    ]);
  });

  it.each([
    ['found', { events: text.split('\n').map((message) => ({ logStreamName: 'a', timestamp: 1, message })) }],
    [
      'asked for',
      {
        results: text.split('\n').map((value) => [
          { field: '@timestamp', value: 'x' },
          { field: '@message', value },
        ]),
        status: 'Complete',
      },
    ],
  ])('is read of events that CloudWatch %s', (_, answer) => {
    expect(decode(JSON.stringify(answer)).spans).toEqual(decode(text).spans);
  });

  it('is read as older Collectors print it', () => {
    const old = text
      .replaceAll('Resource attributes:', 'Resource labels:')
      .replaceAll('ScopeSpans #', 'InstrumentationLibrarySpans #')
      .replaceAll('InstrumentationScope ', 'InstrumentationLibrary ')
      .replace('Kind           : Server', 'Kind           : SPAN_KIND_SERVER')
      .replace('Status code    : Error', 'Status code    : STATUS_CODE_ERROR')
      .replace('Int(409)', 'INT(409)')
      .replace('08:15:03.250000001 +0000 UTC', '10:15:03.250000001 +0200 CEST')
      .replaceAll('Str(', 'STRING(');
    expect(decode(old).spans[0]).toEqual(decode(text).spans[0]);
  });
});
