/**
 * What the modules of a file are called where a manifest tells: `example.com/shop/internal/store` by its `go.mod`, `orders::store` by its
 * `Cargo.toml`. Such a path is the whole of it, so a name with another one is of other code, whatever its last words are.
 */

import type { Context } from '../context/context';
import type { SourceFile } from '../search/sourceSearch';

const manifests = { go: 'go.mod', rust: 'Cargo.toml' } as const;
const maxManifests = 200;
/** Crates of one manifest: a library and its binaries. */
const maxNames = 8;

interface Manifest {
  /** URI of its folder. */
  readonly folder: string;
  readonly names: readonly string[];
}

const known = new WeakMap<Context, Map<string, Promise<readonly Manifest[]>>>();

/** Each as segments, any of which it may be; empty where nothing tells. */
export async function modulePathsOf(source: SourceFile, context: Context): Promise<readonly (readonly string[])[]> {
  const { language, file } = source;
  if (language !== 'go' && language !== 'rust') return [];
  const all = await manifestsOf(language, context);
  let nearest: Manifest | undefined;
  for (const manifest of all) {
    if (file.startsWith(`${manifest.folder}/`) && manifest.folder.length > (nearest?.folder.length ?? -1)) nearest = manifest;
  }
  if (!nearest) return [];
  const below = file.slice(nearest.folder.length + 1).split('/');
  if (language === 'go') return nearest.names.map((name) => [...name.split('/'), ...below.slice(0, -1)]);
  // Tests, examples and binaries of their own are crates that the manifest need not name.
  if (below[0] !== 'src' || below[1] === 'bin') return [];
  const stem = below[below.length - 1].replace(/\.rs$/, '');
  const modules = [...below.slice(1, -1), ...(/^(?:main|lib|mod)$/.test(stem) ? [] : [stem])];
  return nearest.names.map((name) => [name.replaceAll('-', '_'), ...modules]);
}

function manifestsOf(language: keyof typeof manifests, context: Context): Promise<readonly Manifest[]> {
  const byLanguage = known.get(context) ?? new Map<string, Promise<readonly Manifest[]>>();
  known.set(context, byLanguage);
  let answer = byLanguage.get(language);
  if (!answer) {
    answer = read(language, context);
    byLanguage.set(language, answer);
  }
  return answer;
}

async function read(language: keyof typeof manifests, context: Context): Promise<readonly Manifest[]> {
  const files = (await context.ports.workspace.findByBaseName(manifests[language])).slice(0, maxManifests);
  const found: Manifest[] = [];
  for (const file of files) {
    const text = (await context.text(file))?.slice(0, 100_000);
    const names = text === undefined ? [] : language === 'go' ? goModule(text) : crates(text);
    if (names.length) found.push({ folder: file.slice(0, file.lastIndexOf('/')), names });
  }
  return found;
}

function goModule(text: string): readonly string[] {
  const name = /^module\s+"?([\w./~-]{1,300})/m.exec(text)?.[1];
  return name === undefined ? [] : [name];
}

/** Names of the package, its library and its binaries. */
function crates(text: string): readonly string[] {
  const names = new Set<string>();
  let section = '';
  for (const line of text.split('\n')) {
    const head = /^\s*\[{1,2}([\w.-]{1,100})\]{1,2}/.exec(line);
    if (head) section = head[1];
    else if (/^(?:package|lib|bin)$/.test(section) && names.size < maxNames) {
      const name = /^\s*name\s*=\s*"([\w-]{1,200})"/.exec(line)?.[1];
      if (name !== undefined) names.add(name);
    }
  }
  return [...names];
}

/**
 * Whether a name is of the module that a file is in, where a manifest tells it. `names` is what is around a function: modules and maybe a class.
 * Undefined where nothing tells.
 */
export async function isOfModule(source: SourceFile, names: readonly string[], context: Context): Promise<boolean | undefined> {
  const [root] = names;
  // Of programs of Go all are called `main`.
  if (root === undefined || root === 'main') return undefined;
  const modules = await modulePathsOf(source, context);
  if (!modules.length) return undefined;
  const begins = (module: readonly string[], path: readonly string[]): boolean => path.every((each, i) => module[i] === each);
  if (modules.some((module) => begins(names, module))) return true;
  const roots = source.language === 'go' ? 3 : 1;
  if (names.length < roots || modules.some((module) => begins(module, names.slice(0, roots)))) return undefined;
  return false;
}
