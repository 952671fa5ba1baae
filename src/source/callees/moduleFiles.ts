/**
 * Files by the name of a class or a module, as the habit of each language names them: `OrderService` is in `OrderService.java`,
 * `order_service.rb`, `order.service.ts`. Asked of the index of file names, so that it costs nothing.
 */

import type { Context } from '../context/context';
import { languageOfFile, type SourceLanguage, standingOf } from '../search/languages';
import { uriSegments } from '../uri/uri';

const endings: Partial<Record<SourceLanguage, readonly string[]>> = {
  javascript: ['ts', 'js', 'tsx', 'mjs', 'jsx'],
  python: ['py'],
  java: ['java', 'kt'],
  kotlin: ['kt', 'java'],
  scala: ['scala'],
  groovy: ['groovy', 'java'],
  go: ['go'],
  csharp: ['cs'],
  fsharp: ['fs'],
  ruby: ['rb'],
  php: ['php'],
  rust: ['rs'],
  elixir: ['ex'],
  dart: ['dart'],
};

const maxFiles = 12;

/** Of a type: its own file, and those of what implements it. */
export async function filesOfType(type: string, near: string, context: Context): Promise<readonly string[]> {
  const language = languageOfFile(near);
  const all = language === undefined ? undefined : endings[language];
  const words = typeWords(type);
  if (!all || !words.length || type.length > 100) return [];
  const found = await findFiles(stemsOf(type, words, language), all, near, context);
  if (language !== 'go' || words.length < 2) return found;
  // A package is called like the rest: `orderService` is in `order/service.go`.
  const lower = words.map((word) => word.toLowerCase());
  const [last] = lower.slice(-1);
  return [...new Set([...(await findFiles([last], all, near, context, lower.slice(0, -1).join(''))), ...found])];
}

/** Files of a package of Go that are called like what a function is about: `GetOrderLines` is in `order_line.go`, `order.go` or `store.go` of the folder. */
export async function filesOfPackage(
  folders: readonly string[],
  name: string,
  near: string,
  context: Context,
): Promise<readonly string[]> {
  const words = typeWords(name).map((word) => word.toLowerCase());
  const last = folders[folders.length - 1];
  if (last === undefined || !words.length || name.length > 100) return [];
  const about = words.length > 1 ? words.slice(1, 8) : words;
  const pairs = about.slice(1).flatMap((word, i) => [`${about[i]}_${word}`, `${about[i]}${word}`]);
  const one = about.map((word) => word.replace(/ies$/, 'y').replace(/(?<=[a-z]{2}[^s])s$/, ''));
  const whole = [about.join('_'), about.join(''), one.join('_')];
  const habits = ['store', 'service', 'repository', 'repo', 'db', 'dao', 'query', 'queries', 'model', 'models', 'main', words[0]];
  const stems = new Set([
    ...whole,
    ...pairs,
    ...one,
    ...about,
    ...one.map((word) => `${word}s`),
    last.replace(/\W/g, ''),
    ...habits,
  ]);
  const found = await findFiles([...stems], ['go'], near, context, last);
  const outer = folders[folders.length - 2];
  const order = [...stems];
  return found
    .filter((file) => outer === undefined || uriSegments(file).at(-3) === outer)
    .sort((a, b) => order.indexOf(stemOf(a)) - order.indexOf(stemOf(b)));
}

function stemOf(file: string): string {
  return (uriSegments(file).at(-1) ?? '').replace(/\.\w+$/, '');
}

/** Of a path as an import writes it: `../queries/link`, `@/queries/prisma`, `app.crud.orders`, `crate::store`. */
export async function filesOfModule(path: string, near: string, context: Context): Promise<readonly string[]> {
  const language = languageOfFile(near);
  const all = language === undefined ? undefined : endings[language];
  const parts = (/[/\\]/.test(path) ? path.split(/[/\\]+/) : path.split(/\.|::/)).filter(
    (part) => part !== '' && !/^(?:\.+|@|~|#|crate|self|super|src)$/.test(part),
  );
  const last = parts[parts.length - 1];
  if (!all || last === undefined || path.length > 300) return [];
  const stem = last.replace(/\.(?:[cm]?[jt]sx?)$/, '');
  const folder = parts[parts.length - 2]?.replace(/^[@~]/, '');
  const index =
    language === 'python' ? '__init__' : language === 'rust' ? 'mod' : language === 'javascript' ? 'index' : undefined;
  if (language === 'javascript' && path.startsWith('.')) {
    const target = uriSegments(near).slice(0, -1);
    for (const part of path.replace(/\.(?:[cm]?[jt]sx?)$/, '').split('/'))
      if (part === '..') target.pop();
      else if (part !== '.' && part !== '') target.push(part);
    const [file = '', outer] = [target[target.length - 1], target[target.length - 2]];
    const found = [
      ...(await findFiles([file], all, near, context, outer, target.slice(0, -1))),
      ...(await findFiles(['index'], all, near, context, file, target)),
    ];
    if (found.length) return found.slice(0, maxFiles);
  }
  const names = parts.map((part) => part.replace(/^[@~#]/, ''));
  const direct = await findFiles([stem], all, near, context, folder, undefined, language === 'javascript', names.slice(0, -1));
  if (index === undefined) return direct;
  const ofFolder = await findFiles([index], all, near, context, stem, undefined, false, [...names.slice(0, -1), stem]);
  return [...direct, ...ofFolder].slice(0, maxFiles);
}

/** A folder of the module's path tells as much as so many that two files have in common. */
const ofPath = 5;

async function findFiles(
  stems: readonly string[],
  all: readonly string[],
  near: string,
  { ports: { workspace } }: Context,
  folder?: string,
  exact?: readonly string[],
  isOpen = false,
  below: readonly string[] = [],
): Promise<readonly string[]> {
  const lists = await Promise.all(stems.flatMap((stem) => all.map((ending) => workspace.findByBaseName(`${stem}.${ending}`))));
  const place = uriSegments(near);
  const every = [...new Set(lists.flat().slice(0, 400))].map((file) => ({ file, segments: uriSegments(file) }));
  let rated = every.filter(({ segments }) => folder === undefined || segments[segments.length - 2] === folder);
  if (exact)
    rated = rated.filter(
      ({ segments }) => segments.length === exact.length + 1 && exact.every((part, i) => part === segments[i]),
    );
  // `shop/src/orders` of a workspace's packages; `@core/orders` by an alias.
  if (!rated.length && isOpen && folder !== undefined) {
    rated = every.filter(({ segments }) => segments.includes(folder));
    if (!rated.length && every.length === 1) rated = every;
  }
  const rank = ({ segments, file }: (typeof rated)[number]): number => {
    let shared = 0;
    while (shared < segments.length - 1 && segments[shared] === place[shared]) shared++;
    const isLater = standingOf(segments.slice(Math.min(shared, segments.length - 1)), languageOfFile(file)) !== 'source';
    // Of the folders that the module's path names, the last ones.
    let named = 0;
    while (named < below.length && below[below.length - 1 - named] === segments[segments.length - 2 - named]) named++;
    return shared + named * ofPath - (isLater ? 100 : 0);
  };
  return rated
    .map((each) => ({ ...each, rank: rank(each) }))
    .filter((each) => each.rank >= 0)
    .sort((a, b) => b.rank - a.rank)
    .slice(0, maxFiles)
    .map(({ file }) => file);
}

function typeWords(type: string): readonly string[] {
  return (
    type
      // `ShortURLs` are several of one.
      .replace(/(?<=\p{Lu})s(?=$|\p{Lu})/gu, 'S')
      .replace(/([\p{Ll}\p{N}])(?=\p{Lu})/gu, '$1 ')
      .replace(/(\p{Lu})(?=\p{Lu}\p{Ll})/gu, '$1 ')
      .match(/[\p{L}\p{N}]+/gu) ?? []
  );
}

function stemsOf(type: string, words: readonly string[], language: SourceLanguage | undefined): readonly string[] {
  // `IOrders` is an interface, `Item` is not.
  const plain = /^I\p{Lu}\p{Ll}/u.test(type) ? type.slice(1) : type;
  const lower = (plain === type ? words : words.slice(1)).map((word) => word.toLowerCase());
  const snake = lower.join('_');
  switch (language) {
    case 'javascript': {
      const [first, ...rest] = lower;
      const camel = first + rest.map((word) => word[0].toUpperCase() + word.slice(1)).join('');
      const dotted = lower.length > 1 ? `${lower.slice(0, -1).join('-')}.${lower[lower.length - 1]}` : snake;
      return [...new Set([dotted, lower.join('-'), camel, plain, snake, lower.join('.')])];
    }
    case 'java':
    case 'kotlin':
    case 'scala':
    case 'groovy':
    case 'csharp':
      return [...new Set([type, plain, `${plain}Impl`, `${plain}Default`, `Default${plain}`])];
    case 'php':
      return [...new Set([type, plain, type.replace(/Interface$|Contract$/, '')])];
    case 'go':
      return [...new Set([snake, lower.join(''), lower[0], ...(lower.length > 1 ? [lower.slice(0, -1).join('_')] : [])])];
    default:
      return [...new Set([snake, lower.join('')])];
  }
}
