// What an answer was made of, and which answers a file takes along when it changes.
import { describe, expect, it } from 'vitest';
import { AnswerCache } from '../../../../src/app/source/answerCache';
import { AllDependencies, noting } from '../../../../src/app/source/dependencies';
import type { Dependencies, SourcePorts, WorkspacePort } from '../../../../src/source';
import { Context } from '../../../../src/source/context/context';
import { Told } from '../../../../src/source/context/told';

const workspace: WorkspacePort = {
  caseSensitive: true,
  folders: () => ['file:///work'],
  exists: async () => true,
  isInside: async () => true,
  findByBaseName: async () => [],
  readText: async () => 'text',
};
const none = async (): Promise<undefined> => undefined;

describe('an answer', () => {
  const made = async (work: (into: Dependencies) => Promise<unknown>) => {
    let times = 0;
    const cache = new AnswerCache<number>({ most: 10, readText: none });
    const ask = (): Promise<number> =>
      cache.get('key', true, async (into) => {
        await work(into);
        return ++times;
      });
    await ask();
    return { cache, ask };
  };
  const touch = (uri: string, isMoved = false) => ({ uri, isMoved });

  it('is made anew when a file changes that was read through a link, under the name that it really has', async () => {
    const real = async (uri: string): Promise<string> => uri.replace('/src/linked.ts', '/packages/real.ts');
    const { cache, ask } = await made((into) =>
      noting({ workspace }, into, real).workspace.readText('file:///work/src/linked.ts', 100),
    );
    expect(cache.touched(touch('file:///work/src/other.ts'), false)).toBe(false);
    expect(await ask()).toBe(1);
    expect(cache.touched(touch('file:///work/packages/real.ts'), false)).toBe(true);
    expect(await ask()).toBe(2);
  });

  it('is made anew whatever the letter case in which the file is told', async () => {
    const { cache, ask } = await made((into) => noting({ workspace }, into, none).workspace.exists('file:///work/Src/A.ts'));
    expect(cache.touched(touch('file:///work/src/a.ts'), false)).toBe(true);
    expect(await ask()).toBe(2);
  });

  it('is made anew when a file of a name came that was looked for, not when it only changed', async () => {
    const { cache, ask } = await made((into) => noting({ workspace }, into, none).workspace.findByBaseName('Cart.ts'));
    expect(cache.touched(touch('file:///work/src/cart.ts'), false)).toBe(false);
    expect(cache.touched(touch('file:///work/src/cart.ts', true), false)).toBe(true);
    expect(await ask()).toBe(2);
  });

  it('that failed is not kept', async () => {
    const cache = new AnswerCache<number>({ most: 10, readText: none });
    const fail = async (): Promise<number> => {
      throw new Error('no');
    };
    await expect(cache.get('key', true, fail)).rejects.toThrow('no');
    expect(await cache.get('key', true, async () => 1)).toBe(1);
  });

  it('is made once for all who ask at the same time', async () => {
    let times = 0;
    const cache = new AnswerCache<number>({ most: 10, readText: none });
    const ask = (): Promise<number> => cache.get('key', true, async () => ++times);
    expect(await Promise.all([ask(), ask(), ask()])).toEqual([1, 1, 1]);
  });

  it('leaves as the least recently used', async () => {
    const cache = new AnswerCache<string>({ most: 3, readText: none });
    const ask = (key: string, value: string): Promise<string> =>
      cache.get(key, true, async (into) => {
        into.file(`file:///${key}`);
        return value;
      });
    for (let i = 0; i < 20; i++) await ask(`key${i}`, 'first');
    expect(await ask('key0', 'second')).toBe('second');
    expect(await ask('key19', 'second')).toBe('first');
    // Of those that left nothing is known any more.
    expect(cache.touched(touch('file:///key1'), false)).toBe(false);
  });
});

it('all dependencies together know what concerns them, until they are told', () => {
  const all = new AllDependencies();
  all.file('file:///work/a.ts');
  all.name('b.ts');
  const concerned = (uri: string, isMoved = false, isSource = true): boolean => all.concernedBy({ uri, isMoved }, isSource);
  expect([concerned('file:///work/a.ts'), concerned('file:///work/b.ts'), concerned('file:///work/b.ts', true)]).toEqual([
    true,
    false,
    true,
  ]);
  all.text();
  expect([concerned('file:///work/c.ts'), concerned('file:///work/c.log', false, false)]).toEqual([true, false]);
  all.clear();
  expect(concerned('file:///work/a.ts', true)).toBe(false);
});

it('is told of what another question had read and found before, under the name that it really has', async () => {
  const answer = { hits: [{ file: 'file:///work/hit.ts', line: 0, text: 'get', column: 0 }], truncated: false };
  const reads: string[] = [];
  const ports: SourcePorts = {
    workspace: {
      ...workspace,
      readText: async (uri) => {
        reads.push(uri);
        return 'text';
      },
    },
    search: { find: async () => answer },
  };
  const places = new Map<string, string>();
  const real = async (uri: string): Promise<string> => uri.replace('linked', 'real');
  const shared = new Context(ports, { pathMappings: {} }, undefined);
  const [first, second] = [new Told(), new Told()];
  for (const told of [first, second]) {
    const context = shared.beside(noting(ports, told, real, places));
    await Promise.all([context.lines('file:///work/linked.ts'), context.text('file:///work/linked.ts'), context.find('get')]);
  }
  expect(reads).toEqual(['file:///work/linked.ts']);
  expect([...first.files].sort()).toEqual(['file:///work/hit.ts', 'file:///work/linked.ts', 'file:///work/real.ts']);
  expect([...second.files].sort()).toEqual([...first.files].sort());
  expect([...second.texts]).toEqual(['get']);
});
