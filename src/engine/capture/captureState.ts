/** What the window is told of the capture as it is. */

import type { CaptureState } from '../../protocol/capture';
import type { CapturePorts } from './capturePorts';

/** @param ports undefined: nothing is captured */
export function stateOf(
  ports: CapturePorts | undefined,
  { counts, untaken, trouble }: Pick<CaptureState, 'counts' | 'untaken'> & { readonly trouble: string | undefined },
): CaptureState {
  const own = ports?.open.find(({ isRegistered }) => !isRegistered);
  const holder = ports?.registeredHolder;
  return {
    running: ports !== undefined,
    ...(own === undefined ? {} : { httpPort: own.port }),
    wellKnownPort: ports?.open.some(({ isRegistered }) => isRegistered) ?? false,
    ...(holder === undefined ? {} : { wellKnownHolder: holder }),
    counts,
    ...(untaken === undefined || untaken.length === 0 ? {} : { untaken }),
    ...(trouble === undefined ? {} : { trouble }),
  };
}
