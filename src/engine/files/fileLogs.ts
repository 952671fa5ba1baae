/** The log records of a trace file. They become objects, so those of a very large file are left out. */

import { SpanhopError } from '../../base/errors';
import { decodeLogs, type LogsLayout } from '../../core/format/otlp/otlpLogs';
import { layoutOf } from '../../core/format/sniff';
import type { LogRecords } from '../../core/model/logRecord';
import type { Defect } from '../../core/model/table';
import { formatCount } from '../../core/text/formatText';
import { formatMegabytes } from '../../protocol/memory';
import type { Dataset } from '../store/dataset';
import { MAX_LOG_BYTES } from '../store/logStore';

/** JSON is read as one text. */
const maxBytes = 256 << 20;

/** Adds the records to the dataset. Returns what has to be said of it. @param whole undefined where the file was too large to be held */
export function addLogs(dataset: Dataset, name: string, whole: Uint8Array | undefined): Defect | undefined {
  const layout = whole && layoutOf(whole.subarray(0, 1 << 16));
  if (!whole || !layout || whole.length > maxBytes) {
    return { kind: 'capped', count: 1, message: `The log records of ${name} were not read: the file is too large.` };
  }
  const found = recordsOf(whole, layout.json ? 'json' : layout.framed ? 'framed' : 'protobuf');
  if (typeof found === 'string')
    return { kind: 'unreadable', count: 1, message: `The log records of ${name} were not read. ${found}` };
  const { records, total, unreadable, outOfRange } = found;
  const leftOut = [...dataset.logs.add(records).values()].reduce((sum, count) => sum + count, 0);
  if (unreadable > 0) {
    return { kind: 'unreadable', count: unreadable, message: `${name} has log records that are damaged; ${total} were read.` };
  }
  if (leftOut > 0) {
    const message = `${formatCount(leftOut, 'log record')} of ${name}, the first ones, ${leftOut === 1 ? 'is' : 'are'} left out: memory holds ${formatMegabytes(MAX_LOG_BYTES)} of them.`;
    return { kind: 'capped', count: leftOut, message };
  }
  if (outOfRange > 0) {
    const message = `${name} has ${formatCount(outOfRange, 'log record')} with a number that is none or out of range, taken as the nearest that is possible.`;
    return { kind: 'capped', count: outOfRange, message };
  }
  return undefined;
}

/** Or why they are not read. */
function recordsOf(whole: Uint8Array, layout: LogsLayout): LogRecords | string {
  try {
    return decodeLogs(whole, layout, 'others');
  } catch (error) {
    if (error instanceof SpanhopError && error.kind === 'TooLarge') return error.message;
    throw error;
  }
}
