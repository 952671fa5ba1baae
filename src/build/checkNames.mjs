// @ts-check
// The law of names, and its check: what a module gives, somebody takes (an index has no more than is taken through it; what tests alone take stands
// in their support), and the files that comments and READMEs name are there. `node src/build/checkNames.mjs` prints `file:line problem` and exits
// non-zero.

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, posix, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { importsOf } from './imports.mjs';

/** Files whose names somebody outside takes, and who. @type {Readonly<Record<string, string>>} */
const surfaces = {
  'src/extension.ts': 'VS Code',
  'src/api.ts': 'other extensions',
  'src/app/workspace/nodeWorkspace.ts': 'programs without an editor',
  'src/app/source/git/pathGit.ts': 'programs without an editor',
  'src/instrument/node/core.ts': 'files of instrumentations (src/build/instrumentNode.mjs)',
  'src/instrument/node/loads/requireInTheMiddle.ts': '@opentelemetry/instrumentation',
  'src/instrument/node/loads/importInTheMiddle.ts': '@opentelemetry/instrumentation',
};

const comment = /^[ \t]*(?:\/\/[^\n]*|\/\*[\s\S]*?\*\/)/gm;
const declaration = /^export (?:abstract |async )?(?:const|let|function\*?|class|interface|type|enum) (\w+)/gm;
const list = /^export (?:type )?\{([^}]*)\}/gm;
const takenList = /^[ \t]*(?:import|export) (?:type )?\{([^}]*)\} from '([^'\n]+)'/gm;
const taking = /(?:type )?(\w+)(?: as \w+)?/g;

/** Of a text the names that it gives, with their lines. @param {string} text */
function exportsOf(text) {
  const lineAt = (/** @type {number} */ at) => text.slice(0, at).split('\n').length;
  const declared = [...text.matchAll(declaration)].map((match) => ({ name: match[1], line: lineAt(match.index), listed: false }));
  const listed = [...text.matchAll(list)].flatMap(({ 1: names, index }) =>
    [...names.matchAll(/(?:type )?(?:\w+ as )?(\w+)/g)].map(({ 1: name }) => ({ name, line: lineAt(index), listed: true })),
  );
  return [...declared, ...listed];
}

/**
 * Names that nobody takes.
 * @param {ReadonlyMap<string, string>} files Texts of src and webview by their paths from the project's root, with slashes.
 * @returns {string[]} `file:line text`
 */
export function deadNames(files) {
  const code = new Map([...files].map(([file, text]) => [file, text.replace(comment, (found) => found.replace(/[^\n]/g, ' '))]));
  /** @type {Map<string, Set<string>>} Of each file the names that others take. */
  const taken = new Map();
  const whole = (/** @type {string} */ text) => text.match(/\b\w+\b/g) ?? [];
  for (const [file, text] of code) {
    const take = (/** @type {string} */ specifier, /** @type {readonly string[]} */ names) => {
      const path = posix.join(posix.dirname(file), specifier);
      const target = [path, `${path}.ts`, `${path}/index.ts`].find((each) => code.has(each));
      if (target === undefined) return;
      const all = taken.get(target) ?? new Set();
      for (const name of names) all.add(name);
      taken.set(target, all);
    };
    for (const { 1: names, 2: specifier } of text.matchAll(takenList))
      take(
        specifier,
        [...names.matchAll(taking)].map(({ 1: name }) => name),
      );
    // Imports of a namespace, or at run time: any word may be a name of it.
    for (const { specifier } of importsOf(text.replace(takenList, ''))) take(specifier, whole(text));
  }
  const count = (/** @type {string} */ text, /** @type {string} */ name) => whole(text).filter((word) => word === name).length;
  return [...code].flatMap(([file, text]) =>
    surfaces[file] !== undefined || file.startsWith('src/build/')
      ? []
      : exportsOf(text)
          .filter(({ name, listed }) => !taken.get(file)?.has(name) && (listed || count(text, name) < 2))
          .map(
            ({ name, line, listed }) =>
              `${file}:${line} ${name} is ${listed ? 'taken by nobody through here' : 'used by nobody'}`,
          ),
  );
}

const path = /(?<![\w@/.-])(?:\.\.\/)?[\w-]+(?:\/[\w.-]+)*\.(?:ts|mts|mjs|css)\b/g;

/**
 * Files that are named and not there: in a README all, in comments those that begin with one of our folders (others are examples).
 * @param {string} file
 * @param {string} text
 * @param {readonly string[]} all Paths of all files from the project's root, with slashes.
 * @param {ReadonlySet<string>} folders Names of folders of src.
 * @returns {string[]} `file:line text`
 */
export function namedFiles(file, text, all, folders) {
  const isReadme = file.endsWith('.md');
  const isThere = (/** @type {string} */ name) => {
    const plain = name.replace(/^\.\.\//, '');
    return all.some((each) => each === plain || each.endsWith(`/${plain}`));
  };
  const parts = isReadme ? [...text.matchAll(/`[^`\n]+`/g)] : [...text.matchAll(comment)];
  return parts.flatMap(({ 0: part, index }) =>
    [...part.matchAll(path)]
      .filter(({ 0: name }) => (isReadme || folders.has(name.split('/')[0])) && !isThere(name))
      .map(
        ({ 0: name, index: at }) => `${file}:${text.slice(0, index + at).split('\n').length} names ${name}, which is not there`,
      ),
  );
}

/** @param {string} root @param {string} folder */
const filesOf = (root, folder) =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .map((file) => `${folder}/${file.split(sep).join('/')}`)
    .filter((file) => !/\/(?:node_modules|fixtures|results)\//.test(file))
    .sort();

/**
 * Checks all of src and webview, and the READMEs of src and test.
 * @param {string} root The project's folder.
 * @returns {{ files: number, problems: string[] }} Problems as `file:line text`.
 */
export function checkNames(root) {
  const all = ['src', 'webview', 'test'].flatMap((folder) => filesOf(root, folder));
  const own = all.filter((file) => /^(?:src|webview)\/.*(?<!\.d)\.(?:ts|mjs)$/.test(file));
  const texts = new Map(own.map((file) => [file, readFileSync(join(root, file), 'utf8')]));
  const folders = new Set(own.map((file) => file.split('/')[1]).filter((name) => !name.includes('.')));
  const readmes = ['src/README.md', 'test/README.md'].map(
    (file) => /** @type {const} */ ([file, readFileSync(join(root, file), 'utf8')]),
  );
  const named = [...texts, ...readmes].flatMap(([file, text]) => namedFiles(file, text, all, folders));
  const gone = Object.keys(surfaces).filter((file) => !existsSync(join(root, file)));
  return {
    files: own.length,
    problems: [...deadNames(texts), ...named, ...gone.map((file) => `${file}:1 is a surface, and not there`)],
  };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
  const { files, problems } = checkNames(root);
  for (const problem of problems) console.log(relative('.', join(root, problem)));
  console.log(`Names: ${files} files, ${problems.length} problems.`);
  if (problems.length > 0) process.exitCode = 1;
}
