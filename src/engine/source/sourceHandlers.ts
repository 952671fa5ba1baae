/** The methods that help to find source. */

import { Slices } from '../../base/slices';
import { inSlices } from '../../base/steps';
import type { Handlers } from '../../protocol/rpc';
import type { SourceMethods } from '../../protocol/source';
import type { TraceMethods } from '../../protocol/traces';
import { familyOf } from '../redact/family';
import type { Redactor } from '../redact/redactor';
import type { DerivedAccount } from '../store/memoryAccount';
import type { AssembledTraces } from '../traces/assembledTraces';
import { rowIn } from '../traces/rowIn';
import { fileGramsHandlers } from './fileGrams';
import { sourceMapHandlers } from './sourceMapService';
import { sourceNeedlesOf } from './sourceNeedles';
import { sourceSampleOf } from './sourceSample';

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
    ...fileGramsHandlers(),
    async sourceSpan({ known, ...ref }, context) {
      const { revision, table } = await traces.get(ref, context.signal);
      if (revision === known) return { revision };
      const span = await spanData({ ...ref, revision }, context);
      return { revision, span: { ...span, family: familyOf(table, rowIn(table, ref), redactor()) } };
    },
    async sourceNeedles({ limit, ...key }, { signal }) {
      const trace = await traces.get(key, signal);
      return sourceNeedlesOf(trace, { limit, redactor: redactor(), slices: new Slices(signal) });
    },
    async sourceSample({ limit, ...key }, { signal }) {
      return sourceSampleOf((await traces.get(key, signal)).table, limit, new Slices(signal));
    },
    async inferMappings(input, { signal }) {
      // Brings parsers of YAML and JSON along, which nothing else here needs.
      const { inferring } = await import('../../source/inference/infer');
      return inSlices(inferring(input), new Slices(signal));
    },
  };
}
