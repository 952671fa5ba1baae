// What is said of the spans that traces lack, by capture: one is read back or deleted, and what is said of the others stays.
import { expect, it } from 'vitest';
import { MissingSpans } from '../../../src/engine/store/missingSpans';
import { NONE } from '../../../src/engine/store/none';

it('forgets what is missing of one capture alone, wherever that stands', () => {
  for (const gone of [1, 2, 3]) {
    const missing = new MissingSpans();
    let list = NONE;
    for (const capture of [1, 2, 3]) list = missing.add(list, capture, capture * 10);
    list = missing.add(list, 2, 5);
    expect(missing.sum(list)).toBe(65);
    const before = missing.copy(list);
    list = missing.without(list, gone);
    expect([1, 2, 3].filter((capture) => missing.has(list, capture))).toEqual([1, 2, 3].filter((capture) => capture !== gone));
    expect(missing.sum(list)).toBe(65 - (gone === 2 ? 25 : gone * 10));
    // A copy is a list of its own, and so is what takes the place of what was given back.
    expect(missing.sum(before)).toBe(65);
    const other = missing.add(NONE, 9, 1);
    expect([missing.sum(other), missing.sum(before)]).toEqual([1, 65]);
    // What is not there is not forgotten.
    expect(missing.without(list, 7)).toBe(list);
    missing.release(before);
    expect(missing.sum(list)).toBe(65 - (gone === 2 ? 25 : gone * 10));
  }
});

it('agrees with maps, whatever is added, copied, forgotten and released', () => {
  let seed = 5;
  const pick = (below: number): number => {
    seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
    return (seed >>> 8) % below;
  };
  const missing = new MissingSpans();
  const lists = Array.from({ length: 20 }, () => ({ list: NONE, known: new Map<number, number>() }));
  for (let step = 0; step < 5_000; step++) {
    const one = lists[pick(lists.length)];
    const capture = pick(5);
    switch (pick(8)) {
      case 0:
        one.list = missing.without(one.list, capture);
        one.known.delete(capture);
        break;
      case 1: {
        const other = lists[pick(lists.length)];
        if (other === one) break;
        missing.release(one.list);
        one.list = missing.copy(other.list);
        one.known = new Map(other.known);
        break;
      }
      default: {
        const spans = 1 + pick(100);
        one.list = missing.add(one.list, capture, spans);
        one.known.set(capture, (one.known.get(capture) ?? 0) + spans);
      }
    }
    expect(missing.sum(one.list)).toBe([...one.known.values()].reduce((sum, spans) => sum + spans, 0));
  }
  for (const { list, known } of lists)
    expect([0, 1, 2, 3, 4].filter((capture) => missing.has(list, capture))).toEqual([...known.keys()].sort());
});
