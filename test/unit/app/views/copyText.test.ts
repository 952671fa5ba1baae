/** Copying a text that the page has the beginning of: all of it, after a question where it is very long, never a part without a word. */

import { beforeEach, describe, expect, it } from 'vitest';
import { pageMethods } from '../../../../src/app/views/pageMethods';
import type { ViewContext } from '../../../../src/app/views/viewContext';
import { FakeStage, FakeWorld, TRACE } from './support/fakeView';

const PIECE = 1 << 20;
let done: string[];
let length: number;
let answer: string | undefined;
let copy: () => Promise<void>;

beforeEach(() => {
  done = [];
  answer = undefined;
  const world = new FakeWorld();
  const call = async (_: string, { from }: { from: number }) => ({
    text: 'x'.repeat(Math.min(PIECE, length - from)),
    length,
    shape: 'plain',
  });
  let work: Promise<unknown> = Promise.resolve();
  const context: ViewContext = {
    ...world.context,
    engine: { ...world.context.engine, call: call as never },
    problems: {
      ...world.context.problems,
      guard: async (run) => {
        const running = Promise.resolve(run());
        work = running;
        return running;
      },
    },
    actions: {
      ...world.context.actions,
      copy: async (text, what) => void done.push(`${what}: ${text.length}`),
      ask: async (question, _, ...buttons) => {
        done.push(`${question} ${buttons.join(', ')}`);
        return buttons.find((button) => button === answer);
      },
      openText: async (_, name) => void done.push(`open ${name}`),
    },
  };
  const content = { type: 'nothing' } as never;
  const session = {
    stage: new FakeStage(),
    subject: content,
    content,
    dataset: undefined,
    load: async () => {},
    showTrace: () => {},
    cancel: () => {},
    setPaused: async () => {},
  };
  const methods = pageMethods(session, context, () => {});
  const trace = { dataset: 'local', traceId: TRACE, revision: 1 };
  copy = async () => {
    const what = 'Value of body';
    methods.copyText({ trace, spanId: '1', address: { of: 'status' }, what }, undefined as never);
    await work;
  };
});

describe('copying a long text', () => {
  it('copies all of it', async () => {
    length = 3 * PIECE + 5;
    await copy();
    expect(done).toEqual([`Value of body: ${length}`]);
  });

  it('asks first where it is very long, and copies nothing without an answer', async () => {
    length = 5 * PIECE;
    await copy();
    expect(done).toEqual(['Value of body has 5,242,880 characters. Copy all of them? Copy, Open in Editor']);
    answer = 'Copy';
    await copy();
    expect(done.at(-1)).toBe(`Value of body: ${length}`);
  });

  it('says that the clipboard is no place for more, and opens it instead', async () => {
    length = 65 * PIECE;
    answer = 'Open in Editor';
    await copy();
    expect(done).toEqual([
      'Value of body has 68,157,440 characters. That is too much for the clipboard. Open in Editor',
      'open Value of body',
    ]);
  });
});
