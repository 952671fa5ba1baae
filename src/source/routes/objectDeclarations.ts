/**
 * Routes that are written as data: `{ method: 'GET', path: '/orders', handler: list }` of hapi, Fastify and Strapi, `(r"/orders", OrdersHandler)`
 * of Tornado, `'GET /orders': 'orders/list'` of Sails and SST; rows of a table of the program's own in any language, `{"GET", "/orders", list}`; and
 * what a function of a program in Go is given to register.
 */

import type { Steps } from '../../base/steps';
import { indentOf, isBlank } from '../outline/textLines';
import type { SourceLanguage } from '../search/languages';
import { type Argument, argumentsAt } from './arguments';
import { pathsOf } from './constants';
import { type Declaration, verbOf, verbsIn } from './declaration';
import { type Form, notationOf } from './forms';
import { type Handler, handlerAmong, handlerOf } from './handlerText';
import { settingAt } from './settingsTables';

const maxLine = 500;
const around = 6;
/** What describes a route for its documentation may be long. */
const below = 40;

/** Lines with a path of one step: each may begin a text of many lines that has no end. */
const stepPaths = 32;

export function* objectDeclarations(lines: readonly string[], language: SourceLanguage): Steps<readonly Declaration[]> {
  const found: Declaration[] = [];
  let looked = 0;
  for (const [line, text] of lines.entries()) {
    // All of these have a path in quotes.
    if (text.length > maxLine || !(quotedPath.test(text) || (language === 'config' && /path:\s*\//.test(text)))) continue;
    if (++looked % stepPaths === 0) yield;
    const isSetting = language === 'php' || language === 'config';
    const declaration =
      (isSetting ? settingAt(lines, line, language === 'config') : undefined) ??
      (language === 'python' ? tupleAt(lines, line) : language === 'javascript' ? keyedAt(lines, line) : undefined) ??
      objectAt(lines, line, language) ??
      (language === 'config' ? undefined : rowAt(lines, line, language));
    if (declaration) found.push(declaration);
  }
  return found;
}

const answers = /=>|\bfunction\b|\(|\b(?:handler|controller|view|target|response|policy)\b|\baction\s*:\s*['"][\w-]+[./]/;
const quotedPath = /\$route\[|["'`](?:\/|["'`]|\^|[a-zA-Z]+ {1,9}\/)|\broute:\s*["']|\(\s*r?["']/;
const rowVerb = /^(?:[&\w]+(?:\.|::))*["'`]?(?:method_?)?(get|post|put|patch|delete|head|options|any|all|\*)["'`]?$/i;
/** Of a row, what may stand before its path. */
const rowHead =
  /(?:^|[^\w$)\]>])[[{(]\s*(?:[&\w.:]{0,40}["'`]?[A-Za-z]{3,12}["'`]?\s*,\s*)?["'`]\/|(?:^|[\s,:[{(=&])[A-Z]\w{0,40}\{\s*[\w."]{0,40},?\s*"\//;

const rowBegin = /(?:(?:^|[^\w$)\]>])[[{(]|(?:^|[^\w.])[A-Z]\w{0,40}\{)\s*$/;

/** A row of a table: its path, its methods if it has some, and a function that there is. */
function rowAt(lines: readonly string[], line: number, language: SourceLanguage): Declaration | undefined {
  const text = lines[line];
  const head = rowHead.exec(text);
  // Of a row of several lines the path may begin one.
  const from = Math.max(0, line - 3);
  const above = head || !/^\s*["'`]\//.test(text) ? -1 : lines.slice(from, line).findLastIndex((each) => rowBegin.test(each));
  if (!head && above < 0) return undefined;
  const at = head ? line : from + above;
  const open = head ? head.index + head[0].search(/[[{(]/) : lines[at].trimEnd().length - 1;
  const notation = notationOf(language);
  const list = argumentsAt(lines, at, open, notation)?.list ?? [];
  const place = list.findIndex((each) => /^["'`]\//.test(each.text));
  const isVerb = ({ text: own }: Argument): boolean =>
    rowVerb.test(own) || (/^[[{(][\w\s.:&,"'`]{3,100}[\])}]$/.test(own) && verbsIn(own).length > 0);
  const isNamed = (each: Argument): boolean => isVerb(each) || /^["'`]\w[\w .-]{0,60}["'`]$/.test(each.text);
  if (place < 0 || place > 2 || list[place].line !== line || !list.slice(0, place).every(isNamed)) return undefined;
  const rest = list.slice(place + 1).filter((each) => !isVerb(each));
  const verbs = verbsIn(
    list
      .filter((each, i) => i !== place && isVerb(each))
      .map((each) => each.text)
      .join(' '),
  );
  const handler = handlerAmong(rest, notation);
  const [path] = pathsOf(list[place], lines);
  // Pairs of texts are many things.
  if (!handler || !path || (handler.kind === 'inline' && !verbs.length)) return undefined;
  const { column } = list[place];
  return {
    form: { ...formOf(line, column), name: 'row' },
    line,
    column: column + 1,
    path: path.text,
    verbs,
    handler,
    needsHandler: true,
  };
}

/** https://sailsjs.com/documentation/concepts/routes/custom-routes */
function keyedAt(lines: readonly string[], line: number): Declaration | undefined {
  const [whole, verb, path, value] =
    /^\s*['"](?:(get|post|put|patch|delete|head|options|all)\s+)?(\/[^'"\s]*)['"]\s*:\s*(.*)$/i.exec(lines[line]) ?? [];
  if (whole === undefined || path === undefined) return undefined;
  // Without a method it may be anything.
  if (verb === undefined && !/^(?:\{[^}]*\baction:\s*)?['"][\w-]+[./][\w./-]+['"]/.test(value)) return undefined;
  const given = value || (lines[line + 1]?.slice(0, maxLine).trim() ?? '');
  // What answers is a function or has a name: other such tables say who may ask, or how often.
  const end = value.startsWith('{') ? lines.slice(line, line + 20).findIndex((text) => /^\s*\}|\}\s*,?\s*$/.test(text)) : -1;
  if (end >= 0 && !answers.test([value, ...lines.slice(line + 1, line + end + 1)].join('\n'))) return undefined;
  const of = (name: string): string | undefined => new RegExp(`\\b${name}:\\s*['"]([\\w./-]+)['"]`).exec(given)?.[1];
  const text = /^['"]([\w./-]+)['"]/.exec(given)?.[1] ?? of('action') ?? of('function') ?? of('handler');
  const parts = [...(of('controller')?.split('/') ?? []), ...(text?.split('/') ?? [])];
  const action = parts.pop();
  const handler: Handler =
    action === undefined
      ? { kind: 'inline' }
      : action.includes('.') || !parts.length
        ? { kind: 'function', names: [...parts, ...action.split('.')] }
        : { kind: 'action', controller: parts.join('/'), action };
  const verbs = verb === undefined || /^all$/i.test(verb) ? [] : [verb.toUpperCase()];
  const column = whole.indexOf(path);
  return { form: formOf(line, column), line, column, path: path.replace(/\[:\]/g, ':'), verbs, handler };
}

function objectAt(lines: readonly string[], line: number, language: SourceLanguage): Declaration | undefined {
  const isScript = language === 'javascript';
  const isAzure =
    isScript && lines.slice(Math.max(0, line - 3), line + 1).some((text) => /\bapp\.http\(/.test(text.slice(0, maxLine)));
  const match = (isAzure ? azurePath : isScript ? scriptPath : anyPath).exec(lines[line]);
  if (!match) return undefined;
  const begins = /^\s*[[(]{0,2}\{/.test(lines[line]);
  const ends = begins && /\}[\s\]),;]*$/.test(lines[line]);
  const field = (name: string, reach = around): { readonly text: string; readonly line: number } | undefined => {
    const stated = new RegExp(`(?<![\\w$.])['"]?(?:${name})['"]?\\s*(?:=>|[:(])\\s*(.*)$`, isScript ? '' : 'i');
    for (let distance = 0; distance <= reach; distance++) {
      for (const at of distance ? [line - distance, line + distance] : [line]) {
        if (at < line - around || (begins && at < line) || (ends && at > line)) continue;
        if (at > line + around && indentOf(lines[at] ?? '') !== indentOf(lines[line])) continue;
        // Of another object.
        if (at < line && lines.slice(at, line).some((text) => /^\s*\}/.test(text))) continue;
        if (at > line + 1 && isLeft(lines, line, at)) continue;
        const text = at >= 0 && at < lines.length && lines[at].length < maxLine ? stated.exec(lines[at])?.[1] : undefined;
        if (text !== undefined) return { text, line: at };
      }
    }
    return undefined;
  };
  const method = field(isScript ? 'methods?' : 'methods?|verbs?|http_?methods?');
  if (
    !method ||
    !/^[[{(]?\s*(?:['"`]|(?:\w+(?:\.|::))?(?:Method)?(?=[A-Z]))(?:GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS|\*)/i.test(method.text)
  )
    return undefined;
  const handler =
    field(isScript ? 'handler' : handlerKeys, isScript ? below : around) ??
    // `options: handlers.update` of hapi has the handler among others.
    (isScript ? [field('options|config')].find((each) => /^\w+\.\w+[\s,}]*$/.test(each?.text ?? '')) : undefined);
  const action = isScript ? undefined : field('action|func(?:tion)?|method_?name');
  // What describes an API is told of others' routes.
  if (!handler && lines.slice(Math.max(0, line - around), line).some((text) => /\bregisterPath\(/.test(text.slice(0, maxLine))))
    return undefined;
  // Of a router that is mounted elsewhere.
  if (match[2] === '' && !handler) return undefined;
  const column = match.index + match[0].length - match[2].length - 1;
  // Written on the spot, below what describes it.
  const described = handler ? undefined : (describedAs(lines, line) ?? contractKey(lines, line));
  const isBelow = handler !== undefined && handler.line > line && /=>|\bfunction\b|^[^:]*\{\s*$/.test(handler.text);
  return {
    form: formOf(line, match.index),
    line: isBelow ? handler.line : line,
    column: isBelow ? undefined : column,
    path: match[2],
    verbs: verbsIn(/^\[[^\]]*|^[^,]*/.exec(method.text)?.[0] ?? ''),
    handler: handler ? ofField(handler.text, language, action?.text) : (described ?? { kind: 'inline' }),
    ...(handler || described ? {} : { isDescription: true as const }),
    ...(isScript ? {} : { needsHandler: true as const }),
  };
}

const scriptPath = /(?<![\w$])['"]?(?:path|url)['"]?\s*:\s*(['"`])((?:\/[^'"`]*)?)\1/;
/** Of `app.http('orders', { route: 'orders/{id}', … })`. */
const azurePath = /(?<![\w$])route\s*:\s*(['"`])([^'"`]*)\1/;
const anyPath = /(?<![\w$])['"]?(?:path|url|uri|route|pattern|rule|endpoint)['"]?\s*(?::|=>)\s*(['"`])(\/[^'"`]*)\1/i;
/** What tables of programs call who answers. */
const handlerKeys = 'handler(?:func|fn|class)?|(?:action)?class(?:name)?|controller|callback|uses|view|_controller';

/** Whether an object ends between two of its lines. */
function isLeft(lines: readonly string[], from: number, to: number): boolean {
  const indent = indentOf(lines[from]);
  for (let at = from + 1; at < Math.min(to, lines.length); at++)
    if (!isBlank(lines[at]) && indentOf(lines[at]) < indent) return true;
  return false;
}

/** `const getOrder = createRoute({ … })` of Hono. */
function describedAs(lines: readonly string[], line: number): Handler | undefined {
  for (let at = line; at >= Math.max(0, line - around); at--) {
    const name = lines[at].length < maxLine ? /([\w$]{1,100})\s*=\s*createRoute\(/.exec(lines[at])?.[1] : undefined;
    if (name !== undefined) return { kind: 'described', name };
  }
  return undefined;
}

/** Of a contract of ts-rest, which says what somebody else does: the key that both have. */
function contractKey(lines: readonly string[], line: number): Handler | undefined {
  if (!lines.slice(0, 80).some((text) => text.length < maxLine && /\binitContract\b|@ts-rest\//.test(text))) return undefined;
  const own = /^\s*['"]?([\w$]{1,100})['"]?\s*:\s*\{/;
  for (let at = line; at >= Math.max(0, line - around); at--) {
    const key = lines[at].length < maxLine ? own.exec(lines[at])?.[1] : undefined;
    if (key !== undefined) return { kind: 'contract', key };
  }
  return undefined;
}

function ofField(text: string, language: SourceLanguage, action?: string): Handler {
  const code =
    /^(?:'[^']*'|"[^"]*")(?=\s*,)/.exec(text)?.[0] ?? text.replace(language === 'go' ? /[,\s}]+$/ : /[,\s})\];]+$/, '');
  const controller = language === 'config' ? /^["']?([\w\\]{1,160})["']?$/.exec(code)?.[1] : undefined;
  if (controller !== undefined) {
    const names = controller.split(/\\+/).filter((part) => part !== '');
    return { kind: 'member', names, action: /^["']?(\w{1,60})/.exec(action ?? '')?.[1] };
  }
  return (
    (/^[\w$.]+$|^['"]|=>\s*[\w$]+\.[\w$]+\(/.test(code) || (language === 'go' && /^[\w.]+\([\w., ]*\)$/.test(code))
      ? handlerOf(code, notationOf(language))
      : undefined) ?? { kind: 'inline' }
  );
}

function tupleAt(lines: readonly string[], line: number): Declaration | undefined {
  const match = /^\s*\(\s*r?(['"])([^'"]*\/[^'"]*)\1\s*,\s*([A-Za-z_][\w.]*)\s*[,)]/.exec(lines[line]);
  if (!match || !/(?:^|\.)_?\p{Lu}/u.test(match[3])) return undefined;
  const column = lines[line].indexOf(match[2], match.index);
  return {
    form: formOf(line, column),
    line,
    column,
    path: match[2],
    verbs: [],
    handler: { kind: 'class', names: match[3].split('.') },
  };
}

function formOf(line: number, column: number): Form {
  return {
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
}

/** What a program calls its own way to declare a route; and a router that it is given. */
const helperCall =
  /(?<![\w$])(?:\w{0,30}(?:[rR]oute|[eE]ndpoint|[aA]pi|[pP]age)\w{0,20})\((?:[\w$]{1,40},\s?)?(?:["'](?:get|post|put|patch|delete|all)["'],\s?)?["'`]\//i;

/** `setupRoute(router, 'put', '/orders/:id', [auth], controllers.orders.update)` of scripts: a function of the program registers what it is given. */
export function ownCalls(lines: readonly string[]): readonly Declaration[] {
  const found: Declaration[] = [];
  const notation = notationOf('javascript');
  for (const [line, text] of lines.entries()) {
    const match = text.length > maxLine || found.length >= maxHelpers ? null : helperCall.exec(text);
    if (!match) continue;
    const open = match.index + match[0].indexOf('(');
    const args = argumentsAt(lines, line, open, notation);
    const place = args?.list.findIndex((each) => /^["'`]\//.test(each.text)) ?? -1;
    if (!args || place < 0) continue;
    const router = args.list[0].text;
    const verbs = place > 0 ? verbsIn(args.list[place - 1].text) : [];
    const rest = args.list.slice(place + 1);
    const handler = handlerAmong(rest.slice(-1), notation);
    const isNamed = handler?.kind === 'function' && handler.names.length > 1;
    if (!handler || !(isNamed || (verbs.length && rest.length))) continue;
    const { endLine, endColumn } = args;
    const receiver = /^[\w$]+$/.test(router) ? router : undefined;
    const name = match[0].slice(0, open - match.index);
    const form: Form = {
      kind: 'call',
      name,
      receiver,
      line,
      column: match.index,
      list: args.list,
      endLine,
      endColumn,
      lastLine: endLine,
    };
    for (const { text: path } of pathsOf(args.list[place], lines))
      found.push({ form, line, column: args.list[place].column + 1, path, verbs, handler, needsHandler: true });
  }
  return found;
}

const helper =
  /^\s*(?:\w+\.)?(\w{1,40})\((?:(\w{1,40}),\s*)?(?:http\.Method\w+,\s*|"[A-Z]{3,7}",\s*)?"([\w./{}:*-]{1,100})",\s*(&?\w+(?:\.\w+){0,3}(?:\([\w., ]{0,80}\))?)\)\s*$/;
/** What `ofGo` reads. */
const knownCalls =
  /^(?:any|all|handle|handlefunc|handlerfunc|method|methodfunc|match|add|group|route|mount|pathprefix|use|stripprefix)$/i;
const maxHelpers = 400;

/** `h(r, "ping", api.Ping)`, `s.route("/ping", s.handlePing)` of Go: a function of the program registers what it is given. */
export function ownHelpers(lines: readonly string[]): readonly Declaration[] {
  const found: Declaration[] = [];
  const notation = notationOf('go');
  for (const [line, text] of lines.entries()) {
    if (text.length > 400 || !text.includes('"') || found.length >= maxHelpers) continue;
    const [, name, router, path, given] = helper.exec(text) ?? [];
    if (name === undefined || path === undefined || given === undefined || verbOf(name) !== undefined || knownCalls.test(name))
      continue;
    if (router === undefined && !path.startsWith('/')) continue;
    const handler = handlerOf(given, notation);
    if (handler?.kind !== 'function') continue;
    const column = text.indexOf('"') + 1;
    const end = { endLine: line, endColumn: text.length, lastLine: line };
    const form: Form = { kind: 'call', name, receiver: router, line, column, list: [], ...end };
    found.push({ form, line, column, path, verbs: verbsIn(text.slice(0, column)), handler, needsHandler: true });
  }
  return found;
}
