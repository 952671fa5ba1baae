/**
 * Trace and span ids. Inside they are 32-bit words, most significant first (4 for a trace id, 2 for a span id), so that columns hold
 * them and comparing is integer work. At the edges they are lower-case hex, 32 and 16 digits, as OpenTelemetry writes them.
 */

const hexOf: readonly string[] = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

function wordHex(word: number): string {
  return hexOf[word >>> 24] + hexOf[(word >>> 16) & 255] + hexOf[(word >>> 8) & 255] + hexOf[word & 255];
}

/** 32 hex digits of the trace id at row `row` of a column with 4 words a row. */
export function traceIdHex(words: ArrayLike<number>, row: number): string {
  const at = row * 4;
  return wordHex(words[at]) + wordHex(words[at + 1]) + wordHex(words[at + 2]) + wordHex(words[at + 3]);
}

/** 16 hex digits of the span id at row `row` of a column with 2 words a row. */
export function spanIdHex(words: ArrayLike<number>, row: number): string {
  const at = row * 2;
  return wordHex(words[at]) + wordHex(words[at + 1]);
}

/** True when the span id at `row` is all zeros: no parent. */
export function isZeroSpanId(words: ArrayLike<number>, row: number): boolean {
  return words[row * 2] === 0 && words[row * 2 + 1] === 0;
}

/** True when the span at `row` names no parent, or itself as its parent. */
export function isRootSpan({ spanId, parentSpanId }: { spanId: Uint32Array; parentSpanId: Uint32Array }, row: number): boolean {
  const high = parentSpanId[row * 2];
  const low = parentSpanId[row * 2 + 1];
  return (high === 0 && low === 0) || (low === spanId[row * 2 + 1] && high === spanId[row * 2]);
}

function hexWords(hex: string, words: number): Uint32Array {
  const padded = hex.padStart(words * 8, '0');
  const out = new Uint32Array(words);
  for (let i = 0; i < words; i++) out[i] = Number.parseInt(padded.slice(i * 8, i * 8 + 8), 16);
  return out;
}

/**
 * A trace id as a person may give it, as 32 hex digits: with or without leading zeros, in capitals, with dashes (a UUID), in the
 * X-Ray form `1-5759e988-bd862e3fe1be46a994272793`, or inside a W3C `traceparent` (`00-<trace>-<span>-01`).
 * Undefined when it is none of these. Sources: W3C Trace Context, "traceparent Header"; AWS X-Ray developer guide, "Trace ID format".
 */
export function parseTraceId(text: string): string | undefined {
  const trimmed = text.trim().toLowerCase();
  const traceparent = parseTraceparent(trimmed);
  if (traceparent) return traceparent.traceId;
  const xray = /^1-([0-9a-f]{8})-([0-9a-f]{24})$/.exec(trimmed);
  if (xray) return xray[1] + xray[2];
  const plain = trimmed.replace(/^0x/, '').replaceAll('-', '');
  if (!/^[0-9a-f]{1,32}$/.test(plain) || /^0+$/.test(plain)) return undefined;
  return plain.padStart(32, '0');
}

/** `parseTraceId` of an id that data had, where zeros stand for none: spans that came without a trace id are kept under it. */
export function traceIdOfData(text: string): string | undefined {
  return /^0{32}$/.test(text) ? text : parseTraceId(text);
}

/** The ids of a W3C `traceparent` header value; undefined when it is not one, or when an id is all zeros. */
export function parseTraceparent(text: string): { traceId: string; spanId: string } | undefined {
  const match = /^[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-[0-9a-f]{2}/.exec(text.trim().toLowerCase());
  if (!match || /^0+$/.test(match[1]) || /^0+$/.test(match[2])) return undefined;
  return { traceId: match[1], spanId: match[2] };
}

/** A span id of up to 16 hex digits as 16 lower-case digits; undefined when it is not one. */
export function parseSpanId(text: string): string | undefined {
  const plain = text.trim().toLowerCase().replace(/^0x/, '');
  return /^[0-9a-f]{1,16}$/.test(plain) ? plain.padStart(16, '0') : undefined;
}

/** The 4 words of 32 hex digits. */
export function traceIdWords(hex: string): Uint32Array {
  return hexWords(hex, 4);
}

/** The 2 words of 16 hex digits. */
export function spanIdWords(hex: string): Uint32Array {
  return hexWords(hex, 2);
}
