/** Looks at the beginning of an input for documents. */

import { utf8Text } from '../../model/jsonText';
import { type Members, parseDocument } from '../documents/literal';
import type { TraceFormat } from '../sink/layout';
import { DocumentInput } from './documentInput';
import { DocumentParts } from './documentParts';
import { documentKinds, knownFormats } from './kinds';

const OPEN_OBJECT = 123;
const NEWLINE = 10;
/** Brackets and spaces before a document. */
const MOST_BRACKETS = 200;

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
    const long = isCut ? longDocument(head) : undefined;
    const kind = long && documentKinds.find((one) => one.is(long));
    const format = long && knownFormats.find((one) => one.is(long))?.format;
    const hinted = isHinted ? documentKinds.find(({ hint }) => hint?.test(text)) : undefined;
    if (long && kind?.inParts?.(long)) kinds.add(kind.format);
    else if (hinted) kinds.add(hinted.format);
    else if (format && !kind) known.add(format);
  }
  return { known, kinds, isBehindText: isBehind || input.hasPrefixes };
}

/** What there is of the first document that begins a line, and ends beyond the head. */
function longDocument(head: Uint8Array): Members | undefined {
  const inner = /^[\s[]*(?=\{)/;
  for (let at = 0; at < head.length; ) {
    const start = at + (inner.exec(utf8Text(head, at, Math.min(head.length - at, MOST_BRACKETS)))?.[0].length ?? 0);
    const part = head[start] === OPEN_OBJECT ? new DocumentParts().next(head, start, head.length, true) : undefined;
    if (part && start + part.used < head.length) {
      const document = parseDocument(utf8Text(part.bytes, 0, part.bytes.length));
      if (document && !part.isWhole) return document;
    }
    const line = head.indexOf(NEWLINE, start + (part?.isWhole ? part.used : 0));
    if (line < 0) return undefined;
    at = line + 1;
  }
  return undefined;
}
