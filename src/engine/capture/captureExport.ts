/**
 * A whole capture as a file that other tools read: from its logs to the file, a piece at a time, with redaction applied, whether it is in memory or not. Spans
 * go to the file that was named; log records, which no such format has beside spans, to another next to it.
 */

import { stat, unlink } from 'node:fs/promises';
import { basename } from 'node:path';
import { SpanhopError, throwIfAborted, toErrorData } from '../../base/errors';
import { Slices } from '../../base/slices';
import type { KeptCapture } from '../../capture/directory/keptCapture';
import { diskReason } from '../../capture/log/diskFailure';
import { PREFIX_BYTES } from '../../capture/log/logFormat';
import { type LogPiece, readLog } from '../../capture/log/logReader';
import { decodeBytes } from '../../core/format/format';
import { encodeLogs } from '../../core/format/otlp/encodeLogs';
import { logLine } from '../../core/format/otlp/encodeLogsJson';
import { decodeLogs } from '../../core/format/otlp/otlpLogs';
import type { SpanBatch } from '../../core/model/batch';
import type { LogRecord } from '../../core/model/logRecord';
import { StringTable } from '../../core/model/strings';
import type { CaptureFormat, ExportedCapture } from '../../protocol/capture';
import { writeRegular } from '../disk/regularFile';
import { redactedRecord } from '../redact/redactedLogs';
import type { Redactor } from '../redact/redactor';
import { replacementOf } from '../redact/replacement';
import { encodedRows, joinedInTurns } from '../store/encodeSpans';
import { handedOver } from './handOver';
import type { Work } from './readings';

export interface CaptureExport extends Work {
  readonly capture: KeptCapture;
  /** How far the logs of one that runs are written: bytes. */
  readonly endAt?: { readonly spans: number; readonly records: number };
  readonly format: CaptureFormat;
  readonly path: string;
  readonly redactor: Redactor;
}

const encoder = new TextEncoder();
const OPENING = encoder.encode('{"resourceSpans":[');
const CLOSING = encoder.encode(']}');
const COMMA = encoder.encode(',');
const LINE_END = encoder.encode('\n');

/** Rejects with `Cancelled`, and then leaves no file of half a capture behind. */
export async function exportCapture(given: CaptureExport): Promise<ExportedCapture> {
  const { capture, path, format } = given;
  const counts = { spans: 0, records: 0 };
  const written: string[] = [];
  const write = async (to: string, pieces: AsyncIterable<Uint8Array>): Promise<void> => {
    if ((await stat(to).catch(() => undefined)) === undefined) written.push(to);
    await writeRegular(to, basename(to), pieces);
  };
  try {
    await write(path, spansOf(given, counts));
    const records = capture.logs && given.endAt?.records !== 0 ? await freeName(recordsPath(path, format)) : undefined;
    if (records === undefined) return { spans: counts.spans, records: 0 };
    await write(records, recordsOf(given, counts));
    return { spans: counts.spans, records: counts.records, recordsPath: records };
  } catch (error) {
    for (const each of written) await unlink(each).catch(() => {});
    if (error instanceof SpanhopError || toErrorData(error).kind === 'Cancelled') throw error;
    throw new SpanhopError('Unreachable', `The capture cannot be written to ${path}: ${diskReason(error)}.`);
  }
}

async function* spansOf(
  { capture, endAt, format, redactor, signal, progress }: CaptureExport,
  counts: { spans: number },
): AsyncGenerator<Uint8Array> {
  const slices = new Slices(signal);
  const replacement = replacementOf(redactor);
  let isFirst = true;
  if (format === 'otlp-json') yield OPENING;
  for await (const piece of handedOver<LogPiece>((take) => readLog(capture.path, take, signal, endAt?.spans))) {
    throwIfAborted(signal);
    const { batches, spanCount } = decodeBytes(piece.bytes, { strings: new StringTable(), format: 'otlp-proto' });
    counts.spans += spanCount;
    progress?.({ step: 'exporting the capture', done: piece.done, total: piece.total, unit: 'bytes' });
    if (spanCount === 0) continue;
    const selections = batches.map((batch) => ({ batch, rows: allRows(batch) }));
    const encoding = format === 'otlp-proto' ? 'otlp-proto' : 'otlp-json';
    const bytes = await joinedInTurns(encodedRows(encoding, selections, slices, replacement), slices);
    if (format === 'otlp-proto') yield* framed(bytes);
    else if (format === 'otlp-jsonl') {
      yield bytes;
      yield LINE_END;
    } else {
      if (!isFirst) yield COMMA;
      yield bytes.subarray(OPENING.length, bytes.length - CLOSING.length);
    }
    isFirst = false;
  }
  if (format === 'otlp-json') yield CLOSING;
}

async function* recordsOf(
  { capture, endAt, format, redactor, signal }: CaptureExport,
  counts: { records: number },
): AsyncGenerator<Uint8Array> {
  const slices = new Slices(signal);
  const path = capture.logs?.path ?? '';
  for await (const piece of handedOver<LogPiece>((take) => readLog(path, take, signal, endAt?.records))) {
    throwIfAborted(signal);
    const records: LogRecord[] = [];
    for (const record of decodeLogs(piece.bytes, 'protobuf').records) {
      records.push(redactedRecord(record, redactor));
      await slices.maybePause();
    }
    counts.records += records.length;
    if (records.length === 0) continue;
    if (format === 'otlp-proto') yield* framed(encodeLogs(records));
    else yield encoder.encode(records.map(logLine).join(''));
  }
}

/** As the Collector's file exporter writes protobuf: a length before each message. */
function* framed(bytes: Uint8Array): Generator<Uint8Array> {
  const length = new Uint8Array(PREFIX_BYTES);
  new DataView(length.buffer).setUint32(0, bytes.length);
  yield length;
  yield bytes;
}

function allRows({ count }: SpanBatch): Uint32Array {
  return Uint32Array.from({ length: count }, (_, row) => row);
}

/** `shop.otlp.json` has its log records in `shop.logs.otlp.jsonl`. */
function recordsPath(path: string, format: CaptureFormat): string {
  const base = path.replace(/(?:\.otlp)?\.(?:json|jsonl|pb)$/i, '');
  return `${base}.logs.otlp.${format === 'otlp-proto' ? 'pb' : 'jsonl'}`;
}

/** Nobody was asked whether a file of this name may go. */
async function freeName(path: string): Promise<string> {
  for (let more = 1; ; more++) {
    const name = more === 1 ? path : path.replace(/(\.logs\.otlp\.\w+)$/, `-${more}$1`);
    if ((await stat(name).catch(() => undefined)) === undefined || more > 1_000) return name;
  }
}
