/** Looks at the beginning of an input for documents. */

import { utf8Text } from '../../model/jsonText';
import type { DocumentKind } from '../documents/kind';
import { parseDocument } from '../documents/literal';
import type { TraceFormat } from '../sink/layout';
import { DocumentInput } from './documentInput';
import { DocumentParts } from './documentParts';
import { documentKinds } from './kinds';

const OPEN_OBJECT = 123;

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
  if (known.size + kinds.size === 0) {
    const kind = isCut ? kindOfPart(head) : undefined;
    const hinted = isHinted ? documentKinds.find(({ hint }) => hint?.test(text)) : undefined;
    const first = kind ?? hinted;
    if (first) kinds.add(first.format);
  }
  return { known, kinds, isBehindText: isBehind || input.hasPrefixes };
}

/** Of the first document, whose end is beyond the head. */
function kindOfPart(head: Uint8Array): DocumentKind | undefined {
  const part = new DocumentParts().next(head, Math.max(0, head.indexOf(OPEN_OBJECT)), head.length, true);
  const document = part && parseDocument(utf8Text(part.bytes, 0, part.bytes.length));
  return document && documentKinds.find((one) => one.inParts?.(document) && one.is(document));
}
