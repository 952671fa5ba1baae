// @ts-check
// Builds what is written in TypeScript and does not run through vitest: the tests inside VS Code's extension host (it loads CommonJS)
// into out/test/extension, the benchmarks into out/test/bench. One bundle per file; packages are left out and found in node_modules at
// run time.

import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const sources = join(root, 'test', 'extension');
const out = join(root, 'out', 'test', 'extension');

/** Helpers locate files beside themselves; a bundle must tell them where the source was, not where the bundle is. @type {import('esbuild').Plugin} */
const originalUrls = {
  name: 'original import.meta.url',
  setup: (hooks) => {
    hooks.onLoad({ filter: /[\\/](test|src)[\\/].*\.(ts|mjs)$/ }, ({ path }) => {
      const text = readFileSync(path, 'utf8');
      if (!text.includes('import.meta.url')) return undefined;
      const contents = text.replaceAll('import.meta.url', JSON.stringify(pathToFileURL(path).href));
      return { contents, loader: path.endsWith('.ts') ? 'ts' : 'js', resolveDir: dirname(path) };
    });
  },
};

/**
 * @returns {Promise<{ runner: string, files: string[] }>} The module whose `run` runs the tests, and the test files (paths from test/extension).
 */
export async function buildTests() {
  rmSync(out, { recursive: true, force: true });
  const found = readdirSync(sources, { recursive: true, encoding: 'utf8' });
  const files = found.filter((file) => file.endsWith('.test.ts')).sort();
  await build({
    absWorkingDir: root,
    entryPoints: [join(sources, 'index.ts'), ...files.map((file) => join(sources, file))],
    outdir: out,
    outbase: sources,
    bundle: true,
    format: 'cjs',
    platform: 'node',
    target: 'node20',
    packages: 'external',
    sourcemap: 'inline',
    logLevel: 'warning',
    plugins: [originalUrls],
  });
  return { runner: join(out, 'index.js'), files };
}

/**
 * @param {readonly string[]} names Files in test/bench.
 * @returns {Promise<string[]>} The built modules, in the same order.
 */
export async function buildBenches(names) {
  return buildPrograms('bench', names);
}

/** @returns {Promise<string>} The module that a worker of the fuzzer runs. */
export async function buildFuzz() {
  return (await buildPrograms('fuzz', ['worker.ts']))[0];
}

/** @returns {Promise<string>} The program that asks about spans of public repositories. */
export async function buildEvaluation() {
  return (await buildPrograms('evaluation', ['evaluate.ts']))[0];
}

/** @param {string} folder Below test. @param {readonly string[]} names Files in it. */
async function buildPrograms(folder, names) {
  const outdir = join(root, 'out', 'test', folder);
  rmSync(outdir, { recursive: true, force: true });
  await build({
    absWorkingDir: root,
    entryPoints: names.map((name) => join(root, 'test', folder, name)),
    outdir,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    packages: 'external',
    sourcemap: 'inline',
    logLevel: 'warning',
    plugins: [originalUrls],
  });
  return names.map((name) => join(outdir, name.replace(/\.(mjs|ts)$/, '.mjs')));
}
