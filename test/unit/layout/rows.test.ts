import { describe, expect, it } from 'vitest';
import { finish } from '../../../src/base/steps';
import { groupSiblings } from '../../../src/core/analysis/groups';
import { type FoldState, foldAll, foldToLevel, newFoldState, reveal } from '../../../src/core/layout/fold';
import { layoutRows, nearestRow, type RowOptions, type VisibleRows } from '../../../src/core/layout/rows';
import { type GroupIndex, indexGroups, siblings, type TreeColumns, treeFromDepths } from '../../../src/core/layout/tree';
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
  const found = finish(groupSiblings(table));
  const groups = indexGroups(table.count, found.start, found.rows);
  return { table, groups, fold: newFoldState(table, groups) };
}

const entriesOf = (rows: VisibleRows): number[] => Array.from({ length: rows.count }, (_, row) => rows.entryAt(row));

function draw({ table, groups, fold }: View, options: RowOptions = {}): string {
  const rows = layoutRows(table, groups, fold, options);
  const drawn: string[] = [];
  for (let row = 0; row < rows.count; row++) {
    const entry = rows.entryAt(row);
    const members = entry >= 0 ? '' : ` ${groups.start[~entry + 1] - groups.start[~entry]}×`;
    const name = table.strings.get(table.name[rows.spanAt(row)]);
    drawn.push(`${'  '.repeat(rows.levelAt(row))}${name}${members}${rows.isDimmed(row) ? ' (dimmed)' : ''}`);
  }
  const shown = entriesOf(rows).filter((entry) => entry >= 0).length;
  drawn.push(`hidden ${rows.hiddenCount}, grouped ${rows.groupedCount}`);
  if (options.root === undefined) expect(shown + rows.hiddenCount).toBe(table.count);
  const closed = entriesOf(rows).filter((entry) => entry < 0 && fold.openGroups[~entry] === 0).length;
  expect(rows.count - rows.headerCount).toBe(shown + closed);
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
    expect(rows.entryAt(nearestRow(table, groups, rows, 7))).toBe(~0);
    fold.collapsed[0] = 1;
    rows = layoutRows(table, groups, fold);
    expect(nearestRow(table, groups, rows, 7)).toBe(0);
    expect(reveal(table, groups, fold, 7)).toBe(true);
    rows = layoutRows(table, groups, fold);
    expect(rows.spanAt(rows.rowOf(7))).toBe(7);
    expect(reveal(table, groups, fold, 7)).toBe(false);
    expect(nearestRow(table, groups, layoutRows(table, groups, fold, { root: 10 }), 7)).toBe(-1);
  });

  it('lays out a trace without spans', () => {
    const tree = treeFromDepths(new Uint32Array(0));
    const groups = indexGroups(0, new Uint32Array(1), new Uint32Array(0));
    expect(layoutRows(tree, groups, newFoldState(tree, groups)).count).toBe(0);
  });
});

describe('rows kept as runs', () => {
  it('are those of a walk through the tree, whatever is folded, opened, filtered', () => {
    let seed = 7;
    const random = (below: number): number => {
      seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
      return Math.floor((seed / 2 ** 32) * below);
    };
    for (let round = 0; round < 60; round++) {
      const { tree, groups } = randomTree(2 + random(round % 4 === 0 ? 400 : 60), random);
      const fold = newFoldState(tree, groups);
      const root = round % 3 === 2 ? random(tree.count) : undefined;
      for (let step = 0; step < 40; step++) {
        const group = random(groups.count);
        if (groups.count > 0 && random(3) === 0) fold.openGroups[group] = 1 - fold.openGroups[group];
        const span = random(tree.count);
        if (random(2) === 0) fold.collapsed[span] = 1 - fold.collapsed[span];
        const only =
          step % 10 === 9 ? Array.from({ length: tree.count }, (_, at) => at).filter(() => random(5) === 0) : undefined;
        const rows = layoutRows(tree, groups, fold, { root, only });
        const expected = only ? filtered(tree, root, only) : walked(tree, groups, fold, root);
        expect(entriesOf(rows)).toEqual(expected.map(({ entry }) => entry));
        expect(expected.map((_, row) => rows.levelAt(row))).toEqual(expected.map(({ level }) => level));
        // Also in an order that no row before prepares.
        for (let k = 0; k < 20; k++) {
          const row = random(rows.count);
          if (row < rows.count) expect(rows.entryAt(row)).toBe(expected[row].entry);
        }
        for (let at = 0; at < tree.count; at++) expect(rows.rowOf(at)).toBe(expected.findIndex(({ entry }) => entry === at));
        for (let g = 0; g < groups.count; g++) expect(rows.rowOfGroup(g)).toBe(expected.findIndex(({ entry }) => entry === ~g));
      }
    }
  });
});

interface Row {
  readonly entry: number;
  readonly level: number;
}

/** The rows as the words of `layoutRows` have it: from a span down to its children, a group where its first member is. */
function walked(tree: TreeColumns, groups: GroupIndex, fold: FoldState, root: number | undefined): Row[] {
  const rows: Row[] = [];
  const children = (span: number): number[] => [...tree.parent.keys()].filter((at) => tree.parent[at] === span);
  const span = (at: number, level: number): void => {
    rows.push({ entry: at, level });
    if (fold.collapsed[at] === 0) siblingsAt(children(at), level + 1);
  };
  const siblingsAt = (spans: readonly number[], level: number): void => {
    for (const at of spans) {
      const group = (groups.groupOf[at] ?? 0) - 1;
      if (group < 0) span(at, level);
      else if (groups.rows[groups.start[group]] === at) {
        rows.push({ entry: ~group, level });
        if (fold.openGroups[group] === 0) continue;
        for (let k = groups.start[group]; k < groups.start[group + 1]; k++) span(groups.rows[k], level + 1);
      }
    }
  };
  if (root === undefined) siblingsAt(children(-1), 0);
  else span(root, 0);
  return rows;
}

function filtered(tree: TreeColumns, root: number | undefined, only: readonly number[]): Row[] {
  const first = root ?? 0;
  const inRoot = only.filter((at) => at >= first && (root === undefined || at < tree.subtreeEnd[root]));
  const shown = new Set<number>();
  for (const match of inRoot) for (let at = match; at >= first; at = tree.parent[at]) shown.add(at);
  return [...shown].sort((a, b) => a - b).map((entry) => ({ entry, level: tree.depth[entry] - tree.depth[first] }));
}

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
