/**
 * Routes that calls, tags and comments of Go declare: `r.GET("/orders", list)`, `r.HandleFunc("/orders", list).Methods("GET")`,
 * `m.Combo("/orders").Get(list)`, `ws.GET("/orders").To(list)`, `web.Router("/orders", &Orders{}, "get:List")`, `// @router /orders [get]`.
 */

import type { SourceLanguage } from '../search/languages';
import { type Argument, argumentsAt, stringOf } from './arguments';
import { chainBefore } from './chain';
import { pathsOf } from './constants';
import { type Declaration, declare, verbOf, verbsIn } from './declaration';
import { type Form, notationOf } from './forms';
import { type Handler, handlerAmong } from './handlerText';
import { plain } from './plainDeclarations';

const notation = notationOf('go');
const maxBehind = 14;

export function ofGo(form: Form, lines: readonly string[], language: SourceLanguage): readonly Declaration[] {
  const name = form.name.toLowerCase();
  const list = form.list;
  if (/^(?:ns)?router$/.test(name)) return ofController(form);
  if (name === 'resource') return ofResource(form);
  const verb = verbOf(form.name);
  const isBehind = /^handler(?:func)?$/.test(name) && (name === 'handlerfunc' || form.receiver === ')');
  if (verb !== undefined && list.length === 1 && /^["`]/.test(list[0].text)) return ofBuilder(form, verb, lines);
  if (list.length < 2 && !isBehind) return verb !== undefined && form.receiver === ')' ? plain(form, lines, language) : [];
  if (verb !== undefined || name === 'any' || name === 'all') {
    // `huma.Get(api, "/x", list)`
    const isGiven = /^\w+$/.test(list[0].text) && /^"\//.test(list[1].text) && list.length > 2;
    if (isGiven) return plain({ ...form, list: list.slice(1, 3) }, lines, language);
    // Of echo, middlewares follow the handler.
    const isEcho = list.length > 2 && lines.some((text) => /\*?\becho\.(?:Echo|Group|New)\b/.test(text));
    return plain(isEcho ? { ...form, list: list.slice(0, 2) } : form, lines, language);
  }
  if (name === 'register') return ofOperation(form);
  if (isBehind) {
    // `r.Methods("GET").Path("/x").HandlerFunc(list)`, `r.Path("/x").Handler(protect(list)).Methods("GET")`
    const { links } = chainBefore(lines, form.line, form.column, notation);
    const at = links.find((link) => link.name === 'Path')?.args?.list[0];
    const handler = handlerAmong(list, notation);
    const methods = links.find((link) => link.name === 'Methods')?.args?.list.map(({ text }) => text) ?? [];
    const verbs = methods.length ? verbsIn(methods.join(' ')) : methodsBehind(form, lines);
    if (!handler) return [];
    // `orders := r.Path("/orders").Subrouter()`, `orders.Methods("POST").HandlerFunc(create)`
    if (!at) return verbs.length ? [declare(form, { text: '' }, undefined, verbs, handler)] : [];
    return pathsOf(at, lines).map((path) => declare(form, path, at, verbs, handler));
  }
  // `m.Route("/x", "GET,POST", list)`, `m.Methods("GET,POST", "/x", list)`
  const listed = /^(?:route|methods)$/.test(name) && list.length > 2 ? list.slice(0, 2).findIndex(isMethods) : -1;
  if (listed < 0 && !/^(?:handle|handlefunc|method|methodfunc|match|add)$/.test(name)) return [];
  const isMethodFirst = listed === 0 || (list.length > 2 && verbsIn(list[0].text).length > 0 && !list[0].text.includes('/'));
  const at = isMethodFirst ? list[1] : list[0];
  const handler = handlerAmong(list.slice(isMethodFirst || listed > 0 ? 2 : 1), notation);
  if (!handler) return [];
  return pathsOf(at, lines).map((path) => {
    const [, method, rest] = /^([A-Z]+)\s+(.*)$/s.exec(path.text) ?? [];
    const said = listed > 0 ? list[1].text : list[0].text;
    const verbs = method ? [method] : isMethodFirst || listed > 0 ? verbsIn(said) : methodsBehind(form, lines);
    return declare(form, method ? { text: rest } : path, at, verbs, handler);
  });
}

function isMethods({ text }: Argument): boolean {
  return /^"(?:GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS)(?:,\s*[A-Z]+)*"$/.test(text);
}

/** `.Methods("GET")` behind a registration of gorilla/mux; in the same statement. */
function methodsBehind(form: Form, lines: readonly string[]): readonly string[] {
  const text = [lines[form.endLine]?.slice(form.endColumn) ?? '', ...lines.slice(form.endLine + 1, form.endLine + 3)].join(' ');
  return verbsIn(/^\)?\s*\.\s*Methods\(([^)]*)\)/.exec(text)?.[1] ?? '');
}

/** `ws.GET("/x").To(list)` of go-restful, over some lines. */
function ofBuilder(form: Form, verb: string, lines: readonly string[]): readonly Declaration[] {
  const [first] = form.list;
  const text = [lines[form.endLine].slice(form.endColumn), ...lines.slice(form.endLine + 1, form.endLine + maxBehind)]
    .map((each) => each.slice(0, 300))
    .join(' ');
  const to = text.search(/\.\s*To\(/);
  if (to < 0 || /\b\w+\.Route\(/.test(text.slice(0, to))) return [];
  const handler = handlerAmong(argumentsAt([text], 0, text.indexOf('(', to), notation)?.list ?? [], notation);
  return handler ? pathsOf(first, lines).map((path) => declare(form, path, first, [verb], handler)) : [];
}

/** `huma.Register(api, huma.Operation{Method: http.MethodGet, Path: "/x"}, list)` */
function ofOperation(form: Form): readonly Declaration[] {
  const [, operation, given] = form.list;
  const path = operation && /\bPath:\s*"([^"]*)"/.exec(operation.text)?.[1];
  const handler = given && handlerAmong([given], notation);
  if (path === undefined || !handler) return [];
  const verbs = verbsIn(/\bMethod:\s*([\w."]+)/.exec(operation.text)?.[1] ?? '');
  return [declare(form, { text: path }, handler.kind === 'inline' ? given : operation, verbs, handler)];
}

const actions: Readonly<Record<string, string>> = { GET: 'Get', POST: 'Post', PUT: 'Put', PATCH: 'Patch', DELETE: 'Delete' };

/** `web.Router("/x/:id", &controllers.Orders{}, "get:Show;post,put:Save")` of Beego. */
function ofController(form: Form): readonly Declaration[] {
  const [first, given, mapping] = form.list;
  const path = first && stringOf(first.text);
  const names = /^&?([\w.]+)\{/.exec(given?.text ?? '')?.[1].split('.');
  if (path === undefined || !names) return [];
  const said = mapping && stringOf(mapping.text);
  const pairs =
    said === undefined
      ? Object.entries(actions)
      : said.split(';').flatMap((each) => {
          const [verbs, action] = each.split(':');
          return verbs.split(',').map((verb) => [verb.trim().toUpperCase(), action?.trim() ?? ''] as const);
        });
  return pairs
    .filter(([, action]) => /^\w+$/.test(action))
    .map(([verb, action]) =>
      declare(form, { text: path }, first, verb === '*' ? [] : [verb], { kind: 'function', names: [...names, action] }),
    );
}

const ofBuffalo: readonly (readonly [string, string, string])[] = [
  ['List', 'GET', ''],
  ['New', 'GET', '/new'],
  ['Show', 'GET', '/{}'],
  ['Edit', 'GET', '/{}/edit'],
  ['Create', 'POST', ''],
  ['Update', 'PUT', '/{}'],
  ['Destroy', 'DELETE', '/{}'],
];

/** `app.Resource("/orders", OrdersResource{})` of Buffalo. */
function ofResource(form: Form): readonly Declaration[] {
  const [first, given] = form.list;
  const path = first && stringOf(first.text);
  const names = /^&?([\w.]+)\{/.exec(given?.text ?? '')?.[1].split('.');
  if (path === undefined || !names) return [];
  return ofBuffalo.map(([action, verb, tail]) =>
    declare(form, { text: path + tail }, first, [verb], { kind: 'function', names: [...names, action] }),
  );
}

const tag = /\bMeta\s+`[^`]*?\bpath:"([^"]{1,200})"[^`]*?\bmethod:"(\w+)"/;
const comment = /^\s*(?:\/\/|\*)\s*@(router|Router)\s+(\/\S*)\s+\[(\w+(?:,\w+)*)\]/;
const maxComment = 40;

/** What stands in tags of a request's type (GoFrame), and in comments above a function (Beego, and what describes an API for swag). */
export function goMarks(lines: readonly string[]): readonly Declaration[] {
  const found: Declaration[] = [];
  for (const [line, text] of lines.entries()) {
    if (text.length > 500) continue;
    const [, path, verb] = text.includes('Meta') ? (tag.exec(text) ?? []) : [];
    const type = /^\s*type\s+(\w+)\s+struct|^\s*(\w+)\s+struct/.exec(path === undefined ? '' : (lines[line - 1] ?? ''));
    const form: Form = {
      kind: 'call',
      name: 'tag',
      receiver: undefined,
      line,
      column: 0,
      list: [],
      endLine: line,
      endColumn: 0,
      lastLine: line,
    };
    if (path !== undefined && type) {
      const handler: Handler = { kind: 'typed', name: type[1] ?? type[2] };
      found.push({ form, line, column: text.indexOf(path), path, verbs: [verb.toUpperCase()], handler, needsHandler: true });
    }
    const [, word, route, verbs] = text.includes('outer') ? (comment.exec(text) ?? []) : [];
    if (route === undefined) continue;
    const below = lines.slice(line + 1, line + maxComment).findIndex((each) => !/^\s*(?:\/\/|\*)/.test(each));
    const target = below < 0 ? undefined : line + 1 + below;
    const isFunction = target !== undefined && /^func\b/.test(lines[target]);
    if (isFunction)
      found.push({
        form: { ...form, line: target },
        line: target,
        column: undefined,
        path: route,
        verbs: verbsIn(verbs),
        handler: { kind: 'inline' },
        ...(word === 'Router' ? { isDescription: true as const } : {}),
      });
  }
  return found;
}
