/** Reads a capture's log back into spans, for the list after a reload of the window and for counts where the index is missing. */

import type { CaptureIndex } from '../capture/directory';
import { type LogEnd, type LogPiece, readLog } from '../capture/logReader';
import { decodeBytes } from '../core/format/format';
import { decodeLogs } from '../core/format/otlpLogs';
import type { SpanBatch } from '../core/model/batch';
import type { LogRecord } from '../core/model/logRecord';
import { StringTable } from '../core/model/strings';
import type { Progress } from '../protocol/rpc';
import { Slices } from './slices';
import { IdIndex } from './store/idIndex';

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

/** Hands the spans of a log to `take`, in pieces of about 4 MB, letting others have turns in between. */
export async function loadLog(options: LoadOptions): Promise<LogEnd> {
  const slices = new Slices(options.signal);
  return readLog(
    options.path,
    async (piece) => {
      for (const batch of decodePiece(piece, options)) options.take(batch);
      options.progress?.({ step: 'reading the capture', done: piece.done, total: piece.total, unit: 'bytes' });
      await slices.maybePause();
    },
    options.signal,
    options.endAt,
  );
}

/** All of a piece at once, or request by request when something in it cannot be read, so that the damage stays in its request. */
function decodePiece(piece: LogPiece, { strings, name }: LoadOptions): readonly SpanBatch[] {
  const decode = (bytes: Uint8Array): readonly SpanBatch[] | undefined => {
    try {
      const result = decodeBytes(bytes, { strings: strings(), name, format: 'otlp-proto' });
      return result.defects.some((defect) => defect.kind === 'unreadable') && piece.lengths.length > 1
        ? undefined
        : result.batches;
    } catch {
      return undefined;
    }
  };
  const whole = decode(piece.bytes);
  if (whole) return whole;
  const batches: SpanBatch[] = [];
  let at = 0;
  for (const length of piece.lengths) {
    try {
      const bytes = piece.bytes.subarray(at, at + length);
      batches.push(...decodeBytes(bytes, { strings: strings(), name, format: 'otlp-proto' }).batches);
    } catch {
      // Counted by nobody: the receiver appends only what it could read, so this is a damaged disk.
    }
    at += length;
  }
  return batches;
}

/** Hands the records of a log of logs to `take`. A tail that was being written when the process died is left out. */
export async function loadRecords(
  path: string,
  take: (records: readonly LogRecord[]) => void,
  signal?: AbortSignal,
): Promise<void> {
  const slices = new Slices(signal);
  await readLog(
    path,
    async ({ bytes }) => {
      take(decodeLogs(bytes, 'protobuf').records);
      await slices.maybePause();
    },
    signal,
  );
}

/** What an index says, from the log itself. */
export async function countLog(path: string, signal?: AbortSignal): Promise<CaptureIndex> {
  const traces = new IdIndex();
  let spans = 0;
  const services = new Set<string>();
  const strings = new StringTable();
  const end = await loadLog({
    path,
    name: path,
    strings: () => strings,
    signal,
    take(batch) {
      spans += batch.count;
      for (let row = 0; row < batch.count; row++) {
        if (traces.find(batch.traceId, row * 4) < 0) traces.add(batch.traceId, row * 4);
      }
      for (const resource of batch.resources) services.add(batch.strings.get(resource.service));
    },
  });
  services.delete('');
  return { spans, traces: traces.size, services: [...services], bytes: end.wholeBytes };
}
