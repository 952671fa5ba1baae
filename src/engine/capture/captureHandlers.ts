/** The methods of the capture. */

import type { CaptureMethods } from '../../protocol/capture';
import type { Handlers } from '../../protocol/rpc';
import type { CaptureService } from './captureService';

/** @param cleared something was taken out of memory */
export function captureHandlers(capture: CaptureService, cleared: () => void): Handlers<CaptureMethods> {
  return {
    openCaptures: ({ directory, load }, work) => capture.open(directory, load, work),
    startCapture: ({ wellKnownPort, port }) => capture.start(wellKnownPort, port),
    stopCapture: () => capture.stop(),
    async clearCapture({ capture: id }) {
      await capture.clear(id);
      cleared();
    },
    loadCapture: ({ capture: id }, work) => capture.load(id, work),
    captureState: () => capture.state(),
    captures: () => capture.list(),
  };
}
