// What waits to be sent is bounded, each piece can be read by itself, and what is left out is counted.

import { beforeEach, expect, it } from 'vitest';
import { GatheredSpans } from '../../../src/capture/stream/gatheredSpans';
import { ProtoWriter } from '../../../src/core/format/proto/writer';
import { FrameReader } from '../../../src/core/spanStream/frameReader';
import type { SpansContext } from '../../../src/instrument/node/handOver/contextFrames';
import { WaitingFrames } from '../../../src/instrument/node/handOver/waitingFrames';
import { decodedSpans } from '../../support/plainSpans';

const contextOf = (id: number): SpansContext => ({ id, payload: Uint8Array.from([0, id, 0, 0, 0, 0]) });
const [first, second] = [contextOf(1), contextOf(2)];

let frames: WaitingFrames;
beforeEach(() => {
  frames = new WaitingFrames(200_000);
});

function add(name: string, context = first, ended = true): void {
  const writer = new ProtoWriter();
  writer.text((5 << 3) | 2, name);
  frames.span(writer, context, ended);
  expect(writer.length).toBe(0);
}

/** What an editor reads of a new connection. */
class Editor {
  private readonly reader = new FrameReader();
  private readonly gathered = new GatheredSpans();
  lost = 0;

  /** Takes what is to be sent, in calls of `size` bytes, `most` of them. */
  take(size = 1e9, most = Number.POSITIVE_INFINITY): void {
    for (let calls = 0; calls < most; calls++) {
      const piece = frames.first;
      if (!piece) return;
      const length = Math.min(size, piece.length - piece.sent);
      for (const frame of this.reader.take(Uint8Array.from(piece.bytes.subarray(piece.sent, piece.sent + length)))) {
        this.lost += this.gathered.add(frame);
      }
      frames.sent(piece, length);
    }
  }

  get names(): string[] {
    return decodedSpans(this.gathered.take()).map(({ name }) => name);
  }
}

it('gives all of it in pieces of any size', () => {
  for (let i = 0; i < 2_000; i++) add(`span ${i}`, i % 2 ? first : second);
  const editor = new Editor();
  editor.take(77);
  expect([frames.bytes, editor.lost]).toEqual([0, 0]);
  const { names } = editor;
  expect(new Set(names)).toEqual(new Set(Array.from({ length: 2_000 }, (_, i) => `span ${i}`)));
  expect(names).toHaveLength(2_000);
});

it('gives once more to another editor what it sent of late, and what is new', () => {
  add('a');
  add('b', second);
  new Editor().take();
  add('c', second);
  new Editor().take(5, 1);
  frames.rewind();
  const editor = new Editor();
  editor.take();
  expect(editor.names.sort()).toEqual(['a', 'b', 'c']);
  expect(frames.bytes).toBe(0);
});

it('leaves the oldest out when it is full, not what is half sent, and tells how many spans that ended', () => {
  add('half');
  new Editor().take(5, 1);
  for (let i = 0; i < 10_000; i++) add(`${i}${'x'.repeat(100)}`, first, i % 2 === 0);
  expect(frames.bytes).toBeLessThanOrEqual(200_000 + (1 << 16));
  frames.rewind();
  const editor = new Editor();
  editor.take();
  const names = editor.names.map((name) => name.replace(/x+/, ''));
  expect(names[0]).toBe('half');
  expect(names.at(-1)).toBe('9999');
  const ended = names.filter((name) => name !== 'half' && Number(name) % 2 === 0);
  expect(editor.lost).toBe(5_000 - ended.length);
});

it('keeps little of what was sent', () => {
  const editor = new Editor();
  for (let i = 0; i < 12_000; i++) {
    add(`${i}${'x'.repeat(100)}`);
    editor.take();
  }
  frames.rewind();
  expect(frames.bytes).toBeLessThan(700_000);
});

it('takes a span that is longer than a piece', () => {
  add('x'.repeat(100_000));
  add('after');
  const editor = new Editor();
  editor.take(1_000);
  expect(editor.names.map(({ length }) => length)).toEqual([100_000, 5]);
});

it('tells of a span that could not be read', () => {
  frames.lose();
  const editor = new Editor();
  editor.take();
  expect([editor.lost, frames.first]).toEqual([1, undefined]);
});

it('forgets all where nobody wants it', () => {
  add('a');
  frames.lose();
  frames.clear();
  expect([frames.first, frames.bytes]).toEqual([undefined, 0]);
});
