// Traces that are not one tree of spans with times: several roots, no times, no ids, own parents. List and picture must say the same of them.

import { describe, expect, it } from 'vitest';
import { mainRoot } from '../../../src/core/analysis/root';
import { shownStarts } from '../../../src/core/analysis/times';
import { BATCH_NO_END, BATCH_NO_START, type SpanBatch } from '../../../src/core/model/batch';
import { FLAG_RUNNING } from '../../../src/core/model/table';
import { unpackSnapshot } from '../../../src/protocol/columns';
import { analyseTrace, assembleTrace, packSnapshot, traceOverview } from '../../support/atOnce';
import { allRows, batchFromText, TEXT_START, TEXT_TRACE_ID, type TextOptions } from '../../support/traceText';

function open(text: string, change: (batch: SpanBatch) => void = () => {}, options: TextOptions = {}) {
  const batch = batchFromText(text, options);
  change(batch);
  const sources = [{ batch, rows: allRows(batch) }];
  const table = assembleTrace(TEXT_TRACE_ID, sources);
  const { row, isRoot } = mainRoot(table);
  return {
    table,
    overview: traceOverview(TEXT_TRACE_ID, sources),
    root: isRoot ? table.strings.get(table.name[row]) : '',
    path: Array.from(analyseTrace(table).criticalPath.row, (one) => table.strings.get(table.name[one])),
    notes: table.defects.map(({ message }) => message),
    running: Array.from({ length: table.count }, (_, one) => (table.flags[one] & FLAG_RUNNING) !== 0),
  };
}

describe('a trace of several roots', () => {
  it('has name and critical path of the longest, in the list as well', () => {
    const { root, overview, path, notes } = open(`
      publish   api     0..1
      checkout  web     2..90
        pay     wallet  10..80
      cleanup   worker  95..99
    `);
    expect([root, overview.rootName, overview.rootService]).toEqual(['checkout', 'checkout', 'web']);
    expect(new Set(path)).toEqual(new Set(['checkout', 'pay']));
    expect(notes).toEqual([
      'This trace has 3 roots: nothing joins them. The longest gives the trace its name and its critical path.',
    ]);
  });

  it('has those of the earliest of equally long ones', () => {
    const { root, overview } = open('second a 20..30\nfirst a 0..10');
    expect([root, overview.rootName]).toEqual(['first', 'first']);
  });

  it('has those of a root that has not ended where that began longer ago than another lasted', () => {
    const running = open('short a 0..10\nserver a 5..\n  child a 6..100');
    expect([running.root, running.overview.rootName]).toEqual(['server', 'server']);
    const ended = open('long a 0..90\nlate a 95..\n  child a 96..100');
    expect([ended.root, ended.overview.rootName]).toEqual(['long', 'long']);
  });
});

describe('a span that is its own parent', () => {
  it('is a root, gives the trace its name, and there is one note', () => {
    const { root, overview, notes } = open('loop a 0..10 id=1 parent=1\n  child a 2..3');
    expect([root, overview.rootName]).toEqual(['loop', 'loop']);
    expect(notes).toEqual(['1 span names itself as its parent, and is shown as a root.']);
  });

  it("is told of once, as are two that are each other's", () => {
    expect(open('a a 0..10 id=1 parent=2\nb a 2..3 id=2 parent=1').notes).toEqual([
      '1 cycle of spans that are their own ancestors: each is shown from its earliest span, which became a root.',
    ]);
  });
});

describe('spans without times', () => {
  const clear = (batch: SpanBatch, row: number, lengthNs: number | undefined): void => {
    batch.start.fill(0, row * 2, row * 2 + 2);
    batch.flags[row] |= lengthNs === undefined ? BATCH_NO_START | BATCH_NO_END : BATCH_NO_START;
    batch.durationNs[row] = lengthNs ?? 0;
  };

  it('are not running, keep their lengths, and the trace has no date', () => {
    const { table, overview, notes, running } = open('get a 0..1\n  render a 0..1', (batch) => {
      clear(batch, 0, undefined);
      clear(batch, 1, 900_000);
    });
    expect(running).toEqual([false, false]);
    expect([...table.durationNsOf]).toEqual([0, 900_000]);
    expect([table.startUnixNano, overview.startUnixNano]).toEqual([0n, 0n]);
    expect([table.durationNs, overview.durationNs]).toEqual([900_000, 900_000]);
    expect(notes).toEqual([
      '2 spans have no start time, and are shown where they ended, at the start of their parents, or at the start of the trace.',
    ]);
  });

  it('that OTLP has with neither start nor end are not running either', () => {
    const { running, table } = open('get a 0..1\n  render a 0..1', (batch) => {
      batch.start.fill(0);
      batch.durationNs.fill(0);
      for (const row of [0, 1]) batch.flags[row] |= BATCH_NO_END;
    });
    expect(running).toEqual([false, false]);
    expect(table.durationNs).toBe(0);
  });

  it('are shown with their parents', () => {
    const { table } = open('get a 0..100\n  call a 50..90\n    inner a 60..61', (batch) => clear(batch, 2, 5e6));
    expect([...table.startNs]).toEqual([0, 50e6, 50e6]);
    expect(table.durationNsOf[2]).toBe(5e6);
  });

  it('that tell their ends alone are shown where they ended, in a trace that began with the first of these', () => {
    const { table, overview } = open('get a ?..100\n  call a ?..40');
    expect(Number(table.startUnixNano - TEXT_START) / 1e6).toBeCloseTo(40);
    expect(overview.startUnixNano).toBe(table.startUnixNano);
    expect(table.durationNs / 1e6).toBeCloseTo(60);
    expect(overview.durationNs).toBe(table.durationNs);
  });

  it('are told from times that are counted from 0', () => {
    const { table, notes } = open('get a 0..10\n  call a 2..4', () => {}, { startUnixNano: 0n });
    expect([...table.startNs]).toEqual([0, 2e6]);
    expect([...table.durationNsOf]).toEqual([10e6, 2e6]);
    expect(notes).toEqual([]);
  });
});

it('keeps spans without an id beside each other, and says so once', () => {
  const { table, notes, overview } = open(`
    call   a  0..10  id=0 client
    serve  b  2..8   id=0 server
  `);
  expect(table.count).toBe(2);
  expect([...table.parent]).toEqual([-1, -1]);
  expect(overview.spanCount).toBe(2);
  expect(notes).toEqual([
    '2 spans have no id: what belongs below them cannot be told.',
    'This trace has 2 roots: nothing joins them. The longest gives the trace its name and its critical path.',
  ]);
});

describe('a clock that is hours off', () => {
  const hour = 3_600_000;

  it('leaves length and offsets those of what is shown; what the data says is below 0', () => {
    const { table } = open(`
      GET /     web  ${3 * hour}..${3 * hour + 100}  client host=a
        handle  api  0..80    server host=b
          query api  20..60   host=b
    `);
    expect(table.startUnixNano).toBe(TEXT_START + BigInt(3 * hour) * 1_000_000n);
    expect(table.durationNs).toBe(100e6);
    expect([...shownStarts(table)]).toEqual([0, 10e6, 30e6]);
    expect([...table.startNs]).toEqual([0, -3 * hour * 1e6, -3 * hour * 1e6 + 20e6]);
  });

  it('keeps every nanosecond on the way to the page', () => {
    const { table } = open(`
      GET /     web  ${3 * hour}..${3 * hour + 100}  client host=a
        handle  api  0..80             server host=b
          query api  20.000001..20.000003   host=b
    `);
    const options = { revision: 1, dataset: 'file:a', live: false };
    const model = unpackSnapshot(packSnapshot(table, analyseTrace(table), options));
    expect([...model.startNs]).toEqual([0, 10e6, 30e6 + 1]);
    expect(model.durationNs[2]).toBe(2);
    expect([...model.rawStartNs]).toEqual([...table.startNs]);
    expect(model.bounds).toEqual({ startNs: 0, endNs: 100e6 });
    expect(model.rawBounds).toEqual({ startNs: -3 * hour * 1e6, endNs: 100e6 });
  });
});
