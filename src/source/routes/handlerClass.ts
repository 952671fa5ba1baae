/** The method of a class that answers: a controller's, an invokable class's, one that is inherited. */

import type { SourceFile, SourceSearch } from '../search/sourceSearch';
import { type Definition, definitionsIn, findDefinitions } from '../symbols/findDefinitions';
import { actionNamed } from './actionFiles';
import { type Asked, type HandlerPlace, placeOf } from './handlerPlace';
import { filesOfClass, filesOfImport, near } from './importedFiles';
import { importOf } from './imports';

/** Classes that extend each other, files that a name leads on to. */
const maxHops = 3;

/** The first of some methods in the class, else the class. */
export async function ofClass(
  names: readonly string[],
  methods: readonly string[],
  asked: Asked,
  hops = 0,
): Promise<HandlerPlace | undefined> {
  const { source, lines, search } = asked;
  const from = importOf(names[0], lines, source.language);
  const name = originalName(names, from, source);
  const imported = from === undefined ? [] : await filesOfImport(from, source, search);
  const files = [
    source,
    ...imported,
    ...(source.language === 'python' ? await passedOn(name, imported, search) : []),
    ...(await filesOfClass(withImport(names, from, source), source, search)),
  ].filter(({ file }) => file !== '');
  let type: Definition | undefined;
  const seen = new Set<string>();
  for (const file of files) {
    if (seen.has(file.file) || seen.size > 6) continue;
    seen.add(file.file);
    type = (await definitionsIn(file, name, search)).find(({ kind }) => kind === 'class');
    if (type) break;
  }
  if (!type && source.language !== 'ruby') type = (await classesNamed(name, source, search))[0];
  if (!type) return undefined;
  // `controller: IOrderController`: what implements it answers.
  const isInterface = /\binterface\b/.test((await search.context.lines(type.source.file))?.[type.line]?.slice(0, 300) ?? '');
  const own = isInterface && source.language === 'javascript' ? await implementing(name, methods, search) : undefined;
  if (own) return own;
  const whole: HandlerPlace = { ...placeOf(type, 'class'), isClass: true };
  const inside = await inClass(type, methods, search);
  if (inside) return inside;
  // What a mixin does before a view of a library is no answer.
  const below = methods.filter((method) => method !== 'dispatch');
  const above = await inherited(type, below, asked, hops);
  // What a module of generic views does it does for all of them: what this one is about its class says.
  const isGeneric = above && source.language === 'python' && generic.test(above.source.path.join('/'));
  return above && !isGeneric ? above : whole;
}

/** Modules of views that answer for any model. */
const generic = /(?:^|[/_])generics?(?:[/_.]|$)/i;

/** What a class that is a handler by itself answers with. */
export function methodsOfClass(method: string | undefined, { language }: SourceFile): readonly string[] {
  const verb = (method ?? 'get').toLowerCase();
  switch (language) {
    case 'python':
      return [
        verb,
        `on_${verb}`,
        'dispatch',
        ...(verb === 'get' ? ['list', 'retrieve'] : verb === 'post' ? ['create'] : []),
        '__call__',
      ];
    case 'php':
      return ['__invoke', 'handle', verb, 'process', 'execute', 'run', 'action', 'data'];
    case 'elixir':
      return ['mount', 'call', 'render'];
    case 'ruby':
      return ['call', 'handle'];
    default:
      return [
        'handle',
        'Handle',
        'handleRequest',
        'HandleAsync',
        'ExecuteAsync',
        'apply',
        'ServeHTTP',
        'invoke',
        verb,
        'process',
        'execute',
        'run',
      ];
  }
}

const habits: Readonly<Record<string, readonly string[]>> = {
  GET: ['read', 'index', 'list', 'get', 'show', 'view'],
  POST: ['create', 'store', 'add', 'post'],
  PUT: ['update', 'put', 'replace', 'edit'],
  PATCH: ['update', 'patch', 'edit'],
  DELETE: ['delete', 'destroy', 'remove'],
};

/** Of a class that is only named, in a folder of such: its action, as methods of frameworks and of programs' own are called after it and the verb. */
export async function ofMember(
  names: readonly string[],
  action: string | undefined,
  method: string | undefined,
  asked: Asked,
): Promise<HandlerPlace | undefined> {
  const { source, search } = asked;
  const verb = (method ?? 'GET').toLowerCase();
  const upper = (text: string): string => text[0].toUpperCase() + text.slice(1);
  const written = (name: string): readonly string[] => {
    const end = upper(name);
    return [name, `${name}Async`, `${name}Action`, `action${end}`, `${verb}Action${end}`, `${verb}${end}`, `${verb}_${name}`];
  };
  const single = ['__invoke', 'process', 'handle', 'execute', 'run', 'call'];
  const methods = action === undefined ? [...single, ...(habits[verb.toUpperCase()] ?? []).flatMap(written)] : written(action);
  const [language] = source.language === 'config' ? [...(search.languages ?? ['php' as const])] : [source.language];
  const last = names[names.length - 1];
  // Settings name their classes in full, or in short one of many.
  for (const each of names.length > 1
    ? [names]
    : [
        ['controllers', `${last}Controller`],
        ['controllers', last],
      ]) {
    const place = await ofClass(each, methods, { ...asked, lines: [], source: { ...source, language } });
    if (place) return place;
  }
  return undefined;
}

/** Where the files of a package have a class from: `from .orders import OrderList` of its `__init__.py`. */
async function passedOn(name: string, files: readonly SourceFile[], search: SourceSearch): Promise<readonly SourceFile[]> {
  const found: SourceFile[] = [];
  for (const file of files.slice(0, 2)) {
    const lines = file.path[file.path.length - 1] === '__init__.py' ? await search.context.lines(file.file) : undefined;
    const from = lines && importOf(name, lines, file.language);
    const target = from?.replace(/\.\w+$/, '') ?? '';
    if (target !== '') found.push(...(await filesOfImport(target, file, search)));
  }
  return found;
}

/** `RushMow` of `from rushes import RushMow as Mow`. */
function originalName(names: readonly string[], from: string | undefined, { language }: SourceFile): string {
  const name = names[names.length - 1];
  if (names.length > 1 || from === undefined || language === 'javascript' || language === 'go') return name;
  const last = from.split(/[.\\]|::/).pop();
  return last !== undefined && /^\p{Lu}/u.test(last) ? last : name;
}

/** Its names as the import says them in full. */
function withImport(names: readonly string[], from: string | undefined, { language }: SourceFile): readonly string[] {
  if (from === undefined || language === 'javascript') return names;
  return [...from.split(/[.\\]|::/).filter((part) => part !== ''), ...names.slice(1)];
}

async function classesNamed(name: string, from: SourceFile, search: SourceSearch): Promise<readonly Definition[]> {
  const { found } = await findDefinitions(name, search);
  return found
    .filter(({ kind, source }) => kind === 'class' && source.standing === 'source')
    .sort((a, b) => near(b.source, from) - near(a.source, from));
}

async function inClass(type: Definition, methods: readonly string[], search: SourceSearch): Promise<HandlerPlace | undefined> {
  for (const method of methods) {
    const all = (await definitionsIn(type.source, method, search)).filter(({ kind }) => kind === 'function' || kind === 'field');
    const own =
      all.find(({ containers }) => containers[containers.length - 1] === type.name) ??
      (methods.length === 1 && type.source.language !== 'python' ? all[0] : undefined);
    if (own) return placeOf(own, 'class');
  }
  return undefined;
}

/** In what the class extends, as far as that has a file of its name. */
async function inherited(
  type: Definition,
  methods: readonly string[],
  asked: Asked,
  hops: number,
): Promise<HandlerPlace | undefined> {
  if (hops >= maxHops) return undefined;
  const lines = await asked.search.context.lines(type.source.file);
  const head =
    lines
      ?.slice(type.line, type.line + 8)
      .join(' ')
      .slice(0, 600) ?? '';
  const parents =
    type.source.language === 'python'
      ? /\(([^)]*)\)/.exec(head)?.[1]
      : (/(?:\bextends|<|:)\s+([\w\\.:]+)/.exec(head.slice(head.indexOf(type.name) + type.name.length))?.[1] ?? '');
  for (const parent of (parents ?? '').split(',').slice(0, 3)) {
    const names = parent
      .trim()
      .split(/\\|::|\./)
      .filter((part) => /^\w+$/.test(part));
    if (!names.length || names[names.length - 1] === type.name || !lines) continue;
    const place = await ofClass(names, methods, { ...asked, source: type.source, lines }, hops + 1);
    if (place && !place.isClass) return place;
  }
  return undefined;
}

/** `admin/orders` is answered by `Admin::OrdersController` in `app/controllers/admin/orders_controller.rb`. */
export async function ofAction(controller: string, action: string, asked: Asked): Promise<HandlerPlace | undefined> {
  const { search, source } = asked;
  if (source.language === 'javascript') return ofScriptAction(controller.split('/'), action, asked);
  if (source.language === 'php' || source.language === 'config') return actionNamed(controller, action, asked.words, search);
  const parts = controller.split(/\/|::|\./).map((part) => part.replace(/([a-z0-9])([A-Z])/g, '$1_$2').toLowerCase());
  const last = parts[parts.length - 1];
  for (const name of [`${last}_controller`, last]) {
    // What is named without a module stands in none.
    const files = await filesOfClass(['controllers', ...parts.slice(0, -1), name], source, search);
    // The folders around it are those of its modules.
    const [file] = files.filter(({ path }) =>
      parts.slice(0, -1).every((part, i) => path[path.length - parts.length + i] === part),
    );
    if (!file) continue;
    const [found] = (await definitionsIn(file, action, search)).filter(({ kind }) => kind === 'function');
    if (found) return placeOf(found, 'class');
    const lines = (await search.context.lines(file.file)) ?? [];
    const line = lines.findIndex((text) => text.length < 300 && /^\s*class\s+[\w:]+/.test(text));
    const type = /^\s*class\s+([\w:]+)/
      .exec(lines[line] ?? '')?.[1]
      .split('::')
      .pop();
    if (line < 0 || type === undefined) continue;
    const [defined] = (await definitionsIn(file, type, search)).filter(({ kind }) => kind === 'class');
    const above = defined && (await inherited(defined, [action], { ...asked, source: file, lines }, 0));
    return above ?? { source: file, line, by: 'class', isClass: true };
  }
  return undefined;
}

async function implementing(name: string, methods: readonly string[], search: SourceSearch): Promise<HandlerPlace | undefined> {
  const heads = new RegExp(`\\bclass\\s+(\\w+)[^{]{0,200}\\bimplements\\s[^{]{0,200}\\b${name}\\b`);
  for (const { file, text } of (await search.find(name)).hits) {
    const found = text.length < 500 ? heads.exec(text)?.[1] : undefined;
    const source = found === undefined ? undefined : search.file(file);
    if (found === undefined || source?.standing !== 'source') continue;
    const [type] = (await definitionsIn(source, found, search)).filter(({ kind }) => kind === 'class');
    const place = type && (await inClass(type, methods, search));
    if (place) return place;
  }
  return undefined;
}

/** `orders/list` of Sails is a file, whose `fn` answers, or a function of `OrdersController.js`. */
async function ofScriptAction(
  folders: readonly string[],
  action: string,
  { search, source }: Asked,
): Promise<HandlerPlace | undefined> {
  const [last = ''] = folders.slice(-1);
  for (const [names, isOwn] of [
    [[...folders, action], true],
    [[...folders.slice(0, -1), `${last[0]?.toUpperCase()}${last.slice(1)}Controller`], false],
  ] as const) {
    const files = await filesOfClass(names, source, search);
    const [file] = files.filter(({ path }) =>
      names.slice(0, -1).every((part, i) => path[path.length - names.length + i] === part),
    );
    const lines = file && (await search.context.lines(file.file));
    if (!file || !lines) continue;
    const line = isOwn
      ? lines.findIndex(
          (text) => text.length < 300 && /^\s*(?:async\s+)?fn\s*[(:]|^module\.exports\s*=\s*(?:async\b|function\b|\()/.test(text),
        )
      : ((await definitionsIn(file, action, search)).find(({ kind }) => kind !== 'class')?.line ?? -1);
    if (line >= 0) return { source: file, line, by: 'class' };
  }
  return undefined;
}
