/** What is proposed while a query is typed. */

import { describe, expect, it } from 'vitest';
import { completeQuery } from '../../../src/core/query/completion';
import { checkQuery } from '../../../src/core/query/parse';
import type { Field } from '../../../src/core/query/query';
import { processorTime } from '../../support/leastTime';

const vocabulary = {
  keys: ['http.route', 'http.response.status_code', 'cart.id', 'a key', 'service.name', 'say "hi"'],
  services: ['cart', 'payments', 'say "hi"'],
  operations: ['GET /cart', 'POST /checkout'],
  valuesOf: ({ name }: Field) => (name === 'cart.id' ? [7, 'c 8', true] : []),
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
    // Scopes.
    ['{ resource.', ['resource.http.route']],
    ['{ span:', ['span:status', 'span:duration', 'span:name']],
    ['{ trace:d', ['trace:duration']],
    ['{ event:', ['event:name', 'event:timeSinceStart']],
    ['{ ev', ['event:name', 'event:timeSinceStart', 'event.']],
    ['{ parent.', ['parent.status', 'parent.duration', 'parent.name']],
    ['{ parent.span.cart', ['parent.span.cart.id']],
    // Operators by type, and values of what is on the left.
    ['{ duration ', ['>', '<', '>=', '<=', '=', '!=']],
    ['{ name ', ['=', '!=', '=~', '!~']],
    ['{ .cart.id !', ['!=', '!~', '!= nil']],
    ['{ kind != ', ['server', 'client']],
    ['{ .cart.id = ', ['7', '"c 8"', 'true']],
    ['{ .cart.id = "c', ['"c 8"']],
    ['{ name =~ "get', ['"GET /cart"']],
    ['{ trace:duration > ', ['100ms']],
    ['{ (status = error) ', ['}', '&&', '||']],
    ['{ (status = error ', [')', '&&', '||']],
    // Sets and pipelines.
    ['{ .a } ', ['|', '&&', '||', '>>', '>']],
    ['{ .a } >', ['>>']],
    ['{ .a } >> ', ['{']],
    ['{ .a } >> { st', ['status']],
    ['{ .a } | ', ['{', 'count()', 'avg(']],
    ['{ .a } | co', ['count()', 'coalesce()']],
    ['{ .a } | count() ', ['>', '<']],
    ['{ .a } | count() > 2 ', ['|']],
    ['{ .a } | max(du', ['duration']],
    ['{ .a } | max(duration) ', ['>', '<']],
    ['{ .a } | max(duration) > 1', ['100ms', '1s']],
    ['{ .a } | by(resource.serv', ['resource.service.name']],
    ['{ .a } | by(name) ', ['|']],
    ['{ .a } | select(name, du', ['duration']],
    ['{ .a } | select(name ', [',', ')']],
    ['({ .a } | count() > 2 ', [')', '|']],
    ['({ .a } | count() > 2) ', ['|', '&&']],
    ['({ .a } | count()) ', ['>', '<']],
    // What is wrong before does no harm.
    ['{ foo = = 1 && sta', ['status']],
    ['} ) { .cart.id = "x" && kind = s', ['server']],
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

  it.each([
    ['{ st| = error }', 'status', '{ status = error }', '{ status '],
    ['{ sta|tus }', 'statusMessage', '{ statusMessage  }', '{ statusMessage '],
    ['{ status = | && kind = server }', 'error', '{ status = error  && kind = server }', '{ status = error '],
    ['{ .a } |>> { .b }', '|', '{ .a } | >> { .b }', '{ .a } | '],
    [
      '{ resource.service.name = "pa|y" && .b }',
      '"payments"',
      '{ resource.service.name = "payments"  && .b }',
      '{ resource.service.name = "payments" ',
    ],
    ['{ .a } | max(|) > 1s', 'duration', '{ .a } | max(duration ) > 1s', '{ .a } | max(duration '],
  ])('in the middle of %s', (marked, label, whole, upToCaret) => {
    const caret = marked.indexOf('|', marked.startsWith('{ .a } | max') ? 12 : 0);
    const text = marked.slice(0, caret) + marked.slice(caret + 1);
    const found = completeQuery(text, vocabulary, caret).find((each) => each.label === label);
    expect(found?.text).toBe(whole);
    expect(found?.text.slice(0, found.caret)).toBe(upToCaret);
  });

  it('of any place gives what can be read there', () => {
    const whole =
      '{ resource.service.name = "cart" && duration > 1s || !(status = error) } >> { .cart.id != nil } | by(name) | count() > 2 | select(name, kind)';
    for (let caret = 1; caret <= whole.length; caret++) {
      for (const completion of completeQuery(whole, vocabulary, caret)) {
        expect(completion.text.slice(0, completion.caret).trimEnd().endsWith(completion.label)).toBe(true);
        expect(completion.caret).toBeLessThanOrEqual(completion.text.length);
      }
    }
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
        const took = processorTime(() => {
          completeQuery(part.repeat(1_000 / part.length) + end, vocabulary);
          completeQuery(`{ .${part.repeat(400)}${end}`, vocabulary);
        });
        expect(took).toBeLessThan(1_000);
      }
  });
});
