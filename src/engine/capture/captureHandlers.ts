/** The methods of the capture. */

import type { CaptureInfo, CaptureMethods } from '../../protocol/capture';
import type { Handlers } from '../../protocol/rpc';
import { redactedNames } from '../redact/redactedOverview';
import { redactedRecords } from '../redact/redactedRecords';
import type { Redactor } from '../redact/redactor';
import { lastRecords } from './captureRecords';
import type { CaptureService } from './captureService';

/** @param cleared one capture was taken out of memory, or all of them */
export function captureHandlers(
  capture: CaptureService,
  cleared: (all: boolean) => void,
  redactor: () => Redactor,
): Handlers<CaptureMethods> {
  const redacted = (info: CaptureInfo): CaptureInfo => ({ ...info, services: redactedNames(info.services, redactor()) });
  return {
    openCaptures: async ({ directory }) => (await capture.open(directory)).map(redacted),
    restoreCaptures: ({ begin }, { progress }) => capture.restore(begin, { progress }),
    stopReadingCaptures: () => capture.stopReading(),
    startCapture: (wanted) => capture.start(wanted),
    stopCapture: () => capture.stop(),
    async clearCapture({ capture: id }) {
      await capture.clear(id);
      cleared(id === undefined);
    },
    beginSession: ({ session, about }) => capture.beginSession(session, about),
    endSession: ({ session }) => capture.endSession(session),
    async describeCapture({ capture: id, name, pinned }) {
      const about = { ...(name === undefined ? {} : { name }), ...(pinned === undefined ? {} : { pinned }) };
      return redacted(await capture.describe(id, about));
    },
    exportCapture: ({ capture: id, format, path }, { signal, progress }) =>
      capture.export(id, { format, path, redactor: redactor(), signal, progress }),
    loadCapture: async ({ capture: id }, work) => redacted(await capture.load(id, work)),
    async captureRecords({ capture: id }, { signal }) {
      const endAt = capture.running.get(id)?.recordsKeptTo;
      const { records, total } = await lastRecords(await capture.kept(id), { endAt, signal });
      return { records: redactedRecords(records, redactor()), total };
    },
    captureState: () => capture.state(),
    captures: async () => (await capture.list()).map(redacted),
  };
}
