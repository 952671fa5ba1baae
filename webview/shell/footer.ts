/** The footer: what the trace waited for, what is shown of it, what is wrong with it, whether it still grows. */

import type { Defect } from '../../src/core/model/table';
import { formatCount, formatDuration, formatNumber } from '../../src/core/text/formatText';
import { button, element, setText } from '../elements/dom';
import { icon } from '../elements/icons';
import { refresh } from '../elements/refresh';
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
  private traceId = '';
  /** Key of the fact that opened the panel. */
  private openedBy = '';

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
              'data-key': 'critical',
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
          ? button(
              {
                class: 'fact warning spaced',
                title: 'Show all rows again',
                attributes: { 'data-key': 'hidden' },
                press: this.actions.clearFilter,
              },
              text,
            )
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
            attributes: { 'aria-pressed': String(!view.rawClock), 'data-key': 'clock' },
            press: this.actions.toggleClock,
          },
          clock,
        ),
      );
    }
    // What is not here is no defect of what is.
    const missing = snapshot.defects.filter(({ kind }) => kind === 'capped');
    const defects = snapshot.defects.reduce((sum, { kind, count }) => sum + (kind === 'capped' ? 0 : count), 0);
    if (this.traceId !== trace.key.traceId || (missing.length === 0 && defects === 0)) this.panel.hidden = true;
    this.traceId = trace.key.traceId;
    const addToggle = (id: string, text: string, title?: string): void => {
      const isOpen = !this.panel.hidden && this.openedBy === id;
      const options = {
        class: 'fact warning spaced',
        ...(title === undefined ? {} : { title }),
        attributes: { 'aria-expanded': String(isOpen), 'aria-haspopup': 'dialog', 'data-key': id },
        press: () => this.togglePanel(snapshot.defects, id),
      };
      parts.push(button(options, text));
    };
    if (missing.length > 0) addToggle('missing', 'Incomplete', missing.map(({ message }) => message).join(' '));
    if (defects > 0) addToggle('defects', formatCount(defects, 'defect'));
    refresh(this.facts, ...parts);
    if (!this.panel.hidden) refresh(this.panel, ...this.panelContent(snapshot.defects));
    setText(this.live, liveText(view));
  }

  private togglePanel(defects: readonly Defect[], id: string): void {
    if (!this.panel.hidden) {
      this.closePanel();
      return;
    }
    this.openedBy = id;
    this.panel.replaceChildren(...this.panelContent(defects));
    this.panel.hidden = false;
    this.opener?.setAttribute('aria-expanded', 'true');
    this.panel.querySelector('button')?.focus();
  }

  private panelContent(defects: readonly Defect[]): Node[] {
    const close = button(
      {
        class: 'icon-button',
        title: 'Close',
        attributes: { 'aria-label': 'Close', 'data-key': 'close' },
        press: () => this.closePanel(),
      },
      icon('close'),
    );
    const list = element('ul', {});
    for (const { message, kind, spanIds } of defects) {
      const first = spanIds?.[0];
      const go =
        first !== undefined &&
        button({ class: 'link', attributes: { 'data-key': kind }, press: () => this.actions.goToSpanId(first) }, 'show');
      list.append(element('li', {}, element('span', {}, message), go));
    }
    return [element('div', { class: 'defects-title' }, element('strong', {}, 'What is wrong with this trace'), close), list];
  }

  private closePanel(): void {
    this.panel.hidden = true;
    this.opener?.setAttribute('aria-expanded', 'false');
    this.opener?.focus();
  }

  private get opener(): HTMLElement | null {
    return this.facts.querySelector<HTMLElement>(`[data-key="${this.openedBy}"]`);
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
