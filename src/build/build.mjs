// @ts-check
// Builds what runs: the extension (CommonJS, for VS Code's Node), the engine's worker, the webview. `node src/build/build.mjs`
// [--watch] [--production]. A missing entry or any error ends with a non-zero code.
//
// The npm package `source-map` decodes mappings with a WebAssembly file that it reads from its own folder at run time
// (`__dirname/mappings.wasm`, lib/read-wasm.js). In a bundle `__dirname` is the bundle's folder, so the file is copied beside it.
//
// The extension host is shared and activation is short, so what the extension needs later (dynamic imports: the query language, source maps) is in
// files of its own, `extension-<name>-<hash>.js`, and is parsed when it is needed. esbuild splits ES modules only and VS Code 1.96 loads CommonJS
// only, so the extension is built as the one and turned into the other.

import { copyFile, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, context, transform } from 'esbuild';
import { instrumentNode } from './instrumentNode.mjs';
import { instrumentPython } from './instrumentPython.mjs';

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/**
 * The bundles. Node 20 is VS Code 1.96's; the webview's browser is that VS Code's Chromium (128).
 * @param {boolean} production Minified and without source maps: what is packaged.
 * @param {string} dist The folder that they are written to.
 * @returns {Promise<import('esbuild').BuildOptions[]>}
 */
async function bundles(production, dist) {
  /** @type {import('esbuild').BuildOptions} */
  const common = {
    absWorkingDir: root,
    bundle: true,
    minify: production,
    // Names of functions and classes are in error reports and in the profiler.
    keepNames: production,
    sourcemap: production ? false : 'linked',
    sourcesContent: false,
    metafile: true,
    logLevel: 'warning',
    legalComments: production ? 'eof' : 'none',
    define: { 'process.env.NODE_ENV': production ? '"production"' : '"development"' },
  };
  /** @type {import('esbuild').BuildOptions} */
  const node = {
    ...common,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    external: ['vscode'],
    mainFields: ['module', 'main'],
  };
  return [
    {
      ...node,
      format: 'esm',
      splitting: true,
      entryPoints: ['src/extension.ts'],
      outdir: dist,
      chunkNames: 'extension-[name]-[hash]',
      write: false,
      sourcemap: production ? false : 'inline',
      plugins: [toCommonJs(production, dist)],
    },
    // The profiler of VS Code, which people send in, is of the extension host; a twentieth of the engine would be names.
    { ...node, keepNames: false, entryPoints: ['src/engine/worker.ts'], outfile: join(dist, 'engine.js') },
    {
      ...common,
      platform: 'browser',
      target: 'chrome128',
      format: 'iife',
      // The form controls come after the first picture.
      entryPoints: { webview: 'webview/main.ts', controls: 'webview/elements/toolkit.ts' },
      outdir: dist,
      loader: { '.ttf': 'dataurl', '.svg': 'dataurl' },
    },
    ...(await instrumentNode(common, dist)),
  ];
}

/**
 * Writes ES modules as CommonJS modules; dynamic imports become calls of `require` when they are reached.
 * @param {boolean} production
 * @param {string} dist
 * @returns {import('esbuild').Plugin}
 */
function toCommonJs(production, dist) {
  return {
    name: 'toCommonJs',
    setup: (hooks) => {
      hooks.onEnd(async ({ outputFiles = [] }) => {
        const written = new Set(['extension.js']);
        for (const { path, text } of outputFiles) {
          const name = basename(path);
          const { code, map } = await transform(text, {
            format: 'cjs',
            platform: 'node',
            target: 'node20',
            supported: { 'dynamic-import': false },
            // Names were kept by the first pass.
            minify: production,
            sourcefile: name,
            sourcemap: production ? false : 'external',
            sourcesContent: false,
            legalComments: 'inline',
          });
          written.add(name);
          await writeFile(path, production ? code : `${code}//# sourceMappingURL=${name}.map\n`);
          if (!production) await writeFile(`${path}.map`, map);
        }
        // What an earlier build split off.
        for (const name of await readdir(dist)) {
          if (name.startsWith('extension-') && !written.has(name.replace(/\.map$/, ''))) await rm(join(dist, name));
        }
      });
    },
  };
}

/** @param {import('esbuild').Metafile} metafile */
function printSizes(metafile) {
  for (const [path, output] of Object.entries(metafile.outputs)) {
    if (path.endsWith('.map')) continue;
    const largest = Object.entries(output.inputs)
      .sort(([, a], [, b]) => b.bytesInOutput - a.bytesInOutput)
      .slice(0, 3)
      .map(([input, { bytesInOutput }]) => `${relative('.', input)} ${kilobytes(bytesInOutput)}`);
    console.log(`${path.padEnd(18)} ${kilobytes(output.bytes).padStart(9)}   ${largest.join(', ')}`);
  }
}

/** @param {number} bytes */
const kilobytes = (bytes) => `${(bytes / 1000).toFixed(1)} kB`;

/** @param {string} dist */
async function copyAssets(dist) {
  await mkdir(dist, { recursive: true });
  const require = createRequire(import.meta.url);
  await copyFile(require.resolve('source-map/lib/mappings.wasm'), join(dist, 'mappings.wasm'));
  await instrumentPython(dist);
}

/**
 * Builds everything into a folder.
 * @param {{ production?: boolean, quiet?: boolean, dist?: string }} [options]
 */
export async function buildAll(options = {}) {
  const dist = options.dist ?? join(root, 'dist');
  await copyAssets(dist);
  for (const each of await bundles(options.production ?? false, dist)) {
    const { metafile } = await build({ ...each, metafile: true });
    if (!options.quiet) printSizes(metafile);
  }
  await checkPage(dist);
}

/**
 * Script and styles stand in the page's HTML (`editor/waterfall/html.ts`): no text of theirs may be read as markup there.
 * Source: HTML, 13.1.2.1, "Restrictions on the contents of raw text elements", and 4.12.1.3 for scripts.
 * @param {string} dist
 */
async function checkPage(dist) {
  for (const name of ['webview.js', 'webview.css']) {
    const found = /<!--|<\/?script|<\/style/i.exec(await readFile(join(dist, name), 'utf8'));
    if (found) throw new Error(`${name} has "${found[0]}" at ${found.index}, which cannot stand in the page.`);
  }
}

async function watch() {
  const dist = join(root, 'dist');
  await copyAssets(dist);
  let building = 0;
  let errors = 0;
  /** @type {import('esbuild').Plugin} */
  const report = {
    name: 'report',
    setup: (hooks) => {
      // F5's background task matches these two lines (.vscode/tasks.json), so they frame all bundles that build at the same time.
      hooks.onStart(() => {
        if (building++ > 0) return;
        errors = 0;
        console.log('[watch] building');
      });
      hooks.onEnd((result) => {
        errors += result.errors.length;
        if (--building === 0) console.log(`[watch] built, ${errors} errors`);
      });
    },
  };
  const contexts = await Promise.all((await bundles(false, dist)).map((each) => context({ ...each, plugins: [report] })));
  await Promise.all(contexts.map((each) => each.watch()));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    if (process.argv.includes('--watch')) await watch();
    else await buildAll({ production: process.argv.includes('--production') });
  } catch (error) {
    // esbuild has printed its own errors, with file and line.
    if (!(error instanceof Error && 'errors' in error)) console.error(error);
    process.exitCode = 1;
  }
}
