import { describe, expect, it } from 'vitest';
import { finish } from '../../../src/base/steps';
import { TraceQuery } from '../../../src/core/query/evaluation/evaluate';
import { checkQuery, parseQuery } from '../../../src/core/query/parse';
import { conditionsOf } from '../../../src/core/query/pushDown';
import { Random } from '../../fuzz/random';
import { traceOverview } from '../../support/atOnce';
import { allRows, batchFromText, TEXT_TRACE_ID } from '../../support/traceText';

describe('conditionsOf', () => {
  it.each([
    ['{ }', [], []],
    ['{ .a = 1 && duration > 1s }', ['.a = 1', 'duration > 1s'], []],
    ['{ 1s < duration && "x" = name }', ['1s < duration', '"x" = name'], []],
    ['{ .a && resource.b = nil }', ['.a', 'resource.b = nil'], []],
    ['{ .a = 1 || .a = 2 }', ['.a = 1 || .a = 2'], []],
    ['{ .a = 1 || .b = 2 }', [], ['.a = 1 || .b = 2']],
    ['{ .a = 1 || .a > 2 }', [], ['.a = 1 || .a > 2']],
    ['{ span.a = 1 || .a = 2 }', [], ['span.a = 1 || .a = 2']],
    ['{ !(duration > 1s || status = error) && .a }', ['duration <= 1s', 'status != error', '.a'], []],
    ['{ !(.a = nil) && !!(.b = 1) }', ['.a != nil', '.b = 1'], []],
    // A span without the attribute fulfils the negation, and no comparison.
    ['{ !(.a = 1) && .b = 2 }', ['.b = 2'], ['!(.a = 1)']],
    ['{ !(.a = 1 && .b = 2) }', [], ['!(.a = 1 && .b = 2)']],
    ['{ .a = .b && .c + 1 = 2 && parent.d = 3 && .e = 4 }', ['.e = 4'], ['.a = .b', '.c + 1 = 2', 'parent.d = 3']],
    ['{ false && .a }', ['.a'], ['false']],
    // Of several sets, the one that says most.
    ['{ .a } && { .b && .c }', ['.b', '.c'], ['.a']],
    ['{ .a } || { .b && .c }', [], ['{ .a } || { .b && .c }']],
    ['{ .a && .b } >> { .c }', ['.a', '.b'], ['{ .a && .b } >> { .c }']],
    ['{ .a && .b } !>> { .c }', ['.c'], ['{ .a && .b } !>> { .c }']],
    ['{ .a } &>> { .b && .c }', ['.b', '.c'], ['{ .a } &>> { .b && .c }']],
    // What a pipeline leaves fulfils all of its filters.
    ['{ .a } | { .b } | by(.c) | count() > 2', ['.a', '.b'], ['count() > 2']],
    ['({ .a } > { .b }) | { .c }', ['.b', '.c'], ['{ .a } > { .b }']],
    ['{ .a } | ({ .b } && { .c && .d })', ['.c', '.d'], ['.a', '.b']],
    ['({ .a } | count() > 2) && { .b && .c }', ['.b', '.c'], ['count() > 2', '.a']],
    ['count() > 2', [], ['count() > 2']],
    ['({ .a } | count()) > ({ .b } | count())', [], ['({ .a } | count()) > ({ .b } | count())']],
  ])('%s', (text, conditions, rest) => {
    const found = conditionsOf(parseQuery(text));
    expect(found.conditions.map((condition) => condition.text)).toEqual(conditions);
    expect(found.rest.map((part) => part.text)).toEqual(rest);
  });

  it('gives a plain number beside a duration as one', () => {
    const values = conditionsOf(parseQuery('{ duration > 200 && 1.5 < traceDuration && span:childCount > 5 }')).conditions.map(
      (each) => (each.operator === 'in' ? undefined : each.value),
    );
    expect(values).toEqual([
      { type: 'duration', valueNs: 200 },
      { type: 'duration', valueNs: 1.5 },
      { type: 'int', value: 5 },
    ]);
  });

  it('says where each part was typed', () => {
    const text = '{ 5s<duration && !(status=error || .a=1) } >> {.b}';
    const { conditions, rest } = conditionsOf(parseQuery(text));
    const typed = [...conditions, ...rest].map(({ from, to }) => text.slice(from, to));
    expect(typed).toEqual(['5s<duration', 'status=error', text]);
  });

  it('gives conditions that one span of each match fulfils, and nothing else where nothing is left', () => {
    const shop = batchFromText(`
      POST /checkout    storefront  0..1240     server error="payment refused" a=1 b=2
        GET /cart/{id}  cart        30..590     server a=1
          SELECT item   cart        40..62      client b=2 c=3
        charge          payments    600..900    internal error a=2 c=3
        send            payments    910..950    producer b=2
    `);
    const sources = [{ batch: shop, rows: allRows(shop) }];
    const facts = traceOverview(TEXT_TRACE_ID, sources);
    const matches = (text: string): boolean =>
      finish(new TraceQuery(parseQuery(text).stages, shop.strings).ofSources(sources, facts)) !== undefined;
    const random = new Random();
    random.seed(3);
    const leaf = (): string =>
      random.of(['.a = 1', '.a = 2', '.b = 2', '.c != 4', 'kind = server', 'duration > 50ms', '.a = nil', 'status = error']);
    const condition = (depth: number): string => {
      if (depth === 0 || random.oneIn(3)) return leaf();
      if (random.oneIn(4)) return `!(${condition(depth - 1)})`;
      return `(${condition(depth - 1)} ${random.of(['&&', '||'])} ${condition(depth - 1)})`;
    };
    const set = (depth: number): string => {
      if (depth === 0 || random.oneIn(3)) return `{ ${condition(2)} }`;
      if (random.oneIn(4)) return `(${set(depth - 1)} | ${random.of(['count() > 1', '{ .a = 1 }', 'select(.a)'])})`;
      return `(${set(depth - 1)} ${random.of(['&&', '||', '>', '>>', '<<', '!>', '!>>', '~', '&>>', '&~'])} ${set(depth - 1)})`;
    };
    const seen = { matching: 0, complete: 0 };
    for (let i = 0; i < 1500; i++) {
      const text = random.oneIn(2) ? set(2) : `${set(2)} | ${set(1)}`;
      expect(checkQuery(text)).toBeUndefined();
      const { conditions, rest } = conditionsOf(parseQuery(text));
      const asked = matches(conditions.length === 0 ? '{ }' : `{ ${conditions.map((each) => `(${each.text})`).join(' && ')} }`);
      const isMatch = matches(text);
      if (isMatch) {
        seen.matching++;
        expect(asked, text).toBe(true);
      }
      if (rest.length > 0) continue;
      seen.complete++;
      expect(isMatch, text).toBe(asked);
    }
    expect(seen.matching).toBeGreaterThan(150);
    expect(seen.complete).toBeGreaterThan(50);
  });
});
