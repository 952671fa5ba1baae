// What a name stands for in the path of a route, also where constants are made of constants.
import { expect, it } from 'vitest';
import { constantOf } from '../../../src/source/routes/constants';
import { spent } from './support/hostile';

it('is put together of the constants that it is made of', () => {
  const lines = ['const ROOT = "/garden";', 'const REEDS = ROOT + "/reeds";', 'const CUTS = REEDS + "/cuts";'];
  expect(constantOf('CUTS', lines)).toBe('/garden/reeds/cuts');
  expect(constantOf('paths.REEDS', lines)).toBe('/garden/reeds');
});

it('is nothing where it is made of itself, or is no path any more', () => {
  expect(constantOf('A1', ['const A1 = A1 + "/x";'])).toBeUndefined();
  expect(constantOf('B1', ['const B1 = C1;', 'const C1 = B1;'])).toBeUndefined();
});

it('takes no time to speak of where each is made of many of the next', () => {
  const names = Array.from({ length: 9 }, (_, i) => `NAME${i}`);
  const lines = [
    ...Array.from({ length: 2_000 }, () => `nothing ${names.join(' ')}`),
    ...names.slice(1).map((next, i) => `const ${names[i]} = ${Array.from({ length: 12 }, () => next).join(' + ')};`),
    'const NAME8 = "/x";',
  ];
  expect(
    spent(() => {
      for (const name of names) constantOf(name, lines);
    }),
  ).toBeLessThan(300);
  expect(constantOf('NAME8', lines)).toBe('/x');
  expect(constantOf('NAME7', lines)).toBe('/x'.repeat(12));
});
