/** The log records of a capture as one text: a record a line, with what it says further in lines below it. */

import { formatCount } from '../../core/text/formatText';
import type { CaptureRecord, CaptureRecords } from '../../protocol/capture';

/** As wide as the longest of OTLP's names. */
const severityWidth = 5;

export function recordsText({ records, total }: CaptureRecords): string {
  if (total === 0) return 'This capture has no log records.\n';
  const left = total - records.length;
  const head =
    left > 0
      ? [
          `The last ${formatCount(records.length, 'log record')} of ${total.toLocaleString('en')}; the others are in the capture's log.`,
          '',
        ]
      : [];
  return [...head, ...records.map(recordText), ''].join('\n');
}

/** `2026-11-30 02:14:05.123 WARN  [cart] checkout: the cart is empty {user.tier=gold} trace 5af7…` */
function recordText({ timeUnixNano, severity, service, scope, text, attributes, traceId }: CaptureRecord): string {
  const time = timeUnixNano === 0n ? 'without a time' : localTime(timeUnixNano);
  const from = [service, scope].filter((name) => name !== '').join(' ');
  const [first, ...more] = text.split(/\r\n|\n|\r/);
  const pairs = attributes.map(([key, value]) => `${key}=${oneLine(value)}`).join(' ');
  const parts = [
    time,
    oneLine(severity).padEnd(severityWidth),
    ...(from === '' ? [] : [`[${oneLine(from)}]`]),
    first,
    ...(pairs === '' ? [] : [`{${pairs}}`]),
    ...(traceId === '' ? [] : [`trace ${traceId}`]),
  ];
  return [parts.join(' '), ...more.map((line) => `    ${line}`)].join('\n');
}

/** `2026-11-30 02:14:05.123`, which sorts and is searched for, of the local clock. */
function localTime(unixNano: bigint): string {
  const date = new Date(Number(unixNano / 1_000_000n));
  const pad = (value: number, digits = 2): string => String(value).padStart(digits, '0');
  const day = [date.getFullYear(), pad(date.getMonth() + 1), pad(date.getDate())].join('-');
  const time = [pad(date.getHours()), pad(date.getMinutes()), pad(date.getSeconds())].join(':');
  return `${day} ${time}.${pad(date.getMilliseconds(), 3)}`;
}

function oneLine(text: string): string {
  return text.replace(/\s*[\r\n]+\s*/g, ' ');
}
