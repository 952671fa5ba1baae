/** JSON in lines: only space changes. */

import { describe, expect, it } from 'vitest';
import { layOutJson } from '../../../src/core/text/jsonLayout';

describe('JSON in lines', () => {
  it('is as JSON.stringify lays it out', () => {
    const value = { a: [1, { b: null }, []], 'c:{,"': 'x, [y] \\ "z" 😀', d: {}, e: true, f: -1.5e3 };
    expect(layOutJson(JSON.stringify(value))).toBe(JSON.stringify(value, undefined, 2));
    expect(layOutJson(JSON.stringify(value, undefined, 7))).toBe(JSON.stringify(value, undefined, 2));
  });

  it('keeps every digit, every member and every escape', () => {
    const text = '{"id":12345678901234567890,"x":1.0,"e":1E400,"id":2,"t":"\\u00e9\\/\\n"}';
    expect(layOutJson(text)?.replace(/\n\s*/g, '').replaceAll(': ', ':')).toBe(text);
  });

  it('leaves what is no JSON, and single values', () => {
    for (const text of ['{a}', '"text"', '12', '', '{"a":1}}', '[1,]', 'null']) expect(layOutJson(text)).toBeUndefined();
  });

  it('does not grow out of hand with what is nested very deep', () => {
    const text = `${'['.repeat(20_000)}${']'.repeat(20_000)}`;
    expect(layOutJson(text)?.length ?? 0).toBeLessThan(text.length * 90);
  });
});
