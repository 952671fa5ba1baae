// What comes over a port is not always what was sent: cut short, twice, in another order, for somebody else, or of numbers that none is.
import { describe, expect, it } from 'vitest';
import { Slices } from '../../../src/base/slices';
import { applyIdChanges } from '../../../src/protocol/idChanges';
import { unpacked } from '../../../src/protocol/packedAnswers';
import { widen } from '../../../src/protocol/packing';
import { Joiner, piecesOf, split } from '../../../src/protocol/pieces';
import { type RecordPiece, RecordReader, RecordWriter } from '../../../src/protocol/records';
import { Connection, type Port } from '../../../src/protocol/rpc';
import { failure } from '../../support/inProcessEngine';

const buffer = (length: number): ArrayBuffer => Uint8Array.from({ length }, (_, i) => i + 1).buffer;

describe('pieces of a buffer', () => {
  const sent = () => {
    const { message, buffers } = split({ type: 'call', bytes: buffer(50) }, 3, 16);
    return { message, pieces: [...piecesOf(buffers[0], 3, 16)], whole: { type: 'call', bytes: buffer(50) } };
  };
  const arrived = (all: readonly unknown[]): unknown => {
    const joiner = new Joiner();
    return all.map((one) => joiner.receive(structuredClone(one))).at(-1);
  };

  it('are whole in any order, and when one comes twice', () => {
    const { message, pieces, whole } = sent();
    expect(arrived([...pieces].reverse().concat())).toBeUndefined();
    expect(arrived([...[...pieces].reverse(), message])).toEqual(whole);
    expect(arrived([...pieces, pieces[1], message])).toEqual(whole);
    expect(arrived([pieces[0], ...pieces, ...pieces, message])).toEqual(whole);
  });

  it.each<[string, (pieces: ReturnType<typeof sent>['pieces']) => readonly unknown[]]>([
    ['one is missing', (pieces) => pieces.slice(1)],
    ['one is there twice in place of another', ([a, , ...more]) => [a, a, ...more]],
    ['one is of another place', ([a, ...more]) => [{ ...a, at: 8 }, ...more]],
    ['one is before the beginning', ([a, ...more]) => [{ ...a, at: -16 }, ...more]],
    ['one is nowhere', ([a, ...more]) => [{ ...a, at: Number.NaN }, ...more]],
    ['one is far behind', ([a, ...more]) => [{ ...a, at: 2 ** 52 }, ...more]],
    ['one has no bytes', ([a, ...more]) => [{ ...a, bytes: 'text' }, ...more]],
    ['one is too many', (pieces) => [...pieces, { ...pieces[0], at: 50 }]],
  ])('are no buffer where %s', (_, change) => {
    const { message, pieces } = sent();
    expect(arrived([...change(pieces), message])).toBeUndefined();
  });

  it.each([-1, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 40, 0, 49, 51])('are no buffer of %d bytes', (byteLength) => {
    const { pieces } = sent();
    expect(arrived([...pieces, { type: 'call', bytes: { sentBuffer: 3, byteLength } }])).toBeUndefined();
  });

  it('of messages that were lost are not kept, nor do they harm those that follow', () => {
    const joiner = new Joiner();
    const { message, pieces, whole } = sent();
    // Of buffers whose messages never come.
    for (const lost of [0, 1, 2]) for (const piece of pieces) joiner.receive({ ...piece, buffer: lost });
    for (const piece of pieces) joiner.receive(structuredClone(piece));
    expect(joiner.receive(structuredClone(message))).toEqual(whole);
    // They are forgotten: a message of one of them has nothing any more.
    const late = { type: 'call', bytes: { sentBuffer: 2, byteLength: 50 } };
    joiner.receive({ ...pieces[0], buffer: 9 });
    expect(joiner.receive(late)).toBeUndefined();
    expect(joiner.receive({ type: 'event' })).toEqual({ type: 'event' });
  });
});

describe('changes of ids', () => {
  const before = Uint32Array.of(1, 2, 3, 4, 5, 6);
  const changes = (runs: readonly number[], words: readonly number[] = []) => ({
    since: 1,
    runs: Uint32Array.from(runs).buffer,
    words: Uint32Array.from(words).buffer,
  });
  const most = 0xffffffff;

  it.each<[string, readonly number[], readonly number[], number]>([
    ['a row that is not there', [4, 1], [], 1],
    ['more rows than there are', [2, 3], [], 3],
    ['rows beyond all numbers', [most, most], [], most],
    ['more new ids than came', [0, 2], [1, 2], 2],
    ['more rows than the trace has', [1, 3], [], 2],
    ['fewer rows than the trace has', [1, 2], [], 3],
    ['half a run', [1, 3, 2], [], 3],
    ['half an id', [0, 1], [1], 1],
    ['rows of which there are none', [0, most], [], most],
    ['no rows for a negative number', [], [], -1],
    ['no rows for no number', [], [], Number.NaN],
    ['no rows for infinitely many', [], [], Number.POSITIVE_INFINITY],
    ['the same rows without end', Array.from({ length: 2000 }, (_, i) => (i % 2 === 0 ? 1 : 3)), [], most],
  ])('that name %s are none', (_, runs, words, count) => {
    expect(applyIdChanges(before, changes(runs, words), count)).toBeUndefined();
  });

  it('of bytes that are no numbers are none', () => {
    expect(applyIdChanges(before, { since: 1, runs: new ArrayBuffer(7), words: new ArrayBuffer(0) }, 1)).toBeUndefined();
    expect(applyIdChanges(before, { since: 1, runs: new ArrayBuffer(0), words: new ArrayBuffer(3) }, 0)).toBeUndefined();
    expect(applyIdChanges(before, changes([]), 0)).toEqual(new Uint32Array(0));
  });
});

describe('a narrowed column', () => {
  it.each([
    [6, 4],
    [3, 4],
    [1, 2],
    [32, 4],
    [0, 5],
  ])('of %i bytes is none of %i numbers', (bytes, count) => {
    expect(() => widen(new ArrayBuffer(bytes), count)).toThrow(RangeError);
  });
});

describe('records', () => {
  const piece = (): RecordPiece => {
    const writer = new RecordWriter();
    writer.begin();
    const shared = { service: 'shop', list: [1, -5, 2.5, 'x', 7n, true, undefined], bytes: Uint8Array.of(1, 2, 3) };
    for (let i = 0; i < 3; i++) {
      writer.word('größer');
      writer.text('text');
      writer.map({ a: 'b', deep: { deeper: ['y'] } });
      writer.sharedMap(shared);
      writer.list([1, 2, 3], (one) => writer.whole(one));
    }
    return writer.finish();
  };
  const read = (from: RecordPiece): void => {
    const reader = new RecordReader(from);
    for (let i = 0; i < 3; i++) {
      reader.word();
      reader.text();
      reader.map();
      reader.sharedMap();
      reader.list(() => reader.whole());
    }
  };

  it('that are cut short are an error, wherever they end, at once', () => {
    const whole = piece();
    expect(() => read(whole)).not.toThrow();
    for (let length = 0; length < whole.numbers.byteLength; length++)
      expect(() => read({ ...whole, numbers: whole.numbers.slice(0, length) }), `${length}`).toThrow();
    for (let length = 0; length < whole.texts.byteLength; length++)
      expect(() => read({ ...whole, texts: whole.texts.slice(0, length) }), `${length}`).toThrow();
  });

  it('that have other bytes end, and take no more memory than they have bytes', () => {
    const whole = piece();
    for (let at = 0; at < whole.numbers.byteLength; at++) {
      for (const byte of [0, 1, 8, 9, 10, 127, 128, 255]) {
        const numbers = whole.numbers.slice(0);
        new Uint8Array(numbers)[at] = byte;
        try {
          read({ ...whole, numbers });
        } catch (error) {
          expect(error).toBeInstanceOf(Error);
        }
      }
    }
    // A number that goes on for ever.
    const endless: RecordPiece = { count: 1, numbers: new Uint8Array(1 << 16).fill(255).buffer, texts: new ArrayBuffer(0) };
    expect(() => new RecordReader(endless).whole()).toThrow();
  });

  it('of an answer that are not whole are an error of the answer', async () => {
    const answer = { packed: 'traces', traces: [{ ...piece(), count: 1e9 }], more: false };
    expect(await failure(unpacked<unknown>(answer, new Slices()))).toMatch(/^BadData: |^RangeError/);
  });
});

describe('a connection', () => {
  interface Methods {
    add(params: { a: number }): number;
  }
  interface Events {
    said: string;
  }
  const connected = () => {
    const posted: unknown[] = [];
    const heard: unknown[] = [];
    const unexpected: unknown[] = [];
    let say: (message: unknown) => void = () => {};
    const port: Port = {
      post: (message) => void posted.push(message),
      listen: (listener) => {
        say = listener;
        return () => {};
      },
    };
    const connection = new Connection<Methods, Methods, Events>(
      port,
      { add: ({ a }) => a + 1 },
      {
        said: (text) => {
          heard.push(text);
          if (text === 'throw') throw new Error('A listener threw.');
        },
      },
      (error) => unexpected.push(error),
    );
    return { connection, posted, heard, unexpected, say: (message: unknown) => say(message) };
  };
  const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

  it.each<[string, unknown]>([
    ['nothing', undefined],
    ['a number', 5],
    ['a type that is none', { type: 'other', id: 1 }],
    ['a type that is no text', { type: 5 }],
    ['a call without a name', { type: 'call', id: 8 }],
    ['a call of what objects have', { type: 'call', id: 8, method: '__proto__', params: {} }],
    ['a call without parameters', { type: 'call', id: 8, method: 'add' }],
    ['a call without a number', { type: 'call', method: 'add', params: { a: 1 } }],
    ['an answer to nobody', { type: 'result', id: 99, result: 1 }],
    ['an answer without a number', { type: 'result' }],
    ['an error to nobody', { type: 'error', id: 99 }],
    ['progress of nothing', { type: 'progress', id: 99 }],
    ['a cancellation of nothing', { type: 'cancel', id: Number.NaN }],
    ['an event that is none', { type: 'event', name: 'toString', event: 1 }],
    ['an event of what objects have', { type: 'event', name: '__defineGetter__', event: 1 }],
    ['an event without a name', { type: 'event' }],
    ['an event whose listener throws', { type: 'event', name: 'said', event: 'throw' }],
  ])('goes on after %s', async (_, message) => {
    const { connection, posted, heard, say } = connected();
    const asked = connection.call('add', { a: 1 });
    await turn();
    expect(() => say(message)).not.toThrow();
    await turn();
    say({ type: 'event', name: 'said', event: 'after' });
    say({ type: 'call', id: 5, method: 'add', params: { a: 4 } });
    say({ type: 'result', id: 1, result: 2 });
    await turn();
    expect(await asked).toBe(2);
    expect(heard.at(-1)).toBe('after');
    expect(posted).toContainEqual({ type: 'result', id: 5, result: 5 });
    connection.dispose();
  });

  it('tells of a listener that throws', () => {
    const { say, unexpected } = connected();
    say({ type: 'event', name: 'said', event: 'throw' });
    expect(unexpected).toEqual([new Error('A listener threw.')]);
  });

  it.each([undefined, null, 'broken', {}, { kind: 'Strange', message: 'x' }, { kind: 'NotFound' }])(
    'has an error for its caller where the far side sends none: %j',
    async (error) => {
      const { connection, say } = connected();
      const asked = failure(connection.call('add', { a: 1 }));
      say({ type: 'error', id: 1, error });
      expect(await asked).toMatch(/^BadData: /);
    },
  );

  it('takes the first of two answers, and none after its end', async () => {
    const { connection, heard, posted, say } = connected();
    const first = connection.call('add', { a: 1 });
    say({ type: 'result', id: 1, result: 2 });
    say({ type: 'error', id: 1, error: { kind: 'NotFound', message: 'late' } });
    expect(await first).toBe(2);
    const second = failure(connection.call('add', { a: 1 }));
    await turn();
    connection.dispose();
    connection.dispose();
    posted.splice(0);
    // A port may have messages under way when it is left.
    say({ type: 'result', id: 2, result: 3 });
    say({ type: 'event', name: 'said', event: 'late' });
    say({ type: 'call', id: 1, method: 'add', params: { a: 1 } });
    await turn();
    expect([await second, heard, posted]).toEqual(['Cancelled: The connection is closed.', [], []]);
  });

  it('cancels each of two calls that have one number', async () => {
    let say: (message: unknown) => void = () => {};
    const ended: number[] = [];
    let count = 0;
    new Connection<Methods, Methods>(
      {
        post: () => {},
        listen: (listener) => {
          say = listener;
          return () => {};
        },
      },
      {
        add: (_, { signal }) => {
          const number = ++count;
          return number === 1 ? 0 : new Promise<number>(() => signal.addEventListener('abort', () => ended.push(number)));
        },
      },
    );
    say({ type: 'call', id: 1, method: 'add', params: { a: 1 } });
    say({ type: 'call', id: 1, method: 'add', params: { a: 1 } });
    await turn();
    // The first is over, and took nothing of the second along.
    say({ type: 'cancel', id: 1 });
    expect(ended).toEqual([2]);
  });
});
