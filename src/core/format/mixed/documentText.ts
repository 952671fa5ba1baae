/**
 * Finds the documents in a text: values after each other, in lists, one a line, behind whatever a log puts before them, and between other lines. What
 * begins like a document and breaks off is damage; any other text is passed over.
 */

import { utf8Text } from '../../model/jsonText';
import {
  type DocumentKind,
  type Gathering,
  isMembers,
  type LineKind,
  type Translation,
  type Translator,
} from '../documents/kind';
import { LiteralReader, type Members } from '../documents/literal';
import { asDamage, type Damage } from '../sink/damage';
import type { TraceFormat } from '../sink/layout';
import { type DocumentPart, DocumentParts } from './documentParts';
import { enclosedIn } from './envelopes';
import { documentKinds, type KnownFormat, knownFormats, lineBlock, lineKinds } from './kinds';

/** What is found goes here. */
export interface TextFindings {
  /**
   * A document of a kind, or the lines of one. `isBehindText`: something other than documents stands before it, on its line or as lines of text.
   * @param length of the document, of those that were held, or of all lines since those of the one before
   */
  translated(translation: Translation, format: TraceFormat, isBehindText: boolean, length: number): void;
  /** A document of a format that has its own reader, at `bytes[start, end)`; or a part of it, which others follow unless it `isEnd`. */
  known(
    format: KnownFormat['format'],
    bytes: Uint8Array,
    start: number,
    end: number,
    isBehindText: boolean,
    isEnd: boolean,
  ): void;
  /** A line of a log that a document holds. @param source which of several texts goes on with it */
  enclosed(source: string, text: string): void;
  /** A document that breaks off, or is too long, at `at` of the text. */
  damaged(at: number, reason: string): void;
}

/** A longer document is refused where it is read in one go. */
export const LONGEST_DOCUMENT = 1 << 24;
/** A longer document is read in parts, where its kind has it so. */
const IN_PARTS = 1 << 17;
/** What breaks off at the end is looked into for what is whole in it: as often as becomes so many times the text. */
const LOOKED_INTO_TIMES = 8;
/** Brackets and space between them, before what stands in a list. */
const MOST_BRACKETS = 1 << 16;
/** Less is not looked at again and again while one document is not complete. */
const PIECE = 1 << 16;
/** Longer lines are no lines of a log. */
const LONGEST_LINE = 1 << 16;
/** UTF-16 units of lines that a kind may hold of one span. */
const MOST_HELD = 1 << 20;

const OPEN_OBJECT = 123;
const OPEN_LIST = 91;
const CLOSE_OBJECT = 125;
const CLOSE_LIST = 93;
const COMMA = 44;
const NEWLINE = 10;

/** Of what breaks off so much is looked at. */
const LOOKED_AT = 1 << 12;
const idName = /trace_?id/i;

export class DocumentText {
  private readonly reader = new LiteralReader();
  /** Kinds whose mark was seen, with the length of the lines since each found something. */
  private readonly lines: { readonly kind: LineKind; held: number }[] = [];
  private unseen = lineKinds;
  private readonly gatherings = new Map<DocumentKind, Gathering>();
  private pending: Uint8Array = new Uint8Array(0);
  private length = 0;
  private wanted = 0;
  /** Offset in the text of the first pending byte. */
  private base = 0;
  /** On the line at hand something other than brackets came already; a document came. */
  private isBehindText = false;
  /** The line at hand may be a line of text: no part of a document, as damage leaves it. There was such a line. */
  private isPlain = true;
  /** Brackets of the text that are open. */
  private openInText = 0;
  private hasText = false;
  /** In a list that is no part of a text: what is of no kind in it is an item beside others. */
  private isInList = false;
  private hasDocument = false;
  private lastKind: DocumentKind | undefined;
  /** Of the document at hand, whose first part was read. */
  private parts: { readonly scanner: DocumentParts; readonly of: DocumentKind | KnownFormat } | undefined;
  /** Damage was told up to here. */
  private toldTo = -1;
  /** Bytes that were read to the end in vain. */
  private inVain = 0;

  /** @param head a text in which marks of lines are looked for: the input's, where this is one of several in it */
  constructor(
    private readonly findings: TextFindings,
    head = '',
  ) {
    this.lookForMarks(head);
  }

  /** Bytes that are held. */
  get byteLength(): number {
    let bytes = this.pending.length;
    for (const gathering of this.gatherings.values()) bytes += gathering.byteLength;
    return bytes;
  }

  push(chunk: Uint8Array): void {
    if (this.length + chunk.length > this.pending.length) {
      const grown = new Uint8Array(Math.max(this.pending.length * 2, this.length + chunk.length));
      grown.set(this.pending.subarray(0, this.length));
      this.pending = grown;
    }
    this.pending.set(chunk, this.length);
    this.length += chunk.length;
    if (this.length >= this.wanted) this.scan(false);
  }

  end(): void {
    this.scan(true);
    for (const { kind, held } of this.lines) this.found(kind, kind.end(), held);
    for (const [kind, gathering] of this.gatherings) {
      const { byteLength } = gathering;
      this.found(kind, gathering.end(), byteLength);
    }
  }

  private lookForMarks(text: string): void {
    const seen = this.unseen.filter(({ mark }) => mark.test(text));
    if (seen.length === 0) return;
    this.lines.push(...seen.map(({ make }) => ({ kind: make(), held: 0 })));
    this.unseen = this.unseen.filter((kind) => !seen.includes(kind));
  }

  private scan(last: boolean): void {
    if (this.unseen.length > 0) this.lookForMarks(utf8Text(this.pending, 0, this.length));
    const done = this.read(last);
    this.base += done;
    this.pending.copyWithin(0, done, this.length);
    this.length -= done;
    this.wanted = this.length === 0 ? 0 : done > 0 ? this.length + PIECE : Math.max(PIECE, this.length * 2);
  }

  /** Reads what is complete; returns how far it came. */
  private read(last: boolean): number {
    const { pending: bytes, length } = this;
    let lineStart = 0;
    let at = this.base === 0 && bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
    while (at < length) {
      const byte = bytes[at];
      if (this.parts || byte === OPEN_OBJECT || byte === OPEN_LIST) {
        const next = this.parts ? this.nextParts(this.parts, at, last) : this.open(at, last);
        if (this.parts) return next;
        if (next < 0) break;
        if (this.hasDocument) lineStart = next;
        at = next;
      } else {
        at++;
        if (byte === NEWLINE) {
          this.lineEnds(lineStart, at - 1);
          lineStart = at;
        } else if (byte === CLOSE_LIST) this.isInList = false;
        else if (byte > 32 && byte !== COMMA) {
          this.isBehindText = true;
          if (byte === CLOSE_OBJECT && this.openInText-- <= 0) this.isPlain = false;
        }
      }
    }
    if (last) {
      this.lineEnds(lineStart, length);
      return length;
    }
    // A line goes on, unless a document of it is done already.
    if (at - lineStart > LONGEST_LINE || this.lines.length === 0) return at;
    return Math.min(at, lineStart);
  }

  /** Reads the value at a bracket. Returns where to go on, or -1 where more bytes are needed. */
  private open(at: number, last: boolean): number {
    const { pending: bytes, length } = this;
    if (bytes[at] === OPEN_LIST) {
      // A list of documents is read document by document.
      let inner = at + 1;
      const most = Math.min(length, inner + MOST_BRACKETS);
      while (inner < most && (bytes[inner] <= 32 || bytes[inner] === OPEN_LIST)) inner++;
      if (inner >= length && inner < at + MOST_BRACKETS && !last) return -1;
      if (bytes[inner] === OPEN_OBJECT) {
        this.isInList ||= !this.isBehindText;
        return inner;
      }
      this.isBehindText = true;
      return Math.max(inner, at + 1);
    }
    try {
      const value = this.reader.read(bytes, at, length);
      // What is no document of a kind is a part of the line: attributes that a text has in brackets.
      if (this.reader.parts > 0 && isMembers(value) && this.document(value, at, this.reader.at)) this.hasDocument = true;
      else this.isBehindText ||= !this.isInList;
      return this.reader.at;
    } catch (error) {
      return this.broken(asDamage(error), at, last);
    }
  }

  private broken(damage: Damage, at: number, last: boolean): number {
    const { parts } = this.reader;
    if (damage.incomplete && !last) {
      const inParts = this.length - at > IN_PARTS ? this.firstPart(at) : -1;
      if (inParts >= 0 || this.length - at <= LONGEST_DOCUMENT) return inParts;
      this.findings.damaged(this.base + at, `is longer than ${LONGEST_DOCUMENT >> 20} MB`);
    } else if (parts > 0 && this.isRecord(at, damage.at)) this.tell(damage);
    this.isBehindText = true;
    if (parts > 0) this.isPlain = false;
    else this.openInText++;
    if (!damage.incomplete) return Math.max(damage.at, at + 1);
    this.inVain += this.length - at;
    return this.inVain <= LOOKED_INTO_TIMES * (this.base + this.length) + PIECE ? at + 1 : this.length;
  }

  /** Reads what is there of a long document in parts, if it is of a kind that may be read so. Returns where the next one begins, or -1. */
  private firstPart(at: number): number {
    const scanner = new DocumentParts();
    const part = scanner.next(this.pending, at, this.length);
    const value = part && this.readPart(part.bytes);
    const kind = value && documentKinds.find((one) => one.is(value));
    const of = value && (kind ?? knownFormats.find((one) => one.is(value)));
    if (!of || (kind && !kind.inParts?.(value))) return -1;
    this.parts = { scanner, of };
    this.readAs(of, part, at);
    return at + part.used;
  }

  /** Returns where the next part begins, or the document has ended. */
  private nextParts({ scanner, of }: NonNullable<DocumentText['parts']>, from: number, last: boolean): number {
    let at = from;
    let part = scanner.next(this.pending, at, this.length, last);
    for (; part; part = part.isLast ? undefined : scanner.next(this.pending, at, this.length, last)) {
      this.readAs(of, part, at);
      at += part.used;
      // One part a step, where bytes come as slowly as that.
      if (!last && !part.isLast && this.length - at <= 2 * PIECE) return at;
    }
    const isLong = this.length - at > LONGEST_DOCUMENT;
    if (!scanner.isWhole && !last && !isLong && !scanner.isOdd) return at;
    this.parts = undefined;
    this.hasDocument = true;
    if (scanner.isWhole) return at;
    const reason = isLong ? `is longer than ${LONGEST_DOCUMENT >> 20} MB` : 'ends early';
    // A reader of its own tells by itself what breaks off.
    if (!('translate' in of || 'begin' in of)) this.findings.known(of.format, this.pending, at, this.length, false, true);
    else this.findings.damaged(this.base + at, reason);
    return this.length;
  }

  private readAs(of: DocumentKind | KnownFormat, { bytes, used, isLast }: DocumentPart, at: number): void {
    if (!('translate' in of || 'begin' in of)) {
      const isBehindText = this.isBehindText || this.hasText;
      this.findings.known(of.format, this.pending, at, at + used, isBehindText, isLast);
      return;
    }
    const value = this.readPart(bytes);
    if (value) this.translate(of, value, bytes.length);
    else this.findings.damaged(this.base + at, 'makes no sense');
  }

  private readPart(bytes: Uint8Array): Members | undefined {
    try {
      const value = this.reader.read(bytes, 0, bytes.length);
      return isMembers(value) ? value : undefined;
    } catch (error) {
      asDamage(error);
      return undefined;
    }
  }

  /** Whether what breaks off was meant as a document: a line begins with it, or an id is in it. Other lines may have any brackets. */
  private isRecord(start: number, end: number): boolean {
    const text = utf8Text(this.pending, start, Math.min(end - start, LOOKED_AT));
    return !lineBlock.test(text) && (!this.isBehindText || idName.test(text));
  }

  /** Once, where a line is looked at again. */
  private tell({ at, incomplete, reason }: Damage): void {
    if (this.base + at <= this.toldTo) return;
    this.toldTo = this.base + at;
    this.findings.damaged(this.toldTo, incomplete ? 'ends early' : reason);
  }

  /** Returns whether it is of a kind. */
  private document(document: Members, start: number, end: number): boolean {
    const kind = this.lastKind?.is(document) ? this.lastKind : documentKinds.find((one) => one.is(document));
    if (kind) {
      this.translate(kind, document, end - start);
      return true;
    }
    const { findings } = this;
    const known = knownFormats.find((one) => one.is(document));
    if (known) {
      findings.known(known.format, this.pending, start, end, this.isBehindText || this.hasText, true);
      return true;
    }
    const lines = enclosedIn(document);
    for (const { source, text } of lines) findings.enclosed(source, text);
    return lines.length > 0;
  }

  private lineEnds(start: number, end: number): void {
    if (this.lines.length > 0 && !this.hasDocument && end - start <= LONGEST_LINE) {
      // What looked like a document and was none took several lines perhaps.
      for (const line of utf8Text(this.pending, start, end - start).split('\n')) {
        const text = line.endsWith('\r') ? line.slice(0, -1) : line;
        for (const one of this.lines) {
          const { kind } = one;
          one.held += line.length + 1;
          const found = kind.line(text) ?? (one.held > MOST_HELD ? kind.end() : undefined);
          this.found(kind, found, one.held);
          if (found || one.held > MOST_HELD) one.held = 0;
        }
      }
    }
    this.hasText ||= this.isBehindText && this.isPlain && !this.hasDocument;
    this.isBehindText = false;
    this.isPlain = true;
    this.openInText = 0;
    this.hasDocument = false;
  }

  private translate(kind: DocumentKind, document: Members, length: number): void {
    this.lastKind = kind;
    const translation = this.translatorOf(kind).translate(document, length);
    this.findings.translated(translation, kind.format, this.isBehindText || this.hasText, length);
  }

  private translatorOf(kind: DocumentKind): Translator {
    if ('translate' in kind) return kind;
    const begun = this.gatherings.get(kind) ?? kind.begin();
    this.gatherings.set(kind, begun);
    return begun;
  }

  private found({ format }: LineKind | DocumentKind, translation: Translation | undefined, length: number): void {
    if (translation) this.findings.translated(translation, format, false, length);
  }
}
