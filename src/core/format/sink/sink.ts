/**
 * Where decoders put what they read: the columns under construction, the counts of everything seen, and the damage met, which
 * becomes sentences at the end.
 */

import { anyValueOfRow } from '../../model/anyValue';
import {
  BATCH_NO_END,
  type Resource,
  type Scope,
  VALUE_BOOL,
  VALUE_DOUBLE,
  VALUE_EMPTY,
  VALUE_INT,
  VALUE_INTERNED,
  VALUE_JSON_STRING,
  VALUE_STRING,
} from '../../model/batch';
import { BatchBuilder } from '../../model/batchBuilder';
import { spanIdHex } from '../../model/ids';
import { jsonText } from '../../model/jsonText';
import type { StringTable } from '../../model/strings';
import type { Defect } from '../../model/table';
import { withCommas } from './damage';
import { mayBecome, tooDense } from './density';
import { flawSentences } from './flaws';

/** Longer values are kept, and counted as a defect. */
const LONG_VALUE = 64 * 1024;
/** Spans that a defect lists. */
const MAX_IDS = 100;

/** A decoder that takes its input in pieces. */
export interface PieceDecoder {
  /**
   * Decodes what is complete in `bytes[from, end)`. Returns how far it came; the caller presents the rest again, with more
   * behind it. With `last` nothing follows, and everything is consumed.
   */
  decode(bytes: Uint8Array, from: number, end: number, last: boolean): number;
  /** True where a batch may end. */
  canFlush(): boolean;
  /** Repairs that need all spans of the batch; called before a batch ends. */
  finishBatch(): void;
  /** A new batch begins: puts the resource and scope that spans to come belong to into it. */
  carry(carrier: Carrier): void;
}

/** Copies resources and scopes, with their attributes' values, from a batch that ended to the next one. */
export interface Carrier {
  readonly previous: BatchBuilder;
  readonly next: BatchBuilder;
  copy<T extends { readonly attributeStart: number; readonly attributeEnd: number }>(owner: T): T;
}

/** What a resource or a scope takes, about: an object, and its place in a list. */
const OWNER_BYTES = 64;

export class Sink {
  /** Where the decoder is in the bytes at hand; set by it. */
  position: () => number = () => 0;
  private current: BatchBuilder;
  /** Offset in the whole input at which the batch under construction began. */
  private beganAt = 0;
  /** What its columns took from the beginning, by the length of the input. */
  private reserve = 0;
  /** Offset in the whole input of the first of the bytes at hand. */
  base = 0;
  /** Spans in batches already handed over. */
  flushed = 0;
  /** Lines of JSON turned out to be documents. */
  isLines = false;
  logs = 0;
  metrics = 0;
  /** The decoder's parts of a sentence, set by it. */
  private damaged = 0;
  private damagedFirst = '';
  private ending: string | undefined;
  private readonly badLines: number[] = [];
  private badLineCount = 0;
  private badLineReason = '';
  private longCount = 0;
  private readonly longSpans: string[] = [];
  private readonly notes: Defect[] = [];
  private readonly scopes = new Map<number, number>();
  private scopesOf: BatchBuilder | undefined;
  private readonly counted = new Map<string, number>();
  private readonly repaired = new Map<string, { count: number; readonly spanIds: string[] }>();

  constructor(
    readonly strings: StringTable,
    readonly name: string,
    builder: BatchBuilder = new BatchBuilder(strings),
  ) {
    this.current = builder;
    this.guard(builder);
  }

  /** The batch under construction. */
  get builder(): BatchBuilder {
    return this.current;
  }

  /** The next batch begins. */
  set builder(builder: BatchBuilder) {
    this.begin(builder, this.base);
  }

  /** The next batch begins, at an offset in the whole input. */
  begin(builder: BatchBuilder, at: number): void {
    this.current = builder;
    this.beganAt = at;
    this.guard(builder);
  }

  /** Adds a resource, and returns its index. */
  addResource(resource: Resource): number {
    return this.addOwner(this.builder.resources.push(resource));
  }

  /** Adds a scope, and returns its index. */
  addScope(scope: Scope): number {
    return this.addOwner(this.builder.scopes.push(scope));
  }

  private addOwner(count: number): number {
    if (count % 1024 === 0) this.checkDensity(this.builder.byteLength);
    return count - 1;
  }

  private guard(builder: BatchBuilder): void {
    this.reserve = builder.byteLength;
    builder.onGrow = (byteLength) => this.checkDensity(byteLength);
  }

  /** Throws when the input becomes far more than its bytes. */
  private checkDensity(columnBytes: number): void {
    const { resources, scopes, count, attributeCount, eventCount, linkCount } = this.builder;
    const bytes = this.base + this.position() - this.beganAt;
    if (columnBytes - this.reserve + (resources.length + scopes.length) * OWNER_BYTES <= mayBecome(bytes)) return;
    throw tooDense(this.name, bytes, {
      span: count,
      attribute: attributeCount,
      event: eventCount,
      link: linkCount,
      resource: resources.length,
      scope: scopes.length,
    });
  }

  get spanCount(): number {
    return this.flushed + this.builder.count;
  }

  /** Parts that were left out, the end that is missing among them. */
  get leftOutCount(): number {
    return this.damaged + this.badLineCount + (this.ending === undefined ? 0 : 1);
  }

  /** A part that was left out, `what` being "a span" or the like, at `at` of the bytes at hand. */
  leftOut(what: string, at: number, reason: string): void {
    if (this.damaged++ === 0) this.damagedFirst = `${what} at byte ${withCommas(this.base + at)}, which ${reason}`;
  }

  /** The input stops making sense, or stops, at `at`, inside of `what`. */
  endsAt(what: string, at: number, reason: string): void {
    this.ending ??= `${reason} ${what === '' ? '' : `in the middle of ${what} `}at byte ${withCommas(this.base + at)}`;
  }

  badLine(line: number, reason: string): void {
    if (this.badLineCount++ === 0) this.badLineReason = reason;
    if (this.badLines.length < 10) this.badLines.push(line);
  }

  /** A fact about the input as a whole. */
  note(defect: Defect): void {
    this.notes.push(defect);
  }

  /** Counts spans of which something could not be read; `sentence` follows "… has N spans " in the message. */
  count(sentence: string, spans = 1): void {
    this.counted.set(sentence, (this.counted.get(sentence) ?? 0) + spans);
  }

  /** Counts the last row for each of its flaws (FLAW_…), which were repaired. */
  flawed(row: number, flaws: number): void {
    for (const [flaw, sentence] of flawSentences) {
      if ((flaws & flaw) === 0) continue;
      const known = this.repaired.get(sentence) ?? { count: 0, spanIds: [] };
      known.count++;
      if (known.spanIds.length < MAX_IDS) known.spanIds.push(spanIdHex(this.builder.spanId, row));
      this.repaired.set(sentence, known);
    }
  }

  /** Counts the over-long values of the batch under construction, when it is complete. */
  countLongValues(): void {
    const { attributeLength, attributeCount, attributeStart, attributeEnd, spanId, count } = this.builder;
    let span = 0;
    for (let row = 0; row < attributeCount; row++) {
      if (attributeLength[row] <= LONG_VALUE) continue;
      this.longCount++;
      while (span < count && attributeEnd[span] <= row) span++;
      if (span < count && attributeStart[span] <= row && this.longSpans.length < MAX_IDS)
        this.longSpans.push(spanIdHex(spanId, span));
    }
  }

  /** Index in the batch of the scope with this name and version, both indices of strings, for formats that name it in each span. */
  scope(name: number, version: number): number {
    const { builder } = this;
    if (this.scopesOf !== builder) {
      this.scopesOf = builder;
      this.scopes.clear();
    }
    const key = name * 2 ** 24 + version;
    const known = this.scopes.get(key);
    if (known !== undefined) return known;
    const index = this.addScope({ name, version, attributeStart: 0, attributeEnd: 0 });
    this.scopes.set(key, index);
    return index;
  }

  /** The resource whose attributes are those since `attributeStart`, with values in `bytes`. */
  resource(attributeStart: number, bytes: Uint8Array): Resource {
    const { builder } = this;
    const serviceKey = this.strings.intern('service.name');
    let service = 0;
    for (let row = attributeStart; row < builder.attributeCount; row++) {
      if (builder.attributeKey[row] === serviceKey) service = this.internValue(row, bytes);
    }
    return { service, attributeStart, attributeEnd: builder.attributeCount };
  }

  /** Index of the text of the value in attribute row `row`, for strings. */
  private internValue(row: number, bytes: Uint8Array): number {
    const { attributeType, attributeNumber, attributeLength } = this.builder;
    switch (attributeType[row]) {
      case VALUE_STRING:
        return this.strings.internBytes(bytes, attributeNumber[row], attributeLength[row]);
      case VALUE_JSON_STRING:
        return this.strings.intern(jsonText(bytes, attributeNumber[row], attributeLength[row]));
      case VALUE_INTERNED:
        return attributeNumber[row];
      case VALUE_INT:
      case VALUE_DOUBLE:
        return this.strings.intern(String(attributeNumber[row]));
      default: {
        const attributes = this.builder.attributeColumns();
        const { stringValue, intValue, doubleValue } = anyValueOfRow({ blob: bytes, strings: this.strings, attributes }, row);
        return this.strings.intern(stringValue ?? intValue ?? (doubleValue === undefined ? '' : String(doubleValue)));
      }
    }
  }

  /** Adds an attribute whose value is made here. */
  attribute(key: string, value: string | number | boolean | undefined): void {
    const { builder, strings } = this;
    const index = strings.intern(key);
    if (value === undefined) builder.attribute(index, VALUE_EMPTY, 0, 0);
    else if (typeof value === 'string') builder.attribute(index, VALUE_INTERNED, strings.intern(value), 0);
    else if (typeof value === 'boolean') builder.attribute(index, VALUE_BOOL, value ? 1 : 0, 0);
    else builder.attribute(index, Number.isSafeInteger(value) ? VALUE_INT : VALUE_DOUBLE, value, 0);
  }

  /**
   * Writes the duration of the last row from its end, given as two words, and the start that the row has. Without an end the span is
   * marked as unended; without a start it lasts from the beginning of time, which assembly repairs.
   */
  setEnd(row: number, endLow: number, endHigh: number): void {
    const { start, durationNs, flags } = this.builder;
    if (endLow === 0 && endHigh === 0) {
      flags[row] |= BATCH_NO_END;
      return;
    }
    const startLow = start[row * 2];
    const startHigh = start[row * 2 + 1];
    durationNs[row] = (endHigh - startHigh) * 4294967296 + (endLow - startLow);
  }

  /** Counts the last row when its ids are not what they must be. */
  checkIds(row: number): void {
    const { traceId, spanId } = this.builder;
    if ((traceId[row * 4] | traceId[row * 4 + 1] | traceId[row * 4 + 2] | traceId[row * 4 + 3]) === 0) {
      this.count('without a valid trace id, kept under the id 0.');
    }
    if ((spanId[row * 2] | spanId[row * 2 + 1]) === 0) this.count('without a valid span id, kept under the id 0.');
  }

  defects(): Defect[] {
    const all = [...this.notes];
    const kept = this.spanCount;
    const unit = (n: number, noun: string) => `${withCommas(n)} ${noun}${n === 1 ? '' : 's'}`;
    if (this.damaged > 0) {
      const first = this.damaged === 1 ? '' : `${unit(this.damaged, 'part')}, the first being `;
      all.push({
        kind: 'unreadable',
        count: this.damaged,
        message: `${this.name} is damaged: ${first}${this.damagedFirst}, left out; ${unit(kept, 'span')} kept.`,
      });
    }
    if (this.badLineCount > 0) {
      const more = this.badLineCount > this.badLines.length ? ', …' : '';
      const lines =
        this.badLineCount === 1
          ? `Line ${withCommas(this.badLines[0])} of ${this.name} is`
          : `${unit(this.badLineCount, 'line')} of ${this.name} are`;
      const which = this.badLineCount === 1 ? '' : ` (lines ${this.badLines.map(withCommas).join(', ')}${more})`;
      const reason = this.badLineCount === 1 ? `it ${this.badLineReason}` : `the first ${this.badLineReason}`;
      all.push({
        kind: 'unreadable',
        count: this.badLineCount,
        message: `${lines} not readable${which}: ${reason}. The other lines were read; ${unit(kept, 'span')} kept.`,
      });
    }
    if (this.ending !== undefined) {
      const before =
        kept === 0 ? 'no span comes before it' : `${unit(kept, 'span')} before it ${kept === 1 ? 'was' : 'were'} kept`;
      all.push({ kind: 'unreadable', count: 1, message: `${this.name} ${this.ending}; ${before}.` });
    }
    for (const [sentence, count] of this.counted) {
      all.push({ kind: 'unreadable', count, message: `${this.name} has ${unit(count, 'span')} ${sentence}` });
    }
    for (const [sentence, { count, spanIds }] of this.repaired) {
      all.push({ kind: 'capped', count, message: `${this.name} has ${unit(count, 'span')} ${sentence}`, spanIds });
    }
    if (this.longCount > 0) {
      all.push({
        kind: 'valueTooLong',
        count: this.longCount,
        message: `${unit(this.longCount, 'value')} longer than 64 KiB; kept as they are.`,
        spanIds: this.longSpans,
      });
    }
    if (kept === 0 && this.logs + this.metrics > 0) {
      const parts = [this.logs > 0 ? unit(this.logs, 'log record') : '', this.metrics > 0 ? unit(this.metrics, 'metric') : ''];
      const held = parts.filter((part) => part !== '').join(' and ');
      all.push({
        kind: 'unreadable',
        count: this.logs + this.metrics,
        message: `${this.name} holds ${held}, no spans.${this.logs > 0 ? ' Log records are shown with their spans while it is open.' : ''}`,
      });
    }
    return all;
  }
}
