// The sets of `npm run evaluate`: whole, and without anything that their repositories did not name.
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { idsOf, readSets } from '../../evaluation/question';

const sets = readSets(resolve(__dirname, '../../evaluation/sets'), []);
const shorter = readSets(resolve(__dirname, '../../evaluation/shorter'), []);

it('are of ten repositories and nine languages at least', () => {
  expect(new Set(sets.map(({ repository }) => repository)).size).toBeGreaterThanOrEqual(10);
  const languages = new Set(sets.flatMap(({ spans }) => spans.flatMap(({ expect: one }) => (one ? [one.language] : []))));
  expect(languages.size).toBeGreaterThanOrEqual(9);
});

it.each(sets)('$name asks twenty questions at least', ({ spans }) => {
  expect(spans.filter(({ expect: one }) => one !== null).length).toBeGreaterThanOrEqual(20);
});

describe.each([...sets, ...shorter])('the set $name', (set) => {
  it('is of a commit', () => {
    expect(set.commit).toMatch(/^[0-9a-f]{40}$/);
  });

  it('has spans whose parents and resources are there, each in the trace of its root', () => {
    const ids = idsOf(set);
    expect(ids.size).toBe(set.spans.length);
    for (const { id, parent, resource } of set.spans) {
      expect(set.resources).toHaveProperty([resource]);
      if (parent === undefined) continue;
      expect(ids.get(parent)?.traceId).toBe(ids.get(id)?.traceId);
    }
  });

  it('says of each line where it is, from 1', () => {
    for (const { expect: one } of set.spans) {
      if (!one) continue;
      expect(one.file).toMatch(/^[^/\\].*\.\w+$/);
      expect(Math.min(one.line, ...(one.accept ?? []))).toBeGreaterThanOrEqual(1);
    }
  });
});
