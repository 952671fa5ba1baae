/**
 * The text of a hover. It is made of what traces say, so each piece of that is escaped, and links are of two kinds only: commands of a short
 * list with arguments that we made (ids that are hexadecimal, numbers of ours), and files of the workspace.
 */

import type { CodeRun, FunctionStatistics } from '../../code';
import { messageShape } from '../../code/messageShape';
import { formatCount, formatDuration, formatNumber, formatRelativeTime } from '../../core/text/formatText';
import { escapeMarkdown } from '../../core/text/markdown';
import { plainText } from '../../core/text/plainText';
import type { CodeAttribute, CodeDetails, CodeException, ReachedSpan } from '../../protocol/code';
import { messageOf } from '../exceptions/exceptionText';
import { errorsText, recordedText } from './errorsText';

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
  /** What Problems says at the place, and VS Code shows above: it is not said again. */
  readonly told: readonly string[];
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

export function hoverText({ statistics, thrown, told, details, trend, frames, target }: HoverSubject, nowMs: number): string {
  const paragraphs = [statistics ? headOf(statistics) : thrownHead(thrown, details)];
  if (trend !== undefined) paragraphs.push(escapeMarkdown(trend, 300));
  const exceptions = details?.exceptions ?? [];
  for (const [i, one] of exceptions.entries()) {
    const framesOfIt = i === 0 ? frames : [];
    if (!isTold(one, told)) paragraphs.push(exceptionText(one, framesOfIt, nowMs));
    else if (!statistics) paragraphs.push(factsOf(one, framesOfIt, nowMs).join(' · '));
  }
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

/** `charge`: 128 calls · p50 12 ms · p95 240 ms · 3 errors, recorded by 5 calls */
function headOf(statistics: FunctionStatistics): string {
  const { name, calls, p50Ns, p95Ns } = statistics;
  const times = calls === 1 ? [formatDuration(p50Ns)] : [`p50 ${formatDuration(p50Ns)}`, `p95 ${formatDuration(p95Ns)}`];
  const errors = errorsText(statistics);
  const parts = [formatCount(calls, 'call'), ...times, ...(errors === '' ? [] : [`**${errors}**${recordedText(statistics)}`])];
  return name === '' ? parts.join(' · ') : `**${escapeMarkdown(name, maxName)}**: ${parts.join(' · ')}`;
}

/** An exception counts once in its trace, as in Problems; of how many spans recorded it, the head says. */
function thrownHead(spans: number, details: CodeDetails | undefined): string {
  const recorded = `recorded by ${formatCount(spans, 'span')}`;
  // Of so many spans only the last were read.
  if (!details || details.read < spans) return `**Thrown here**: ${recorded}`;
  const times = `${formatNumber(details.thrown)}×`;
  return `**Thrown here**: ${details.thrown === spans ? times : `${times}, ${recorded}`}`;
}

/** Problems joins messages that differ in values only, and cuts them. */
function isTold({ type, message }: CodeException, told: readonly string[]): boolean {
  if (type === '' && message === '') return false;
  const shape = messageShape(plainText(messageOf({ type, message, count: 1, firstMs: 0, lastMs: 0 })).replace(/…$/, ''));
  return told.some((text) => messageShape(text).startsWith(shape));
}

function exceptionText(exception: CodeException, frames: readonly HoverFrame[], nowMs: number): string {
  const { type, message, count } = exception;
  const title = type === '' && message === '' ? 'error without a message' : escapeMarkdown(type || 'error', maxName);
  const text = message === '' ? '' : `: ${escapeMarkdown(message, maxMessage)}`;
  const facts = [`${formatNumber(count)}×`, ...factsOf(exception, frames, nowMs)];
  return `**${title}**${text} — ${facts.join(' · ')}`;
}

/** When it came last, and through which lines. */
function factsOf({ last }: CodeException, frames: readonly HoverFrame[], nowMs: number): string[] {
  const when = `last ${formatRelativeTime(last.startMs, nowMs)}`;
  const where = frames.map(({ label, uri }) => `[${escapeMarkdown(label, maxName)}](${uri})`).join(' ← ');
  return [traceLink(when, last), ...(where === '' ? [] : [where])];
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
