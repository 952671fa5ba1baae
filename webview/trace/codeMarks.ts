/**
 * Spans of the function that the cursor is in, in some editor: which they are, in the state of the view, and a word to a screen reader.
 * The host says which; what it says of another revision than is shown is of the past.
 */

import { formatCount } from '../../src/core/text/formatText';
import type { PictureKey, ShownMarks } from '../../src/protocol/view';
import type { MarkState, ViewModel } from './state';

/** Somebody who writes code moves the cursor all the time, and wants to hear of it seldom. */
const ANNOUNCE_MS = 10_000;

export interface CodeMarksOptions {
  readonly view: () => ViewModel | undefined;
  readonly changed: () => void;
  readonly announce: (text: string) => void;
}

export class CodeMarks {
  private announced = '';
  private announcedAt = Number.NEGATIVE_INFINITY;

  constructor(private readonly own: CodeMarksOptions) {}

  /** Marks these spans in the trace that is shown, and no others. */
  show(marks: ShownMarks): void {
    const view = this.own.view();
    if (!view) return;
    const spans = new Uint32Array(marks.rows);
    if (spans.length > 0 && !isSamePicture(marks.trace, view.trace.key)) return;
    if (spans.length === 0 && view.marks.spans.length === 0) return;
    view.marks = markState(view, spans, marks.label);
    this.own.changed();
    this.announce(marksText(view.marks));
  }

  private announce(text: string): void {
    const now = performance.now();
    if (text === '' || text === this.announced || now - this.announcedAt < ANNOUNCE_MS) return;
    this.announced = text;
    this.announcedAt = now;
    this.own.announce(text);
  }
}

function isSamePicture(a: PictureKey | undefined, b: PictureKey): boolean {
  return a?.revision === b.revision && a.traceId === b.traceId && a.dataset === b.dataset;
}

/** "12 spans of PricingService.total at the cursor"; empty where there are none. */
export function marksText({ spans, label }: MarkState): string {
  return spans.length === 0 ? '' : `${formatCount(spans.length, 'span')} of ${label} at the cursor`;
}

/** A span that is marked, or a group with such a span in it. */
export function isMarked({ marks }: ViewModel, entry: number): boolean {
  return (entry >= 0 ? marks.isMarked[entry] : marks.groups[~entry]) === 1;
}

function markState({ trace }: ViewModel, spans: Uint32Array, label: string): MarkState {
  const any = spans.length > 0;
  const isMarkedSpan = new Uint8Array(any ? trace.count : 0);
  const groups = new Uint8Array(any ? trace.groups.count : 0);
  const { groupOf } = trace.groups;
  for (const span of spans) {
    isMarkedSpan[span] = 1;
    if (groups.length > 0 && groupOf[span] > 0) groups[groupOf[span] - 1] = 1;
  }
  return { label, spans, isMarked: isMarkedSpan, groups };
}
