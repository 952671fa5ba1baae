/** Changes of a protobuf message as bytes: what stands in the place of a value, and the lengths of all that it is in. */

import { HIDDEN } from './hidden';

const encoder = new TextEncoder();
/** An `AnyValue` that is a text: opentelemetry/proto/common/v1/common.proto, `string_value`. */
const STRING_VALUE = (1 << 3) | 2;
const hiddenText = encoder.encode(HIDDEN);
/** With its length. */
const hiddenValue = withLength(withTag(hiddenText));

interface Patch {
  readonly from: number;
  readonly to: number;
  readonly bytes: Uint8Array;
}

export class BytePatches {
  private readonly patches: Patch[] = [];

  /** A text whose length begins at `lengthAt`. Each returns by how many bytes what is around it grows. */
  text(lengthAt: number, to: number, text: string): number {
    return this.put(lengthAt, to, withLength(encoder.encode(text)));
  }

  /** An `AnyValue` whose length begins at `lengthAt`, hidden whole. */
  hide(lengthAt: number, to: number): number {
    return this.put(lengthAt, to, hiddenValue);
  }

  /** A message in `[from, to)` with its length before it, which grew by `delta` within. */
  nested(lengthAt: number, from: number, to: number, delta: number): number {
    if (delta === 0) return 0;
    const length = varint(to - from + delta);
    return delta + this.put(lengthAt, from, length);
  }

  /** The same bytes where nothing changed. */
  applied(bytes: Uint8Array): Uint8Array {
    const { patches } = this;
    if (patches.length === 0) return bytes;
    patches.sort((a, b) => a.from - b.from);
    const size = patches.reduce((sum, { from, to, bytes: by }) => sum + by.length - (to - from), bytes.length);
    const out = new Uint8Array(size);
    let at = 0;
    let done = 0;
    for (const { from, to, bytes: by } of patches) {
      out.set(bytes.subarray(done, from), at);
      at += from - done;
      out.set(by, at);
      at += by.length;
      done = to;
    }
    out.set(bytes.subarray(done), at);
    return out;
  }

  private put(from: number, to: number, bytes: Uint8Array): number {
    this.patches.push({ from, to, bytes });
    return bytes.length - (to - from);
  }
}

function withTag(text: Uint8Array): Uint8Array {
  return joined(Uint8Array.of(STRING_VALUE, ...varint(text.length)), text);
}

function withLength(bytes: Uint8Array): Uint8Array {
  return joined(varint(bytes.length), bytes);
}

function joined(first: Uint8Array, second: Uint8Array): Uint8Array {
  const out = new Uint8Array(first.length + second.length);
  out.set(first);
  out.set(second, first.length);
  return out;
}

function varint(value: number): Uint8Array {
  const out: number[] = [];
  let rest = value;
  for (; rest > 127; rest = Math.floor(rest / 128)) out.push((rest % 128) | 128);
  return Uint8Array.of(...out, rest);
}
