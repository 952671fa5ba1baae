/**
 * The log records of a capture as they stand in its log of logs: those of traces, and those of none, which nothing else shows. Read from disk when
 * somebody looks, since a program may log without end; of many the last ones.
 */

import { Slices } from '../../base/slices';
import type { KeptCapture } from '../../capture/directory/keptCapture';
import { readLog } from '../../capture/log/logReader';
import { decodeLogs } from '../../core/format/otlp/otlpLogs';
import type { LogRecord } from '../../core/model/logRecord';

/** More than anybody reads. */
const MOST = 10_000;

export interface LastRecords {
  readonly records: readonly LogRecord[];
  readonly total: number;
}

/** @param endAt reads no further: of a log that is being written */
export async function lastRecords(
  { logs }: Pick<KeptCapture, 'logs'>,
  { endAt, signal }: { readonly endAt: number | undefined; readonly signal: AbortSignal | undefined },
  most = MOST,
): Promise<LastRecords> {
  if (!logs) return { records: [], total: 0 };
  const slices = new Slices(signal);
  let last: LogRecord[] = [];
  let total = 0;
  await readLog(
    logs.path,
    async ({ bytes, damaged }) => {
      if (damaged) return;
      const { records } = decodeLogs(bytes, 'protobuf', 'ours', 'all');
      total += records.length;
      last = [...last, ...records].slice(-most);
      await slices.maybePause();
    },
    signal,
    endAt,
  );
  return { records: last.sort(byTime), total };
}

function byTime(a: LogRecord, b: LogRecord): number {
  return a.timeUnixNano < b.timeUnixNano ? -1 : a.timeUnixNano > b.timeUnixNano ? 1 : 0;
}
