import { afterEach, describe, expect, it } from 'vitest';
import { Emitter } from '../../../src/base/emitter';
import { setUnexpectedErrorHandler } from '../../../src/base/unexpected';

const unexpected: unknown[] = [];
setUnexpectedErrorHandler((error) => unexpected.push(error));
afterEach(() => unexpected.splice(0));

describe('an emitter', () => {
  it('tells all listeners in their order, though one throws, and tells of that one', () => {
    const emitter = new Emitter<number>();
    const told: string[] = [];
    emitter.event((n) => told.push(`a${n}`));
    emitter.event(() => {
      throw new Error('broken');
    });
    emitter.event((n) => told.push(`c${n}`));
    emitter.fire(1);
    expect(told).toEqual(['a1', 'c1']);
    expect(unexpected).toEqual([new Error('broken')]);
  });

  it('does not call who left while it was telling, nor who came', () => {
    const emitter = new Emitter<void>();
    const told: string[] = [];
    emitter.event(() => {
      told.push('first');
      second.dispose();
      emitter.event(() => told.push('late'));
    });
    const second = emitter.event(() => told.push('second'));
    emitter.fire();
    expect(told).toEqual(['first']);
  });

  it('calls one function twice that came twice, and once when it left once', () => {
    const emitter = new Emitter<void>();
    let calls = 0;
    const listener = (): unknown => calls++;
    const first = emitter.event(listener);
    emitter.event(listener);
    emitter.fire();
    first.dispose();
    first.dispose();
    emitter.fire();
    expect(calls).toBe(3);
  });

  it('takes `this` and a list for the subscription, as that of VS Code does', () => {
    const emitter = new Emitter<number>();
    const owner = {
      sum: 0,
      add(n: number): void {
        this.sum += n;
      },
    };
    const subscriptions: { dispose(): void }[] = [];
    emitter.event(owner.add, owner, subscriptions);
    emitter.fire(2);
    for (const one of subscriptions) one.dispose();
    emitter.fire(3);
    expect(owner.sum).toBe(2);
  });

  it('is silent once disposed', () => {
    const emitter = new Emitter<void>();
    let calls = 0;
    emitter.event(() => calls++);
    emitter.dispose();
    emitter.event(() => calls++);
    emitter.fire();
    expect(calls).toBe(0);
  });
});
