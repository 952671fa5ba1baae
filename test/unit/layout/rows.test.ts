import { describe, expect, it } from 'vitest';
import { groupSiblings } from '../../../src/core/analysis/groups';
import {
  type FoldState,
  foldAll,
  foldToLevel,
  groupOfRow,
  layoutRows,
  nearestRow,
  newFoldState,
  type RowOptions,
  reveal,
  spanOfRow,
  toggledRows,
} from '../../../src/core/layout/rows';
import { type GroupIndex, indexGroups, siblings, treeFromDepths } from '../../../src/core/layout/tree';
import type { SpanTable } from '../../../src/core/model/table';
import { lines, traceFromText } from '../../support/traceText';

const checkout = `
  POST /checkout    storefront  0..1240
    GET /cart       cart        30..590
      SELECT item   cart        40..62
      SELECT product cart       70..80
      SELECT product cart       81..90
      trace         cart        91..92
      SELECT product cart       100..110
      SELECT product cart       111..120
      SELECT product cart       121..130
      serialize     cart        500..503
    POST /payments  payments    600..900
      charge        payments    610..890
`;

interface View {
  readonly table: SpanTable;
  readonly groups: GroupIndex;
  readonly fold: FoldState;
}

function viewOf(text: string): View {
  const table = traceFromText(text);
  const found = groupSiblings(table);
  const groups = indexGroups(table.count, found.start, found.rows);
  return { table, groups, fold: newFoldState(table, groups) };
}

function draw({ table, groups, fold }: View, options: RowOptions = {}): string {
  const rows = layoutRows(table, groups, fold, options);
  const drawn: string[] = [];
  for (let row = 0; row < rows.count; row++) {
    const group = groupOfRow(rows, row);
    const members = group < 0 ? '' : ` ${groups.start[group + 1] - groups.start[group]}×`;
    const name = table.strings.get(table.name[spanOfRow(rows, groups, row)]);
    drawn.push(`${'  '.repeat(rows.level[row])}${name}${members}${rows.dimmed?.[row] === 1 ? ' (dimmed)' : ''}`);
  }
  const shown = rows.entry.filter((entry) => entry >= 0).length;
  drawn.push(`hidden ${rows.hiddenCount}, grouped ${rows.groupedCount}`);
  if (options.root === undefined) expect(shown + rows.hiddenCount).toBe(table.count);
  return drawn.join('\n');
}

describe('layoutRows', () => {
  it('shows a group as one row, where its first member is', () => {
    expect(draw(viewOf(checkout))).toBe(
      lines(`
        POST /checkout
          GET /cart
            SELECT item
            SELECT product 5×
            trace
            serialize
          POST /payments
            charge
        hidden 5, grouped 5
      `),
    );
  });

  it('shows the members of an opened group below it', () => {
    const view = viewOf(checkout);
    view.fold.openGroups[0] = 1;
    expect(draw(view)).toBe(
      lines(`
        POST /checkout
          GET /cart
            SELECT item
            SELECT product 5×
              SELECT product
              SELECT product
              SELECT product
              SELECT product
              SELECT product
            trace
            serialize
          POST /payments
            charge
        hidden 0, grouped 0
      `),
    );
  });

  it('opens groups within groups', () => {
    const inner = Array.from({ length: 5 }, (_, i) => `    row  a  ${i}..${i + 0.5}`).join('\n');
    const text = `root  a  0..100\n${Array.from({ length: 5 }, () => `  item  a  0..9\n${inner}`).join('\n')}`;
    const view = viewOf(text);
    expect(view.groups.count).toBe(6);
    foldAll(view.table, view.groups, view.fold, false);
    const drawn = draw(view).split('\n');
    expect(drawn.slice(0, 6)).toEqual(['root', '  item 5×', '    item', '      row 5×', '        row', '        row']);
    expect(drawn).toHaveLength(1 + 1 + 5 * (1 + 1 + 5) + 1);
    expect(drawn.at(-1)).toBe('hidden 0, grouped 0');
  });

  it('folds one, to a level, all, and opens all again', () => {
    const view = viewOf(checkout);
    view.fold.collapsed[1] = 1;
    expect(draw(view)).toBe('POST /checkout\n  GET /cart\n  POST /payments\n    charge\nhidden 8, grouped 0');
    foldToLevel(view.table, view.fold, 2);
    expect(draw(view)).toBe('POST /checkout\n  GET /cart\n  POST /payments\nhidden 9, grouped 0');
    foldAll(view.table, view.groups, view.fold, true);
    expect(draw(view)).toBe('POST /checkout\nhidden 11, grouped 0');
    foldAll(view.table, view.groups, view.fold, false);
    expect(draw(view)).toContain('hidden 0');
  });

  it('makes a span the root', () => {
    expect(draw(viewOf(checkout), { root: 10 })).toBe('POST /payments\n  charge\nhidden 0, grouped 0');
    expect(draw(viewOf(checkout), { root: 3 })).toBe('SELECT product\nhidden 0, grouped 0');
  });

  it('filters to matches with their ancestors, folded or not', () => {
    const view = viewOf(checkout);
    foldAll(view.table, view.groups, view.fold, true);
    expect(draw(view, { only: [4, 10] })).toBe(
      lines(`
        POST /checkout (dimmed)
          GET /cart (dimmed)
            SELECT product
          POST /payments
        hidden 8, grouped 0
      `),
    );
    expect(draw(view, { only: [] })).toBe('hidden 12, grouped 0');
  });

  it('finds the row of a span, or of what hides it', () => {
    const view = viewOf(checkout);
    const { table, groups, fold } = view;
    let rows = layoutRows(table, groups, fold);
    expect(nearestRow(table, groups, rows, 2)).toBe(2);
    expect(groupOfRow(rows, nearestRow(table, groups, rows, 7))).toBe(0);
    fold.collapsed[0] = 1;
    rows = layoutRows(table, groups, fold);
    expect(nearestRow(table, groups, rows, 7)).toBe(0);
    expect(reveal(table, groups, fold, 7)).toBe(true);
    rows = layoutRows(table, groups, fold);
    expect(spanOfRow(rows, groups, rows.rowOf[7])).toBe(7);
    expect(reveal(table, groups, fold, 7)).toBe(false);
    expect(nearestRow(table, groups, layoutRows(table, groups, fold, { root: 10 }), 7)).toBe(-1);
  });

  it('lays out a trace without spans', () => {
    const tree = treeFromDepths(new Uint32Array(0));
    const groups = indexGroups(0, new Uint32Array(1), new Uint32Array(0));
    expect(layoutRows(tree, groups, newFoldState(tree, groups)).count).toBe(0);
  });
});

describe('toggledRows', () => {
  it('gives what a whole layout gives, whatever is opened and closed', () => {
    let seed = 7;
    const random = (below: number): number => {
      seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
      return Math.floor((seed / 2 ** 32) * below);
    };
    for (let round = 0; round < 30; round++) {
      const { tree, groups } = randomTree(2 + random(80), random);
      const fold = newFoldState(tree, groups);
      const options = round % 3 === 2 ? { root: random(tree.count) } : {};
      let rows = layoutRows(tree, groups, fold, options);
      for (let step = 0; step < 60; step++) {
        if (groups.count > 0 && random(4) === 0) {
          const group = random(groups.count);
          fold.openGroups[group] = 1 - fold.openGroups[group];
          rows = layoutRows(tree, groups, fold, options, rows);
        } else {
          const span = random(tree.count);
          const before = rows.rowOf[span];
          fold.collapsed[span] = 1 - fold.collapsed[span];
          const toggled = toggledRows(tree, groups, fold, rows, span);
          if (before < 0) expect(toggled).toBeUndefined();
          rows = toggled ?? layoutRows(tree, groups, fold, options, rows);
        }
        expect(rows).toEqual(layoutRows(tree, groups, fold, options));
      }
    }
  });
});

/** A tree of spans in pre-order whose siblings are grouped here and there. */
function randomTree(
  count: number,
  random: (below: number) => number,
): { tree: ReturnType<typeof treeFromDepths>; groups: GroupIndex } {
  const parent = new Int32Array(count);
  const depth = new Uint32Array(count);
  const path: number[] = [];
  for (let span = 0; span < count; span++) {
    path.length = Math.min(path.length, random(path.length + 1));
    parent[span] = path.at(-1) ?? -1;
    depth[span] = path.length;
    path.push(span);
  }
  const children = new Map<number, number[]>();
  parent.forEach((up, span) => {
    if (up >= 0) children.set(up, [...(children.get(up) ?? []), span]);
  });
  const start = [0];
  const members: number[] = [];
  for (const spans of children.values()) {
    const grouped = spans.filter(() => random(3) > 0);
    if (grouped.length < 2) continue;
    members.push(...grouped);
    start.push(members.length);
  }
  return { tree: treeFromDepths(depth), groups: indexGroups(count, Uint32Array.from(start), Uint32Array.from(members)) };
}

describe('treeFromDepths', () => {
  it('is the tree that was packed', () => {
    const table = traceFromText(checkout);
    const tree = treeFromDepths(table.depth);
    expect(tree.parent).toEqual(table.parent);
    expect(tree.subtreeEnd).toEqual(table.subtreeEnd);
  });

  it('counts siblings', () => {
    const { position, size } = siblings(traceFromText('a  s  0..9\n  b  s  1..2\n  c  s  3..4\nd  s  5..6'));
    expect([...position]).toEqual([1, 1, 2, 2]);
    expect([...size]).toEqual([2, 2, 2, 2]);
  });
});
