// Cuts and flipped bits of every fixture: decoding ends, soon, and throws nothing but our own refusal. What was read can be looked at.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { SpanhopError } from '../../../src/base/errors';
import { encodeOtlpProto, StreamDecoder } from '../../../src/core/format/format';
import { StringTable } from '../../../src/core/model/strings';
import { decode } from './spans';

const folder = join(__dirname, '..', '..', 'fixtures', 'formats');
const ROUNDS = 80;
const LONGEST_MS = 5000;

function randomFrom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % below;
  };
}

function survive(bytes: Uint8Array): void {
  const start = performance.now();
  try {
    const result = decode(bytes);
    expect(result.spans.length).toBe(result.spanCount);
    for (const batch of result.batches)
      encodeOtlpProto([{ batch, rows: Uint32Array.from({ length: batch.count }, (_, row) => row) }]);
  } catch (error) {
    if (!(error instanceof SpanhopError)) throw error;
  }
  expect(performance.now() - start).toBeLessThan(LONGEST_MS);
}

describe.each(readdirSync(folder))('%s', (name) => {
  const bytes = new Uint8Array(readFileSync(join(folder, name)));

  it('cut anywhere', () => {
    const random = randomFrom(name.length * 7919);
    for (let round = 0; round < ROUNDS; round++) survive(bytes.slice(0, random(bytes.length)));
  });

  it('with bits flipped', () => {
    const random = randomFrom(name.length * 104729);
    for (let round = 0; round < ROUNDS; round++) {
      const damaged = bytes.slice();
      for (let flips = 1 + random(4); flips > 0; flips--) damaged[random(damaged.length)] ^= 1 << random(8);
      survive(damaged);
    }
  });

  it('with bytes missing, doubled, or of any value, in pieces', () => {
    const random = randomFrom(name.length * 15485863);
    for (let round = 0; round < ROUNDS; round++) {
      const at = random(bytes.length);
      const damaged = new Uint8Array(
        Buffer.concat([bytes.slice(0, at), Uint8Array.of(random(256)), bytes.slice(at + random(8))]),
      );
      const decoder = new StreamDecoder({ strings: new StringTable() });
      try {
        const size = 1 + random(5000);
        for (let from = 0; from < damaged.length; from += size) decoder.push(damaged.subarray(from, from + size));
        decoder.end();
      } catch (error) {
        if (!(error instanceof SpanhopError)) throw error;
      }
    }
  });
});
