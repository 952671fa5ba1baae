/** What a view is about, and what it shows of it. */

import type { URI } from 'vscode-uri';
import type { ErrorKind } from '../../base/errors';
import { formatNames } from '../../core/format/formatNames';
import type { TraceOverview } from '../../core/model/table';
import type { DatasetContent } from '../../protocol/files';
import type { TraceKey } from '../../protocol/traces';
import type { ListedTrace, ShownProblem, TraceList } from '../../protocol/view';
import type { NextStep } from '../messages/problems';

/** A trace by id, wherever it is; or a file with any number of them. */
export type Subject =
  | { readonly type: 'trace'; readonly traceId: string; readonly backend?: string }
  | { readonly type: 'file'; readonly uri: URI };

export type Content =
  | { readonly type: 'nothing' }
  | { readonly type: 'trace'; readonly key: TraceKey }
  | { readonly type: 'list'; readonly list: TraceList }
  | {
      readonly type: 'problem';
      /** Undefined: nothing failed, and there is nothing to show. */
      readonly kind?: ErrorKind;
      readonly problem: ShownProblem;
      /** What the page's buttons do. */
      readonly steps: readonly NextStep[];
    };

/** The list of a file's traces for the webview, which takes no bigint. */
export function listOf(title: string, content: DatasetContent): TraceList {
  return {
    title,
    format: formatNames[content.format],
    spanCount: content.spanCount,
    traces: content.traces.map(toListed),
    defects: content.defects,
  };
}

function toListed(trace: TraceOverview): ListedTrace {
  return {
    traceId: trace.traceId,
    rootName: trace.rootName,
    rootService: trace.rootService,
    startUnixNano: trace.startUnixNano.toString(),
    durationNs: trace.durationNs,
    spanCount: trace.spanCount ?? 0,
    errorCount: trace.errorCount ?? 0,
    services: trace.services ?? [],
  };
}
