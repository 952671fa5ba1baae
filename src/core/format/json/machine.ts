/**
 * Walks the outer levels of a JSON document — lists of resources, of scopes, of traces — with an explicit stack, down to the items that a
 * format's grammar reads as a whole (a span, a resource). It may stop after any of them and go on with the next piece of the input, so a
 * file of any size is read with memory for one item. Damage within an item costs that item; where the structure itself breaks, reading
 * ends, or goes on with the next line when each line is a document.
 */

import { asDamage, Damage } from '../sink/damage';
import type { Carrier, PieceDecoder, Sink } from '../sink/sink';
import type { JsonScanner } from './scanner';

/** What a grammar did with an item: it left it to be skipped, or it read it. Else it returns the context to walk into. */
export const SKIP = -1;
export const READ = -2;
/** The context outside of all documents. */
export const ROOT = 0;

/** A format: which containers there are (contexts, small numbers of its own above `ROOT`) and how the items in them are read. */
export interface Grammar {
  readonly scanner: JsonScanner;
  /** Names the grammar's items in messages: what is in containers of `context`. */
  partOf(context: number): string;
  /** Of an object of `context` the member whose name the scanner read last; the value, beginning with the byte `first`, is at the cursor. */
  member(context: number, first: number): number;
  /** An element of a list of `context`, or a document when that is `ROOT`, is at the cursor. */
  element(context: number, first: number): number;
  /** A container was entered, or left. */
  opened(context: number): void;
  closed(context: number): void;
  canFlush(): boolean;
  finishBatch(): void;
  carry(carrier: Carrier): void;
}

const OPEN_OBJECT = 123;
const OPEN_LIST = 91;
const CLOSE_OBJECT = 125;
const CLOSE_LIST = 93;
/** A byte order mark: files that are put together have one before each. */
const MARK: readonly number[] = [0xef, 0xbb, 0xbf];
const NEWLINE = 10;

/** What came of leaving out a damaged item. */
const PASSED = 0;
const FAILED = 1;
const UNFINISHED = 2;
/** The end of a damaged item is waited for so long: after that its brackets are taken for wrong. */
const LONGEST_DAMAGE = 1 << 24;

/** Passes over an item that is no `wanted`, and counts it. Nothing is thrown: there may be millions of them. */
export function leaveOut(scanner: Grammar['scanner'], sink: Sink, what: string, wanted: string): number {
  const { at, reason } = scanner.unexpected(wanted);
  scanner.skip();
  sink.leftOut(what, at, reason);
  return READ;
}

export class JsonDecoder implements PieceDecoder {
  /** Contexts walked into, and whether each is a list. */
  private readonly contexts: number[] = [ROOT];
  private readonly lists: boolean[] = [true];
  private stopped = false;
  private line = 1;
  /** Offset in the whole input of the first newline, and of the end of the first document: they tell whether lines are documents. */
  private firstNewline = Infinity;
  private firstEnd = Infinity;
  private isDecided = false;

  /** @param lines each line is a document of its own: a damaged one does not end the reading. Also found out after the first document. */
  constructor(
    private readonly sink: Sink,
    private readonly grammar: Grammar,
    private lines: boolean,
  ) {
    sink.position = () => grammar.scanner.at;
  }

  decode(bytes: Uint8Array, from: number, end: number, last: boolean): number {
    if (this.stopped) return end;
    if (this.lines) return this.decodeLines(bytes, from, end, last);
    if (this.firstNewline === Infinity) {
      const newline = bytes.subarray(from, end).indexOf(NEWLINE);
      if (newline >= 0) this.firstNewline = this.sink.base + from + newline;
    }
    return this.walk(bytes, from, end, last);
  }

  canFlush(): boolean {
    return this.grammar.canFlush();
  }

  finishBatch(): void {
    this.grammar.finishBatch();
  }

  carry(carrier: Carrier): void {
    this.grammar.carry(carrier);
  }

  private decodeLines(bytes: Uint8Array, from: number, end: number, last: boolean): number {
    let at = from;
    while (at < end) {
      const newline = bytes.subarray(at, end).indexOf(NEWLINE);
      if (newline < 0 && !last) return at;
      const stop = newline < 0 ? end : at + newline;
      this.walk(bytes, at, stop, true);
      this.contexts.length = 1;
      this.lists.length = 1;
      this.stopped = false;
      this.line++;
      at = stop + 1;
    }
    return end;
  }

  private walk(bytes: Uint8Array, from: number, end: number, last: boolean): number {
    const { sink } = this;
    const { scanner } = this.grammar;
    scanner.open(bytes, from, end);
    for (;;) {
      const depth = this.contexts.length;
      if (depth === 1 && !this.isDecided && this.linesFollow()) return this.decodeLines(bytes, scanner.at, end, last);
      const start = scanner.at;
      const mark = sink.builder.mark();
      try {
        if (!this.step()) return end;
      } catch (error) {
        const damage = asDamage(error);
        sink.builder.rollback(mark);
        if (damage.incomplete && !last) return start;
        const passed = this.contexts.length === depth ? this.stepOver(start, damage) : FAILED;
        if (passed === PASSED) continue;
        if (passed === UNFINISHED && !last && end - start < LONGEST_DAMAGE) return start;
        this.stop(damage, end);
        return end;
      }
    }
  }

  /** Handles one item, or the end of a container. Returns false at the end of the input, between documents. */
  private step(): boolean {
    const { grammar, contexts } = this;
    const { scanner } = grammar;
    const top = contexts.length - 1;
    const context = contexts[top];
    if (context === ROOT && top === 0) {
      if (this.onlySpaceLeft()) return false;
      if (scanner.bytes[scanner.at] === MARK[0] && scanner.end - scanner.at < MARK.length)
        throw new Damage(scanner.end, 'ends early', true);
    }
    let first = scanner.nextItem();
    let found: number;
    if (this.lists[top]) {
      if (first === CLOSE_LIST && top > 0) return this.leave();
      if (first === CLOSE_LIST || first === CLOSE_OBJECT) throw scanner.unexpected('a value');
      found = grammar.element(context, first);
    } else {
      if (first === CLOSE_OBJECT) return this.leave();
      scanner.key();
      first = scanner.bytes[scanner.at];
      found = grammar.member(context, first);
    }
    if (found === READ) return true;
    if (found === SKIP || (first !== OPEN_OBJECT && first !== OPEN_LIST)) scanner.skip();
    else {
      scanner.at++;
      contexts.push(found);
      this.lists.push(first === OPEN_LIST);
      grammar.opened(found);
    }
    return true;
  }

  /** After the first document: true when it was one line, and another begins with the next one. */
  private linesFollow(): boolean {
    const { scanner } = this.grammar;
    const { base } = this.sink;
    if (this.lines || base + scanner.at < this.firstEnd || this.onlySpaceLeft()) return false;
    this.isDecided = true;
    const oneLine = this.firstNewline >= this.firstEnd && this.firstNewline < base + scanner.at;
    // What is no document at all is a damaged line.
    if (!oneLine || scanner.bytes[scanner.at] === OPEN_LIST) return false;
    this.lines = true;
    this.line = 2;
    this.sink.isLines = true;
    return true;
  }

  private onlySpaceLeft(): boolean {
    const { scanner } = this.grammar;
    const { bytes, end } = scanner;
    for (;;) {
      // 0x1E begins each document of a JSON text sequence (RFC 7464).
      while (scanner.at < end && (bytes[scanner.at] <= 32 || bytes[scanner.at] === 44)) scanner.at++;
      if (bytes[scanner.at] !== MARK[0] || scanner.at + MARK.length > end) return scanner.at >= end;
      if (MARK.some((byte, i) => bytes[scanner.at + i] !== byte)) return false;
      scanner.at += MARK.length;
    }
  }

  private leave(): boolean {
    this.grammar.scanner.at++;
    this.lists.pop();
    const context = this.contexts.pop();
    if (context !== undefined) this.grammar.closed(context);
    if (this.contexts.length === 1 && this.firstEnd === Infinity) this.firstEnd = this.sink.base + this.grammar.scanner.at;
    return true;
  }

  /** Leaves out the item at `start`, when at least its brackets are right; they may be so when more bytes are there (`UNFINISHED`). */
  private stepOver(start: number, damage: Damage): number {
    const { scanner } = this.grammar;
    const top = this.contexts.length - 1;
    if (top === 0) return FAILED;
    scanner.at = start;
    try {
      scanner.nextItem();
      if (!this.lists[top]) scanner.key();
      scanner.skip();
    } catch (error) {
      return asDamage(error).incomplete ? UNFINISHED : FAILED;
    }
    this.sink.leftOut(this.grammar.partOf(this.contexts[top]), damage.at, damage.reason);
    return PASSED;
  }

  private stop(damage: Damage, end: number): void {
    this.stopped = true;
    const context = this.contexts[this.contexts.length - 1];
    if (this.lines) {
      const reason = damage.incomplete ? 'ends too early' : damage.reason;
      this.sink.badLine(this.line, reason);
    } else if (damage.incomplete) this.sink.endsAt(this.grammar.partOf(context), end, 'ends');
    else this.sink.endsAt(this.grammar.partOf(context), damage.at, `makes no sense (it ${damage.reason})`);
    // What is open is closed as far as it was read.
    while (this.contexts.length > 1) {
      this.lists.pop();
      const open = this.contexts.pop();
      if (open !== undefined) this.grammar.closed(open);
    }
  }
}
