/**
 * A trace's columns to and from the webview: `packing` in the engine, `unpackSnapshot` in the view. Times are whole quanta of a power of ten
 * nanoseconds, the smallest with which the trace fits into 32 bits (1 ns up to 4.2 s, 1 µs up to 71 min), and a start is told from the one of
 * the sibling before or of the parent. A span takes about 10 bytes, 22 at most.
 */

import { ranges, type Steps } from '../base/steps';
import type { TraceAnalysis } from '../core/analysis/analyse';
import { longestSegments } from '../core/analysis/criticalPath';
import { mainRoot } from '../core/analysis/root';
import { shownBounds, shownStarts } from '../core/analysis/times';
import { rasteringMinimap } from '../core/layout/minimap';
import { type GroupIndex, indexGroups, type TreeColumns, treeFromDepths } from '../core/layout/tree';
import { STATUS_ERROR } from '../core/model/batch';
import type { Defect, SpanTable } from '../core/model/table';
import { idChanges } from './idChanges';
import { distinct, narrow, VarintReader, VarintWriter, widen } from './packing';
import type { LiveSpans, TraceSnapshot, TraceStop } from './snapshot';

/** Services that fit into 12 bits; the last stands for all beyond. */
const MAX_SERVICES = 4096;
/** Where the rest of a span's word stands (`TraceSnapshot.words`). */
const STATUS_SHIFT = 12;
const FLAGS_SHIFT = 16;
/** Segments of the critical path in a snapshot, 20 bytes each. */
const MAX_SEGMENTS = 100_000;
const OTHER_SERVICES = '(other services)';

export interface PackOptions {
  readonly revision: number;
  readonly dataset: string;
  readonly live: boolean;
  readonly running?: LiveSpans;
  readonly stops?: readonly TraceStop[];
  /** With the ids of its spans; or only with what is new of them since a revision. */
  readonly ids?: boolean | { readonly since: number; readonly words: Uint32Array };
  /** A string of the table as it may be shown; without it as it is. */
  readonly text?: (index: number) => string;
}

/** The least power of ten of nanoseconds with which `durationNs` fits into 32 bits. */
export function quantumOf(durationNs: number): number {
  let quantumNs = 1;
  while (Math.ceil(durationNs / quantumNs) > 0xffffffff) quantumNs *= 10;
  return quantumNs;
}

/** The picture of a trace, packed for its way to a page. */
export function* packing(table: SpanTable, analysis: TraceAnalysis, options: PackOptions): Steps<TraceSnapshot> {
  const { count, strings } = table;
  const { text = (index: number): string => strings.get(index) } = options;
  const quantumNs = quantumOf(table.durationNs);
  const names = yield* compactColumn(table.name, strings.size);
  const services = yield* compactColumn(table.service, strings.size);
  const packed = new Uint32Array(count);
  yield* ranges(count, (from, to) => {
    for (let row = from; row < to; row++) {
      const service = Math.min(services.column[row], MAX_SERVICES - 1);
      packed[row] = service | ((table.status[row] & 3) << STATUS_SHIFT) | (table.flags[row] << FLAGS_SHIFT);
    }
  });
  const words = yield* distinct(packed);
  const root = mainRoot(table);
  const serviceNames = services.distinct.map(text);
  const tooMany = serviceNames.length > MAX_SERVICES;
  const { groups } = analysis;
  const criticalPath = yield* longestSegments(analysis.criticalPath, MAX_SEGMENTS);
  return {
    revision: options.revision,
    dataset: options.dataset,
    traceId: table.traceId,
    rootName: root.isRoot ? text(table.name[root.row]) : '',
    rootService: root.isRoot ? text(table.service[root.row]) : '',
    startUnixNano: String(table.startUnixNano),
    durationNs: table.durationNs,
    count,
    errorCount: table.errorCount,
    quantumNs,
    services: tooMany ? [...serviceNames.slice(0, MAX_SERVICES - 1), OTHER_SERVICES] : serviceNames,
    names: yield* textsOf(names.distinct, text),
    times: yield* packTimes(table, quantumNs),
    depth: yield* narrow(table.depth),
    name: yield* narrow(names.column),
    words: words.distinct.buffer,
    word: words.at,
    ...packCorrections(table),
    corrections: table.corrections,
    groups: { count: groups.count, start: exact(groups.start), rows: exact(groups.rows) },
    findings: analysis.findings.map(({ name, message, ...finding }) => ({ ...finding, message: message(text(name)) })),
    defects: tooMany ? [...table.defects, servicesDefect(serviceNames.length)] : table.defects,
    criticalPathNs: criticalPath.totalNs,
    criticalRow: exact(criticalPath.row),
    criticalStart: exact(criticalPath.startNs),
    criticalEnd: exact(criticalPath.endNs),
    minimap: yield* packMinimap(table, services.column),
    live: options.live,
    ...(options.running ? { running: options.running } : {}),
    stops: options.stops ?? [],
    ...(yield* packIds(table, options.ids)),
  };
}

/** The buffers of a snapshot, to transfer them. */
export function snapshotBuffers(snapshot: TraceSnapshot): ArrayBuffer[] {
  return [
    snapshot.times,
    snapshot.depth,
    snapshot.name,
    snapshot.words,
    snapshot.word,
    snapshot.correctedRow,
    snapshot.correctedNs,
    snapshot.groups.start,
    snapshot.groups.rows,
    snapshot.criticalRow,
    snapshot.criticalStart,
    snapshot.criticalEnd,
    snapshot.minimap.cells,
    ...(snapshot.spanIds ? [snapshot.spanIds] : []),
    ...(snapshot.idChanges ? [snapshot.idChanges.runs, snapshot.idChanges.words] : []),
    ...(snapshot.running ? [snapshot.running.rows, snapshot.running.elapsedNs, snapshot.running.state] : []),
  ];
}

function* packIds(table: SpanTable, ids: PackOptions['ids']): Steps<Pick<TraceSnapshot, 'spanIds' | 'idChanges'>> {
  if (!ids) return {};
  const words = table.spanId.subarray(0, table.count * 2);
  return ids === true ? { spanIds: exact(words) } : { idChanges: yield* idChanges(ids.since, ids.words, words) };
}

/** Per row its start and its duration in quanta. */
function* packTimes(table: SpanTable, quantumNs: number): Steps<ArrayBuffer> {
  const { count, durationNsOf, depth } = table;
  const startNs = shownStarts(table);
  const written = new VarintWriter(count * 2);
  /** Per depth: the start of the last row there, or of its parent while there was none. */
  const before: number[] = [0];
  yield* ranges(count, (from, to) => {
    for (let row = from; row < to; row++) {
      const start = Math.round(startNs[row] / quantumNs);
      written.writeSigned(start - before[depth[row]]);
      before[depth[row]] = start;
      before[depth[row] + 1] = start;
      // Start and end are rounded, not start and duration, so that what touches in the data touches on the screen.
      written.write(Math.round((startNs[row] + durationNsOf[row]) / quantumNs) - start);
    }
  });
  return written.finish();
}

/** Of a million spans with a name each it is a million texts. */
function* textsOf(indices: readonly number[], text: (index: number) => string): Steps<string[]> {
  const texts: string[] = [];
  yield* ranges(indices.length, (from, to) => {
    for (let i = from; i < to; i++) texts.push(text(indices[i]));
  });
  return texts;
}

function servicesDefect(count: number): Defect {
  const beyond = count - MAX_SERVICES + 1;
  return {
    kind: 'capped',
    count: beyond,
    message: `This trace has ${count} services. The last ${beyond} share one colour and the name "${OTHER_SERVICES}".`,
  };
}

/** A copy of exactly the array's bytes: the table keeps its own, and VS Code would send a whole backing buffer. */
function exact(array: Uint32Array | Float64Array): ArrayBuffer {
  const copy = new Uint8Array(array.byteLength);
  copy.set(new Uint8Array(array.buffer, array.byteOffset, array.byteLength));
  return copy.buffer;
}

/** Renumbers a column of string indices by first appearance. */
function* compactColumn(
  column: Uint32Array,
  size: number,
): Steps<{ readonly column: Uint32Array<ArrayBuffer>; readonly distinct: readonly number[] }> {
  const numberOf = new Uint32Array(size);
  const distinct: number[] = [];
  const compacted = new Uint32Array(column.length);
  yield* ranges(column.length, (from, to) => {
    for (let row = from; row < to; row++) {
      const index = column[row];
      if (numberOf[index] === 0) numberOf[index] = distinct.push(index);
      compacted[row] = numberOf[index] - 1;
    }
  });
  return { column: compacted, distinct };
}

function packCorrections(table: SpanTable): Pick<TraceSnapshot, 'correctedRow' | 'correctedNs'> {
  const { correctionNs } = table;
  if (!correctionNs) return { correctedRow: new ArrayBuffer(0), correctedNs: new ArrayBuffer(0) };
  let size = 0;
  for (const shiftNs of correctionNs) if (shiftNs !== 0) size++;
  const rows = new Uint32Array(size);
  const shifts = new Float64Array(size);
  for (let row = 0, at = 0; row < table.count; row++) {
    if (correctionNs[row] === 0) continue;
    rows[at] = row;
    shifts[at++] = correctionNs[row];
  }
  return { correctedRow: rows.buffer, correctedNs: shifts.buffer };
}

function* packMinimap(table: SpanTable, service: Uint32Array): Steps<TraceSnapshot['minimap']> {
  const startNs = shownStarts(table);
  const { columns, lanes, cells } = yield* rasteringMinimap(
    {
      count: table.count,
      startNs,
      durationNs: table.durationNsOf,
      serviceOf: (row) => service[row],
      isError: (row) => table.status[row] === STATUS_ERROR,
    },
    shownBounds(startNs, table.durationNsOf),
  );
  return { columns, lanes, cells: exactBytes(cells) };
}

function exactBytes(array: Uint8Array): ArrayBuffer {
  const copy = new Uint8Array(array.length);
  copy.set(array);
  return copy.buffer;
}

/** A trace as the webview works with it. Span indices are the snapshot's rows. */
export interface WaterfallModel {
  readonly snapshot: TraceSnapshot;
  readonly tree: TreeColumns;
  readonly groups: GroupIndex;
  /** Nanoseconds from the trace's start, as the data says, and with clocks corrected (the same array when none was). */
  readonly rawStartNs: Float64Array;
  readonly startNs: Float64Array;
  readonly durationNs: Float64Array;
  /** What the timeline spans. With clocks as the data has them it may begin before 0. */
  readonly rawBounds: { readonly startNs: number; readonly endNs: number };
  readonly bounds: { readonly startNs: number; readonly endNs: number };
  readonly name: Uint32Array;
  readonly packed: Uint32Array;
  readonly critical: { readonly row: Uint32Array; readonly startNs: Float64Array; readonly endNs: Float64Array };
}

export function unpackSnapshot(snapshot: TraceSnapshot): WaterfallModel {
  const { count, quantumNs } = snapshot;
  const tree = treeFromDepths(widen(snapshot.depth, count));
  const startNs = new Float64Array(count);
  const durationNs = new Float64Array(count);
  const times = new VarintReader(snapshot.times);
  const before: number[] = [0];
  for (let span = 0; span < count; span++) {
    const depth = tree.depth[span];
    const start = before[depth] + times.readSigned();
    before[depth] = start;
    before[depth + 1] = start;
    startNs[span] = start * quantumNs;
    durationNs[span] = times.read() * quantumNs;
  }
  const correctedRow = new Uint32Array(snapshot.correctedRow);
  const correctedNs = new Float64Array(snapshot.correctedNs);
  const rawStartNs = correctedRow.length === 0 ? startNs : Float64Array.from(startNs);
  for (let k = 0; k < correctedRow.length; k++) rawStartNs[correctedRow[k]] -= correctedNs[k];
  const bounds = { startNs: 0, endNs: snapshot.durationNs };
  return {
    snapshot,
    tree,
    groups: indexGroups(count, new Uint32Array(snapshot.groups.start), new Uint32Array(snapshot.groups.rows)),
    rawStartNs,
    startNs,
    durationNs,
    rawBounds: startNs === rawStartNs ? bounds : shownBounds(rawStartNs, durationNs),
    bounds,
    name: widen(snapshot.name, count),
    packed: wordsOf(snapshot),
    critical: {
      row: new Uint32Array(snapshot.criticalRow),
      startNs: new Float64Array(snapshot.criticalStart),
      endNs: new Float64Array(snapshot.criticalEnd),
    },
  };
}

function wordsOf({ words, word, count }: TraceSnapshot): Uint32Array {
  const distinctWords = new Uint32Array(words);
  const packed = widen(word, count);
  for (let span = 0; span < count; span++) packed[span] = distinctWords[packed[span]];
  return packed;
}

/** What has the spans' words: a model, or the view's. */
type Packed = Pick<WaterfallModel, 'packed'>;

/** Index into the snapshot's services. */
export function serviceOf({ packed }: Packed, span: number): number {
  return packed[span] & (MAX_SERVICES - 1);
}

export function isError({ packed }: Packed, span: number): boolean {
  return ((packed[span] >>> STATUS_SHIFT) & 3) === STATUS_ERROR;
}

/** @param flag FLAG_… of `core/model/table` */
export function hasFlag({ packed }: Packed, span: number, flag: number): boolean {
  return ((packed[span] >>> FLAGS_SHIFT) & flag) !== 0;
}
