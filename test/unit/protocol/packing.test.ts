import { describe, expect, it } from 'vitest';
import { finish } from '../../../src/base/steps';
import { distinct, narrow, VarintReader, VarintWriter, widen } from '../../../src/protocol/packing';

describe('a narrowed column', () => {
  it.each([
    { values: [0, 255, 3], bytes: 3 },
    { values: [0, 256, 65_535], bytes: 6 },
    { values: [65_536, 0, 4_294_967_295], bytes: 12 },
    { values: [], bytes: 0 },
  ])('of $values takes $bytes bytes and comes back', ({ values, bytes }) => {
    const narrowed = finish(narrow(Uint32Array.from(values)));
    expect(narrowed.byteLength).toBe(bytes);
    expect([...widen(narrowed, values.length)]).toEqual(values);
  });
});

describe('distinct', () => {
  it('has each number once, in the order of appearance', () => {
    const found = finish(distinct(Uint32Array.of(7, 7, 4_000_000_000, 0, 7)));
    expect([...found.distinct]).toEqual([7, 4_000_000_000, 0]);
    expect([...widen(found.at, 5)]).toEqual([0, 0, 1, 2, 0]);
  });
});

describe('varints', () => {
  it('come back at every width, signed and not', () => {
    const edges = [7, 14, 21, 28, 31, 32].flatMap((bits) => [2 ** bits - 1, 2 ** bits, 2 ** bits + 1]);
    const whole = [0, 1, ...edges, 2 ** 33 - 1];
    const signed = edges.filter((value) => value < 2 ** 32).flatMap((value) => [value, -value]);
    const writer = new VarintWriter(whole.length + signed.length);
    for (const value of whole) writer.write(value);
    for (const value of signed) writer.writeSigned(value);
    const reader = new VarintReader(writer.finish());
    expect(whole.map(() => reader.read())).toEqual(whole);
    expect(signed.map(() => reader.readSigned())).toEqual(signed);
  });

  it('are as long as they have to be', () => {
    const writer = new VarintWriter(3);
    writer.write(127);
    writer.write(128);
    writer.writeSigned(-64);
    expect(writer.finish().byteLength).toBe(4);
  });
});
