/** The methods of the capture. */

import type { CaptureInfo, CaptureMethods } from '../../protocol/capture';
import type { Handlers } from '../../protocol/rpc';
import type { Redactor } from '../redact/redactor';
import { shownWords } from '../redact/shownOverview';
import type { CaptureService } from './captureService';

/** @param cleared something was taken out of memory */
export function captureHandlers(
  capture: CaptureService,
  cleared: () => void,
  redactor: () => Redactor,
): Handlers<CaptureMethods> {
  const shown = (info: CaptureInfo): CaptureInfo => ({ ...info, services: shownWords(info.services, redactor()) });
  return {
    openCaptures: async ({ directory, load }, work) => (await capture.open(directory, load, work)).map(shown),
    startCapture: ({ wellKnownPort, port }) => capture.start(wellKnownPort, port),
    stopCapture: () => capture.stop(),
    async clearCapture({ capture: id }) {
      await capture.clear(id);
      cleared();
    },
    loadCapture: async ({ capture: id }, work) => shown(await capture.load(id, work)),
    captureState: () => capture.state(),
    captures: async () => (await capture.list()).map(shown),
  };
}
