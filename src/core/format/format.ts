/**
 * Trace data in any of the formats that tools write, from bytes straight into columns (`../model/batch.ts`). The format is found by
 * looking at the content, never at a file's name. What is damaged is counted and explained (`defects`), and what stands before,
 * between and after the damage is kept; only input that is no trace data at all is refused (`SpanhopError`, kind `BadData`).
 */

import { SpanhopError } from '../../base/errors';
import type { Steps } from '../../base/steps';
import type { SpanBatch } from '../model/batch';
import { BatchBuilder } from '../model/batchBuilder';
import type { StringTable } from '../model/strings';
import type { Defect } from '../model/table';
import { decoderFor } from './decoders';
import { explain, utf16AsUtf8 } from './explain';
import { DocumentStream } from './mixed/documentStream';
import type { Layout, TraceFormat } from './sink/layout';
import { PieceStream } from './sink/pieceStream';
import { type PieceDecoder, Sink } from './sink/sink';
import { HEAD, layoutOf, mayBeEmpty } from './sniff';

export { otlpJsonPieces } from './otlp/encodeJson';
export { encodeOtlpProto, otlpProtoPieces } from './otlp/encodeProto';
export type { Replacement, RowSelection } from './otlp/groupRows';

/** Records that were seen and are not spans. */
export interface OtherSignals {
  readonly logs: number;
  readonly metrics: number;
}

export interface DecodeResult {
  readonly format: TraceFormat;
  readonly batches: readonly SpanBatch[];
  readonly spanCount: number;
  /** What could not be read, or was repaired while reading: kinds `unreadable`, `valueTooLong`, `capped`. */
  readonly defects: readonly Defect[];
  /** Parts that were left out as unreadable; 0: the spans are all that was there. */
  readonly leftOut: number;
  readonly otherSignals: OtherSignals;
}

export interface DecodeOptions {
  /** Takes the names; shared by all batches of a dataset. */
  readonly strings: StringTable;
  /** File or source, as messages name it. */
  readonly name?: string;
  /** Skips looking for the format. */
  readonly format?: TraceFormat;
}

/** One span, and in a stream all that is not decoded yet, may be so long. */
const LARGEST_RECORD = 1 << 28;

/**
 * Decodes input that is in memory as a whole. The batches' values stay in `bytes`, which must not change afterwards.
 * @throws SpanhopError `BadData` when the input holds no trace data of any known format
 */
export function decodeBytes(bytes: Uint8Array, options: DecodeOptions): DecodeResult {
  const text = utf16AsUtf8(bytes);
  if (text !== undefined) return decodeBytes(text, options);
  const layout = requireLayout(bytes, options);
  if (layout.documents) {
    const documents = new DocumentStream(options.strings, nameOf(options));
    const batches = [...documents.push(bytes), ...documents.end()];
    return documentsResult(bytes, options, documents, batches);
  }
  const bytesPerSpan = layout.json ? 1200 : 500;
  const expected = Math.min(1 << 20, Math.ceil(bytes.length / bytesPerSpan));
  const sink = new Sink(options.strings, nameOf(options), new BatchBuilder(options.strings, bytes, expected));
  const decoder = decoderFor(layout, sink);
  decoder.decode(bytes, 0, bytes.length, true);
  decoder.finishBatch();
  sink.countLongValues();
  return resultOf(bytes, options, layout, sink, sink.builder.count === 0 ? [] : [sink.builder.finish()]);
}

/**
 * `decodeBytes` in steps. The batches of a long input are several.
 * @throws SpanhopError as `decodeBytes` does
 */
export function* decodingBytes(bytes: Uint8Array, options: DecodeOptions): Steps<DecodeResult> {
  if (bytes.length <= FILLED) return decodeBytes(bytes, options);
  const text = utf16AsUtf8(bytes);
  if (text !== undefined) return yield* decodingBytes(text, options);
  const decoder = new FillingDecoder(bytes, options);
  for (let filled = DOCUMENTS_FILLED; filled < bytes.length; filled += DOCUMENTS_FILLED) {
    decoder.advance(filled);
    yield;
  }
  return decoder.end(bytes.length);
}

/** A batch of a filled buffer ends when it has so many spans: with those of one more step they fit into the rows that it has. */
const BATCH_SPANS = 60_000;
const BATCH_ROWS = 1 << 16;
/** About what a span takes in columns, with its attributes. */
const BATCH_ROW_BYTES = 200;

/** Decoding goes on when so many more bytes are there; less would be spent on the same unfinished span again and again. */
const FILLED = 1 << 18;
/** Of documents less is read in a step: each byte of them takes longer. */
const DOCUMENTS_FILLED = 1 << 16;

/**
 * Decodes one buffer while it is being filled from its beginning: a file that fits into memory. Values stay in the buffer, so nothing is
 * copied, and work is done in steps between which others have their turn: a batch ends before its columns are so long that copying them into
 * longer ones is a step of its own.
 */
export class FillingDecoder {
  private readonly sink: Sink;
  private running: { readonly layout: Layout; readonly decoder: PieceDecoder } | undefined;
  /** Instead of a decoder, where documents are looked for. */
  private documents: DocumentStream | undefined;
  private done = 0;
  private wanted = HEAD;
  /** Batches that are complete, and bytes of their columns. */
  private readonly batches: SpanBatch[] = [];
  private finished = 0;

  /** @param bytes has the length of the input; must not change where it was filled */
  constructor(
    private readonly bytes: Uint8Array,
    private readonly options: DecodeOptions,
  ) {
    this.sink = new Sink(options.strings, nameOf(options));
  }

  /** Spans decoded so far. */
  get spanCount(): number {
    return this.documents?.spanCount ?? this.sink.spanCount;
  }

  /** Bytes of the columns so far, with their reserve; without the input. */
  get byteLength(): number {
    return this.finished + (this.documents?.byteLength ?? 0) + this.sink.builder.byteLength;
  }

  /** Bytes that the next step may take more: columns that are full are copied into others of twice the size. */
  get growth(): number {
    return this.sink.builder.byteLength;
  }

  /**
   * Decodes what is complete in the first `filled` bytes.
   * @throws SpanhopError `BadData` as `decodeBytes` does
   */
  advance(filled: number): void {
    if (filled < this.wanted) return;
    const before = this.done;
    const { decoder } = this.start(filled);
    if (this.documents) {
      this.keep(this.documents.push(this.bytes.subarray(before, filled)));
      this.done = filled;
      this.wanted = filled + DOCUMENTS_FILLED;
      return;
    }
    this.done = decoder.decode(this.bytes, before, filled, false);
    const pending = filled - this.done;
    this.wanted = filled + (this.done > before ? FILLED : Math.max(FILLED, pending));
    if (this.sink.builder.count >= BATCH_SPANS) this.flush(this.start(filled).decoder);
  }

  /** All that there is has been filled: `filled` bytes, which may be fewer than expected. */
  end(filled: number): DecodeResult {
    const { layout, decoder } = this.start(filled);
    if (this.documents) {
      this.keep([...this.documents.push(this.bytes.subarray(this.done, filled)), ...this.documents.end()]);
      return documentsResult(this.bytes, this.options, this.documents, this.batches);
    }
    decoder.decode(this.bytes, this.done, filled, true);
    decoder.finishBatch();
    this.sink.countLongValues();
    const { builder } = this.sink;
    if (builder.count > 0) this.batches.push(builder.finish());
    return resultOf(this.bytes, this.options, layout, this.sink, this.batches);
  }

  /** Batches that own their values. */
  private keep(batches: readonly SpanBatch[]): void {
    for (const batch of batches) {
      this.batches.push(batch);
      this.finished += batch.blob.length + batch.count * BATCH_ROW_BYTES;
    }
  }

  /** Ends a batch, where the decoder lets it. */
  private flush(decoder: PieceDecoder): void {
    if (!decoder.canFlush()) return;
    const { sink } = this;
    decoder.finishBatch();
    sink.countLongValues();
    const previous = sink.builder;
    const next = new BatchBuilder(this.options.strings, this.bytes, BATCH_ROWS);
    decoder.carry({ previous, next, copy: (owner) => copyOwner(owner, previous, next) });
    sink.flushed += previous.count;
    sink.begin(next, this.done);
    this.finished += previous.byteLength;
    this.batches.push(previous.finish());
  }

  private start(filled: number): { readonly layout: Layout; readonly decoder: PieceDecoder } {
    if (!this.running) {
      const layout = requireLayout(this.bytes.subarray(0, filled), this.options);
      if (layout.documents) this.documents = new DocumentStream(this.options.strings, nameOf(this.options));
      this.sink.builder = builderFor(this.bytes, layout, this.options);
      this.running = { layout, decoder: decoderFor(layout, this.sink) };
    }
    return this.running;
  }
}

/**
 * Decodes input that comes in pieces: files larger than one string may be, and bodies of unknown length. Besides the batches it keeps
 * at most one unfinished span (and, for Jaeger's and Zipkin's formats, the trace it belongs to). Batches own their value bytes, so
 * pieces may be reused after `push`.
 */
export class StreamDecoder {
  private head: Uint8Array = new Uint8Array(0);
  private layout: Layout | undefined;
  private readonly sink: Sink;
  private stream: PieceStream | DocumentStream | undefined;

  constructor(private readonly options: DecodeOptions) {
    this.sink = new Sink(options.strings, nameOf(options));
  }

  /** Bytes of what is not handed out yet: columns with their reserve, values, and the end of the input that is not decoded. */
  get byteLength(): number {
    return this.sink.builder.byteLength + this.head.length + (this.stream?.byteLength ?? 0);
  }

  /**
   * Takes the next piece; returns the batches that became complete.
   * @throws SpanhopError `BadData` as `decodeBytes` does, `TooLarge` when a single span is longer than 256 MiB
   */
  push(chunk: Uint8Array): SpanBatch[] {
    if (this.stream) return this.stream.push(chunk);
    const head = new Uint8Array(this.head.length + chunk.length);
    head.set(this.head);
    head.set(chunk, this.head.length);
    this.head = head;
    return head.length >= HEAD ? this.start().push(head) : [];
  }

  /** The last batches (only those not returned by `push`) and the counts and defects of the whole input. */
  end(): DecodeResult {
    const early = this.stream ? [] : this.start().push(this.head);
    const last = this.stream?.end() ?? [];
    if (!this.layout) throw new SpanhopError('BadData', `${nameOf(this.options)} is empty.`);
    const batches = [...early, ...last];
    if (this.stream instanceof DocumentStream) return documentsResult(this.head, this.options, this.stream, batches);
    return resultOf(this.head, this.options, this.layout, this.sink, batches);
  }

  private start(): PieceStream | DocumentStream {
    this.layout = requireLayout(this.head, this.options);
    if (this.layout.documents) {
      this.stream = new DocumentStream(this.options.strings, this.sink.name);
      return this.stream;
    }
    this.stream = new PieceStream(this.sink, decoderFor(this.layout, this.sink), LARGEST_RECORD, (bytes) => {
      const size = Math.round(bytes / (1 << 20));
      throw new SpanhopError(
        'TooLarge',
        `${this.sink.name} has one span, or one value, of more than ${size} MB, which is too large to open.`,
      );
    });
    return this.stream;
  }
}

/** Attributes of a resource or a scope in the next batch, whose values are where they were. */
function copyOwner<T extends { readonly attributeStart: number; readonly attributeEnd: number }>(
  owner: T,
  previous: BatchBuilder,
  next: BatchBuilder,
): T {
  const attributeStart = next.attributeCount;
  const { attributeKey, attributeType, attributeNumber, attributeLength } = previous;
  for (let row = owner.attributeStart; row < owner.attributeEnd; row++)
    next.attribute(attributeKey[row], attributeType[row], attributeNumber[row], attributeLength[row]);
  return { ...owner, attributeStart, attributeEnd: next.attributeCount };
}

function builderFor(bytes: Uint8Array, layout: Layout, options: DecodeOptions): BatchBuilder {
  const bytesPerSpan = layout.json ? 1200 : 500;
  return new BatchBuilder(options.strings, bytes, Math.min(BATCH_ROWS, Math.ceil(bytes.length / bytesPerSpan)));
}

function nameOf(options: DecodeOptions): string {
  return options.name ?? 'The input';
}

function noTraceData(bytes: Uint8Array, options: DecodeOptions): SpanhopError {
  return new SpanhopError('BadData', `${nameOf(options)} ${explain(bytes.subarray(0, HEAD))}`);
}

function requireLayout(bytes: Uint8Array, options: DecodeOptions): Layout {
  const layout = layoutOf(bytes.subarray(0, HEAD), options.format);
  if (layout) return layout;
  throw noTraceData(bytes, options);
}

function resultOf(bytes: Uint8Array, options: DecodeOptions, layout: Layout, sink: Sink, batches: SpanBatch[]): DecodeResult {
  const defects = sink.defects();
  const isNothing = sink.spanCount + sink.logs + sink.metrics + sink.leftOutCount + defects.length === 0;
  if (isNothing && layout.json && options.format === undefined && !mayBeEmpty(bytes)) throw noTraceData(bytes, options);
  return {
    format: sink.isLines && layout.format === 'otlp-json' ? 'otlp-jsonl' : layout.format,
    batches,
    spanCount: sink.spanCount,
    defects,
    leftOut: sink.leftOutCount,
    otherSignals: { logs: sink.logs, metrics: sink.metrics },
  };
}

function documentsResult(
  bytes: Uint8Array,
  options: DecodeOptions,
  documents: DocumentStream,
  batches: readonly SpanBatch[],
): DecodeResult {
  const { format, spanCount, defects, leftOut, logs, metrics } = documents.read();
  if (format === undefined && leftOut === 0) throw noTraceData(bytes, options);
  return { format: format ?? 'mixed', batches, spanCount, defects, leftOut, otherSignals: { logs, metrics } };
}
