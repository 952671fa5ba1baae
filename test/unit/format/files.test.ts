// Every trace file of the sample data: as many spans as the file holds (counted by a walk that knows nothing of formats), and the same spans from the
// two encodings of one capture.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { sharedData } from '../../support/sharedData';
import { type RequestJson, referenceSpans } from './reference';
import { decode, type PlainSpan } from './spans';

function traceFiles(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && /(?:capture.*\.(?:pb|json)|\.(?:otlp|zipkin|jaeger|tempo)\.json)$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name));
}

/** Objects that have a span's id, wherever they are, links and references excepted. */
function countSpans(value: unknown): number {
  if (Array.isArray(value)) return value.reduce((sum: number, item) => sum + countSpans(item), 0);
  if (typeof value !== 'object' || value === null) return 0;
  if ('spanId' in value || 'spanID' in value || ('id' in value && 'traceId' in value)) return 'severityNumber' in value ? 0 : 1;
  return Object.values(value).reduce((sum: number, item) => sum + countSpans(item), 0);
}

const order = (spans: readonly PlainSpan[]): PlainSpan[] =>
  [...spans].sort((a, b) => `${a.traceId}${a.spanId}${a.service}`.localeCompare(`${b.traceId}${b.spanId}${b.service}`));

describe.skipIf(sharedData === undefined)('the sample data', () => {
  const files = sharedData ? traceFiles(sharedData).map((path) => path.slice((sharedData?.length ?? 0) + 1)) : [];
  const read = (name: string): Uint8Array => new Uint8Array(readFileSync(join(sharedData ?? '', name)));

  it('is all there', () => {
    expect(files.length).toBeGreaterThanOrEqual(30);
  });

  it.each(files.filter((name) => name.endsWith('.json')))('%s: every span', (name) => {
    const bytes = read(name);
    const result = decode(bytes);
    expect(result.spanCount).toBe(countSpans(JSON.parse(new TextDecoder().decode(bytes))));
    expect(result.spans.length).toBe(result.spanCount);
  });

  it.each(files.filter((name) => name.endsWith('.otlp.json') && !name.includes('logs')))(
    '%s: what a plain reading gives',
    (name) => {
      const bytes = read(name);
      const request: RequestJson = JSON.parse(new TextDecoder().decode(bytes));
      const result = decode(bytes);
      expect(result.spans).toEqual(referenceSpans(request));
      expect(result.defects).toEqual([]);
    },
  );

  it.each(files.filter((name) => name.endsWith('.pb')))('%s: the same spans as its JSON', (name) => {
    const fromProto = decode(read(name));
    const fromJson = decode(read(name.replace(/pb$/, 'json')));
    expect(fromProto.format).toBe('otlp-proto');
    expect(order(fromProto.spans)).toEqual(order(fromJson.spans));
    expect(fromProto.otherSignals).toEqual(fromJson.otherSignals);
    expect(fromProto.defects.map(({ kind }) => kind)).toEqual(fromJson.defects.map(({ kind }) => kind));
  });

  it.each([
    ['programs/python-flask/capture-logs.otlp.pb', 4],
    ['programs/java-spring/capture-code-logs.otlp.json', 24],
  ])('%s: says that it holds %d log records', (name, logs) => {
    const result = decode(read(name));
    expect(result.otherSignals).toEqual({ logs, metrics: 0 });
    expect(result.defects.map(({ message }) => message)).toEqual([
      `input holds ${logs} log records, no spans. Log records are shown with their spans while it is open.`,
    ]);
  });
});
