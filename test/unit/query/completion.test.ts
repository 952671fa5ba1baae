/** What is proposed while a query is typed. */

import { describe, expect, it } from 'vitest';
import { completeQuery } from '../../../src/core/query/completion';
import { checkQuery } from '../../../src/core/query/parse';

const vocabulary = {
  keys: ['http.route', 'http.response.status_code', 'cart.id', 'a key', 'service.name', 'say "hi"'],
  services: ['cart', 'payments', 'say "hi"'],
  operations: ['GET /cart', 'POST /checkout'],
};
const labels = (text: string): string[] => completeQuery(text, vocabulary).map(({ label }) => label);
const texts = (text: string): string[] => completeQuery(text, vocabulary).map(({ text: whole }) => whole);

describe('completion', () => {
  it.each([
    ['{ ', ['status', 'duration', 'name', 'resource.service.name', 'kind']],
    ['{ st', ['status', 'statusMessage']],
    ['{ .rou', ['.http.route']],
    ['{ http.r', ['.http.route', '.http.response.status_code']],
    ['{ span.cart', ['span.cart.id']],
    ['{ status = error && .cart', ['.cart.id']],
    ['{ .a', ['."a key"']],
    ['{ status ', ['=', '!=']],
    ['{ status = ', ['error', 'ok', 'unset']],
    ['{ status = e', ['error']],
    ['{ resource.service.name = ', ['"cart"', '"payments"']],
    ['{ resource.service.name = "pay', ['"payments"']],
    ['{ name = "check', ['"POST /checkout"']],
    ['{ status = error ', ['}', '&&', '||']],
    ['status = error ', ['&&', '||']],
    ['http.ro', ['.http.route']],
  ])('of %j begins with %j', (text, expected) => {
    expect(labels(text).slice(0, expected.length)).toEqual(expected);
  });

  it('leaves words that are looked for alone', () => {
    for (const text of ['', 'no answer after 3 tries', 'GET /cart', 'cart ']) expect(labels(text)).toEqual([]);
  });

  it('gives the whole text, with room for what follows', () => {
    expect(texts('{ status = error && .cart')).toEqual(['{ status = error && .cart.id ']);
    expect(texts('{ resource.service.name = "pay')).toEqual(['{ resource.service.name = "payments" ']);
  });

  it('makes queries of names with quotes', () => {
    for (const text of texts('{ resource.service.name = "say')) expect(checkQuery(`${text}}`)).toBeUndefined();
    for (const text of texts('{ .say')) expect(checkQuery(`${text}= 1 }`)).toBeUndefined();
  });

  it('leads from nothing to a query that runs', () => {
    let text = '{ ';
    for (const label of ['resource.service.name', '=', '"payments"', '&&', 'status', '=', 'error', '}']) {
      const found = completeQuery(text, vocabulary).find((each) => each.label === label);
      expect(found, `${label} after ${text}`).toBeDefined();
      text = found?.text ?? '';
    }
    expect(checkQuery(text)).toBeUndefined();
  });

  it('takes no time over texts that are made to take it', () => {
    for (const part of ['a', '.', '"', '\\"', '{', '= ', '"a"', 'a.b "', ' && '])
      for (const end of ['', ' ', '"']) {
        const begin = performance.now();
        completeQuery(part.repeat(1_000 / part.length) + end, vocabulary);
        completeQuery(`{ .${part.repeat(400)}${end}`, vocabulary);
        expect(performance.now() - begin).toBeLessThan(1_000);
      }
  });
});
