/**
 * From a request of logs to records: decode, append to the capture's log of logs, then keep. Records that belong to no trace are not kept,
 * and a request that has none but those leaves nothing behind.
 */

import type { Encoding } from '../capture/answers';
import { SpanhopError } from '../core/errors';
import { encodeLogs } from '../core/format/encodeLogs';
import { decodeLogs } from '../core/format/otlpLogs';
import { traceIdWords } from '../core/model/ids';
import type { IntakeOwner } from './intake';

/** Resolves when the records are safe. Rejects with `BadData` where nothing of the body can be read. */
export async function takeLogs(owner: IntakeOwner, body: Uint8Array, encoding: Encoding): Promise<void> {
  const { current } = owner;
  if (!current) throw new SpanhopError('Unreachable', 'The capture was stopped.');
  const { records, total, unreadable } = decodeLogs(body, encoding);
  if (total === 0 && unreadable > 0) {
    throw new SpanhopError('BadData', `The body (${body.length} bytes) is not an ExportLogsServiceRequest.`);
  }
  if (records.length === 0) return;
  const log = await current.logs();
  await log.append(encoding === 'json' || unreadable > 0 ? encodeLogs(records) : body);
  const { dataset, touched } = owner;
  dataset.logs.add(records, current.number);
  owner.grew();
  // A trace that is open shows them at once.
  for (const traceId of new Set(records.map((record) => record.traceId))) {
    const slot = dataset.store.ids.find(traceIdWords(traceId), 0);
    if (slot >= 0) touched?.add(slot);
  }
}
