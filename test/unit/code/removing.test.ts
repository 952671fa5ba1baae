// What left memory is taken out of the index of code in steps: nobody else waits while it is a million spans of one function.
import { expect, it } from 'vitest';
import { finish } from '../../../src/base/steps';
import { CodeIndex, type CodeSource } from '../../../src/code';
import { STATUS_ERROR } from '../../../src/core/model/batch';
import { StringTable } from '../../../src/core/model/strings';

const size = 200_000;

/** Of the same times, in another trace each time. */
function spans(trace: number): CodeSource {
  return {
    traceId: new Uint32Array(size * 4).fill(trace),
    spanId: new Uint32Array(size * 2),
    start: Uint32Array.from({ length: size * 2 }, (_, i) => i),
    durationNs: Float64Array.from({ length: size }, (_, i) => i),
    status: new Uint8Array(size).fill(STATUS_ERROR),
    kind: new Uint8Array(size),
    name: new Uint32Array(size),
    parentSpanId: new Uint32Array(size * 2),
    flags: new Uint32Array(size),
    resource: new Uint32Array(size),
    resources: [],
    strings: new StringTable(),
  };
}

it('a place is as it was until all of its spans were looked at', () => {
  const index = new CodeIndex();
  const rows = { row: Uint32Array.from({ length: size }, (_, i) => i), place: new Uint32Array(size) };
  const sources = Array.from({ length: 5 }, (_, i) => index.add(spans(i), rows));
  const before = finish(index.measure([0]));
  expect(before.calls).toBe(5 * size);
  const removing = index.removing(new Map([[sources[0], undefined]]));
  let steps = 0;
  while (!removing.next().done) if (steps++ < 10) expect(finish(index.measure([0]))).toBe(before);
  expect(steps).toBeGreaterThan(50);
  expect(finish(index.measure([0])).calls).toBe(4 * size);
  expect(index.count).toBe(4 * size);
  finish(index.removing(new Map(sources.slice(1).map((source) => [source, undefined]))));
  expect(finish(index.measure([0])).calls).toBe(0);
});
