/**
 * .NET and Mono: `Exception.ToString()` (https://learn.microsoft.com/dotnet/api/system.exception.tostring). The headers come
 * first, each inner one after `--->`; then the frames of the innermost exception, up to "--- End of inner exception stack trace ---",
 * then those of the one outside it. An AggregateException repeats its members after that as `---> (Inner Exception #0)`.
 *
 * A frame is `at Name(Arguments) in /path/File.cs:line 42`; without symbols it has no `in`. Mono writes `in /path/File.cs:42`,
 * and `in <hash>:0` where it knows no file. The words `at`, `in` and `line` are in the language of the process, so those of a
 * frame with a place are recognised by position where they are not English.
 */

import type { ParsedException } from '../model/types';
import { isLibraryNamespace } from '../uri/libraries';
import { ExceptionBuilder, type FrameParts, makeFrame, maxLineLength, type StackParser, splitHeader } from './lines';

const endOfInner = /^--- .* ---$/;
const endOfRethrow = /^--- End of stack trace from previous location/;

export const dotnetParser: StackParser = {
  language: 'dotnet',
  parse(lines) {
    const headers: string[] = [];
    const groups: ExceptionBuilder['frames'][] = [[]];
    let sawFrame = false;
    for (const line of lines) {
      if (line.length > maxLineLength) continue;
      const text = line.trimStart();
      const parts = parseFrame(line);
      if (parts) {
        sawFrame = true;
        groups[groups.length - 1].push(makeFrame(line, parts));
      } else if (endOfRethrow.test(text)) continue;
      else if (sawFrame && endOfInner.test(text)) groups.push([]);
      // The members of an aggregate, or the same exception printed a second time.
      else if (sawFrame && (/^---> \(/.test(text) || /^\[ERROR\] FATAL UNHANDLED/.test(text))) break;
      else if (!sawFrame) addHeader(headers, text);
    }
    if (!sawFrame) return [];
    return pair(headers, groups);
  },
};

function addHeader(headers: string[], text: string): void {
  const clean = text.replace(/^Unhandled [Ee]xception[:.]\s*/, '');
  if (clean === '') return;
  const parts = clean.split(/\s*---> /);
  // What stands before the first arrow continues the header above.
  if (parts[0] !== '') {
    if (headers.length) headers[headers.length - 1] += `\n${parts[0]}`;
    else headers.push(parts[0]);
  }
  for (const part of parts.slice(1)) if (headers.length < 100) headers.push(part);
}

/** The last group belongs to the first header, the one before it to the second, and so on. */
function pair(headers: readonly string[], groups: readonly ExceptionBuilder['frames'][]): readonly ParsedException[] {
  const outerFirst = groups.toReversed();
  const result: ParsedException[] = [];
  for (const [index, frames] of outerFirst.entries()) {
    const exception = new ExceptionBuilder(splitHeader(headers[index] ?? ''), index === 0 ? undefined : 'cause');
    exception.frames.push(...frames);
    result.push(exception.build());
  }
  return result;
}

function parseFrame(line: string): FrameParts | undefined {
  const match = /^\s+(?:at|bei|à|en|in|в|at) (.+)$/.exec(line);
  if (!match) return undefined;
  const body = match[1];
  const call = /^([^\s()]+(?:\[[^\]]*\])?) ?\(/.exec(body);
  if (!call) return undefined;
  const name = call[1];
  const isLibrary = isLibraryNamespace(name);
  const close = closing(body, call[0].length - 1);
  if (close < 0) return undefined;
  const rest = body.slice(close + 1);
  const place = / \S{1,12} (.+):(?:\S{1,12} )?(\d{1,9})\.?$/.exec(rest);
  if (!place)
    return rest === '' || /^ \[0x[0-9a-f]+\]/.test(rest) ? { functionName: name, isNative: true, isLibrary } : undefined;
  if (place[1].startsWith('<') || place[2] === '0') return { functionName: name, isNative: true, isLibrary };
  return {
    functionName: name,
    path: place[1],
    line: place[2],
    isLibrary: isLibrary ? true : undefined,
  };
}

/** Index of the parenthesis that closes the one at `open`. */
function closing(text: string, open: number): number {
  let depth = 0;
  for (let i = open; i < text.length; i++) {
    if (text[i] === '(') depth++;
    else if (text[i] === ')' && --depth === 0) return i;
  }
  return -1;
}
