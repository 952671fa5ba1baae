/**
 * How the rows of the Traces view look: label, description, icon, tooltip. Names come from traces, so tooltips are built from appended
 * text: nothing in them is taken for Markdown, an icon or a command.
 */

import { MarkdownString, ThemeColor, ThemeIcon, TreeItem, TreeItemCollapsibleState } from 'vscode';
import type { TraceOverview } from '../../core/model/table';
import { formatCount, formatDuration, formatLocalTime, formatRelativeTime, formatUtcTime } from '../../core/text/format';
import type { GroupNode, ServiceNode, SpanNode, TraceNode, TracesNode } from './nodes';

// Colours that every kind of theme defines with contrast: those of tests are pale in light ones, and without red in high contrast.
const failed = new ThemeIcon('error', new ThemeColor('errorForeground'));
const passed = new ThemeIcon('pass', new ThemeColor('charts.green'));
const warning = new ThemeIcon('warning', new ThemeColor('list.warningForeground'));
/** Whether the trace has errors is not known. */
const unknown = new ThemeIcon('circle-large-outline');

/** `storefront · 55 spans · 6 errors · 1.24 s · 2 min ago` */
export function describeTrace(overview: TraceOverview, nowMs: number): string {
  const startMs = Number(overview.startUnixNano / 1_000_000n);
  const parts = [
    overview.rootService || overview.services?.[0],
    overview.spanCount === undefined ? undefined : formatCount(overview.spanCount, 'span'),
    overview.errorCount ? formatCount(overview.errorCount, 'error') : undefined,
    formatDuration(overview.durationNs),
    formatRelativeTime(startMs, nowMs),
  ];
  return parts.filter((part) => part !== undefined && part !== '').join(' · ');
}

/** A root ends last, and so comes last while a trace is captured. */
function titleOf(overview: TraceOverview, isGrowing: boolean): string {
  return overview.rootName || (isGrowing ? 'Root span not here yet' : 'Root span missing');
}

/**
 * The item of a row.
 * @param nowMs the moment that relative times count from
 * @param isGrowing spans of this trace may still be under way
 */
export function itemOf(node: TracesNode, nowMs: number, isGrowing: boolean): TreeItem {
  switch (node.kind) {
    case 'trace':
      return traceItem(node, nowMs, isGrowing);
    case 'group':
      return groupItem(node);
    case 'span':
      return spanItem(node);
    case 'service':
      return serviceItem(node);
    case 'section': {
      const item = new TreeItem(node.label, node.open ? TreeItemCollapsibleState.Expanded : TreeItemCollapsibleState.Collapsed);
      item.id = node.id;
      item.description = node.description;
      return item;
    }
    case 'loadMore': {
      const item = new TreeItem(node.loading ? 'Loading more…' : 'Load more');
      item.id = 'loadMore';
      item.iconPath = new ThemeIcon(node.loading ? 'loading~spin' : 'fold-down');
      item.command = { command: 'spanhop.loadMore', title: 'Load More Traces' };
      return item;
    }
    case 'action': {
      const { command } = node;
      const item = new TreeItem(node.label);
      item.id = node.id;
      item.description = node.detail;
      item.tooltip = node.detail ?? node.label;
      item.iconPath = node.icon === 'warning' ? warning : new ThemeIcon(node.icon);
      item.command = {
        command: command.id,
        title: command.title,
        arguments: command.argument === undefined ? [] : [command.argument],
      };
      return item;
    }
    default:
      return node satisfies never;
  }
}

function traceItem(node: TraceNode, nowMs: number, isGrowing: boolean): TreeItem {
  const { overview } = node;
  const title = titleOf(overview, isGrowing);
  const item = new TreeItem(title, TreeItemCollapsibleState.Collapsed);
  item.id = `${node.backend}:${node.traceId}`;
  item.description = describeTrace(overview, nowMs);
  item.iconPath = overview.errorCount === undefined ? unknown : overview.errorCount > 0 ? failed : passed;
  item.contextValue = 'trace source';
  item.command = { command: 'spanhop.openTrace', title: 'Open Trace', arguments: [node] };
  const state = overview.errorCount === undefined ? '' : overview.errorCount > 0 ? ', with errors' : ', without errors';
  item.accessibilityInformation = { label: `${title}, ${item.description}${state}` };
  return item;
}

function groupItem(node: GroupNode): TreeItem {
  const item = new TreeItem(node.label, TreeItemCollapsibleState.Expanded);
  item.id = `group:${node.id}`;
  const errors = node.traces.filter((trace) => (trace.overview.errorCount ?? 0) > 0).length;
  item.description = formatCount(node.traces.length, 'trace') + (errors > 0 ? ` · ${errors} with errors` : '');
  item.contextValue = 'group';
  return item;
}

function spanItem(node: SpanNode): TreeItem {
  const { span } = node;
  const item = new TreeItem(span.name || 'Unnamed span');
  item.id = `${node.backend}:${node.traceId}:${node.why}:${node.spanId}`;
  const time = node.why === 'slow' ? `${formatDuration(span.selfNs)} of its own` : formatDuration(span.durationNs);
  item.description = [span.service, time, span.message].filter((part) => part !== undefined && part !== '').join(' · ');
  item.iconPath = node.why === 'error' ? failed : new ThemeIcon('clock');
  item.contextValue = 'span source';
  item.tooltip = plainTable(span.name, [
    ['Service', span.service],
    ['Duration', formatDuration(span.durationNs)],
    ['Of its own', formatDuration(span.selfNs)],
    ['Message', span.message ?? ''],
  ]);
  item.command = { command: 'spanhop.openTrace', title: 'Open Trace', arguments: [node] };
  return item;
}

function serviceItem(node: ServiceNode): TreeItem {
  const item = new TreeItem(node.name || 'Unknown service');
  item.id = `${node.backend}:${node.traceId}:service:${node.name}`;
  const errors = node.errors > 0 ? ` · ${formatCount(node.errors, 'error')}` : '';
  item.description = `${formatCount(node.spans, 'span')}${errors} · ${formatDuration(node.selfNs)} of its own`;
  item.iconPath = new ThemeIcon('server');
  item.contextValue = 'service';
  item.tooltip =
    node.errors > 0 ? 'Opens the trace at the first error of this service' : 'Opens the trace at the first span of this service';
  item.command = { command: 'spanhop.openService', title: 'Open Trace', arguments: [node] };
  return item;
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
  return plainTable(titleOf(overview, false), [
    ['Backend', node.backend],
    [
      'Services',
      services.length === 0 ? overview.rootService : services.slice(0, 8).join(', ') + (services.length > 8 ? ', …' : ''),
    ],
    ['Duration', formatDuration(overview.durationNs)],
    ['Spans', overview.spanCount === undefined ? '' : String(overview.spanCount)],
    ['Errors', overview.errorCount === undefined ? '' : String(overview.errorCount)],
    ['Started', formatLocalTime(overview.startUnixNano)],
    ['UTC', formatUtcTime(overview.startUnixNano)],
    ['Trace ID', overview.traceId],
    ['Starts at', places.start ?? ''],
    ['Fails at', places.error ?? ''],
  ]);
}

function plainTable(title: string, rows: readonly (readonly [string, string])[]): MarkdownString {
  const text = new MarkdownString();
  text.isTrusted = false;
  text.supportHtml = false;
  text.supportThemeIcons = false;
  text.appendMarkdown('**').appendText(oneLine(title)).appendMarkdown('**\n\n| | |\n|:--|:--|\n');
  for (const [name, value] of rows) {
    if (value !== '') text.appendMarkdown(`| ${name} | `).appendText(oneLine(value).replaceAll('|', '¦')).appendMarkdown(' |\n');
  }
  return text;
}

function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, ' ').slice(0, 300);
}
