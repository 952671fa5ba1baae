/** The part of the footer that tells of the spans at the cursor, with buttons from one to the next. Not made anew: a button may have the focus. */

import { formatCount, formatNumber } from '../../src/core/text/formatText';
import { visibleText } from '../../src/core/text/visibleText';
import { button, element, setText } from '../elements/dom';
import { icon } from '../elements/icons';
import { positionIn } from '../trace/navigate';
import type { ViewModel } from '../trace/state';

export class MarksBar {
  readonly root = element('div', { class: 'code-marks', hidden: true });
  private readonly count = element('span', {});
  private readonly label = element('bdi', {});
  private readonly position = element('span', { class: 'mark-position' });

  constructor(next: (backwards: boolean) => void) {
    const named = (label: string, glyph: SVGSVGElement, backwards: boolean): HTMLButtonElement =>
      button({ class: 'icon-button', title: label, attributes: { 'aria-label': label }, press: () => next(backwards) }, glyph);
    this.root.append(
      element('span', { class: 'cursor-sign', attributes: { 'aria-hidden': 'true' } }),
      element(
        'span',
        { class: 'mark-text' },
        this.count,
        element('span', { class: 'narrow-hidden' }, ' of ', this.label),
        ' at the cursor',
      ),
      this.position,
      named('Previous span at the cursor (Shift+M)', icon('arrowUp'), true),
      named('Next span at the cursor (m)', icon('arrowDown'), false),
    );
  }

  update({ marks, selected }: ViewModel): void {
    const { spans, label } = marks;
    const none = spans.length === 0;
    if (this.root.hidden !== none) this.root.hidden = none;
    if (none) return;
    setText(this.count, formatCount(spans.length, 'span'));
    setText(this.label, visibleText(label));
    const at = positionIn(spans, selected >= 0 ? selected : -1);
    setText(this.position, at > 0 ? `${formatNumber(at)} of ${formatNumber(spans.length)}` : '');
  }
}
