/**
 * What a protobuf message is, from its bytes alone: protobuf has no names, so messages are told apart by the numbers and wire
 * types of their fields. Sources: opentelemetry/proto/{trace,logs,metrics}/v1/*.proto (v1.11.0); pkg/tempopb/tempo.proto.
 */

import { Damage } from '../sink/damage';
import { ProtoReader } from './protoReader';

export type RecordKind = 'span' | 'log' | 'metric';

/**
 * What the message `[start, end)`, second field of a group by scope, is. Spans, log records and metrics stand in the same place of
 * their messages; fields that only one of them has tell which it is.
 */
export function recordKind(reader: ProtoReader, start: number, end: number): RecordKind {
  let ids = 0;
  let firstIsText = false;
  let severity = false;
  reader.at = start;
  try {
    while (reader.at < end) {
      const tag = reader.varint(end);
      const at = reader.at;
      reader.skip(tag, end);
      const length = reader.at - at;
      switch (tag) {
        case (1 << 3) | 1: // time_unix_nano
        case (11 << 3) | 1: // observed_time_unix_nano
        case (8 << 3) | 5: // flags
          return 'log';
        case (7 << 3) | 1: // start_time_unix_nano
        case (8 << 3) | 1: // end_time_unix_nano
        case (16 << 3) | 5: // flags
        case 6 << 3: // kind
          return 'span';
        case (7 << 3) | 2: // sum
          return 'metric';
        case (1 << 3) | 2:
          if (length === 17) ids++;
          else firstIsText = true;
          break;
        case (2 << 3) | 2:
          if (length === 9) ids++;
          break;
        case 2 << 3:
          severity = true;
          break;
      }
    }
  } catch (error) {
    if (!(error instanceof Damage)) throw error;
  }
  if (ids === 2) return 'span';
  if (severity) return 'log';
  return firstIsText ? 'metric' : 'span';
}

/**
 * True when `bytes` begin a Tempo `TraceByIDResponse` (a trace in field 1) and not a list of `ResourceSpans` in field 1. Goes down
 * the first fields: below ResourceSpans.resource.attributes stands a key's text, one level less deep than in the former.
 */
export function isTempoResponse(bytes: Uint8Array, at = 0): boolean {
  const end = bytes.length;
  const reader = new ProtoReader();
  reader.open(bytes);
  reader.at = at;
  try {
    // Enters the field at the cursor when it is field 1 with a length; else tells the tag.
    const enter = (): { tag: number; stop: number } => {
      if (reader.at >= end) return { tag: -1, stop: end };
      const tag = reader.varint(end);
      if (tag !== 0x0a) return { tag, stop: end };
      const length = reader.varint(end);
      return { tag, stop: reader.at + length };
    };
    const root = enter();
    if (root.tag !== 0x0a) return false;
    if (root.stop === reader.at) return enter().tag === 0x12;
    const first = enter();
    if (first.tag !== 0x0a) return false;
    if (first.stop === reader.at) return false;
    const second = enter();
    if (second.tag === 0x12) return true;
    if (second.tag !== 0x0a) return false;
    if (second.stop === reader.at) return enter().tag === 0x12;
    const third = enter();
    if (third.tag === 0x10) return true;
    if (third.tag !== 0x0a || third.stop === reader.at) return false;
    return bytes[reader.at] === 0x0a;
  } catch (error) {
    if (error instanceof Damage) return false;
    throw error;
  }
}
