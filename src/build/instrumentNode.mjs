// @ts-check
// Builds what is preloaded into people's Node programs (`src/instrument/node`): `preload.cjs`, which is small and in every process; `core.cjs`, which it
// loads where there is something to do; and a file for each instrumentation, loaded with its library.
//
// The OpenTelemetry API in it is a copy that no other copy meets: its global's key is another. Constants of the semantic conventions stand where they are
// used, for the package with all of them takes longer to load than the rest.

import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const source = join(root, 'src', 'instrument', 'node');
const require = createRequire(import.meta.url);

/** As a library's file sees it. */
const core = '../core.cjs';

/** Of these, the instrumentations' files take what `core.cjs` has. */
const sharedPackages = /^@opentelemetry\/(?:api|core|instrumentation)$/;

/**
 * @param {import('esbuild').BuildOptions} common
 * @param {string} dist The folder `dist`.
 * @returns {Promise<import('esbuild').BuildOptions[]>}
 */
export async function instrumentNode(common, dist) {
  const outdir = join(dist, 'instrument', 'node');
  const libraries = JSON.parse(await readFile(join(source, 'libraries.json'), 'utf8'));
  /** @type {import('esbuild').BuildOptions} */
  const node = {
    ...common,
    platform: 'node',
    format: 'cjs',
    outExtension: { '.js': '.cjs' },
    outdir,
    mainFields: ['main'],
  };
  return [
    // Old versions of Node read it, and leave it at that.
    { ...node, entryPoints: { preload: join(source, 'preload.ts') }, target: 'node12' },
    { ...node, entryPoints: { core: join(source, 'core.ts') }, target: 'node18', plugins: [openTelemetry('core')] },
    {
      ...node,
      entryPoints: libraries.map((/** @type {{ name: string, package: string }} */ each) => ({
        in: each.package,
        out: `libraries/${each.name}`,
      })),
      target: 'node18',
      plugins: [openTelemetry('library')],
    },
  ];
}

/**
 * @param {'core' | 'library'} part
 * @returns {import('esbuild').Plugin}
 */
function openTelemetry(part) {
  return {
    name: 'openTelemetry',
    setup: (hooks) => {
      hooks.onResolve({ filter: /^(?:require|import)-in-the-middle$/ }, ({ path }) => ({
        path: join(source, 'loads', path.startsWith('require') ? 'requireInTheMiddle.ts' : 'importInTheMiddle.ts'),
      }));
      hooks.onResolve({ filter: sharedPackages }, ({ path }) =>
        part === 'core' ? { path: require.resolve(path) } : { path, namespace: 'shared' },
      );
      // npm may have put a copy of it below another package.
      hooks.onResolve({ filter: /^@opentelemetry\/resources$/ }, ({ path }) => ({ path: require.resolve(path) }));
      hooks.onLoad({ filter: /.*/, namespace: 'shared' }, ({ path }) => ({
        contents: `module.exports = require(${JSON.stringify(core)}).shared[${JSON.stringify(path)}];`,
        resolveDir: source,
      }));
      hooks.onResolve({ filter: /core\.cjs$/ }, ({ path }) => (path === core ? { path, external: true } : undefined));
      // Patterns of paths that nobody sets.
      hooks.onResolve({ filter: /^minimatch$/ }, ({ path }) => ({ path, namespace: 'none' }));
      hooks.onLoad({ filter: /.*/, namespace: 'none' }, () => ({ contents: 'module.exports = {};' }));
      hooks.onLoad({ filter: /[/\\]@(?:opentelemetry|fastify)[/\\].*\.js$/ }, async ({ path }) => ({
        contents: withConstants(withOwnKeys(await readFile(path, 'utf8'))),
      }));
    },
  };
}

/**
 * Marks of our own on globals and on functions that are wrapped: an instrumentation takes away what bears its marks before it wraps a function, also what
 * another tracing in the program has put there. And nothing is printed into the program's output.
 * @param {string} text
 */
const withOwnKeys = (text) =>
  text
    .replace(/\b__(original|unwrap|wrapped)\b/g, '__spanhop_$1')
    .replaceAll('console.error.bind(console)', '() => {}')
    .replaceAll('`opentelemetry.js.api.', '`spanhop.opentelemetry.js.api.')
    .replaceAll("'io.opentelemetry.js.api.logs'", "'spanhop.opentelemetry.js.api.logs'");

/**
 * Constants of the semantic conventions where they are used. What is no text or number is left to the package.
 * @param {string} text A CommonJS module.
 */
function withConstants(text) {
  let result = text;
  for (const [all, names, specifier] of text.matchAll(
    /const \{([\w\s,]+)\} = require\(["'](@opentelemetry\/semantic-conventions)["']\);?/g,
  )) {
    const values = require(specifier);
    const constants = names.split(',').map((name) => name.trim());
    result = result.replace(all, constants.map((name) => `const ${name} = ${JSON.stringify(values[name])};`).join(' '));
  }
  for (const [all, name, specifier] of text.matchAll(
    /const (\w+) = require\(["'](@opentelemetry\/semantic-conventions(?:\/incubating)?)["']\);/g,
  )) {
    const values = require(specifier);
    result = result.replace(new RegExp(`\\b${name}\\.(\\w+)\\b`, 'g'), (use, constant) =>
      ['string', 'number'].includes(typeof values[constant]) ? JSON.stringify(values[constant]) : use,
    );
    if (!result.replace(all, '').includes(`${name}.`)) result = result.replace(all, '');
  }
  return result;
}
