/**
 * Finds trace ids in a line of text: of a terminal, a log file, an output channel.
 *
 * The rule is that no hash becomes a link by mistake. An id counts where its form says what it is (`traceparent`, X-Ray) or where a key, a
 * path or a pair of brackets beside it does. Any other 32 digits are reported as not sure: whoever asks makes them a link only when
 * there is such a trace. 16 digits without a context are nothing.
 *
 * Linear in the length of the line: one expression finds runs of hexadecimal digits, and each looks at a bounded stretch around itself.
 * Forms: W3C Trace Context, "traceparent Header"; openzipkin/b3-propagation; Jaeger, "Propagation Format"; AWS X-Ray developer
 * guide, "Tracing header"; Elastic Common Schema, `trace.id`; Compact Log Event Format, `@tr`.
 */

import { keyBefore, spanAround } from './traceIdContext';

export interface FoundTraceId {
  /** UTF-16 units of the line; end exclusive. */
  readonly start: number;
  readonly end: number;
  /** 32 lower-case hexadecimal digits; an id of 64 bits is padded. */
  readonly traceId: string;
  /** 16 digits, where a span's id stands beside it. */
  readonly spanId?: string;
  /** Its form or its surroundings say that it is a trace. Else it may be any hash. */
  readonly sure: boolean;
  /** It is part of an address of the web, which has a use of its own. */
  readonly url?: string;
}

/** Longer lines are cut: they are data rather than text. */
export const maxLineLength = 16_384;
const maxInLine = 200;
const maxUrlLength = 512;

/** What may be an id: a UUID, X-Ray's form, or a run of digits (which is then looked at as a whole). */
const candidates =
  /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|(?<![0-9a-z])1-[0-9a-f]{8}-[0-9a-f]{24}|[0-9a-f]{16,}/gi;

/** Ids of a line, in their order. */
export function findTraceIds(text: string): FoundTraceId[] {
  const line = text.length > maxLineLength ? text.slice(0, maxLineLength) : text;
  const found: FoundTraceId[] = [];
  let taken = 0;
  for (const match of line.matchAll(candidates)) {
    const one = read(line, match[0], match.index);
    if (!one || one.start < taken || (text.length > maxLineLength && one.end === maxLineLength)) continue;
    const spanId = one.spanId ?? spanAround(line, taken, one.start, one.end);
    const url = urlAround(line, one.start);
    found.push({ ...one, ...(spanId === undefined ? {} : { spanId }), ...(url === undefined ? {} : { url }) });
    taken = one.end;
    if (found.length >= maxInLine) break;
  }
  return found;
}

function read(line: string, matched: string, at: number): FoundTraceId | undefined {
  // `%22` before an id in an address that was encoded: its digits are not the id's.
  const start = line[at - 1] === '%' ? at + 2 : at;
  const end = at + matched.length;
  const digits = line.slice(start, end);
  if (isWordBefore(line, start, at) || /[0-9a-z_]/i.test(line[end] ?? '')) return undefined;
  if (digits.includes('-')) return digits.length === 36 ? uuid(line, digits, start, end) : xray(line, digits, start, end);
  if (digits.length !== 32 && digits.length !== 16) return undefined;
  const traceId = idOf(digits);
  if (traceId === undefined) return undefined;
  return (
    (digits.length === 32 ? traceparent(line, traceId, start, end) : undefined) ??
    keyed(line, traceId, start, end) ??
    bracketed(line, traceId, start, end) ??
    (digits.length === 32 && !/^\d+$/.test(digits) ? { start, end, traceId, sure: false } : undefined)
  );
}

/** A letter, digit or underscore before it makes it a part of something else; `0x` and an encoded character do not. */
function isWordBefore(line: string, start: number, at: number): boolean {
  if (start !== at) return false;
  if (!/[0-9a-z_]/i.test(line[start - 1] ?? '')) return false;
  return !/(?:^|[^0-9a-z_])0x$/i.test(line.slice(Math.max(0, start - 3), start));
}

/** `00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01`; the link is the whole of it. */
function traceparent(line: string, traceId: string, start: number, end: number): FoundTraceId | undefined {
  const version = /(?:^|[^0-9a-z_-])([0-9a-f]{2})-$/i.exec(line.slice(Math.max(0, start - 4), start))?.[1];
  const rest = /^-([0-9a-f]{16})-[0-9a-f]{2}(?![0-9a-z_])/i.exec(line.slice(end, end + 21));
  if (version === undefined || version.toLowerCase() === 'ff' || !rest) return undefined;
  const spanId = spanIdOf(rest[1]);
  return spanId ? { start: start - 3, end: end + rest[0].length, traceId, spanId, sure: true } : undefined;
}

/** After a key or in a path that says what it is, with the span where the form has one: `b3: <trace>-<span>-1`. */
function keyed(line: string, traceId: string, start: number, end: number): FoundTraceId | undefined {
  const key = keyBefore(line, start);
  if (key === undefined) return undefined;
  const joined = /^(?:[-:]|%3a)([0-9a-f]{16})(?![0-9a-z_])/i.exec(line.slice(end, end + 24))?.[1];
  const spanId = joined === undefined ? undefined : spanIdOf(joined);
  return { start, end, traceId, ...(spanId === undefined ? {} : { spanId }), sure: true };
}

/** `[orders,<trace>,<span>]` and `[<trace>-<span>]`, as Spring writes them. */
function bracketed(line: string, traceId: string, start: number, end: number): FoundTraceId | undefined {
  const rest = /^[-,] ?([0-9a-f]{16})(?:, ?(?:true|false))? *\]/i.exec(line.slice(end, end + 32));
  const before = /\[([^[\]]{0,48})$/.exec(line.slice(Math.max(0, start - 49), start));
  if (!rest || !before || (end - start === 16 && !/^[\w.-]+, ?$/.test(before[1]))) return undefined;
  if (!/^(?:[\w.-]*, ?| *)$/.test(before[1])) return undefined;
  const spanId = spanIdOf(rest[1]);
  return spanId ? { start, end, traceId, spanId, sure: true } : undefined;
}

/** A trace id with the dashes of a UUID: only where a key says so, for most UUIDs are none. */
function uuid(line: string, digits: string, start: number, end: number): FoundTraceId | undefined {
  const traceId = idOf(digits.replaceAll('-', ''));
  if (traceId === undefined || line[end] === '-' || keyBefore(line, start) === undefined) return undefined;
  return { start, end, traceId, sure: true };
}

/** `1-5759e988-bd862e3fe1be46a994272793`, alone or in a header: `Root=1-…;Parent=53995c3f42cd8ad8`. */
function xray(line: string, digits: string, start: number, end: number): FoundTraceId | undefined {
  const traceId = idOf(digits.slice(2).replace('-', ''));
  // `Self` is what a load balancer calls itself; the trace is `Root`.
  if (
    traceId === undefined ||
    /[-_]/.test(line[start - 1] ?? '') ||
    line[end] === '-' ||
    /self=$/i.test(line.slice(Math.max(0, start - 5), start))
  )
    return undefined;
  const parent = /^;[^\s"']{0,64}?parent=([0-9a-f]{16})(?![0-9a-z])/i.exec(line.slice(end, end + 96))?.[1];
  const spanId = parent === undefined ? undefined : spanIdOf(parent);
  return { start, end, traceId, ...(spanId === undefined ? {} : { spanId }), sure: true };
}

function urlAround(line: string, start: number): string | undefined {
  const begin = Math.max(0, start - maxUrlLength);
  const before = /https?:\/\/[^\s"'<>`]*$/i.exec(line.slice(begin, start));
  return before ? before[0] : undefined;
}

function idOf(digits: string): string | undefined {
  return /^0+$/.test(digits) ? undefined : digits.toLowerCase().padStart(32, '0');
}

function spanIdOf(digits: string): string | undefined {
  return /^0+$/.test(digits) ? undefined : digits.toLowerCase();
}
