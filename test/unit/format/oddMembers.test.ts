// Every member of every kind of document, with a value that it never has: read or refused, and nothing else.

import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { SpanhopError } from '../../../src/base/errors';
import { decode } from './spans';

const odd: readonly unknown[] = [{}, [{}], null, 1e300, '__proto__'];

/** Bytes of a file; larger ones say the same more often. */
const LARGEST = 4_000;

type Tree = Record<string, unknown> | unknown[];
const isTree = (value: unknown): value is Tree => typeof value === 'object' && value !== null;

/** The places of all values in a value. */
function* placesIn(tree: Tree): Generator<{ readonly of: Tree; readonly key: string }> {
  for (const [key, value] of Object.entries(tree)) {
    yield { of: tree, key };
    if (isTree(value)) yield* placesIn(value);
  }
}

function documentsIn(path: string): Tree[] {
  const text = readFileSync(path, 'utf8');
  const parsed = (json: string): Tree[] => {
    try {
      const value: unknown = JSON.parse(json);
      return isTree(value) ? [value] : [];
    } catch {
      return [];
    }
  };
  const whole = parsed(text);
  return whole.length > 0 ? whole : text.split('\n').flatMap(parsed).slice(0, 2);
}

const fixtures = join(__dirname, '..', '..', 'fixtures');
const files = ['formats', 'kinds'].flatMap((folder) =>
  readdirSync(join(fixtures, folder))
    .filter((name) => name !== 'expected.json' && !name.endsWith('.pb') && statSync(join(fixtures, folder, name)).size < LARGEST)
    .map((name) => join(folder, name))
    .filter((name) => documentsIn(join(fixtures, name)).length > 0),
);

it.each(files)('%s', { timeout: 60_000 }, (name) => {
  const failures = new Set<string>();
  for (const document of documentsIn(join(fixtures, name)))
    for (const { of, key } of placesIn(document)) {
      const before: unknown = Reflect.get(of, key);
      for (const value of odd) {
        Reflect.set(of, key, value);
        try {
          const { spans, spanCount } = decode(JSON.stringify(document));
          if (spans.length !== spanCount)
            failures.add(`${key} = ${JSON.stringify(value)}: ${spans.length} of ${spanCount} spans`);
        } catch (error) {
          if (!(error instanceof SpanhopError)) failures.add(`${key} = ${JSON.stringify(value)}: ${error}`);
        }
      }
      Reflect.set(of, key, before);
    }
  expect([...failures]).toEqual([]);
});
