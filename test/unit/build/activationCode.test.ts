// What is parsed when the extension is activated: not the ladder to source, nor the reader of the query language, which the first question needs.
import { resolve } from 'node:path';
import { build } from 'esbuild';
import { expect, it } from 'vitest';

/** Files that are in the entry, or in what it imports at once. */
async function filesAtActivation(): Promise<string[]> {
  const { metafile } = await build({
    absWorkingDir: resolve(__dirname, '..', '..', '..'),
    entryPoints: ['src/extension.ts'],
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    mainFields: ['module', 'main'],
    external: ['vscode'],
    outdir: 'out/activation',
    write: false,
    metafile: true,
    logLevel: 'error',
  });
  const [entry] = Object.entries(metafile.outputs).find(([, output]) => output.entryPoint === 'src/extension.ts') ?? [''];
  const found = new Set<string>();
  const follow = (path: string): void => {
    if (found.has(path) || !metafile.outputs[path]) return;
    found.add(path);
    for (const { kind, path: next } of metafile.outputs[path].imports) if (kind === 'import-statement') follow(next);
  };
  follow(entry);
  return [...found].flatMap((path) => Object.keys(metafile.outputs[path].inputs));
}

it('leaves to later what the first question needs', async () => {
  const files = await filesAtActivation();
  expect(files).toContain('src/composition.ts');
  const later = [
    'src/source/resolve',
    'src/source/literals/',
    'src/source/stacks/',
    'src/core/query/language',
    'src/core/analysis/',
  ];
  expect(files.filter((file) => later.some((path) => file.startsWith(path)))).toEqual([]);
  expect(
    files.filter((file) =>
      /node_modules\/(?:source-map|yaml|diff|re2js|@aws|@aws-sdk|@smithy|google-auth-library|gaxios)\//.test(file),
    ),
  ).toEqual([]);
});
