/** Small spans as Jaeger's documents, around noon of a day. */

import type { Json } from './documentIndex';

export const noonMs = Date.parse('2026-11-21T12:00:00Z');
export const hex = (number: number, digits: number): string => number.toString(16).padStart(digits, '0');

export interface SpanGiven {
  readonly trace: number;
  readonly span?: number;
  /** Microseconds after noon. */
  readonly at?: number;
  readonly duration?: number;
  readonly name?: string;
  /** Members beside the usual ones, or in their place. */
  readonly more?: Json;
}

export function spanDocument({ trace, span = trace, at = 0, duration = 10, name = 'op', more }: SpanGiven): Json {
  const startTime = noonMs * 1000 + at;
  return {
    traceID: hex(trace + 1, 32),
    spanID: hex(span + 1, 16),
    operationName: name,
    references: [],
    startTime,
    startTimeMillis: Math.floor(startTime / 1000),
    duration,
    tags: [],
    logs: [],
    process: { serviceName: 'shop', tags: [] },
    ...more,
  };
}
