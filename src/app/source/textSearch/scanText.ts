/** Looks through a text that is at hand: of a document with unsaved edits, of one file that changed, of a file that ripgrep cannot reach. */

import type { Slices } from '../../../base/slices';
import type { HitCollector } from './hitCollector';

/** Characters at the beginning in which a NUL means that the file is no text. */
const binaryLookAt = 1000;
/** As for ripgrep: longer lines are minified or data. */
const maxLine = 4096;

export async function scanText(file: string, text: string, into: HitCollector, slices: Slices): Promise<void> {
  if (text.slice(0, binaryLookAt).includes('\0')) return;
  let start = text.startsWith('\ufeff') ? 1 : 0;
  for (let line = 0; start < text.length; line++) {
    const newline = text.indexOf('\n', start);
    const end = newline < 0 ? text.length : newline;
    const content = text[end - 1] === '\r' ? end - 1 : end;
    if (content - start <= maxLine) into.add(file, line, text.slice(start, content));
    start = end + 1;
    if ((line & 63) === 63) await slices.maybePause();
  }
}
