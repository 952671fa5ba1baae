/** The range of time that was dragged over the timeline: its length, and "Zoom here". */

import { formatDuration } from '../../../src/core/text/formatText';
import { button, element, setText } from '../../elements/dom';
import type { ViewModel } from '../../trace/state';
import type { RowsPane } from './rowsPane';

const WIDTH_PX = 150;

export function showRange({ overlay, timelineLeft, listWidth, timeline }: RowsPane, view: ViewModel, zoom: () => void): void {
  const { range } = view;
  if (!range) {
    if (!overlay.hidden) overlay.hidden = true;
    return;
  }
  const left = timelineLeft + Math.max(0, (range.startNs - view.view.startNs) * timeline.pxPerNs);
  overlay.style.transform = `translateX(${Math.min(left, listWidth - WIDTH_PX)}px)`;
  if (overlay.childElementCount === 0) {
    overlay.append(element('span', { class: 'range-length' }), button({ class: 'link', press: zoom }, 'Zoom here'));
  }
  const label = overlay.firstElementChild;
  if (label) setText(label, formatDuration(range.endNs - range.startNs));
  overlay.hidden = false;
}
