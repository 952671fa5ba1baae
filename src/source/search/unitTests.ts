/**
 * Unit tests of Rust stand in the file that they test, in a module of their own below `#[cfg(test)]`: no span of a program comes from there.
 * https://doc.rust-lang.org/book/ch11-03-test-organization.html
 */

import { indentOf, isBlank } from '../outline/textLines';
import type { SourceFile } from './sourceSearch';

const begins = /^\s*#\[cfg\((?:test|(?:all|any)\(test\b)|^\s*(?:pub(?:\(crate\))?\s+)?mod\s+(?:tests?|\w{1,40}_tests?)\s*\{/;
const maxAttributes = 12;

type Range = readonly [start: number, end: number];

const known = new WeakMap<readonly string[], readonly Range[]>();

/** Whether a line, from 0, is a unit test's. */
export function isInUnitTest({ language }: Pick<SourceFile, 'language'>, lines: readonly string[], line: number): boolean {
  if (language !== 'rust') return false;
  let ranges = known.get(lines);
  if (!ranges) {
    ranges = rangesIn(lines);
    known.set(lines, ranges);
  }
  return ranges.some(([start, end]) => line >= start && line < end);
}

function rangesIn(lines: readonly string[]): readonly Range[] {
  const found: Range[] = [];
  for (let line = 0; line < lines.length; line++) {
    const text = lines[line];
    if (text.length > 200 || !begins.test(text)) continue;
    let head = line;
    while (head < Math.min(lines.length, line + maxAttributes) && /^\s*(?:#\[|\/\/|$)/.test(lines[head])) head++;
    // Another file's module, an import.
    if (/;\s*$/.test(lines[head] ?? '')) continue;
    const indent = indentOf(lines[head] ?? '');
    let end = head + 1;
    while (end < lines.length && (isBlank(lines[end]) || indentOf(lines[end]) > indent || !/^\s*\}/.test(lines[end]))) end++;
    found.push([line, end + 1]);
    line = end;
  }
  return found;
}
