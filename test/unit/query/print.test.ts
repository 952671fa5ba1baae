import { describe, expect, it } from 'vitest';
import { checkQuery, parseQuery } from '../../../src/core/query/parse';
import { printQuery } from '../../../src/core/query/print';
import { Random } from '../../fuzz/random';
import { RandomQueries, withoutPlaces } from '../../support/queryTrees';

describe('printQuery', () => {
  it('writes any query so that it is read to the same tree', () => {
    const queries = new RandomQueries(1);
    for (let i = 0; i < 3000; i++) {
      const query = queries.query();
      const text = printQuery(query);
      expect(checkQuery(text), text).toBeUndefined();
      expect(withoutPlaces(parseQuery(text)), text).toEqual(withoutPlaces(query));
    }
  });

  it('reads any mixture of words, and what it accepts it can write', () => {
    const random = new Random();
    random.seed(2);
    const words =
      '{ } ( ) { } ( ) | && || ! - + * / ^ = != =~ > >> < !~ ~ &> , .a span.b name duration status error nil 5 1.5 2s "x" true count( max( by( select( coalesce() with( rate( // /* " ` parent. event:name'.split(
        ' ',
      );
    let accepted = 0;
    for (let i = 0; i < 20_000; i++) {
      const text = Array.from({ length: 1 + random.below(12) }, () => random.of(words)).join(random.below(2) === 0 ? ' ' : '');
      const issue = checkQuery(text);
      if (issue) {
        expect(issue.from, text).toBeLessThanOrEqual(issue.to);
        expect(issue.to, text).toBeLessThanOrEqual(text.length);
        continue;
      }
      accepted++;
      const query = parseQuery(text);
      const printed = printQuery(query);
      expect(withoutPlaces(parseQuery(printed)), `${text} as ${printed}`).toEqual(withoutPlaces(query));
    }
    expect(accepted).toBeGreaterThan(100);
  });
});
