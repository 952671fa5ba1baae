/**
 * OTLP protobuf: one message (`ExportTraceServiceRequest`, `TracesData`, Tempo's `Trace` — the same bytes), Tempo's
 * `TraceByIDResponse` around one, or many with a length of 4 bytes (big endian) before each, as the Collector's file exporter
 * writes them. Containers are walked with an explicit stack of ends, so that input may stop anywhere and go on later; only spans,
 * resources and scopes have to be there as a whole.
 */

import { NO_RESOURCE, NO_SCOPE } from '../../model/batchBuilder';
import { BEYOND } from '../proto/protoReader';
import { type RecordKind, recordKind } from '../proto/shape';
import { asDamage, Damage } from '../sink/damage';
import type { Carrier, PieceDecoder, Sink } from '../sink/sink';
import { OtlpProtoRecords } from './otlpProtoSpan';

/** Levels of containers; what is below SCOPE_SPANS is read whole. */
const FRAMES = 0;
const RESPONSE = 1;
const MESSAGE = 2;
const RESOURCE_SPANS = 3;
const SCOPE_SPANS = 4;

/** What is being read when something goes wrong at each level. */
const parts = ['a length', 'an answer', 'a message', "a resource's spans", 'a span'];

export class OtlpProtoDecoder implements PieceDecoder {
  private readonly records: OtlpProtoRecords;
  private readonly lowest: number;
  private level: number;
  /** End of the container at each level, as an offset in the whole input. */
  private readonly endOf = [Infinity, Infinity, Infinity, 0, 0];
  /** End of the bytes at hand. */
  private end = 0;
  /** Offset in the whole input up to which everything is skipped. */
  private skipUntil = 0;
  private resource = 0;
  private scope = 0;
  private kind: RecordKind | undefined;
  private readonly lastResource = new LastMessage();
  private readonly lastScope = new LastMessage();
  private partial = false;
  private partialReason = '';

  /**
   * @param framed a length of 4 bytes stands before each message
   * @param tempo messages are in field 1 of a `TraceByIDResponse`
   */
  constructor(
    private readonly sink: Sink,
    framed: boolean,
    tempo: boolean,
  ) {
    this.records = new OtlpProtoRecords(sink);
    this.lowest = framed ? FRAMES : tempo ? RESPONSE : MESSAGE;
    this.level = this.lowest;
    if (framed) this.endOf[RESPONSE] = 0;
    sink.position = () => this.records.at;
  }

  decode(bytes: Uint8Array, from: number, end: number, last: boolean): number {
    const { records, sink, endOf } = this;
    const { base } = sink;
    records.open(bytes);
    records.at = from;
    this.end = end;
    this.lastResource.forget();
    this.lastScope.forget();
    for (;;) {
      if (records.at + base < this.skipUntil) records.at = Math.min(end, this.skipUntil - base);
      const start = records.at;
      while (this.level > this.lowest && base + start >= endOf[this.level]) this.level--;
      if (start >= end) break;
      const { level } = this;
      const stop = Math.min(end, endOf[level] - base);
      const mark = sink.builder.mark();
      try {
        if (level === FRAMES) this.frame(stop);
        else this.field(records.varint(stop), stop);
      } catch (error) {
        const damage = asDamage(error);
        sink.builder.rollback(mark);
        if (damage.incomplete && damage.at >= end && endOf[level] - base > end) {
          if (!last) return start;
          sink.endsAt(parts[level], end, 'ends');
          return end;
        }
        if (endOf[level] === Infinity) {
          sink.endsAt('', start, `makes no sense (${damage.reason})`);
          this.skipUntil = Infinity;
        } else {
          sink.leftOut(parts[level], start, damage.reason);
          this.skipUntil = endOf[level];
        }
      }
    }
    if (last && this.level > this.lowest && this.skipUntil < base + end) sink.endsAt('a message', end, 'ends');
    if (last && this.partial) this.notePartial();
    return end;
  }

  canFlush(): boolean {
    return true;
  }

  finishBatch(): void {}

  carry(carrier: Carrier): void {
    const { resources, scopes } = carrier.next;
    if (this.level < RESOURCE_SPANS) return;
    this.resource = resources.push(carrier.copy(carrier.previous.resources[this.resource] ?? NO_RESOURCE)) - 1;
    this.scope = scopes.push(carrier.copy(carrier.previous.scopes[this.scope] ?? NO_SCOPE)) - 1;
  }

  private frame(stop: number): void {
    const { records } = this;
    const at = records.fixed(4, stop);
    this.endOf[MESSAGE] = this.sink.base + records.at + records.view.getUint32(at);
    this.level = MESSAGE;
  }

  private field(tag: number, stop: number): void {
    const { records } = this;
    if (tag < 8) throw new Damage(records.at, 'has a field with the number 0', false);
    switch (this.level) {
      case RESPONSE:
        if (tag === 0x0a) this.enter(MESSAGE, stop);
        else if (tag === 0x18) this.partial = records.varint(stop) === 1;
        else if (tag === 0x22) this.readReason(stop);
        else this.skip(tag, stop);
        return;
      case MESSAGE:
        if (tag === 0x0a) this.enterResourceSpans(stop);
        else this.skip(tag, stop);
        return;
      case RESOURCE_SPANS:
        if (tag === 0x0a) this.readResource(stop);
        else if (tag === 0x12) this.enterScopeSpans(stop);
        else if (tag === 0x1a) this.readSchemaUrl(stop, this.sink.builder.resources, this.resource);
        else this.skip(tag, stop);
        return;
      default:
        if (tag === 0x12) this.readRecord(stop);
        else if (tag === 0x0a) this.readScope(stop);
        else if (tag === 0x1a) this.readSchemaUrl(stop, this.sink.builder.scopes, this.scope);
        else this.skip(tag, stop);
    }
  }

  /** The end of the field at the cursor; it must lie in the container, and may lie beyond the bytes at hand. */
  private fieldEnd(stop: number): number {
    const { records } = this;
    const fieldEnd = records.varint(stop) + records.at;
    if (fieldEnd + this.sink.base > this.endOf[this.level]) {
      throw new Damage(records.at, BEYOND, false);
    }
    return fieldEnd;
  }

  private enter(level: number, stop: number): void {
    this.endOf[level] = this.sink.base + this.fieldEnd(stop);
    this.level = level;
  }

  private enterResourceSpans(stop: number): void {
    this.enter(RESOURCE_SPANS, stop);
    this.resource = this.sink.addResource(NO_RESOURCE);
  }

  private enterScopeSpans(stop: number): void {
    this.enter(SCOPE_SPANS, stop);
    this.scope = this.sink.addScope(NO_SCOPE);
    this.kind = undefined;
  }

  /** Like `fieldEnd`, for what is read as a whole. */
  private wholeEnd(stop: number): number {
    const fieldEnd = this.fieldEnd(stop);
    if (fieldEnd > this.end) throw new Damage(this.end, 'ends early', true);
    return fieldEnd;
  }

  private skip(tag: number, stop: number): void {
    const { records } = this;
    if ((tag & 7) === 2) {
      this.skipUntil = this.sink.base + this.fieldEnd(stop);
      return;
    }
    try {
      records.skip(tag, stop);
    } catch (error) {
      const damage = asDamage(error);
      // A field in a group may end in bytes that are still to come.
      if (stop === this.end && damage.reason === BEYOND) throw new Damage(stop, damage.reason, true);
      throw damage;
    }
  }

  /** Runs `read` on a field that is there as a whole: damage within concerns that field alone. */
  private whole(part: string, stop: number, read: (start: number, end: number) => void): void {
    const { records, sink } = this;
    const fieldEnd = this.wholeEnd(stop);
    const start = records.at;
    const mark = sink.builder.mark();
    try {
      read(start, fieldEnd);
    } catch (error) {
      sink.builder.rollback(mark);
      sink.leftOut(part, start, asDamage(error).reason);
    }
    records.at = fieldEnd;
  }

  private readRecord(stop: number): void {
    const { records, sink } = this;
    const fieldEnd = this.wholeEnd(stop);
    const start = records.at;
    this.kind ??= recordKind(records, start, fieldEnd);
    if (this.kind === 'span') {
      const mark = sink.builder.mark();
      try {
        records.span(start, fieldEnd, this.resource, this.scope);
      } catch (error) {
        sink.builder.rollback(mark);
        sink.leftOut('a span', start, asDamage(error).reason);
      }
    } else if (this.kind === 'log') sink.logs++;
    else sink.metrics++;
    records.at = fieldEnd;
  }

  private readResource(stop: number): void {
    const { records, sink, lastResource } = this;
    this.whole('a resource', stop, (start, end) => {
      const { resources } = sink.builder;
      if (lastResource.equals(records.bytes, start, end))
        resources[this.resource] = withSchema(resources[lastResource.index], resources[this.resource]);
      else {
        resources[this.resource] = withSchema(records.resource(start, end), resources[this.resource]);
        lastResource.remember(start, end, this.resource);
      }
    });
  }

  private readScope(stop: number): void {
    const { records, sink, lastScope } = this;
    this.whole('a scope', stop, (start, end) => {
      const { scopes } = sink.builder;
      if (lastScope.equals(records.bytes, start, end))
        scopes[this.scope] = withSchema(scopes[lastScope.index], scopes[this.scope]);
      else {
        scopes[this.scope] = withSchema(records.scope(start, end), scopes[this.scope]);
        lastScope.remember(start, end, this.scope);
      }
    });
  }

  private readSchemaUrl<T>(stop: number, owners: T[], index: number): void {
    const { records, sink } = this;
    const fieldEnd = this.wholeEnd(stop);
    const schemaUrl = sink.strings.internBytes(records.bytes, records.at, fieldEnd - records.at);
    if (schemaUrl !== 0) owners[index] = { ...owners[index], schemaUrl };
    records.at = fieldEnd;
  }

  private readReason(stop: number): void {
    const fieldEnd = this.wholeEnd(stop);
    this.partialReason = new TextDecoder().decode(this.records.bytes.subarray(this.records.at, fieldEnd));
    this.records.at = fieldEnd;
  }

  private notePartial(): void {
    const reason = this.partialReason === '' ? '' : `: ${this.partialReason}`;
    this.sink.note({ kind: 'capped', count: 1, message: `${this.sink.name} is a part of the trace only${reason}.` });
  }
}

/** The resource or scope just read, with the schema of its place: its address stands beside it, before or after. */
export function withSchema<T extends { readonly schemaUrl?: number }>(read: T, place: T): T {
  return read.schemaUrl === place.schemaUrl ? read : { ...read, schemaUrl: place.schemaUrl };
}

/** Where the last resource or scope stands: senders repeat them in every request, and their attributes need to be kept once. */
class LastMessage {
  index = 0;
  private start = 0;
  private length = -1;

  forget(): void {
    this.length = -1;
  }

  remember(start: number, end: number, index: number): void {
    this.start = start;
    this.length = end - start;
    this.index = index;
  }

  equals(bytes: Uint8Array, start: number, end: number): boolean {
    if (end - start !== this.length) return false;
    for (let i = 0; i < this.length; i++) if (bytes[this.start + i] !== bytes[start + i]) return false;
    return true;
  }
}
