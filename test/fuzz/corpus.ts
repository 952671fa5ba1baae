/**
 * What the inputs are made of: every trace of test/fixtures and, where it is there, of ../shared/data, cut to few spans, short lists and short
 * texts. Damage does its work in small inputs as well, and a second has room for more of them.
 */

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { decodeBytes, encodeOtlpProto } from '../../src/core/format/format';
import { encodeLogs } from '../../src/core/format/otlp/encodeLogs';
import { decodeLogs, type LogsLayout } from '../../src/core/format/otlp/otlpLogs';
import type { TraceFormat } from '../../src/core/format/sink/layout';
import { layoutOf } from '../../src/core/format/sniff';
import { StringTable } from '../../src/core/model/strings';
import { type JsonMap, mapJson } from './jsonEdits';
import { allFields, type ProtoField, parseProto } from './protoEdits';
import { mapText, type TextMap } from './textEdits';

export interface Sample {
  readonly name: string;
  /** Of logs it is `undefined`. */
  readonly format: TraceFormat | undefined;
  readonly logs: LogsLayout | undefined;
  readonly bytes: Uint8Array;
  readonly json: JsonMap | undefined;
  /** What is no JSON as a whole. */
  readonly text: TextMap | undefined;
  readonly proto: { readonly fields: readonly ProtoField[]; readonly all: readonly ProtoField[] } | undefined;
  /** Protobuf with a length of 4 bytes before it. */
  readonly framed: boolean;
}

const MOST = 2_000;
const MOST_TEXT = 4_000;
const none = { format: undefined, logs: undefined, json: undefined, text: undefined, proto: undefined, framed: false };
const encoder = new TextEncoder();

/** @param root the project's folder */
export function corpus(root: string): Sample[] {
  const samples: Sample[] = [];
  const folders = ['formats', 'nasty', 'kinds'].map((name) => join(root, 'test', 'fixtures', name));
  const shared = join(root, '..', 'shared', 'data');
  if (existsSync(shared)) for (const name of ['jaeger', 'otlp', 'tempo', 'zipkin', 'reports']) folders.push(join(shared, name));
  for (const folder of folders)
    for (const name of readdirSync(folder).sort()) add(name, new Uint8Array(readFileSync(join(folder, name))));
  add('made.logs.json', encoder.encode(JSON.stringify(madeLogs())));
  return samples;

  function add(name: string, bytes: Uint8Array): void {
    if (name.includes('logs')) addLogs(name, bytes);
    else if (name.endsWith('.pb')) addProto(name, bytes);
    else if (parsed(bytes) === undefined) addText(name, bytes);
    else for (const keep of [1, 2]) addJson(name, bytes, keep);
  }

  /** Whole, and as a container's log has it. */
  function addText(name: string, bytes: Uint8Array): void {
    if (bytes.length > MOST_TEXT) return;
    const lines = new TextDecoder().decode(bytes).replace(/\n$/, '').split('\n');
    const logged = encoder.encode(lines.map((line) => `2024-06-10T06:13:21.123456789Z stdout F ${line}\n`).join(''));
    for (const [what, text] of [
      [name, bytes],
      [`${name} in a log`, logged],
    ] as const)
      if (text.length <= MOST_TEXT && layoutOf(text)?.documents)
        samples.push({ ...none, name: what, bytes: text, text: mapText(text) });
  }

  function addJson(name: string, bytes: Uint8Array, keep: number): void {
    const small = encoder.encode(JSON.stringify(cut(parsed(bytes), keep)));
    const layout = layoutOf(small);
    if (layout === undefined || small.length > MOST || samples.some((each) => same(each.bytes, small))) return;
    // What documents are looked for in has no decoder that could be named.
    const format = layout.documents ? undefined : layout.format;
    samples.push({ ...none, name, format, bytes: small, json: mapJson(small) });
    if (format === 'otlp-json') {
      const line = new TextDecoder().decode(small);
      const lines = encoder.encode(`${line}\n${line}\n`);
      if (lines.length < MOST)
        samples.push({ ...none, name: `${name} as lines`, format: 'otlp-jsonl', bytes: lines, json: mapJson(lines) });
      addProto(`${name} as protobuf`, small);
    }
  }

  /** As protobuf in its three layouts. */
  function addProto(name: string, bytes: Uint8Array): void {
    const { batches } = decodeBytes(bytes, { strings: new StringTable() });
    for (const batch of batches.slice(0, 1)) {
      for (const keep of [1, 2]) {
        if (keep > batch.count) continue;
        const small = encodeOtlpProto([{ batch, rows: Array.from({ length: keep }, (_, i) => (i * (batch.count - 1)) | 0) }]);
        if (small.length > MOST) continue;
        pushProto(name, small, 'otlp-proto', undefined, false);
        pushProto(`${name}, framed`, small, 'otlp-proto', undefined, true);
        const wrapped = new Uint8Array(small.length + 3);
        wrapped.set([10, (small.length & 127) | 128, small.length >> 7]);
        wrapped.set(small, 3);
        if (small.length >= 128) pushProto(`${name}, of Tempo`, wrapped, 'tempo', undefined, false);
      }
    }
  }

  function addLogs(name: string, bytes: Uint8Array): void {
    const isJson = name.endsWith('.json');
    if (isJson) samples.push({ ...none, name, logs: 'json', bytes, json: mapJson(bytes) });
    const { records } = decodeLogs(bytes, isJson ? 'json' : 'protobuf');
    const small = encodeLogs(records.slice(0, 2));
    if (small.length === 0 || small.length > MOST) return;
    pushProto(name, small, undefined, 'protobuf', false);
    pushProto(`${name}, framed`, small, undefined, 'framed', true);
  }

  function pushProto(
    name: string,
    bytes: Uint8Array,
    format: TraceFormat | undefined,
    logs: LogsLayout | undefined,
    framed: boolean,
  ): void {
    const fields = parseProto(bytes);
    if (!fields) throw new Error(`${name} cannot be taken apart`);
    samples.push({ ...none, name, format, logs, bytes, proto: { fields, all: allFields(fields) }, framed });
  }
}

function same(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}

/** Undefined for what is no JSON as a whole. */
function parsed(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return undefined;
  }
}

/** Lists with `keep` elements, of attributes with four; texts of at most 60 characters. */
function cut(value: unknown, keep: number): unknown {
  if (typeof value === 'string') return value.slice(0, 60);
  if (Array.isArray(value)) {
    const isAttributes = value.some((item) => typeof item === 'object' && item !== null && 'key' in item);
    return value.slice(0, isAttributes ? keep + 1 : keep).map((item) => cut(item, keep));
  }
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .slice(0, 16)
      .map(([key, inner]) => [key, cut(inner, keep)]),
  );
}

function madeLogs(): unknown {
  const record = (traceId: string) => ({
    timeUnixNano: '1700000000000000000',
    observedTimeUnixNano: '1700000000000000001',
    severityNumber: 17,
    severityText: 'ERROR',
    eventName: 'device.app.lifecycle',
    body: {
      kvlistValue: { values: [{ key: 'a', value: { arrayValue: { values: [{ intValue: '7' }, { doubleValue: 1.5 }] } } }] },
    },
    attributes: [
      { key: 'code.line.number', value: { intValue: '12' } },
      { key: 'raw', value: { bytesValue: 'AAEC' } },
      { key: 'big', value: { intValue: '9007199254740993' } },
    ],
    droppedAttributesCount: 1,
    flags: 1,
    traceId,
    spanId: '2222222222222222',
  });
  const resource = { attributes: [{ key: 'service.name', value: { stringValue: 'shop' } }] };
  const scopeLogs = [{ scope: { name: 'logger' }, logRecords: [record('1'.repeat(32)), record('a'.repeat(32))] }];
  return { resourceLogs: [{ resource, scopeLogs }] };
}
