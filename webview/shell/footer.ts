/** The footer: what the trace waited for, what is shown of it, what is wrong with it, whether it still grows. */

import type { Defect } from '../../src/core/model/table';
import { formatCount, formatDuration, formatNumber } from '../../src/core/text/formatText';
import { button, element } from '../elements/dom';
import { icon } from '../elements/icons';
import { refresh } from '../elements/refresh';
import type { TraceModel } from '../trace/model';
import { steadyNs } from '../trace/running';
import type { ViewModel } from '../trace/state';
import { heldNs } from '../trace/withoutStops';
import { LiveBar, type Stillness } from './liveBar';
import { MarksBar } from './marksBar';

export interface FooterActions {
  readonly toggleCritical: () => void;
  readonly toggleClock: () => void;
  readonly toggleStops: () => void;
  readonly togglePause: () => void;
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
  private readonly live: LiveBar;
  private readonly marks: MarksBar;
  private key: unknown[] = [];
  private traceId = '';
  /** Key of the fact that opened the panel. */
  private openedBy = '';

  constructor(private readonly actions: FooterActions) {
    this.marks = new MarksBar(actions.nextMark);
    this.live = new LiveBar(actions.togglePause);
    const keys = button(
      { class: 'icon-button narrow-hidden', title: 'Keys (?)', attributes: { 'aria-label': 'Keys' }, press: actions.showKeys },
      icon('help'),
    );
    this.root.append(this.facts, this.marks.root, this.live.root, keys, this.panel);
    this.panel.addEventListener('keydown', (event) => {
      if (event.key !== 'Escape') return;
      event.stopPropagation();
      this.closePanel();
    });
  }

  update(view: ViewModel, still: Stillness): void {
    this.marks.update(view);
    this.live.update(view, still);
    const key = [view.rows, view.rawClock, view.criticalPath, view.trace, stopsKey(view)];
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
    const stops = this.stopsFact(view);
    if (stops) parts.push(stops, element('span', { class: 'dot', attributes: { 'aria-hidden': 'true' } }, '·'));
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
  }

  /** How long a debugger held the programs; a press shows the trace without that. */
  private stopsFact(view: ViewModel): HTMLElement | undefined {
    const whole = view.trace.base ?? view.trace;
    if (whole.snapshot.stops.length === 0) return undefined;
    const length = formatDuration(steadyOf(whole, heldNs(whole)));
    const { withoutStops } = view;
    const times = formatCount(whole.snapshot.stops.length, 'time');
    return button(
      {
        class: withoutStops ? 'fact warning' : 'fact plain stops',
        title: withoutStops
          ? `Durations are without the ${length} for which a debugger held the programs. Show them with it (b)`
          : `Hatched: a debugger held the programs, ${times}. Show durations without it (b)`,
        attributes: {
          'aria-pressed': String(withoutStops),
          'aria-label': withoutStops ? `Without ${length} stopped` : `Stopped ${length}. Show durations without it`,
          'data-key': 'stops',
        },
        press: this.actions.toggleStops,
      },
      element('span', { class: 'stops-sign', attributes: { 'aria-hidden': 'true' } }),
      element('span', { class: 'narrow-hidden' }, withoutStops ? 'Without ' : 'Stopped '),
      length,
      ...(withoutStops ? [element('span', { class: 'narrow-hidden' }, ' stopped')] : []),
    );
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

/** While a program is held, its time grows. */
function isHeldNow({ snapshot }: TraceModel): boolean {
  return snapshot.stops.some(({ endNs }) => endNs === undefined);
}

function steadyOf(trace: TraceModel, ns: number): number {
  return isHeldNow(trace) ? steadyNs(ns) : ns;
}

function stopsKey({ trace }: ViewModel): number {
  const whole = trace.base ?? trace;
  return isHeldNow(whole) ? Math.floor(whole.grownMs / 500) : 0;
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
