/**
 * Which file a path of Rust is of, by the layout that Cargo prescribes: modules are files below `src`, a crate is a folder whose `Cargo.toml` says
 * its name (with `-` where code has `_`). Only the index of file names is asked, and the manifests are read.
 * https://doc.rust-lang.org/cargo/guide/project-layout.html
 */

import type { Context } from '../context/context';
import type { SourceFile, SourceSearch } from '../search/sourceSearch';

/** What a file takes of the modules and crates. */
export { usesOf } from './useTree';

export interface ModuleFile {
  readonly file: SourceFile;
  /** What of the path is in the file: a function; a module or a type and a function of it. */
  readonly rest: readonly string[];
}

const maxManifests = 60;
const maxManifest = 200;
const maxFolders = 400;

/** Best first: the modules nearest to what a path of a file names. */
export async function modulesOf(path: readonly string[], from: SourceFile, search: SourceSearch): Promise<readonly ModuleFile[]> {
  const [head, ...rest] = path;
  if (head === undefined || path.length > 24) return [];
  const own = moduleFolder(from);
  const root = sourceRoot(from);
  if (head === 'crate') return present([root && (await deepest(root, rest, search))]);
  if (head === 'self' || head === 'super') {
    let folder = own;
    let at = 0;
    for (; path[at] === 'self' || path[at] === 'super'; at++) if (path[at] === 'super') folder = folder.slice(0, -1);
    return present([await deepest(folder, path.slice(at), search)]);
  }
  const inner = await deepest(own, path, search, 1);
  const crates = await Promise.all((await crateRoots(head, search)).map((folder) => deepest(folder, rest, search)));
  return present([inner, ...crates, root && (await deepest(root, path, search, 1))]);
}

function present(found: readonly (ModuleFile | undefined)[]): readonly ModuleFile[] {
  return found.filter((each) => each !== undefined);
}

/** The module that has most of a path below a folder. @param least parts that have to be modules */
async function deepest(
  folder: readonly string[],
  path: readonly string[],
  search: SourceSearch,
  least = 0,
): Promise<ModuleFile | undefined> {
  for (let count = path.length - 1; count >= least; count--) {
    const file = await moduleAt([...folder, ...path.slice(0, count)], search);
    if (file) return { file, rest: path.slice(count) };
  }
  return undefined;
}

/** `src/reeds.rs` or `src/reeds/mod.rs` of `src/reeds`; `src/lib.rs` or `src/main.rs` of `src`. */
async function moduleAt(place: readonly string[], search: SourceSearch): Promise<SourceFile | undefined> {
  const last = place[place.length - 1];
  if (last === undefined) return undefined;
  if (last === 'src') return (await fileAt([...place, 'lib.rs'], search)) ?? (await fileAt([...place, 'main.rs'], search));
  return (await fileAt([...place.slice(0, -1), `${last}.rs`], search)) ?? (await fileAt([...place, 'mod.rs'], search));
}

async function fileAt(path: readonly string[], search: SourceSearch): Promise<SourceFile | undefined> {
  const end = `/${path.slice(-2).join('/')}`;
  for (const uri of await search.context.ports.workspace.findByBaseName(path[path.length - 1])) {
    if (!uri.endsWith(end)) continue;
    const file = search.file(uri);
    if (file && file.path.length === path.length && file.path.every((part, i) => part === path[i])) return file;
  }
  return undefined;
}

/** Where the modules of a file are. */
function moduleFolder({ path }: SourceFile): readonly string[] {
  const stem = (path[path.length - 1] ?? '').replace(/\.rs$/, '');
  return /^(?:mod|lib|main)$/.test(stem) ? path.slice(0, -1) : [...path.slice(0, -1), stem];
}

function sourceRoot({ path }: SourceFile): readonly string[] | undefined {
  const at = path.lastIndexOf('src');
  return at < 0 ? undefined : path.slice(0, at + 1);
}

const roots = new WeakMap<Context, Map<string, Promise<readonly (readonly string[])[]>>>();

/** The `src` folders of the crates of a name. */
function crateRoots(name: string, search: SourceSearch): Promise<readonly (readonly string[])[]> {
  const known = roots.get(search.context) ?? new Map<string, Promise<readonly (readonly string[])[]>>();
  roots.set(search.context, known);
  let answer = known.get(name);
  if (!answer) {
    answer = findCrates(name, search);
    known.set(name, answer);
  }
  return answer;
}

async function findCrates(name: string, search: SourceSearch): Promise<readonly (readonly string[])[]> {
  const { context } = search;
  const manifests = (await context.ports.workspace.findByBaseName('Cargo.toml'))
    .slice(0, maxFolders)
    .map((uri) => search.file(uri))
    .filter((file) => file !== undefined)
    .map((file) => ({ file, likeness: likeness(name, file.path[file.path.length - 2] ?? '') }))
    .sort((a, b) => b.likeness - a.likeness);
  const found: (readonly string[])[] = [];
  for (const { file } of manifests.slice(0, maxManifests)) {
    if (namesIn((await context.lines(file.file)) ?? []).includes(name)) found.push([...file.path.slice(0, -1), 'src']);
    if (found.length >= 2) break;
  }
  return found;
}

/** Crates of a workspace are often in folders that leave the name of the whole out: `fen_api` in `crates/api`. */
function likeness(name: string, folder: string): number {
  const plain = folder.replace(/-/g, '_');
  return plain === name ? 2 : plain !== '' && name.endsWith(`_${plain}`) ? 1 : 0;
}

/** As code writes them: of the package, and of its library where that has another. */
function namesIn(lines: readonly string[]): readonly string[] {
  const found: string[] = [];
  let table = '';
  for (const text of lines.slice(0, maxManifest)) {
    const head = /^\s*\[+([\w.-]+)\]/.exec(text.slice(0, 200))?.[1];
    if (head !== undefined) table = head;
    const name =
      table === 'package' || table === 'lib' ? /^\s*name\s*=\s*["']([\w-]+)["']/.exec(text.slice(0, 200))?.[1] : undefined;
    if (name !== undefined) found.push(name.replace(/-/g, '_'));
  }
  return found;
}
