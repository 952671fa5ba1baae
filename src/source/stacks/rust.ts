/**
 * Rust backtraces (https://doc.rust-lang.org/std/backtrace): `  3: name` and below it `at path:line:column`, the path relative to the
 * folder that was compiled in. `anyhow` prints the causes as numbered text without places, and one backtrace, that of the first error.
 * In a panic's backtrace the hook and the machinery of `std` come first: what threw is below the last frame of it.
 * `thread 'main' panicked at src/main.rs:3:96` is the place itself.
 */

import type { StackFrame } from '../model/types';
import { ExceptionBuilder, makeFrame, maxLineLength, type StackParser } from './lines';

const nameLine = /^\s*\d{1,6}: +(?:0x[0-9a-f]+ - )?(\S.*)$/;
const placeLine = /^\s+at (.+?):(\d{1,9})(?::(\d{1,9}))?$/;
const panicked = /^(?:thread '[^']*'(?: \(\d+\))? )?panicked at (?:'.*', )?(.+?):(\d{1,9}):(\d{1,9}):?$/;
const machinery =
  /(?:^|::)(?:rust_begin_unwind|begin_panic(?:_handler)?)\b|^core::panicking::|^core::(?:option|result)::\w+_failed/;

export const rustParser: StackParser = {
  language: 'rust',
  parse(lines) {
    const header: string[] = [];
    const frames: StackFrame[] = [];
    let name: { readonly line: string; readonly text: string } | undefined;
    let throwFrame = 0;
    let isPanicPlace = false;
    for (const line of lines) {
      if (line.length > maxLineLength) continue;
      const place = name ? placeLine.exec(line) : undefined;
      const panic = frames.length ? undefined : panicked.exec(line.trimStart());
      const call = nameLine.exec(line);
      if (panic) {
        frames.push(makeFrame(line, { path: panic[1], line: panic[2], column: panic[3] }));
        isPanicPlace = true;
      } else if (place && name) {
        frames.push(join(name, line, place));
        name = undefined;
      } else if (call) {
        if (machinery.test(call[1]) && !isPanicPlace) throwFrame = frames.length + 1;
        name = { line, text: call[1] };
      } else if (!frames.length && header.length < 100 && !/^(?:Stack backtrace|stack backtrace):/.test(line)) header.push(line);
    }
    if (!frames.length) return [];
    const exception = new ExceptionBuilder({ type: '', message: header.join('\n') });
    exception.frames.push(...frames);
    exception.throwFrame = throwFrame < frames.length ? throwFrame : 0;
    return [exception.build()];
  },
};

function join(name: { readonly line: string; readonly text: string }, line: string, place: RegExpExecArray): StackFrame {
  const frame = makeFrame(line, { path: place[1], line: place[2], column: place[3], functionName: name.text });
  return { ...frame, raw: `${name.line.trimStart()}\n${frame.raw}` };
}
