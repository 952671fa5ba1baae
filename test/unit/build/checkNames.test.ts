import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { checkNames, deadNames, namedFiles } from '../../../src/build/checkNames.mjs';

const problemsOf = (files: Record<string, string>): string[] => deadNames(new Map(Object.entries(files)));

it('holds in the code', () => {
  expect(checkNames(fileURLToPath(new URL('../../..', import.meta.url))).problems).toEqual([]);
});

describe('what a module gives', () => {
  it('is taken by another, or used in its own file', () => {
    expect(
      problemsOf({
        'src/core/a.ts':
          'export function one() {}\nexport const two = one;\nexport interface Three {}\nexport const four = {} as Three;\n',
        'src/core/b.ts': "import { two } from './a';\nconst { four } = await import('./a');\n",
      }),
    ).toEqual([]);
  });

  it.each([
    ['export function one() {}', 'one is used by nobody'],
    ['export async function* one() {}', 'one is used by nobody'],
    ['export const one = 1;', 'one is used by nobody'],
    ['// one\nexport interface one {}', 'one is used by nobody'],
  ])('%s', (text, problem) => {
    const line = text.split('\n').length;
    const found = problemsOf({ 'src/core/a.ts': text, 'src/core/b.ts': 'const one = 2;\n// import { one } from "./a";\n' });
    expect(found).toEqual([`src/core/a.ts:${line} ${problem}`]);
  });

  it('is taken through an index, or not listed there', () => {
    const files = {
      'src/code/index.ts': "export { one, type Two } from './a';\nexport type * from './b';\n",
      'src/code/a.ts': 'export const one = 1;\nexport type Two = typeof one;\n',
      'src/code/b.ts': 'export {};\n',
    };
    expect(problemsOf({ ...files, 'src/app/c.ts': "import { one } from '../code';\n" })).toEqual([
      'src/code/index.ts:1 Two is taken by nobody through here',
    ]);
    expect(
      problemsOf({ ...files, 'src/app/c.ts': "import { one } from '../code/a';\nimport type { Two } from '../code';\n" }),
    ).toEqual(['src/code/index.ts:1 one is taken by nobody through here']);
  });

  it('may be for somebody outside', () => {
    expect(problemsOf({ 'src/extension.ts': 'export function activate() {}' })).toEqual([]);
  });
});

describe('files that are named', () => {
  const all = ['src/core/model/ids.ts', 'webview/trace/marks.ts'];
  const problems = (file: string, text: string): string[] => namedFiles(file, text, all, new Set(['core', 'engine']));

  it('are there', () => {
    expect(problems('src/README.md', 'In `core/model/ids.ts` and `ids.ts`, `../webview/trace/marks.ts`, of a.ts.')).toEqual([]);
    expect(problems('src/core/a.ts', '/** `core/model/ids.ts` says how; so does `services/cart.ts` of a program. */')).toEqual(
      [],
    );
  });

  it('or are a problem', () => {
    expect(problems('src/README.md', '# Code\n`core/ids/gone.ts`')).toEqual([
      'src/README.md:2 names core/ids/gone.ts, which is not there',
    ]);
    expect(problems('src/core/a.ts', 'const a = 1;\n// As in engine/gone.ts.')).toEqual([
      'src/core/a.ts:2 names engine/gone.ts, which is not there',
    ]);
  });
});
