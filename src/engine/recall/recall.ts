/**
 * Has a captured trace that left memory be in it again, for somebody who opens it: its spans are read from its capture's log, only the part in which it
 * stands, and only the requests that have some of them. Its spans leave again as those of any trace, but not at once.
 */

import { SpanhopError } from '../../base/errors';
import { SharedWork } from '../../base/sharedWork';
import { Slices } from '../../base/slices';
import { inSlices } from '../../base/steps';
import { readTraceFrames } from '../../capture/log/traceFrames';
import { decodeBytes, decodingBytes, encodeOtlpProto, type RowSelection } from '../../core/format/format';
import { decodeLogs } from '../../core/format/otlp/otlpLogs';
import type { SpanBatch } from '../../core/model/batch';
import { traceIdWords } from '../../core/model/ids';
import type { LogRecord } from '../../core/model/logRecord';
import { StringTable } from '../../core/model/strings';
import type { Dataset } from '../store/dataset';
import { WHOLE_LOG } from '../store/logPlaces';

export interface RecallOwner {
  readonly dataset: Dataset | undefined;
  /** Logs of a capture, of spans and of log records, by its number in the store; undefined where they are gone. */
  logsOf(capture: number): Promise<{ readonly spans: string; readonly records: string | undefined } | undefined>;
  /** What captures may take in memory, bytes. */
  limitBytes(): number;
  /** Memory has more in it than before. */
  grew(): void;
}

/** Of a span, while nothing is in memory to tell. */
const USUAL_BYTES = 1_000;
/** A trace that is read again takes at most so large a part of memory. */
const MOST_SHARE = 4;

export class Recall {
  private readonly work = new SharedWork((traceId: string, signal) => this.read(traceId, signal));

  constructor(private readonly owner: RecallOwner) {}

  /** Whether a trace left memory and can be read again. One that would take the room of most others is not. */
  has(traceId: string): boolean {
    const { dataset } = this.owner;
    const slot = dataset?.left.slotOf(traceId) ?? -1;
    if (!dataset || slot < 0) return false;
    const { store, left } = dataset;
    const spanBytes = store.spans > 0 ? store.bytes / store.spans : USUAL_BYTES;
    return left.spansOf(slot) * spanBytes <= this.owner.limitBytes() / MOST_SHARE;
  }

  /** Reads it, where it left. Rejects with `NotFound` where its log is gone. */
  async get(traceId: string, signal?: AbortSignal): Promise<void> {
    if (this.has(traceId)) await this.work.get(traceId, signal);
  }

  private async read(traceId: string, signal: AbortSignal): Promise<void> {
    const { dataset } = this.owner;
    const slot = dataset?.left.slotOf(traceId) ?? -1;
    if (!dataset || slot < 0) return;
    const capture = dataset.left.captureOf(slot);
    const place = dataset.left.placeOf(slot);
    const logs = await this.owner.logsOf(capture);
    if (!logs) {
      dataset.left.forget(traceId);
      throw new SpanhopError('NotFound', `Trace ${traceId} left memory, and the log of its capture is gone.`);
    }
    const words = traceIdWords(traceId);
    const id = bytesOf(words);
    const { spans: path } = logs;
    const batches: SpanBatch[] = [];
    const slices = new Slices(signal);
    const take = async (request: Uint8Array): Promise<void> => {
      const strings = new StringTable();
      const { batches: decoded } = await inSlices(
        decodingBytes(request.slice(), { strings, name: path, format: 'otlp-proto' }),
        slices,
      );
      const selections = decoded.map((batch) => ({ batch, rows: rowsOf(batch, words) })).filter(({ rows }) => rows.length > 0);
      if (selections.length > 0) batches.push(...ofTrace(selections, dataset));
      await slices.maybePause();
    };
    // Where the part is not as it was, all of the log is looked through.
    if (!(await readTraceFrames(path, id, place, take, signal))) {
      batches.length = 0;
      await readTraceFrames(path, id, WHOLE_LOG, take, signal);
    }
    if (this.owner.dataset !== dataset || dataset.left.slotOf(traceId) < 0) return;
    let spans = 0;
    for (const batch of batches) {
      dataset.store.add(batch, capture, undefined, undefined, place);
      spans += batch.count;
    }
    dataset.left.forget(traceId);
    const here = dataset.store.slotOf(traceId);
    if (here < 0) throw new SpanhopError('NotFound', `Trace ${traceId} left memory, and is not in its capture's log any more.`);
    dataset.store.foundAgain(here, capture, spans);
    dataset.recalled(here);
    if (logs.records !== undefined) await readRecords(logs.records, traceId, id, dataset, capture, signal);
    this.owner.grew();
  }
}

/** Its log records left with its spans. */
async function readRecords(
  path: string,
  traceId: string,
  id: Buffer,
  dataset: Dataset,
  capture: number,
  signal: AbortSignal,
): Promise<void> {
  const found: LogRecord[] = [];
  const take = (request: Uint8Array): void => {
    found.push(...decodeLogs(request.slice(), 'protobuf').records.filter((record) => record.traceId === traceId));
  };
  await readTraceFrames(path, id, WHOLE_LOG, take, signal);
  if (found.length > 0 && !dataset.logs.has(traceId)) dataset.logs.add(found, capture);
}

function rowsOf({ traceId, count }: SpanBatch, words: Uint32Array): number[] {
  const rows: number[] = [];
  for (let row = 0; row < count; row++) {
    const at = row * 4;
    if (traceId[at + 3] === words[3] && traceId[at + 2] === words[2] && traceId[at + 1] === words[1] && traceId[at] === words[0])
      rows.push(row);
  }
  return rows;
}

/** Only the spans of the trace, in batches of their own: those of the others in the same requests are not kept for it. */
function ofTrace(selections: readonly RowSelection[], { strings }: Dataset): readonly SpanBatch[] {
  return decodeBytes(encodeOtlpProto(selections), { strings, format: 'otlp-proto' }).batches;
}

/** As they stand in a message. */
function bytesOf(words: Uint32Array): Buffer {
  const bytes = Buffer.alloc(16);
  for (let i = 0; i < 4; i++) bytes.writeUInt32BE(words[i], i * 4);
  return bytes;
}
