/** The footer: what the trace waited for, what is shown of it, what is wrong with it, whether it still grows. */

import type { Defect } from '../../src/core/model/table';
import { formatCount, formatDuration, formatNumber } from '../../src/core/text/formatText';
import { button, element, setText } from '../elements/dom';
import { icon } from '../elements/icons';
import { serviceText } from '../trace/model';
import type { ViewModel } from '../trace/state';
import { MarksBar } from './marksBar';

export interface FooterActions {
  readonly toggleCritical: () => void;
  readonly toggleClock: () => void;
  readonly goToSpanId: (spanId: string) => void;
  readonly showKeys: () => void;
  readonly clearFilter: () => void;
  readonly nextMark: (backwards: boolean) => void;
}

export class Footer {
  readonly root = element('footer', { class: 'footer' });
  private readonly panel = element('div', {
    class: 'defects',
    role: 'dialog',
    hidden: true,
    attributes: { 'aria-label': 'What is wrong with this trace' },
  });
  private readonly facts = element('div', { class: 'footer-facts' });
  private readonly live = element('span', { class: 'live' });
  private readonly marks: MarksBar;
  private key: unknown[] = [];

  constructor(private readonly actions: FooterActions) {
    this.marks = new MarksBar(actions.nextMark);
    const keys = button(
      { class: 'icon-button narrow-hidden', title: 'Keys (?)', attributes: { 'aria-label': 'Keys' }, press: actions.showKeys },
      icon('help'),
    );
    this.root.append(this.facts, this.marks.root, this.live, keys, this.panel);
    this.panel.addEventListener('keydown', (event) => {
      if (event.key !== 'Escape') return;
      event.stopPropagation();
      this.closePanel();
    });
  }

  update(view: ViewModel): void {
    this.marks.update(view);
    const key = [view.rows, view.rawClock, view.criticalPath, view.trace];
    if (key.every((value, index) => value === this.key[index])) return;
    this.key = key;
    const { trace, rows } = view;
    const { snapshot } = trace;
    const parts: Node[] = [];
    if (snapshot.criticalPathNs > 0) {
      parts.push(
        button(
          {
            class: 'fact plain',
            title: 'The lines under bars: what the trace waited for. Show or hide them (c)',
            attributes: {
              'aria-pressed': String(view.criticalPath),
              'aria-label': `Critical path ${formatDuration(snapshot.criticalPathNs)}`,
            },
            press: this.actions.toggleCritical,
          },
          element('span', { class: 'critical-sign', attributes: { 'aria-hidden': 'true' } }),
          element('span', { class: 'narrow-hidden' }, 'Critical path '),
          formatDuration(snapshot.criticalPathNs),
        ),
        element('span', { class: 'dot', attributes: { 'aria-hidden': 'true' } }, '·'),
      );
    }
    // The row of an opened group is no span: with all of them shown it would be one row too many.
    const shown = rows.count - rows.headerCount;
    parts.push(element('span', {}, `${formatNumber(shown)} of ${formatCount(snapshot.count, 'row')}`));
    if (rows.groupedCount > 0)
      parts.push(element('span', { class: 'spaced grouped' }, `${formatNumber(rows.groupedCount)} grouped`));
    const hidden = rows.hiddenCount - rows.groupedCount;
    if (hidden > 0) {
      const filtered = rows.isFiltered;
      const text = `${formatNumber(hidden)} hidden`;
      parts.push(
        filtered
          ? button({ class: 'fact warning spaced', title: 'Show all rows again', press: this.actions.clearFilter }, text)
          : element('span', { class: 'spaced' }, text),
      );
    }
    const clock = clockText(view);
    if (clock) {
      parts.push(
        button(
          {
            class: 'fact warning spaced narrow-hidden',
            title: view.rawClock ? 'Show corrected times' : 'Show times as the data has them',
            attributes: { 'aria-pressed': String(!view.rawClock) },
            press: this.actions.toggleClock,
          },
          clock,
        ),
      );
    }
    // What is not here is no defect of what is.
    const missing = snapshot.defects.filter(({ kind }) => kind === 'capped');
    const defects = snapshot.defects.reduce((sum, { kind, count }) => sum + (kind === 'capped' ? 0 : count), 0);
    const addToggle = (text: string, title?: string): void => {
      const toggle = button(
        {
          class: 'fact warning spaced',
          ...(title === undefined ? {} : { title }),
          attributes: { 'aria-expanded': String(!this.panel.hidden), 'aria-haspopup': 'dialog' },
          press: () => this.togglePanel(snapshot.defects, toggle),
        },
        text,
      );
      parts.push(toggle);
    };
    if (missing.length > 0) addToggle('Incomplete', missing.map(({ message }) => message).join(' '));
    if (defects > 0) addToggle(formatCount(defects, 'defect'));
    this.facts.replaceChildren(...parts);
    setText(this.live, liveText(view));
  }

  private togglePanel(defects: readonly Defect[], opener: HTMLElement): void {
    if (!this.panel.hidden) {
      this.closePanel();
      return;
    }
    const close = button(
      { class: 'icon-button', title: 'Close', attributes: { 'aria-label': 'Close' }, press: () => this.closePanel() },
      icon('close'),
    );
    const list = element('ul', {});
    for (const defect of defects) {
      const first = defect.spanIds?.[0];
      list.append(
        element(
          'li',
          {},
          element('span', {}, defect.message),
          first !== undefined && button({ class: 'link', press: () => this.actions.goToSpanId(first) }, 'show'),
        ),
      );
    }
    this.panel.replaceChildren(
      element('div', { class: 'defects-title' }, element('strong', {}, 'What is wrong with this trace'), close),
      list,
    );
    this.panel.hidden = false;
    opener.setAttribute('aria-expanded', 'true');
    close.focus();
  }

  private closePanel(): void {
    this.panel.hidden = true;
    const opener = this.root.querySelector<HTMLElement>('[aria-haspopup="dialog"]');
    opener?.setAttribute('aria-expanded', 'false');
    opener?.focus();
  }
}

function clockText(view: ViewModel): string | undefined {
  const { corrections } = view.trace.snapshot;
  if (corrections.length === 0) return undefined;
  if (view.rawClock)
    return corrections.length === 1
      ? `clock of ${corrections[0].service} not corrected`
      : `${corrections.length} clocks not corrected`;
  if (corrections.length > 1) return `clocks of ${corrections.length} services corrected`;
  return `clock of ${corrections[0].service} corrected by ${formatDuration(Math.abs(corrections[0].correctionNs))}`;
}

/** "span in progress: mailer, 4 s", "3 spans in progress". */
function liveText(view: ViewModel): string {
  const { trace } = view;
  const running = trace.running.length;
  const first = trace.running[0];
  if (running === 1) return `span in progress: ${serviceText(trace, first)}, ${formatDuration(trace.durationNs[first])}`;
  if (running > 1) return `${formatCount(running, 'span')} in progress`;
  return trace.snapshot.live ? 'live' : '';
}
