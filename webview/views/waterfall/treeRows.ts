/**
 * The rows of the tree as DOM: one element for each row in view, taken from a pool and written anew only when it shows something else.
 * The element of the row that has the keyboard stays, even out of view, so that focus is never lost by scrolling.
 */

import type { ViewModel } from '../../trace/state';
import { INDENT_PX, type RowStyle, TreeRow } from './treeRow';

export interface TreeInput extends RowStyle {
  readonly view: ViewModel;
  readonly firstRow: number;
  readonly endRow: number;
  readonly scrollTop: number;
  readonly rowHeight: number;
  readonly selectedRow: number;
  readonly hoverRow: number;
  readonly sourceLabel: (span: number) => string | undefined;
  /** Undefined while ids are on their way. */
  readonly spanId: (span: number) => string | undefined;
}

/** What a name, its chevron and stripe need at least; deeper levels scroll the indent. */
const TEXT_PX = 190;
/** What a duration takes of a narrow row. */
const DURATION_PX = 60;

export class TreeRows {
  /** By row index. */
  private readonly used = new Map<number, TreeRow>();
  /** Longest unused first: rows that were folded and come back find the elements that still show them. */
  private readonly free: TreeRow[] = [];
  private readonly stale: number[] = [];

  constructor(private readonly body: HTMLElement) {}

  /** The element of a row, when it is there. */
  elementOf(row: number): HTMLElement | undefined {
    return this.used.get(row)?.root;
  }

  update(input: TreeInput): void {
    const { firstRow, endRow, selectedRow, view } = input;
    this.stale.length = 0;
    for (const row of this.used.keys()) if ((row < firstRow || row >= endRow) && row !== selectedRow) this.stale.push(row);
    for (const row of this.stale) this.release(row);
    const indentShift = this.indentShift(input);
    for (let row = firstRow; row < endRow; row++) this.place(row, input, indentShift);
    if (selectedRow >= 0 && selectedRow < view.rows.count && (selectedRow < firstRow || selectedRow >= endRow)) {
      this.place(selectedRow, input, indentShift);
    }
  }

  /** Levels to leave out at the left, so that the deepest row in view has room for its name. */
  private indentShift(input: TreeInput): number {
    const { rows } = input.view;
    let deepest = 0;
    for (let row = input.firstRow; row < input.endRow; row++) deepest = Math.max(deepest, rows.levelAt(row));
    const textPx = input.narrow ? TEXT_PX + DURATION_PX : TEXT_PX;
    const room = Math.max(3, Math.floor((input.treeWidth - textPx) / INDENT_PX));
    return Math.max(0, deepest - room);
  }

  private place(row: number, input: TreeInput, indentShift: number): void {
    let element = this.used.get(row);
    if (!element) {
      element = this.free.shift();
      if (!element) {
        element = new TreeRow();
        this.body.append(element.root);
      }
      element.root.hidden = false;
      this.used.set(row, element);
    }
    const selected = row === input.selectedRow;
    const first = input.selectedRow < 0 && row === 0;
    element.write(input.view, row, input, indentShift);
    element.mark(selected, selected || first, row === input.hoverRow);
    const span = input.view.rows.spanAt(row);
    element.setContext(input.spanId(span));
    element.setSource(selected || row === input.hoverRow ? input.sourceLabel(span) : undefined);
    // Far below the visible part for the one that is kept for its focus only.
    const top = row >= input.firstRow && row < input.endRow ? row * input.rowHeight - input.scrollTop : -input.rowHeight * 2;
    element.moveTo(top);
  }

  private release(row: number): void {
    const element = this.used.get(row);
    if (!element) return;
    this.used.delete(row);
    element.root.hidden = true;
    element.mark(false, false, false);
    this.free.push(element);
  }
}
