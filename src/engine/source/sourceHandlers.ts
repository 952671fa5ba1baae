/** The methods that help to find source. */

import { Slices } from '../../base/slices';
import type { Handlers } from '../../protocol/rpc';
import type { SourceMethods } from '../../protocol/source';
import type { DerivedAccount } from '../memory/account';
import { sourceMapHandlers } from './sourceMapService';

/** @param open counts the maps' memory */
export function sourceHandlers(open: (account: DerivedAccount) => void): Handlers<SourceMethods> {
  return {
    ...sourceMapHandlers(open),
    async inferMappings(input, { signal }) {
      // Brings parsers of YAML and JSON along, which nothing else here needs.
      const { inferring } = await import('../../source/inference/infer');
      const slices = new Slices(signal);
      const work = inferring(input);
      for (let step = work.next(); ; step = work.next()) {
        if (step.done) return step.value;
        await slices.maybePause();
      }
    },
  };
}
