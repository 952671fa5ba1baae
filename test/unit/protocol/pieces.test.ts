import { describe, expect, it } from 'vitest';
import { Joiner, piecesOf, split } from '../../../src/protocol/pieces';

const buffer = (length: number, seed: number): ArrayBuffer =>
  Uint8Array.from({ length }, (_, index) => (index * 7 + seed) & 255).buffer;

/** Sends a message as a port does, and gives what arrives. */
function through(joiner: Joiner, message: unknown, firstNumber: number, lost = -1): unknown[] {
  const whole = split(message, firstNumber, 16);
  const sent: unknown[] = whole.buffers.flatMap((each, index) => [...piecesOf(each, firstNumber + index, 16)]);
  sent.push(whole.message);
  return sent.filter((_, index) => index !== lost).map((each) => joiner.receive(structuredClone(each)));
}

describe('pieces', () => {
  it('bring large buffers over whole, wherever they stand', () => {
    const message = {
      type: 'call',
      params: { a: buffer(100, 1), groups: { start: buffer(17, 2), rows: buffer(4, 3) }, names: ['x'] },
    };
    const arrived = through(new Joiner(), message, 5);
    expect(arrived.slice(0, -1).every((each) => each === undefined)).toBe(true);
    expect(arrived.at(-1)).toEqual(message);
  });

  it('leave a message without large buffers as it is', () => {
    const message = { type: 'event', small: buffer(16, 1), list: [buffer(100, 2)], none: undefined };
    const { message: sent, buffers } = split(message, 0, 16);
    expect(sent).toBe(message);
    expect(buffers).toEqual([]);
    expect(new Joiner().receive(message)).toBe(message);
  });

  it('belong to one message each', () => {
    const joiner = new Joiner();
    const first = { type: 'call', bytes: buffer(40, 1) };
    const second = { type: 'call', bytes: buffer(50, 9) };
    expect(through(joiner, first, 0).at(-1)).toEqual(first);
    expect(through(joiner, second, 1).at(-1)).toEqual(second);
  });

  it('that were lost take their message with them, and no other', () => {
    const joiner = new Joiner();
    expect(through(joiner, { type: 'call', bytes: buffer(40, 1) }, 0, 1).every((each) => each === undefined)).toBe(true);
    const next = { type: 'call', bytes: buffer(40, 2) };
    expect(through(joiner, next, 1).at(-1)).toEqual(next);
  });
});
