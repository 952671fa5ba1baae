import { describe, expect, it } from 'vitest';
import { StringTable } from '../../../src/core/model/strings';

describe('StringTable', () => {
  it('gives each string one index, the empty one 0, and all of them back', () => {
    const table = new StringTable();
    const texts = Array.from({ length: 20_000 }, (_, i) => `name ${i % 5000} ${'x'.repeat(i % 7)}`);
    const indices = texts.map((text) => table.intern(text));
    expect(table.intern('')).toBe(0);
    expect(texts.map((text) => table.intern(text))).toEqual(indices);
    expect(new Set(indices).size).toBe(new Set(texts).size);
    expect(indices.map((index) => table.get(index))).toEqual(texts);
    expect(table.size).toBe(new Set(texts).size + 1);
  });

  it('tells strings apart that differ where the quick look does not see it', () => {
    const table = new StringTable();
    const a = table.intern('aaaaabaaaaaaaaaaaaaa');
    const b = table.intern('aabaaaaaaaaaaaaaaaaa');
    expect(a).not.toBe(b);
    expect(table.get(a)).toBe('aaaaabaaaaaaaaaaaaaa');
    expect(table.get(b)).toBe('aabaaaaaaaaaaaaaaaaa');
  });

  it('finds without adding', () => {
    const table = new StringTable();
    table.intern('here');
    const { size } = table;
    expect(table.find('here')).toBeGreaterThan(0);
    expect(table.find('not here')).toBe(-1);
    expect(table.find('')).toBe(0);
    expect(table.size).toBe(size);
  });
});
