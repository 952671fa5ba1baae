/**
 * Finds the format of trace data by its first bytes. JSON is told apart by the first member names that only one format has, met in the order of
 * the text; protobuf by the shape of its first message.
 */

import { parseDocument } from './documents/literal';
import { foreignText } from './foreign';
import { documentKinds } from './mixed/kinds';
import { probe } from './mixed/probe';
import { isTempoResponse } from './proto/shape';
import type { Layout, TraceFormat } from './sink/layout';
import { isZipkinList } from './zipkin/zipkinProto';

const decoder = new TextDecoder();

/** A record longer than this is taken for a wrong length. */
const LARGEST_FRAME = 1 << 30;

/** What is looked at, of an input that is longer. */
export const HEAD = 1 << 16;
const OPEN_TAG = 60;

function isSpace(byte: number): boolean {
  return byte === 32 || byte === 10 || byte === 13 || byte === 9 || byte === 0x1e;
}

/** Offset of the first byte that is neither a byte order mark nor white space. */
function firstByteAt(head: Uint8Array): number {
  let at = head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf ? 3 : 0;
  while (at < head.length && isSpace(head[at])) at++;
  return at;
}

/** The format and layout of data that begins with `head`; `format` fixes the former. */
export function layoutOf(head: Uint8Array, format?: TraceFormat): Layout | undefined {
  const at = firstByteAt(head);
  const first = head[at];
  const isJson = first === 123 || first === 91;
  if (format !== undefined) {
    const json = format !== 'otlp-proto' && format !== 'zipkin-proto' && !(format === 'tempo' && !isJson);
    const wrapped = format === 'tempo' && !json && isTempoResponse(head);
    return { format, json, framed: !json && isFramed(head), wrapped, documents: false };
  }
  if (isJson || isText(head, at)) {
    const layout = textLayout(head, decoder.decode(head.subarray(at)), isJson || firstLineIsText(head, at));
    if (layout) return layout;
    if (!isJson && isLog(head, at)) return { ...jsonLayout('mixed'), documents: true };
  }
  if (at >= head.length || (isJson && at === 0 && !looksLikeFrames(head))) return undefined;
  return protoLayout(head);
}

function protoLayout(head: Uint8Array): Layout | undefined {
  if (isZipkinList(head)) return { format: 'zipkin-proto', json: false, framed: false, wrapped: false, documents: false };
  if (isMessage(head)) {
    const wrapped = isTempoResponse(head);
    return { format: wrapped ? 'tempo' : 'otlp-proto', json: false, framed: false, wrapped, documents: false };
  }
  if (looksLikeFrames(head)) return { format: 'otlp-proto', json: false, framed: true, wrapped: false, documents: false };
  return undefined;
}

/** Begins like OTLP/JSON or an answer of Tempo's or Jaeger's, and like nothing else: no look at its documents is needed. */
const plain =
  /^\s*[[{]\s*(?:\{\s*)?"(?:resource(?:Spans|Logs|Metrics)|resource_(?:spans|logs|metrics)|batches|(?:result|trace)"\s*:\s*\{\s*"(?:resourceSpans|batches)|data"\s*:\s*\[\s*\{\s*"traceID)"/;

/** A request without spans, an answer that found none. */
const empty = /^\s*(?:\[\s*(?:\[\s*\]\s*)?\]\s*$|\{\s*(?:\}|"data"\s*:\s*(?:null|\[\s*\])|"(?:result|trace)"\s*:\s*(?:null|\{)))/;

/** Whether JSON that begins so may well have no spans in it; of any other that has none, the format was a guess. */
export function mayBeEmpty(head: Uint8Array): boolean {
  const text = decoder.decode(head.subarray(firstByteAt(head), HEAD));
  return plain.test(text) || empty.test(text);
}

function textLayout(head: Uint8Array, text: string, isDocument: boolean): Layout | undefined {
  const format = isDocument ? jsonFormat(text) : undefined;
  if (format !== undefined && plain.test(text)) return jsonLayout(format);
  const isForeign = foreignText(text) !== undefined;
  const { known, kinds, isBehindText } = probe(head, text, head.length >= HEAD, !isForeign);
  if (isForeign && kinds.size === 0) return undefined;
  const family = format === 'otlp-jsonl' || format === 'tempo' ? 'otlp-json' : format;
  // Of a request that goes on beyond the head the spans in it look like documents of their own.
  const isOwn = (formats: ReadonlySet<TraceFormat>): number => (family !== undefined && formats.has(family) ? 1 : 0);
  const others = known.size + kinds.size - isOwn(known) - isOwn(kinds);
  const isBehind = isBehindText || !/^[[{]/.test(text);
  if (others > 0 || (isBehind && known.size > 0) || (kinds.size > 0 && known.size === 0 && isOfKind(text))) {
    const [first] = [...kinds, ...known];
    return { ...jsonLayout(kinds.size + known.size > 1 ? 'mixed' : first), documents: true };
  }
  return format === undefined ? undefined : jsonLayout(format);
}

/** Whether the text is one document of a kind, not the part of one. */
function isOfKind(text: string): boolean {
  const document = parseDocument(text);
  return document !== undefined && documentKinds.some((kind) => kind.is(document));
}

function jsonLayout(format: TraceFormat): Layout {
  return { format, json: true, framed: false, wrapped: false, documents: false };
}

function isFramed(head: Uint8Array): boolean {
  return !isMessage(head) && looksLikeFrames(head);
}

/** A message whose first fields have plausible numbers, and lengths that fit into each other, two levels down. */
function isMessage(head: Uint8Array): boolean {
  if (head[0] !== 0x0a) return false;
  const outer = varintAt(head, 1);
  if (!outer) return false;
  if (outer.value === 0) return head.length === 2 || head[2] === 0x0a || head[2] === 0x12;
  const tag = head[outer.next];
  if (tag !== 0x0a && tag !== 0x12 && tag !== 0x1a) return outer.next >= head.length;
  const inner = varintAt(head, outer.next + 1);
  return !inner || inner.value + (inner.next - outer.next) <= outer.value;
}

/** A varint of up to five bytes; undefined when it is longer, or not all there. */
function varintAt(head: Uint8Array, start: number): { readonly value: number; readonly next: number } | undefined {
  let value = 0;
  for (let i = 0; i < 5 && start + i < head.length; i++) {
    const byte = head[start + i];
    value += (byte & 127) * 128 ** i;
    if (byte < 128) return { value, next: start + i + 1 };
  }
  return undefined;
}

/** Up to three messages that begin as one does, between any number of empty ones. Zeros alone are none: a file with a hole, or /dev/zero's. */
function looksLikeFrames(head: Uint8Array): boolean {
  let at = 0;
  for (let frames = 0; frames < 3; ) {
    if (at + 5 > head.length) return frames > 0;
    const length = head[at] * 16777216 + head[at + 1] * 65536 + head[at + 2] * 256 + head[at + 3];
    if (length > LARGEST_FRAME) return false;
    at += 4 + length;
    if (length === 0) continue;
    if (head[at - length] !== 0x0a) return false;
    frames++;
    if (at > head.length) return true;
  }
  return true;
}

/** True when no control character is in the first bytes. */
function isText(head: Uint8Array, at: number): boolean {
  for (const byte of head.subarray(at, at + 512)) if (byte < 32 && !isSpace(byte) && byte !== 27) return false;
  return at < head.length;
}

/** A text that goes on behind what is looked at: a log, which may hold documents further on. */
function isLog(head: Uint8Array, at: number): boolean {
  return (
    head.length >= HEAD &&
    head[at] !== OPEN_TAG &&
    head.includes(10) &&
    !head.some((byte) => byte < 32 && !isSpace(byte) && byte !== 27)
  );
}

/** True when some line of the head begins like a document: the first ones may be damaged. */
function firstLineIsText(head: Uint8Array, at: number): boolean {
  for (let i = at; i + 1 < head.length; i++) {
    if (head[i] === 0 || (head[i] < 32 && !isSpace(head[i]))) return false;
    if (head[i] === 10 && head[i + 1] === 123) return true;
  }
  return false;
}

/** Member names, and the format that the first of them to appear decides. */
const otlp = /"(?:resourceSpans|resource_spans|resourceLogs|resource_logs|resourceMetrics|resource_metrics|scopeSpans)"/;
const jaeger = /"(?:processes|operationName|processID|traceID|spanID)"/;
const zipkin =
  /"(?:localEndpoint|remoteEndpoint)"|"traceId"(?=[^{}[\]]{0,400}"(?:id|parentId)")|"(?:id|parentId)"(?=[^{}[\]]{0,400}"traceId")/;
const tempo = /^\{\s*"(?:batches"\s*:\s*\[|trace"\s*:\s*\{\s*(?:"(?:resourceSpans|batches)"|\}))/;

function jsonFormat(text: string): TraceFormat | undefined {
  if (/^\[\s*(?:\[\s*\]\s*)?\]\s*$/.test(text)) return 'zipkin';
  if (/^\{\s*\}\s*$/.test(text)) return 'otlp-json';
  if (tempo.test(text)) return 'tempo';
  const found = [
    { at: text.search(otlp), format: 'otlp-json' as const },
    { at: text.search(jaeger), format: 'jaeger' as const },
    { at: text.search(zipkin), format: 'zipkin' as const },
  ].filter((candidate) => candidate.at >= 0);
  found.sort((a, b) => a.at - b.at);
  const first = found[0]?.format;
  if (first === 'otlp-json') {
    if (isLines(text)) return 'otlp-jsonl';
    return 'otlp-json';
  }
  if (first === undefined && /^\{\s*"data"\s*:\s*(?:null|\[\s*\])/.test(text)) return 'jaeger';
  if (first === undefined && /^\{\s*"result"\s*:\s*\{/.test(text)) return 'otlp-json';
  return first;
}

/**
 * True when lines are documents: the first one is complete and another follows, or the second one begins as a document does. Lines longer than the
 * head are found out while reading.
 */
function isLines(text: string): boolean {
  const newline = text.indexOf('\n');
  if (newline < 0) return false;
  const line = text.slice(0, newline).trim();
  const next = text.slice(newline + 1).trimStart();
  if (next !== '' && /^\{"resource(?:Spans|Logs|Metrics|_spans|_logs|_metrics)"/.test(next)) return true;
  return line.endsWith('}') && next.startsWith('{') && isClosed(line);
}

function isClosed(line: string): boolean {
  try {
    JSON.parse(line);
    return true;
  } catch {
    return false;
  }
}
