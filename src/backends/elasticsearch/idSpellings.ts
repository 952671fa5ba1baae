/**
 * The ways in which documents may have an id: of 64 bits with 16 digits or 32, without its leading zeros as Jaeger wrote it before 1.16, in capitals.
 * Source: jaegertracing/jaeger internal/storage/v1/elasticsearch/spanstore/reader.go, `buildTraceByIDQuery`.
 */

import { parseSpanId, parseTraceId } from '../../core/model/ids';

/** Undefined where it is no id. */
export function traceIdSpellings(id: string): readonly string[] | undefined {
  const digits = parseTraceId(id);
  return digits === undefined ? undefined : spellings(digits);
}

/** Undefined where it is no id. */
export function spanIdSpellings(id: string): readonly string[] | undefined {
  const digits = parseSpanId(id);
  return digits === undefined ? undefined : spellings(digits);
}

function spellings(digits: string): string[] {
  const short = digits.replace(/^0+/, '');
  const all = [digits, short, short.padStart(16, '0')];
  return [...new Set(all.flatMap((one) => [one, one.toUpperCase()]))];
}
