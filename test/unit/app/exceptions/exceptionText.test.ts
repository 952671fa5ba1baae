// What Problems says of an error.
import { describe, expect, it } from 'vitest';
import { lastAt, messageOf, nameOf, oneLine } from '../../../../src/app/exceptions/exceptionText';

const error = (count: number, periodMs: number, type = 'GatewayTimeout', message = 'no answer after 3 tries'): string =>
  messageOf({ type, message, count, firstMs: 1000, lastMs: 1000 + periodMs });

describe('the message of an error', () => {
  it('tells how often in which time', () => {
    expect(error(1, 0)).toBe('GatewayTimeout: no answer after 3 tries');
    expect(error(3, 123_000)).toBe('GatewayTimeout: no answer after 3 tries (3× in 2 min)');
    expect(error(2, 0)).toBe('GatewayTimeout: no answer after 3 tries (2×)');
    expect(error(2, 240.4)).toBe('GatewayTimeout: no answer after 3 tries (2× in 240 ms)');
    expect(error(12, 5 * 3_600_000 + 60_000)).toBe('GatewayTimeout: no answer after 3 tries (12× in 5 h)');
  });

  it('makes do without a type or a message, on one line', () => {
    expect(error(1, 0, '', 'boom')).toBe('boom');
    expect(error(1, 0, 'E', '')).toBe('E');
    expect(error(1, 0, '', '')).toBe('Error');
    expect(error(1, 0, 'E', 'a\r\n\t b\u0000\u202ec')).toBe('E: a b c');
    expect(error(1, 0, 'E', 'x'.repeat(5000))).toHaveLength(303);
    expect(oneLine('ab😀c', 4)).toBe('ab…');
  });

  it('names an error without its packages', () => {
    const names = ['com.acme.OutOfStock', 'App\\Cart\\Empty', 'Orders::NotFound', 'github.com/shop/cart.Lost', 'E', ''];
    expect(names.map((type) => nameOf({ type }))).toEqual(['OutOfStock', 'Empty', 'NotFound', 'Lost', 'E', 'the error']);
  });

  it('tells when it happened last', () => {
    const now = new Date(2026, 10, 21, 15, 0, 0).getTime();
    expect(lastAt(new Date(2026, 10, 21, 14, 3, 12).getTime(), now, 'en-GB')).toBe('last at 14:03:12');
    expect(lastAt(new Date(2026, 10, 20, 14, 3, 12).getTime(), now, 'en-GB')).toBe('last at 20 Nov, 14:03:12');
  });
});
