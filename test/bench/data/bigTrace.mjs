// @ts-check
// Trace files of one large trace, realistic in what a span carries (`spans.mjs`): OTLP as protobuf and as JSON. Made once and kept in the
// git-ignored cache, because making a million spans takes a minute. Written piece by piece: the largest is longer than a string can be.

import { closeSync, existsSync, mkdirSync, openSync, renameSync, statSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { cacheRoot } from '../../vscode/locations.mjs';
import { encodeRequest } from './otlpProto.mjs';
import { makeRequest } from './spans.mjs';

/** Grows with every change of what is made, so that older files are not taken for it. */
const VERSION = 2;
export const BIG_TRACE_ID = '5ba9f00d5ba9f00d5ba9f00d00000001';
const REQUEST_SPANS = 40;
const BRANCH_SPANS = 1000;
const PIECE_SPANS = 10_000;
/** From one request to the next. */
const STEP_NS = 250_000_000n;

/**
 * A trace of `count` spans: a root, below it a branch for each thousand spans, below that requests of forty spans in a tree of their own.
 * @param {number} count
 * @param {'pb' | 'json'} form
 * @returns {{ path: string, bytes: number, count: number }}
 */
export function bigTraceFile(count, form) {
  const folder = join(cacheRoot, 'bench');
  const path = join(folder, `trace-${count}-v${VERSION}.otlp.${form}`);
  if (!existsSync(path)) {
    mkdirSync(folder, { recursive: true });
    const unfinished = `${path}.${process.pid}.part`;
    const file = openSync(unfinished, 'w');
    if (form === 'json') writeSync(file, '{"resourceSpans":[\n');
    let made = 0;
    for (const piece of pieces(count)) {
      if (form === 'pb') writeSync(file, encodeRequest(piece));
      else {
        const text = piece.resourceSpans.map((each) => JSON.stringify(each)).join(',\n');
        writeSync(file, made === 0 ? text : `,\n${text}`);
      }
      made++;
    }
    if (form === 'json') writeSync(file, '\n]}\n');
    closeSync(file);
    renameSync(unfinished, path);
  }
  return { path, bytes: statSync(path).size, count };
}

/** @param {number} count */
function* pieces(count) {
  const root = '0000000000000001';
  for (let from = 0; from < count; from += PIECE_SPANS) {
    const request = makeRequest(Math.min(PIECE_SPANS, count - from), {
      seed: 1 + from / PIECE_SPANS,
      spansPerTrace: REQUEST_SPANS,
    });
    const spans = request.resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap((each) => each.spans));
    /** @type {Map<string, Timed>} */
    const byId = new Map();
    for (const span of spans) byId.set(span.spanId, { span, start: undefined, end: 0n });
    // Each trace of the generator becomes a subtree: its first span hangs on the branch, the branch's first on the root.
    const heads = spans.filter(({ parentSpanId }) => parentSpanId === '').sort(byStart);
    const shift = BigInt(from / REQUEST_SPANS) * STEP_NS;
    let branch = root;
    heads.forEach((head, index) => {
      const timed = byId.get(head.spanId);
      if (!timed) return;
      timed.start = BigInt(head.startTimeUnixNano) + shift;
      timed.end = timed.start + BigInt(head.endTimeUnixNano) - BigInt(head.startTimeUnixNano);
      if (index === 0 && from === 0) {
        timed.end = timed.start + BigInt(Math.ceil(count / REQUEST_SPANS) + 4) * STEP_NS;
        for (const span of spans) if (span.parentSpanId === head.spanId) span.parentSpanId = root;
        byId.set(root, timed);
        head.spanId = root;
      } else if (index % (BRANCH_SPANS / REQUEST_SPANS) === 0) {
        head.parentSpanId = root;
        timed.end = timed.start + BigInt(BRANCH_SPANS / REQUEST_SPANS + 2) * STEP_NS;
        branch = head.spanId;
      } else head.parentSpanId = branch;
    });
    for (const span of spans) settle(span, byId);
    yield request;
  }
}

/** @typedef {{ span: import('./spans.mjs').MadeSpan, start: bigint | undefined, end: bigint }} Timed */

/** @param {import('./spans.mjs').MadeSpan} a @param {import('./spans.mjs').MadeSpan} b */
const byStart = (a, b) => (BigInt(a.startTimeUnixNano) < BigInt(b.startTimeUnixNano) ? -1 : 1);

/** Gives a span its place in time, within its parent, and in the trace. @param {import('./spans.mjs').MadeSpan} span @param {Map<string, Timed>} byId */
function settle(span, byId) {
  const { start, end } = timesOf(span.spanId, byId);
  span.traceId = BIG_TRACE_ID;
  span.startTimeUnixNano = String(start);
  span.endTimeUnixNano = String(end);
  for (const event of span.events) {
    if ('timeUnixNano' in event) event.timeUnixNano = String(start + (end - start) / 2n);
  }
}

/** @param {string} id @param {Map<string, Timed>} byId @returns {{ start: bigint, end: bigint }} */
function timesOf(id, byId) {
  const timed = byId.get(id);
  if (!timed) throw new Error(`There is no span ${id}.`);
  if (timed.start !== undefined) return { start: timed.start, end: timed.end };
  const parent = timesOf(timed.span.parentSpanId, byId);
  const random = BigInt(timed.span.startTimeUnixNano) % 1000n;
  const start = parent.start + ((parent.end - parent.start) * random) / 1600n;
  const end = start + ((parent.end - start) * (400n + (random % 500n))) / 1000n;
  timed.start = start;
  timed.end = end;
  return { start, end };
}
