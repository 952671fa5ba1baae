/**
 * Zipkin's protobuf: a `ListOfSpans`, as its senders write it.
 * Source: openzipkin/zipkin-api zipkin.proto (package zipkin.proto3).
 */

import { BATCH_NO_END, BATCH_SHARED, KIND_INTERNAL, VALUE_STRING } from '../../model/batch';
import { BEYOND, ProtoReader } from '../proto/protoReader';
import { asDamage, Damage } from '../sink/damage';
import { FLAW_ENUM, FLAW_NUMBER, FLAW_PARENT } from '../sink/flaws';
import type { PieceDecoder, Sink } from '../sink/sink';
import { type Endpoint, ZipkinRow } from './zipkinRow';

const LEN = 2;
const FIXED64 = 1;
/** A field of the list: `spans`. */
const SPANS = (1 << 3) | LEN;
/** By Zipkin's numbers, OpenTelemetry's kinds: none, CLIENT, SERVER, PRODUCER, CONSUMER. */
const kinds = [KIND_INTERNAL, 3, 2, 4, 5];
const MAX_UINT32 = 0xffffffff;
const QUOTE = 34;
const decoder = new TextDecoder();

export class ZipkinProtoDecoder extends ProtoReader implements PieceDecoder {
  private readonly row: ZipkinRow;
  private flaws = 0;
  /** Offset in the whole input up to which everything is skipped. */
  private skipUntil = 0;

  constructor(private readonly sink: Sink) {
    super();
    this.row = new ZipkinRow(sink);
    sink.position = () => this.at;
  }

  decode(bytes: Uint8Array, from: number, end: number, last: boolean): number {
    const { sink } = this;
    this.open(bytes);
    this.at = Math.max(from, Math.min(end, this.skipUntil - sink.base));
    while (this.at < end) {
      const start = this.at;
      const mark = sink.builder.mark();
      let stop = -1;
      try {
        const tag = this.varint(end);
        if (tag < 8) throw new Damage(this.at, 'has a field with the number 0', false);
        if ((tag & 7) !== LEN) {
          this.skip(tag, end);
          continue;
        }
        const length = this.varint(end);
        stop = this.at + length;
        if (stop > end) throw new Damage(end, BEYOND, true);
        if (tag === SPANS) this.span(stop);
        this.at = stop;
      } catch (error) {
        const damage = asDamage(error);
        sink.builder.rollback(mark);
        if (damage.incomplete && damage.at >= end && (stop < 0 || stop > end)) {
          if (!last) return start;
          sink.endsAt('a span', end, 'ends');
          return end;
        }
        if (stop < 0) {
          sink.endsAt('', start, `makes no sense (${damage.reason})`);
          this.skipUntil = Infinity;
          return end;
        }
        sink.leftOut('a span', start, damage.reason);
        this.at = stop;
      }
    }
    return end;
  }

  canFlush(): boolean {
    return true;
  }

  finishBatch(): void {}

  carry(): void {}

  private span(end: number): void {
    const { sink } = this;
    const { builder } = sink;
    const row = this.row.begin();
    this.flaws = 0;
    let local: Endpoint | undefined;
    let remote: Endpoint | undefined;
    let isDebug = false;
    while (this.at < end) {
      const tag = this.varint(end);
      switch (tag) {
        case (1 << 3) | LEN:
          this.id(builder.traceId, row * 4, 4, end, 0);
          break;
        case (2 << 3) | LEN:
          this.id(builder.parentSpanId, row * 2, 2, end, FLAW_PARENT);
          break;
        case (3 << 3) | LEN:
          this.id(builder.spanId, row * 2, 2, end, 0);
          break;
        case 4 << 3: {
          const kind = kinds[this.varint(end)];
          builder.kind[row] = kind ?? KIND_INTERNAL;
          if (kind === undefined) this.flaws |= FLAW_ENUM;
          break;
        }
        case (5 << 3) | LEN:
          builder.name[row] = this.text(end);
          break;
        case (6 << 3) | FIXED64:
          this.micros(builder.start, row * 2, end);
          break;
        case 7 << 3: {
          // None, as a number has it that is not said.
          const micros = this.varint(end);
          builder.durationNs[row] = micros * 1_000;
          if (micros > 0) builder.flags[row] &= ~BATCH_NO_END;
          break;
        }
        case (8 << 3) | LEN:
          local = this.endpoint(this.limit(end));
          break;
        case (9 << 3) | LEN:
          remote = this.endpoint(this.limit(end));
          break;
        case (10 << 3) | LEN:
          this.annotation(this.limit(end));
          break;
        case (11 << 3) | LEN:
          this.tag(row, this.limit(end));
          break;
        case 12 << 3:
          isDebug = this.varint(end) !== 0;
          break;
        case 13 << 3:
          if (this.varint(end) !== 0) builder.flags[row] |= BATCH_SHARED;
          break;
        default:
          this.other(tag, end);
      }
    }
    builder.eventEnd[row] = builder.eventCount;
    this.row.end(row, { local, remote, isDebug });
    if (this.flaws !== 0) sink.flawed(row, this.flaws);
  }

  private other(tag: number, end: number): void {
    if (tag < 8) throw new Damage(this.at, 'has a field with the number 0', false);
    this.skip(tag, end);
  }

  /** An id of its length in bytes or of fewer, big endian; a longer one is none. */
  private id(words: Uint32Array, first: number, count: number, end: number, flaw: number): void {
    const stop = this.limit(end);
    const { bytes, at } = this;
    words.fill(0, first, first + count);
    if (stop - at > count * 4) this.flaws |= flaw;
    else
      for (let i = stop - 1, byte = 0; i >= at; i--, byte++)
        words[first + count - 1 - (byte >> 2)] |= bytes[i] << ((byte & 3) * 8);
    this.at = stop;
  }

  /** The index of the text at the cursor. */
  private text(end: number): number {
    const stop = this.limit(end);
    const index = this.sink.strings.internBytes(this.bytes, this.at, stop - this.at);
    this.at = stop;
    return index;
  }

  /** Microseconds of 64 bits as nanoseconds, of which there may be no more than fit into as many. */
  private micros(words: Uint32Array, first: number, end: number): void {
    const at = this.fixed(8, end);
    const low = this.view.getUint32(at, true) * 1_000;
    const high = this.view.getUint32(at + 4, true) * 1_000 + Math.floor(low / 2 ** 32);
    if (high > MAX_UINT32) {
      this.flaws |= FLAW_NUMBER;
      words.fill(MAX_UINT32, first, first + 2);
      return;
    }
    words[first] = low % 2 ** 32;
    words[first + 1] = high;
  }

  private endpoint(end: number): Endpoint {
    const { strings } = this.sink;
    let service = 0;
    let ipv4 = 0;
    let ipv6 = 0;
    let port = 0;
    while (this.at < end) {
      const tag = this.varint(end);
      if (tag === ((1 << 3) | LEN)) service = this.text(end);
      else if (tag === ((2 << 3) | LEN)) ipv4 = this.address(4, end);
      else if (tag === ((3 << 3) | LEN)) ipv6 = this.address(16, end);
      else if (tag === 4 << 3) port = Math.min(65_535, this.varint(end));
      else this.other(tag, end);
    }
    return { service: strings.get(service) === '' ? 0 : service, address: ipv4 === 0 ? ipv6 : ipv4, port };
  }

  /** The index of an address, as text. */
  private address(length: number, end: number): number {
    const stop = this.limit(end);
    const bytes = this.bytes.subarray(this.at, stop);
    this.at = stop;
    if (bytes.length !== length) return 0;
    if (length === 4) return this.sink.strings.intern(bytes.join('.'));
    const groups = Array.from({ length: 8 }, (_, i) => (bytes[i * 2] * 256 + bytes[i * 2 + 1]).toString(16));
    return this.sink.strings.intern(shortened(groups));
  }

  private annotation(end: number): void {
    const { builder } = this.sink;
    const event = builder.event(0, 0, 0);
    while (this.at < end) {
      const tag = this.varint(end);
      if (tag === ((1 << 3) | FIXED64)) this.micros(builder.eventTime, event * 2, end);
      else if (tag === ((2 << 3) | LEN)) {
        const stop = this.limit(end);
        const isEvent =
          this.bytes[this.at] === QUOTE && this.row.event(event, decoder.decode(this.bytes.subarray(this.at, stop)));
        if (!isEvent) builder.eventName[event] = this.sink.strings.internBytes(this.bytes, this.at, stop - this.at);
        this.at = stop;
      } else this.other(tag, end);
    }
    this.row.annotated(event);
  }

  private tag(row: number, end: number): void {
    const { builder, strings } = this.sink;
    if (builder.attributeCount !== builder.attributeEnd[row]) this.row.rejoin(row);
    let key = 0;
    let start = this.at;
    let length = 0;
    while (this.at < end) {
      const tag = this.varint(end);
      if (tag === ((1 << 3) | LEN)) key = this.text(end);
      else if (tag === ((2 << 3) | LEN)) {
        const stop = this.limit(end);
        start = this.at;
        length = stop - start;
        this.at = stop;
      } else this.other(tag, end);
    }
    if (this.row.isField(key)) this.row.tag(row, key, strings.internBytes(this.bytes, start, length));
    else builder.attribute(key, VALUE_STRING, start, length);
    builder.attributeEnd[row] = builder.attributeCount;
  }
}

/** The longest run of zeros left out. Source: RFC 5952, 4.2. */
function shortened(groups: readonly string[]): string {
  let best = { at: 0, length: 1 };
  for (let at = 0; at < groups.length; at++) {
    let length = 0;
    while (groups[at + length] === '0') length++;
    if (length > best.length) best = { at, length };
  }
  if (best.length < 2) return groups.join(':');
  return `${groups.slice(0, best.at).join(':')}::${groups.slice(best.at + best.length).join(':')}`;
}

/**
 * Whether bytes begin a `ListOfSpans`: a first span with ids of their lengths, and with fields that no message in this place of OTLP's has. What is
 * there of a span that goes on beyond the bytes decides.
 */
export function isZipkinList(head: Uint8Array): boolean {
  const reader = new ProtoReader();
  reader.open(head);
  let ids = 0;
  let others = 0;
  try {
    if (reader.varint(head.length) !== SPANS) return false;
    const end = reader.varint(head.length) + reader.at;
    while (reader.at < Math.min(end, head.length)) {
      const tag = reader.varint(head.length);
      const field = tag >> 3;
      if (wireOf[field] !== (tag & 7)) return false;
      if (field <= 3) {
        const length = reader.varint(head.length);
        if (field === 1 ? length !== 8 && length !== 16 : length !== 8) return false;
        reader.at += length;
        if (field !== 2) ids |= field;
      } else {
        others++;
        reader.skip(tag, Math.min(end, head.length));
      }
    }
  } catch (error) {
    if (!(error instanceof Damage)) throw error;
  }
  return ids === 3 && others > 0;
}

/** By number, how each field of a span is written. */
const wireOf: readonly (number | undefined)[] = [undefined, LEN, LEN, LEN, 0, LEN, FIXED64, 0, LEN, LEN, LEN, LEN, 0, 0];
