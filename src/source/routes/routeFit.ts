/**
 * How much of a route a declaration accounts for: with its own path, what its file puts before it, what other files mount it below, and what
 * is usual (`api`, `v1`). Compared from the end on; what is left over at the beginning makes it less likely.
 */

import { indentOf, isBlank } from '../outline/textLines';
import type { SourceFile } from '../search/sourceSearch';
import type { Declaration } from './declaration';
import type { RouteFile } from './declarations';
import { type Mount, maker, mountedSegments, plainWord, wordsOfFile } from './mounts';
import { type Prefix, prefixesOf, withTokens } from './prefixes';
import { isNumber, parseRoute, type Route } from './route';

export interface Fit {
  readonly declaration: Declaration;
  readonly source: SourceFile;
  readonly file: RouteFile;
  readonly prefix: Prefix;
  readonly verb: 'same' | 'any' | 'other';
  /** Of the route's segments, from 0 to 1. */
  readonly coverage: number;
  /** All segments are told by texts; by words and habits as well; some by nothing. */
  readonly known: 'all' | 'likely' | 'part';
  readonly score: number;
}

export interface Wanted {
  readonly route: Route;
  /** In upper case. */
  readonly method: string | undefined;
  /** Values stand in it where a declaration has parameters. */
  readonly isConcrete: boolean;
  /** As the span writes it. */
  readonly text: string;
  /** The route ends with a slash, as far as it is told. */
  readonly hasSlash: boolean;
  /** The class that the span names without a method, in lower case, as folders and a file would be called. */
  readonly namespace?: string;
}

type Segments = readonly (string | undefined)[];

/** Undefined where the declaration is another route's. */
export function fitOf(
  declaration: Declaration,
  source: SourceFile,
  file: RouteFile,
  wanted: Wanted,
  mounts: readonly Mount[],
): Fit | undefined {
  const verb = verbFit(declaration, wanted.method);
  let best: Fit | undefined;
  for (const own of alternatives(declaration, file)) {
    // Most declarations of a file are told from it by their own end.
    // A value that is a word is told by what stands before it.
    const isValue = wanted.isConcrete && own.length === 1 && own[0] === undefined;
    if (!isValue && !endsWith(wanted, own)) continue;
    for (const prefix of prefixesOf(declaration, file)) {
      const before = parseRoute(prefix.path)?.segments;
      const fit = before && judge({ declaration, source, file, prefix, verb }, [...before, ...own], own, wanted, mounts);
      if (fit && (!best || fit.score > best.score)) best = fit;
    }
  }
  return best;
}

/** The path; without its optional end; with what ASP.NET fills in. */
function alternatives(declaration: Declaration, file: RouteFile): readonly Segments[] {
  const text = withTokens(declaration.path, classAround(declaration, file), declaration.target ?? declaration.line, file.lines);
  const route = parseRoute(text.replace(/\/?\{\$\}$/, ''));
  if (!route) return [];
  const isOptional = /(?:\?\}?|\?\)?|=[^}/]*\})\/?$/.test(text) && route.segments[route.segments.length - 1] === undefined;
  return isOptional ? [route.segments, route.segments.slice(0, -1)] : [route.segments];
}

function classAround({ target }: Declaration, { classes }: RouteFile): { readonly name: string } | undefined {
  return target === undefined ? undefined : classes.find((each) => each.line < target && target < each.end);
}

function verbFit({ verbs }: Declaration, method: string | undefined): Fit['verb'] {
  if (!verbs.length || method === undefined) return 'any';
  return verbs.includes(method) || (method === 'HEAD' && verbs.includes('GET')) ? 'same' : 'other';
}

function endsWith({ route, isConcrete }: Wanted, end: Segments): boolean {
  const { segments } = route;
  const count = end.length;
  if (count > segments.length) return false;
  for (let i = 1; i <= count; i++) {
    const written = end[count - i];
    const asked = segments[segments.length - i];
    if (written === asked) continue;
    // The number of a route that is made in a loop is a value as well.
    if (written !== undefined || asked === undefined || !(isConcrete || isNumber(asked))) return false;
    // A word alone is seldom a value.
    if (count === 1 && !/\d/.test(asked)) return false;
  }
  return true;
}

type Base = Pick<Fit, 'declaration' | 'source' | 'file' | 'prefix' | 'verb'>;

function judge(base: Base, written: Segments, own: Segments, wanted: Wanted, mounts: readonly Mount[]): Fit | undefined {
  const { segments } = wanted.route;
  const isWhole = endsWith(wanted, written);
  // Some report no more than the router's own part.
  const isOwn = !isWhole && own.length === segments.length && own.some((segment) => segment !== undefined);
  if (!isWhole && !isOwn) return undefined;
  const matched = isWhole ? written : own;
  const rest = segments.slice(0, segments.length - matched.length);
  const words = wordsAround(base);
  // Scopes of Phoenix are around what is below them.
  const elsewhere = base.source.language === 'elixir' ? mounts.filter(({ source }) => source.file !== base.source.file) : mounts;
  const mounted = Math.max(
    mountedSegments(rest, words, elsewhere, base.declaration.form.name === 'action' ? undefined : base.prefix.root),
    spelledSegments(base.source, rest),
  );
  const left = rest.slice(0, rest.length - mounted);
  const credits = left.map((segment) => creditOf(segment, words) || saidIn(segment, base.file));
  const fixed = matched.filter((segment) => segment !== undefined).length;
  const isKnown = credits.every((credit) => credit > 0);
  if (!isKnown && fixed === 0 && mounted === 0) return undefined;
  // `/` below a mount that says all of the route but not its parameter is the mount's list.
  if (matched.length === 0 && left.length > 0 && left[left.length - 1] === undefined && mounted === 0) return undefined;
  if (segments.length > 0 && matched.length === 0 && (base.verb !== 'same' || !isKnown)) return undefined;
  const sum = matched.length + mounted + credits.reduce((a, b) => a + b, 0);
  const coverage = segments.length === 0 ? 1 : sum / segments.length;
  const verb = base.verb === 'same' ? 0.3 : base.verb === 'any' ? 0 : -1;
  // What states nothing of the route is only called like it.
  const unstated = fixed === 0 && mounted === 0 && left.length > 0 ? -0.4 : 0;
  const concrete = wanted.isConcrete && segments.length ? (fixed / segments.length) * 0.2 : 0;
  const client = isClient(base) ? -0.8 : 0;
  // `routes/api/v2/orders.go` is of the second version, whatever it writes of that.
  const versions =
    base.declaration.versions ??
    base.prefix.base?.versions ??
    base.source.path.flatMap((part) => /^v(\d{1,2})$/i.exec(part)?.[1] ?? []);
  const version = segments.find((segment) => segment !== undefined && /^v\d/.test(segment));
  const ofVersion =
    version === undefined || !versions.length ? 0 : versions.includes(version.slice(1).replace(/\.0$/, '')) ? 0.1 : -0.5;
  // A parameter of the same name, and not what catches all.
  const alike = declarationText(base) !== '' && wanted.text.endsWith(declarationText(base)) ? 0.03 : 0;
  const included = includedBelow(base.source, rest, mounts);
  // A namespace of Flask-RESTX is below a path of its own.
  const isBelow =
    !rest.length && base.declaration.handler.kind === 'class' && /namespace|(?:^|_)ns$/i.test(base.prefix.root ?? '');
  const score =
    Math.round(
      (1 +
        coverage +
        verb +
        unstated +
        concrete +
        client +
        included +
        ofVersion +
        alike -
        (isKnown ? 0 : 0.3) -
        (isOwn ? 0.5 : 0) -
        (base.declaration.isDescription ? 0.2 : 0) -
        (isBelow ? 0.2 : 0)) *
        100,
    ) / 100;
  const known = isOwn || !isKnown ? 'part' : left.length ? 'likely' : 'all';
  return { ...base, coverage, known, score };
}

/** `path("api/", include("shop.app.urls"))` says which of files that are alike is below it, and which is below another path. */
function includedBelow({ path, language }: SourceFile, rest: Segments, mounts: readonly Mount[]): number {
  if (language !== 'python' || !rest.length) return 0;
  const module = `.${path.join('.').replace(/\.py$/, '')}.`;
  const own = mounts.filter(
    ({ segments, targets }) =>
      segments.length > 0 && targets.some((target) => /\w\.\w/.test(target) && module.includes(`.${target}.`)),
  );
  const isBelow = own.some(({ segments }) => segments.every((segment, i) => segment === rest[rest.length - segments.length + i]));
  // All that a longer path than the route's is put before is another's.
  const isElsewhere = own.length > 0 && own.every(({ segments }) => segments.length > rest.length);
  return isBelow ? 0.1 : isElsewhere ? -0.5 : 0;
}

/** A folder or a file that stands for a parameter. */
const parameter = /^(?:[#_:$][\p{L}]|[[{(].*[\])}]$)/u;

/** How many of some segments, from the end on, the folders of a file spell: `guests/#guest/bills.ts` of `/guests/:guest/bills`. */
export function spelledSegments({ path, language }: SourceFile, rest: Segments): number {
  if (language !== 'javascript' || rest.length < 2) return 0;
  const stem = (path[path.length - 1] ?? '').replace(/\.\w+$/, '');
  const names = [...path.slice(0, -1), ...(stem === 'index' ? [] : [stem])];
  let count = 0;
  let fixed = 0;
  for (; count < Math.min(rest.length, names.length); count++) {
    const asked = rest[rest.length - 1 - count];
    const name = names[names.length - 1 - count].toLowerCase();
    if (asked === undefined ? !parameter.test(name) : asked !== name) break;
    if (asked !== undefined) fixed++;
  }
  return fixed > 1 || (fixed > 0 && count > fixed) ? count : 0;
}

function declarationText({ declaration }: Base): string {
  return declaration.path.replace(/^\/|\/$/g, '');
}

export function isClient({ declaration, prefix }: Pick<Fit, 'declaration' | 'prefix'>): boolean {
  return declaration.isClient === true || prefix.base?.isClient === true;
}

function wordsAround({ source, prefix, declaration, file }: Base): ReadonlySet<string> {
  // An action of Django REST framework is below what its very class is registered for.
  if (declaration.form.name === 'action')
    return new Set([plainWord(functionAround(declaration.line, file) ?? '')].filter((word) => word !== ''));
  const words = new Set(wordsOfFile(source));
  const add = (name: string | undefined): void => {
    for (const part of [name ?? '', ...(name ?? '').split(/[_-]|(?<=[a-z0-9])(?=[A-Z])/)])
      if (plainWord(part).length >= (part === name ? 2 : 3) && !maker.test(plainWord(part))) words.add(plainWord(part));
  };
  add(prefix.root);
  add(prefix.base?.name);
  add(functionAround(declaration.line, file));
  add(variableAround(declaration.form.line, file));
  return words;
}

/** `ordersRoutes` of `fun Route.ordersRoutes() {`; by indentation. */
function functionAround(line: number, { lines }: RouteFile): string | undefined {
  if (indentOf(lines[line] ?? '') === 0) return undefined;
  for (let i = line - 1, end = Math.max(0, line - 300); i >= end; i--) {
    const found =
      /^(?=\S).*?\b(?:func|fun|fn|def|function|void|class)\s+(?:\((?:\w+\s+)?\*?(\w*)[^)]*\)\s*)?(?:\w+\.)?(\w+)/.exec(
        lines[i].slice(0, 200),
      );
    // Of Go, with the type that has the method.
    if (found) return `${found[1] ?? ''}_${found[2]}`;
  }
  return undefined;
}

/** `reeds` of `let reeds = Router::new()`, on which routes are declared line by line below it. */
function variableAround(line: number, { lines }: RouteFile): string | undefined {
  const indent = indentOf(lines[line]);
  if (!/^\s*(?:\.|->)/.test(lines[line])) return undefined;
  for (let i = line - 1, end = Math.max(0, line - 100); i >= end; i--) {
    if (isBlank(lines[i]) || indentOf(lines[i]) >= indent) continue;
    return /^\s*(?:export\s+)?(?:(?:let|const|var|val)\s+(?:mut\s+)?)?\$?(\w+)\s*(?::[^=]{0,80})?:?=(?!=)/.exec(
      lines[i].slice(0, 200),
    )?.[1];
  }
  return undefined;
}

function creditOf(segment: string | undefined, words: ReadonlySet<string>): number {
  if (segment === undefined) return 0.3;
  if (/^(?:apis?|rest|v\d+(?:\.\d+)?)$/.test(segment)) return 0.6;
  const plain = plainWord(segment);
  return plain.length >= 3 && words.has(plain) ? 0.8 : 0;
}

const saying = new WeakMap<RouteFile, Map<string, number>>();
const maxSaid = 64;

/** What stands before the paths of a file may be said in another call of it: `parseVersion("stock.mill.dev/v1")` of `/apis/stock.mill.dev/v1/flours`. */
function saidIn(segment: string | undefined, file: RouteFile): number {
  if (segment === undefined || segment.length < 5 || !/\W/.test(segment)) return 0;
  const known = saying.get(file) ?? new Map<string, number>();
  saying.set(file, known);
  let said = known.get(segment);
  if (said === undefined) {
    const stated = new RegExp(`["'/]${segment.replace(/\W/g, '\\$&')}["'/]`, 'i');
    const isSaid = known.size < maxSaid && file.lines.some((text) => text.length < 500 && stated.test(text));
    said = isSaid ? 0.8 : 0;
    known.set(segment, said);
  }
  return said;
}
