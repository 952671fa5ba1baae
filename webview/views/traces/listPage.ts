/**
 * The traces of a file with many: a table that sorts, filters and opens. Only the rows in view are in the document, so that a file of
 * ten thousand traces lists at once.
 */

import { formatCount, formatNumber } from '../../../src/core/text/formatText';
import type { ListedTrace, TraceList } from '../../../src/protocol/view';
import { type TextInput, textInput } from '../../elements/controls';
import { button, element, setAttribute, setText } from '../../elements/dom';
import { FrameLoop } from '../../elements/frameLoop';
import { icon } from '../../elements/icons';
import { Scroller } from '../../elements/scrollbar';
import { ListRow } from './row';
import { type Column, columns, filterTraces, type SortOrder, sortTraces } from './sort';

const ROW_PX = 22;

export class TraceListPage {
  readonly root: HTMLElement;
  private readonly heading = element('h1', { class: 'root-name' });
  private readonly meta = element('span', { class: 'meta' });
  private readonly filter: TextInput;
  private readonly head = element('div', { class: 'list-head', role: 'row', attributes: { 'aria-rowindex': '1' } });
  private readonly body = element('div', { class: 'list-body', role: 'rowgroup' });
  private readonly grid: HTMLElement;
  private readonly status = element('div', { class: 'footer', role: 'status' });
  private readonly scroller: Scroller;
  private readonly loop = new FrameLoop(() => this.render());
  private readonly rows = new Map<number, ListRow>();
  private readonly free: ListRow[] = [];
  private list: TraceList | undefined;
  private shown: readonly ListedTrace[] = [];
  private order: SortOrder = { column: 'start', descending: true };
  private selected = 0;

  constructor(private readonly open: (traceId: string, beside: boolean) => void) {
    this.filter = textInput({
      label: 'Filter traces by name, service or id',
      placeholder: 'Filter traces',
      input: () => this.refresh(),
      key: (event) => {
        if (event.key !== 'ArrowDown' && event.key !== 'Enter') return;
        event.preventDefault();
        this.focus();
      },
    });
    this.scroller = new Scroller(this.loop.request);
    this.grid = element(
      'div',
      { class: 'list-grid', role: 'grid', attributes: { 'aria-label': 'Traces' } },
      element('div', { role: 'rowgroup' }, this.head),
      this.body,
    );
    this.root = element(
      'div',
      { class: 'trace-list' },
      element(
        'header',
        { class: 'title-line' },
        element('div', { class: 'title-text' }, this.heading, this.meta),
        element('div', { class: 'find' }, this.filter.root),
      ),
      element('div', { class: 'list' }, this.grid, this.scroller.root),
      this.status,
    );
    this.body.addEventListener('click', (event) => this.press(event));
    this.body.addEventListener('keydown', (event) => this.key(event));
    this.grid.addEventListener(
      'wheel',
      (event) => {
        event.preventDefault();
        this.scroller.scrollTo(
          this.scroller.top + (event.deltaMode === WheelEvent.DOM_DELTA_LINE ? event.deltaY * ROW_PX : event.deltaY),
        );
      },
      { passive: false },
    );
    new ResizeObserver(this.loop.request).observe(this.body);
  }

  show(list: TraceList): void {
    const same = this.list?.title === list.title;
    this.list = list;
    setText(this.heading, list.title);
    const traces = formatCount(list.traces.length, 'trace');
    setText(this.meta, `${list.format} · ${traces} · ${formatCount(list.spanCount, 'span')}`);
    if (!same) {
      this.selected = 0;
      this.scroller.top = 0;
      this.filter.value = '';
    }
    this.refresh();
  }

  focus(): void {
    this.loop.flush();
    this.rows.get(this.selected)?.root.focus({ preventScroll: true });
  }

  focusFilter(): void {
    this.filter.focus();
  }

  private refresh(): void {
    const all = this.list?.traces ?? [];
    const kept = this.shown[this.selected]?.traceId;
    this.shown = sortTraces(filterTraces(all, this.filter.value), this.order);
    const again = this.shown.findIndex((trace) => trace.traceId === kept);
    this.selected = Math.max(0, again);
    this.writeHead();
    const hidden = all.length - this.shown.length;
    const defects = this.list?.defects ?? [];
    this.status.replaceChildren(
      element('span', {}, `${formatNumber(this.shown.length)} of ${formatCount(all.length, 'trace')}`),
      ...(hidden > 0 ? [element('span', { class: 'spaced' }, `${formatNumber(hidden)} hidden by the filter`)] : []),
      ...defects.map((defect) => element('span', { class: 'spaced warning-text', title: defect.message }, defect.message)),
    );
    this.grid.setAttribute('aria-rowcount', String(this.shown.length + 1));
    for (const [index, row] of this.rows) this.release(index, row);
    this.loop.request();
  }

  private writeHead(): void {
    const focused = document.activeElement instanceof HTMLElement ? document.activeElement.dataset.column : undefined;
    this.head.replaceChildren(
      ...columns.map((column) => {
        const sorted = this.order.column === column.id;
        const sort = button(
          { class: 'column-button', press: () => this.sortBy(column) },
          column.title,
          sorted && icon(this.order.descending ? 'arrowDown' : 'arrowUp'),
        );
        sort.dataset.column = column.id;
        return element(
          'div',
          {
            class: `column column-${column.id}`,
            role: 'columnheader',
            attributes: { 'aria-sort': sorted ? (this.order.descending ? 'descending' : 'ascending') : 'none' },
          },
          sort,
        );
      }),
    );
    if (focused) this.head.querySelector<HTMLElement>(`[data-column="${focused}"]`)?.focus();
  }

  private sortBy(column: Column): void {
    this.order = {
      column: column.id,
      descending: this.order.column === column.id ? !this.order.descending : column.descendingFirst,
    };
    this.refresh();
  }

  private render(): void {
    const height = this.body.clientHeight;
    this.scroller.resize(height, this.shown.length * ROW_PX);
    const first = Math.max(0, Math.floor(this.scroller.top / ROW_PX));
    const end = Math.min(this.shown.length, Math.ceil((this.scroller.top + height) / ROW_PX));
    for (const [index, row] of this.rows)
      if ((index < first || index >= end) && index !== this.selected) this.release(index, row);
    for (let index = first; index < end; index++) this.place(index, index * ROW_PX - this.scroller.top);
    if (this.selected < this.shown.length && (this.selected < first || this.selected >= end))
      this.place(this.selected, -2 * ROW_PX);
  }

  private place(index: number, top: number): void {
    let row = this.rows.get(index);
    if (!row) {
      row = this.free.pop();
      if (!row) {
        row = new ListRow();
        this.body.append(row.root);
      }
      row.write(this.shown[index], index);
      row.root.hidden = false;
      this.rows.set(index, row);
    }
    row.root.style.transform = `translateY(${top}px)`;
    const selected = index === this.selected;
    row.root.tabIndex = selected ? 0 : -1;
    row.root.classList.toggle('selected', selected);
    setAttribute(row.root, 'aria-selected', String(selected));
  }

  private release(index: number, row: ListRow): void {
    this.rows.delete(index);
    row.root.hidden = true;
    row.root.tabIndex = -1;
    row.root.classList.remove('selected');
    this.free.push(row);
  }

  private press(event: MouseEvent): void {
    const target = event.target instanceof Element ? event.target.closest('.row') : null;
    for (const [index, row] of this.rows) {
      if (row.root !== target) continue;
      this.selected = index;
      this.loop.flush();
      this.open(this.shown[index].traceId, event.ctrlKey || event.metaKey);
    }
  }

  private key(event: KeyboardEvent): void {
    const page = Math.max(1, Math.floor(this.body.clientHeight / ROW_PX) - 1);
    const moves: Readonly<Record<string, number>> = {
      ArrowDown: this.selected + 1,
      ArrowUp: this.selected - 1,
      PageDown: this.selected + page,
      PageUp: this.selected - page,
      Home: 0,
      End: this.shown.length - 1,
    };
    const next = moves[event.key];
    if (event.key === 'Enter') {
      const trace = this.shown[this.selected];
      if (trace) this.open(trace.traceId, event.ctrlKey || event.metaKey);
    } else if (next !== undefined && !event.altKey) {
      this.selected = Math.min(Math.max(0, next), this.shown.length - 1);
      const top = this.selected * ROW_PX;
      if (top < this.scroller.top) this.scroller.scrollTo(top);
      else if (top + ROW_PX > this.scroller.top + this.body.clientHeight)
        this.scroller.scrollTo(top + ROW_PX - this.body.clientHeight);
      this.focus();
    } else return;
    event.preventDefault();
    event.stopPropagation();
  }
}
