/**
 * The routes that `config/routes.rb` of Rails draws. Most of them stand nowhere as text: `resources :orders` in `namespace :admin` is
 * `GET /admin/orders/:id` and six more, answered by `Admin::OrdersController`. The guide's rules (https://guides.rubyonrails.org/routing.html)
 * are followed for what people write; routes that are made by loops and engines are not.
 */

import type { Steps } from '../../base/steps';
import { isCommentLine } from '../search/literalFiles';
import { argumentsAt, type Notation, namedArgument, stringOf, stringsIn } from './arguments';
import { type Declaration, verbOf, verbsIn } from './declaration';
import { type Form, notationOf } from './forms';

interface Scope {
  /** Indentation of the line that opened it. */
  readonly indent: number;
  readonly path: string;
  /** `admin/` */
  readonly module: string;
  /** Of the innermost resource. */
  readonly controller?: string;
  readonly kind: 'resources' | 'resource' | 'member' | 'collection' | 'other';
}

type Action = readonly [name: string, verbs: readonly string[], on: 'collection' | 'member', tail: string];

const plural: readonly Action[] = [
  ['index', ['GET'], 'collection', ''],
  ['new', ['GET'], 'collection', '/new'],
  ['create', ['POST'], 'collection', ''],
  ['show', ['GET'], 'member', ''],
  ['edit', ['GET'], 'member', '/edit'],
  ['update', ['PATCH', 'PUT'], 'member', ''],
  ['destroy', ['DELETE'], 'member', ''],
];
const singular: readonly Action[] = plural.filter(([name]) => name !== 'index');

const maxRoutes = 5_000;
/** Lines of one step. */
const stepLines = 32;
const call =
  /^(\s*)(resources?|namespace|scope|get|post|put|patch|delete|match|root|member|collection|concern|controller|constraints|defaults|authenticated?|concerns|mount|draw|nested|with_options|shallow|devise_scope|as|if|unless)\b/;

/** Whether a file draws routes of Rails. */
export function drawsRoutes(lines: readonly string[]): boolean {
  return lines.some((text) => text.length < 300 && /\broutes\.draw\b/.test(text)) || isDrawn(lines);
}

/** A file below `config/routes`, which `draw` reads. */
function isDrawn(lines: readonly string[]): boolean {
  const code = lines.filter((text) => text.trim() !== '' && !isCommentLine(text)).slice(0, 3);
  return (
    code.length > 0 && /^(?:namespace|scope|resources?|constraints)\b/.test(code[0]) && code.some((text) => /\bdo\b/.test(text))
  );
}

export function* railsDeclarations(lines: readonly string[]): Steps<readonly Declaration[]> {
  const found: Declaration[] = [];
  const scopes: Scope[] = [];
  const notation = notationOf('ruby');
  let calls = 0;
  for (const [line, text] of lines.entries()) {
    if (line % stepLines === stepLines - 1) yield;
    if (found.length > maxRoutes || calls > maxRoutes) break;
    if (text.length > 1_000 || isCommentLine(text) || text.trim() === '') continue;
    const indent = text.length - text.trimStart().length;
    while (scopes.length && scopes[scopes.length - 1].indent >= indent) scopes.pop();
    const match = call.exec(text);
    // A condition without a block holds nothing.
    if (!match || (/^(?:as|if|unless)$/.test(match[2]) && !/\bdo\b|\{/.test(text))) continue;
    calls++;
    const form = formAt(lines, line, match, notation);
    const { name } = form;
    const end = form.endLine;
    const opens = /\bdo\s*(?:\|[^|]*\|)?\s*(?:#.*)?$/.test(lines[end]) || /\{\s*$/.test(lines[end]);
    const around = scopes[scopes.length - 1] ?? { indent: -1, path: '', module: '', kind: 'other' as const };
    // `collection { get :recent }`
    const inner = /^\s*(?:collection|member)\s*\{\s*([^{}]*)\}/.exec(text)?.[1];
    const within = inner === undefined ? null : call.exec(inner);
    if (inner !== undefined && within)
      found.push(...routesOf({ ...formAt([inner], 0, within, notation), line }, scopeOf(form, around, indent)));
    else if (name === 'resources' || name === 'resource') found.push(...resourceOf(form, around, indent, opens, scopes));
    else if (name === 'root') found.push(...rootOf(form, around));
    else if (name === 'match' || verbOf(name) !== undefined) found.push(...routesOf(form, around));
    else if (opens) scopes.push(scopeOf(form, around, indent));
  }
  return found;
}

function formAt(lines: readonly string[], line: number, match: RegExpExecArray, notation: Notation): Form {
  const text = lines[line];
  const column = match[0].length;
  const args = argumentsAt(lines, line, text[column] === '(' ? column : column + 1, notation, text[column] !== '(');
  const endLine = args?.endLine ?? line;
  const list = args?.list ?? [];
  const endColumn = args?.endColumn ?? column;
  return {
    kind: 'call',
    name: match[2],
    receiver: undefined,
    line,
    column: match[1].length,
    list,
    endLine,
    endColumn,
    lastLine: endLine,
  };
}

const words = (text: string): readonly string[] => [
  ...stringsIn(text),
  ...[...text.matchAll(/(?<![:\w]):(\w+)/g)].map((match) => match[1]),
  ...(/^%[iw][[(]/.test(text) ? (/[[(](.*)[\])]/.exec(text)?.[1] ?? '').trim().split(/\s+/) : []),
];
/** A symbol or a string. */
const word = (text: string | undefined): string | undefined =>
  text === undefined ? undefined : (stringOf(text) ?? /^:(\w+)$/.exec(text)?.[1]);
const option = ({ list }: Form, name: string): string | undefined => namedArgument(list, [name]);
const within = (path: string, more: string): string =>
  more === '' || more === '/' ? path : `${path}/${more.replace(/^\//, '').replace(/\(\.:format\)$/, '')}`;

function resourceOf(form: Form, around: Scope, indent: number, opens: boolean, scopes: Scope[]): readonly Declaration[] {
  const names = form.list.filter(({ text }) => /^:\w+$|^['"]/.test(text) && !/^['"][^'"]*['"]\s*=>/.test(text));
  const isPlural = form.name === 'resources';
  const only = option(form, 'only');
  const except = option(form, 'except');
  const isWanted = (action: string): boolean =>
    (only === undefined || words(only).includes(action) || word(only) === action) &&
    (except === undefined || !(words(except).includes(action) || word(except) === action));
  const found: Declaration[] = [];
  const base = around.kind === 'resources' ? within(around.path, ':id') : around.path;
  const ownModule = word(option(form, 'module'));
  const module = ownModule === undefined ? around.module : `${around.module}${ownModule}/`;
  for (const { text } of names) {
    const name = word(text) ?? '';
    const stated = word(option(form, 'controller'));
    const controller =
      stated === undefined
        ? module + (isPlural ? name : pluralOf(name))
        : stated.startsWith('/')
          ? stated.slice(1)
          : module + stated;
    const path = within(base, word(option(form, 'path')) ?? name);
    for (const [action, verbs, on, tail] of isPlural ? plural : singular) {
      if (!isWanted(action)) continue;
      const full = path + (isPlural && on === 'member' ? '/:id' : '') + tail;
      found.push({
        form,
        line: form.line,
        column: undefined,
        path: full,
        verbs,
        handler: { kind: 'action', controller, action },
      });
    }
    if (opens) scopes.push({ indent, path, module, controller, kind: isPlural ? 'resources' : 'resource' });
  }
  return found;
}

function rootOf(form: Form, around: Scope): readonly Declaration[] {
  const target = word(option(form, 'to')) ?? word(form.list[0]?.text);
  const [controller, action] = target?.split('#') ?? [];
  if (controller === undefined || action === undefined) return [];
  return [
    {
      form,
      line: form.line,
      column: undefined,
      path: around.path || '/',
      verbs: ['GET'],
      handler: { kind: 'action', controller: around.module + controller, action },
    },
  ];
}

function routesOf(form: Form, around: Scope): readonly Declaration[] {
  const verb = verbOf(form.name);
  const via = option(form, 'via');
  const verbs = verb === undefined ? (via === undefined || /:all/.test(via) ? [] : verbsIn(via)) : [verb];
  const arrow = form.list
    .map(({ text }) => /^(['"][^'"]*['"]|:\w+)\s*=>\s*(['"][^'"]+['"]|:\w+)$/.exec(text))
    .find((match) => match);
  const on = word(option(form, 'on'));
  const found: Declaration[] = [];
  const paths = arrow ? [word(arrow[1]) ?? ''] : form.list.map(({ text }) => word(text)).filter((each) => each !== undefined);
  const place = on ?? around.kind;
  const base =
    place === 'member'
      ? within(around.path, around.kind === 'member' || around.kind === 'resource' ? '' : ':id')
      : place === 'resources'
        ? within(around.path, ':id')
        : around.path;
  for (const path of paths) {
    const target = word(arrow?.[2]) ?? word(option(form, 'to'));
    const own = word(option(form, 'controller'));
    const controller = target?.includes('#') ? target.split('#')[0] : own;
    const action = target?.includes('#')
      ? target.split('#')[1]
      : (target ?? word(option(form, 'action')) ?? path.split('/').pop() ?? '');
    const [first, second] = path.replace(/^\//, '').split('/');
    const full =
      controller !== undefined
        ? controller.startsWith('/')
          ? controller.slice(1)
          : around.module + controller
        : (around.controller ?? (second === undefined ? undefined : around.module + first));
    if (full === undefined || /^redirect\b/.test(option(form, 'to') ?? '')) {
      found.push({ form, line: form.line, column: undefined, path: within(base, path), verbs, handler: { kind: 'inline' } });
      continue;
    }
    const handler = { kind: 'action', controller: full, action: action.replaceAll('-', '_') } as const;
    found.push({ form, line: form.line, column: undefined, path: within(base, path), verbs, handler });
  }
  return found;
}

function scopeOf(form: Form, around: Scope, indent: number): Scope {
  const { name, list } = form;
  const first = word(list[0]?.text);
  switch (name) {
    case 'namespace': {
      const module = word(option(form, 'module')) ?? first ?? '';
      return {
        indent,
        path: within(resourcePath(around), word(option(form, 'path')) ?? first ?? ''),
        module: `${around.module}${module}/`,
        kind: 'other',
      };
    }
    case 'scope': {
      const module = word(option(form, 'module'));
      const path = word(option(form, 'path')) ?? first ?? '';
      const controller = word(option(form, 'controller'));
      return {
        ...around,
        indent,
        path: within(resourcePath(around), path),
        module: module === undefined ? around.module : `${around.module}${module}/`,
        kind: 'other',
        ...(controller === undefined ? {} : { controller: around.module + controller }),
      };
    }
    case 'controller':
      return { ...around, indent, kind: 'other', controller: around.module + (first ?? '') };
    case 'member':
      return { ...around, indent, path: around.kind === 'resources' ? within(around.path, ':id') : around.path, kind: 'member' };
    case 'collection':
      return { ...around, indent, kind: 'collection' };
    case 'nested':
      return { ...around, indent, path: resourcePath(around), kind: 'other' };
    default:
      return { ...around, indent };
  }
}

/** What stands inside of a resource is below one of it. */
function resourcePath({ kind, path }: Scope): string {
  return kind === 'resources' ? within(path, ':id') : path;
}

/** A singular resource is answered by a controller in the plural. */
function pluralOf(name: string): string {
  if (/(?:s|x|z|ch|sh)$/.test(name)) return `${name}es`;
  if (/[^aeiou]y$/.test(name)) return `${name.slice(0, -1)}ies`;
  return `${name}s`;
}
