/**
 * What is read from an answer of Jaeger's that is a list or an error; whole traces are the decoders'. However much an answer holds, what is taken
 * of it is bounded, because it crosses to a thread that must not be held.
 * Sources: jaegertracing/jaeger `cmd/jaeger/internal/extension/jaegerquery/internal` (http_handler.go, apiv3/http_gateway.go) at v1.76.0, v2.20.0.
 */

import { SpanhopError } from '../../base/errors';
import { checkJsonDensity } from '../format/json/jsonDensity';
import type { TraceOverview } from '../model/table';

/** Characters of a name, services of a trace, names of a list and traces that are taken from an answer; characters of all traces' services. */
const MAX_NAME = 1_000;
const MAX_SERVICES = 1_000;
const MAX_NAMES = 10_000;
const MAX_TRACES = 10_000;
const MAX_SERVICE_TEXT = 2_000_000;
/** Objects and lists within each other. Jaeger's go ten deep. */
const MAX_NESTING = 512;
/** Bytes of an answer: 200,000 summaries, twenty times what is taken. */
const MAX_BYTES = 64 << 20;

/** What is wanted: the names of a list (of v3, or of the older API's `data`), the newest summaries, or only what the answer is. */
export type JaegerWant =
  | {
      readonly what: 'services' | 'operations' | 'data' | 'kind';
      /** The names go back to the server that told them and are shown to nobody: nothing of them is hidden. */
      readonly forAsking?: boolean;
    }
  | { readonly what: 'summaries'; readonly limit: number };

/** An answer that is a JSON object. */
export interface JaegerAnswer {
  /** It has `data`: the older API's envelope. */
  readonly enveloped: boolean;
  /** What the server says of itself when a request did not succeed. */
  readonly message?: string;
  /** In order; empty where none were wanted. */
  readonly names: readonly string[];
  /** Newest first, each trace once, as many as were wanted. */
  readonly traces: readonly TraceOverview[];
  /** Summaries that the answer held. */
  readonly traceCount: number;
  /** Those of them that have no id that could be asked for. */
  readonly leftOut: number;
}

type Json = Record<string, unknown>;

/**
 * Reads an answer. Takes as long as `JSON.parse` of it.
 * @returns undefined when it is no JSON object
 * @throws SpanhopError `TooLarge` when it is nested deeper, or holds far more lists and values, than its length warrants
 */
export function readJaegerAnswer(bytes: Uint8Array, want: JaegerWant): JaegerAnswer | undefined {
  if (bytes.length > MAX_BYTES)
    throw new SpanhopError(
      'TooLarge',
      `The answer is a list of more than ${MAX_BYTES >> 20} MB. Ask for fewer traces or a shorter range.`,
    );
  checkJsonDensity(bytes, { name: 'The answer', maxNesting: MAX_NESTING });
  const json = parsed(bytes);
  if (json === undefined) return undefined;
  return {
    enveloped: 'data' in json,
    message: messageOf(json),
    names: want.what === 'summaries' || want.what === 'kind' ? [] : namesOf(json[want.what]),
    ...summariesOf(want.what === 'summaries' && Array.isArray(json.summaries) ? json.summaries : [], want),
  };
}

function parsed(bytes: Uint8Array): Json | undefined {
  try {
    const value: unknown = JSON.parse(new TextDecoder().decode(bytes));
    return isJson(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isJson(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** A name of the server's as it is shown. */
function named(value: unknown): string {
  return text(value).slice(0, MAX_NAME);
}

function messageOf(json: Json): string | undefined {
  if (isJson(json.error)) return named(json.error.message) || undefined;
  if (Array.isArray(json.errors) && isJson(json.errors[0])) return named(json.errors[0].msg) || undefined;
  return undefined;
}

/** Texts, or the `name` of objects. A name that is longer could not be asked for by it. */
function namesOf(value: unknown): string[] {
  if (!Array.isArray(value)) return [];
  const names = new Set<string>();
  for (const entry of value) {
    const name = isJson(entry) ? text(entry.name) : text(entry);
    if (name !== '' && name.length <= MAX_NAME) names.add(name);
    if (names.size === MAX_NAMES) break;
  }
  return [...names].sort();
}

function summariesOf(list: readonly unknown[], want: JaegerWant): Pick<JaegerAnswer, 'traces' | 'traceCount' | 'leftOut'> {
  const summaries = list.filter(isJson);
  const byId = new Map<string, { readonly start: bigint; readonly summary: Json }>();
  let leftOut = 0;
  for (const summary of summaries) {
    const id = traceIdOf(summary);
    if (id === undefined) leftOut++;
    else byId.set(id, { start: nanoseconds(summary.minStartTimeUnixNano), summary });
  }
  const newest = [...byId].sort(([, a], [, b]) => (a.start < b.start ? 1 : a.start > b.start ? -1 : 0));
  const budget = { characters: MAX_SERVICE_TEXT };
  const wanted = want.what === 'summaries' ? Math.min(want.limit, MAX_TRACES) : 0;
  const traces = newest.slice(0, wanted).map(([id, { start, summary }]) => overviewOf(id, start, summary, budget));
  return { traces, traceCount: summaries.length, leftOut };
}

/** Undefined where the id is none: it would be asked for by its address, and leads nowhere. */
function traceIdOf({ traceId }: Json): string | undefined {
  const id = text(traceId);
  return /^[0-9a-f]{1,32}$/i.test(id) && !/^0+$/.test(id) ? id.toLowerCase().padStart(32, '0') : undefined;
}

function overviewOf(traceId: string, start: bigint, summary: Json, budget: { characters: number }): TraceOverview {
  const end = nanoseconds(summary.maxEndTimeUnixNano);
  return {
    traceId,
    rootName: named(summary.rootOperationName),
    rootService: named(summary.rootServiceName),
    startUnixNano: start,
    durationNs: end > start ? Number(end - start) : 0,
    spanCount: count(summary.spanCount),
    errorCount: count(summary.errorSpanCount),
    services: servicesOf(summary.services, budget),
  };
}

function servicesOf(value: unknown, budget: { characters: number }): string[] {
  const services: string[] = [];
  if (!Array.isArray(value)) return services;
  for (const entry of value.slice(0, MAX_SERVICES)) {
    const name = isJson(entry) ? named(entry.name) : '';
    budget.characters -= name.length;
    if (budget.characters < 0) break;
    if (name !== '') services.push(name);
  }
  return services;
}

/** A uint32. */
function count(value: unknown): number {
  return typeof value === 'number' && value > 0 ? Math.min(Math.trunc(value), 0xffffffff) : 0;
}

/** Epoch nanoseconds, a uint64; 0 for what is none. */
function nanoseconds(value: unknown): bigint {
  const isDigits = typeof value === 'string' && /^\d{1,20}$/.test(value);
  const isNumber = typeof value === 'number' && value > 0 && value < 2 ** 64;
  const nanos = isDigits ? BigInt(value) : isNumber ? BigInt(Math.trunc(value)) : 0n;
  return nanos < 2n ** 64n ? nanos : 0n;
}
