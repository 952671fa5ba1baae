/** Looks through a text that is at hand: of a document with unsaved edits, of one file that changed, of a file that ripgrep cannot reach. */

import type { Slices } from '../../../base/slices';
import type { HitCollector } from './hitCollector';

/** Characters at the beginning in which a NUL means that the file is no text. */
const binaryLookAt = 1000;
/** As for ripgrep: longer lines are minified or data. */
const maxLine = 4096;

/** Of more texts each line is looked at. */
const fewNeedles = 24;

export async function scanText(file: string, text: string, into: HitCollector, slices: Slices): Promise<void> {
  if (text.slice(0, binaryLookAt).includes('\0')) return;
  const next = into.needles.length <= fewNeedles ? nextOf(into.needles, text) : (from: number): number => from;
  let start = text.startsWith('\ufeff') ? 1 : 0;
  for (let line = 0; start < text.length; line++) {
    const at = next(start);
    if (at < 0) return;
    const newline = text.indexOf('\n', start);
    const end = newline < 0 ? text.length : newline;
    const content = text[end - 1] === '\r' ? end - 1 : end;
    if (at < end && content - start <= maxLine) into.add(file, line, text.slice(start, content));
    start = end + 1;
    if ((line & 63) === 63) await slices.maybePause();
  }
}

/** Where any of the texts stands next, from a place on that is never before the last one; less than 0 where none does any more. */
function nextOf(needles: readonly string[], text: string): (from: number) => number {
  let left = needles.map((needle) => ({ needle, at: -1 }));
  let nearest = -1;
  return (from) => {
    if (nearest >= from) return nearest;
    for (const each of left) if (each.at < from) each.at = text.indexOf(each.needle, from);
    left = left.filter(({ at }) => at >= 0);
    nearest = left.length ? Math.min(...left.map(({ at }) => at)) : -1;
    return nearest;
  };
}
