// The engine's and the view's pure work on a trace of a million spans: each figure beside what it is compared to, in the same run.
// The baseline is what a viewer does that makes an object a span: a map by id, child lists, sorted, walked depth first.

import { Slices } from '../../src/base/slices';
import { finish } from '../../src/base/steps';
import { foldAll, foldToLevel, newFoldState } from '../../src/core/layout/fold';
import { rasteringMinimap } from '../../src/core/layout/minimap';
import { layoutRows } from '../../src/core/layout/rows';
import { type SpanBatch, STATUS_ERROR } from '../../src/core/model/batch';
import { spanIdHex } from '../../src/core/model/ids';
import { readValue, valueText } from '../../src/core/model/values';
import { findSpansIn } from '../../src/engine/traces/findSpans';
import { serviceOf, unpackSnapshot } from '../../src/protocol/columns';
import { analyseTrace, assembleTrace, packSnapshot } from '../support/atOnce';
import { deepBatch, wideBatch } from '../support/bigTraces';
import { medianMs, report } from '../support/budget.mjs';
import { allRows, TEXT_TRACE_ID } from '../support/traceText';

const SPANS = 1_000_000;
const RUNS = 5;
const batch = wideBatch(SPANS);
const sources = [{ batch, rows: allRows(batch) }];
const options = { revision: 1, dataset: 'bench', live: false };

const objectsMs = await medianMs(() => objectTree(batch), 3);
report({ what: 'baseline: tree of objects, 1M spans', value: objectsMs, unit: 'ms' });

const assembleMs = await medianMs(() => assembleTrace(TEXT_TRACE_ID, sources), RUNS);
report({ what: 'assemble 1M spans', value: assembleMs, unit: 'ms', atMost: 1000 });
const table = assembleTrace(TEXT_TRACE_ID, sources);
const analyseMs = await medianMs(() => analyseTrace(table), RUNS);
report({ what: 'critical path, self time, groups, findings of 1M spans', value: analyseMs, unit: 'ms', atMost: 500 });
const analysis = analyseTrace(table);
const packMs = await medianMs(() => packSnapshot(table, analysis, options), RUNS);
report({ what: 'pack 1M spans (minimap included)', value: packMs, unit: 'ms', atMost: 250 });
report({
  what: 'assemble and pack, against the tree of objects',
  value: objectsMs / (assembleMs + packMs),
  unit: 'times',
  atLeast: 3,
});
const snapshot = packSnapshot(table, analysis, options);
const bytes = [snapshot.times, snapshot.depth, snapshot.name, snapshot.words, snapshot.word].reduce(
  (sum, { byteLength }) => sum + byteLength,
  0,
);
report({ what: 'bytes a span in the snapshot', value: bytes / SPANS, unit: 'bytes', atMost: 20 });
report({ what: 'unpack 1M spans', value: await medianMs(() => unpackSnapshot(snapshot), RUNS), unit: 'ms', atMost: 100 });

const model = unpackSnapshot(snapshot);
const { tree, groups } = model;
const fold = newFoldState(tree, groups);
report({
  what: 'lay out 1M spans with groups',
  value: await medianMs(() => layoutRows(tree, groups, fold), RUNS),
  unit: 'ms',
  atMost: 16,
});
foldAll(tree, groups, fold, false);
report({
  what: 'lay out 1M spans, all open',
  value: await medianMs(() => layoutRows(tree, groups, fold), RUNS),
  unit: 'ms',
  atMost: 16,
});
report({
  what: 'fold 1M spans to a level and lay out',
  value: await medianMs(() => {
    foldToLevel(tree, fold, 2);
    layoutRows(tree, groups, fold);
  }, RUNS),
  unit: 'ms',
  atMost: 16,
});
const errors = await findSpansIn({ table }, 'status = error', new Slices());
report({
  what: 'filter 1M spans to their errors',
  value: await medianMs(() => layoutRows(tree, groups, fold, { only: errors }), RUNS),
  unit: 'ms',
  atMost: 16,
});

const minimap = {
  count: tree.count,
  startNs: model.startNs,
  durationNs: model.durationNs,
  serviceOf: (span: number) => serviceOf(model, span),
  isError: (span: number) => table.status[span] === STATUS_ERROR,
};
report({
  what: 'minimap of 1M spans',
  value: await medianMs(() => finish(rasteringMinimap(minimap, model.bounds)), RUNS),
  unit: 'ms',
  atMost: 60,
});

const naiveMs = await medianMs(() => searchValues('zebra'), 1);
report({ what: 'baseline: values read as texts and searched, 1M spans', value: naiveMs, unit: 'ms' });
for (const text of ['status = error', 'duration > 9us', '.attribute.3 = 700', '.attribute.1 =~ ".*checkout.*"', '18234'])
  await find(text);
report({
  what: 'find zebra, against searching values as texts',
  value: naiveMs / (await find('zebra')),
  unit: 'times',
  atLeast: 3,
});

const deep = deepBatch(SPANS);
const deepSources = [{ batch: deep, rows: allRows(deep) }];
report({
  what: 'assemble and analyse 1M levels',
  value: await medianMs(() => analyseTrace(assembleTrace(TEXT_TRACE_ID, deepSources)), 3),
  unit: 'ms',
  atMost: 1500,
});

async function find(text: string): Promise<number> {
  let found = 0;
  const value = await medianMs(async () => {
    found = (await findSpansIn({ table }, text, new Slices())).length;
  }, RUNS);
  report({ what: `find ${text} in 1M spans of 8 attributes`, value, unit: 'ms', atMost: 500, note: `${found} found` });
  return value;
}

function searchValues(text: string): number {
  let found = 0;
  for (let row = 0; row < batch.attributes.count; row++)
    if (valueText(readValue(batch, row)).toLowerCase().includes(text)) found++;
  return found;
}

interface Node {
  readonly id: string;
  readonly parentId: string;
  readonly name: string;
  readonly service: string;
  readonly start: bigint;
  readonly durationNs: number;
  readonly children: Node[];
}

function objectTree(from: SpanBatch): number {
  const nodes = new Map<string, Node>();
  for (let row = 0; row < from.count; row++) {
    const id = spanIdHex(from.spanId, row);
    nodes.set(id, {
      id,
      parentId: spanIdHex(from.parentSpanId, row),
      name: from.strings.get(from.name[row]),
      service: from.strings.get(from.resources[from.resource[row]].service),
      start: (BigInt(from.start[row * 2 + 1]) << 32n) | BigInt(from.start[row * 2]),
      durationNs: from.durationNs[row],
      children: [],
    });
  }
  const roots: Node[] = [];
  for (const node of nodes.values()) (nodes.get(node.parentId)?.children ?? roots).push(node);
  const open = [...roots];
  let visited = 0;
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    visited++;
    node.children.sort((a, b) => (a.start < b.start ? -1 : a.start > b.start ? 1 : 0));
    for (const child of node.children) open.push(child);
  }
  return visited;
}
