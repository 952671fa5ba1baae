/** The captures of small real programs, with the lines that a person would open. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { SpanSource } from '../../../../src/source';
import { sharedData, sharedPath } from '../../../support/sharedData';

/** One entry of an `expected*.json`. */
export interface Expectation {
  readonly program: string;
  /** Name of its file, `expected-code.json`. */
  readonly list: string;
  readonly kind: string;
  readonly file: string;
  readonly line: number;
  readonly accept?: readonly number[];
  /** Where the spans around it are known, too: the call of a method that is a library's. */
  readonly inTrace?: { readonly file: string; readonly line: number };
  readonly causes?: readonly { readonly type: string; readonly file: string; readonly line: number }[];
  readonly spanId?: string;
  readonly traceId?: string;
  readonly spanName?: string;
  readonly body?: string;
  readonly event?: string;
  readonly stack?: string;
  readonly exception?: string;
}

/** The whole set where it lies beside the checkout, else the part of it that the project carries. */
export const programsFolder = sharedData ? sharedPath('programs') : resolve(__dirname, '../../../fixtures/source/programs');
export const carriedFolder = resolve(__dirname, '../../../fixtures/source/programs');

export function programs(root = programsFolder): readonly string[] {
  return readdirSync(root, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name);
}

export function expectations(program: string, root = programsFolder): readonly Expectation[] {
  const lists = readdirSync(join(root, program)).filter((name) => /^expected.*\.json$/.test(name));
  return lists.flatMap((list) => {
    const entries: Omit<Expectation, 'program' | 'list'>[] = JSON.parse(readFileSync(join(root, program, list), 'utf8'));
    return entries.map((entry) => ({ ...entry, program, list }));
  });
}

export function stackText(expected: Expectation, root = programsFolder): string {
  return readFileSync(join(root, expected.program, expected.stack ?? ''), 'utf8');
}

interface OtlpValue {
  stringValue?: string;
  intValue?: string | number;
  doubleValue?: number;
  boolValue?: boolean;
  arrayValue?: { values?: OtlpValue[] };
}
type OtlpAttributes = { key: string; value: OtlpValue }[];
interface OtlpRecord {
  traceId: string;
  spanId: string;
  name?: string;
  body?: OtlpValue;
  attributes?: OtlpAttributes;
  events?: { name: string; attributes?: OtlpAttributes }[];
}

/** The span or log record of an expectation. */
export function recordOf(expected: Expectation, root = programsFolder): SpanSource {
  const name = expected.list.replace('expected', 'capture').replace('-events', '').replace('.json', '.otlp.json');
  const path = join(root, expected.program, name);
  if (!existsSync(path)) throw new Error(`${path} is not there`);
  const capture: Capture = JSON.parse(readFileSync(path, 'utf8'));
  for (const group of capture.resourceSpans ?? capture.resourceLogs ?? []) {
    for (const scope of group.scopeSpans ?? group.scopeLogs ?? []) {
      for (const record of scope.spans ?? scope.logRecords ?? []) {
        if (record.spanId !== expected.spanId || record.traceId !== expected.traceId) continue;
        if (expected.body !== undefined && record.body?.stringValue !== expected.body) continue;
        const resource = readAttributes(group.resource?.attributes);
        return {
          name: record.name ?? '',
          service: String(resource['service.name']),
          attributes: readAttributes(record.attributes),
          resource,
          scope: { name: scope.scope?.name ?? '' },
          events: (record.events ?? []).map((event) => ({ name: event.name, attributes: readAttributes(event.attributes) })),
        };
      }
    }
  }
  throw new Error(`no record ${expected.spanId} in ${path}`);
}

interface Scope {
  scope?: { name: string };
  spans?: OtlpRecord[];
  logRecords?: OtlpRecord[];
}
interface Group {
  resource?: { attributes?: OtlpAttributes };
  scopeSpans?: Scope[];
  scopeLogs?: Scope[];
}
interface Capture {
  resourceSpans?: Group[];
  resourceLogs?: Group[];
}

function readAttributes(list: OtlpAttributes | undefined): Record<string, unknown> {
  return Object.fromEntries((list ?? []).map(({ key, value }) => [key, readValue(value)]));
}

function readValue(value: OtlpValue): unknown {
  if (value.intValue !== undefined) return Number(value.intValue);
  if (value.arrayValue) return (value.arrayValue.values ?? []).map(readValue);
  return value.stringValue ?? value.doubleValue ?? value.boolValue;
}
