import { expect, it } from 'vitest';
import { SlotSet } from '../../../src/engine/store/slotSet';

it('agrees with a Set through additions, removals and clearings, in the order of additions', () => {
  let state = 7;
  const random = (below: number): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
  const slots = new SlotSet();
  const known = new Set<number>();
  for (let step = 0; step < 50_000; step++) {
    const slot = random(5_000);
    if (random(3) > 0) {
      slots.add(slot);
      known.add(slot);
    } else {
      slots.delete(slot);
      known.delete(slot);
    }
    if (step % 9_973 === 0) {
      slots.clear();
      known.clear();
    }
    expect([slots.has(slot), slots.size]).toEqual([known.has(slot), known.size]);
    if (step % 1_000 === 0) expect([...slots.values()].sort((a, b) => a - b)).toEqual([...known].sort((a, b) => a - b));
  }
  expect(new Set(slots.values()).size).toBe(known.size);
});
