/** Reads a capture's log back into spans, for the list after a reload of the window and for counts where the index is missing. */

import { toErrorData } from '../../base/errors';
import { Slices } from '../../base/slices';
import { finish, inSlices, type Steps } from '../../base/steps';
import type { CaptureIndex } from '../../capture/directory/captureIndex';
import { MAX_FRAME_BYTES } from '../../capture/log/logFormat';
import { type LogEnd, type LogPiece, readLog } from '../../capture/log/logReader';
import { type DecodeResult, decodingBytes } from '../../core/format/format';
import { decodeLogs } from '../../core/format/otlp/otlpLogs';
import type { SpanBatch } from '../../core/model/batch';
import type { LogRecord } from '../../core/model/logRecord';
import { StringTable } from '../../core/model/strings';
import type { Progress } from '../../protocol/rpc';
import { encodeRecords } from '../store/encodeRecords';
import { encodeBatches } from '../store/encodeSpans';
import { IdIndex } from '../store/idIndex';
import { BegunSpans, errorsOf } from './captureCounts';

export interface LoadOptions {
  readonly path: string;
  readonly name: string;
  readonly strings: () => StringTable;
  readonly take: (batch: SpanBatch) => void;
  readonly signal?: AbortSignal;
  readonly progress?: (progress: Progress) => void;
  /** Reads no further than this. */
  readonly endAt?: number;
}

export interface LoadEnd extends LogEnd {
  /** Parts of whole requests that could not be read. */
  readonly leftOut: number;
}

/** Hands the spans of a log to `take`, in pieces of about 4 MB, letting others have turns in between. */
export async function loadLog(options: LoadOptions): Promise<LoadEnd> {
  const slices = new Slices(options.signal);
  let leftOut = 0;
  const end = await readLog(
    options.path,
    async (piece) => {
      for (const result of await decodePiece(piece, options, slices)) {
        for (const batch of result.batches) {
          options.take(batch);
          await slices.maybePause();
        }
        if (!piece.damaged) leftOut += result.leftOut;
      }
      options.progress?.({ step: 'reading the capture', done: piece.done, total: piece.total, unit: 'bytes' });
      await slices.maybePause();
    },
    options.signal,
    options.endAt,
  );
  return { ...end, leftOut };
}

type Decoded = Pick<DecodeResult, 'batches' | 'leftOut'>;

/** All of a piece at once, or request by request when something in it cannot be read, so that the damage stays in its request. */
async function decodePiece(
  { bytes, lengths }: LogPiece,
  options: Pick<LoadOptions, 'strings' | 'name'>,
  slices: Slices,
): Promise<readonly Decoded[]> {
  const whole = await inSlices(decodingRequest(bytes, options), slices);
  if (whole.leftOut === 0 || lengths.length === 1) return [whole];
  const requests: Decoded[] = [];
  let at = 0;
  for (const length of lengths) {
    requests.push(await inSlices(decodingRequest(bytes.subarray(at, at + length), options), slices));
    at += length;
  }
  return requests;
}

function* decodingRequest(bytes: Uint8Array, { strings, name }: Pick<LoadOptions, 'strings' | 'name'>): Steps<Decoded> {
  try {
    return yield* decodingBytes(bytes, { strings: strings(), name, format: 'otlp-proto' });
  } catch (error) {
    if (toErrorData(error).kind === 'Cancelled') throw error;
    // The receiver appends only what it could read, so this is a damaged disk.
    return { batches: [], leftOut: 1 };
  }
}

/** What can be read of a damaged request, as requests. */
export function salvageSpans(damaged: Uint8Array): Uint8Array[] {
  const strings = new StringTable();
  const { batches } = finish(decodingRequest(damaged, { strings: () => strings, name: 'The log' }));
  try {
    return batches.some(({ count }) => count > 0) ? encodeBatches(batches, MAX_FRAME_BYTES) : [];
  } catch {
    return [];
  }
}

/** The same of log records. */
export function salvageRecords(damaged: Uint8Array): Uint8Array[] {
  const { records } = decodeLogs(damaged, 'protobuf', 'ours', 'all');
  try {
    return encodeRecords(records);
  } catch {
    return [];
  }
}

/** Hands the records of a log of logs to `take`. A tail that was being written when the process died is left out. */
export async function loadRecords(
  path: string,
  take: (records: readonly LogRecord[]) => void,
  signal?: AbortSignal,
  endAt?: number,
): Promise<LoadEnd> {
  const slices = new Slices(signal);
  let leftOut = 0;
  const end = await readLog(
    path,
    async ({ bytes, damaged }) => {
      const { records, unreadable } = decodeLogs(bytes, 'protobuf');
      if (!damaged) leftOut += unreadable;
      take(records);
      await slices.maybePause();
    },
    signal,
    endAt,
  );
  return { ...end, leftOut };
}

/** What an index says, from the log itself; and how that ended. */
export async function countLog(path: string, signal?: AbortSignal): Promise<{ index: CaptureIndex; end: LoadEnd }> {
  const traces = new IdIndex();
  let spans = 0;
  let again = 0;
  let errors = 0;
  const begun = new BegunSpans();
  const services = new Set<string>();
  const strings = new StringTable();
  const end = await loadLog({
    path,
    name: path,
    strings: () => strings,
    signal,
    take(batch) {
      spans += batch.count;
      again += begun.countAgain(batch);
      errors += errorsOf(batch);
      for (let row = 0; row < batch.count; row++) {
        if (traces.find(batch.traceId, row * 4) < 0) traces.add(batch.traceId, row * 4);
      }
      for (const resource of batch.resources) services.add(batch.strings.get(resource.service));
    },
  });
  services.delete('');
  return { index: { spans, again, traces: traces.size, errors, services: [...services], bytes: end.wholeBytes }, end };
}
