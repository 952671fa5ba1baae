/**
 * Routes in settings and arrays that name a class and its method: YAML of Symfony and Drupal, XML of Symfony and Magento, arrays of Laminas, Mezzio and
 * Nextcloud, `$route['orders/(:num)'] = 'orders/detail/$1'` of CodeIgniter 3.
 */

import { indentOf, isBlank } from '../outline/textLines';
import { type Declaration, verbsIn } from './declaration';
import type { Form } from './forms';
import type { Handler } from './handlerText';

const maxLine = 500;
const maxBelow = 12;
const assigned =
  /^\s*\$route\[\s*(['"])([^'"]+)\1\s*\](?:\[\s*['"](\w+)['"]\s*\])?\s*=\s*['"]([\w-]+(?:\/[\w-]+)*?)((?:\/\$\d)*)['"]/;
const xml = /<route\b[^>]*\b(?:url|path|pattern)="(\/[^"]*)"/;
const keyed = /(?:^|[\s,{[(])(['"]?)(?:path|url|route|pattern)\1\s*(?::|=>)\s*(['"]?)(\/[^'"\s,]*)\2/;
const controllers = /(?<![\w-])['"]?(?:_?controller|_form|middleware|name|class)['"]?\s*(?:=>|[:=])\s*(.{1,300})/g;
const methods = /(?<![\w-])['"]?(?:methods?|verbs?|allowed_methods)['"]?\s*(?:=>|[:=])\s*(\[[^\]]{0,100}|['"]?[A-Z|]{3,40}\b)/i;

/** Undefined where the line says no path, or no class beside it. */
export function settingAt(lines: readonly string[], line: number, isConfig: boolean): Declaration | undefined {
  const text = lines[line];
  const [, , pattern, verb, target] = assigned.exec(text) ?? [];
  if (pattern !== undefined && target !== undefined) {
    const [, controller = target, action = 'index'] = /^(.+)\/([^/]+)$/.exec(target) ?? [];
    const verbs = verb === undefined ? [] : [verb.toUpperCase()];
    return declare(line, text.indexOf(pattern), `/${pattern}`, verbs, { kind: 'action', controller, action });
  }
  const path = (isConfig ? xml.exec(text)?.[1] : undefined) ?? keyed.exec(text)?.[3];
  if (path === undefined) return undefined;
  const own = partOf(lines, line);
  const said = methods.exec(own)?.[1];
  for (const [, value] of own.matchAll(controllers)) {
    const handler = handlerIn(value, own, isConfig);
    if (handler) return declare(line, text.indexOf(path), path, verbsIn(said ?? ''), handler);
  }
  return undefined;
}

function declare(line: number, column: number, path: string, verbs: readonly string[], handler: Handler): Declaration {
  const form: Form = {
    kind: 'call',
    name: 'route',
    receiver: undefined,
    line,
    column,
    list: [],
    endLine: line,
    endColumn: column,
    lastLine: line,
  };
  return { form, line, column, path, verbs, handler, needsHandler: true };
}

/** The entry around a line: all of it where it stands on one line, else what is no further out, from its begin. */
function partOf(lines: readonly string[], line: number): string {
  if (/^\s*(?:[[{]|array\(|<route\b[^>]*\/>).*(?:[\]})>],?\s*)$/.test(lines[line])) return lines[line];
  const indent = indentOf(lines[line]);
  let from = line;
  while (
    from > 0 &&
    line - from < maxBelow &&
    indentOf(lines[from - 1]) === indent &&
    !isBlank(lines[from - 1]) &&
    !/^\s*<route/.test(lines[from])
  )
    from--;
  let to = line + 1;
  const isIn = (text: string): boolean => indentOf(text) >= indent && !/^\s*<\/?routes?\b/.test(text);
  while (to < lines.length && to - line < maxBelow && !isBlank(lines[to]) && isIn(lines[to])) to++;
  return lines
    .slice(from, to)
    .map((text) => text.slice(0, maxLine))
    .join('\n');
}

const short = /^['"]?(\w+)#(\w+)['"]?/;
const inFull =
  /^\[?\s*['"]?\\{0,2}([A-Za-z_]\w*(?:\\{1,2}\w+)*)(?:::class(?:['"]?\s*,\s*['"](\w+)['"])?|::?(\w+)|@(\w+))?['"]?\s*(?:[\],}\s]|\/?>|$)/;

function handlerIn(value: string, own: string, isConfig: boolean): Handler | undefined {
  const [, named, does] = short.exec(value) ?? [];
  if (named !== undefined && does !== undefined) return { kind: 'action', controller: named, action: does };
  const [, type, listed, member, at] = inFull.exec(value) ?? [];
  const isClass = type !== undefined && (/::class/.test(value) || /\\/.test(type) || member !== undefined || at !== undefined);
  if (!isClass || !/(?:^|\\)[A-Z]\w*$/.test(type)) return undefined;
  const action =
    listed ??
    (member === 'class' ? undefined : member) ??
    at ??
    /(?<![\w-])['"]?(?:action|method)['"]?\s*(?:=>|=|:)\s*['"]([a-z]\w*)['"]/.exec(own)?.[1];
  const names = type.split(/\\+/);
  if (action === undefined && !isConfig) return { kind: 'class', names };
  return { kind: 'action', controller: names.join('/'), action: action ?? '__invoke|buildForm|execute' };
}
