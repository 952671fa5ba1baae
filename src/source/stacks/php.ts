/**
 * PHP in two forms. The OpenTelemetry SDK writes it like Java (opentelemetry-php, StackTraceFormatter.php): `at App.Cart.add(Cart.php:42)`,
 * with dots for backslashes and the file's name only; `Caused by:` follows. PHP's own form is `#0 /app/Cart.php(42): App\Cart->add('z')`:
 * the throwing line stands in the header (`… in /app/Cart.php:12`), frame `#0` is the call of the function that threw. The cause comes
 * first, and the exception that was recorded after `Next`.
 */

import type { ParsedException } from '../model/types';
import { append, ExceptionBuilder, makeFrame, maxLineLength, type StackParser, splitHeader } from './lines';

const dotted = /^at ((?:[^\s(){}]|\{[^{}\n]{1,700}\}){1,1500})\(([^()]{1,300}\.php)(?::(\d{1,9}))?\)$/;
const numbered = /^#\d+ (?:(.+)\((\d{1,9})\)|\[internal function\]): (.+)$/;
const thrown = /^(?:PHP )?(?:Fatal error: +)?(?:Uncaught )?(?:Next )?(.*) in (.+?)(?::| on line )(\d{1,9})$/;

export const phpParser: StackParser = {
  language: 'php',
  parse(lines) {
    const dots = parseDotted(lines);
    return dots.length ? dots : parseNumbered(lines);
  },
};

function parseDotted(lines: readonly string[]): readonly ParsedException[] {
  const exceptions: ExceptionBuilder[] = [];
  let current: ExceptionBuilder | undefined;
  let header = '';
  for (const line of lines) {
    if (line.length > maxLineLength) continue;
    const text = line.trimStart();
    const cause = /^Caused by: (.*)$/.exec(text);
    const match = dotted.exec(text);
    if (cause) current = append(exceptions, new ExceptionBuilder(splitHeader(cause[1]), exceptions.length ? 'cause' : undefined));
    else if (match) {
      if (!current) current = append(exceptions, new ExceptionBuilder(splitHeader(header)));
      const isMain = match[1] === '{main}';
      current.frames.push(
        makeFrame(line, {
          functionName: isMain ? undefined : match[1],
          className: classOf(match[1]),
          path: match[2],
          line: match[3],
        }),
      );
    } else if (!exceptions.length && header.length < 8192) header += header ? `\n${text}` : text;
  }
  return exceptions.some((exception) => exception.frames.length) ? exceptions.map((exception) => exception.build()) : [];
}

/**
 * The class of `Desk.Ticket.Ticket.tag`. A closure has the namespace in its name, `Desk.Ticket.Ticket.Desk.Ticket.{closure}`, or
 * since 8.4 the method: `Desk.Ticket.Ticket.{closure:Desk.Ticket.Ticket::tag():24}`.
 */
function classOf(call: string): string | undefined {
  const brace = call.indexOf('{');
  const dot = call.slice(0, brace < 0 ? undefined : brace).lastIndexOf('.');
  if (dot <= 0) return undefined;
  const name = call.slice(0, dot);
  const parts = name.split('.');
  const half = (parts.length - 1) / 2;
  const repeats = brace > 0 && half >= 1 && parts.slice(0, half).join('.') === parts.slice(half + 1).join('.');
  return repeats ? parts.slice(0, half + 1).join('.') : name;
}

function parseNumbered(lines: readonly string[]): readonly ParsedException[] {
  const blocks: ExceptionBuilder[] = [];
  let current: ExceptionBuilder | undefined;
  let sawCall = false;
  for (const line of lines) {
    if (line.length > maxLineLength) continue;
    const text = line.trimStart();
    const call = numbered.exec(text);
    const head = call || text.startsWith('thrown in ') ? undefined : thrown.exec(text);
    if (call) {
      sawCall = true;
      if (!current) current = append(blocks, new ExceptionBuilder({ type: '', message: '' }));
      const functionName = call[3].replace(/\(.*$/, '');
      current.frames.push(
        call[1] === undefined
          ? makeFrame(line, { functionName, isNative: true, isLibrary: true })
          : makeFrame(line, { functionName, path: call[1], line: call[2] }),
      );
    } else if (head && /\.\w+$/.test(head[2])) {
      current = append(blocks, new ExceptionBuilder(splitHeader(head[1])));
      current.frames.push(makeFrame(line, { path: head[2], line: head[3] }));
    }
  }
  if (!sawCall) return [];
  return blocks.reverse().map((block, index) => ({ ...block.build(), relation: index === 0 ? undefined : 'cause' }));
}
