/**
 * The legend: which colour is which service, how many spans each has and what share of the time. A press on one dims the others, until it is pressed
 * again; with Ctrl or Shift one more stands out. Figures are the engine's, and asked for while the legend is open.
 */

import { Latest } from '../../src/base/latest';
import { formatCount, formatDuration, formatShare } from '../../src/core/text/formatText';
import { shownName } from '../../src/core/text/visibleText';
import type { ServiceShare } from '../../src/protocol/view';
import { button, element, setText } from '../elements/dom';
import { icon } from '../elements/icons';
import { refresh } from '../elements/refresh';
import type { Host } from '../host';
import type { TraceModel } from '../trace/model';
import type { ViewModel } from '../trace/state';
import type { TraceStore } from '../trace/traceStore';

/** More services than this are found by a part of their names. */
const FILTER_ABOVE = 12;

export interface LegendOptions {
  readonly host: Pick<Host, 'call'>;
  readonly store: TraceStore;
  /** The keyboard goes back to the view. */
  readonly focusView: () => void;
  readonly report: (error: unknown) => void;
}

export class Legend {
  readonly root = element('div', { class: 'legend', role: 'dialog', hidden: true, attributes: { 'aria-label': 'Services' } });
  private readonly heading = element('strong', {});
  private readonly all: HTMLButtonElement;
  private readonly filter = element('input', {
    class: 'attribute-filter',
    type: 'search',
    attributes: { placeholder: 'Filter', 'aria-label': 'Filter services', spellcheck: 'false' },
  });
  private readonly list = element('div', { class: 'legend-list', role: 'group', attributes: { 'aria-label': 'Services' } });
  private readonly asking = new Latest();
  private shares: readonly ServiceShare[] = [];
  private of: TraceModel | undefined;
  private shownKey: unknown[] = [];

  constructor(private readonly own: LegendOptions) {
    this.all = button({ class: 'link', hidden: true, press: () => this.light([]) }, 'show all alike');
    const label = 'Close (Esc)';
    const close = button(
      { class: 'icon-button', title: label, attributes: { 'aria-label': label }, press: () => this.close() },
      icon('close'),
    );
    this.root.append(element('div', { class: 'legend-title' }, this.heading, this.all, close), this.filter, this.list);
    this.filter.addEventListener('input', () => this.show());
    this.root.addEventListener('keydown', (event) => this.press(event));
    own.store.onWillLeave((where) => {
      if (where === 'another') this.hide();
    });
  }

  get isOpen(): boolean {
    return !this.root.hidden;
  }

  toggle(): void {
    if (this.isOpen) this.close();
    else {
      this.root.hidden = false;
      this.filter.value = '';
      this.update();
      this.focusFirst();
    }
  }

  /** False when it was not open. */
  close(): boolean {
    if (!this.isOpen) return false;
    this.hide();
    this.own.focusView();
    return true;
  }

  /** Follows the trace while it is open. */
  update(): void {
    const { view } = this.own.store;
    if (!this.isOpen || !view) return;
    if (this.of !== view.trace) {
      this.of = view.trace;
      void this.ask(view);
    }
    if (this.shownKey[0] !== view.trace || this.shownKey[1] !== view.lit) this.show();
  }

  private hide(): void {
    this.asking.cancel();
    this.root.hidden = true;
    this.of = undefined;
  }

  private async ask({ trace }: ViewModel): Promise<void> {
    const { host, report } = this.own;
    try {
      const { services } = await this.asking.run((signal) => host.call('services', { trace: trace.key }, { signal }));
      this.shares = services;
      const hadNone = !this.list.contains(document.activeElement) && document.activeElement !== this.filter;
      this.show();
      if (hadNone && this.isOpen && this.root.contains(document.activeElement)) this.focusFirst();
    } catch (error) {
      report(error);
    }
  }

  private focusFirst(): void {
    (this.list.querySelector<HTMLElement>('button') ?? this.root.querySelector<HTMLElement>('.icon-button'))?.focus();
  }

  private show(): void {
    const { view } = this.own.store;
    if (!view) return;
    this.shownKey = [view.trace, view.lit];
    const { services } = view.trace.snapshot;
    setText(this.heading, formatCount(services.length, 'service'));
    this.all.hidden = view.lit.names.length === 0;
    this.filter.hidden = services.length <= FILTER_ABOVE;
    const wanted = this.filter.value.trim().toLowerCase();
    const known = new Map(this.shares.map((share) => [share.name, share]));
    const totalNs = this.shares.reduce((sum, { selfNs }) => sum + selfNs, 0);
    const order = services
      .map((name, index) => ({ name, index, share: known.get(name) }))
      .filter(({ name }) => name.toLowerCase().includes(wanted))
      .sort((a, b) => (b.share?.selfNs ?? 0) - (a.share?.selfNs ?? 0));
    const rows = order.map(({ name, index, share }) => this.row(view, name, index, share, totalNs));
    refresh(this.list, ...(rows.length > 0 ? rows : [element('div', { class: 'nothing' }, 'No service contains this text.')]));
  }

  private row(view: ViewModel, name: string, index: number, share: ServiceShare | undefined, totalNs: number): HTMLElement {
    const { trace, lit } = view;
    const stripe = element('span', { class: 'stripe' });
    stripe.style.background = `var(--service-${trace.colourOf[index]})`;
    const isLit = lit.names.includes(name);
    const part = share && totalNs > 0 ? formatShare(share.selfNs / totalNs) : '';
    const row = button(
      {
        class: lit.names.length > 0 && !isLit ? 'legend-row dim' : 'legend-row',
        title: share ? `${formatDuration(share.selfNs)} of its own: without the time of the spans below` : undefined,
        attributes: { 'aria-pressed': String(isLit) },
        press: (event) => this.choose(name, event.ctrlKey || event.metaKey || event.shiftKey),
      },
      stripe,
      element('bdi', { class: 'legend-name' }, shownName(name) || '(no service)'),
      share && share.errors > 0 && element('span', { class: 'error-text' }, formatCount(share.errors, 'error')),
      element('span', { class: 'legend-count' }, share ? formatCount(share.spans, 'span') : ''),
      element('span', { class: 'legend-share' }, part),
    );
    return row;
  }

  private choose(name: string, oneMore: boolean): void {
    const names = this.own.store.view?.lit.names ?? [];
    const isLit = names.includes(name);
    if (oneMore) this.light(isLit ? names.filter((each) => each !== name) : [...names, name]);
    else this.light(isLit && names.length === 1 ? [] : [name]);
  }

  private light(names: readonly string[]): void {
    this.own.store.setLit(names);
    this.show();
  }

  private press(event: KeyboardEvent): void {
    const rows = [...this.list.querySelectorAll<HTMLElement>('button')];
    const at = rows.findIndex((row) => row === document.activeElement);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: rows.length - 1 }[event.key];
    if (event.key === 'Escape') this.close();
    else if (to === undefined || (event.target === this.filter && event.key !== 'ArrowDown')) {
      // A letter here is no command of the view.
      if (!event.ctrlKey && !event.metaKey && !event.altKey) event.stopPropagation();
      return;
    } else rows[Math.min(Math.max(to, 0), rows.length - 1)]?.focus();
    event.preventDefault();
    event.stopPropagation();
  }
}
