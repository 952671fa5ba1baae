/**
 * What a file itself puts before the path of a declaration: the class around it, groups and scopes that it stands in or is called on, the
 * router that a variable holds. What other files put before that is read in mounts.ts.
 */

import { indentOf, isBlank } from '../outline/textLines';
import { stringOf } from './arguments';
import { chainBefore } from './chain';
import { constantOf, pathsOf } from './constants';
import type { Declaration } from './declaration';
import type { RouteFile } from './declarations';
import { type Form, notationOf } from './forms';
import type { ClassBase } from './markDeclarations';

export interface Prefix {
  /** As written, joined by slashes. */
  readonly path: string;
  /** The class that it is of. */
  readonly base?: ClassBase;
  /** What the outermost router is called here: `router`, `v1`; a parameter or a variable of which no more is known. */
  readonly root: string | undefined;
  /** The path without what a namespace is called, below which it is only where nothing else is said. */
  readonly bare?: string;
}

const none: Prefix = { path: '', root: undefined };
const maxDepth = 20;

export function prefixesOf(declaration: Declaration, file: RouteFile): readonly Prefix[] {
  const { form, target } = declaration;
  if (form.kind === 'mark' && target !== undefined) {
    const base = innermostClass(file.classes, target);
    if (base) {
      if (declaration.isAbsolute) return [{ ...none, base }];
      const paths = base.paths.length ? base.paths : [{ text: '' }];
      return paths.slice(0, 4).map(({ text }) => ({ path: withTokens(text, base, target, file.lines), base, root: undefined }));
    }
    const own = form.receiver === undefined ? none : receiverPrefix(form.receiver, form, file, 0);
    return own.bare === undefined ? [own] : [own, { ...own, path: own.bare }];
  }
  if (form.name === 'row') return [rowPrefix(form, file)];
  if (form.name === 'route' && !form.list.length && file.language === 'go')
    return [{ ...none, path: prefixBehind(form.line, file.lines) }];
  const included = file.language === 'python' ? inclusionsOf(form, file) : [];
  return included.length ? included.slice(0, 8).map((each) => containerPrefix(each, file, 0)) : [callPrefix(form, file, 0)];
}

/** `rest.WithPrefix("/v1")` of go-zero, behind the list of routes. */
function prefixBehind(line: number, lines: readonly string[]): string {
  for (const text of lines.slice(line + 1, line + maxScope)) {
    const found = /\bWithPrefix\("([^"]{0,200})"\)/.exec(text.slice(0, 300))?.[1];
    if (found !== undefined || /\bAddRoutes\(/.test(text)) return found ?? '';
  }
  return '';
}

/** Lines above a row of a table in which the router is made that gets it. */
const maxScope = 400;

/** Of a row of a table: the last router with a path that is made above it in the blocks that it stands in. */
function rowPrefix(form: Form, file: RouteFile): Prefix {
  const { lines } = file;
  let indent = indentOf(lines[form.line]);
  for (let i = form.line - 1, end = Math.max(0, i - maxScope); i >= end; i--) {
    if (isBlank(lines[i]) || indentOf(lines[i]) > indent) continue;
    indent = indentOf(lines[i]);
    const name = /^\s*(?:(?:const|let|var|val|final|auto)\s+)?\$?(\w+)\s*:?=(?!=)(.{0,300})/.exec(lines[i]);
    if (name && groups.test(name[2])) return receiverPrefix(name[1], { ...form, line: i + 1, column: 0 }, file, 0);
    if (indent === 0) break;
  }
  return none;
}

const groups = /\b(?:[Gg]roup|MapGroup|PathPrefix|scope|Subrouter|nest)\s*\(\s*[^)\s]/;

/** Tokens that ASP.NET fills in. */
export function withTokens(
  path: string,
  base: Pick<ClassBase, 'name'> | undefined,
  target: number,
  lines: readonly string[],
): string {
  if (!path.includes('[')) return path;
  const action = /([\p{L}_][\p{L}\p{N}_]*)\s*(?:<[^<>]*>)?\(/u.exec(lines[target] ?? '')?.[1] ?? '';
  return path
    .replace(/\[controller\]/gi, (base?.name ?? '').replace(/Controller$/, ''))
    .replace(/\[action\]/gi, action.replace(/Async$/, ''));
}

function innermostClass(classes: readonly ClassBase[], line: number): ClassBase | undefined {
  let found: ClassBase | undefined;
  for (const each of classes) if (each.line < line && line < each.end && (!found || each.line > found.line)) found = each;
  return found;
}

/** Of a call: its chain, and what that is called on. */
function callPrefix(form: Form, file: RouteFile, depth: number): Prefix {
  if (depth > maxDepth) return none;
  const { links, head } =
    form.receiver === ')'
      ? chainBefore(file.lines, form.line, form.column, notationOf(file.language))
      : { links: [], head: form.receiver };
  const own = links
    .map(({ name, args }) => {
      const first = args?.list[0];
      if (!first || !linkNames.test(name) || (/^(?:route|at|path|Path|resource)$/.test(name) && args.list.length > 1)) return '';
      // Laravel's is of classes.
      if (name === 'namespace' && file.language === 'php') return '';
      return pathsOf(first, file.lines)[0]?.text ?? '';
    })
    .reverse()
    .join('/');
  const outer = receiverPrefix(head, form, file, depth);
  return { ...outer, path: joinPath(outer.path, own) };
}

const linkNames = /^(?:group|Combo|Group|MapGroup|prefix|PathPrefix|scope|route|at|resource|with_path|path|basePath|namespace)$/;

function joinPath(a: string, b: string): string {
  return a === '' ? b : b === '' ? a : `${a}/${b}`;
}

/** Of what a call is made on, at its place. */
function receiverPrefix(name: string | undefined, at: Form, file: RouteFile, depth: number): Prefix {
  const container = innermostContainer(at, file) ?? (file.language === 'python' ? inclusionsOf(at, file)[0] : undefined);
  if (
    name === undefined ||
    name === ')' ||
    (file.language !== 'python' && /^\p{Lu}/u.test(name)) ||
    /^(?:web|routing|this|self)$/.test(name)
  )
    return container ? containerPrefix(container, file, depth) : { ...none, root: name };
  if (container && binds(container, name)) return containerPrefix(container, file, depth);
  const stated = assignment(name, at.line, file);
  if (!stated) return { ...none, root: name };
  const outer =
    stated.base === undefined || depth > maxDepth
      ? none
      : receiverPrefix(stated.base, { ...at, line: stated.line, column: 0 }, file, depth + 1);
  return {
    path: joinPath(outer.path, stated.path),
    root: outer.root ?? name,
    ...(stated.isNamespace ? { bare: outer.path } : {}),
  };
}

const containers =
  /^(?:(?:ns|new)namespace|group|route|scope|namespace|nest|register|(?:re_)?path|url|pathprefix|resource|resources|service|configure|use|mount|mapgroup|subroute|route_param|on|prefix|controller|push)$/i;

/** What is asked of a file for each of its routes, found once. */
class Known {
  private static readonly files = new WeakMap<RouteFile, Known>();
  readonly containers: readonly Form[];
  /** What each of them puts before all that is in it. */
  readonly prefixes = new Map<Form, Prefix>();
  private readonly included = new Map<string, readonly Form[]>();
  private readonly stated = new Map<string, readonly number[]>();

  private constructor(private readonly file: RouteFile) {
    this.containers = file.forms.filter((form) => form.kind === 'call' && containers.test(form.name));
  }

  static of(file: RouteFile): Known {
    let known = Known.files.get(file);
    if (!known) {
      known = new Known(file);
      Known.files.set(file, known);
    }
    return known;
  }

  /** Calls that include the list of a name. */
  inclusions(name: string): readonly Form[] {
    let found = this.included.get(name);
    if (!found) {
      const included = new RegExp(`\\binclude\\(\\s*\\(?\\s*${name}\\b`);
      const isOf = ({ kind, list }: Form): boolean => kind === 'call' && list.some(({ text }) => included.test(text));
      found = this.included.size < maxNames ? this.file.forms.filter(isOf) : [];
      this.included.set(name, found);
    }
    return found;
  }

  /** Lines in which a name gets a value. */
  assigned(name: string, stated: RegExp): readonly number[] {
    let found = this.stated.get(name);
    if (!found) {
      found = this.stated.size < maxNames ? linesThat(this.file.lines, (text) => text.includes(name) && stated.test(text)) : [];
      this.stated.set(name, found);
    }
    return found;
  }
}

/** Different names of one file that are looked for. */
const maxNames = 200;

function linesThat(lines: readonly string[], hold: (text: string) => boolean): readonly number[] {
  return lines.flatMap((text, line) => (text.length < 1_000 && hold(text) ? [line] : []));
}

/** The nearest call in whose arguments or block a place is. */
function innermostContainer(at: Form, file: RouteFile): Form | undefined {
  let found: Form | undefined;
  for (const form of Known.of(file).containers) {
    if (form.line > at.line) break;
    if (!isAround(form, at)) continue;
    if (!found || form.line > found.line || (form.line === found.line && form.column > found.column)) found = form;
  }
  return found;
}

/** In Django a list of routes has a name, and is included by it, once or for each version: `path("boats/", include(boat_urls))`. */
function inclusionsOf(at: Form, file: RouteFile): readonly Form[] {
  const { lines } = file;
  const indent = indentOf(lines[at.line]);
  for (let i = at.line, end = Math.max(0, at.line - 500); i >= end; i--) {
    if (i === at.line ? !/^\w+\s*=\s*\[/.test(lines[i]) : isBlank(lines[i]) || indentOf(lines[i]) >= indent) continue;
    const name = /^\s*(\w+)\s*(?::[^=]{0,80})?\+?=\s*[[(]/.exec(lines[i].slice(0, 200))?.[1];
    if (name === undefined || name === 'urlpatterns') return [];
    return Known.of(file).inclusions(name);
  }
  return [];
}

function isAround(form: Form, { line, column }: Form): boolean {
  const begins = form.line < line || (form.line === line && form.column < column);
  const ends =
    form.endLine > line || (form.endLine === line && form.endColumn > column) || (form.lastLine > line && line > form.endLine);
  return begins && ends;
}

/** The function that a group is given calls its router so. */
function binds({ list, receiver }: Form, name: string): boolean {
  return list.some(({ text }) => {
    // `m.Group("/orders", func() { m.Get(…) })` of Macaron is called on the router of all.
    if (receiver === name && /^(?:func|function\s?)\(\)\s*\{/.test(text)) return true;
    const head = /^(?:async\s+|static\s+)?(?:function|func|fn|fun|\(|\||\w+\s*=>)/.test(text)
      ? text.slice(0, 160).split(/=>|\{|->/)[0]
      : '';
    return new RegExp(`(?<![\\w])\\$?${name.replace(/\$/g, '')}(?![\\w])`).test(head);
  });
}

function containerPrefix(form: Form, file: RouteFile, depth: number): Prefix {
  const { prefixes } = Known.of(file);
  let prefix = prefixes.get(form);
  if (!prefix) {
    prefix = readContainer(form, file, depth);
    prefixes.set(form, prefix);
  }
  return prefix;
}

function readContainer(form: Form, file: RouteFile, depth: number): Prefix {
  const outer = callPrefix(form, file, depth + 1);
  const isMember = form.name === 'resources' || form.name === 'route_param';
  return {
    ...outer,
    path: joinPath(joinPath(outer.path, statedBy(form, file)), isMember && file.language !== 'ruby' ? '{}' : ''),
  };
}

const namedPrefix =
  /(?<![\w])['"]?(?:prefix|url_prefix|route_prefix|urlPrefix|path_prefix|basePath|base_path)['"]?\s*(?:=>|[:=])\s*(r?f?["'`][^"'`]*["'`]|[\w.]+)/;

/** What a call itself puts before all that is in it. */
function statedBy(form: Form, { lines, language }: RouteFile): string {
  for (const { text } of form.list) {
    // What stands in a function is of the groups that it makes.
    if (/^(?:(?:static|async)\s+)?(?:function\b|fn\b|(?:\([^()]{0,200}\)|\w{1,100})\s*=>)/.test(text)) continue;
    const named = namedPrefix.exec(text)?.[1];
    if (named !== undefined) return pathsOf({ text: named }, lines)[0]?.text ?? '';
  }
  const behind = /^[)\s;]*(?:\.|->)prefix\(\s*['"]([^'"]*)['"]/.exec(
    [lines[form.endLine]?.slice(form.endColumn) ?? '', lines[form.endLine + 1] ?? '', lines[form.endLine + 2] ?? ''].join(' '),
  )?.[1];
  if (behind !== undefined) return behind;
  // `api.add_namespace(orders, "/orders")`
  const first = form.list[form.name === 'add_namespace' ? 1 : 0];
  // `"/orders".nest {` of Spring's routes in Kotlin
  if (!first && form.name === 'nest') return /"([^"]{0,200})"\.$/.exec(lines[form.line].slice(0, form.column))?.[1] ?? '';
  if (!first || /^(?:service|configure|register|controller)$/.test(form.name)) return '';
  if (form.name === 'route_param') return '{}';
  // `pathPrefix("beds" / Segment)`, `path(LongNumber / "reeds")` of Akka HTTP
  if (language === 'scala' && /^[\w"()/ -]{1,200}$/.test(first.text) && /[A-Z/]/.test(first.text))
    return first.text
      .split('/')
      .map((part) => stringOf(part.trim()) ?? '{}')
      .join('/');
  // `Route::group(['middleware' => ['auth']], …)` of Laravel has no path.
  if (language === 'php' && /^(?:\[|array\b)/.test(first.text)) return '';
  if (language === 'ruby') return stringOf(first.text) ?? /^:(\w+)$/.exec(first.text)?.[1] ?? '';
  return pathsOf(first, lines)[0]?.text ?? '';
}

interface Assigned {
  readonly line: number;
  readonly path: string;
  /** What the value was made from: `api` of `v1 = api.group('/v1')`. */
  readonly base: string | undefined;
  /** The path is but the name of a namespace. */
  readonly isNamespace?: true;
}

const made =
  /(?<![\w])(?:[Gg]roup|MapGroup|PathPrefix|scope|with_path|basePath|Subrouter|nest|Path)\s*\(\s*(?:(?:fmt\.Sprintf\(\s*)?(["'`])([^"'`]*)\1|([A-Za-z_][\w.]{1,80})\s*[,)])/g;
const named =
  /(?<![\w])['"]?(?:prefix|url_prefix|route_prefix|urlPrefix|path_prefix|basePath|base_path|path)['"]?\s*(?:=>|[:=])\s*(r?f?["'`][^"'`]*["'`]|[\w.]+(?:\s*\+\s*["'][^"']*["'])?)/;
const maxStatement = 14;
/** Lines above a route in which its router is made. */
const maxAbove = 4_000;

/** The statement that makes a router of a name: the nearest above a line, else any. */
function assignment(name: string, line: number, file: RouteFile): Assigned | undefined {
  const { lines, language } = file;
  const plain = name.replace(/\$/g, '');
  const stated = new RegExp(`(?<![\\w.])\\$?(?:this\\.|self\\.|\\$this->)?${plain}\\s*(?::\\s*[^=]{0,80})?(?::=|=)(?![=>])(.*)$`);
  const all = Known.of(file)
    .assigned(plain, stated)
    .filter((each) => each < line && each >= line - maxAbove);
  const at = all.length > 1 ? (inScope(all, line, lines) ?? all[all.length - 1]) : all[0];
  if (at === undefined) return undefined;
  const first = stated.exec(lines[at])?.[1] ?? '';
  const text = statement(first, lines, at);
  const parts = [...text.matchAll(made)].flatMap((match) => match[2] ?? constantOf(match[3], lines) ?? []);
  const option = parts.length ? undefined : named.exec(text)?.[1];
  const own = option === undefined ? undefined : pathsOf({ text: option }, lines)[0]?.text;
  // A namespace of Flask-RESTX is below its name, a blueprint of Sanic below what follows its name.
  const byName =
    language === 'python' && option === undefined
      ? /\bNamespace\(\s*['"]([^'"]*)|\bBlueprint\([^,()]{1,80},\s*['"](\/[^'"]*)/.exec(text)?.slice(1).find(Boolean)
      : undefined;
  const isGo = language === 'go' && text.includes('WebService');
  // `ws.Path("/orders")` of go-restful, over lines.
  const later = Known.of(file)
    .assigned(isGo ? `${plain}.` : `${plain}.prefix(`, isGo ? new RegExp(`^\\s*${plain}\\.\\s*(?:Path\\("|$)`) : /^/)
    .findLast((each) => !isGo || (each > at && each < line));
  const set =
    later === undefined
      ? undefined
      : /(?:\.prefix\(|\bPath\()\s*['"`]([^'"`]*)/.exec(lines.slice(later, later + (isGo ? 2 : 1)).join(' '))?.[1];
  // An API of Flask-RESTX is of its blueprint.
  const base =
    /^\s*(?:await\s+)?&?\$?(?:this\.|self\.)?([a-z_]\w*)\s*(?:\.|->)/.exec(first)?.[1] ??
    (language === 'python' ? /^\s*(?:\w+\.)?Api\(\s*([a-z_]\w*)\s*[,)]/.exec(text)?.[1] : undefined);
  const path = [...parts, ...((own ?? byName ?? set) ? [own ?? byName ?? set] : [])].join('/');
  return { line: at, path, base, ...(byName !== undefined && path === byName ? { isNamespace: true as const } : {}) };
}

/** The last of some lines whose block goes on to a line: `api := api.Group("/orders")` of the block before is another. */
function inScope(all: readonly number[], line: number, lines: readonly string[]): number | undefined {
  let least = indentOf(lines[line]);
  for (let i = line - 1; i >= all[0]; i--) {
    if (isBlank(lines[i])) continue;
    least = Math.min(least, indentOf(lines[i]));
    if (indentOf(lines[i]) === least && all.includes(i)) return i;
  }
  return undefined;
}

/** Until its brackets are closed. */
function statement(first: string, lines: readonly string[], line: number): string {
  let text = first;
  for (let i = line + 1; i < lines.length && i < line + maxStatement; i++) {
    const open = (text.match(/[([{]/g)?.length ?? 0) - (text.match(/[)\]}]/g)?.length ?? 0);
    if (open <= 0 && !/^\s*(?:\.|->)/.test(lines[i])) break;
    text += ` ${lines[i].slice(0, 300)}`;
  }
  return text.slice(0, 2_000);
}

/** For whoever reads a group's own words: see mounts.ts. */
export function prefixOfCall(form: Form, file: RouteFile): Prefix {
  const outer = callPrefix(form, file, 0);
  return { ...outer, path: joinPath(outer.path, statedBy(form, file)) };
}

export function prefixOfName(name: string, at: Form, file: RouteFile): Prefix {
  return receiverPrefix(name, at, file, 0);
}
