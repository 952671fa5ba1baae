/**
 * Trace ids of a whole document. VS Code asks for all links of a document at once and waits with all other links of it for the answer, so the
 * work is bounded: of a large one its beginning and its end are looked at, which is where people look at logs. It is cut into
 * slices, for the thread belongs to all extensions.
 */

import { Slices } from '../../base/slices';
import { linksOfLine, type TraceLink } from './traceLinks';

/** From each end of a document. */
const maxLinks = 2_500;
const maxCharacters = 8 << 20;
/** Lines between two looks at the clock: one of them may be long, and is cut. */
const step = 64;
const sliceMs = 6;

/** A document as far as it is looked at; one of VS Code's is one. */
export interface Lines {
  readonly lineCount: number;
  lineAt(line: number): { readonly text: string };
}

/** Links of the beginning and, where that is not all of it, of the end. */
export async function linksOf(document: Lines, signal: AbortSignal): Promise<TraceLink[]> {
  const { lineCount } = document;
  const head = await collect(document, signal, 0, lineCount, 1);
  if (head.next >= lineCount) return head.links;
  const tail = await collect(document, signal, lineCount - 1, head.next - 1, -1);
  return [...head.links, ...tail.links.reverse()];
}

async function collect(
  document: Lines,
  signal: AbortSignal,
  from: number,
  end: number,
  direction: 1 | -1,
): Promise<{ readonly links: TraceLink[]; readonly next: number }> {
  const links: TraceLink[] = [];
  let characters = 0;
  const slices = new Slices(undefined, sliceMs);
  let line = from;
  for (let count = 1; line !== end; line += direction, count++) {
    // While this waited, the document may have become shorter; it is asked for again then.
    if (signal.aborted || line >= document.lineCount) break;
    const { text } = document.lineAt(line);
    const found = linksOfLine(text, line);
    links.push(...(direction > 0 ? found : found.reverse()));
    characters += text.length + 1;
    if (links.length >= maxLinks || characters >= maxCharacters) return { links, next: line + direction };
    if (count % step === 0) await slices.maybePause();
  }
  return { links, next: line };
}
