/** Fields and literals of the query language: from their text, and back. */

import { numberLiteral } from './build';
import { isKindName, isStatusName } from './names';
import type { Field, FieldScope, Literal } from './query';

/** Intrinsics as we name them, by every spelling that TraceQL has. Source: Grafana Tempo documentation, "Intrinsic fields". */
const intrinsics: Readonly<Record<string, string>> = {
  name: 'name',
  'span:name': 'name',
  duration: 'duration',
  'span:duration': 'duration',
  status: 'status',
  'span:status': 'status',
  statusMessage: 'statusMessage',
  'span:statusMessage': 'statusMessage',
  kind: 'kind',
  'span:kind': 'kind',
  'span:id': 'span:id',
  'span:parentID': 'span:parentID',
  rootName: 'rootName',
  'trace:rootName': 'rootName',
  rootServiceName: 'rootServiceName',
  'trace:rootService': 'rootServiceName',
  traceDuration: 'traceDuration',
  'trace:duration': 'traceDuration',
  'trace:id': 'trace:id',
  'event:name': 'event:name',
  'event:timeSinceStart': 'event:timeSinceStart',
  'link:traceID': 'link:traceID',
  'link:spanID': 'link:spanID',
  'instrumentation:name': 'instrumentation:name',
  'instrumentation:version': 'instrumentation:version',
};

const scopes: readonly FieldScope[] = ['span', 'resource', 'event', 'link', 'instrumentation'];

/** The intrinsic of that name; undefined when it is none that we know. */
export function intrinsicField(text: string): Field | undefined {
  return Object.hasOwn(intrinsics, text) ? { scope: 'intrinsic', name: intrinsics[text] } : undefined;
}

/** `.key`, `span.key`, `resource."a key"`; undefined for `parent.…`, which needs another span. */
export function attributeField(text: string): Field | undefined {
  const dot = text.indexOf('.');
  const prefix = text.slice(0, dot);
  const name = unquoteKey(text.slice(dot + 1));
  if (prefix === '') return { scope: 'any', name };
  const scope = scopes.find((each) => each === prefix);
  return scope === undefined ? undefined : { scope, name };
}

/** Quoted parts of a key may hold any character: `a."b c".d`. */
function unquoteKey(text: string): string {
  return text.replace(/"((?:[^"\\]|\\.)*)"/g, (_, inner: string) => inner.replace(/\\(.)/g, '$1'));
}

const durationUnits: Readonly<Record<string, number>> = {
  ns: 1,
  us: 1e3,
  µs: 1e3,
  μs: 1e3,
  ms: 1e6,
  s: 1e9,
  m: 6e10,
  h: 3.6e12,
  d: 8.64e13,
};

/** Go's notation: `200ms`, `1.5s`, `1h30m`; in nanoseconds, up to an int64 of them (292 years). Undefined when it is none. */
export function parseDuration(text: string): number | undefined {
  if (!/^(\d+(\.\d*)?|\.\d+)(ns|us|µs|μs|ms|s|m|h|d)((\d+(\.\d*)?|\.\d+)(ns|us|µs|μs|ms|s|m|h|d))*$/.test(text)) return undefined;
  let totalNs = 0;
  for (const [, value, unit] of text.matchAll(/([\d.]+)(\D+)/g)) totalNs += Number(value) * durationUnits[unit];
  return totalNs < 2 ** 63 ? Math.round(totalNs) : undefined;
}

/** A value as written; undefined when it is none. */
export function parseLiteral(text: string): Literal | undefined {
  const first = text[0];
  if (first === '"' || first === '`') {
    const value = unquote(text);
    return value === undefined ? undefined : { type: 'string', value };
  }
  if (text === 'nil') return { type: 'nil' };
  if (text === 'true' || text === 'false') return { type: 'bool', value: text === 'true' };
  if (isStatusName(text)) return { type: 'status', value: text };
  if (isKindName(text)) return { type: 'kind', value: text };
  if (/^-?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?$/i.test(text)) return numberLiteral(Number(text));
  const valueNs = parseDuration(text);
  return valueNs === undefined ? undefined : { type: 'duration', valueNs };
}

const escapes: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', b: '\b', f: '\f', v: '\v', a: '\x07' };

/** Go's strings: `"…"` with escapes, and raw ones between backquotes. */
function unquote(text: string): string | undefined {
  if (text.length < 2 || text.at(-1) !== text[0]) return undefined;
  const inner = text.slice(1, -1);
  if (text[0] === '`') return inner;
  return inner.replace(/\\(u[0-9a-fA-F]{4}|x[0-9a-fA-F]{2}|[\s\S])/g, (_, code: string) => {
    if (code.length > 1) return String.fromCharCode(Number.parseInt(code.slice(1), 16));
    return escapes[code] ?? code;
  });
}
