/** What each way from a span to its source is asked, for rungs 5 and 6. */

import type { Family } from '../family/family';
import type { SourceHints } from '../model/sourceHints';
import type { SpanSource } from '../model/types';
import type { LiteralFiles } from '../search/literalFiles';
import type { Origin } from '../search/rankFindings';
import type { SourceSearch } from '../search/sourceSearch';

/** The span, without its stacks and its resource. */
export type AskedSpan = Pick<SpanSource, 'name' | 'attributes' | 'scope' | 'kind'> & {
  readonly service: string;
  /** `telemetry.sdk.language`. */
  readonly language: string | undefined;
};

export interface Question {
  readonly span: AskedSpan;
  readonly hints: SourceHints;
  /** Looks through the source of the languages that the service may be written in. */
  readonly search: SourceSearch;
  readonly files: LiteralFiles;
  readonly family: Family;
  /** What tells equal places apart. */
  readonly origin: Origin;
}
