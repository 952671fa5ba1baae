/** What Problems and its quick fixes say of an error. */

import { formatDuration } from '../../core/text/formatText';
import type { ExceptionSummary } from '../../protocol/exceptions';

type Counted = Pick<ExceptionSummary, 'type' | 'message' | 'count' | 'firstMs' | 'lastMs'>;

/** UTF-16 units of a message on one line of the panel. */
const maxMessage = 300;
const maxName = 60;

/** `GatewayTimeout: no answer after 3 tries (3× in 2 min)` */
export function messageOf({ type, message, count, firstMs, lastMs }: Counted): string {
  const what = oneLine(message, maxMessage);
  const text = type === '' ? what || 'Error' : what === '' ? type : `${type}: ${what}`;
  if (count === 1) return text;
  const period = lastMs - firstMs;
  return period < 1 ? `${text} (${count}×)` : `${text} (${count}× in ${formatDuration(wholeUnits(period) * 1e6)})`;
}

/** `GatewayTimeout`, without the packages that it is in. */
export function nameOf({ type }: Pick<Counted, 'type'>): string {
  const name =
    type
      .split(/[.\\]|::|\//)
      .filter(Boolean)
      .at(-1) ?? '';
  return name === '' ? 'the error' : name.slice(0, maxName);
}

/** `last at 14:03:12`, on another day with the day. */
export function lastAt(lastMs: number, nowMs: number, locale?: string): string {
  const then = new Date(lastMs);
  const isToday = then.toDateString() === new Date(nowMs).toDateString();
  return `last at ${isToday ? timeOfDay(then) : dayFormat(locale).format(then)}`;
}

/** By hand: the first format that a thread makes takes 17 ms, on a thread that all extensions share. */
function timeOfDay(date: Date): string {
  return [date.getHours(), date.getMinutes(), date.getSeconds()].map((part) => String(part).padStart(2, '0')).join(':');
}

/** Making a format takes longer than all else that is done for an entry. */
const dayFormats = new Map<string | undefined, Intl.DateTimeFormat>();

function dayFormat(locale: string | undefined): Intl.DateTimeFormat {
  let format = dayFormats.get(locale);
  if (!format) {
    const time = { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' } as const;
    format = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short', ...time });
    dayFormats.set(locale, format);
  }
  return format;
}

/** A text from a trace on one line, cut. */
export function oneLine(text: string, most: number): string {
  // What would turn the line around or hide a part of it is left out.
  const line = text
    .slice(0, most * 4)
    .replace(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, ' ')
    .replace(/\p{Cf}/gu, '')
    .trim();
  return line.length <= most ? line : `${line.slice(0, most - 1).replace(/[\ud800-\udbff]$/, '')}…`;
}

/** Milliseconds with no smaller unit than a person wants to know beside a count: `2 min`, not `2 min 3 s`. */
function wholeUnits(ms: number): number {
  const [second, minute, hour, day] = [1000, 60_000, 3_600_000, 86_400_000];
  const unit = ms < minute ? 1 : ms < hour ? minute : ms < day ? hour : day;
  return ms < second ? Math.round(ms) : Math.round(ms / unit) * unit;
}
