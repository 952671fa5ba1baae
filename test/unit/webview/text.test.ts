/** What the details make of a value. */

import { describe, expect, it } from 'vitest';
import { shapeOf } from '../../../src/core/text/valueShape';
import { asQuery, sqlPieces, urlOf } from '../../../webview/shell/details/valueText';

describe('values', () => {
  it('knows addresses that a browser may open, and no others', () => {
    expect(urlOf('https://shop.example/cart?id=1')).toBe('https://shop.example/cart?id=1');
    for (const text of [
      'javascript:alert(1)',
      'file:///etc/passwd',
      'command:workbench.action.quit',
      'https://a b',
      'see https://x.example',
      'vscode://x',
    ]) {
      expect(urlOf(text)).toBeUndefined();
    }
  });

  it('knows JSON and SQL by their look', () => {
    expect(shapeOf('x', '{"a":1}')).toBe('json');
    expect(shapeOf('x', '{a}')).toBe('plain');
    expect(shapeOf('x', 'select * from cart')).toBe('sql');
    expect(shapeOf('db.statement', 'HGETALL cart')).toBe('sql');
    expect(shapeOf('x', 'Selected items')).toBe('plain');
  });

  it('loses nothing of SQL when it marks the keywords', () => {
    const sql = "SELECT a, 'from' FROM t WHERE x = 'é' ORDER BY a";
    expect(
      sqlPieces(sql)
        .map(({ text }) => text)
        .join(''),
    ).toBe(sql);
    expect(sqlPieces(sql)[0]).toEqual({ text: 'SELECT', keyword: true });
  });

  it('writes queries that mean the value', () => {
    expect(asQuery('http.route', { text: '/cart', type: 'string' }, 'span')).toBe('span.http.route = "/cart"');
    expect(asQuery('n', { text: '3', type: 'int' }, 'resource')).toBe('resource.n = 3');
    expect(asQuery('a key', { text: 'say "hi"\\', type: 'string' }, 'span')).toBe('span."a key" = "say \\"hi\\"\\\\"');
  });
});
