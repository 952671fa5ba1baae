// Who stands to whom: structural operators over sound and broken traces, and what sets of spans become.

import { describe, expect, it } from 'vitest';
import { finish } from '../../../src/base/steps';
import { TraceQuery } from '../../../src/core/query/evaluation/evaluate';
import { parseQuery } from '../../../src/core/query/parse';
import { deepBatch } from '../../support/bigTraces';
import { setNames, spanNames } from '../../support/spanNames';
import { allRows, batchFromText, TEXT_TRACE_ID } from '../../support/traceText';

const shop = batchFromText(`
  checkout       storefront  0..100  server
    cart         cart        5..40   server
      select     db          6..20   client rows=3
      select     db          21..30  client rows=5
    charge       payments    45..90  client error
      pay        bank        50..85  server error
        ledger   bank        55..60  internal
`);

const names = (text: string): string[] => spanNames(text, shop);

describe('structural operators', () => {
  it.each([
    ['{ name = "checkout" } > { }', ['cart', 'charge']],
    ['{ name = "checkout" } >> { }', ['cart', 'select', 'select', 'charge', 'pay', 'ledger']],
    ['{ name = "select" } < { }', ['cart']],
    ['{ name = "select" } << { }', ['checkout', 'cart']],
    ['{ name = "cart" } ~ { }', ['charge']],
    ['{ name = "select" } ~ { }', ['select', 'select']],
    ['{ name = "ledger" } ~ { }', []],
    // A span is not below itself.
    ['{ name = "pay" } >> { name = "pay" }', []],
    ['{ name = "checkout" } !> { }', ['checkout', 'select', 'select', 'pay', 'ledger']],
    ['{ name = "cart" } !>> { kind = client }', ['charge']],
    ['{ } !< { }', ['select', 'select', 'ledger']],
    ['{ status = error } !<< { }', ['cart', 'select', 'select', 'pay', 'ledger']],
    ['{ } !~ { }', ['checkout', 'pay', 'ledger']],
    // Nothing on the left: all on the right are not what it says.
    ['{ name = "nothing" } !> { status = error }', ['charge', 'pay']],
    ['{ name = "checkout" } &> { status = error }', ['checkout', 'charge']],
    ['{ status = error } &>> { }', ['charge', 'pay', 'ledger']],
    ['{ name = "ledger" } &<< { status = error }', ['charge', 'pay', 'ledger']],
    ['{ name = "pay" } &< { }', ['charge', 'pay']],
    ['{ name = "cart" } &~ { }', ['cart', 'charge']],
    ['{ name = "checkout" } > { name = "charge" } > { }', ['pay']],
    ['({ kind = client } && { kind = internal }) >> { }', ['pay', 'ledger']],
  ])('%s', (text, expected) => {
    expect(names(text)).toEqual(expected);
  });
});

describe('nested sets', () => {
  it.each([
    ['{ nestedSetParent = -1 }', ['checkout']],
    ['{ nestedSetLeft = 1 && nestedSetRight = 14 }', ['checkout']],
    ['{ nestedSetParent = 2 }', ['select', 'select']],
    ['{ span:childCount = 2 }', ['checkout', 'cart']],
    ['{ nestedSetRight - nestedSetLeft = 1 }', ['select', 'select', 'ledger']],
  ])('%s', (text, expected) => {
    expect(names(text)).toEqual(expected);
  });
});

describe('sets', () => {
  it.each([
    ['{ kind = client } && { status = error }', [['select', 'select', 'charge', 'pay']]],
    ['{ kind = client } && { kind = consumer }', []],
    ['{ kind = internal } || { kind = consumer }', [['ledger']]],
    [
      '{ } | by(resource.service.name) | count() > 1',
      [
        ['select', 'select'],
        ['pay', 'ledger'],
      ],
    ],
    ['{ } | by(span.rows)', [['checkout', 'cart', 'charge', 'pay', 'ledger'], ['select'], ['select']]],
    ['{ kind = client } | by(name) | coalesce()', [['select', 'select', 'charge']]],
    ['{ } | by(resource.service.name) | { status = error }', [['charge'], ['pay']]],
    ['{ } | sum(span.rows) = 8', [['checkout', 'cart', 'select', 'select', 'charge', 'pay', 'ledger']]],
    ['{ } | avg(span.rows) = 4', [['checkout', 'cart', 'select', 'select', 'charge', 'pay', 'ledger']]],
    ['{ kind = client } | max(duration) >= 45ms', [['select', 'select', 'charge']]],
    ['{ kind = client } | min(duration) < 9ms', []],
    ['{ kind = server } | avg(duration) > 56ms', [['checkout', 'cart', 'pay']]],
    ['{ kind = server } | sum(span.rows) > 0', []],
    ['({ kind = client } | count() > 2) && { status = error }', [['select', 'select', 'charge', 'pay']]],
    ['({ kind = client } | count() > 9) || { status = error }', [['charge', 'pay']]],
  ])('%s', (text, expected) => {
    expect(setNames(text, shop)).toEqual(expected);
  });

  it('that by() made several of cannot be related', () => {
    expect(() => names('({ } | by(name)) > { }')).toThrow('coalesce()');
  });
});

describe('broken traces', () => {
  const broken = batchFromText(`
    root       a  0..100
      child    a  1..50
    orphan     b  5..30  parent=99
      below    b  6..20
    selfish    c  7..8   id=20 parent=20
    round      d  9..10  id=30 parent=31
    about      d  9..10  id=31 parent=30
    twice      e  11..12 id=40 parent=1
    twice      e  11..12 id=40 parent=1
  `);

  it.each([
    // No root leads to them: nobody knows where they are.
    ['{ name = "orphan" } > { }', []],
    ['{ name = "root" } !>> { }', ['root', 'orphan', 'below', 'selfish', 'round', 'about']],
    ['{ name = "round" } >> { }', []],
    ['{ name = "selfish" } > { }', []],
    ['{ nestedSetLeft = 0 }', ['orphan', 'below', 'selfish', 'round', 'about']],
    ['{ name = "root" } > { }', ['child', 'twice']],
    ['{ name = "twice" } ~ { }', ['child']],
    ['{ } | count() = 8', ['root', 'child', 'orphan', 'below', 'selfish', 'round', 'about', 'twice']],
    ['{ name = "twice" }', ['twice']],
    ['{ name = "orphan" } || { name = "child" }', ['child', 'orphan']],
  ])('%s', (text, expected) => {
    expect(spanNames(text, broken)).toEqual(expected);
  });

  it('of any depth neither overflow nor take long', () => {
    const deep = deepBatch(50_000);
    const sources = [{ batch: deep, rows: allRows(deep) }];
    const facts = { traceId: TEXT_TRACE_ID, rootName: '', rootService: '', durationNs: 1, startUnixNano: 0n };
    const countOf = (text: string): number =>
      finish(new TraceQuery(parseQuery(text).stages, deep.strings).ofSources(sources, facts))?.sets[0].spans.length ?? 0;
    expect(countOf('{ } >> { }')).toBe(49_999);
    expect(countOf('{ } << { }')).toBe(49_999);
    expect(countOf('{ } > { }')).toBe(49_999);
    expect(countOf('{ } !< { }')).toBe(1);
    expect(countOf('{ } &~ { }')).toBe(0);
    expect(countOf('{ nestedSetRight - nestedSetLeft = 99999 }')).toBe(1);
  });
});
