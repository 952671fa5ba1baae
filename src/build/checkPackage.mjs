// @ts-check
// `npm run package`: makes the .vsix and checks that it holds what runs and nothing else. It is made in a staging folder, with a
// manifest without the parts that only development needs; so the `dist` of a running window stays as it is.
// Prints each file with its size; any problem ends with a non-zero code.

import { existsSync } from 'node:fs';
import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildAll } from './build.mjs';
import { listZip } from './zip.mjs';

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const staging = join(root, 'out', 'package');

/** Files that must be in the package. */
const required = [
  'package.json',
  'readme.md',
  'changelog.md',
  'LICENSE.txt',
  'dist/extension.js',
  'dist/engine.js',
  'dist/webview.js',
  'dist/controls.js',
  'dist/webview.css',
  'dist/mappings.wasm',
  'dist/instrument/python/sitecustomize.py',
  'dist/instrument/python/spanhop_instrument.dist-info/METADATA',
  'dist/instrument/python/spanhop_instrument.dist-info/entry_points.txt',
  'dist/instrument/node/preload.cjs',
  'dist/instrument/node/core.cjs',
  'dist/instrument/node/libraries/http.cjs',
];

/** Files that may be there besides: what the extension loads later, pictures, the sample trace, translations. */
const allowed = [
  /^dist\/extension-[\w-]+-[A-Z0-9]{8}\.js$/,
  /^dist\/instrument\/python\/spanhop_instrument\/\w+\.py$/,
  /^dist\/instrument\/node\/libraries\/[\w.-]+\.cjs$/,
  /^media\/[\w-]+\.(svg|png|md)$/,
  /^media\/walkthrough\/[\w-]+\.webp$/,
  /^media\/sample\/(?:checkout\.otlp\.json|shop\/[\w./-]+)$/,
  /^package\.nls(\.[\w-]+)?\.json$/,
];

/** A picture of ours in Markdown; its path is the first group. */
const pictureLink = /!\[[^\]]*\]\((media\/[\w./-]+\.(?:webp|png))\)/g;

/** Above this, somebody has bundled something by mistake (bytes of the .vsix). */
const maxPackageBytes = 2_000_000;

/**
 * What is wrong with the list of files of a package.
 * @param {ReadonlyArray<{ name: string }>} entries Names as in the .vsix.
 * @param {unknown} manifest The package.json: each file that it names must be there.
 * @returns {string[]}
 */
export function problemsOfPackage(entries, manifest) {
  const prefix = 'extension/';
  const files = entries.map(({ name }) => name).filter((name) => name.startsWith(prefix) && !name.endsWith('/'));
  const present = new Set(files.map((name) => name.slice(prefix.length)));
  const known = new Set(required);
  const needed = new Set([...required, ...filesNamedIn(manifest)]);
  return [
    ...[...needed].filter((file) => !present.has(file)).map((file) => `${file} is missing in the package`),
    ...[...present]
      .filter((file) => !known.has(file) && !allowed.some((pattern) => pattern.test(file)))
      .map((file) => `${file} must not be in the package`),
  ];
}

/**
 * Relative paths to files of ours anywhere in a manifest, without `./`.
 * @param {unknown} value
 * @returns {string[]}
 */
function filesNamedIn(value) {
  if (typeof value === 'string') return /^(\.\/)?(dist|media)\/[\w./-]+\.\w+$/.test(value) ? [value.replace(/^\.\//, '')] : [];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap(filesNamedIn);
}

/**
 * Makes `out/spanhop-<version>.vsix`.
 * @returns {Promise<string>} Its path.
 */
async function makePackage() {
  await rm(staging, { recursive: true, force: true });
  await mkdir(staging, { recursive: true });
  await buildAll({ production: true, dist: join(staging, 'dist') });
  for (const name of ['README.md', 'CHANGELOG.md', 'LICENSE', 'media', '.vscodeignore']) {
    if (existsSync(join(root, name))) await cp(join(root, name), join(staging, name), { recursive: true });
  }
  const readme = join(staging, 'README.md');
  await writeFile(readme, await withPictures(await readFile(readme, 'utf8'), root));
  const {
    scripts: _scripts,
    devDependencies: _dev,
    dependencies: _bundled,
    private: _private,
    allowScripts: _scriptsOfPackages,
    ...manifest
  } = await readManifest();
  await writeFile(join(staging, 'package.json'), `${JSON.stringify(manifest, undefined, 2)}\n`);
  const vsix = join(root, 'out', `spanhop-${manifest.version}.vsix`);
  await rm(vsix, { force: true });
  // CommonJS, and slow to load: only here.
  const { createVSIX } = createRequire(import.meta.url)('@vscode/vsce');
  await createVSIX({
    cwd: staging,
    packagePath: vsix,
    dependencies: false,
    allowMissingRepository: true,
    rewriteRelativeLinks: false,
  });
  return vsix;
}

/**
 * A page with its pictures in it: VS Code shows none of an installed extension's files on the page about it. Versions that take pictures from nowhere
 * but the web show what they are of instead.
 * @param {string} page Markdown
 * @param {string} folder that its links are relative to
 * @returns {Promise<string>}
 */
export async function withPictures(page, folder) {
  const pictures = new Map();
  for (const [, path] of page.matchAll(pictureLink)) {
    const type = path.slice(path.lastIndexOf('.') + 1);
    pictures.set(path, `data:image/${type};base64,${(await readFile(join(folder, path))).toString('base64')}`);
  }
  return page.replace(pictureLink, (link, path) => link.replace(path, pictures.get(path)));
}

async function readManifest() {
  return JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    const vsix = await makePackage();
    const zip = await readFile(vsix);
    const entries = listZip(zip);
    for (const { name, bytes, packedBytes } of entries) {
      console.log(`${name.padEnd(46)} ${String(bytes).padStart(9)} ${String(packedBytes).padStart(9)}`);
    }
    const problems = problemsOfPackage(entries, await readManifest());
    if (zip.length > maxPackageBytes) problems.push(`the package has ${zip.length} bytes, more than ${maxPackageBytes}`);
    for (const problem of problems) console.log(`✗ ${problem}`);
    console.log(`${relative(root, vsix)}: ${entries.length} files, ${(zip.length / 1000).toFixed(0)} kB`);
    if (problems.length > 0) process.exitCode = 1;
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  }
}
