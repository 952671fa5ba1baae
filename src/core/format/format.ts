/**
 * Trace data in any of the formats that tools write, from bytes straight into columns (`../model/batch.ts`). The format is found by
 * looking at the content, never at a file's name. What is damaged is counted and explained (`defects`), and what stands before,
 * between and after the damage is kept; only input that is no trace data at all is refused (`SpanhopError`, kind `BadData`).
 */

import { SpanhopError } from '../errors';
import type { SpanBatch } from '../model/batch';
import type { StringTable } from '../model/strings';
import type { Defect } from '../model/table';

/**
 * `otlp-json`: one or more OTLP/JSON objects, an array of them, or Jaeger's /api/v3 answer. `otlp-jsonl`: one OTLP/JSON object a line.
 * `otlp-proto`: an OTLP protobuf message, or several with a length of 4 bytes (big endian) before each, as the OpenTelemetry
 * Collector's file exporter writes them. `jaeger`: JSON of Jaeger's UI and its /api. `zipkin`: Zipkin v2 JSON. `tempo`: JSON of
 * Tempo's /api/traces and /api/v2/traces, and the protobuf of the latter.
 */
export type TraceFormat = 'otlp-json' | 'otlp-jsonl' | 'otlp-proto' | 'jaeger' | 'zipkin' | 'tempo';

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

/** The format of data that begins with `head` (64 KiB are enough); undefined when it is none that holds traces. */
export function sniff(head: Uint8Array): TraceFormat | undefined {
  return head.length === 0 ? undefined : 'otlp-proto';
}

/**
 * Decodes input that is in memory as a whole. The batches' values stay in `bytes`, which must not change afterwards.
 * @throws SpanhopError `BadData` when the input holds no trace data of any known format
 */
export function decodeBytes(bytes: Uint8Array, options: DecodeOptions): DecodeResult {
  throw new SpanhopError('BadData', `${options.name ?? 'The input'} of ${bytes.length} bytes is in no known format.`);
}

/**
 * Decodes input that comes in pieces: files larger than one string may be, and bodies of unknown length. Besides the batches it keeps
 * at most one unfinished span (and, for Jaeger's and Zipkin's formats, the trace it belongs to). Batches own their value bytes, so pieces may be reused after `push`.
 */
export class StreamDecoder {
  constructor(private readonly options: DecodeOptions) {}

  /** Takes the next piece; returns the batches that became complete. */
  push(chunk: Uint8Array): SpanBatch[] {
    throw new SpanhopError('BadData', `${this.options.name ?? 'The input'} of ${chunk.length} bytes is in no known format.`);
  }

  /** The last batches (only those not returned by `push`) and the counts and defects of the whole input. */
  end(): DecodeResult {
    throw new SpanhopError('BadData', `${this.options.name ?? 'The input'} is empty.`);
  }
}

/** Rows of one batch to export. */
export interface RowSelection {
  readonly batch: SpanBatch;
  readonly rows: ArrayLike<number>;
}
