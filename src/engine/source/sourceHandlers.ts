/** The methods that help to find source. */

import { Slices } from '../../base/slices';
import { inSlices } from '../../base/steps';
import type { Handlers } from '../../protocol/rpc';
import type { SourceMethods } from '../../protocol/source';
import type { TraceMethods } from '../../protocol/traces';
import type { Redactor } from '../redact/redactor';
import type { DerivedAccount } from '../store/memoryAccount';
import type { AssembledTraces } from '../traces/assembledTraces';
import { sourceMapHandlers } from './sourceMapService';
import { sourceNeedlesOf } from './sourceNeedles';

export interface SourceHandlerOptions {
  /** Counts the memory of source maps. */
  readonly open: (account: DerivedAccount) => void;
  readonly traces: AssembledTraces;
  readonly redactor: () => Redactor;
  readonly spanData: Handlers<TraceMethods>['spanData'];
}

export function sourceHandlers({ open, traces, redactor, spanData }: SourceHandlerOptions): Handlers<SourceMethods> {
  return {
    ...sourceMapHandlers(open),
    async sourceSpan({ known, ...ref }, context) {
      const { revision } = await traces.get(ref, context.signal);
      return revision === known ? { revision } : { revision, span: await spanData({ ...ref, revision }, context) };
    },
    async sourceNeedles({ limit, ...key }, { signal }) {
      const trace = await traces.get(key, signal);
      return sourceNeedlesOf(trace, { limit, redactor: redactor(), slices: new Slices(signal) });
    },
    async inferMappings(input, { signal }) {
      // Brings parsers of YAML and JSON along, which nothing else here needs.
      const { inferring } = await import('../../source/inference/infer');
      return inSlices(inferring(input), new Slices(signal));
    },
  };
}
