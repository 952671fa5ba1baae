/**
 * Answers of the engine that may be of any length cross packed (`records.ts`), and are made what their methods say where they arrive, in turns with
 * others: a list of 100,000 traces or a trace of a million spans would hold the extension host for seconds as one message of objects.
 */

import type { Slices } from '../base/slices';
import type { TraceOverview } from '../core/model/table';
import type { EngineMethods } from './engine';
import type { DatasetContent, FileMethods } from './files';
import { type RecordPiece, RecordReader, RecordWriter } from './records';
import type { Params } from './rpc';
import type { SpanData, TraceData, TraceMethods } from './traces';

interface PackedTraces {
  readonly packed: 'traces';
  readonly traces: readonly RecordPiece[];
}

export type PackedFound = PackedTraces & { readonly more: boolean };
export type PackedContent = PackedTraces & Omit<DatasetContent, 'traces'>;

export interface PackedTraceData extends Omit<TraceData, 'spans'> {
  readonly packed: 'spans';
  readonly spans: readonly RecordPiece[];
}

/** The engine's surface as it crosses. */
export type PackedMethods = Omit<EngineMethods, 'findTraces' | 'traceData' | 'listFile' | 'addBytes'> & {
  findTraces(params: Params<TraceMethods, 'findTraces'>): PackedFound;
  traceData(params: Params<TraceMethods, 'traceData'>): PackedTraceData;
  listFile(params: Params<FileMethods, 'listFile'>): PackedContent;
  addBytes(params: Params<FileMethods, 'addBytes'>): PackedContent;
};

/** Records into pieces, one after the other as they come. */
export class Packer<T> {
  readonly pieces: RecordPiece[] = [];
  private writer = new RecordWriter();
  private isEmpty = true;

  constructor(private readonly write: (writer: RecordWriter, record: T) => void) {}

  add(record: T): void {
    this.writer.begin();
    this.write(this.writer, record);
    this.isEmpty = false;
    if (this.writer.isFull) this.end();
  }

  /** All pieces, and their buffers to be moved. */
  finish(): { readonly pieces: readonly RecordPiece[]; readonly buffers: readonly ArrayBuffer[] } {
    if (!this.isEmpty) this.end();
    return { pieces: this.pieces, buffers: this.pieces.flatMap(({ numbers, texts }) => [numbers, texts]) };
  }

  private end(): void {
    this.pieces.push(this.writer.finish());
    this.writer = new RecordWriter();
    this.isEmpty = true;
  }
}

/** What a method says of an answer as it came. Rejects with `Cancelled` when the caller of the slices gave up. */
export function unpacked<T>(answer: T, slices: Slices): Promise<T>;
export async function unpacked(answer: unknown, slices: Slices): Promise<unknown> {
  if (!isPacked(answer)) return answer;
  const { packed, ...rest } = answer;
  return 'spans' in rest
    ? { ...rest, spans: await unpackedRecords(rest.spans, readSpan, slices) }
    : { ...rest, traces: await unpackedRecords(rest.traces, readOverview, slices) };
}

function isPacked(answer: unknown): answer is PackedFound | PackedContent | PackedTraceData {
  return typeof answer === 'object' && answer !== null && 'packed' in answer;
}

async function unpackedRecords<T>(
  pieces: readonly RecordPiece[],
  read: (reader: RecordReader) => T,
  slices: Slices,
): Promise<T[]> {
  const records: T[] = [];
  for (const piece of pieces) {
    const reader = new RecordReader(piece);
    for (let i = 0; i < piece.count; i++) records.push(read(reader));
    await slices.maybePause();
  }
  return records;
}

export function writeOverview(writer: RecordWriter, overview: TraceOverview): void {
  writer.text(overview.traceId);
  writer.word(overview.rootName);
  writer.word(overview.rootService);
  writer.unsigned64(overview.startUnixNano);
  writer.value(overview.durationNs);
  writer.value(overview.spanCount);
  writer.value(overview.errorCount);
  writer.value(overview.missingSpans);
  writer.value(overview.running);
  writer.whole(overview.inLog ? 1 : 0);
  writer.whole(overview.services ? 1 : 0);
  writer.list(overview.services ?? [], (name) => writer.word(name));
  writer.optionalWord(overview.session);
  writer.value(overview.matched?.count);
  writer.list(overview.matched?.spanIds ?? [], (id) => writer.text(id));
}

function readOverview(reader: RecordReader): TraceOverview {
  const traceId = reader.text();
  const rootName = reader.word();
  const rootService = reader.word();
  const startUnixNano = reader.unsigned64();
  const durationNs = numberOf(reader) ?? 0;
  const spanCount = numberOf(reader);
  const errorCount = numberOf(reader);
  const missingSpans = numberOf(reader);
  const running = numberOf(reader);
  const inLog = reader.whole() === 1;
  const hasServices = reader.whole() === 1;
  const services = reader.list(() => reader.word());
  const session = reader.optionalWord();
  const count = numberOf(reader);
  const spanIds = reader.list(() => reader.text());
  return {
    traceId,
    rootName,
    rootService,
    startUnixNano,
    durationNs,
    ...(spanCount === undefined ? {} : { spanCount }),
    ...(errorCount === undefined ? {} : { errorCount }),
    ...(missingSpans === undefined ? {} : { missingSpans }),
    ...(running === undefined ? {} : { running }),
    ...(inLog ? { inLog } : {}),
    ...(hasServices ? { services } : {}),
    ...(session === undefined ? {} : { session }),
    ...(count === undefined ? {} : { matched: { count, spanIds } }),
  };
}

export function writeSpan(writer: RecordWriter, span: SpanData): void {
  writer.word(span.traceId);
  writer.text(span.spanId);
  writer.optionalWord(span.parentSpanId);
  writer.word(span.name);
  writer.word(span.service);
  writer.whole(span.kind);
  writer.unsigned64(span.startTimeUnixNano);
  writer.value(span.durationNs);
  writer.whole(span.status);
  writer.optionalWord(span.statusMessage);
  writer.map(span.attributes);
  writer.sharedMap(span.resource);
  writer.whole(span.scope ? 1 : 0);
  if (span.scope) {
    writer.word(span.scope.name);
    writer.optionalWord(span.scope.version);
  }
  writer.list(span.events, ({ name, timeUnixNano, attributes }) => {
    writer.word(name);
    writer.unsigned64(timeUnixNano);
    writer.map(attributes);
  });
  writer.list(span.logs, ({ timeUnixNano, severityNumber, severityText, body, attributes }) => {
    writer.unsigned64(timeUnixNano);
    writer.whole(severityNumber);
    writer.word(severityText);
    writer.value(body);
    writer.map(attributes);
  });
  writer.list(span.links, ({ traceId, spanId, attributes }) => {
    writer.word(traceId);
    writer.text(spanId);
    writer.map(attributes);
  });
}

function readSpan(reader: RecordReader): SpanData {
  const traceId = reader.word();
  const spanId = reader.text();
  const parentSpanId = reader.optionalWord();
  const name = reader.word();
  const service = reader.word();
  const kind = reader.whole();
  const startTimeUnixNano = reader.unsigned64();
  const durationNs = numberOf(reader) ?? 0;
  const status = reader.whole();
  const statusMessage = reader.optionalWord();
  const attributes = reader.map();
  const resource = reader.sharedMap();
  const scope = reader.whole() === 1 ? readScope(reader) : undefined;
  return {
    traceId,
    spanId,
    ...(parentSpanId === undefined ? {} : { parentSpanId }),
    name,
    service,
    kind,
    startTimeUnixNano,
    durationNs,
    status,
    ...(statusMessage === undefined ? {} : { statusMessage }),
    attributes,
    resource,
    ...(scope ? { scope } : {}),
    events: reader.list(() => ({ name: reader.word(), timeUnixNano: reader.unsigned64(), attributes: reader.map() })),
    logs: reader.list(() => ({
      timeUnixNano: reader.unsigned64(),
      severityNumber: reader.whole(),
      severityText: reader.word(),
      body: reader.value(),
      attributes: reader.map(),
    })),
    links: reader.list(() => ({ traceId: reader.word(), spanId: reader.text(), attributes: reader.map() })),
  };
}

function readScope(reader: RecordReader): NonNullable<SpanData['scope']> {
  const name = reader.word();
  const version = reader.optionalWord();
  return { name, ...(version === undefined ? {} : { version }) };
}

function numberOf(reader: RecordReader): number | undefined {
  const value = reader.value();
  return typeof value === 'number' ? value : undefined;
}
