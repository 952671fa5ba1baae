/** Routes that calls of Python declare: Django, Flask, Starlette, aiohttp, Sanic, Falcon, Bottle and what goes on from them. */

import { KeptByLines } from '../outline/keptByLines';
import type { SourceLanguage } from '../search/languages';
import { type Argument, argumentsAt, namedArgument, positional } from './arguments';
import { chainBefore } from './chain';
import { pathsOf } from './constants';
import { type Declaration, declare, verbOf, verbsIn } from './declaration';
import { type Form, notationOf } from './forms';
import { type Handler, handlerAmong, handlerOf, methodsOfView } from './handlerText';
import { plain } from './plainDeclarations';
import { resourceDeclarations } from './resources';

const notation = notationOf('python');
const declaring = /^(?:path|re_path|url|add_url_rule|add_api_route|add_route|route|websocketroute|add_view|view)$/;
const verbText = /^['"](?:GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS|\*)['"]$/;
const text = /^[rf]?["']/;

export function ofPython(form: Form, lines: readonly string[], language: SourceLanguage): readonly Declaration[] {
  const name = form.name.toLowerCase();
  if (name === 'register') return resourceDeclarations(form, lines, language);
  // `web.get('/x', list)` of aiohttp and its `add_get`; a client's calls have no handler.
  if (verbOf(name) !== undefined && (/^add_/.test(name) || form.receiver === 'web'))
    return plain(form, lines, language).map((each) => ({ ...each, handler: heldBy(each.handler, lines) }));
  const called = calledWith(form, lines);
  if (called || verbOf(name) !== undefined) return called ?? [];
  // `api.add_resource(OrderList, "/orders")` of Flask-RESTful, and what people make of it: `api.add_shop_resource(…)`.
  if (/^add_\w*resources?$/.test(name)) return ofResource(form, lines);
  if (!declaring.test(name) || (name === 'view' && form.receiver !== 'web')) return [];
  const named = namedArgument(form.list, ['path', 'rule', 'route', 'regex']);
  const verb = form.list.slice(0, 2).find((each) => verbText.test(each.text));
  const list = form.list.filter((each) => each !== verb);
  // Sanic is given the handler first.
  const isTurned = /^add_/.test(name) && list.length > 1 && !text.test(list[0].text) && text.test(list[1].text);
  const place = named === undefined ? list[isTurned ? 1 : 0] : list.find((each) => each.text.includes(named));
  const rest = list.filter((each) => each !== place);
  if (verb && rest.length === 0 && place) return ofPart(form, verb, place, lines);
  if (!place || rest.some((each) => /^(?:include|\[)|\binclude\(/.test(each.text))) return [];
  const given = handlerAmong(rest, notation);
  const handler = given && suffixed(heldBy(given, lines), form);
  if (!handler) return [];
  const said = verb?.text ?? namedArgument(form.list, ['methods', 'method']);
  const verbs = said === undefined ? methodsOfView(given, rest) : verbsIn(said);
  return pathsOf({ text: named ?? place.text }, lines).map((path) => declare(form, path, place, verbs, handler));
}

function ofResource({ list, ...form }: Form, lines: readonly string[]): readonly Declaration[] {
  const handler = list[0] && handlerOf(list[0].text, notation);
  if (handler?.kind !== 'function') return [];
  const { names } = handler;
  return positional(list)
    .slice(1)
    .flatMap((each) => pathsOf(each, lines).map((path) => declare({ ...form, list }, path, each, [], { kind: 'class', names })));
}

/** `router.post("/orders")(self.create)`: a decorator that is called. */
function calledWith(form: Form, lines: readonly string[]): readonly Declaration[] | undefined {
  const [first] = form.list;
  if (!first || !lines[form.endLine].startsWith(')(', form.endColumn)) return undefined;
  const handler = handlerAmong(argumentsAt(lines, form.endLine, form.endColumn + 1, notation)?.list ?? [], notation);
  const verb = verbOf(form.name);
  const verbs = verb === undefined ? verbsIn(namedArgument(form.list, ['methods', 'method']) ?? 'get') : [verb];
  return handler && pathsOf(first, lines).map((path) => declare(form, path, first, verbs, handler));
}

/** `orders = app.router.add_resource("/orders")`, `orders.add_route("GET", list)` of aiohttp. */
function ofPart(form: Form, verb: Argument, given: Argument, lines: readonly string[]): readonly Declaration[] {
  const made =
    form.receiver === ')'
      ? chainBefore(lines, form.line, form.column, notation).links.find((link) => link.name === 'add_resource')?.args?.list[0]
          ?.text
      : /\badd_resource\(\s*(r?["'][^"']*["'])/.exec(assignedTo(form.receiver ?? '', lines) ?? '')?.[1];
  const handler = handlerOf(given.text, notation);
  if (made === undefined || !handler) return [];
  return pathsOf({ text: made }, lines).map((path) =>
    declare(form, path, given, verb.text.includes('*') ? [] : verbsIn(verb.text), handler),
  );
}

/** `add_route("/orders/{id}", orders, suffix="one")` of Falcon: `on_get_one` answers. */
function suffixed(handler: Handler, { list }: Form): Handler {
  const suffix = /^["'](\w+)["']$/.exec(namedArgument(list, ['suffix']) ?? '')?.[1];
  if (suffix === undefined || handler.kind !== 'class') return handler;
  const actions = ['get', 'post', 'put', 'patch', 'delete', 'head', 'options'].map(
    (verb) => [verb.toUpperCase(), `on_${verb}_${suffix}`] as const,
  );
  return { ...handler, actions: new Map(actions) };
}

/** What a variable holds that is registered: `orders = Orders(store)`, `order_view = OrderView.as_view("orders")`. */
function heldBy(handler: Handler, lines: readonly string[]): Handler {
  const name = handler.kind === 'function' && handler.names.length === 1 ? handler.names[0] : undefined;
  const value = name === undefined ? undefined : assignedTo(name, lines);
  const held = value === undefined ? undefined : handlerOf(value, notation);
  return held?.kind === 'class' || held?.kind === 'function' ? held : handler;
}

const assignments = new KeptByLines<ReadonlyMap<string, string>>();
const assigned = /^\s*(\w{1,60})\s*=\s*([A-Za-z_][\w.]{0,120}\(.{0,300})$/;

/** What is called to make what a name stands for, as far as its line goes. */
function assignedTo(name: string, lines: readonly string[]): string | undefined {
  const read = (): ReadonlyMap<string, string> => {
    const found = new Map<string, string>();
    for (const line of lines) {
      const [, of, value] = line.length < 500 ? (assigned.exec(line) ?? []) : [];
      if (of !== undefined && value !== undefined) found.set(of, value);
    }
    return found;
  };
  return assignments.of(lines, '', read).get(name);
}
