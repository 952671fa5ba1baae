/**
 * How the rows of the Traces view look: label, description, icon, tooltip. Names come from traces; `plain/views.ts` makes rows of them.
 */

import { type MarkdownString, ThemeColor, ThemeIcon, type TreeItem } from 'vscode';
import type { SpanArgument } from '../../app/links/spanArgument';
import { backendLabel } from '../../app/traces/backendRows';
import type {
  ActionNode,
  BackendNode,
  GroupNode,
  ServiceNode,
  SpanNode,
  TraceNode,
  TracesNode,
} from '../../app/traces/traceNodes';
import { describeTrace, matchesOf, spansOf, titleOf } from '../../app/traces/traceText';
import { formatCount, formatDuration, formatLocalTime, formatUtcTime } from '../../core/text/formatText';
import { visibleName } from '../../core/text/visibleText';
import { LOCAL_DATASET } from '../../protocol/traces';
import { tableTooltip } from '../plain/markdown';
import { treeItem } from '../plain/views';

// Colours that every kind of theme defines with contrast: those of tests are pale in light ones, and without red in high contrast.
const failed = new ThemeIcon('error', new ThemeColor('errorForeground'));
const passed = new ThemeIcon('pass', new ThemeColor('charts.green'));
const warning = new ThemeIcon('warning', new ThemeColor('list.warningForeground'));
/** Whether the trace has errors is not known. */
const unknown = new ThemeIcon('circle-large-outline');

/**
 * The item of a row.
 * @param nowMs the moment that relative times count from
 * @param isGrowing spans of this trace may still be under way
 */
export function itemOf(node: TracesNode, nowMs: number, isGrowing: boolean): TreeItem {
  switch (node.kind) {
    case 'trace':
      return traceItem(node, nowMs, isGrowing);
    case 'backend':
      return backendItem(node);
    case 'group':
      return groupItem(node);
    case 'span':
      return spanItem(node);
    case 'service':
      return serviceItem(node);
    case 'section':
      return treeItem({ id: node.id, label: node.label, description: node.description, open: node.open });
    case 'loadMore':
      return treeItem({
        id: `loadMore:${node.backend}`,
        label: node.loading ? 'Loading more…' : 'Load more',
        icon: new ThemeIcon(node.loading ? 'loading~spin' : 'fold-down'),
        command: { command: 'spanhop.loadMore', title: 'Load More Traces', arguments: [node.backend] },
      });
    case 'action':
      return actionItem(node);
    default:
      return node satisfies never;
  }
}

function backendItem({ name, description, detail, isActive, failed: isFailed }: BackendNode): TreeItem {
  const isLocal = name === LOCAL_DATASET;
  return treeItem({
    id: `backend:${name}`,
    label: backendLabel(name),
    description,
    tooltip: detail,
    icon: isFailed ? warning : new ThemeIcon(isLocal ? 'record' : 'server-environment'),
    contextValue: ['backend', ...(isActive ? ['active'] : []), ...(isLocal ? [] : ['remote'])].join(' '),
    open: true,
  });
}

function actionItem({ id, label, detail, icon, command }: ActionNode): TreeItem {
  return treeItem({
    id,
    label,
    description: detail,
    tooltip: detail ?? label,
    icon: icon === 'warning' ? warning : new ThemeIcon(icon),
    command: {
      command: command.id,
      title: command.title,
      arguments: command.argument === undefined ? [] : [command.argument],
    },
  });
}

function traceItem(node: TraceNode, nowMs: number, isGrowing: boolean): TreeItem {
  const { overview } = node;
  const { errorCount } = overview;
  const label = titleOf(overview, isGrowing);
  const description = describeTrace(overview, nowMs);
  const state = errorCount === undefined ? '' : errorCount > 0 ? ', with errors' : ', without errors';
  return treeItem({
    id: `${node.backend}:${node.traceId}`,
    label,
    description,
    spoken: `${label}, ${description}${state}`,
    icon: errorCount === undefined ? unknown : errorCount > 0 ? failed : passed,
    contextValue: node.canArchive ? 'trace source archivable' : 'trace source',
    // Where a query found spans, the first of them is what is looked for.
    command: { command: 'spanhop.openTrace', title: 'Open Trace', arguments: [atFirstMatch(node)] },
    open: false,
  });
}

function atFirstMatch(node: TraceNode): TraceNode & Partial<Pick<SpanArgument, 'spanId'>> {
  const spanId = node.overview.matched?.spanIds[0];
  return spanId === undefined ? node : { ...node, spanId };
}

/** While the rows hold still, the first one brings what has come: it is there already, so none moves for it. */
function groupItem({ id, label, traces, newer = 0 }: GroupNode): TreeItem {
  const errors = traces.filter((trace) => (trace.overview.errorCount ?? 0) > 0).length;
  const description = formatCount(traces.length, 'trace') + (errors > 0 ? ` · ${errors} with errors` : '');
  const group = { id: `group:${id}`, contextValue: 'group', open: true };
  if (newer === 0) return treeItem({ ...group, label, description });
  return treeItem({
    ...group,
    label: formatCount(newer, 'new trace'),
    description: `${label} · ${description}`,
    tooltip: 'The rows hold still while you are at them. Press here, or go elsewhere, to have the new ones listed.',
    icon: new ThemeIcon('arrow-up'),
    command: { command: 'spanhop.showNewTraces', title: 'Show New Traces' },
  });
}

function spanItem(node: SpanNode): TreeItem {
  const { span } = node;
  const time = node.why === 'slow' ? `${formatDuration(span.selfNs)} of its own` : formatDuration(span.durationNs);
  return treeItem({
    id: `${node.backend}:${node.traceId}:${node.why}:${node.spanId}`,
    label: visibleName(span.name) || 'Unnamed span',
    description: [span.service, time, span.message].filter((part) => part !== undefined && part !== '').join(' · '),
    tooltip: tableTooltip(span.name, [
      ['Service', span.service],
      ['Duration', formatDuration(span.durationNs)],
      ['Of its own', formatDuration(span.selfNs)],
      ['Message', span.message ?? ''],
    ]),
    icon: node.why === 'error' ? failed : new ThemeIcon('clock'),
    contextValue: 'span source',
    command: { command: 'spanhop.openTrace', title: 'Open Trace', arguments: [node] },
  });
}

function serviceItem(node: ServiceNode): TreeItem {
  const errors = node.errors > 0 ? ` · ${formatCount(node.errors, 'error')}` : '';
  return treeItem({
    id: `${node.backend}:${node.traceId}:service:${node.name}`,
    label: node.name || 'Unknown service',
    description: `${formatCount(node.spans, 'span')}${errors} · ${formatDuration(node.selfNs)} of its own`,
    tooltip: `Opens the trace at the first ${node.errors > 0 ? 'error' : 'span'} of this service`,
    icon: new ThemeIcon('server'),
    contextValue: 'service',
    command: { command: 'spanhop.openService', title: 'Open Trace', arguments: [node] },
  });
}

/** `cartStore.ts:31`; undefined where it is not known. */
export interface TracePlaces {
  readonly start?: string;
  readonly error?: string;
}

/** The hover of a trace: a small table, and where it starts and fails in code when that is known. */
export function traceTooltip(node: TraceNode, places: TracePlaces): MarkdownString {
  const { overview } = node;
  const services = overview.services ?? [];
  return tableTooltip(titleOf(overview, false), [
    ['Backend', node.backend],
    [
      'Services',
      services.length === 0 ? overview.rootService : services.slice(0, 8).join(', ') + (services.length > 8 ? ', …' : ''),
    ],
    ['Duration', formatDuration(overview.durationNs)],
    ['Spans', overview.missingSpans ? `${spansOf(overview)} are in memory` : String(overview.spanCount ?? '')],
    ['Found', matchesOf(overview) === undefined ? '' : `${matchesOf(overview)}, and the trace opens at the first`],
    ['Errors', overview.errorCount === undefined ? '' : String(overview.errorCount)],
    ['Started', formatLocalTime(overview.startUnixNano)],
    ['UTC', formatUtcTime(overview.startUnixNano)],
    ['Trace ID', overview.traceId],
    ['Starts at', places.start ?? ''],
    ['Fails at', places.error ?? ''],
  ]);
}
