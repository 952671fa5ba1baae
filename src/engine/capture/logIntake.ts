/**
 * From a request of logs to records: decode, append to the capture's log of logs, then keep those that belong to a trace. What is written anew is decoded before it is written, as with spans.
 */

import { SpanhopError } from '../../base/errors';
import { Slices } from '../../base/slices';
import { inSlices } from '../../base/steps';
import { isRequest } from '../../capture/log/logFormat';
import { recordExport } from '../../capture/otlp/otlpExport';
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
  if (!owner.capturing) throw new SpanhopError('Unreachable', 'The capture was stopped.');
  const otlp = await redacted(owner, request.otlp);
  const { records, total, unreadable, outOfRange } = (
    otlp && otlp !== request.otlp ? recordExport(otlp, 'protobuf') : request
  ).decode();
  if (total === 0 && unreadable === 0) return { rejected: 0, message: '', held: 'nothing' };
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
  const sessions = bySession(records);
  const isKept = otlp && unreadable === 0 && isRequest(otlp) && sessions.size === 1;
  for (const [session, of] of sessions)
    await keep(owner, session, isKept ? { frames: [otlp], records: of } : await rewritten(owner, of));
  return said;
}

interface Written {
  readonly frames: readonly Uint8Array[];
  readonly records: readonly LogRecord[];
}

/** Appends records of one session, then keeps them. */
async function keep(owner: IntakeOwner, session: string, { frames, records }: Written): Promise<void> {
  const { capture, end } = await appendSafely(owner, session, (current) => current.logs(), frames);
  owner.forward?.records(frames, records);
  const { dataset, touched } = owner;
  // The others are on disk alone, where `captureRecords.ts` reads them.
  const traced = records.filter(({ traceId }) => traceId !== '');
  const left = dataset.logs.add(traced, capture.number);
  for (const traceId of left.keys()) dataset.store.touch(traceId);
  if (left.size > 0) owner.tellOnce('notice', LEFT);
  capture.recordsKeptTo = end;
  capture.lastAt = Date.now();
  owner.grew();
  // A trace that is open shows them at once.
  for (const traceId of new Set(traced.map((record) => record.traceId))) {
    const slot = dataset.store.ids.find(traceIdWords(traceId), 0);
    if (slot >= 0) touched?.add(slot);
  }
}

/** Records by their session; empty: without one. */
function bySession(records: readonly LogRecord[]): ReadonlyMap<string, readonly LogRecord[]> {
  const all = new Map<string, LogRecord[]>();
  for (const record of records) {
    const session = record.session ?? '';
    const known = all.get(session);
    if (known) known.push(record);
    else all.set(session, [record]);
  }
  return all;
}

async function rewritten(owner: IntakeOwner, records: readonly LogRecord[]): Promise<Written> {
  try {
    const frames: Uint8Array[] = [];
    for (const frame of encodeRecords(records)) {
      const hidden = await redacted(owner, frame);
      // What cannot be looked at is not stored.
      if (hidden) frames.push(hidden);
    }
    const again = frames.flatMap((frame) => [...decodeLogs(frame, 'protobuf', 'ours', 'all').records]);
    if (again.length === records.length && again.every((record, i) => isSame(record, records[i])))
      return { frames, records: again };
  } catch (error) {
    if (error instanceof SpanhopError && error.kind === 'TooLarge') throw error;
  }
  throw new SpanhopError('BadData', 'The request has values that cannot be written as protobuf.');
}

/** A request without what is to be hidden; undefined where it has to be written anew for that. */
async function redacted({ redactor }: IntakeOwner, bytes: Uint8Array | undefined): Promise<Uint8Array | undefined> {
  return bytes && redactor ? inSlices(redactor.redacting(bytes, 'records'), new Slices()) : bytes;
}

function isSame(a: LogRecord, b: LogRecord): boolean {
  return (
    a.traceId === b.traceId && a.spanId === b.spanId && a.timeUnixNano === b.timeUnixNano && a.severityNumber === b.severityNumber
  );
}
