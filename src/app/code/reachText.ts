/**
 * Callers and callees as a page of text: a line each, with numbers in columns, and where links lie. What has source is in the peek as itself;
 * this page holds all of them, so that other services' routes and databases are no blank.
 */

import { formatCount, formatDuration, formatNumber, formatShare } from '../../core/text/formatText';
import { oneLine } from '../../core/text/markdown';
import type { CodeReach, ReachedSpan } from '../../protocol/code';

export type Direction = 'callers' | 'callees';

/** A span of the answer, with the place in source that was found for it. */
export interface Placed {
  readonly span: ReachedSpan;
  /** `app.ts:31`; undefined where none was found. */
  readonly label: string | undefined;
}

export interface ReachPage {
  readonly text: string;
  /** Lines of spans without a place, in the order of the page. */
  readonly unplacedLines: readonly number[];
  readonly links: readonly PageLink[];
}

export interface PageLink {
  readonly line: number;
  readonly start: number;
  readonly end: number;
  /** Index of the span that was given. */
  readonly of: number;
  readonly to: 'source' | 'trace';
}

interface Section {
  readonly title: string;
  readonly members: readonly number[];
}

const maxName = 60;
const maxService = 30;
const noSource = 'no source here';

export function reachPage(name: string, direction: Direction, reach: CodeReach, placed: readonly Placed[]): ReachPage {
  const lines = [titleOf(name, direction), scopeOf(reach)];
  const unplacedLines: number[] = [];
  const links: PageLink[] = [];
  const rows = placed.map(({ span }) => columnsOf(span, direction, reach));
  const widths = [0, 1, 2].map((column) => Math.max(0, ...rows.map((row) => row[column].length)));
  for (const { title, members } of sectionsOf(direction, placed)) {
    if (members.length === 0) continue;
    lines.push('', title);
    for (const of of members) {
      const { span, label } = placed[of];
      const line = lines.length;
      let text = `  ${rows[of].map((cell, column) => cell.padEnd(widths[column])).join('  ')}  `;
      const add = (label: string, to: PageLink['to']): void => {
        links.push({ line, start: text.length, end: text.length + label.length, of, to });
        text += label;
      };
      if (label === undefined) {
        unplacedLines.push(line);
        text += noSource;
      } else add(oneLine(label, maxName), 'source');
      text += '  ';
      add(`trace ${span.sample.traceId.slice(0, 8)}`, 'trace');
      lines.push(text);
    }
  }
  const roots = reach.calls - placed.reduce((sum, { span }) => sum + span.entry, 0);
  if (direction === 'callers' && roots > 0 && reach.more === 0)
    lines.push('', `${formatCount(roots, 'call')} began a trace: nothing above is known.`);
  if (placed.length === 0 && direction === 'callees') lines.push('', 'It made no further spans.');
  if (reach.more > 0) lines.push('', `${formatNumber(reach.more)} more kinds of spans are left out.`);
  return { text: `${lines.join('\n')}\n`, unplacedLines, links };
}

function titleOf(name: string, direction: Direction): string {
  return direction === 'callers' ? `Who reaches ${oneLine(name, maxName)}` : `What ${oneLine(name, maxName)} calls`;
}

/** `Of the last 5,000 calls` */
function scopeOf({ calls, of }: CodeReach): string {
  return calls < of
    ? `Of ${formatNumber(calls)} of the last ${formatCount(of, 'call')}`
    : `Of the last ${formatCount(calls, 'call')}`;
}

function sectionsOf(direction: Direction, placed: readonly Placed[]): readonly Section[] {
  const all = placed.map((_, i) => i);
  const where = (test: (span: ReachedSpan) => boolean): readonly number[] => all.filter((i) => test(placed[i].span));
  if (direction === 'callees')
    return [
      { title: 'Spans it makes', members: where(({ distance }) => distance === 1) },
      { title: 'What answers in other services', members: where(({ distance }) => distance > 1) },
    ];
  return [
    { title: 'Entry points', members: where(({ entry }) => entry > 0) },
    { title: 'Directly above', members: where(({ entry, distance }) => entry === 0 && distance === 1) },
    { title: 'Further up', members: where(({ entry, distance }) => entry === 0 && distance > 1) },
  ];
}

/** Name, service, numbers. */
function columnsOf(span: ReachedSpan, direction: Direction, reach: CodeReach): readonly string[] {
  const name = oneLine(span.name, maxName) || '(no name)';
  const service = oneLine(span.service, maxService);
  return [name, service, direction === 'callers' ? callerNumbers(span) : calleeNumbers(span, reach)];
}

/** `12 calls, 3 failed` */
function callerNumbers({ calls, errors }: ReachedSpan): string {
  return `${formatCount(calls, 'call')}${errors > 0 ? `, ${formatNumber(errors)} failed` : ''}`;
}

/** `36×, 3 per call, 62 % of its time (1.20 s), 2 failed` */
function calleeNumbers({ spans, calls, errors, timeNs }: ReachedSpan, reach: CodeReach): string {
  const perCall = Number((spans / Math.max(1, reach.calls)).toPrecision(2));
  const share = reach.durationNs > 0 ? `${formatShare(timeNs / reach.durationNs)} of its time` : formatDuration(timeNs);
  const often = calls === spans && calls === reach.calls ? 'once per call' : `${perCall} per call`;
  return `${formatNumber(spans)}×, ${often}, ${share}${errors > 0 ? `, ${formatNumber(errors)} failed` : ''}`;
}
