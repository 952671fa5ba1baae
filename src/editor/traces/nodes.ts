/** The rows of the Traces view, as data. `items.ts` draws them; commands of the context menus get them as their argument. */

import type { TraceOverview } from '../../core/model/table';
import type { HighlightSpan } from '../../protocol/engineProtocol';

export interface TraceNode {
  readonly kind: 'trace';
  readonly backend: string;
  readonly traceId: string;
  readonly overview: TraceOverview;
}

export interface GroupNode {
  readonly kind: 'group';
  readonly id: string;
  readonly label: string;
  readonly traces: readonly TraceNode[];
}

/** A span below its trace: one of the errors, or of the slowest. */
export interface SpanNode {
  readonly kind: 'span';
  readonly backend: string;
  readonly traceId: string;
  readonly spanId: string;
  readonly why: 'error' | 'slow';
  readonly span: HighlightSpan;
}

export interface ServiceNode {
  readonly kind: 'service';
  readonly backend: string;
  readonly traceId: string;
  readonly name: string;
  readonly spans: number;
  readonly errors: number;
  readonly selfNs: number;
}

export interface SectionNode {
  readonly kind: 'section';
  readonly id: string;
  readonly label: string;
  readonly description?: string;
  readonly children: readonly (SpanNode | ServiceNode)[];
  readonly open: boolean;
}

export interface LoadMoreNode {
  readonly kind: 'loadMore';
}

/** A line that says what happened, below a row that could not be filled. */
export interface NoteNode {
  readonly kind: 'note';
  readonly id: string;
  readonly text: string;
}

export type TracesNode = TraceNode | GroupNode | SpanNode | ServiceNode | SectionNode | LoadMoreNode | NoteNode;

/** The trace that a command's argument names, when it is a row of the view. */
export function isTraceNode(value: unknown): value is TraceNode | SpanNode {
  return (
    typeof value === 'object' &&
    value !== null &&
    'kind' in value &&
    (value.kind === 'trace' || value.kind === 'span') &&
    'traceId' in value &&
    typeof value.traceId === 'string'
  );
}
