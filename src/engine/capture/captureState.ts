/** What the window is told of the capture as it is. */

import type { CaptureState } from '../../protocol/capture';
import type { CapturePorts } from './capturePorts';

/** @param ports undefined: nothing is captured */
export function stateOf(
  ports: CapturePorts | undefined,
  { counts, untaken, trouble }: Pick<CaptureState, 'counts' | 'untaken'> & { readonly trouble: string | undefined },
): CaptureState {
  return {
    running: ports !== undefined,
    ...(ports?.own === undefined ? {} : { httpPort: ports.own }),
    registered: ports?.asked ?? [],
    ...(ports?.foreignHost === undefined ? {} : { foreignHost: ports.foreignHost }),
    counts,
    ...(untaken === undefined || untaken.length === 0 ? {} : { untaken }),
    ...(trouble === undefined ? {} : { trouble }),
  };
}
