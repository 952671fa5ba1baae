/**
 * Routes that calls declare: `router.get('/orders', list)`, `r.HandleFunc("/orders", list).Methods("GET")`, `app.MapGet`, `Route::get`,
 * `path('orders/', views.list)`, `.route("/orders", get(list))`, `get("/orders") { … }`. What tells them from calls of clients
 * and of maps is that they are given a handler.
 */

import type { Steps } from '../../base/steps';
import type { SourceLanguage } from '../search/languages';
import { stringOf } from './arguments';
import { chainBefore } from './chain';
import { comparedDeclarations } from './comparedRoutes';
import { pathsOf } from './constants';
import { type Declaration, declare, verbOf, verbsIn } from './declaration';
import { type Form, notationOf } from './forms';
import { goMarks, ofGo } from './goDeclarations';
import { type Handler, handlerAmong, handlerOf } from './handlerText';
import { infixDeclarations } from './infixRoutes';
import { furtherOfJvm } from './jvmDeclarations';
import { objectDeclarations, ownCalls, ownHelpers } from './objectDeclarations';
import { ofPhp } from './phpDeclarations';
import { plain } from './plainDeclarations';
import { ofPython } from './pythonCalls';
import { conventionalDeclarations, modulesAround, resourceDeclarations, serviceDeclarations } from './resources';
import { ofRouteNames } from './viewsOfNames';

/** Calls of one step. */
const stepForms = 32;

type Reader = (form: Form, lines: readonly string[], language: SourceLanguage) => readonly Declaration[];

export function* callDeclarations(
  forms: readonly Form[],
  lines: readonly string[],
  language: SourceLanguage,
): Steps<readonly Declaration[]> {
  const read = readers[language];
  const found: Declaration[] = [];
  for (const [i, form] of read ? forms.entries() : []) {
    if (i % stepForms === stepForms - 1) yield;
    if (!read || form.kind !== 'call' || isCalledOut(form, lines)) continue;
    const own = read(form, lines, language);
    const further = own.length || read !== ofJvm ? own : furtherOfJvm(form, lines, language);
    found.push(...(further.length || !named.has(language) ? further : ofRouteNames(form)));
  }
  found.push(...(yield* comparedDeclarations(lines, language)));
  found.push(...(yield* infixDeclarations(lines, language)));
  if (language === 'go') found.push(...ownHelpers(lines), ...goMarks(lines));
  if (language === 'javascript') found.push(...ownCalls(lines));
  yield;
  return [...found, ...(yield* objectDeclarations(lines, language))];
}

/** Languages whose handlers may bear the name of a route in a mark. */
const named: ReadonlySet<SourceLanguage> = new Set(['python', 'javascript', 'php', 'java', 'kotlin'] as const);

const readers: Partial<Record<SourceLanguage, Reader>> = {
  javascript: ofScript,
  python: ofPython,
  go: ofGo,
  java: ofJvm,
  kotlin: ofJvm,
  scala: ofJvm,
  groovy: ofJvm,
  csharp: ofDotnet,
  fsharp: ofDotnet,
  php: ofPhp,
  rust: ofRust,
  ruby: ofRuby,
  elixir: ofElixir,
  swift: ofJvm,
  dart: ofScript,
};

/** What is asked, not what is asked of: clients of HTTP, and what tests put in the place of a server. */
const asking =
  /^(?:\$?https?|axios|requests?|got|ky|superagent|supertest|fetch\w*|fetcher|\w*client|rest_?template|\w*http|rest|msw|nock|mock\w*|cy|page|agent|faraday|guzzle|reqwest|httpx|httparty|curl|session|cache|redis|storage|params|headers)$/i;
/** What is done with an answer. */
const answered = /^\)?\s*[!?]?\.\s*(?:then|catch|finally|subscribe|pipe|json|text|body|expect|await|map|toPromise)\b/;

function isCalledOut(form: Form, lines: readonly string[]): boolean {
  if (verbOf(form.name) === undefined) return false;
  if (form.receiver !== undefined && asking.test(form.receiver)) return true;
  return answered.test(`${lines[form.endLine]?.slice(form.endColumn) ?? ''}${lines[form.endLine + 1] ?? ''}`);
}

const router = /app|route|server|fastify|api|express|koa|hono|elysia|instance|endpoint/i;
const callsOut = /(?:\b(?:await|return|yield|throw)\s|[=?:(,]|=>)\s*(?:[\w$.]+)?$/;

function ofScript(form: Form, lines: readonly string[], language: SourceLanguage): readonly Declaration[] {
  if (/^(?:resources?|apiresource)$/i.test(form.name)) return resourceDeclarations(form, lines, language);
  if (form.receiver === undefined) return [];
  if (form.name === 'use') return serviceDeclarations(form, lines);
  const path = form.list[0] ? stringOf(form.list[0].text) : undefined;
  const isRouter = router.test(form.receiver);
  // `'orders'` is a route only on what is called a router.
  if (path !== undefined && !/^[/*^]/.test(path) && !isRouter) return [];
  const before = lines[form.line]
    .slice(0, form.column)
    .trimEnd()
    .replace(/(?:\?\.|\.)$/, '');
  if (path !== undefined && !isRouter && form.receiver !== ')' && callsOut.test(before)) return [];
  if (/^(?:await|return)\s|=\s*await\s/.test(before.trim()) && !isRouter) return [];
  const declared = plain(form, lines, language);
  // `api.post('/orders', order)` asks; a router is given a function on the spot, or one of a module.
  const isEither = /^(?:\w*api|instance|\w*service|\$\w+)$/i.test(form.receiver);
  return isEither ? declared.filter(({ handler }) => handler.kind !== 'function' || handler.names.length > 1) : declared;
}

function ofJvm(form: Form, lines: readonly string[], language: SourceLanguage): readonly Declaration[] {
  const notation = notationOf(language);
  const verb = verbOf(form.name);
  const [first] = form.list;
  const paths = first ? pathsOf(first, lines).filter(({ text }) => text !== '' || first.text.length === 2) : [];
  const hasBlock = form.lastLine > form.endLine || /^\)?\s*\{/.test(lines[form.endLine]?.slice(form.endColumn) ?? '');
  if (verb === undefined) {
    // `route("/x", HttpMethod.Get) { handle { … } }`
    const said = form.name === 'route' && form.list.length > 1 ? verbsIn(form.list[1].text) : [];
    return said.length && hasBlock ? paths.map((path) => declare(form, path, first, said, { kind: 'inline' })) : [];
  }
  if (hasBlock && form.receiver === undefined) {
    // `get<Orders.ById> {` says no path: its type does.
    if (form.generic !== undefined && !paths.length) return [];
    return (paths.length ? paths : form.list.length ? [] : [{ text: '' }]).map((path) =>
      declare(form, path, paths.length ? first : undefined, [verb], { kind: 'inline' }),
    );
  }
  // `.GET("/x", accept(JSON), this::list, builder -> …)`: what follows the method describes it.
  const references = form.list.filter(({ text }) => /^[\w.$]+::\w+$/.test(text));
  const named = references.length === 1 && form.list.length > 1 ? handlerOf(references[0].text, notation) : undefined;
  if (named && (paths.length || form.receiver === ')'))
    return (paths.length ? paths : [{ text: '' }]).map((path) =>
      declare(form, path, paths.length ? first : undefined, [verb], named),
    );
  if (paths.length && form.list.length > 1) return plain(form, lines, language);
  // `router.get("/x").handler(this::list)` of Vert.x; `path("x", () -> get(list))` of Javalin.
  const following = lines.slice(form.endLine + 1, form.endLine + 6);
  const statement = [lines[form.endLine].slice(form.endColumn), ...following].join(' ').slice(0, 500).split(';')[0];
  const last = statement.lastIndexOf('.handler(');
  const handler = last < 0 ? undefined : handlerOf(statement.slice(last + '.handler('.length).replace(/\)\s*$/, ''), notation);
  if (paths.length && handler) return paths.map((path) => declare(form, path, first, [verb], handler));
  const only =
    form.receiver === undefined && form.list.length === 1 && !paths.length ? handlerOf(first.text, notation) : undefined;
  return only && (/::|->/.test(first.text) || (language === 'kotlin' && /^\p{Lu}\w*\.\w+$/u.test(first.text)))
    ? [declare(form, { text: '' }, undefined, [verb], only)]
    : [];
}

function ofDotnet(form: Form, lines: readonly string[], language: SourceLanguage): readonly Declaration[] {
  const name = form.name.toLowerCase();
  const notation = notationOf(language);
  const [first] = form.list;
  if (!first) return [];
  if (/^map(?:get|post|put|patch|delete|head|options)?$/.test(name))
    return form.receiver === undefined ? [] : plain(form, lines, language);
  // `MapHub<OrderHub>("/hubs/orders")` of SignalR
  if (name === 'maphub') {
    const names = form.generic?.split('.').map((part) => part.trim());
    return names?.every((part) => /^\w+$/.test(part))
      ? pathsOf(first, lines).map((path) => declare(form, path, first, [], { kind: 'class', names }))
      : [];
  }
  if (name.endsWith('route')) return conventionalDeclarations(form, lines);
  if (name === 'mapmethods') {
    const handler = handlerAmong(form.list.slice(2), notation);
    const verbs = verbsIn(form.list[1]?.text ?? '');
    return handler ? pathsOf(first, lines).map((path) => declare(form, path, first, verbs, handler)) : [];
  }
  // A class of FastEndpoints says its route in `Configure`.
  const stated =
    name === 'routes'
      ? verbsIn(
          lines
            .slice(Math.max(0, form.line - 4), form.line + 4)
            .join(' ')
            .match(/\bVerbs\([^)]{0,200}\)/)?.[0] ?? '',
        )
      : [];
  const verb = verbOf(form.name) ?? stated[0];
  const isConfigured =
    verb !== undefined && form.receiver === undefined && /^\s*(?:[A-Z]\w*\(|\$?")/.test(lines[form.line].slice(form.column));
  if (
    !isConfigured ||
    !lines.slice(Math.max(0, form.line - 25), form.line).some((text) => /\boverride\s+void\s+Configure\(/.test(text))
  )
    return [];
  const handler: Handler = {
    kind: 'function',
    names: [lines.some((text) => /\bExecuteAsync\s*\(/.test(text)) ? 'ExecuteAsync' : 'HandleAsync'],
  };
  return pathsOf(first, lines).map((path) => declare(form, path, first, [verb], handler));
}

const rustVerb =
  /(?:^|[^\w])(?:web::|routing::|axum::routing::|method_routing::)?(get|post|put|patch|delete|head|options|any)(?:_service|_with)?\(/g;

function ofRust(form: Form, lines: readonly string[], language: SourceLanguage): readonly Declaration[] {
  const notation = notationOf(language);
  const [first, second] = form.list;
  if (!first) return [];
  const isRoute = /route|^(?:at|add)$/.test(form.name);
  const methods = isRoute ? (second ?? first) : undefined;
  const paths = isRoute && second ? pathsOf(first, lines) : [{ text: '' }];
  if (methods && (second || form.receiver === ')')) {
    const found: Declaration[] = [];
    const matches = [...methods.text.matchAll(rustVerb)];
    for (const [i, match] of matches.entries()) {
      const inside = methods.text.slice(match.index + match[0].length, matches[i + 1]?.index);
      // actix-web's takes nothing and hands on: `get().guard(json).to(list)`; axum's is given the handler.
      const to = /^\s*\)/.test(inside) ? /\.to(?:_async)?\(\s*([\w:]*\w)/.exec(inside)?.[1] : undefined;
      const own = /^([^(),|]{1,200}(?:::<[^>]{0,200}>)?)\s*[,)]/.exec(inside.trimStart())?.[1]?.trimEnd();
      const handler: Handler | undefined =
        to !== undefined || own !== undefined ? handlerOf(to ?? own ?? '', notation) : { kind: 'inline' };
      const verbs = match[1] === 'any' ? [] : [match[1].toUpperCase()];
      if (handler) for (const path of paths) found.push(declare(form, path, second ? first : undefined, verbs, handler));
    }
    // `.route("/reeds", get_cached(reeds::list))`: what makes a method's router of a handler is the program's own.
    const own = matches.length || !second || form.name === 'add' ? undefined : handlerOf(second.text, notation);
    const verb = verbOf(/^(?:\w+::)*([a-z]+)_\w+\(/.exec(second?.text ?? '')?.[1] ?? '');
    if (own) for (const path of paths) found.push(declare(form, path, first, verb === undefined ? [] : [verb], own));
    return found;
  }
  return form.name === 'to' ? wholeResource(form, lines, language) : plain(form, lines, language);
}

/** `resource("/x").to(show)` of actix-web: any method. */
function wholeResource(form: Form, lines: readonly string[], language: SourceLanguage): readonly Declaration[] {
  if (form.receiver !== ')' || form.list.length !== 1) return [];
  const notation = notationOf(language);
  const { links } = chainBefore(lines, form.line, form.column, notation);
  const at = links.find(({ name }) => name === 'resource');
  const handler = at && handlerOf(form.list[0].text, notation);
  if (!handler || links.some(({ name }) => verbOf(name) !== undefined || name === 'route')) return [];
  return [{ ...declare(form, { text: '' }, undefined, [], handler), line: at.line }];
}

function ofRuby(form: Form, lines: readonly string[], language: SourceLanguage): readonly Declaration[] {
  const verb = verbOf(form.name);
  const [first, ...rest] = form.list;
  if (verb === undefined || form.receiver === ')') return [];
  const hasBlock = form.lastLine > form.endLine || /^\)?\s*(?:do\b|\{)/.test(lines[form.endLine].slice(form.endColumn));
  const path = first === undefined ? '' : (stringOf(first.text) ?? /^:([\w?]+)$/.exec(first.text)?.[1]);
  if (hasBlock && path !== undefined) return [declare(form, { text: path }, first, [verb], { kind: 'inline' })];
  // `get '/orders/:id', :show` of a class that answers itself.
  const own = first?.text.startsWith(':') ? undefined : /^:(\w+[?!]?)$/.exec(rest[0]?.text ?? '')?.[1];
  if (own !== undefined && path !== undefined)
    return [declare(form, { text: path }, first, [verb], { kind: 'function', names: [own] })];
  const handler = handlerAmong(rest, notationOf(language));
  const isNamed = rest.some(({ text }) => /^:?to\b/.test(text));
  return handler && isNamed && path !== undefined ? [declare(form, { text: path }, first, [verb], handler)] : [];
}

function ofElixir(form: Form, lines: readonly string[], language: SourceLanguage): readonly Declaration[] {
  if (form.name === 'resources') return resourceDeclarations(form, lines, language);
  const verb = verbOf(form.name) ?? (form.name === 'live' ? 'GET' : undefined);
  const [first, module, action] = form.list;
  const path = first && stringOf(first.text);
  if (verb === undefined || path === undefined) return [];
  if (module === undefined || /^do\b/.test(module.text))
    return form.lastLine > form.endLine ? [declare(form, { text: path }, first, [verb], { kind: 'inline' })] : [];
  const names = [...modulesAround(lines, form.line), ...module.text.split('.')];
  const name = /^:(\w+[?!]?)$/.exec(action?.text ?? '')?.[1];
  const handler: Handler =
    name === undefined || form.name === 'live' ? { kind: 'class', names } : { kind: 'function', names: [...names, name] };
  return [declare(form, { text: path }, first, [verb], handler)];
}
