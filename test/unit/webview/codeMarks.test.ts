/** Spans of the code at the cursor: what is marked, what is said, and what is of the past. */

import { beforeEach, describe, expect, it, vi } from 'vitest';
import { CodeMarks, isMarked, marksText } from '../../../webview/trace/codeMarks';
import type { ViewModel } from '../../../webview/trace/state';
import { spokenName } from '../../../webview/views/waterfall/treeRow';
import { viewOf } from './support/drawLog';

const queries = Array.from({ length: 12 }, (_, i) => `    query    shop ${10 + i}..${11 + i}`).join('\n');
const text = `
  root       shop 0..100
    a        shop 0..10
${queries}
    b        shop 60..70`;

let view: ViewModel;
let said: string[];
let changes: number;
let marks: CodeMarks;
const show = (rows: number[], label = 'Cart.add', revision = 1): void =>
  marks.show({ trace: { ...view.trace.key, revision }, rows: Uint32Array.from(rows).buffer, label });

beforeEach(() => {
  view = viewOf(text);
  said = [];
  changes = 0;
  marks = new CodeMarks({ view: () => view, changed: () => changes++, announce: (words) => said.push(words) });
});

describe('marks', () => {
  it('are on the spans, and on a group that one of them is in', () => {
    expect(view.trace.groups.count).toBe(1);
    show([1, 3]);
    expect([0, 1, 2, 3, 4].map((span) => isMarked(view, span))).toEqual([false, true, false, true, false]);
    expect(isMarked(view, ~0)).toBe(true);
    show([1]);
    expect(isMarked(view, ~0)).toBe(false);
    expect(isMarked(view, 1)).toBe(true);
  });

  it('are told in words', () => {
    show([1, 3]);
    expect(marksText(view.marks)).toBe('2 spans of Cart.add at the cursor');
    show([1]);
    expect(marksText(view.marks)).toBe('1 span of Cart.add at the cursor');
    expect(spokenName(view, 1, 1, 1, false, [])).toMatch(/level 2, at the cursor$/);
    expect(spokenName(view, 14, 14, 1, false, [])).toMatch(/level 2$/);
  });

  it('go when there are none, and nothing is drawn anew for the same nothing', () => {
    show([1]);
    show([], '', -1);
    expect([isMarked(view, 1), marksText(view.marks), changes]).toEqual([false, '', 2]);
    show([], '', -1);
    expect(changes).toBe(2);
  });

  it('of another revision of the trace change nothing', () => {
    show([1]);
    show([2], 'Cart.drop', 2);
    expect([isMarked(view, 1), isMarked(view, 2)]).toEqual([true, false]);
  });

  it('are announced seldom', () => {
    vi.useFakeTimers({ toFake: ['performance'] });
    try {
      show([1]);
      show([2], 'Cart.drop');
      expect(said).toEqual(['1 span of Cart.add at the cursor']);
      vi.advanceTimersByTime(11_000);
      show([2], 'Cart.drop');
      show([], '');
      expect(said).toEqual(['1 span of Cart.add at the cursor', '1 span of Cart.drop at the cursor']);
    } finally {
      vi.useRealTimers();
    }
  });
});
