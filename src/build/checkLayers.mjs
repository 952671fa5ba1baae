// @ts-check
// The layer law as data, and its check: who may import whom, who may touch Node, VS Code or a package. Type-only imports count as
// well, because a layer that knows another one's types cannot live without it. Reads import statements as text: the compilers
// erase types before anyone could look at them. `node src/build/checkLayers.mjs` prints `file:line problem` and exits non-zero.

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { dirname, join, posix, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cycleProblems } from './checkCycles.mjs';
import { importsOf } from './imports.mjs';

/**
 * @typedef {object} Layer
 * @property {string} name
 * @property {string} path Folder, or a single file.
 * @property {readonly string[] | 'all'} layers Layers that it may import besides itself.
 * @property {readonly string[] | 'all'} packages Packages that it may import. Each must be in `dependencies`.
 * @property {boolean} [node] May import Node's own modules.
 * @property {boolean | 'types'} [vscode] May import `vscode`, or its types only.
 */

/** The first layer whose path holds a file is the file's layer. @type {readonly Layer[]} */
const layerLaw = [
  { name: 'composition root', path: 'src/extension.ts', layers: 'all', packages: [], node: true, vscode: true },
  { name: 'composition root', path: 'src/composition.ts', layers: 'all', packages: [], node: true, vscode: true },
  { name: 'api', path: 'src/api.ts', layers: ['core', 'protocol'], packages: [], vscode: 'types' },
  { name: 'base', path: 'src/base', layers: [], packages: ['p-limit', 'quick-lru'] },
  { name: 'core', path: 'src/core', layers: ['base'], packages: ['re2js'] },
  { name: 'code', path: 'src/code', layers: ['base', 'core'], packages: [] },
  { name: 'source', path: 'src/source', layers: ['base', 'core', 'code'], packages: ['diff', 'jsonc-parser', 'yaml'] },
  { name: 'protocol', path: 'src/protocol', layers: ['base', 'core', 'code', 'source'], packages: [] },
  { name: 'backends', path: 'src/backends', layers: ['base', 'core'], packages: 'all', node: true },
  { name: 'capture', path: 'src/capture', layers: ['base', 'core'], packages: 'all', node: true },
  {
    name: 'engine',
    path: 'src/engine',
    layers: ['base', 'core', 'code', 'source', 'protocol', 'capture'],
    packages: 'all',
    node: true,
  },
  {
    name: 'app',
    path: 'src/app',
    layers: ['base', 'core', 'code', 'source', 'protocol', 'backends', 'capture', 'engine'],
    packages: 'all',
    node: true,
  },
  { name: 'editor', path: 'src/editor', layers: 'all', packages: 'all', node: true, vscode: true },
  // It runs in people's programs, not in the editor.
  { name: 'instrument', path: 'src/instrument', layers: ['base', 'core'], packages: 'all', node: true },
  { name: 'build', path: 'src/build', layers: [], packages: 'all', node: true },
  {
    name: 'webview',
    path: 'webview',
    layers: ['base', 'core', 'code', 'source', 'protocol'],
    packages: ['@vscode/webview-ui-toolkit'],
  },
];

/** Packages that exactly one module may import, so that replacing them is a change of one file. @type {Readonly<Record<string, string>>} */
const onlyIn = {
  // Archived by its owner; behind this module any other set of controls can take its place.
  '@vscode/webview-ui-toolkit': 'webview/elements/toolkit.ts',
  // Others' regular expressions are compiled and bounded in one place.
  re2js: 'src/core/text/linearRegExp.ts',
};

/** Folders that still go round in circles. An entry that does so no more is a problem too. @type {readonly string[]} */
const inCircles = [];

/** A file of this many lines is past the point where it should have been split (style: typical 100, look again at 300). */
const maxLines = 400;

/** @param {string} file Path from the project's root, with slashes. */
const layerOf = (file) => layerLaw.find(({ path }) => file === path || file.startsWith(`${path}/`));

/** `@scope/name/sub` and `name/sub` name the package `@scope/name` and `name`. @param {string} specifier */
const packageOf = (specifier) => specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/');

/**
 * What is wrong with one import, or undefined.
 * @param {string} file
 * @param {Layer} layer
 * @param {{ specifier: string, typeOnly: boolean }} found
 * @param {ReadonlySet<string>} dependencies
 * @returns {string | undefined}
 */
function problemOf(file, layer, { specifier, typeOnly }, dependencies) {
  if (specifier.startsWith('.')) {
    const target = posix.join(posix.dirname(file), specifier);
    const other = layerOf(/\.\w+$/.test(target) ? target : `${target}.ts`) ?? layerOf(target);
    if (other === undefined) return `imports '${specifier}', which lies outside src and webview`;
    const inSrc = other.path.startsWith('src/');
    if (other === layer || (layer.layers === 'all' ? inSrc : layer.layers.includes(other.name))) return undefined;
    const allowed = layer.layers === 'all' ? 'all of src' : layer.layers.join(', ') || 'nothing else';
    return `${layer.name} imports ${other.name} ('${specifier}'); it may import ${allowed}`;
  }
  if (specifier === 'vscode') {
    if (layer.vscode === true || (layer.vscode === 'types' && typeOnly)) return undefined;
    return layer.vscode === 'types'
      ? `${layer.name} may import only types of vscode ('import type')`
      : `${layer.name} must not know vscode`;
  }
  if (specifier.startsWith('node:') || builtinModules.includes(specifier)) {
    return layer.node ? undefined : `${layer.name} must run without Node, it imports '${specifier}'`;
  }
  const name = packageOf(specifier);
  const owner = onlyIn[name];
  if (owner !== undefined && owner !== file) return `'${name}' may be imported in ${owner} only`;
  if (layer.packages !== 'all' && !layer.packages.includes(name)) return `${layer.name} must not import the package '${name}'`;
  if (layer.name !== 'build' && !dependencies.has(name)) return `'${name}' is not in package.json's dependencies`;
  return undefined;
}

/** @param {string} file @param {string} text @returns {string[]} */
function tooLong(file, text) {
  const lines = text.split('\n').length - 1;
  return lines > maxLines ? [`${file}:${maxLines + 1} has ${lines} lines; split it by ${maxLines}`] : [];
}

/** Our own code in a folder. @param {string} root @param {string} folder */
function filesOf(root, folder) {
  if (!existsSync(join(root, folder))) return [];
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .map((file) => join(folder, file).split(sep).join('/'))
    .filter((file) => /\.(ts|mts|mjs|js)$/.test(file) && !/\/(?:node_modules|fixtures|results|sample)\//.test(file))
    .sort();
}

/**
 * Checks all of src and webview, and the length of tests.
 * @param {string} root The project's folder.
 * @param {readonly string[]} [left] Folders that still go round in circles.
 * @returns {{ files: number, imports: number, problems: string[], circles: string[] }} Problems as `file:line text`; circles as sentences.
 */
export function checkLayers(root, left = inCircles) {
  const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const dependencies = new Set(Object.keys(manifest.dependencies ?? {}));
  const files = ['src', 'webview'].flatMap((folder) => filesOf(root, folder));
  /** @type {string[]} */
  const problems = [];
  /** @type {Map<string, string>} */
  const texts = new Map();
  let imports = 0;
  for (const file of files) {
    const text = readFileSync(join(root, file), 'utf8');
    texts.set(file, text);
    const layer = layerOf(file);
    if (layer === undefined) {
      problems.push(`${file}:1 belongs to no layer`);
      continue;
    }
    for (const each of importsOf(text)) {
      imports++;
      const problem = problemOf(file, layer, each, dependencies);
      if (problem !== undefined) problems.push(`${file}:${each.line} ${problem}`);
    }
    problems.push(...tooLong(file, text));
  }
  for (const file of filesOf(root, 'test')) problems.push(...tooLong(file, readFileSync(join(root, file), 'utf8')));
  return { files: files.length, imports, problems, circles: cycleProblems(texts, left) };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
  const { files, imports, problems, circles } = checkLayers(root);
  for (const problem of problems) console.log(relative('.', join(root, problem)));
  for (const circle of circles) console.log(circle);
  const count = problems.length + circles.length;
  console.log(`Layers: ${files} files, ${imports} imports, ${count} problems.`);
  if (count > 0) process.exitCode = 1;
}
