// Source maps as the engine reads them from disk for the host: positions, texts that maps carry, and what changed on disk.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { InProcessEngine } from '../../support/inProcessEngine';

let folder: string;
const engine = new InProcessEngine();
const folders = (): readonly string[] => [pathToFileURL(folder).toString()];
const uriOf = (name: string): string => pathToFileURL(join(folder, name)).toString();
const source =
  'export function charge(cents: number): number {\n  if (cents > 100) throw new Error("declined");\n  return cents;\n}\n';

async function bundle(text: string): Promise<{ line: number; column: number }> {
  writeFileSync(join(folder, 'pay ü.ts'), text);
  const { outputFiles } = await build({
    entryPoints: [join(folder, 'pay ü.ts')],
    outfile: join(folder, 'app.js'),
    sourcemap: true,
    minify: true,
    format: 'esm',
    write: false,
  });
  for (const { path, contents } of outputFiles) writeFileSync(path, contents);
  const code = outputFiles.find(({ path }) => path.endsWith('.js'))?.text ?? '';
  return { line: 0, column: code.indexOf('new Error') };
}

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'spanhop-maps-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it('leads to the original, and has the text that the map carries', async () => {
  await engine.call('prepareSourceMaps', {});
  const at = await bundle(source);
  const position = await engine.call('originalPosition', { file: uriOf('app.js'), ...at, folders: folders() });
  expect(position).toMatchObject({ source: uriOf('pay ü.ts'), line: 1, hasContent: true, map: uriOf('app.js.map') });
  // The text goes over only when somebody shows it.
  expect(position).not.toHaveProperty('content');
  expect(await engine.call('originalContent', { file: uriOf('app.js'), source: uriOf('pay ü.ts'), folders: folders() })).toBe(
    source,
  );
  expect(
    await engine.call('originalContent', { file: uriOf('app.js'), source: 'file:///other.ts', folders: folders() }),
  ).toBeUndefined();
});

it('follows a build, once it is told', async () => {
  await bundle(source);
  const at = await bundle(`// One.\n// Two.\n${source}`);
  await engine.call('forgetSourceMaps', { uris: [uriOf('app.js.map')] });
  expect(await engine.call('originalPosition', { file: uriOf('app.js'), ...at, folders: folders() })).toMatchObject({ line: 3 });
  rmSync(join(folder, 'app.js.map'));
  await engine.call('forgetSourceMaps', {});
  expect(await engine.call('originalPosition', { file: uriOf('app.js'), ...at, folders: folders() })).toHaveProperty('problem');
});

it('has none of what is not there, or no file', async () => {
  expect(await engine.call('originalPosition', { file: uriOf('missing.js'), line: 0, folders: folders() })).toBeUndefined();
  expect(
    await engine.call('originalPosition', { file: 'vscode-vfs://github/x.js', line: 0, folders: folders() }),
  ).toBeUndefined();
});
