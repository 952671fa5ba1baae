/** Looks at the beginning of an input for documents. */

import type { TraceFormat } from '../sink/layout';
import { DocumentInput } from './documentInput';
import { documentKinds } from './kinds';

export interface Probe {
  /** Formats that have a reader of their own, and kinds. */
  readonly known: ReadonlySet<TraceFormat>;
  readonly kinds: ReadonlySet<TraceFormat>;
  /** Some document stands behind a text, as in a log. */
  readonly isBehindText: boolean;
}

/**
 * What documents there are in the first bytes of an input.
 * @param text `head` as text
 * @param isCut the input goes on beyond them
 * @param isHinted a kind may be found by the beginning of a document alone
 */
export function probe(head: Uint8Array, text: string, isCut: boolean, isHinted: boolean): Probe {
  const known = new Set<TraceFormat>();
  const kinds = new Set<TraceFormat>();
  let isBehind = false;
  const input = new DocumentInput({
    translated: (_, format, isBehindText) => {
      kinds.add(format);
      isBehind ||= isBehindText;
    },
    known: (format, _bytes, _start, _end, isBehindText) => {
      known.add(format);
      isBehind ||= isBehindText;
    },
    damaged: () => {},
  });
  input.push(head);
  // Of a document that goes on beyond the head the parts in it are no documents.
  if (!isCut) input.end();
  if (isHinted && known.size + kinds.size === 0) {
    const hinted = documentKinds.find(({ hint }) => hint?.test(text));
    if (hinted) kinds.add(hinted.format);
  }
  return { known, kinds, isBehindText: isBehind || input.hasPrefixes };
}
