/** One trace of the list. */

import {
  formatCount,
  formatDuration,
  formatLocalTime,
  formatNumber,
  formatUtcTime,
  speakDuration,
} from '../../../src/core/text/formatText';
import { shownName } from '../../../src/core/text/visibleText';
import type { ListedTrace } from '../../../src/protocol/view';
import { element, setAttribute, setText, setTitle } from '../../elements/dom';
import { icon } from '../../elements/icons';

export class ListRow {
  readonly root: HTMLElement;
  private readonly errorIcon = element('span', { class: 'error-icon' }, icon('error'));
  private readonly name = element('bdi', { class: 'name' });
  private readonly service = cell('service');
  private readonly duration = cell('duration');
  private readonly spans = cell('spans');
  private readonly errors = cell('errors');
  private readonly start = cell('start');

  constructor() {
    const name = element('div', { class: 'column column-name', role: 'gridcell' }, this.errorIcon, this.name);
    this.root = element(
      'div',
      { class: 'row', role: 'row', tabIndex: -1 },
      name,
      this.service,
      this.duration,
      this.spans,
      this.errors,
      this.start,
    );
  }

  write(trace: ListedTrace, index: number): void {
    const startNs = BigInt(trace.startUnixNano);
    const name = shownName(trace.rootName) || 'Root span missing';
    this.root.classList.toggle('error', trace.errorCount > 0);
    this.name.classList.toggle('missing', trace.rootName === '');
    setText(this.name, name);
    setText(this.service, trace.rootService || trace.services[0] || '');
    const isKnown = startNs > 0n || trace.durationNs > 0;
    setText(this.duration, isKnown ? formatDuration(trace.durationNs) : '–');
    setText(this.spans, formatNumber(trace.spanCount));
    setText(this.errors, trace.errorCount > 0 ? formatNumber(trace.errorCount) : '');
    setText(this.start, formatLocalTime(startNs));
    setTitle(this.start, formatUtcTime(startNs));
    this.root.setAttribute('aria-rowindex', String(index + 2));
    const length = isKnown ? speakDuration(trace.durationNs) : 'times not known';
    const parts = [name, trace.rootService, formatCount(trace.spanCount, 'span'), length];
    if (trace.errorCount > 0) parts.push(formatCount(trace.errorCount, 'error'));
    setAttribute(this.root, 'aria-label', parts.filter((part) => part !== '').join(', '));
  }
}

function cell(column: string): HTMLElement {
  return element('div', { class: `column column-${column}`, role: 'gridcell' });
}
