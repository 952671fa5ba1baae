import { describe, expect, it } from 'vitest';
import {
  describeSearch,
  formatAttributes,
  isEmptySearch,
  keysOf,
  loadLanguage,
  parseAttributes,
  parseDuration,
  queryOf,
  readSearch,
  searchText,
} from '../../../../src/app/queries/traceSearch';
import { printQuery } from '../../../../src/core/query/print';

describe('durations as a person types them', () => {
  it.each([
    ['200ms', 200e6],
    ['1.5 s', 1.5e9],
    ['1,5s', 1.5e9],
    ['2m', 120e9],
    ['250', 250e6],
    ['10µs', 10e3],
    [' 3 us ', 3e3],
  ])('%s', (text, ns) => expect(parseDuration(text)).toBe(ns));

  it.each(['', 'fast', '-1ms', '1 fortnight', '1.2.3s'])('"%s" is none', (text) => expect(parseDuration(text)).toBeUndefined());
});

describe('attributes as a person types them', () => {
  it('takes several, in any of the usual separators, with quotes', () => {
    expect(parseAttributes('a=1, b.c="x y"  d = "q\\"q" && e=f')).toEqual([
      { key: 'a', value: '1' },
      { key: 'b.c', value: 'x y' },
      { key: 'd', value: 'q"q' },
      { key: 'e', value: 'f' },
    ]);
  });

  it('refuses what is no attribute', () => {
    expect(parseAttributes('just words')).toBeUndefined();
    expect(parseAttributes('a=')).toBeUndefined();
  });

  it('writes what it reads', () => {
    const attributes = [
      { key: 'a', value: 'x, y' },
      { key: 'b', value: '' },
      { key: 'c', value: 'plain' },
    ];
    expect(parseAttributes(formatAttributes(attributes))).toEqual(attributes);
  });
});

describe('a search', () => {
  it('is a query whose parts hold for one span', async () => {
    const query = await queryOf(
      {
        service: 'cart',
        errorsOnly: true,
        minDurationNs: 5e6,
        attributes: [{ key: 'http.status', value: '500' }],
        lookbackMs: 60_000,
      },
      1_000_000,
    );
    expect(query.startUnixNano).toBe(940_000n * 1_000_000n);
    expect(printQuery(query)).toBe(
      '{ resource.service.name = "cart" && status = error && duration >= 5ms && .http.status = 500 }',
    );
  });

  it('combines with a written query on the same span', async () => {
    const query = await queryOf({ service: 'cart', text: '{ name = "GET" }' }, 0);
    expect(printQuery(query)).toBe('{ resource.service.name = "cart" && name = "GET" }');
  });

  it('has words of its own, where it can have any', async () => {
    const language = await loadLanguage();
    const fields = { service: 'cart', errorsOnly: true, minDurationNs: 5e6, attributes: [{ key: 'a key', value: 'x "y"' }] };
    const inBraces = 'resource.service.name = "cart" && status = error && duration >= 5ms && ."a key" = "x \\"y\\""';
    expect(searchText(fields, language)).toBe(`{ ${inBraces} }`);
    expect(searchText({ ...fields, text: '.b = 1 || .c' }, language)).toBe(`{ ${inBraces} && (.b = 1 || .c) }`);
    expect(searchText({ service: 'cart', text: '{ .b } >> { .c } | count() > 2' }, language)).toBe(
      '{ resource.service.name = "cart" } && { .b } >> { .c } | count() > 2',
    );
    expect(searchText({ lookbackMs: 5 }, language)).toBeUndefined();
    expect(searchText({ text: 'two words' }, language)).toBe('two words');
    expect(searchText({ ...fields, text: 'two words' }, language)).toBeUndefined();
  });

  it('is completed by keys that were seen, and by those that a backend tells with their scopes', async () => {
    const told = ['span.http.route', 'resource.a key', '.zone', 'span."b c"', 'plain', 'duration', 'http.route'];
    expect(keysOf(['cart.id', 'http.route'], told, await loadLanguage())).toEqual([
      'cart.id',
      'http.route',
      'resource.a key',
      'zone',
      'b c',
      'plain',
    ]);
  });

  it('is remembered as far as it is of the right types', () => {
    const kept = {
      service: 'a',
      errorsOnly: 'yes',
      minDurationNs: -1,
      attributes: [{ key: 'a', value: 'b' }, 7],
      lookbackMs: Number.NaN,
      text: 3,
    };
    const search = readSearch(kept);
    expect(describeSearch(search)).toBe('service = a · a=b');
    expect(isEmptySearch(readSearch('broken'))).toBe(true);
  });
});
