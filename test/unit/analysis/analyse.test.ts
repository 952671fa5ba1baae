import { describe, expect, it } from 'vitest';
import { finish } from '../../../src/base/steps';
import { type CriticalPath, criticalPath as criticalPathSteps } from '../../../src/core/analysis/criticalPath';
import { type Groups, groupSiblings as groupSteps } from '../../../src/core/analysis/groups';
import { highlights } from '../../../src/core/analysis/highlights';
import { selfTimes as selfTimeSteps } from '../../../src/core/analysis/selfTime';
import { FLAG_CRITICAL, type SpanTable } from '../../../src/core/model/table';
import { analyseTrace, assembleTrace, traceOverview } from '../../support/atOnce';
import { deepBatch } from '../../support/bigTraces';
import { allRows, batchFromText, TEXT_START, TEXT_TRACE_ID, traceFromText } from '../../support/traceText';

const criticalPath = (table: SpanTable): CriticalPath => finish(criticalPathSteps(table));
const groupSiblings = (table: SpanTable): Groups => finish(groupSteps(table));
const selfTimes = (table: SpanTable): Float64Array => finish(selfTimeSteps(table));
/** Findings with their sentences. */
const findingsOf = (table: SpanTable): object[] =>
  analyseTrace(table).findings.map(({ name, message, ...finding }) => ({
    ...finding,
    message: message(table.strings.get(name)),
  }));

function pathText(table: SpanTable): string[] {
  const path = criticalPath(table);
  return [...path.row].map((row, i) => `${table.strings.get(table.name[row])} ${path.startNs[i] / 1e6}..${path.endNs[i] / 1e6}`);
}

describe('critical path', () => {
  it('goes back from the end through the children that finished last', () => {
    const table = traceFromText(`
      root       a  0..100
        fast     a  10..30
        slow     a  10..60
        last     a  70..90
          inner  a  75..85
    `);
    expect(pathText(table)).toEqual([
      'root 0..10',
      'root 60..70',
      'root 90..100',
      'slow 10..60',
      'last 70..75',
      'last 85..90',
      'inner 75..85',
    ]);
    expect(criticalPath(table).totalNs).toBe(100e6);
  });

  it('leaves out what began after its parent ended, and cuts what outlives it', () => {
    const table = traceFromText(`
      root      a  0..50
        outlive a  40..80
        after   a  60..90
    `);
    expect(pathText(table)).toEqual(['root 0..40', 'outlive 40..50']);
  });

  it('marks its spans', () => {
    const table = traceFromText('root  a  0..10\n  on  a  1..9\n  beside  a  2..3');
    analyseTrace(table);
    expect([...table.flags].map((flags) => (flags & FLAG_CRITICAL) !== 0)).toEqual([true, true, false]);
  });

  it('uses corrected clocks', () => {
    const table = traceFromText('call  a  0..10  client\n  work  b  1004..1008  server');
    expect(pathText(table)).toEqual(['call 0..3', 'call 7..10', 'work 3..7']);
  });

  it('walks 50,000 levels', () => {
    const batch = deepBatch(50_000);
    const path = criticalPath(assembleTrace(TEXT_TRACE_ID, [{ batch, rows: allRows(batch) }]));
    expect(path.totalNs).toBe(100_000_000);
  });

  it('is empty for a trace without spans', () => {
    expect(criticalPath(assembleTrace(TEXT_TRACE_ID, [])).totalNs).toBe(0);
  });
});

describe('self time', () => {
  it('is the duration less what children cover, overlaps counted once and cut to the span', () => {
    const table = traceFromText(`
      root   a  0..100
        one  a  10..40
        two  a  20..50
        over a  90..150
    `);
    expect([...selfTimes(table)].map((ns) => ns / 1e6)).toEqual([50, 30, 30, 60]);
  });

  it('holds where a corrected clock changes the order of siblings', () => {
    const table = traceFromText(`
      root     a  0..100   server
        own    a  10..20   internal
        other  b  5000..5060  server
    `);
    // "other" is shown at 20..80.
    expect([...selfTimes(table)].map((ns) => ns / 1e6)).toEqual([30, 10, 60]);
  });
});

describe('groups and findings', () => {
  const loop = (count: number, words: string, step = 10) =>
    Array.from({ length: count }, (_, i) => `  SELECT product  cart  ${10 + i * step}..${18 + i * step}  ${words}`).join('\n');

  it('groups five like siblings, not four', () => {
    expect(groupSiblings(traceFromText(`root  cart  0..90\n${loop(4, 'client')}`)).count).toBe(0);
    const groups = groupSiblings(traceFromText(`root  cart  0..90\n  serialize  cart  1..2\n${loop(5, 'client')}`));
    expect(groups.count).toBe(1);
    expect([...groups.rows]).toEqual([2, 3, 4, 5, 6]);
  });

  it('groups siblings that take turns with others', () => {
    const turns = Array.from(
      { length: 6 },
      (_, i) => `  SELECT  cart  ${i * 10}..${i * 10 + 4}\n  GET  cart  ${i * 10 + 5}..${i * 10 + 9}`,
    );
    const groups = groupSiblings(traceFromText(`root  cart  0..90\n${turns.join('\n')}`));
    expect(groups.count).toBe(2);
    expect([...groups.rows]).toEqual([1, 3, 5, 7, 9, 11, 2, 4, 6, 8, 10, 12]);
  });

  it('keeps calls of one name apart that lead to different services', () => {
    const calls = ['cart', 'pricing', 'cart', 'pricing', 'mailer', 'stock'].map(
      (service, i) => `  GET  shop  ${i * 10}..${i * 10 + 8}  client\n    GET  ${service}  ${i * 10 + 1}..${i * 10 + 7}  server`,
    );
    expect(groupSiblings(traceFromText(`root  shop  0..90\n${calls.join('\n')}`)).count).toBe(0);
  });

  it('finds queries in a loop', () => {
    expect(findingsOf(traceFromText(`root  cart  0..90\n${loop(6, 'client db.system=sqlite')}`))).toEqual([
      {
        kind: 'nPlusOne',
        rows: [1, 2, 3, 4, 5, 6],
        chip: 'N+1',
        message: '6 calls of SELECT product one after the other, 48 ms in all. One call for all of them may do.',
      },
    ]);
  });

  it('knows a query without a kind by its attributes', () => {
    expect(analyseTrace(traceFromText(`root  cart  0..90\n${loop(6, 'db.system=sqlite')}`)).findings).toHaveLength(1);
    expect(analyseTrace(traceFromText(`root  cart  0..90\n${loop(6, 'internal')}`)).findings).toEqual([]);
  });

  it('finds a loop whose spans start at whole milliseconds', () => {
    const ends = [12.4, 24.2, 36.1, 48.3, 60.2, 72.4, 84.3];
    const loop = ends.map((end, i) => `  SELECT  cart  ${i * 12}..${end}  client`).join('\n');
    expect(analyseTrace(traceFromText(`root  cart  0..90\n${loop}`)).findings).toHaveLength(1);
    const short = Array.from({ length: 9 }, () => '  SELECT  cart  3..3.4  client').join('\n');
    expect(analyseTrace(traceFromText(`root  cart  0..20\n${short}`)).findings).toEqual([]);
  });

  it('does not take calls side by side for a loop', () => {
    expect(analyseTrace(traceFromText(`root  cart  0..90\n${loop(6, 'client', 1)}`)).findings).toEqual([]);
  });

  it('finds tries, whether the last worked or not', () => {
    const tries = (last: string) => `
      charge  payments  0..100
        POST  payments  1..20   client error
        POST  payments  30..50  client error
        POST  payments  60..90  client ${last}`;
    expect(findingsOf(traceFromText(tries('error')))).toEqual([
      { kind: 'retry', rows: [1, 2, 3], chip: 'try', message: 'POST was tried 3 times; every try ended in an error.' },
    ]);
    expect(findingsOf(traceFromText(tries('')))).toMatchObject([{ message: 'POST was tried 3 times; try 3 worked.' }]);
  });

  it('finds tries below two parents, the deeper first', () => {
    const table = traceFromText(`
      root      a  0..100
        outer   a  0..50
          call  a  1..2    error
          call  a  3..4
        other   a  60..70  error
        other   a  80..90
    `);
    expect(analyseTrace(table).findings.map((finding) => finding.rows)).toEqual([
      [2, 3],
      [4, 5],
    ]);
  });

  it('does not take failing calls side by side for tries', () => {
    const table = traceFromText('root  a  0..100\n  call  a  1..20  error\n  call  a  10..30  error');
    expect(analyseTrace(table).findings).toEqual([]);
  });
});

describe('highlights', () => {
  it('gives errors where they began, the slowest by self time, and services', () => {
    const table = traceFromText(`
      POST /checkout  storefront  0..1000  server error
        POST /pay     storefront  100..900 client error
          charge      payments    110..890 server error="no answer"
        validate      storefront  10..40   internal
    `);
    const found = finish(highlights(table, selfTimes(table), 2, (index) => table.strings.get(index)));
    expect(found.errors.map((span) => `${span.name}: ${span.message ?? ''}`)).toEqual(['charge: no answer', 'POST /checkout: ']);
    expect(found.slowest.map((span) => span.name)).toEqual(['charge', 'POST /checkout']);
    expect(found.services).toEqual([
      { name: 'payments', spans: 1, errors: 1, selfNs: 780e6 },
      { name: 'storefront', spans: 3, errors: 2, selfNs: 220e6 },
    ]);
  });
});

describe('overview', () => {
  it('tells root, times, counts and services without assembling', () => {
    const batch = batchFromText(`
      POST /checkout  storefront  5..105  server
        GET /cart     cart        10..150 error
    `);
    expect(traceOverview(TEXT_TRACE_ID, [{ batch, rows: allRows(batch) }])).toEqual({
      traceId: TEXT_TRACE_ID,
      rootName: 'POST /checkout',
      rootService: 'storefront',
      startUnixNano: TEXT_START + 5_000_000n,
      durationNs: 145e6,
      spanCount: 2,
      errorCount: 1,
      services: ['storefront', 'cart'],
    });
  });

  it('has no name when the root is missing', () => {
    const batch = batchFromText('GET /cart  cart  10..150  parent=dead');
    expect(traceOverview(TEXT_TRACE_ID, [{ batch, rows: allRows(batch) }]).rootName).toBe('');
  });
});
