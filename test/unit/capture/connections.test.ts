// Which connection gives way, by a clock of the test.
import { beforeEach, describe, expect, it } from 'vitest';
import { Connections } from '../../../src/capture/listen/connections';

interface Named {
  readonly name: string;
}

let now = 0;
let closed: string[];
let connections: Connections<Named>;
const sockets = new Map<string, Named>();
const socket = (name: string): Named => {
  const known = sockets.get(name) ?? { name };
  sockets.set(name, known);
  return known;
};
const at = (ms: number, work: () => void): void => {
  now = ms;
  work();
};

beforeEach(() => {
  now = 0;
  closed = [];
  connections = new Connections<Named>(
    3,
    ({ name }) => closed.push(name),
    () => now,
  );
});

describe('when there are too many connections', () => {
  it('lets the new one in, and ends the one that was silent longest', () => {
    at(0, () => connections.opened(socket('never used')));
    at(10, () => connections.opened(socket('promises')));
    at(20, () => connections.opened(socket('sends')));
    at(5_000, () => connections.heard(socket('sends')));
    at(5_001, () => connections.opened(socket('new')));
    expect(closed).toEqual(['never used']);
    at(5_002, () => connections.opened(socket('newer')));
    expect(closed).toEqual(['never used', 'promises']);
    expect(connections.count).toBe(3);
  });

  it('keeps one whose request is being answered, however long that takes', () => {
    at(0, () => connections.opened(socket('answered')));
    at(1, () => connections.answering(socket('answered'), true));
    at(2, () => connections.opened(socket('b')));
    at(3, () => connections.opened(socket('c')));
    at(90_000, () => connections.opened(socket('d')));
    expect(closed).toEqual(['b']);
    at(90_001, () => connections.answering(socket('answered'), false));
    at(90_002, () => connections.opened(socket('e')));
    expect(closed).toEqual(['b', 'c']);
  });

  it('lets all in where all are being answered', () => {
    for (const name of ['a', 'b', 'c']) {
      connections.opened(socket(name));
      connections.answering(socket(name), true);
    }
    connections.opened(socket('d'));
    expect(closed).toEqual([]);
    expect(connections.count).toBe(4);
  });

  it('forgets those that went by themselves', () => {
    for (const name of ['a', 'b', 'c']) connections.opened(socket(name));
    connections.closed(socket('b'));
    connections.closed(socket('b'));
    connections.opened(socket('d'));
    expect(closed).toEqual([]);
    connections.heard(socket('b'));
    connections.answering(socket('b'), true);
    expect(connections.count).toBe(3);
  });
});

describe('when there is no room for a body', () => {
  it('takes it from who holds some and has not sent for a while, and from nobody who sends', () => {
    const holding = new Set(['stalled', 'sends']);
    const giveWay = (): boolean => connections.giveWay(({ name }) => holding.has(name), 500);
    at(0, () => connections.opened(socket('idle')));
    at(0, () => connections.opened(socket('stalled')));
    at(0, () => connections.opened(socket('sends')));
    at(400, () => connections.heard(socket('sends')));
    at(499, () => expect(giveWay()).toBe(false));
    at(500, () => expect(giveWay()).toBe(true));
    expect(closed).toEqual(['stalled']);
    expect(giveWay()).toBe(false);
  });

  it('takes it from who sends a byte now and then', () => {
    at(0, () => connections.opened(socket('crawls')));
    at(0, () => connections.opened(socket('slow')));
    for (let ms = 100; ms <= 1_000; ms += 100) {
      at(ms, () => connections.sent(socket('crawls'), 1));
      at(ms, () => connections.sent(socket('slow'), 4 << 10));
    }
    expect(connections.giveWay(() => true, 500)).toBe(true);
    expect(connections.giveWay(() => true, 500)).toBe(false);
    expect(closed).toEqual(['crawls']);
  });
});
