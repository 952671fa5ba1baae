/**
 * From what a registration says of its handler to the definition: in the same file, by the file's imports, by the file that a class is called
 * like, and only then by a search for the name. A handler that is not found stays where it is registered.
 */

import { telling } from '../context/evidence';
import type { SourceFile, SourceSearch } from '../search/sourceSearch';
import { type Definition, definitionsIn, findDefinitions } from '../symbols/findDefinitions';
import { actionNamed } from './actionFiles';
import { argumentsAt } from './arguments';
import { ofContract, ofDescribed } from './contractHandlers';
import type { Declaration } from './declaration';
import { notationOf } from './forms';
import { inGroups } from './groupNamespace';
import { methodsOfClass, ofAction, ofClass, ofMember } from './handlerClass';
import { type Asked, type HandlerPlace, placeOf } from './handlerPlace';
import { handlerAmong, optionAt } from './handlerText';
import { takerOf } from './implementation';
import { filesOfImport, near } from './importedFiles';
import { importOf, typeOf } from './imports';
import { plainWord } from './mounts';
import { isUsed, rustPlace } from './rustPlace';
import { viewOfName } from './viewsOfNames';

/**
 * @param method of the request, in upper case
 * @param words of the route, plain
 */
export async function resolveHandler(
  { handler, line }: Pick<Declaration, 'handler' | 'line'>,
  method: string | undefined,
  source: SourceFile,
  search: SourceSearch,
  words?: ReadonlySet<string>,
): Promise<HandlerPlace | undefined> {
  const lines = await search.context.lines(source.file);
  if (!lines || handler.kind === 'inline') return undefined;
  const asked: Asked = { source, lines, search, ...(words ? { words } : {}) };
  const follow = (given: readonly string[], at: number, file: SourceFile): Promise<HandlerPlace | undefined> =>
    resolveHandler({ handler: { kind: 'function', names: given }, line: at }, method, file, search);
  switch (handler.kind) {
    case 'function': {
      const names = source.language === 'php' ? inGroups(handler.names, line, lines) : handler.names;
      const place = await madeOf(await ofFunction(names, line, method, asked), method, search);
      const found =
        (await ifFunction(place, handler, search)) ??
        (handler.or && (await resolveHandler({ handler: handler.or, line }, method, source, search, words)));
      // `'Articles::tags'` is of `ArticlesController`.
      const isShort = source.language === 'php' && names.length > 1 && (!found || found.isClass);
      const named = isShort && actionNamed(names.slice(0, -1).join('/'), names[names.length - 1], words, search);
      return (named && (await named)) || found;
    }
    case 'typed':
      return ofTyped(handler.name, asked);
    case 'contract':
      return ofContract(handler.key, line, asked, follow);
    case 'described':
      return ofDescribed(handler.name, asked, follow);
    case 'named':
      return viewOfName(handler.name, method, asked, (named, at, file) =>
        resolveHandler({ handler: named, line: at }, method, file, search, words),
      );
    case 'class': {
      const action = handler.actions?.get(method ?? 'GET');
      return ofClass(handler.names, action === undefined ? methodsOfClass(method, source) : [action], asked);
    }
    case 'member':
      return ofMember(handler.names, handler.action, method, asked);
    case 'action':
      return ofAction(handler.controller, handler.action, asked);
  }
}

const made =
  /=\s*(?:\[|[\w$.]*(?:async|wrap|catch|caught|handle|create|define|try|safe|compose|pipe|with|protect)\w*(?:<[^<>()]{0,80}>)?\()/i;

/** `const show = [validate, showOrder]`, `const show = caught(showOrder)`: what is registered is but made of the handler. */
async function madeOf(
  place: HandlerPlace | undefined,
  method: string | undefined,
  search: SourceSearch,
): Promise<HandlerPlace | undefined> {
  if (place?.source.language !== 'javascript') return place;
  const { source, line } = place;
  const lines = await search.context.lines(source.file);
  const option = lines && optionAt(lines, line);
  if (lines && option?.kind === 'function')
    return (await ofFunction(option.names, line, method, { source, lines, search })) ?? place;
  if (option?.kind === 'inline') return { ...place, line: option.line };
  const head = made.exec(lines?.[line]?.slice(0, 400) ?? '');
  if (!lines || !head || /=>|\bfunction\b/.test(lines[line].slice(0, head.index))) return place;
  const notation = notationOf(source.language);
  const list = argumentsAt(lines, line, head.index + head[0].length - 1, notation)?.list ?? [];
  const handler = handlerAmong(list, notation);
  if (handler?.kind === 'inline' && head[0].endsWith('[')) return { ...place, line: list[list.length - 1].line };
  return handler?.kind === 'function'
    ? ((await ofFunction(handler.names, line, method, { source, lines, search })) ?? place)
    : place;
}

const takesNext =
  /\(\s*\w*\s*(?:http\.Handler(?:Func)?|gin\.HandlerFunc|echo\.HandlerFunc|fiber\.Handler|httprouter\.Handle)\s*\)/;

/** `list(s.db)` of Go makes a handler; the field that it is given is none, and no more is what is handed the next handler. */
async function ifFunction(
  place: HandlerPlace | undefined,
  handler: { readonly or?: unknown },
  { context }: SourceSearch,
): Promise<HandlerPlace | undefined> {
  if (!place || handler.or === undefined || place.source.language !== 'go') return place;
  const head = (await context.lines(place.source.file))?.[place.line].slice(0, 300) ?? '';
  return /\bfunc\b/.test(head) && !takesNext.test(head) ? place : undefined;
}

/** `get<Orders.ById> {` of Ktor, `fn show(path: OrderPath)` of axum: where the type that says a path is taken. */
async function ofTyped(name: string, { search, source }: Asked): Promise<HandlerPlace | undefined> {
  const word = name.replace(/[^\w.]/g, '');
  if (source.language === 'go') return takerOf(word, source, search);
  const taken = new RegExp(
    `\\b(?:get|post|put|patch|delete|head|options|handle)<${word}\\b|^[^/]*\\bfn\\b.*\\b${word}\\b|^\\s*(?:\\w+|${word}\\s*\\{[^}]*\\})\\s*:\\s*${word}\\s*,`,
  );
  for (const hit of (await search.find(word)).hits) {
    const file = hit.text.length < 500 && taken.test(hit.text) ? search.file(hit.file) : undefined;
    if (file?.language === source.language && file.standing !== 'test') return { source: file, line: hit.line, by: 'class' };
  }
  return undefined;
}

async function ofFunction(
  names: readonly string[],
  line: number,
  method: string | undefined,
  asked: Asked,
): Promise<HandlerPlace | undefined> {
  const last = names[names.length - 1];
  const owner = names[names.length - 2];
  const { source, search, lines } = asked;
  const here = (await definitionsIn(source, last, search)).filter((each) => each.kind !== 'class' && !isImport(lines[each.line]));
  const own = here.filter(({ containers }) => owner === undefined || containers.includes(owner));
  if (source.language === 'rust' && (!own.length || isUsed(names[0], lines))) {
    const found = await rustPlace(names, asked);
    if (found) return found;
  }
  if (own.length) return placeOf(nearest(own, line), 'file');
  const from = importOf(names[0], lines, source.language);
  if (from !== undefined) {
    const found = await ofImport(from, names, asked, 0);
    if (found && !(found.isClass && source.language === 'python')) return found;
  }
  // A class that is called as a whole.
  const isWhole = owner === undefined ? !/^(?:go|csharp)$/.test(source.language) : source.language === 'python';
  if (isWhole && /^\p{Lu}/u.test(last)) {
    const found = await ofClass(names, methodsOfClass(method, source), asked);
    if (found) return found;
  }
  if (owner === undefined) return byName(last, undefined, asked);
  const type = typeOf(owner, asked.lines) ?? (/^\p{Lu}/u.test(owner) ? owner : undefined);
  if (type !== undefined) {
    const inClass = await ofClass([...(type === owner ? names.slice(0, -2) : []), type], [last], asked);
    if (inClass && !inClass.isClass) return inClass;
    const found = await byName(last, type, asked);
    if (found) return found;
    if (inClass) return inClass;
  }
  if (here.length === 1 && /^(?:[a-z]|ctrl|handler|handlers|server|app|api|controller|router)$/i.test(owner))
    return placeOf(here[0], 'file');
  return byName(last, owner, asked, names.slice(0, -2));
}

function nearest(found: readonly Definition[], line: number): Definition {
  return [...found].sort((a, b) => Math.abs(a.line - line) - Math.abs(b.line - line))[0];
}

function isImport(text: string | undefined): boolean {
  return /\brequire\(|\bimport\(/.test(text ?? '');
}

const maxHops = 3;

/** `names[0]` was imported from there; the rest is in it. */
async function ofImport(from: string, names: readonly string[], asked: Asked, hops: number): Promise<HandlerPlace | undefined> {
  const { source, search } = asked;
  const last = names[names.length - 1];
  if (source.language === 'go') return inPackage(from, last, names, search);
  // `from shop.views import list`: the name itself is the last of the path, or a module is.
  const dotted = from.split(/[.\\]|::/);
  const isName = source.language !== 'javascript' && dotted.length > 1 && dotted[dotted.length - 1] !== '';
  const module =
    isName && names.length === 1 ? from.slice(0, from.length - dotted[dotted.length - 1].length).replace(/[.\\:]+$/, '') : from;
  const original = isName && names.length === 1 ? dotted[dotted.length - 1] : last;
  const targets =
    isName && names.length > 1
      ? [from, from.slice(0, from.length - dotted[dotted.length - 1].length).replace(/[.\\:]+$/, '')]
      : [module];
  for (const target of targets.filter((each) => each !== '')) {
    for (const file of await filesOfImport(target, source, search)) {
      const place = await inFile(file, [...names.slice(0, -1), original], search, hops);
      if (place) return place;
    }
  }
  return undefined;
}

async function inFile(
  file: SourceFile,
  names: readonly string[],
  search: SourceSearch,
  hops: number,
): Promise<HandlerPlace | undefined> {
  const last = names[names.length - 1];
  const lines = await search.context.lines(file.file);
  if (!lines) return undefined;
  const found = (await definitionsIn(file, last, search)).filter(({ line, kind }) => !isImport(lines[line]) && kind !== 'class');
  const owner = names[names.length - 2];
  // What a class does not have itself it has from another class, and never from its neighbour.
  if (file.language === 'python' && /^\p{Lu}/u.test(owner ?? '') && !found.some(({ containers }) => containers.includes(owner))) {
    const place = await ofClass([owner], [last], { source: file, lines, search });
    if (place) return place;
  }
  const best =
    found.find(({ containers }) => owner !== undefined && containers.includes(owner)) ??
    found.find(({ kind }) => kind === 'function') ??
    found[0];
  if (best) return placeOf(best, 'import');
  // A class, one of whose methods answers.
  if (names.length === 1 && /^\p{Lu}/u.test(last)) {
    const [type] = (await definitionsIn(file, last, search)).filter(({ kind }) => kind === 'class');
    if (type) return { ...placeOf(type, 'import'), isClass: true };
  }
  const further = reexportOf(names, lines, file);
  if (further !== undefined && hops < maxHops) {
    const place = await ofImport(further, names, { source: file, lines, search }, hops + 1);
    if (place) return place;
  }
  // `views.list`, of a package that has it from one of its modules.
  const own = file.path[file.path.length - 1] === '__init__.py' ? importOf(last, lines, file.language) : undefined;
  if (own !== undefined && hops < maxHops) return ofImport(own, [last], { source: file, lines, search }, hops + 1);
  if (names.length > 1) {
    const inner = importOf(names[names.length - 2], lines, file.language);
    if (inner !== undefined && hops < maxHops) return ofImport(inner, names.slice(-2), { source: file, lines, search }, hops + 1);
    return undefined;
  }
  const exported =
    file.language === 'javascript'
      ? lines.findIndex(
          (text) => text.length < 500 && /^\s*(?:export\s+default\b|module\.exports\s*=\s*(?:async\b|function\b|\())/.test(text),
        )
      : -1;
  return exported < 0 ? undefined : { source: file, line: exported, by: 'import' };
}

/** The module from which a file hands a name on. */
function reexportOf(names: readonly string[], lines: readonly string[], { language }: SourceFile): string | undefined {
  const word = new RegExp(`(?<![\\w$])${names[0].replace(/\$/g, '\\$')}(?![\\w$])`);
  let star: string | undefined;
  for (const text of lines.slice(0, 600)) {
    if (text.length > 600) continue;
    const found = language === 'javascript' ? /^export\s(.*?)\bfrom\s*['"]([^'"]+)['"]/.exec(text.trimStart()) : null;
    if (!found) continue;
    if (word.test(found[1])) return found[2];
    if (found[1].includes('*')) star ??= found[2];
  }
  return star ?? importOf(names[0], lines, language);
}

/** A package of Go is a folder. */
async function inPackage(
  path: string,
  last: string,
  names: readonly string[],
  search: SourceSearch,
): Promise<HandlerPlace | undefined> {
  if (names.length < 2) return undefined;
  const folders = path.replace(/\/v\d+$/, '').split('/');
  const { found } = await findDefinitions(last, search);
  const all = found.filter(({ kind, source }) => kind === 'function' && source.language === 'go' && source.standing !== 'test');
  let best: Definition | undefined;
  let most = 0;
  for (const each of all) {
    const place = each.source.path.slice(0, -1);
    let shared = 0;
    while (
      shared < folders.length &&
      shared < place.length &&
      folders[folders.length - 1 - shared] === place[place.length - 1 - shared]
    )
      shared++;
    const owned = names.length < 3 || each.containers.includes(names[names.length - 2]);
    if (shared > most && owned) {
      most = shared;
      best = each;
    }
  }
  return best && placeOf(best, 'import');
}

/** By a search for the name; `owner` tells several apart: the class around it, or a word of its file. */
async function byName(
  name: string,
  owner: string | undefined,
  { source, search, words }: Asked,
  around: readonly string[] = [],
): Promise<HandlerPlace | undefined> {
  if (name.length < 3) return undefined;
  const { found, truncated } = await findDefinitions(name, search);
  const all = found.filter(
    (each) => each.kind === 'function' && each.source.standing !== 'test' && each.source.language === source.language,
  );
  const score = (each: Definition): number =>
    (owner === undefined ? (each.containers.length ? 0 : 2) : likeness(owner, each)) * 100 +
    near(each.source, source) * 4 +
    (each.source.path.some((part) => /^(?:controllers?|handlers?)$/i.test(part)) ? 10 : 0) +
    // `controllers.admin.orders.close` of `src/controllers/admin/orders.js`
    around.filter((part) => part.length > 2 && each.source.path.includes(part)).length * 20 +
    Math.min(3, each.source.path.filter((part) => words?.has(plainWord(part.replace(/\.\w+$/, '')))).length);
  const ranked = [...all].sort((a, b) => score(b) - score(a));
  const [best, second] = ranked;
  // A common name in a class of another name is another's.
  if (!best || (owner !== undefined && likeness(owner, best) === 0 && (all.length > 1 || !isTelling(name, owner))))
    return undefined;
  if (second && score(second) === score(best)) {
    // A trait of Rust, and what implements it below.
    const same = ranked.filter((each) => score(each) === score(best));
    if (source.language !== 'rust' || same.length > 2 || same.some((each) => each.source.file !== best.source.file))
      return undefined;
    return placeOf(
      same.reduce((a, b) => (a.line > b.line ? a : b)),
      'name',
    );
  }
  if (truncated && all.length > 1 && owner === undefined) return undefined;
  return placeOf(best, 'name');
}

/** Long enough to be of one function, where no class is named that would have to be around it. */
function isTelling(name: string, owner: string): boolean {
  return !/^\p{Lu}/u.test(owner) && telling(name) !== undefined && /[A-Z_].*[A-Z_]|^[a-z]+[A-Z_]\w{3}/.test(name);
}

/** 3: the class is called so; 2, 1: its class, its file are called alike. */
function likeness(owner: string, { containers, source }: Definition): number {
  const plain = (text: string): string =>
    text.toLowerCase().replace(/[^a-z0-9]|handlers?|controllers?|api|services?|server|impl|ctrl|routes?|s$/g, '');
  const inner = containers[containers.length - 1];
  if (inner === owner) return 3;
  if (inner !== undefined && plain(inner).length >= 2 && plain(inner) === plain(owner)) return 2;
  return source.path
    .slice(-2)
    .some((part) => plain(part.replace(/\..*$/, '')).length >= 2 && plain(part.replace(/\..*$/, '')) === plain(owner))
    ? 1
    : 0;
}
