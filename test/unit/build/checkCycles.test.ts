import { describe, expect, it } from 'vitest';
import { circlesOf, cycleProblems } from '../../../src/build/checkCycles.mjs';

const problems = (files: Record<string, string>): string[] => cycleProblems(new Map(Object.entries(files)));

describe('the law of arrows', () => {
  it('allows arrows that go down', () => {
    expect(
      problems({
        'src/extension.ts': "import { a } from './editor/a';",
        'src/editor/a.ts': "import { b } from '../core/b';\nimport type { Api } from '../api';",
        'src/api.ts': "import type { B } from './core/b';",
        'src/core/b.ts': "import { c } from './c';",
        'src/core/c.ts': '',
      }),
    ).toEqual([]);
  });

  it('finds folders in a circle, by types alone and over several, with the files that close it', () => {
    expect(
      problems({
        'src/app/one/a.ts': "import { b } from '../two/b';",
        'src/app/two/b.ts': "import type { C } from '../three';",
        'src/app/three/index.ts': "export * from './c';",
        'src/app/three/c.ts': "const d = await import('../one/d');",
        'src/app/one/d.ts': '',
      }),
    ).toEqual([
      [
        'folders in a circle: src/app/one, src/app/three, src/app/two',
        '    src/app/one/a.ts -> src/app/two/b.ts',
        '    src/app/three/c.ts -> src/app/one/d.ts',
        '    src/app/two/b.ts -> src/app/three/index.ts',
      ].join('\n'),
    ]);
  });

  it('finds a folder and one inside it that need each other', () => {
    expect(
      problems({
        'src/engine/engine.ts': "import { store } from './store/store';",
        'src/engine/store/store.ts': "import type { Emit } from '../emit';",
        'src/engine/emit.ts': '',
      }),
    ).toHaveLength(1);
  });

  it.each(["import { b } from './b';", "import type { B } from './b';"])('finds files that need each other: %s', (line) => {
    expect(problems({ 'webview/a/a.ts': line, 'webview/a/b.ts': "import { a } from './a';" })).toEqual([
      'files that need each other: webview/a/a.ts, webview/a/b.ts',
    ]);
  });

  it('leaves alone what is known to be in a circle, until it is not', () => {
    const files = new Map([
      ['src/engine/a/a.ts', "import type { B } from '../b/b';"],
      ['src/engine/b/b.ts', "import { a } from '../a/a';"],
    ]);
    expect(cycleProblems(files, ['src/engine'])).toEqual([]);
    expect(cycleProblems(files, ['src/engine', 'webview'])).toEqual([
      'webview is in no circle any more: take it out of the list',
    ]);
  });

  it('finds one name for two files of a layer', () => {
    expect(problems({ 'src/core/a/x.ts': '', 'src/core/b/x.ts': '', 'src/app/x.ts': '' })).toEqual([
      'one name for several files: src/core/a/x.ts, src/core/b/x.ts',
    ]);
  });

  it('finds circles that share no arrow apart, and goes deep', () => {
    const chain = Array.from({ length: 50_000 }, (_, i) => [`${i}`, new Map([[`${i + 1}`, '']])] as const);
    const ring = (names: string[]) => names.map((name, i) => [name, new Map([[names[(i + 1) % names.length], '']])] as const);
    expect(circlesOf(new Map([...chain, ...ring(['a', 'b']), ...ring(['x', 'y', 'z'])]))).toEqual([
      ['a', 'b'],
      ['x', 'y', 'z'],
    ]);
  });
});
