/** The methods of forwarding. */

import type { ForwardMethods } from '../../protocol/forward';
import type { Handlers } from '../../protocol/rpc';
import type { StoredRedactor } from '../redact/storedRedactor';
import type { Forwarding } from './forwarding';

/**
 * @param redactor of what was kept as it came
 * @param changed what the window is told of ports may be another now
 */
export function forwardHandlers(
  forwarding: Forwarding,
  redactor: () => StoredRedactor | undefined,
  changed: () => void,
): Handlers<ForwardMethods> {
  return {
    setForwarding({ on, leave }) {
      forwarding.set(on, leave);
      changed();
    },
    async takeForwarded({ zipped }, context) {
      const state = await forwarding.take(zipped, redactor());
      if (state.piece) context.transfer(state.piece.body.buffer);
      return state;
    },
  };
}
