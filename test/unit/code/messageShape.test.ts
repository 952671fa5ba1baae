// Messages of real programs in eight languages: those that differ in values only have one shape, those that say something else have another.
import { describe, expect, it } from 'vitest';
import { messageShape } from '../../../src/code/messageShape';

/** Each line: messages that are one error. */
const same: readonly (readonly string[])[] = [
  ['no answer after 3 tries for cart 42', 'no answer after 3 tries for cart 77', 'no answer after 12 tries for cart 1'],
  ["order 2 can't be charged", "order 99 can't be charged"],
  [
    '888.3000000000001 is above the limit 500.0 of grace',
    '888.30 is above the limit 500 of grace',
    '1,200 is above the limit -3e5 of grace',
  ],
  ['gateway did not answer within 110 ms', 'gateway did not answer within 5 ms'],
  ['deadline exceeded after 1m30.5s', 'deadline exceeded after 250ms', 'deadline exceeded after 3s'],
  ['connect ECONNREFUSED 127.0.0.1:45999', 'connect ECONNREFUSED 10.0.0.9:9200', 'connect ECONNREFUSED ::1:5432'],
  [
    'dial tcp [::1]:6379: connect: connection refused',
    'dial tcp [fe80::1:2]:6380: connect: connection refused',
    'dial tcp 10.0.0.1:6379: connect: connection refused',
  ],
  ["Cannot read properties of undefined (reading 'guest')", "Cannot read properties of undefined (reading 'booking')"],
  ["'NoneType' object has no attribute 'lines'", "'Order' object has no attribute 'lines'"],
  ["KeyError: 'it\\'s'", "KeyError: 'sku'"],
  ["The given key 'O'Neill' was not present in the dictionary.", "The given key '99' was not present in the dictionary."],
  ['seat A3 is taken', 'seat B12 is taken'],
  ['stock: sku "B-7" sold out', 'stock: sku "C-10 \\"new\\"" sold out'],
  ['No user 8c1f0f5e-8a55-4d0e-9c5b-1d2f3a4b5c6d', 'No user 00000000-0000-0000-0000-00000000000a'],
  ['no such commit 4b5b908', 'no such commit 2df7ea60c1'],
  ['<Cart object at 0x7f3a2b10> is closed', '<Cart object at 0x7f3a2bff> is closed'],
  ['cart cart_8f3a2b is locked', 'cart cart_91ccd0 is locked'],
  ['token expired at 2026-11-21T14:03:12.482Z', 'token expired at 2025-01-02 03:04:05+01:00', 'token expired at 2025-01-02'],
  ['not before Sat, 21 Nov 2026 14:03:12 GMT', 'not before Mon, 02 Jan 2006 15:04:05 GMT'],
  ['GET https://shop.example/cart/42?x=1 answered 500', 'GET http://localhost:8080/ answered 503'],
  ['See https://sqlalche.me/e/20/e3q8.', 'See https://sqlalche.me/e/14/gkpj.'],
  ['open /var/lib/shop/a.db: permission denied', 'open /tmp/x: permission denied', 'open ./b/c.db: permission denied'],
  ["ENOENT: no such file or directory, open '/srv/a.json'", "ENOENT: no such file or directory, open 'C:\\\\b.json'"],
  [
    'panicked at src/worker.rs:58:16: index out of bounds: the len is 0 but the index is 0',
    'panicked at src/a/b.rs:1:1: index out of bounds: the len is 3 but the index is 7',
  ],
  ['pricing answered 500 to POST /price', 'pricing answered 404 to POST /price/:id'],
  ['mail to ada@shop.example bounced', 'mail to grace.hopper+x@navy.example.org bounced'],
  ['[parameters: (3, 39.6)]', '[parameters: (4, 5, 6)]'],
  ['not one of "a", "b", "c"', 'not one of "a"'],
  ['Unexpected token “x” in JSON at position 7', 'Unexpected token “}” in JSON at position 120'],
  ['fehler bei «Größe» in Zeile 3', 'fehler bei «Maß» in Zeile 30'],
  ['two\n  lines 1', 'two lines 2'],
];

describe('the shape of a message', () => {
  it.each(same.map((messages) => [messages[0], messages]))('is one for: %s', (_, messages) => {
    expect([...new Set(messages.map(messageShape))]).toHaveLength(1);
  });

  it('is another for what says something else', () => {
    const all = same.map(([first]) => messageShape(first));
    const twice = all.filter((shape, i) => all.indexOf(shape) !== i);
    expect(twice).toEqual([]);
  });

  it('keeps the words of a message', () => {
    const kept = [
      'No value present',
      'Sequence contains no elements',
      'no such order: sql: no rows in result set',
      'PreparedStatementCallback; bad SQL grammar [INSERT INTO ledger (order_id, amount) VALUES (?, ?)]',
      'All promises were rejected',
      "it isn't the user's cart",
      'read/write and/or I/O',
    ];
    expect(kept.map(messageShape)).toEqual(kept);
    expect(messageShape('sqlite3: utf8 of order-4711 at localhost:5432')).toBe('sqlite<n>: utf<n> of order-<n> at localhost:<n>');
  });

  it('takes time in proportion to the length, whatever the message is', () => {
    const begun = performance.now();
    const pieces = [
      '"',
      "'",
      "a'",
      '/',
      '/a',
      '1',
      '1:',
      '::',
      'a.',
      'a@',
      '-',
      '1,',
      '\\',
      'C:\\',
      '[',
      '‘',
      '“',
      'é',
      ' ',
      'http://',
      'a/',
      'Mon ',
      '1m',
      '"\\',
    ];
    for (const a of pieces)
      for (const b of pieces) {
        const shape = messageShape((a + b).repeat(100_000 / (a + b).length));
        expect(shape.length).toBeLessThan(8_000);
      }
    // 576 messages; quadratic ones would take minutes.
    expect(performance.now() - begun).toBeLessThan(10_000);
  });
});
