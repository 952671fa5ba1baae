// What the language has that Tempo reads and does not run yet.
import { describe, expect, it } from 'vitest';
import { spanNames } from '../../support/spanNames';
import { batchFromText } from '../../support/traceText';

const shop = batchFromText(`
  POST /checkout    storefront  0..1000     server size=1
    GET /cart       cart        0..500      server size=10 tier=gold
      SELECT item   cart        40..60      client rows=3
      SELECT price  cart        70..80      client rows=5
    charge          payments    600..900    internal error size=100
`);
const found = (text: string): string[] => spanNames(text, shop);

describe('fields of the parent', () => {
  it.each([
    ['{ parent.name = "GET /cart" }', ['SELECT item', 'SELECT price']],
    ['{ parent.span.size >= 10 }', ['SELECT item', 'SELECT price']],
    ['{ parent.resource.service.name != resource.service.name }', ['GET /cart', 'charge']],
    ['{ parent.duration > 3 * duration }', ['SELECT item', 'SELECT price', 'charge']],
    ['{ parent.tier = nil && kind = client }', []],
    ['{ parent.kind = server && status = error }', ['charge']],
  ])('%s', (text, names) => expect(found(text)).toEqual(names));
});

describe('values of sets on both sides', () => {
  it.each([
    ['{ kind = client } | max(.rows) > min(.rows)', ['SELECT item', 'SELECT price']],
    ['{ kind = client } | max(.rows) - min(.rows) > 2', []],
    ['{ kind = client } | count() + count() = 4', ['SELECT item', 'SELECT price']],
    [
      '({ kind = client } | count()) > ({ status = error } | count())',
      ['POST /checkout', 'GET /cart', 'SELECT item', 'SELECT price', 'charge'],
    ],
    ['({ kind = client } | count()) = ({ status = error } | count())', []],
  ])('%s', (text, names) => expect(found(text)).toEqual(names));
});

describe('a pipeline wherever a set may stand', () => {
  it.each([
    ['{ status = error } && ({ kind = client } | count() > 1)', ['SELECT item', 'SELECT price', 'charge']],
    ['{ status = error } && ({ kind = client } | count() > 2)', []],
    ['({ kind = server } | { .tier = "gold" }) > { .rows > 3 }', ['SELECT price']],
  ])('%s', (text, names) => expect(found(text)).toEqual(names));
});
