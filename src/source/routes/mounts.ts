/**
 * What other files put before the routes of a file: `app.use('/orders', require('./orders'))`, `include_router(orders.router, prefix="/orders")`,
 * `.nest("/orders", orders::router())`, `orders.Register(api.Group("/orders"))`, `path('orders/', include('shop.orders.urls'))`. Whom they mean
 * is compared by words: what a module is imported as, where from, and what the file is called.
 */

import type { Steps } from '../../base/steps';
import type { SourceFile } from '../search/sourceSearch';
import { stringOf } from './arguments';
import { pathsOf } from './constants';
import type { RouteFile } from './declarations';
import type { Form } from './forms';
import { importOf } from './imports';
import { prefixesOf, prefixOfCall, prefixOfName } from './prefixes';
import { parseRoute } from './route';

export interface Mount {
  readonly source: SourceFile;
  /** Fixed and changing segments that it puts before. */
  readonly segments: readonly (string | undefined)[];
  /** Words of what is mounted, plain. */
  readonly words: ReadonlySet<string>;
  /** What is mounted, as far as it says where from: a path or a dotted name. */
  readonly targets: readonly string[];
  /** The one router of its file that is mounted: `include(shop.order_router.urls)` of Django. */
  readonly router?: string;
  /** The router on which a view set is registered. */
  readonly below?: string;
}

const mounting =
  /^(?:use|register|mount|nest|nest_(?:api_)?service|route|include|include_router|register_blueprint|add_router|register_router|path|re_path|url|forward|service|configure|group|mapgroup|add_namespace|pathprefix|scope|merge)$/i;
/** Of a router of Django REST framework, whose view sets have actions of their own. */
const registering = /^register$/;
const including = /^(?:\w+\.)?include\(|\burls\b|_(?:urls|patterns)\b|urlpatterns/;
const urlsOf = /^include\(\s*(?:\w+\.){0,4}(\w+)\.urls\b/;
const maxMounts = 400;
/** Calls of one step. */
const stepForms = 32;

export function* mountsOf(source: SourceFile, file: RouteFile): Steps<readonly Mount[]> {
  const found: Mount[] = [];
  for (const [i, form] of file.forms.entries()) {
    if (i % stepForms === stepForms - 1) yield;
    const isSet = file.language === 'python' && registering.test(form.name);
    if (form.kind === 'mark' || !(isSet || mounting.test(form.name)) || found.length >= maxMounts) continue;
    // A path of Django that includes nothing is a route; `config.include("shop.routes", route_prefix="/shop")` is Pyramid's.
    if (form.name === 'include' && form.receiver !== 'config') continue;
    if (
      file.language === 'python' &&
      /^(?:re_)?path$|^url$/.test(form.name) &&
      !form.list.some(({ text }) => including.test(text))
    )
      continue;
    const references = isSet ? (form.list[1]?.text.split('.').slice(-1) ?? []) : referencesOf(form, file);
    if (!references.length) continue;
    const route = parseRoute((isSet && stringOf(form.list[0].text)) || prefixOfCall(form, file).path);
    if (!route) continue;
    const router = isSet ? undefined : form.list.map(({ text }) => urlsOf.exec(text)?.[1]).find((name) => name !== undefined);
    const below = isSet ? form.receiver : undefined;
    found.push({
      ...mountOf(source, file, route.segments, references),
      ...(router === undefined ? {} : { router }),
      ...(below === undefined ? {} : { below }),
    });
  }
  return [...found, ...passedRouters(source, file), ...locators(source, file)];
}

/** Of JAX-RS, what a method returns that has a path and no verb answers below it: `@Path("{id}/lines") public LinesResource lines()`. */
function locators(source: SourceFile, file: RouteFile): readonly Mount[] {
  return file.declarations.slice(0, maxMounts).flatMap((declaration) => {
    const { form, target, verbs } = declaration;
    if (form.kind !== 'mark' || form.name !== 'Path' || verbs.length || target === undefined) return [];
    const head = (file.lines[target] ?? '').slice(0, 300);
    const type =
      /(?:^|\s)(?:Class<(?:\?\s*extends\s+)?)?(\p{Lu}\w{2,80})>?(?:<[^<>]*>)?\s+\w+\s*\(/u.exec(head)?.[1] ??
      /\bfun\s+\w+\s*\([^)]*\)\s*:\s*(\p{Lu}\w{2,80})/u.exec(head)?.[1];
    const route = parseRoute([prefixesOf(declaration, file)[0]?.path, declaration.path].join('/'));
    if (type === undefined || !route) return [];
    return [{ ...mountOf(source, file, route.segments, [type]), targets: [importOf(type, file.lines, file.language) ?? type] }];
  });
}

function mountOf(
  source: SourceFile,
  file: RouteFile,
  segments: readonly (string | undefined)[],
  references: readonly string[],
): Mount {
  const targets: string[] = [];
  const words = new Set<string>();
  for (const reference of references) {
    const from = importOf(reference, file.lines, file.language);
    if (from !== undefined) targets.push(from);
    if (/[./:\\]/.test(reference)) targets.push(reference);
    // The packages around both say nothing of which module is meant.
    const around = new Set(file.language === 'python' ? source.path.slice(0, -1) : []);
    const told = (from ?? '').split(/[^\p{L}\p{N}_-]+|::/u).filter((word) => !around.has(word));
    for (const word of [...reference.split(/[^\p{L}\p{N}_-]+|::/u), ...told]) {
      for (const plain of new Set([plainWord(word), plainWord(word.replace(makes, ''))]))
        if (plain.length >= 2 && !maker.test(plain)) words.add(plain);
    }
  }
  // `newOrders(store).Routes`: all of them have routes.
  const own = [...words].filter((word) => !filler.test(word));
  return { source, segments, words: own.length ? new Set(own) : words, targets };
}

/** Before what is made. */
const makes = /^(?:[Nn]ew|[Mm]ake|[Cc]reate|[Bb]uild|[Gg]et|[Rr]egister|[Ss]etup|[Ii]nit|[Dd]efine|[Aa]dd)(?:_|(?=\p{Lu}))/u;

/** What is mounted: the arguments that are no path, no option and no function on the spot. */
function referencesOf(form: Form, { lines }: RouteFile): readonly string[] {
  const found: string[] = [];
  for (const { text } of form.list) {
    const isModule = form.name === 'include' && /^["'][\w.]+["']$/.test(text);
    if (!isModule && pathsOf({ text }, []).length && /^[rf]?["'`]/.test(text)) continue;
    if (/^(?:\{|\[\s*['"]|async\b|function\b|func\b|\(|\||\w+\s*=>|['"]?\w+['"]?\s*(?:=>|=(?!=))\s*)/.test(text)) continue;
    // What makes it says of it more than what it is made with.
    const made = /^&?(?:\w+\.)?[Nn]ew_?\w+(?=\()/.exec(text)?.[0];
    for (const match of (made ?? text)
      .slice(0, 300)
      .matchAll(/['"`]([\w./@-]+)['"`]|([\p{L}_$][\p{L}\p{N}_$]*(?:(?:\.|::)[\p{L}_$][\p{L}\p{N}_$]*)*)/gu)) {
      const word = match[1] ?? match[2];
      if (
        !/^(?:require|include|import|new|Router|router|default|routes|await|async|app|web|express|then|func|namespace)$/.test(
          word,
        )
      )
        found.push(word);
    }
  }
  // `orders.Register(api.Group("/orders"))`; `app.MapGroup("/orders").MapOrders()`
  const before = /([\p{L}_][\w.:]*)\(\s*(?:[\w.]+\s*,\s*)*$/u.exec(headOf(lines[form.line], form.column))?.[1];
  if (before !== undefined && /^(?:group|mapgroup|route|pathprefix|scope)$/i.test(form.name)) found.push(before);
  const behind = /^\)\s*\.(?:WithTags\([^)]*\)\s*\.)?((?:Map|Use|Add|Register)\w+)\(/.exec(
    lines[form.endLine]?.slice(form.endColumn) ?? '',
  )?.[1];
  if (behind !== undefined) found.push(behind);
  return found.slice(0, 12);
}

/** The line up to what a call is made on: `orders.Register(` of `orders.Register(api.Group(`. */
function headOf(text: string, column: number): string {
  return text.slice(0, column).replace(/[\w$]*(?:\.|::|->)$/, '');
}

/** A router in a variable that is given to a function: `api := r.Group("/api")`, `orders.Register(api)`. */
function passedRouters(source: SourceFile, file: RouteFile): readonly Mount[] {
  const found: Mount[] = [];
  for (const form of file.forms) {
    if (form.kind === 'mark' || !/^(?:group|mapgroup|pathprefix|scope)$/i.test(form.name)) continue;
    const name = /(?:^|\s)(?:var|let|const|val)?\s*\$?(\w+)\s*:?=\s*[^=]*$/.exec(
      file.lines[form.line].slice(0, form.column),
    )?.[1];
    if (name === undefined) continue;
    const passed = new RegExp(
      `([\\w.:]+)\\(\\s*(?:[\\w.]+,\\s*)*&?${name}\\s*[,)]|(?<![\\w])${name}\\.((?:Map|Use|Add|Register)\\w+)\\(\\)`,
    );
    for (let line = form.line + 1; line < Math.min(file.lines.length, form.line + 200) && found.length < maxMounts; line++) {
      const text = file.lines[line];
      if (text.length > 500 || !text.includes(name)) continue;
      const match = passed.exec(text);
      const reference = match?.[1] ?? match?.[2];
      const route =
        reference === undefined ? undefined : parseRoute(prefixOfName(name, { ...form, line: line, column: 0 }, file).path);
      if (route && reference !== undefined) found.push(mountOf(source, file, route.segments, [reference]));
    }
  }
  return found;
}

/** What functions are called that make a router, whatever it is about: `create_routes()`, `router.Register(`. */
export const maker = /^(?:create|build|make|new|init|get|register|set|setup|config|configure|add|with|all|define|mount)$/;

/** What files are called whatever they are about. */
export const filler =
  /^(?:index|main|mod|lib|__init__|routes?|routers?|urls|views?|controllers?|handlers?|api|app|src|server|endpoints?|web|http|crud|rest|main|java|kotlin|com|org|lib|internal|pkg|cmd)$/i;

/** Words by which other files may mean a file. */
export function wordsOfFile({ path }: SourceFile): ReadonlySet<string> {
  const words = new Set<string>();
  const stem = (path[path.length - 1] ?? '').replace(/\.\w+$/, '');
  for (const each of [stem, ...path.slice(-4, -1).reverse()]) {
    for (const part of [each, ...each.split(/[._-]/)]) {
      const plain = plainWord(part);
      if (plain.length >= 2 && !filler.test(plain)) words.add(plain);
    }
  }
  return words;
}

/** `OrdersRouter`, `order_routes`, `orderController` are of `order`. */
export function plainWord(name: string): string {
  const plain = name.toLowerCase().replace(/[^a-z0-9]/g, '');
  const short = plain.replace(
    /(?:routers?|routes?|blueprint|controllers?|apis?|resources?|handlers?|endpoints?|viewsets?|views?|group|modules?|plugin|urls|service|bp)+$/,
    '',
  );
  return (short.length >= 2 ? short : plain).replace(/ies$/, 'y').replace(/s$/, '');
}

const maxDepth = 5;

/** Of the segments before a declaration's own, how many from the end on mounts account for. */
export function mountedSegments(
  rest: readonly (string | undefined)[],
  words: ReadonlySet<string>,
  mounts: readonly Mount[],
  root?: string,
  depth = 0,
): number {
  if (!rest.length || depth > maxDepth) return 0;
  let best = 0;
  for (const mount of mounts) {
    const count = mount.segments.length;
    if ((count === 0 && mount.below === undefined) || count > rest.length || !isNamed(mount.words, words)) continue;
    if (mount.router !== undefined && root !== undefined && mount.router !== root) continue;
    if (!mount.segments.every((segment, i) => segment === rest[rest.length - count + i])) continue;
    const left = rest.slice(0, rest.length - count);
    const above = mount.below === undefined ? [] : [plainWord(mount.below)];
    const named = new Set([...wordsOfFile(mount.source), ...above]);
    best = Math.max(best, count + mountedSegments(left, named, mounts, mount.below, depth + 1));
    if (best === rest.length) break;
  }
  return best;
}

function isNamed(mounted: ReadonlySet<string>, words: ReadonlySet<string>): boolean {
  for (const word of words) if (mounted.has(word)) return true;
  return false;
}
