/**
 * Go: `runtime.Stack` and panics (https://pkg.go.dev/runtime/debug#Stack). A frame has two lines, the function with its arguments
 * and, after a tab, `file:line +0xoffset`. The text is often cut in the middle of a line: the SDK takes 2048 bytes only.
 *
 * What is recorded is the stack of `RecordError`, so frames of the SDK come first. After a panic the deferred functions stand above
 * `panic(…)`, and what threw stands below the last of these. Of many goroutines the first is the one that spoke.
 * `created by` is no call, but the place of the `go` statement: the last resort.
 */

import type { StackFrame } from '../model/types';
import { ExceptionBuilder, makeFrame, maxLineLength, type StackParser, splitHeader } from './lines';

const placeLine = /^\t(.+):(\d{1,9})(?: \+0x[0-9a-f]*)?$/;

export const goParser: StackParser = {
  language: 'go',
  parse(lines) {
    const header: string[] = [];
    const frames: StackFrame[] = [];
    let started = false;
    let throwFrame = 0;
    let call: string | undefined;
    for (const line of lines) {
      if (line.length > maxLineLength) continue;
      if (/^goroutine \d+ (?:gp=\S+ )?.*\[.+\]:$/.test(line)) {
        if (frames.length) break;
        started = true;
        call = undefined;
        continue;
      }
      const place = placeLine.exec(line);
      if (place && call) {
        if (/^panic\(/.test(call)) throwFrame = frames.length + 1;
        frames.push(joinFrame(call, line, place));
        call = undefined;
      } else if (/^\S.*\)$|^created by \S/.test(line) && !place) call = line;
      else if (!started && !frames.length && header.length < 100) header.push(line);
    }
    if (!frames.length) return [];
    const exception = new ExceptionBuilder(splitHeader(header.join('\n').trim()));
    exception.frames.push(...frames);
    exception.throwFrame = throwFrame < frames.length ? throwFrame : 0;
    return [exception.build()];
  },
};

function joinFrame(call: string, line: string, place: RegExpExecArray): StackFrame {
  const frame = makeFrame(line, {
    path: place[1],
    line: place[2],
    functionName: functionName(call),
  });
  return { ...frame, raw: `${call}\n${frame.raw}` };
}

/** Without arguments: the receiver's parentheses are part of the name, those at the end are not. */
function functionName(text: string): string {
  const name = text.replace(/^created by /, '').replace(/ in goroutine \d+$/, '');
  let depth = 0;
  for (let i = name.length - 1; i >= 0 && name.endsWith(')'); i--) {
    if (name[i] === ')') depth++;
    else if (name[i] === '(' && --depth === 0) return name.slice(0, i);
  }
  return name;
}
