/**
 * Redaction of a request before it is stored: an `ExportTraceServiceRequest` or `ExportLogsServiceRequest` in protobuf, from bytes to bytes. Every key, value,
 * name and message in it is looked at, each distinct one once; a request in which there is nothing to hide stays the very bytes that came, and of another
 * one only what is hidden changes, and the lengths around it. So what hides costs no more than what does not, and nothing is decoded for it.
 *
 * Only what has the shape that it should is walked through; of other bytes nobody can say what they hold (`undefined`).
 * Field numbers: opentelemetry/proto/trace/v1/trace.proto, logs/v1/logs.proto, common/v1/common.proto, resource/v1/resource.proto (v1.11.0).
 */

import type { Steps } from '../../base/steps';
import { ProtoReader } from '../../core/format/proto/protoReader';
import { asDamage, Damage } from '../../core/format/sink/damage';
import { BytePatches } from './bytePatches';
import { isCard } from './cardNumbers';
import { KnownTexts } from './knownTexts';
import type { Redactor } from './redactor';

const LEN = 2;
/** Lists and maps in each other; deeper ones are written anew before they are looked at. */
const DEEPEST = 100;
/** Bytes that are looked at in one go, about: a millisecond. */
const STEP_BYTES = 1 << 18;
/** The smallest number of a card, less one: numbers up to here are no card's. */
const BELOW_CARDS = 999_999_999_999;

export type Signal = 'spans' | 'records';

export class StoredRedactor {
  private readonly reader = new ProtoReader();
  private readonly texts: KnownTexts;
  private patches = new BytePatches();

  constructor(redactor: Redactor) {
    this.texts = new KnownTexts(redactor);
  }

  /** In steps. The same bytes where there is nothing to hide; undefined where they are not what they should be. */
  *redacting(bytes: Uint8Array, signal: Signal): Steps<Uint8Array | undefined> {
    const patches = new BytePatches();
    this.turnTo(bytes, patches);
    let paused = 0;
    try {
      const end = bytes.length;
      while (this.reader.at < end) {
        // Others' requests are looked at between two steps.
        const at = this.reader.at;
        const tag = this.reader.varint(end);
        if (tag !== ((1 << 3) | LEN)) {
          this.reader.skip(tag, end);
          continue;
        }
        const lengthAt = this.reader.at;
        const to = this.reader.limit(end);
        const from = this.reader.at;
        let delta = 0;
        this.reader.at = from;
        while (this.reader.at < to) {
          const inner = this.reader.varint(to);
          if ((inner & 7) !== LEN) {
            this.reader.skip(inner, to);
            continue;
          }
          const innerLengthAt = this.reader.at;
          const stop = this.reader.limit(to);
          const start = this.reader.at;
          const field = inner >> 3;
          if (field === 1) delta += patches.nested(innerLengthAt, start, stop, this.owner(start, stop, 1));
          else if (field === 3) delta += this.text(innerLengthAt, start, stop);
          else if (field === 2 || field === 1_000) {
            let grown = 0;
            this.reader.at = start;
            while (this.reader.at < stop) {
              grown += this.inScope(stop, signal);
              if (this.reader.at - at - paused < STEP_BYTES) continue;
              paused = this.reader.at - at;
              const here = this.reader.at;
              yield;
              this.turnTo(bytes, patches);
              this.reader.at = here;
            }
            delta += patches.nested(innerLengthAt, start, stop, grown);
          }
          this.reader.at = stop;
        }
        patches.nested(lengthAt, from, to, delta);
        this.reader.at = to;
      }
    } catch (error) {
      asDamage(error);
      return undefined;
    }
    return patches.applied(bytes);
  }

  private turnTo(bytes: Uint8Array, patches: BytePatches): void {
    this.reader.open(bytes);
    this.reader.at = 0;
    this.texts.open(bytes);
    this.patches = patches;
  }

  /** The next field of a `ScopeSpans` or `ScopeLogs`. Like all below, returns by how many bytes the message grows. */
  private inScope(end: number, signal: Signal): number {
    const { reader } = this;
    const tag = reader.varint(end);
    if ((tag & 7) !== LEN) {
      reader.skip(tag, end);
      return 0;
    }
    const lengthAt = reader.at;
    const to = reader.limit(end);
    const from = reader.at;
    let delta = 0;
    if (tag >> 3 === 2)
      delta = this.patches.nested(lengthAt, from, to, signal === 'spans' ? this.span(from, to) : this.record(from, to));
    else if (tag >> 3 === 1) delta = this.patches.nested(lengthAt, from, to, this.owner(from, to, 3));
    else if (tag >> 3 === 3) delta = this.text(lengthAt, from, to);
    reader.at = to;
    return delta;
  }

  /** A `Resource` or an `InstrumentationScope`, whose texts stand before its attributes, which are in this field. */
  private owner(from: number, end: number, attributes: number): number {
    return this.fields(from, end, (field, lengthAt, start, to) => {
      if (field === attributes) return this.patches.nested(lengthAt, start, to, this.keyValue(start, to, 0));
      return field < attributes ? this.text(lengthAt, start, to) : 0;
    });
  }

  private span(from: number, end: number): number {
    const { reader } = this;
    let delta = 0;
    reader.at = from;
    while (reader.at < end) {
      const tag = reader.varint(end);
      if ((tag & 7) !== LEN) {
        reader.skip(tag, end);
        continue;
      }
      const lengthAt = reader.at;
      const to = reader.limit(end);
      const start = reader.at;
      switch (tag >> 3) {
        case 9:
          delta += this.patches.nested(lengthAt, start, to, this.keyValue(start, to, 0));
          break;
        case 3:
        case 5:
          delta += this.text(lengthAt, start, to);
          break;
        case 11:
          delta += this.patches.nested(lengthAt, start, to, this.textAndAttributes(start, to, 2, 3));
          break;
        case 13:
          delta += this.patches.nested(lengthAt, start, to, this.textAndAttributes(start, to, 3, 4));
          break;
        case 15:
          delta += this.patches.nested(lengthAt, start, to, this.textAndAttributes(start, to, 2, -1));
          break;
      }
      reader.at = to;
    }
    return delta;
  }

  private record(from: number, end: number): number {
    return this.fields(from, end, (field, lengthAt, start, to) => {
      if (field === 6) return this.patches.nested(lengthAt, start, to, this.keyValue(start, to, 0));
      if (field === 5) return this.value(lengthAt, start, to, true, 0);
      return field === 3 || field === 12 ? this.text(lengthAt, start, to) : 0;
    });
  }

  private textAndAttributes(from: number, end: number, text: number, attributes: number): number {
    return this.fields(from, end, (field, lengthAt, start, to) => {
      if (field === text) return this.text(lengthAt, start, to);
      return field === attributes ? this.patches.nested(lengthAt, start, to, this.keyValue(start, to, 0)) : 0;
    });
  }

  private fields(
    from: number,
    end: number,
    visit: (field: number, lengthAt: number, start: number, to: number) => number,
  ): number {
    const { reader } = this;
    let delta = 0;
    reader.at = from;
    while (reader.at < end) {
      const tag = reader.varint(end);
      if ((tag & 7) !== LEN) {
        reader.skip(tag, end);
        continue;
      }
      const lengthAt = reader.at;
      const to = reader.limit(end);
      delta += visit(tag >> 3, lengthAt, reader.at, to);
      reader.at = to;
    }
    return delta;
  }

  private keyValue(from: number, end: number, depth: number): number {
    const { reader, texts } = this;
    let keyAt = -1;
    let keyFrom = from;
    let keyTo = from;
    let valueAt = -1;
    let valueFrom = from;
    let valueTo = from;
    reader.at = from;
    while (reader.at < end) {
      const tag = reader.varint(end);
      if (tag === ((1 << 3) | LEN) && keyAt < 0) {
        keyAt = reader.at;
        keyTo = reader.limit(end);
        keyFrom = reader.at;
        reader.at = keyTo;
      } else if (tag === ((2 << 3) | LEN) && valueAt < 0) {
        valueAt = reader.at;
        valueTo = reader.limit(end);
        valueFrom = reader.at;
        reader.at = valueTo;
        // A second key or value: which of them counts is for a decoder to say.
      } else if (tag >> 3 === 1 || tag >> 3 === 2) throw odd(reader.at);
      else reader.skip(tag, end);
    }
    const key = texts.key(keyFrom, keyTo);
    let delta = 0;
    if (keyAt >= 0 && key.shown !== undefined) delta += this.patches.text(keyAt, keyTo, key.shown);
    if (valueAt < 0 || valueTo === valueFrom || (key.isSession && texts.isSessionValue(valueFrom, valueTo))) return delta;
    return (
      delta + (key.isHidden ? this.patches.hide(valueAt, valueTo) : this.value(valueAt, valueFrom, valueTo, key.mayBeCard, depth))
    );
  }

  /** An `AnyValue`, which with its length begins at `lengthAt`. */
  private value(lengthAt: number, from: number, end: number, mayBeCard: boolean, depth: number): number {
    const { reader, texts, patches } = this;
    if (depth > DEEPEST) throw odd(from);
    let delta = 0;
    reader.at = from;
    while (reader.at < end) {
      const tag = reader.varint(end);
      const field = tag >> 3;
      if ((tag & 7) === LEN) {
        const innerAt = reader.at;
        const to = reader.limit(end);
        const start = reader.at;
        if (field === 1) {
          const shown = texts.value(start, to, mayBeCard);
          if (shown !== undefined) delta += patches.text(innerAt, to, shown);
        } else if (field === 5) delta += patches.nested(innerAt, start, to, this.list(start, to, mayBeCard, depth + 1));
        else if (field === 6) {
          const grown = this.fields(start, to, (inner, at, first, last) =>
            inner === 1 ? patches.nested(at, first, last, this.keyValue(first, last, depth + 1)) : 0,
          );
          delta += patches.nested(innerAt, start, to, grown);
        } else if (field === 7 && texts.value(start, to, mayBeCard) !== undefined) return patches.hide(lengthAt, end);
        reader.at = to;
      } else if (field === 3 && (tag & 7) === 0) {
        const number = reader.varint(end);
        if (mayBeCard && number > BELOW_CARDS && texts.cards && isCard(String(number))) return patches.hide(lengthAt, end);
      } else if (field === 4 && (tag & 7) === 1) {
        const number = reader.view.getFloat64(reader.fixed(8, end), true);
        if (mayBeCard && number > BELOW_CARDS && texts.cards && isCard(String(number))) return patches.hide(lengthAt, end);
      } else reader.skip(tag, end);
    }
    return patches.nested(lengthAt, from, end, delta);
  }

  /** Elements of a list. What follows an option that hides, as in the arguments of a command, is hidden. */
  private list(from: number, end: number, mayBeCard: boolean, depth: number): number {
    let isSecret = false;
    return this.fields(from, end, (field, lengthAt, start, to) => {
      if (field !== 1) return 0;
      if (isSecret) {
        isSecret = false;
        return this.patches.hide(lengthAt, to);
      }
      isSecret = this.texts.isOption(start, to);
      return this.value(lengthAt, start, to, mayBeCard, depth);
    });
  }

  private text(lengthAt: number, from: number, to: number): number {
    if (from === to) return 0;
    const shown = this.texts.value(from, to, true);
    return shown === undefined ? 0 : this.patches.text(lengthAt, to, shown);
  }
}

function odd(at: number): Damage {
  return new Damage(at, 'has no shape that is known', false);
}
