// How many errors calls came to while they come and go: the same as of all of them at once, whatever was counted before.
import { expect, it } from 'vitest';
import { finish } from '../../../src/base/steps';
import { CodeIndex, type CodeRecord, type CodeSource } from '../../../src/code';
import { STATUS_ERROR } from '../../../src/core/model/batch';
import { StringTable } from '../../../src/core/model/strings';

const size = 1_000;
let seed = 11;
const random = (below: number): number => {
  seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
  return Math.floor((seed / 2 ** 32) * below);
};

interface Part {
  readonly source: CodeSource;
  readonly rows: { readonly row: Uint32Array; readonly place: Uint32Array; readonly recorded: ReadonlyMap<number, CodeRecord[]> };
}

/** Calls of a few traces, of which some lead to another one, fail or record one of a few exceptions. Ids of parts are others. */
function part(number: number): Part {
  const strings = new StringTable();
  const names = ['a', 'b'].map((name) => strings.intern(name));
  const of = (make: (row: number) => number, words = 1): Uint32Array =>
    Uint32Array.from({ length: size * words }, (_, i) => make(i));
  const id = (row: number): number => number * size + row + 1;
  const record = (event: number): CodeRecord => ({
    event,
    hash: random(3),
    place: random(2),
    placing: random(3) === 0 ? 'none' : 'thrown',
  });
  return {
    source: {
      // Half of them differ in their upper words alone.
      traceId: of((i) => (i % 4 === 0 ? random(2) : i % 4 === 3 ? random(130) : 0), 4),
      spanId: of((i) => (i % 2 === 0 ? 0 : id((i - 1) / 2)), 2),
      parentSpanId: of((i) => (i % 2 === 0 || random(3) === 0 ? 0 : random(id(size))), 2),
      start: of((i) => (i % 2 === 0 ? random(1e9) : 0), 2),
      durationNs: Float64Array.from({ length: size }, () => random(1e6)),
      status: Uint8Array.from({ length: size }, () => (random(3) === 0 ? STATUS_ERROR : 0)),
      kind: new Uint8Array(size),
      name: of(() => names[random(2)]),
      flags: new Uint32Array(size),
      resource: new Uint32Array(size),
      resources: [{ service: 0, attributeStart: 0, attributeEnd: 0 }],
      strings,
    },
    rows: {
      row: of((row) => row),
      place: of(() => random(3)),
      recorded: new Map(
        Array.from({ length: size }, (_, row): [number, CodeRecord[]] => [
          row,
          Array.from({ length: random(3) }, (_, i) => record(i)),
        ]).filter(([, records]) => records.length > 0 && random(3) === 0),
      ),
    },
  };
}

function indexOf(parts: readonly Part[]): CodeIndex {
  const index = new CodeIndex();
  for (const { source, rows } of parts) index.add(source, rows);
  return index;
}

const groups = [[0], [1, 2], [2, 1, 0]];
const errorsOf = (index: CodeIndex): number[] => groups.map((group) => finish(index.measure(group)).errors);

it('are the same while calls come and go as of all of them at once', () => {
  const parts = Array.from({ length: 12 }, (_, number) => part(number));
  const index = new CodeIndex();
  const numbers: number[] = [];
  let here: Part[] = [];
  for (const [i, one] of parts.entries()) {
    numbers.push(index.add(one.source, one.rows));
    here.push(one);
    if (i % 4 === 3) {
      // The oldest leave.
      finish(index.removing(new Map([[numbers[i - 3], undefined]])));
      here = here.filter((other) => other !== parts[i - 3]);
    }
    const anew = indexOf(here);
    expect(errorsOf(index)).toEqual(errorsOf(anew));
    expect([index.failedCount, index.recordCount]).toEqual([anew.failedCount, anew.recordCount]);
  }
  // Not simply the calls that failed.
  for (const group of groups) {
    const { errors, failed } = finish(index.measure(group));
    expect(errors).toBeGreaterThan(10);
    expect(errors).not.toBe(failed);
  }
});

it('are right where calls come while they are counted, and where two ask at once', () => {
  const index = new CodeIndex();
  const parts = Array.from({ length: 8 }, (_, number) => part(number));
  const last = part(8);
  const group = [0, 1, 2];
  const [first, ...others] = parts;
  index.add(first.source, first.rows);
  finish(index.measure(group));
  for (const { source, rows } of others) index.add(source, rows);
  const slow = index.measure(group);
  expect(slow.next().done).toBe(false);
  const meanwhile = finish(index.measure(group)).errors;
  expect(meanwhile).toBe(finish(indexOf(parts).measure(group)).errors);
  index.add(last.source, last.rows);
  finish(slow);
  expect(finish(index.measure(group)).errors).toBe(finish(indexOf([...parts, last]).measure(group)).errors);
});
