/** The rows of the Traces view, as data. `items.ts` draws them; commands of the context menus get them as their argument. */

import type { TraceOverview } from '../../core/model/table';
import type { HighlightSpan } from '../../protocol/traces';

export interface TraceNode {
  readonly kind: 'trace';
  readonly backend: string;
  readonly traceId: string;
  readonly overview: TraceOverview;
  /** Its backend can put it aside. */
  readonly canArchive?: boolean;
}

export interface GroupNode {
  readonly kind: 'group';
  readonly id: string;
  readonly label: string;
  readonly traces: readonly TraceNode[];
  /** Traces that are not listed yet; of the first group alone. */
  readonly newer?: number;
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

/** One of several backends, each under its name. */
export interface BackendNode {
  readonly kind: 'backend';
  readonly name: string;
  /** `20 traces`, or what is the matter. */
  readonly description: string;
  /** All that is said of it. */
  readonly detail: string;
  readonly isActive: boolean;
  readonly failed: boolean;
  readonly children: readonly (TraceNode | GroupNode | LoadMoreNode | ActionNode)[];
}

export interface LoadMoreNode {
  readonly kind: 'loadMore';
  readonly backend: string;
  readonly loading: boolean;
}

/** A row that does something: a next step where rows are missing or old. */
export interface ActionNode {
  readonly kind: 'action';
  readonly id: string;
  readonly label: string;
  readonly detail?: string;
  /** Name of a product icon. */
  readonly icon: string;
  readonly command: { readonly id: string; readonly title: string; readonly argument?: unknown };
}

export type TracesNode = BackendNode | TraceNode | GroupNode | SpanNode | ServiceNode | SectionNode | LoadMoreNode | ActionNode;

/** A backend among several, as the argument of a command. */
export function isBackendNode(value: unknown): value is BackendNode {
  return typeof value === 'object' && value !== null && 'kind' in value && value.kind === 'backend';
}

/** A service below its trace, as the argument of a command. */
export function isServiceNode(value: unknown): value is ServiceNode {
  return typeof value === 'object' && value !== null && 'kind' in value && value.kind === 'service';
}
