/**
 * How many spans a damaged request held, so that what was rejected is told in the spans that were sent. Only asked about requests of which
 * something was left out: they are read once more.
 */

import { ProtoReader } from '../../core/format/proto/protoReader';
import { Damage } from '../../core/format/sink/damage';

/** In JSON: records in the lists of spans, whatever they are. 0 for what is no JSON. */
export function spansSentAsJson(body: Uint8Array): number {
  let sent: unknown;
  try {
    sent = JSON.parse(new TextDecoder().decode(body));
  } catch {
    return 0;
  }
  let count = 0;
  for (const resource of listOf(sent, 'resourceSpans', 'resource_spans')) {
    for (const scope of listOf(resource, 'scopeSpans', 'scope_spans', 'instrumentationLibrarySpans')) {
      count += listOf(scope, 'spans').length;
    }
  }
  return count;
}

function listOf(owner: unknown, ...names: string[]): readonly unknown[] {
  if (typeof owner !== 'object' || owner === null) return [];
  for (const [name, value] of Object.entries(owner)) if (names.includes(name) && Array.isArray(value)) return value;
  return [];
}

const LEN = 2;
/** Field numbers on the way down: resource_spans, scope_spans, spans. Source: opentelemetry/proto/trace/v1/trace.proto. */
const PATH = [1, 2, 2];

/**
 * In protobuf: fields where spans stand, also those of a group that is longer than the body. What breaks off before its spans begin counts as one:
 * of what follows in it nothing is known.
 */
export function spansSentAsProto(body: Uint8Array): number {
  const reader = new ProtoReader();
  reader.open(body);
  return countIn(reader, 0, body.length, 0);
}

/** Of a `ListOfSpans` of Zipkin's, where spans stand at the top. */
export function zipkinSpansSent(body: Uint8Array): number {
  const reader = new ProtoReader();
  reader.open(body);
  return countIn(reader, 0, body.length, 0, [1]);
}

function countIn(reader: ProtoReader, start: number, end: number, level: number, path: readonly number[] = PATH): number {
  let count = 0;
  reader.at = start;
  try {
    while (reader.at < end) {
      const tag = reader.varint(end);
      if (tag !== ((path[level] << 3) | LEN)) {
        reader.skip(tag, end);
        continue;
      }
      const length = reader.varint(end);
      const stop = Math.min(reader.at + length, end);
      const isWhole = reader.at + length <= end;
      const inside = level === path.length - 1 ? 1 : countIn(reader, reader.at, stop, level + 1, path);
      count += isWhole ? inside : Math.max(1, inside);
      reader.at = stop;
    }
  } catch (error) {
    if (!(error instanceof Damage)) throw error;
    count++;
  }
  return count;
}
