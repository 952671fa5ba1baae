/** The files that an import, a class or a controller is of, by the index of file names: nothing is searched for. */

import { fileNamesOf, type SourceLanguage } from '../search/languages';
import type { SourceFile, SourceSearch } from '../search/sourceSearch';

const maxFiles = 200;
const maxAnswers = 4;

/** Files that hold what a folder is imported for. */
const ofFolder: Partial<Record<SourceLanguage, readonly string[]>> = {
  javascript: ['index.ts', 'index.js', 'index.tsx', 'index.mjs'],
  python: ['__init__.py'],
  rust: ['mod.rs', 'lib.rs'],
};

/** Best first: `./routes/orders`, `shop.views`, `crate::handlers::orders`, `App\Http\OrderController`. */
export async function filesOfImport(target: string, from: SourceFile, search: SourceSearch): Promise<readonly SourceFile[]> {
  const { language } = from;
  const isRelative = /^\.\.?(?:\/|$)/.test(target) || (language === 'python' && target.startsWith('.'));
  const parts =
    language === 'python'
      ? pythonParts(target, from)
      : isRelative
        ? joined(from.path.slice(0, -1), target.split('/'))
        : named(target, language);
  if (!parts.length) return [];
  const last = parts[parts.length - 1].replace(/\.(?:[cm]?[jt]sx?|vue)$/, '');
  const wanted = [...parts.slice(0, -1), last];
  const found: { readonly file: SourceFile; readonly shared: number }[] = [];
  for (const name of fileNamesOf(last, language)) {
    for (const file of await named_(name, search, wanted[wanted.length - 2])) {
      const place = [...file.path.slice(0, -1), stem(file)];
      const shared = sharedTail(wanted, place);
      if (isRelative ? shared === place.length || shared === wanted.length : shared > 0) found.push({ file, shared });
    }
  }
  for (const name of ofFolder[language] ?? []) {
    for (const file of await named_(name, search, last)) {
      const place = file.path.slice(0, -1);
      const shared = sharedTail(wanted, place);
      if (isRelative ? shared === place.length || shared === wanted.length : shared > 0) found.push({ file, shared });
    }
  }
  found.sort((a, b) => b.shared - a.shared || near(b.file, from) - near(a.file, from));
  const [best] = found;
  return found
    .filter(({ shared }) => shared === best.shared)
    .map(({ file }) => file)
    .slice(0, maxAnswers);
}

/** Files that are called like a class, nearest to a file and to the names around the class first. */
export async function filesOfClass(
  names: readonly string[],
  from: SourceFile,
  search: SourceSearch,
): Promise<readonly SourceFile[]> {
  const last = names[names.length - 1];
  const found: SourceFile[] = [];
  for (const name of fileNamesOf(last, from.language)) found.push(...(await named_(name, search)));
  const score = (file: SourceFile): number =>
    sharedTail(names.slice(0, -1).map(snake), file.path.slice(0, -1).map(snake)) * 10 + near(file, from);
  return found
    .filter(({ standing }) => standing !== 'test')
    .sort((a, b) => score(b) - score(a) || a.path.length - b.path.length)
    .slice(0, maxAnswers);
}

/** @param folder whose come first: a program may have any number of `index.js` */
async function named_(name: string, search: SourceSearch, folder?: string): Promise<readonly SourceFile[]> {
  const uris = await search.context.ports.workspace.findByBaseName(name);
  const isInside = (uri: string): boolean => uri.endsWith(`/${folder}/${name}`);
  return (folder === undefined ? uris : [...uris.filter(isInside), ...uris.filter((uri) => !isInside(uri))])
    .slice(0, maxFiles)
    .map((uri) => search.file(uri))
    .filter((file) => file !== undefined);
}

function named(target: string, language: SourceLanguage): readonly string[] {
  const parts = target
    .split(/[/\\]|::|\.(?!\w+$)|\.(?=\w+$)/)
    .filter((part) => part !== '' && !/^(?:crate|self|super|@|~|#|src|\.|\.\.)$/.test(part));
  if (language !== 'javascript') return parts;
  return target
    .split('/')
    .filter((part) => part !== '' && !/^(?:@|~|#|src|\.|\.\.)$/.test(part))
    .map((part) => part.replace(/^[#~@]/, ''));
}

/** `.views` and `..orders.views` are of the packages around the file. */
function pythonParts(target: string, from: SourceFile): readonly string[] {
  const dots = /^\.*/.exec(target)?.[0].length ?? 0;
  const names = target
    .slice(dots)
    .split('.')
    .filter((name) => name !== '');
  return dots === 0 ? names : [...from.path.slice(0, Math.max(0, from.path.length - dots)), ...names];
}

function joined(folder: readonly string[], parts: readonly string[]): readonly string[] {
  const path = [...folder];
  for (const part of parts) {
    if (part === '..') path.pop();
    else if (part !== '.' && part !== '') path.push(part);
  }
  return path;
}

function stem({ path }: SourceFile): string {
  return (path[path.length - 1] ?? '').replace(/\.\w+$/, '');
}

function sharedTail(a: readonly string[], b: readonly string[]): number {
  let count = 0;
  while (count < a.length && count < b.length && a[a.length - 1 - count].toLowerCase() === b[b.length - 1 - count].toLowerCase())
    count++;
  return count;
}

/** Folders that two files have in common, from the workspace folder on. */
export function near(a: SourceFile, b: SourceFile): number {
  let count = 0;
  while (count < a.path.length - 1 && count < b.path.length - 1 && a.path[count] === b.path[count]) count++;
  return count;
}

function snake(name: string): string {
  return name.replace(/([a-z0-9])([A-Z])/g, '$1_$2').toLowerCase();
}
