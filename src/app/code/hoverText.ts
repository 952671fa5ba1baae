/**
 * The text of a hover. It is made of what traces say, so each piece of that is escaped, and links are of two kinds only: commands of a short
 * list with arguments that we made (ids that are hexadecimal, numbers of ours), and files of the workspace.
 */

import type { CodeRun, FunctionStatistics } from '../../code';
import { formatCount, formatDuration, formatNumber, formatRelativeTime } from '../../core/text/formatText';
import { escapeMarkdown } from '../../core/text/markdown';
import type { CodeAttribute, CodeDetails, CodeException, ReachedSpan } from '../../protocol/code';

/** Commands that links of a hover may run. */
export const hoverCommands: readonly string[] = [
  'spanhop.openTraceBeside',
  'spanhop.showSpansAtCursor',
  'spanhop.showCallers',
  'spanhop.showCallees',
];

/** A frame of the workspace: its label, and its address with the line. */
export interface HoverFrame {
  readonly label: string;
  readonly uri: string;
}

export interface HoverSubject {
  /** Function, or undefined where a line threw. */
  readonly statistics: FunctionStatistics | undefined;
  /** Spans that recorded what the line threw. */
  readonly thrown: number;
  readonly details: CodeDetails | undefined;
  /** Against an earlier capture, as the lens' tooltip has it. */
  readonly trend: string | undefined;
  /** Frames of the first exception. */
  readonly frames: readonly HoverFrame[];
  /** Number by which the commands know what this is about. */
  readonly target: number;
}

const hex = /^[0-9a-f]{16,32}$/;
const maxName = 80;
const maxMessage = 160;
const maxKey = 60;
const maxValue = 60;

export function hoverText({ statistics, thrown, details, trend, frames, target }: HoverSubject, nowMs: number): string {
  const paragraphs = [statistics ? headOf(statistics) : `**Thrown here**: ${formatCount(thrown, 'span')} recorded it`];
  if (trend !== undefined) paragraphs.push(escapeMarkdown(trend, 300));
  const exceptions = details?.exceptions ?? [];
  paragraphs.push(...exceptions.map((one, i) => exceptionText(one, i === 0 ? frames : [], nowMs)));
  if (details?.entries) paragraphs.push(...entriesText(details.entries.spans, details.entries.calls, statistics?.calls));
  if (details?.attributes.length) paragraphs.push(attributesText(details.attributes, details.read));
  if (details?.runs.length) paragraphs.push(runsText(details.runs, nowMs));
  paragraphs.push(
    [
      commandLink('All calls', 'spanhop.showSpansAtCursor', target),
      commandLink('Who reaches this', 'spanhop.showCallers', target),
      commandLink('What it calls', 'spanhop.showCallees', target),
    ].join(' · '),
  );
  return paragraphs.join('\n\n');
}

/** `charge`: 128 calls · p50 12 ms · p95 240 ms · 3 errors */
function headOf({ name, calls, errors, p50Ns, p95Ns }: FunctionStatistics): string {
  const times = calls === 1 ? [formatDuration(p50Ns)] : [`p50 ${formatDuration(p50Ns)}`, `p95 ${formatDuration(p95Ns)}`];
  const parts = [formatCount(calls, 'call'), ...times, ...(errors > 0 ? [`**${formatCount(errors, 'error')}**`] : [])];
  return name === '' ? parts.join(' · ') : `**${escapeMarkdown(name, maxName)}**: ${parts.join(' · ')}`;
}

function exceptionText({ type, message, count, last }: CodeException, frames: readonly HoverFrame[], nowMs: number): string {
  const title = type === '' && message === '' ? 'error without a message' : escapeMarkdown(type || 'error', maxName);
  const text = message === '' ? '' : `: ${escapeMarkdown(message, maxMessage)}`;
  const when = `last ${formatRelativeTime(last.startMs, nowMs)}`;
  const where = frames.map(({ label, uri }) => `[${escapeMarkdown(label, maxName)}](${uri})`).join(' ← ');
  const facts = [`${formatNumber(count)}×`, traceLink(when, last), ...(where === '' ? [] : [where])];
  return `**${title}**${text} — ${facts.join(' · ')}`;
}

function entriesText(spans: readonly ReachedSpan[], calls: number, all: number | undefined): string[] {
  if (spans.length === 0) return [];
  const each = spans.map(({ name, service, entry }) => {
    const of = service === '' ? '' : ` (${escapeMarkdown(service, maxName)})`;
    return `${escapeMarkdown(name || 'a span without a name', maxName)}${of} ${formatNumber(entry)}×`;
  });
  // Who leads to millions of calls is told by the last ones of them.
  return [`Called by ${each.join(', ')}${calls === all ? '' : `, of the last ${formatCount(calls, 'call')}`}`];
}

function attributesText(attributes: readonly CodeAttribute[], read: number): string {
  const lines = attributes.map(({ key, values, distinct }) => {
    const each = values.map(({ text, count }) => `${escapeMarkdown(text, maxValue) || 'empty'} ${formatNumber(count)}×`);
    const more = distinct > values.length ? [`${formatNumber(distinct - values.length)} more`] : [];
    return `- ${escapeMarkdown(key, maxKey)}: ${[...each, ...more].join(', ')}`;
  });
  return `Values in the last ${formatCount(read, 'call')}\n${lines.join('\n')}`;
}

function runsText(runs: readonly CodeRun[], nowMs: number): string {
  const lines = runs.map((run) => {
    const facts = [formatRelativeTime(run.startMs, nowMs), ...(run.error ? ['**error**'] : [])];
    return `- ${traceLink(formatDuration(run.durationNs), run)} · ${facts.join(' · ')} · trace ${run.traceId.slice(0, 8)}`;
  });
  return `Last calls\n${lines.join('\n')}`;
}

function traceLink(label: string, { traceId, spanId }: CodeRun): string {
  if (!hex.test(traceId) || !hex.test(spanId)) return label;
  return commandLink(label, 'spanhop.openTraceBeside', { traceId, spanId });
}

function commandLink(
  label: string,
  command: string,
  argument: number | { readonly traceId: string; readonly spanId: string },
): string {
  return `[${label}](command:${command}?${encodeURIComponent(JSON.stringify([argument]))})`;
}
