/**
 * From a request of logs to records: decode, append to the capture's log of logs, then keep. Records that belong to no trace are not kept,
 * and a request that has none but those leaves nothing behind. What is written anew is decoded before it is written, as with spans.
 */

import { SpanhopError } from '../../base/errors';
import { isRequest } from '../../capture/log/logFormat';
import type { RecordExport, Taken } from '../../capture/sink';
import { decodeLogs } from '../../core/format/otlp/otlpLogs';
import { traceIdWords } from '../../core/model/ids';
import type { LogRecord } from '../../core/model/logRecord';
import { formatCount } from '../../core/text/formatText';
import { formatMegabytes } from '../../protocol/memory';
import { encodeRecords } from '../store/encodeRecords';
import { MAX_LOG_BYTES } from '../store/logStore';
import type { IntakeOwner } from './intakeOwner';
import { appendSafely } from './safeAppend';

const LEFT = `There are more log records than memory holds (${formatMegabytes(MAX_LOG_BYTES)} of them), and the oldest left it. All are in the captures' logs; each trace says how many of its own are missing.`;

/** Resolves when the records are safe. Rejects with `BadData` where nothing of the body can be read, or it cannot be written. */
export async function takeLogs(owner: IntakeOwner, request: RecordExport): Promise<Taken> {
  if (!owner.current) throw new SpanhopError('Unreachable', 'The capture was stopped.');
  const { records, total, unreadable, outOfRange } = request.decode();
  if (total === 0 && unreadable === 0) return { rejected: 0, message: '', held: 'nothing' };
  if (records.length < total) owner.tellOnce('info', 'Log records that belong to no trace are not kept.');
  const flaws = [
    [unreadable, 'that cannot be read.'],
    [outOfRange, 'with a number that is none or out of range, taken as the nearest that is possible.'],
  ] as const;
  const messages = flaws.flatMap(([count, what]) =>
    count > 0 ? [`The request has ${formatCount(count, 'log record')} ${what}`] : [],
  );
  const said = { rejected: unreadable, message: messages.join(' ') };
  if (unreadable > 0) {
    const are = unreadable === 1 ? 'is' : 'are';
    owner.tellLoss('part', `Of ${formatCount(total, 'log record')} in a request, ${unreadable} ${are} not kept: ${said.message}`);
  } else if (said.message !== '') {
    owner.tellLoss('flaw', said.message);
  }
  if (records.length === 0) return said;
  const { otlp } = request;
  const written = otlp && unreadable === 0 && isRequest(otlp) ? { frames: [otlp], records } : rewritten(records);
  const { capture, end } = await appendSafely(owner, (current) => current.logs(), written.frames);
  const { dataset, touched } = owner;
  const left = dataset.logs.add(written.records, capture.number);
  for (const traceId of left.keys()) dataset.store.touch(traceId);
  if (left.size > 0) owner.tellOnce('notice', LEFT);
  capture.recordsKeptTo = end;
  owner.grew();
  // A trace that is open shows them at once.
  for (const traceId of new Set(written.records.map((record) => record.traceId))) {
    const slot = dataset.store.ids.find(traceIdWords(traceId), 0);
    if (slot >= 0) touched?.add(slot);
  }
  return said;
}

function rewritten(records: readonly LogRecord[]): { frames: Uint8Array[]; records: LogRecord[] } {
  try {
    const frames = encodeRecords(records);
    const again = frames.flatMap((frame) => [...decodeLogs(frame, 'protobuf').records]);
    if (again.length === records.length && again.every((record, i) => isSame(record, records[i])))
      return { frames, records: again };
  } catch (error) {
    if (error instanceof SpanhopError && error.kind === 'TooLarge') throw error;
  }
  throw new SpanhopError('BadData', 'The request has values that cannot be written as protobuf.');
}

function isSame(a: LogRecord, b: LogRecord): boolean {
  return (
    a.traceId === b.traceId && a.spanId === b.spanId && a.timeUnixNano === b.timeUnixNano && a.severityNumber === b.severityNumber
  );
}
