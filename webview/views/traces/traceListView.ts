/**
 * The traces of a file with many: a table that sorts, filters and opens. Only the rows in view are in the document, so that a file of
 * ten thousand traces lists at once.
 */

import { formatCount, formatNumber } from '../../../src/core/text/formatText';
import type { ListedTrace, TraceList } from '../../../src/protocol/view';
import { type TextInput, textInput } from '../../elements/controls';
import { button, element, setAttribute, setText } from '../../elements/dom';
import { icon } from '../../elements/icons';
import { Scroller } from '../../elements/scrollbar';
import type { Command } from '../commands';
import type { View, ViewFrame } from '../view';
import { ListRow } from './row';
import { type Column, columns, filterTraces, type SortOrder, sortTraces } from './sort';

const ROW_PX = 22;

export interface TraceListOptions {
  readonly open: (traceId: string, beside: boolean) => void;
  readonly requestFrame: () => void;
  /** Sizes are read, if any may have changed. */
  readonly readSizes: () => void;
}

export class TraceListView implements View {
  readonly body: HTMLElement;
  readonly frame: ViewFrame;
  readonly commands: readonly Command[];
  private readonly heading = element('h1', { class: 'root-name' });
  private readonly meta = element('span', { class: 'meta' });
  private readonly filter: TextInput;
  private readonly head = element('div', { class: 'list-head', role: 'row', attributes: { 'aria-rowindex': '1' } });
  private readonly rowsBody = element('div', { class: 'list-body', role: 'rowgroup' });
  private readonly grid: HTMLElement;
  private readonly status = element('div', { class: 'footer', role: 'status' });
  private readonly scroller: Scroller;
  private readonly rows = new Map<number, ListRow>();
  private readonly free: ListRow[] = [];
  private list: TraceList | undefined;
  private listed: readonly ListedTrace[] = [];
  private order: SortOrder = { column: 'start', descending: true };
  private selected = 0;
  /** CSS pixels of the rows in sight. */
  private height = 0;

  constructor(private readonly own: TraceListOptions) {
    this.filter = textInput({
      label: 'Filter traces by name, service or id',
      placeholder: 'Filter traces',
      input: () => this.refresh(),
      key: (event) => {
        if (event.key !== 'ArrowDown' && event.key !== 'Enter') return;
        event.preventDefault();
        this.focusRow();
      },
    });
    this.scroller = new Scroller(own.requestFrame);
    this.grid = element(
      'div',
      { class: 'list-grid', role: 'grid', attributes: { 'aria-label': 'Traces' } },
      element('div', { role: 'rowgroup' }, this.head),
      this.rowsBody,
    );
    this.body = element('div', { class: 'list' }, this.grid, this.scroller.root);
    this.frame = {
      title: element('div', { class: 'title-text' }, this.heading, this.meta),
      tools: element('div', { class: 'find' }, this.filter.root),
      status: this.status,
    };
    this.commands = this.makeCommands();
    this.rowsBody.addEventListener('click', (event) => this.press(event));
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

  takesKeys(target: HTMLElement): boolean {
    return this.rowsBody.contains(target);
  }

  measure(): void {
    this.height = this.rowsBody.clientHeight;
  }

  focus(): void {
    this.rows.get(this.selected)?.root.focus({ preventScroll: true });
  }

  private focusRow(): void {
    this.own.readSizes();
    this.render();
    this.focus();
  }

  private refresh(): void {
    const all = this.list?.traces ?? [];
    const kept = this.listed[this.selected]?.traceId;
    this.listed = sortTraces(filterTraces(all, this.filter.value), this.order);
    const again = this.listed.findIndex((trace) => trace.traceId === kept);
    this.selected = Math.max(0, again);
    this.writeHead();
    const hidden = all.length - this.listed.length;
    const defects = this.list?.defects ?? [];
    this.status.replaceChildren(
      element('span', {}, `${formatNumber(this.listed.length)} of ${formatCount(all.length, 'trace')}`),
      ...(hidden > 0 ? [element('span', { class: 'spaced' }, `${formatNumber(hidden)} hidden by the filter`)] : []),
      ...defects.map((defect) => element('span', { class: 'spaced warning-text', title: defect.message }, defect.message)),
    );
    this.grid.setAttribute('aria-rowcount', String(this.listed.length + 1));
    for (const [index, row] of this.rows) this.release(index, row);
    this.own.requestFrame();
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

  render(): void {
    const { height } = this;
    this.scroller.resize(height, this.listed.length * ROW_PX);
    const first = Math.max(0, Math.floor(this.scroller.top / ROW_PX));
    const end = Math.min(this.listed.length, Math.ceil((this.scroller.top + height) / ROW_PX));
    for (const [index, row] of this.rows)
      if ((index < first || index >= end) && index !== this.selected) this.release(index, row);
    for (let index = first; index < end; index++) this.place(index, index * ROW_PX - this.scroller.top);
    if (this.selected < this.listed.length && (this.selected < first || this.selected >= end))
      this.place(this.selected, -2 * ROW_PX);
  }

  private place(index: number, top: number): void {
    let row = this.rows.get(index);
    if (!row) {
      row = this.free.pop();
      if (!row) {
        row = new ListRow();
        this.rowsBody.append(row.root);
      }
      row.write(this.listed[index], index);
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
      this.render();
      this.own.open(this.listed[index].traceId, event.ctrlKey || event.metaKey);
    }
  }

  private makeCommands(): readonly Command[] {
    const page = (): number => Math.max(1, Math.floor(this.height / ROW_PX) - 1);
    const to = (index: () => number) => () => this.select(index());
    return [
      { id: 'nextRow', group: 'Move', keys: ['ArrowDown'], keyLabel: '↓', text: 'next trace', run: to(() => this.selected + 1) },
      {
        id: 'previousRow',
        group: 'Move',
        keys: ['ArrowUp'],
        keyLabel: '↑',
        text: 'previous trace',
        run: to(() => this.selected - 1),
      },
      {
        id: 'pageDown',
        group: 'Move',
        keys: ['PageDown'],
        keyLabel: 'PageDown',
        text: 'one page down',
        run: to(() => this.selected + page()),
      },
      {
        id: 'pageUp',
        group: 'Move',
        keys: ['PageUp'],
        keyLabel: 'PageUp',
        text: 'one page up',
        run: to(() => this.selected - page()),
      },
      { id: 'firstRow', group: 'Move', keys: ['Home'], keyLabel: 'Home', text: 'first trace', run: to(() => 0) },
      { id: 'lastRow', group: 'Move', keys: ['End'], keyLabel: 'End', text: 'last trace', run: to(() => this.listed.length - 1) },
      {
        id: 'open',
        group: 'Move',
        keys: ['Enter', 'Mod+Enter'],
        keyLabel: 'Enter',
        text: 'open the trace (with Ctrl: beside)',
        run: (event) => {
          const trace = this.listed[this.selected];
          if (trace) this.own.open(trace.traceId, event !== undefined && (event.ctrlKey || event.metaKey));
        },
      },
      {
        id: 'find',
        group: 'Find',
        keys: ['Mod+f'],
        keyLabel: 'Ctrl+F',
        text: 'filter',
        everywhere: true,
        run: () => this.filter.focus(),
      },
    ];
  }

  private select(index: number): void {
    this.selected = Math.min(Math.max(0, index), Math.max(0, this.listed.length - 1));
    const top = this.selected * ROW_PX;
    if (top < this.scroller.top) this.scroller.scrollTo(top);
    else if (top + ROW_PX > this.scroller.top + this.height) this.scroller.scrollTo(top + ROW_PX - this.height);
    this.focusRow();
  }
}
