// What the spans around one lead to: the functions that called it.
import { expect, it } from 'vitest';
import type { Relative, SourceCandidate } from '../../../src/source';
import { Context } from '../../../src/source/context/context';
import { type Caller, Family } from '../../../src/source/family/family';
import { memoryWorkspace } from './support/workspace';

const file = 'file:///w/shop.ts';
const text = `export function list() {
  return load();
}

function load() {
  return db.query();
}
`;
const relative = (name: string, service = 'shop'): Relative => ({ name, service, kind: 2, attributes: {} });
const place = (line: number, confidence = 0.8): SourceCandidate => ({ file, line, confidence, rung: 'literal', reason: '' });

async function callers(
  ancestors: readonly Relative[],
  places: Readonly<Record<string, SourceCandidate>>,
): Promise<readonly Caller[]> {
  const context = new Context({ workspace: memoryWorkspace(['file:///w'], { [file]: text }) }, { pathMappings: {} }, undefined);
  const ask = async ({ name }: Relative): Promise<readonly SourceCandidate[]> => (places[name] ? [places[name]] : []);
  return new Family('shop', context, { ancestors, before: [], children: [] }, ask).callers();
}

it('gives the functions of ancestors, nearest first, each once', async () => {
  const found = await callers([relative('load'), relative('middleware'), relative('GET /'), relative('again')], {
    load: place(5),
    'GET /': place(0),
    again: place(1),
  });
  expect(found.map(({ name, start, end, distance }) => ({ name, start, end, distance }))).toEqual([
    { name: 'load', start: 4, end: 7, distance: 1 },
    { name: 'list', start: 0, end: 3, distance: 3 },
  ]);
});

it('does not take a guess for a caller, nor a span of another service', async () => {
  expect(await callers([relative('load')], { load: place(5, 0.4) })).toEqual([]);
  expect(await callers([relative('load', 'web'), relative('GET /')], { load: place(5), 'GET /': place(0) })).toEqual([]);
});
