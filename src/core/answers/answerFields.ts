/** Members of answers, bounded. */

import type { TraceOverview } from '../model/table';
import type { Answer, AnswerWant } from './answer';

/** Characters of a name, services of a trace, names of a list and traces that are taken from an answer; characters of all traces' services. */
const MAX_NAME = 1_000;
const MAX_SERVICES = 1_000;
const MAX_NAMES = 10_000;
const MAX_TRACES = 10_000;
const MAX_SERVICE_TEXT = 2_000_000;

export type Json = Record<string, unknown>;

export function isJson(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** A name of the server's as it is shown. */
export function named(value: unknown): string {
  return text(value).slice(0, MAX_NAME);
}

/** Texts, or the `name` of objects, each once and in order. A name that is longer could not be asked for by it. */
export function namesOf(value: unknown): string[] {
  if (!Array.isArray(value)) return [];
  const names = new Set<string>();
  for (const entry of value) {
    const name = isJson(entry) ? text(entry.name) : text(entry);
    if (name !== '' && name.length <= MAX_NAME) names.add(name);
    if (names.size === MAX_NAMES) break;
  }
  return [...names].sort();
}

/** A uint32. */
export function count(value: unknown): number {
  return typeof value === 'number' && value > 0 ? Math.min(Math.trunc(value), 0xffffffff) : 0;
}

/** Epoch nanoseconds, a uint64; 0 for what is none. */
export function nanoseconds(value: unknown): bigint {
  const isDigits = typeof value === 'string' && /^\d{1,20}$/.test(value);
  const isNumber = typeof value === 'number' && value > 0 && value < 2 ** 64;
  const nanos = isDigits ? BigInt(value) : isNumber ? BigInt(Math.trunc(value)) : 0n;
  return nanos < 2n ** 64n ? nanos : 0n;
}

/** 32 digits; undefined where it is no id of a trace: it would be asked for by its address, and leads nowhere. */
export function traceIdOf(value: unknown): string | undefined {
  const id = text(value);
  return /^[0-9a-f]{1,32}$/i.test(id) && !/^0+$/.test(id) ? id.toLowerCase().padStart(32, '0') : undefined;
}

/** Names of the services of many traces, bounded all together. */
export class ServiceNames {
  private left = MAX_SERVICE_TEXT;

  /** @param values of one trace */
  of(values: readonly unknown[]): string[] {
    const services: string[] = [];
    for (const value of values.slice(0, MAX_SERVICES)) {
      const name = named(value);
      this.left -= name.length;
      if (this.left < 0) break;
      if (name !== '') services.push(name);
    }
    return services;
  }
}

/** A trace of a list, with its overview when it is among those that are taken. */
export interface ListedTrace {
  readonly traceId: string;
  readonly startUnixNano: bigint;
  overview(): TraceOverview;
}

/** The newest of a list, each once. @param list undefined: a trace without an id */
export function newestOf(
  list: readonly (ListedTrace | undefined)[],
  want: AnswerWant,
): Pick<Answer, 'traces' | 'traceCount' | 'leftOut'> {
  const byId = new Map<string, ListedTrace>();
  for (const trace of list) if (trace) byId.set(trace.traceId, trace);
  const newest = [...byId.values()].sort((a, b) => compare(b.startUnixNano, a.startUnixNano));
  const traces = newest.slice(0, Math.min(want.limit ?? MAX_TRACES, MAX_TRACES)).map((trace) => trace.overview());
  return { traces, traceCount: list.length, leftOut: list.filter((trace) => trace === undefined).length };
}

function compare(a: bigint, b: bigint): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** An answer of which nothing but these was wanted. */
export function answerOf(parts: Partial<Answer>): Answer {
  return { facts: {}, names: [], traces: [], traceCount: 0, leftOut: 0, ...parts };
}
