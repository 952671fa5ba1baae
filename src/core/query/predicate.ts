/** What a compiled condition is. */

import type { SpanBatch } from '../model/batch';
import type { TraceOverview } from '../model/table';

/** What conditions on a whole trace look at (`rootName`, `traceDuration`, …). */
export type TraceFacts = Pick<TraceOverview, 'traceId' | 'rootName' | 'rootService' | 'durationNs' | 'startUnixNano'>;

/** Without facts, conditions on the whole trace are never met. */
export type SpanPredicate = (batch: SpanBatch, row: number, trace?: TraceFacts) => boolean;
