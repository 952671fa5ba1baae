import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { decodeBytes } from '../../../src/core/format/format';
import { StringTable } from '../../../src/core/model/strings';
import type { SpanTable } from '../../../src/core/model/table';
import { unpackSnapshot } from '../../../src/protocol/columns';
import { analyseTrace, assembleTrace, packSnapshot } from '../../support/atOnce';
import { allRows, lines, TEXT_TRACE_ID, textOfTrace } from '../../support/traceText';

/** The files of `test/support/makeNasty.mjs`, from bytes to what a waterfall gets. */
function open(name: string): SpanTable {
  const bytes = readFileSync(new URL(`../../fixtures/nasty/${name}.otlp.json`, import.meta.url));
  const { batches, defects } = decodeBytes(bytes, { strings: new StringTable(), name });
  expect(defects).toEqual([]);
  const table = assembleTrace(
    TEXT_TRACE_ID,
    batches.map((batch) => ({ batch, rows: allRows(batch) })),
  );
  const snapshot = packSnapshot(table, analyseTrace(table), { revision: 1, dataset: name, live: false });
  expect(unpackSnapshot(structuredClone(snapshot)).tree.subtreeEnd).toEqual(table.subtreeEnd);
  return table;
}

describe('nasty traces', () => {
  it.each([
    [
      'cycle',
      `
        GET /root front 0..100
        first of the cycle front 10..60 defect
          second of the cycle front 20..50
            third of the cycle front 30..40
            below the cycle front 32..38
        its own parent front 70..80 defect
      `,
      [
        '1 cycle of spans that are their own ancestors: each is shown from its earliest span, which became a root.',
        '1 span names itself as its parent, and is shown as a root.',
      ],
    ],
    [
      'orphan',
      `
        GET /root front 0..100
        orphan with a child back 10..60 orphan
          child of the orphan back 20..50
        another orphan back 70..80 error orphan
      `,
      ['The parents of 2 spans are not in this trace (missing: 000000000000dead, 000000000000beef). They are shown as roots.'],
    ],
    [
      'missing-root',
      `
        GET /cart cart 0..50 orphan
        GET /price pricing 50..80 orphan
      `,
      [
        'The parents of 2 spans are not in this trace (missing: 0000000000000001). They are shown as roots.',
        'The root of this trace is missing. 2 spans without a parent are shown as roots.',
      ],
    ],
    [
      'several-roots',
      `
        first root front 0..40
        second root front 50..90
          child front 55..60
      `,
      ['This trace has 2 roots: nothing joins them. The longest gives the trace its name and its critical path.'],
    ],
    [
      'duplicate-ids',
      `
        GET /root front 0..100
          early front 5..30
            child of the early one front 10..20
          late, same id front 50..90 defect
            child of the late one front 60..70
          delivered twice front 92..95
      `,
      [
        '1 span came twice and is shown once.',
        '1 span has the id of another, different span. All are shown; children are below the one that was running when they began.',
      ],
    ],
    [
      'bad-times',
      `
        GET /root front 0..100
          ends before it starts front 50..50 defect
          no length front 60..60
          no end front 70..
          outlives its parent front 90..140
      `,
      ['1 span ends before it starts and is shown with a duration of 0.'],
    ],
    [
      'clock-skew',
      `
        POST /checkout storefront 0..200
          POST /price storefront 10..136
            POST /price pricing 15..131 shifted -41
              apply discounts pricing 19..65 shifted -41
              GET rates pricing 69..119 shifted -41
          order send storefront 190..195
            order process mailer 260..300
      `,
      ['Clocks differ: pricing by 41 ms ahead. 3 spans are shown shifted into their parents; the data is unchanged.'],
    ],
  ])('%s', (name, text, messages) => {
    const table = open(name);
    expect(textOfTrace(table)).toBe(lines(text));
    expect(table.defects.map((defect) => defect.message)).toEqual(messages);
  });
});
