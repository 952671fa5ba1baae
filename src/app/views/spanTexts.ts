/** Long texts of spans for whoever takes them whole: asked of the engine piece by piece. */

import type { TextKey, TextPiece } from '../../protocol/texts';
import type { EngineService } from '../engine/engineService';

/** UTF-16 units of a text that is copied without a question. */
const COPIED_UNASKED = 4 << 20;
/** Longer ones are not copied: everybody who looks at the clipboard takes a copy of it. */
const MOST_COPIED = 64 << 20;
/** VS Code gives extensions no documents over 50 MB, and holds one several times in memory. */
const MOST_OPENED = 16 << 20;

export type TextLength = 'short' | 'long' | 'tooLong';

/** What copying a text of so many UTF-16 units takes: nothing more, a question, or an export. */
export function lengthToCopy(length: number): TextLength {
  return length <= COPIED_UNASKED ? 'short' : length <= MOST_COPIED ? 'long' : 'tooLong';
}

export type TextEngine = Pick<EngineService, 'call'>;

/** The first piece, which says how long the text is and what it looks like. */
export function firstPiece(engine: TextEngine, { dataset, traceId, spanId, address }: TextKey, signal?: AbortSignal) {
  return engine.call('spanText', { dataset, traceId, spanId, address, from: 0, laidOut: false }, { signal });
}

/** All of it, as it is. */
export function wholeText(engine: TextEngine, key: TextKey, signal?: AbortSignal): Promise<string> {
  return read(engine, key, { laidOut: false, most: Number.POSITIVE_INFINITY }, signal).then(({ text }) => text);
}

/** As it is read in an editor: JSON laid out; of a very long one the beginning. */
export function readableText(engine: TextEngine, key: TextKey, signal?: AbortSignal): Promise<{ text: string; isCut: boolean }> {
  return read(engine, key, { laidOut: true, most: MOST_OPENED }, signal);
}

async function read(
  engine: TextEngine,
  { dataset, traceId, spanId, address }: TextKey,
  { laidOut, most }: { readonly laidOut: boolean; readonly most: number },
  signal: AbortSignal | undefined,
): Promise<{ text: string; isCut: boolean }> {
  const pieces: string[] = [];
  let from = 0;
  for (;;) {
    const request = { dataset, traceId, spanId, address, from, laidOut };
    const { text, length }: TextPiece = await engine.call('spanText', request, { signal });
    pieces.push(text);
    from += text.length;
    if (text === '' || from >= length || from >= most) return { text: pieces.join(''), isCut: from < length };
  }
}
