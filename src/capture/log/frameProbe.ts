/**
 * Tells whether a request stands at a place of a damaged log. Nothing in the file marks where one begins, so it is judged by what it would have to
 * be: a length within bounds, and behind it a message that is whole at every level down to the spans (or log records), each of which
 * ends exactly where the one around it says. Random bytes do not: every level that fits by chance is rarer than the last.
 *
 * Linear over any content: what looks like a request in many places at once, as an attribute can be made to, is not looked at for ever.
 */

import type { FileBytes } from './fileBytes';
import { FIRST_TAG, MAX_FRAME_BYTES, PREFIX_BYTES } from './logFormat';

const LEN = 2;
/** `scope_spans`, `spans` and their like in logs: what leads down from there. */
const INNER_TAG = 0x12;
/** `schema_url`, the last field of spans of a resource and of a scope. */
const LAST_TAG = 0x1a;
/** No field can stand here; it goes beyond the message it is in; the file ends within it. */
const NONE = -1;
const BEYOND = -2;
const CUT = -3;
/** Fields that may be read before looking has to be paid for by bytes that were passed: one for each two of them. Real ones take a fifth of that at most. */
const STEPS = 4 << 20;
/** What a block that has to be read counts as. */
const STEPS_A_READ = 1 << 11;
/** So many bytes may be missing from a request, and the next one is still found at its beginning. */
const LOST_BYTES = 1 << 20;

export class FrameProbe {
  private steps = 0;
  private allowed = STEPS;
  private readsBefore = 0;
  /** Ids and times of spans or log records. */
  private records = 0;

  constructor(private readonly bytes: FileBytes) {}

  /** So many bytes are done with: a part of as many more may be looked at. */
  passed(bytes: number): void {
    this.allowed += bytes / 2;
  }

  /** Where the request that surely stands at `at` ends; -1 when there is none. */
  frameAt(at: number): number {
    const end = this.frameEnd(at);
    if (end < 0 || end > this.bytes.end || this.bytes.at(at + PREFIX_BYTES) !== FIRST_TAG) return -1;
    this.begin();
    const whole = this.message(at + PREFIX_BYTES, end, 0);
    this.pay();
    if (!whole) return -1;
    // One without any id or time is believed where another follows, or nothing.
    return this.records > 0 || end === this.bytes.end || this.outerAt(end) ? end : -1;
  }

  /** Whether the request at `at` is whole at every level. */
  isWholeAt(at: number): boolean {
    const end = this.frameEnd(at);
    this.begin();
    const whole = end >= 0 && end <= this.bytes.end && this.message(at + PREFIX_BYTES, end, 0);
    this.pay();
    return whole;
  }

  /** Whether a request, or nothing, follows at `at`. */
  goesOnAt(at: number): boolean {
    return at >= this.bytes.end || this.outerAt(at);
  }

  /** Where the frame at `at` ends by its length, perhaps beyond the file; -1 for a length that none has. */
  frameEnd(at: number): number {
    const length = this.bytes.uint32(at);
    return length <= 0 || length > MAX_FRAME_BYTES ? -1 : at + PREFIX_BYTES + length;
  }

  /**
   * Whether a request begins at `at` that goes beyond the end of the file, and is sound up to there at every level: it was being written when its
   * writer died.
   */
  isTornAt(at: number): boolean {
    const { bytes } = this;
    if (bytes.end - at < PREFIX_BYTES) return bytes.end > at && bytes.at(at) <= MAX_FRAME_BYTES >>> 24;
    const end = this.frameEnd(at);
    if (end <= bytes.end) return false;
    const from = at + PREFIX_BYTES;
    if (from < bytes.end && bytes.at(from) !== FIRST_TAG) return false;
    this.begin();
    const torn = this.endsWithFile(from, end, 0);
    this.pay();
    return torn;
  }

  /** Whether the message `[from, to)`, of which the file has only the beginning, is sound so far. */
  private endsWithFile(from: number, to: number, level: number): boolean {
    const { bytes } = this;
    let at = from;
    while (at < bytes.end) {
      const next = this.field(at, to);
      if (next === CUT) return true;
      if (next < 0 || (level < 3 && this.tag > LAST_TAG)) return false;
      const inner = level < 3 && this.tag === (level === 0 ? FIRST_TAG : INNER_TAG);
      // Nothing is cut for what has fields of which nothing is known, or those of the next level.
      if (level === 0 && !inner) return false;
      if (inner && next > bytes.end) return this.endsWithFile(this.start, next, level + 1);
      if (inner && !this.message(this.start, next, level + 1)) return false;
      at = next;
    }
    return true;
  }

  /**
   * Where the message that begins at `from` ends by what it says itself, whatever the length before it: at the end of one of its fields,
   * where another request (or nothing) follows. -1 when it does not tell.
   */
  ownEnd(from: number): number {
    const { bytes } = this;
    const limit = Math.min(bytes.end, from + MAX_FRAME_BYTES);
    if (bytes.at(from) !== FIRST_TAG) return -1;
    this.begin();
    let at = from;
    let end = -1;
    while (at < limit && end < 0) {
      at = this.field(at, limit);
      // A message that lost bytes leads on into the next one, whose fields are others here.
      if (at < 0 || this.tag !== FIRST_TAG) break;
      if (at === bytes.end || this.outerAt(at)) end = at;
    }
    // What follows only looked like a request from outside otherwise.
    const sure = end >= 0 && this.message(from, end, 0) && (this.records > 0 || end === bytes.end);
    this.pay();
    return sure ? end : -1;
  }

  /**
   * Up to where the message that begins at `from` is sound, field by field, however long it claims to be. A sound value may hold bytes that look
   * like requests and are none, so no request is looked for before it. -1 where no part of a span is.
   */
  soundEnd(from: number): number {
    if (this.bytes.at(from) !== FIRST_TAG) return -1;
    this.begin();
    const end = this.sound(from, Math.min(this.bytes.end, from + MAX_FRAME_BYTES), 0);
    this.pay();
    return this.records > 0 ? end : -1;
  }

  /**
   * Where a request begins that lies across `end`, or leads to one that does, at which the one at `at` should end: that one lost bytes, and
   * reaches into it. -1 when none does. What is a value of the request at `at` does not go beyond it.
   */
  acrossEnd(at: number, end: number): number {
    for (let from = Math.max(at + 1, end - LOST_BYTES); from < end; from++) {
      if (this.bytes.at(from + PREFIX_BYTES) !== FIRST_TAG) continue;
      let next = this.frameAt(from);
      while (next >= 0 && next < end && this.outerAt(next)) next = this.frameEnd(next);
      if (next > end || (next === end && this.outerAt(end))) return from;
    }
    return -1;
  }

  private sound(from: number, to: number, level: number): number {
    let at = from;
    while (at < to) {
      const next = this.field(at, to);
      const start = this.start;
      if (next === NONE) return at;
      const inner = level < 3 && this.tag === (level === 0 ? FIRST_TAG : INNER_TAG);
      if (next < 0) return inner && start > at ? this.sound(start, to, level + 1) : at;
      if (level === 3) this.noteRecord();
      if (inner) {
        const end = this.sound(start, next, level + 1);
        if (end < next) return end;
      }
      at = next;
    }
    return at;
  }

  /** Whether what stands at `at` is a request on the outside. */
  outerAt(at: number): boolean {
    const end = this.frameEnd(at);
    if (end < 0 || end > this.bytes.end || this.bytes.at(at + PREFIX_BYTES) !== FIRST_TAG) return false;
    let field = at + PREFIX_BYTES;
    while (field < end) {
      field = this.field(field, end);
      if (field < 0) return false;
    }
    return true;
  }

  /**
   * Whether the message `[from, to)` is whole. Levels: 0 the request, 1 spans of a resource, 2 spans of a scope, 3 a span; the same numbers
   * lead down in requests of logs. Source: opentelemetry/proto/{trace,logs}/v1/*.proto (v1.11.0).
   */
  private message(from: number, to: number, level: number): boolean {
    const inner = level === 0 ? 1 : 2;
    let at = from;
    while (at < to) {
      const next = this.field(at, to);
      if (next < 0) return false;
      if (level === 3) {
        this.noteRecord();
      } else if (this.tag >> 3 === inner) {
        if ((this.tag & 7) !== LEN || !this.message(this.start, next, level + 1)) return false;
      }
      at = next;
    }
    return at === to;
  }

  /** Counts an id or a time: fields 1, 2, 7, 8 of a span and 1, 9, 10, 11 of a log record. */
  private noteRecord(): void {
    const { tag, length } = this;
    if ((tag & 7) === 1 || ((tag & 7) === LEN && (length === 16 || length === 8))) this.records++;
  }

  /** Of the field that `field` was at: its tag, and of one with a length, its length and where its bytes begin. */
  private tag = 0;
  private length = 0;
  private start = 0;

  /** The end of the field at `at`, perhaps beyond the file; else one of the three above. */
  private field(at: number, to: number): number {
    if (++this.steps > this.allowed) return NONE;
    const afterTag = this.varint(at, to);
    if (afterTag < 0) return afterTag;
    const tag = this.value;
    if (tag < 8 || tag >= 2 ** 32) return NONE;
    this.tag = tag;
    let end: number;
    switch (tag & 7) {
      case 0:
        return this.varint(afterTag, to);
      case 1:
        end = afterTag + 8;
        break;
      case LEN: {
        const start = this.varint(afterTag, to);
        if (start < 0) return start;
        this.length = this.value;
        this.start = start;
        end = start + this.value;
        break;
      }
      case 5:
        end = afterTag + 4;
        break;
      default:
        return NONE;
    }
    return end > to ? BEYOND : end;
  }

  private value = 0;

  /** The end of the number at `at`, which goes into `value`; else as `field`. */
  private varint(at: number, to: number): number {
    let value = 0;
    let scale = 1;
    for (let i = 0; i < 10; i++) {
      if (at + i >= to) return BEYOND;
      if (at + i >= this.bytes.end) return CUT;
      const byte = this.bytes.at(at + i);
      value += (byte & 127) * scale;
      if (byte < 128) {
        this.value = value;
        return at + i + 1;
      }
      scale *= 128;
    }
    return NONE;
  }

  private begin(): void {
    this.records = 0;
    this.readsBefore = this.bytes.reads;
  }

  private pay(): void {
    this.steps += (this.bytes.reads - this.readsBefore) * STEPS_A_READ;
  }
}
