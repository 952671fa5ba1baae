/**
 * A document that is too long to be read in one go, in parts: each is a document of its own, with some elements of the lists that make it long. The
 * plain members of what is around a list are in each part that they stand before; what follows a list is in the last one.
 */

import { utf8Text } from '../../model/jsonText';

/** Bytes of a part, about. */
const PART = 1 << 16;
/** Bytes of plain members around the lists; with more a document is not read in parts. */
const MOST_AROUND = 1 << 16;
/** Of lists of spans, and of objects and lists on the way to them. What has another name is a part of a span. */
const names: ReadonlySet<string> = new Set([
  'traces',
  'spans',
  'Traces',
  'Segments',
  'Spans',
  'hits',
  'responses',
  'result',
  'data',
  'trace',
  'batches',
  'resourceSpans',
  'resource_spans',
  'scopeSpans',
  'scope_spans',
]);
const LONGEST_NAME = 100;

const QUOTE = 34;
const APOSTROPHE = 39;
const BACKTICK = 96;
const BACKSLASH = 92;
const COMMA = 44;
const OPEN_OBJECT = 123;
const CLOSE_OBJECT = 125;
const OPEN_LIST = 91;
const CLOSE_LIST = 93;

/** An object or a list that is open. */
interface Level {
  readonly isList: boolean;
  /** There may be spans in it; else it is a part of one. */
  readonly isAround: boolean;
  /** Its name in the object around it, with the colon. */
  readonly name: Uint8Array;
  /** Its plain members that are complete, each with a comma behind it, and the bytes of all. */
  readonly plain: Uint8Array[];
  plainLength: number;
  /** Where the member at hand begins, and whether it is an object or a list. */
  member: number;
  isNested: boolean;
}

export interface DocumentPart {
  readonly bytes: Uint8Array;
  /** Bytes of the document that are in it, behind those of the part before. */
  readonly used: number;
  readonly isLast: boolean;
  /** The document ends with it. */
  readonly isWhole: boolean;
}

const NOTHING: Uint8Array = new Uint8Array(0);

export class DocumentParts {
  private readonly levels: Level[] = [];
  private isInText = false;
  /** Looked at, of the bytes behind those of the last part. */
  private seen = 0;
  /** Behind an element of a list, of those. */
  private boundary = 0;
  /** What closes all that is open there, from without. */
  private closing: readonly number[] = [];
  /** Opens what is open where the next part begins. */
  private head: Uint8Array = NOTHING;
  private isEscaped = false;
  /** It is written as JSON is not, or has too much around its lists. */
  isOdd = false;

  /** All of it was looked at. */
  get isWhole(): boolean {
    return this.levels.length === 0;
  }

  /**
   * The next part of a document, of which `bytes[from, to)` is there behind the last part; undefined: more is needed.
   * @param last there is no more: what is complete of a document that breaks off
   */
  next(bytes: Uint8Array, from: number, to: number, last = false): DocumentPart | undefined {
    for (let at = from + this.seen; at < to && !this.isOdd; at++) {
      this.byte(bytes, at, from);
      const used = at + 1 - from;
      if (this.levels.length === 0) return this.part(bytes, from, used, true);
      const isBoundary = this.boundary === used;
      if (isBoundary && used >= PART) return this.part(bytes, from, used, false);
    }
    this.seen = Math.max(this.seen, to - from);
    return last && this.boundary > 0 && !this.isOdd ? this.part(bytes, from, this.boundary, true) : undefined;
  }

  private byte(bytes: Uint8Array, at: number, from: number): void {
    const byte = bytes[at];
    if (this.isInText) {
      if (byte === BACKSLASH) this.isEscaped = !this.isEscaped;
      else if (byte === QUOTE && !this.isEscaped) this.isInText = false;
      if (byte !== BACKSLASH) this.isEscaped = false;
      return;
    }
    switch (byte) {
      case QUOTE:
        this.isInText = true;
        break;
      case APOSTROPHE:
      case BACKTICK:
        this.isOdd = true;
        break;
      case OPEN_OBJECT:
      case OPEN_LIST:
        this.open(bytes, at, from, byte === OPEN_LIST);
        break;
      case CLOSE_OBJECT:
      case CLOSE_LIST:
        this.levels.pop();
        this.elementEnds(at + 1 - from);
        break;
      case COMMA:
        this.separated(bytes, at, from);
        break;
    }
  }

  private open(bytes: Uint8Array, at: number, from: number, isList: boolean): void {
    const around = this.levels.at(-1);
    let name = NOTHING;
    let isAround = around?.isAround ?? true;
    if (around && !around.isList && isAround) {
      name = bytes.slice(Math.max(from + around.member, at - LONGEST_NAME), at);
      isAround = names.has(/^\s*"(\w+)"\s*:\s*$/.exec(utf8Text(name, 0, name.length))?.[1] ?? '');
    }
    if (around) around.isNested = true;
    this.levels.push({ isList, isAround, name, plain: [], plainLength: 0, member: at + 1 - from, isNested: false });
  }

  private elementEnds(used: number): void {
    const level = this.levels.at(-1);
    if (!level?.isList || !level.isAround) return;
    this.boundary = used;
    this.closing = this.levels.map(({ isList }) => (isList ? CLOSE_LIST : CLOSE_OBJECT));
  }

  private separated(bytes: Uint8Array, at: number, from: number): void {
    const level = this.levels.at(-1);
    if (!level) return;
    if (level.isList) this.elementEnds(at + 1 - from);
    else if (!level.isNested && level.isAround) {
      level.plain.push(bytes.slice(from + level.member, at + 1));
      level.plainLength += at + 1 - from - level.member;
      if (level.plainLength > MOST_AROUND) this.isOdd = true;
    }
    level.member = at + 1 - from;
    level.isNested = false;
  }

  private part(bytes: Uint8Array, from: number, used: number, isLast: boolean): DocumentPart {
    const { levels, head } = this;
    const text = bytes.subarray(from, from + used);
    const part = joined([head, text, Uint8Array.from(levels.length === 0 ? [] : this.closing).reverse()]);
    this.head = joined(
      levels.flatMap(({ isList, name, plain }) => [name, Uint8Array.of(isList ? OPEN_LIST : OPEN_OBJECT), ...plain]),
    );
    // What follows counts from here.
    for (const level of levels) level.member -= used;
    this.seen = 0;
    this.boundary = 0;
    return { bytes: part, used, isLast, isWhole: levels.length === 0 };
  }
}

function joined(pieces: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const piece of pieces) {
    all.set(piece, at);
    at += piece.length;
  }
  return all;
}
