import { describe, expect, it } from 'vitest';
import { StringTable } from '../../../src/core/model/strings';
import { FLAG_ERROR_BELOW, FLAG_EVENTS, FLAG_EXCEPTION, FLAG_LINKS, FLAG_SOURCE } from '../../../src/core/model/table';
import { assembleTrace } from '../../support/atOnce';
import { deepBatch } from '../../support/bigTraces';
import { allRows, batchFromText, lines, TEXT_START, TEXT_TRACE_ID, textOfTrace, traceFromText } from '../../support/traceText';

describe('assembleTrace', () => {
  it('puts children below parents and siblings by start, whatever the order of input', () => {
    const table = traceFromText(`
      serialize       cart        500..503  parent=5
      SELECT product  cart        60..70    parent=5
      POST /checkout  storefront  0..1240   server id=9
      SELECT item     cart        40..62    parent=5
      GET /cart       cart        30..590   server id=5 parent=9
    `);
    expect(textOfTrace(table)).toBe(
      lines(`
        POST /checkout storefront 0..1240
          GET /cart cart 30..590
            SELECT item cart 40..62
            SELECT product cart 60..70
            serialize cart 500..503
      `),
    );
    expect([...table.subtreeEnd]).toEqual([5, 5, 3, 4, 5]);
    expect([...table.parent]).toEqual([-1, 0, 1, 1, 1]);
    expect(table.startUnixNano).toBe(TEXT_START);
    expect(table.durationNs).toBe(1240e6);
    expect(table.defects).toEqual([]);
  });

  it('keeps the order of input for siblings that start together', () => {
    const table = traceFromText(`
      root    a  0..10
        third   a  5..6  id=c
        first   a  5..6  id=b
        second  a  5..6  id=d
    `);
    expect(textOfTrace(table, { ids: true })).toContain('third a 5..6 #c\n  first a 5..6 #b\n  second a 5..6 #d');
  });

  it('joins spans that came in several batches', () => {
    const strings = new StringTable();
    const late = batchFromText('child  b  5..8  id=2 parent=1', { strings });
    const early = batchFromText('root  a  0..10  id=1', { strings });
    const table = assembleTrace(
      TEXT_TRACE_ID,
      [late, early].map((batch) => ({ batch, rows: allRows(batch) })),
    );
    expect(textOfTrace(table)).toBe('root a 0..10\n  child b 5..8');
    expect(table.batches[table.batch[1]]).toBe(late);
  });

  it('marks what a span has', () => {
    const table = traceFromText(`
      root     a  0..10
        events   a  1..2  event=cache@1.5
        thrown   a  2..3  error exception@2.5
        link     a  3..4  link=1
        source   a  4..5  code.file.path=a.ts
    `);
    const has = (flag: number) => [...table.flags.keys()].filter((row) => (table.flags[row] & flag) !== 0);
    expect(has(FLAG_EVENTS)).toEqual([1, 2]);
    expect(has(FLAG_EXCEPTION)).toEqual([2]);
    expect(has(FLAG_LINKS)).toEqual([3]);
    expect(has(FLAG_SOURCE)).toEqual([4]);
    expect(has(FLAG_ERROR_BELOW)).toEqual([0, 2]);
    expect(table.errorCount).toBe(1);
  });

  it('shows orphans as roots and names the parents that are missing', () => {
    const table = traceFromText(`
      root   a  0..10
      lost   a  3..4  parent=dead
        below  a  3..4
    `);
    expect(textOfTrace(table)).toBe('root a 0..10\nlost a 3..4 orphan\n  below a 3..4');
    expect(table.defects).toEqual([
      {
        kind: 'orphan',
        count: 1,
        message: 'The parent of 1 span is not in this trace (missing: 000000000000dead). It is shown as a root.',
        spanIds: ['0000000000000002'],
      },
    ]);
  });

  it('says when the root is missing', () => {
    const table = traceFromText(`
      a  s  0..4  parent=dead
      b  s  5..9  parent=dead
    `);
    expect(table.defects.map((defect) => [defect.kind, defect.count])).toEqual([
      ['orphan', 2],
      ['missingRoot', 1],
    ]);
  });

  it('says when there are several roots', () => {
    const table = traceFromText('a  s  0..4\nb  s  5..9');
    expect(table.defects).toMatchObject([{ kind: 'missingRoot', count: 2, spanIds: ['0000000000000001', '0000000000000002'] }]);
  });

  it('cuts a cycle at its earliest span', () => {
    const table = traceFromText(`
      root  a  0..10  id=1
      c     a  4..5   id=c parent=b
      a     a  2..6   id=a parent=c
      b     a  3..5   id=b parent=a
      leaf  a  5..6   id=f parent=b
      self  a  7..8   id=e parent=e
    `);
    expect(textOfTrace(table)).toBe(
      lines(`
        root a 0..10
        a a 2..6 defect
          b a 3..5
            c a 4..5
            leaf a 5..6
        self a 7..8 defect
      `),
    );
    expect(table.defects).toMatchObject([
      { kind: 'cycle', count: 1, spanIds: ['000000000000000a'] },
      { kind: 'cycle', count: 1, spanIds: ['000000000000000e'] },
    ]);
  });

  it('shows a span that was delivered twice once', () => {
    const strings = new StringTable();
    const text = 'root  a  0..10  id=1\n  child  a  2..3  id=2';
    const batches = [batchFromText(text, { strings }), batchFromText(text, { strings })];
    const table = assembleTrace(
      TEXT_TRACE_ID,
      batches.map((batch) => ({ batch, rows: allRows(batch) })),
    );
    expect(textOfTrace(table)).toBe('root a 0..10\n  child a 2..3');
    expect(table.defects).toMatchObject([{ kind: 'duplicateId', count: 2, message: '2 spans came twice and are shown once.' }]);
  });

  it('keeps different spans with one id, and gives children to the one that was running', () => {
    const table = traceFromText(`
      root    a  0..20   id=1
      early   a  1..5    id=2 parent=1
      late    a  10..15  id=2 parent=1
      first   a  2..3    id=3 parent=2
      second  a  11..12  id=4 parent=2
      third   a  17..18  id=5 parent=2
    `);
    expect(textOfTrace(table)).toBe(
      lines(`
        root a 0..20
          early a 1..5
            first a 2..3
            third a 17..18
          late a 10..15 defect
            second a 11..12
      `),
    );
    expect(table.defects).toMatchObject([{ kind: 'duplicateId', count: 1 }]);
  });

  it("makes the server's half of a Zipkin span the child of the client's", () => {
    const table = traceFromText(`
      get /     front  0..100  server id=1
      get /api  back   10..80  server shared id=2 parent=1
      get /api  front  5..90   client id=2 parent=1
      select    back   20..30  client id=3 parent=2
      connect   front  6..8    id=4 parent=2
    `);
    expect(textOfTrace(table)).toBe(
      lines(`
        get / front 0..100
          get /api front 5..90
            connect front 6..8
            get /api back 10..80
              select back 20..30
      `),
    );
    expect(table.defects).toEqual([]);
  });

  it("keeps the server's half where it is when the client's is missing", () => {
    const table = traceFromText('root  a  0..9  id=1\nhalf  b  1..8  server shared id=2 parent=1');
    expect(textOfTrace(table)).toBe('root a 0..9\n  half b 1..8');
  });

  it('shows negative durations as 0, missing ends as running, missing starts at the end', () => {
    const table = traceFromText(`
      root     a  0..10
        backward  a  5..3
        open      a  6..
        noStart   a  ?..8
    `);
    expect(textOfTrace(table)).toBe('root a 0..10\n  backward a 5..5 defect\n  open a 6..\n  noStart a 8..8 defect');
    expect(table.defects.map((defect) => defect.message)).toEqual([
      '1 span ends before it starts and is shown with a duration of 0.',
      '1 span has no start time, and is shown where it ended, at the start of its parent, or at the start of the trace.',
    ]);
  });

  it('assembles 50,000 levels', () => {
    const batch = deepBatch(50_000);
    const table = assembleTrace(TEXT_TRACE_ID, [{ batch, rows: allRows(batch) }]);
    expect(table.count).toBe(50_000);
    expect(table.depth[49_999]).toBe(49_999);
    expect(table.subtreeEnd[0]).toBe(50_000);
    expect(table.defects).toEqual([]);
  });

  it('assembles nothing from nothing', () => {
    const table = assembleTrace(TEXT_TRACE_ID, []);
    expect(table.count).toBe(0);
    expect(table.durationNs).toBe(0);
    expect(table.defects).toEqual([]);
  });

  it('takes 100,000 different spans that all have the same id', () => {
    const batch = deepBatch(100_000);
    batch.spanId.fill(7);
    batch.parentSpanId.fill(0);
    const table = assembleTrace(TEXT_TRACE_ID, [{ batch, rows: allRows(batch) }]);
    expect(table.count).toBe(100_000);
  });
});
