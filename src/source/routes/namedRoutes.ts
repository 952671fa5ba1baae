/**
 * Routes of which a span tells the name and not the path (`app_order_show`), as Symfony's does: the attribute that bears the name stands above the
 * method that answers; YAML, XML and PHP's own settings name the controller beside it; Slim and Laravel name a route behind its declaration. What
 * is put before names stands on the class.
 * https://symfony.com/doc/current/routing.html, https://www.slimframework.com/docs/v4/objects/routing.html#route-names
 */

import { throwIfAborted } from '../../base/errors';
import { routeConfidence } from '../model/confidence';
import type { TextHint } from '../model/sourceHints';
import { indentOf, isBlank } from '../outline/textLines';
import type { Question } from '../question/question';
import { isCommentLine } from '../search/literalFiles';
import type { Finding } from '../search/rankFindings';
import type { SourceFile, SourceSearch } from '../search/sourceSearch';
import { definitionsIn } from '../symbols/findDefinitions';
import { display } from '../uri/paths';
import { namedArgument, stringOf } from './arguments';
import type { Form } from './forms';
import { ofClass } from './handlerClass';
import type { HandlerPlace } from './handlerPlace';
import { resolveHandler } from './resolveHandler';
import { routeFileOf } from './routeFiles';

const maxFiles = 12;
const maxBlock = 40;
const maxPrefixes = 3;

/** Whether the text may be a route's name: no path has all of its words in one, with a mark between them. */
export function isRouteName(text: string): boolean {
  return text.length <= 160 && /^[A-Za-z_]\w*(?:[.:-]\w+)*$/.test(text);
}

/** What a search is asked for beside the name: the beginning that a class may state. */
export function nameNeedles(text: string): readonly string[] {
  if (!isRouteName(text)) return [];
  return prefixesOf(text).flatMap((prefix) => [`${prefix}'`, `${prefix}"`]);
}

/** `app_order_` and `app_` of `app_order_show`, the longest first. */
function prefixesOf(text: string): readonly string[] {
  const ends = [...text.matchAll(/[_.-](?=\w)/g)].map(({ index }) => text.slice(0, index + 1));
  return ends
    .reverse()
    .filter((prefix) => prefix.length >= 3)
    .slice(0, maxPrefixes);
}

export async function findNamedRoute(
  hint: TextHint,
  method: string | undefined,
  { search }: Question,
): Promise<readonly Finding[]> {
  const name = hint.text.trim();
  if (!isRouteName(name) || (search.languages?.size && !search.languages.has('php'))) return [];
  const found: { readonly place: HandlerPlace; readonly stated: string }[] = [];
  for (const [file, line] of await filesOf(name, search)) {
    throwIfAborted(search.context.signal);
    const source = search.file(file);
    const lines = source && (await search.context.lines(file));
    if (!source || !lines || source.standing === 'test') continue;
    if (source.language === 'config') {
      const controller = settingOf(lines, line);
      const place = controller === undefined ? undefined : await controllerOf(controller, source, lines, search);
      if (place) found.push({ place, stated: lines[line].trim() });
    } else found.push(...(await inCode(name, method, source, search)));
  }
  if (!found.length) found.push(...(await byHabit(name, search)));
  return found.map(
    ({ place, stated }): Finding => ({
      source: place.source,
      line: place.line,
      column: place.column,
      rung: 'literal',
      fit: 2,
      confidence:
        place.by === 'name'
          ? routeConfidence.handlerName
          : place.isClass
            ? routeConfidence.handlerClass
            : routeConfidence.handler,
      reason: `from ${hint.from}, the route that is called ${display(name, 80)} is declared by ${display(stated, 80)}`,
    }),
  );
}

/** Files in which the name or its beginning stands as one of a route, and the line. */
async function filesOf(name: string, search: SourceSearch): Promise<ReadonlyMap<string, number>> {
  const found = new Map<string, number>();
  const key = new RegExp(`^\\s*['"]?${escaped(name)}['"]?:\\s*$|\\bid="${escaped(name)}"`);
  for (const { file, line, text, language } of (await search.find(name)).hits) {
    if (found.size >= maxFiles || text.length > 1_000 || found.has(file)) continue;
    const isNaming = language === 'php' ? names.test(text) || isAdded(text) : language === 'config' && key.test(text);
    if (isNaming && (language !== 'php' || [`'${name}'`, `"${name}"`].some((quoted) => text.includes(quoted))))
      found.set(file, line);
  }
  if (found.size) return found;
  for (const needle of nameNeedles(name)) {
    for (const { file, line, text, language } of (await search.find(needle)).hits)
      if (found.size < maxFiles && language === 'php' && text.length <= 1_000 && names.test(text) && !found.has(file))
        found.set(file, line);
  }
  return found;
}

const names = /\bname\s*[:=]\s*['"]|#\[|@\w*Route\b|->(?:setN|n)ame\(/;
/** Lines between a declaration and its name. */
const maxBehind = 8;

function isAdded(text: string): boolean {
  return /->add\(/.test(text) && !isCommentLine(text);
}

function escaped(text: string): string {
  return text.replace(/[.-]/g, '\\$&');
}

/** The declarations of a file whose name, with the beginning that the class states, is this one. */
async function inCode(
  name: string,
  method: string | undefined,
  source: SourceFile,
  search: SourceSearch,
): Promise<readonly { readonly place: HandlerPlace; readonly stated: string }[]> {
  const read = await routeFileOf(source, search);
  if (!read) return [];
  const { declarations, classes, forms, lines } = read.file;
  const found: { readonly place: HandlerPlace; readonly stated: string }[] = [];
  for (const declaration of declarations) {
    const { form, target } = declaration;
    const own = form.kind === 'mark' ? nameOf(form) : nameBehind(form, lines);
    if (own === undefined || (form.kind === 'mark' && target === undefined)) continue;
    const base = target === undefined ? undefined : classes.find((each) => each.line < target && target < each.end);
    if (`${(base && nameOf(base.form)) ?? ''}${own}` !== name) continue;
    const place = (await resolveHandler(declaration, method, source, search)) ?? {
      source,
      line: target ?? declaration.line,
      by: 'file',
    };
    if (!found.some((each) => each.place.line === place.line)) found.push({ place, stated: (lines[form.line] ?? '').trim() });
  }
  for (const form of forms) {
    if (form.kind !== 'call' || form.name !== 'add' || stringOf(form.list[0]?.text ?? '') !== name) continue;
    const after = lines
      .slice(form.line, form.endLine + 8)
      .join('\n')
      .slice(0, 2_000);
    const controller =
      /->controller\(\s*([^;]{1,200}?)\)\s*(?:->|;|$)/m.exec(after)?.[1] ??
      /['"]_controller['"]\s*=>\s*([^\n]{1,200})/.exec(after)?.[1];
    const place = controller === undefined ? undefined : await controllerOf(controller, source, lines, search);
    if (place) found.push({ place, stated: lines[form.line].trim() });
  }
  return found;
}

/** `$app->get('/orders', …)->setName('order.list')`, `Route::get('/orders', …)->name('order.list')` */
function nameBehind({ endLine, endColumn }: Form, lines: readonly string[]): string | undefined {
  const behind = [(lines[endLine] ?? '').slice(endColumn), ...lines.slice(endLine + 1, endLine + maxBehind)]
    .join('\n')
    .slice(0, 1_500);
  return /->(?:setN|n)ame\(\s*['"]([^'"\n]{1,160})['"]/.exec(behind.split(';', 1)[0])?.[1];
}

function nameOf({ list }: Form): string | undefined {
  const text = namedArgument(list, ['name']);
  return text === undefined ? undefined : stringOf(text);
}

/** What YAML's and XML's settings of a route have as its controller. */
function settingOf(lines: readonly string[], line: number): string | undefined {
  const indent = indentOf(lines[line]);
  const isXml = /<\w/.test(lines[line]);
  for (let i = line; i < Math.min(lines.length, line + maxBlock); i++) {
    const text = lines[i].slice(0, 1_000);
    if (i > line && (isXml ? /<\/?route\b/.test(text) : !isBlank(text) && indentOf(text) <= indent)) return undefined;
    const found =
      /(?:^|[\s{,'"])_?controller['"]?\s*:\s*['"]?([\w\\.:]+)/.exec(text) ??
      /\bcontroller="([^"]{1,200})"/.exec(text) ??
      /<default\s+key="_controller">\s*([\w\\.:]+)/.exec(text);
    if (found) return found[1];
  }
  return undefined;
}

/** `App\Controller\OrderController::show`, `App\Controller\Home`, `[OrderController::class, 'show']`, `AcmeShopBundle:Order:show`. */
async function controllerOf(
  text: string,
  source: SourceFile,
  lines: readonly string[],
  search: SourceSearch,
): Promise<HandlerPlace | undefined> {
  const plain = text.replace(/\s|\\\\/g, (part) => (part === '\\\\' ? '\\' : ''));
  const [, listed, member] = /^\[?\\?([\w\\]+)::class(?:,['"](\w+)['"])?/.exec(plain) ?? [];
  const [type, action] = listed === undefined ? plain.replace(/['"\])]+$|^['"[\\]+/g, '').split(/::?(?=\w+$)/) : [listed, member];
  const short = /^(\w+)Bundle:(\w+)$/.exec(type);
  const classes = short ? [`${short[2]}Controller`] : type.split('\\').filter((part) => part !== '');
  if (!classes.length || !/^\p{Lu}/u.test(classes[classes.length - 1])) return undefined;
  const actions = action === undefined ? ['__invoke'] : short ? [`${action}Action`] : [action];
  // Settings name PHP's classes in full.
  return ofClass(classes, actions, {
    source: { ...source, language: 'php' },
    lines: source.language === 'config' ? [] : lines,
    search,
  });
}

/** Without a name of its own a route is called after its class and its method: `app_order_show` of `App\Controller\OrderController::show`. */
async function byHabit(
  name: string,
  search: SourceSearch,
): Promise<readonly { readonly place: HandlerPlace; readonly stated: string }[]> {
  const parts = name
    .toLowerCase()
    .split(/_+/)
    .filter((part) => part !== '');
  for (const [type, action] of [
    [parts[parts.length - 2], parts[parts.length - 1]],
    [parts[parts.length - 1], '__invoke'],
  ]) {
    if (type === undefined || type.length < 3 || parts.length < 2) continue;
    const files = await search.context.ports.workspace.findByBaseName(`${type}Controller.php`, true);
    const before = parts.slice(0, parts.lastIndexOf(type));
    for (const source of files.slice(0, 8).map((file) => search.file(file))) {
      const lines = source?.standing === 'source' ? await search.context.lines(source.file) : undefined;
      if (!source || !lines) continue;
      const folders = source.path.map((part) => part.toLowerCase());
      if (!before.slice(1).every((part) => folders.includes(part))) continue;
      // Classes and methods are written in lower case there.
      const written = lines
        .map((text) => /\bfunction\s+(\w+)\s*\(/.exec(text.slice(0, 300))?.[1])
        .find((each) => each !== undefined && [action, `${action}action`].includes(each.toLowerCase()));
      const [definition] =
        written === undefined ? [] : (await definitionsIn(source, written, search)).filter(({ kind }) => kind === 'function');
      if (definition) return [{ place: { source, line: definition.line, by: 'name' }, stated: 'its class and its method' }];
    }
  }
  return [];
}
