/** What must hold for any bytes that a decoder of spans is given. Throws what does not. */

import { SpanhopError } from '../../src/base/errors';
import { decoderFor } from '../../src/core/format/decoders';
import { decodeBytes, encodeOtlpProto } from '../../src/core/format/format';
import { DocumentStream } from '../../src/core/format/mixed/documentStream';
import type { Layout, TraceFormat } from '../../src/core/format/sink/layout';
import { PieceStream } from '../../src/core/format/sink/pieceStream';
import { Sink } from '../../src/core/format/sink/sink';
import { layoutOf } from '../../src/core/format/sniff';
import type { SpanBatch } from '../../src/core/model/batch';
import { BatchBuilder } from '../../src/core/model/batchBuilder';
import { traceIdHex } from '../../src/core/model/ids';
import { StringTable } from '../../src/core/model/strings';
import type { Defect } from '../../src/core/model/table';
import { analyseTrace, assembleTrace, encodeOtlpJson, traceOverview } from '../support/atOnce';
import type { Random } from './random';
import { signatures, withoutOwners } from './signature';

interface Decoded {
  readonly batches: readonly SpanBatch[];
  readonly spanCount: number;
  readonly defects: readonly Defect[];
  readonly others: string;
}

/** Shared by all decoders of many inputs; a new one now and then. */
let strings = new StringTable();

const encoder = new TextEncoder();

/** @returns spans that were read; -1 for what is refused */
export function checkSpans(bytes: Uint8Array, format: TraceFormat | undefined, random: Random): number {
  if (strings.size > 20_000) strings = new StringTable();
  let whole: Decoded;
  try {
    whole = decodeWhole(bytes, format);
  } catch (error) {
    if (error instanceof SpanhopError && error.kind === 'BadData' && error.message.length < 2_000) return -1;
    throw error;
  }
  for (const batch of whole.batches) checkColumns(batch);
  const counted = whole.batches.reduce((sum, batch) => sum + batch.count, 0);
  expect(counted === whole.spanCount, `${whole.spanCount} spans are counted, ${counted} are there`);
  for (const { count, message } of whole.defects) {
    expect(Number.isInteger(count) && count > 0 && message.length > 0, `a defect says ${count} times "${message}"`);
  }
  const all = signatures(whole.batches);
  const layout = layoutOf(bytes, format);
  const isUtf16 = bytes.length > 1 && bytes[0] + bytes[1] === 0x1fd && bytes[0] >= 0xfe;
  // In pieces, or written and read again, or both: there is time for more inputs then.
  const which = random.below(4);
  if (layout && !isUtf16 && (which === 1 || which === 2)) {
    // What comes behind the spans that it is of, a resource or the address of a schema, is not known to batches that were handed out.
    const batchSpans = random.oneIn(4) ? random.of([1, 2, 60_000]) : undefined;
    const isCut = batchSpans !== undefined && batchSpans < 60_000;
    const pieces = layout.documents
      ? decodeDocuments(bytes, random)
      : batchSpans
        ? decodeStream(bytes, layout, random, batchSpans)
        : decodeFilling(bytes, layout, random);
    const alone = (texts: readonly string[]) => (isCut ? texts.map(withoutOwners) : layout.documents ? [...texts].sort() : texts);
    sameTexts(alone(signatures(pieces.batches)), alone(all), 'whole and in pieces');
    expect(pieces.spanCount === whole.spanCount, 'whole and in pieces differ in the count');
    const [a, b] = [JSON.stringify(pieces.defects), JSON.stringify(whole.defects)];
    expect(
      a === b && pieces.others === whole.others,
      `whole and in pieces tell different things: ${a} ${pieces.others} and ${b} ${whole.others}`,
    );
  }
  if (counted === 0 || which === 2) return counted;
  const selections = whole.batches.map((batch) => ({ batch, rows: Array.from({ length: batch.count }, (_, row) => row) }));
  const sorted = all.sort();
  if (random.oneIn(2)) {
    const again = decodeWhole(encodeOtlpProto(selections), 'otlp-proto');
    sameTexts(signatures(again.batches).sort(), sorted, 'before and after protobuf');
  } else {
    const again = decodeWhole(encoder.encode(encodeOtlpJson(selections)), 'otlp-json');
    sameTexts(signatures(again.batches).sort(), sorted, 'before and after JSON');
  }
  if (random.oneIn(3)) checkTrace(selections);
  return counted;
}

function decodeWhole(bytes: Uint8Array, format: TraceFormat | undefined): Decoded {
  const { batches, spanCount, defects, otherSignals } = decodeBytes(bytes, { strings, name: 'input', format });
  return { batches, spanCount, defects, others: `${otherSignals.logs} ${otherSignals.metrics}` };
}

function decodeFilling(bytes: Uint8Array, layout: Layout, random: Random): Decoded {
  const sink = new Sink(strings, 'input', new BatchBuilder(strings, bytes, 4));
  const decoder = decoderFor(layout, sink);
  const most = random.of([1, 7, 40, 400]);
  let done = 0;
  for (let filled = 0; filled < bytes.length; ) {
    filled = Math.min(bytes.length, filled + 1 + random.below(most) + (bytes.length >> 4));
    const before = done;
    done = decoder.decode(bytes, done, filled, false);
    expect(done >= before && done <= filled, `a decoder goes from ${before} to ${done} of ${filled}`);
  }
  decoder.decode(bytes, done, bytes.length, true);
  decoder.finishBatch();
  sink.countLongValues();
  const batches = sink.builder.count > 0 ? [sink.builder.finish()] : [];
  return { batches, spanCount: sink.spanCount, defects: sink.defects(), others: `${sink.logs} ${sink.metrics}` };
}

function decodeDocuments(bytes: Uint8Array, random: Random): Decoded {
  const documents = new DocumentStream(strings, 'input');
  const batches: SpanBatch[] = [];
  for (let at = 0; at < bytes.length; ) {
    const length = 1 + random.below(200);
    batches.push(...documents.push(bytes.slice(at, at + length)));
    at += length;
  }
  batches.push(...documents.end());
  const { spanCount, defects, logs, metrics } = documents.read();
  return { batches, spanCount, defects, others: `${logs} ${metrics}` };
}

/** In batches of some spans, each with its own values. */
function decodeStream(bytes: Uint8Array, layout: Layout, random: Random, batchSpans: number): Decoded {
  const sink = new Sink(strings, 'input');
  const limits = { piece: 1 + random.below(200), batchSpans, batchBytes: 1 << 16 };
  const tooLarge = (size: number): never => {
    throw new Error(`${size} bytes are too large`);
  };
  const stream = new PieceStream(sink, decoderFor(layout, sink), 1 << 28, tooLarge, limits);
  const batches: SpanBatch[] = [];
  for (let at = 0; at < bytes.length; ) {
    const next = Math.min(bytes.length, at + 1 + random.below(300));
    batches.push(...stream.push(bytes.slice(at, next)));
    at = next;
  }
  batches.push(...stream.end());
  return { batches, spanCount: sink.spanCount, defects: sink.defects(), others: `${sink.logs} ${sink.metrics}` };
}

function checkColumns(batch: SpanBatch): void {
  const { attributes, events, links } = batch;
  const inside = (from: number, to: number, count: number): boolean => from <= to && to <= count;
  for (let row = 0; row < batch.count; row++) {
    const good =
      inside(batch.attributeStart[row], batch.attributeEnd[row], attributes.count) &&
      inside(batch.eventStart[row], batch.eventEnd[row], events.count) &&
      inside(batch.linkStart[row], batch.linkEnd[row], links.count) &&
      batch.resource[row] < batch.resources.length &&
      batch.scope[row] < batch.scopes.length &&
      batch.kind[row] <= 5 &&
      batch.status[row] <= 2 &&
      Number.isInteger(batch.durationNs[row]) &&
      Math.abs(batch.durationNs[row]) <= 2 ** 64;
    expect(good, `row ${row} leads out of its columns, or has an impossible number`);
  }
}

function checkTrace(selections: readonly { readonly batch: SpanBatch; readonly rows: readonly number[] }[]): void {
  const traceId = traceIdHex(selections[0].batch.traceId, 0);
  const table = assembleTrace(traceId, selections);
  const overview = traceOverview(traceId, selections);
  expect(Number.isFinite(overview.durationNs), `an overview lasts ${overview.durationNs}`);
  const { spanCount, errorCount } = overview;
  expect(
    spanCount === table.count && errorCount === table.errorCount,
    `a list says ${spanCount} spans and ${errorCount} errors, the trace ${table.count} and ${table.errorCount}`,
  );
  const { criticalPath, selfNs, findings } = analyseTrace(table);
  expect(
    Number.isFinite(criticalPath.totalNs) && findings.every(({ rows }) => rows.every((row) => row < table.count)),
    'an analysis',
  );
  for (let row = 0; row < table.count; row++) {
    const good =
      table.parent[row] < row &&
      table.subtreeEnd[row] > row &&
      table.subtreeEnd[row] <= table.count &&
      Number.isFinite(table.startNs[row]) &&
      table.durationNsOf[row] >= 0 &&
      Number.isFinite(table.durationNsOf[row]) &&
      Number.isFinite(selfNs[row]) &&
      Number.isFinite(table.correctionNs?.[row] ?? 0);
    expect(good, `row ${row} of the assembled trace is impossible`);
  }
}

function sameTexts(found: readonly string[], wanted: readonly string[], what: string): void {
  expect(found.length === wanted.length, `${what} there are ${found.length} and ${wanted.length} spans`);
  for (let i = 0; i < found.length; i++)
    expect(found[i] === wanted[i], () => `${what} differ:\n${found[i]}\n-- and\n${wanted[i]}`);
}

function expect(holds: boolean, otherwise: string | (() => string)): void {
  if (!holds) throw new Error(typeof otherwise === 'string' ? otherwise : otherwise());
}
