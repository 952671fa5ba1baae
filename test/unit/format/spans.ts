/** Decoded spans as plain objects, for comparing them with what a file or another format says. */

import { type DecodeResult, decodeBytes } from '../../../src/core/format/format';
import type { TraceFormat } from '../../../src/core/format/sink/layout';
import type { AttributeValue } from '../../../src/core/model/attributeValue';
import { BATCH_NO_END, BATCH_NO_START, BATCH_SHARED, type SpanBatch } from '../../../src/core/model/batch';
import { isZeroSpanId, spanIdHex, traceIdHex } from '../../../src/core/model/ids';
import { StringTable } from '../../../src/core/model/strings';
import { readAttributes } from '../../../src/core/model/values';

export interface PlainSpan {
  traceId: string;
  spanId: string;
  parentSpanId: string;
  name: string;
  kind: number;
  startNs: bigint;
  durationNs: number;
  status: number;
  statusMessage: string;
  traceState: string;
  flags: number;
  running: boolean;
  /** Without a start time. */
  undated: boolean;
  shared: boolean;
  service: string;
  resource: Record<string, AttributeValue>;
  scope: { name: string; version: string; attributes: Record<string, AttributeValue> };
  attributes: Record<string, AttributeValue>;
  events: { name: string; timeNs: bigint; attributes: Record<string, AttributeValue> }[];
  links: { traceId: string; spanId: string; attributes: Record<string, AttributeValue> }[];
}

const bigOf = (words: Uint32Array, row: number): bigint => (BigInt(words[row * 2 + 1]) << 32n) | BigInt(words[row * 2]);

/** Without the null prototype, which matters to `toEqual` and to nothing else. */
const plain = (map: Record<string, AttributeValue>): Record<string, AttributeValue> => ({ ...map });

export function spanOf(batch: SpanBatch, row: number): PlainSpan {
  const { strings } = batch;
  const resource = batch.resources[batch.resource[row]];
  const scope = batch.scopes[batch.scope[row]];
  const range = <T>(from: number, to: number, make: (row: number) => T): T[] =>
    Array.from({ length: to - from }, (_, i) => make(from + i));
  return {
    traceId: traceIdHex(batch.traceId, row),
    spanId: spanIdHex(batch.spanId, row),
    parentSpanId: isZeroSpanId(batch.parentSpanId, row) ? '' : spanIdHex(batch.parentSpanId, row),
    name: strings.get(batch.name[row]),
    kind: batch.kind[row],
    startNs: bigOf(batch.start, row),
    durationNs: batch.durationNs[row],
    status: batch.status[row],
    statusMessage: strings.get(batch.statusMessage[row]),
    traceState: strings.get(batch.traceState[row]),
    flags: batch.flags[row] & 0xffff,
    running: (batch.flags[row] & BATCH_NO_END) !== 0,
    undated: (batch.flags[row] & BATCH_NO_START) !== 0,
    shared: (batch.flags[row] & BATCH_SHARED) !== 0,
    service: resource ? strings.get(resource.service) : '',
    resource: resource ? plain(readAttributes(batch, resource.attributeStart, resource.attributeEnd)) : {},
    scope: {
      name: scope ? strings.get(scope.name) : '',
      version: scope ? strings.get(scope.version) : '',
      attributes: scope ? plain(readAttributes(batch, scope.attributeStart, scope.attributeEnd)) : {},
    },
    attributes: plain(readAttributes(batch, batch.attributeStart[row], batch.attributeEnd[row])),
    events: range(batch.eventStart[row], batch.eventEnd[row], (event) => ({
      name: strings.get(batch.events.name[event]),
      timeNs: bigOf(batch.events.time, event),
      attributes: plain(readAttributes(batch, batch.events.attributeStart[event], batch.events.attributeEnd[event])),
    })),
    links: range(batch.linkStart[row], batch.linkEnd[row], (link) => ({
      traceId: traceIdHex(batch.links.traceId, link),
      spanId: spanIdHex(batch.links.spanId, link),
      attributes: plain(readAttributes(batch, batch.links.attributeStart[link], batch.links.attributeEnd[link])),
    })),
  };
}

export function spansOf(batches: readonly SpanBatch[]): PlainSpan[] {
  return batches.flatMap((batch) => Array.from({ length: batch.count }, (_, row) => spanOf(batch, row)));
}

/** Decodes bytes or text under the name `input`. */
export function decode(input: string | Uint8Array, format?: TraceFormat): DecodeResult & { spans: PlainSpan[] } {
  const bytes = typeof input === 'string' ? new TextEncoder().encode(input) : input;
  const result = decodeBytes(bytes, { strings: new StringTable(), name: 'input', format });
  return { ...result, spans: spansOf(result.batches) };
}

/** Messages of the defects. */
export const messages = (result: DecodeResult): string[] => result.defects.map((defect) => defect.message);
