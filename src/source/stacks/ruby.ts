/**
 * Ruby: `Exception#full_message(order: :top)` and `#backtrace` (https://docs.ruby-lang.org/en/master/Exception.html). The first line
 * of an exception carries its message and type, `path:line:in 'name': message (Type)`; its frames follow after `from`. The
 * cause comes after the last of these, as another such line. A bare backtrace has no message. Up to 3.3 the name is in
 * a backtick and a quote. A message may quote source below itself; those lines are no frames.
 */

import type { StackFrame } from '../model/types';
import { append, ExceptionBuilder, makeFrame, maxLineLength, type StackParser } from './lines';

const frameText = /^(?:from )?(<internal:[^>]*>|[^:\s][^:]*(?::[\\/][^:]*)?):(\d{1,9}):in [`']([^']*)'(.*)$/;

export const rubyParser: StackParser = {
  language: 'ruby',
  parse(lines) {
    const exceptions: ExceptionBuilder[] = [];
    let current: ExceptionBuilder | undefined;
    for (const line of lines) {
      if (line.length > maxLineLength) continue;
      const text = line.trimStart();
      const match = frameText.exec(text);
      if (!match) {
        if (current && current.frames.length === 1) current.message += `\n${text}`;
        continue;
      }
      const rest = match[4];
      const header = rest.startsWith(':') && !text.startsWith('from ');
      if (!current || header) {
        current = append(exceptions, new ExceptionBuilder(splitMessage(rest), exceptions.length ? 'cause' : undefined));
      }
      current.frames.push(frame(line, match));
    }
    return exceptions.map((exception) => exception.build());
  },
};

function frame(line: string, match: RegExpExecArray): StackFrame {
  const isNative = match[1].startsWith('<internal');
  return makeFrame(line, {
    path: isNative ? undefined : match[1],
    line: match[2],
    functionName: match[3].replace(/^(?:(?:block(?: \(\d+ levels\))?|rescue|ensure) in )+/, ''),
    isNative,
    isLibrary: isNative ? true : undefined,
  });
}

/** `: message (Type)`; a message of several lines has the type at the end of its first. */
function splitMessage(rest: string): { type: string; message: string } {
  const text = rest.replace(/^:\s*/, '');
  const match = /\(([A-Z][\w:]*)\)$/.exec(text);
  return match ? { type: match[1], message: text.slice(0, match.index).trim() } : { type: '', message: text };
}
