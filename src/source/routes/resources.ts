/**
 * The routes of a resource that is registered as a whole: `Route::apiResource('orders', OrderController::class)` of Laravel and AdonisJS,
 * `resources "/orders", OrderController` of Phoenix, `router.register(r'orders', OrderViewSet)` of Django REST framework.
 */

import { indentOf } from '../outline/textLines';
import type { SourceLanguage } from '../search/languages';
import { stringOf, unnamed } from './arguments';
import { pathsOf } from './constants';
import { type Declaration, verbsIn } from './declaration';
import { type Form, notationOf } from './forms';
import { type Handler, handlerOf } from './handlerText';

/** Action, its methods, and what it adds to the path: `{}` is the member. */
type Action = readonly [name: string, verbs: readonly string[], path: string];

const laravel: readonly Action[] = [
  ['index', ['GET'], ''],
  ['create', ['GET'], '/create'],
  ['store', ['POST'], ''],
  ['show', ['GET'], '/{}'],
  ['edit', ['GET'], '/{}/edit'],
  ['update', ['PUT', 'PATCH'], '/{}'],
  ['destroy', ['DELETE'], '/{}'],
];
const phoenix: readonly Action[] = [
  ['index', ['GET'], ''],
  ['new', ['GET'], '/new'],
  ['create', ['POST'], ''],
  ['show', ['GET'], '/{}'],
  ['edit', ['GET'], '/{}/edit'],
  ['update', ['PUT', 'PATCH'], '/{}'],
  ['delete', ['DELETE'], '/{}'],
];
/** Of Egg, whose controllers have `new` and `create` where Laravel's have `create` and `store`. */
const egg: readonly Action[] = phoenix.map(([name, ...rest]) => [name === 'delete' ? 'destroy' : name, ...rest]);
const feathers: readonly Action[] = [
  ['find', ['GET'], ''],
  ['get', ['GET'], '/{}'],
  ['create', ['POST'], ''],
  ['update', ['PUT'], '/{}'],
  ['patch', ['PATCH'], '/{}'],
  ['remove', ['DELETE'], '/{}'],
];
const django: readonly Action[] = [
  ['list', ['GET'], ''],
  ['create', ['POST'], ''],
  ['retrieve', ['GET'], '/{}'],
  ['update', ['PUT'], '/{}'],
  ['partial_update', ['PATCH'], '/{}'],
  ['destroy', ['DELETE'], '/{}'],
];

export function resourceDeclarations(form: Form, lines: readonly string[], language: SourceLanguage): readonly Declaration[] {
  // `router.resources('orders', '/orders', auth, controller.orders)` of Egg has a name, and what runs before.
  const isEgg = language === 'javascript' && form.name === 'resources';
  const list = isEgg ? [unnamed(form.list)[0], form.list[form.list.length - 1]] : form.list;
  const [first, second] = list;
  if (!first) return [];
  if (/^\[/.test(first.text)) return severalOf(form, first.text, lines, language);
  const path = stringOf(first.text);
  if (path === undefined) return [];
  // `Route.resource('orders', 'Admin/OrdersController')` of AdonisJS.
  const quoted = language === 'javascript' && second ? stringOf(second.text) : undefined;
  const handler: Handler | undefined =
    quoted !== undefined && /^[\w/]+$/.test(quoted)
      ? { kind: 'class', names: quoted.split('/') }
      : second && handlerOf(second.text, notationOf(language));
  if (language === 'php' && !/::class/.test(second?.text ?? '')) return namedResource(form, path, second?.text ?? '', lines);
  const names = handler?.kind === 'function' || handler?.kind === 'class' ? handler.names : undefined;
  const around = language === 'elixir' ? modulesAround(lines, form.line) : [];
  return names ? expanded(form, path, [...around, ...names], limitsOf(form, lines), language) : [];
}

/** What frameworks of PHP call the actions of a resource. */
const habits: Readonly<Record<string, string>> = {
  create: 'new|create|add',
  store: 'create|store|save|add',
  show: 'show|view|read',
  edit: 'edit',
  update: 'update|edit',
  destroy: 'delete|destroy|remove',
};

/** Of PHP, where the class is named in quotes, or not at all: `$routes->resource('photos')`, `Route::resource('photos', 'PhotoController')`. */
function namedResource(form: Form, path: string, options: string, lines: readonly string[]): readonly Declaration[] {
  const named = stringOf(options) ?? /['"]controller['"]\s*=>\s*['"]([^'"]{1,160})/.exec(options)?.[1];
  const controller = named ?? path.split(/[/.]/).pop() ?? path;
  const text = path.replace(/([a-z0-9])([A-Z])/g, '$1-$2').toLowerCase();
  return expanded(form, text, [], limitsOf(form, lines), 'php').map((each) => {
    const name = each.handler.kind === 'function' ? each.handler.names[0] : '';
    const action = habits[name] ?? name;
    return { ...each, handler: { kind: 'action', controller: controller.replace(/^\\?App\\Controllers\\/, ''), action } };
  });
}

/** `app.use('orders', new OrderService(options))` of Feathers: methods of the class, which may have them of a library's. */
export function serviceDeclarations(form: Form, lines: readonly string[]): readonly Declaration[] {
  const type = /^new\s+([\w$]+)\s*\((?:[^()]|\([^()]*\))*\)$/.exec((form.list[1]?.text ?? '').slice(0, 400))?.[1];
  if (type === undefined || /Router|^(?:Koa|Hono|Elysia)$/.test(type)) return [];
  return pathsOf(form.list[0], lines).flatMap((path) =>
    feathers.map(([name, verbs, tail]) => ({
      form,
      line: form.list[0].line,
      column: undefined,
      path: path.text + tail,
      verbs,
      handler: { kind: 'class', names: [type], actions: new Map(verbs.map((verb) => [verb, name])) } satisfies Handler,
      needsHandler: true,
    })),
  );
}

/** `MapControllerRoute(name: "o", pattern: "orders", defaults: new { controller = "Orders", action = "List" })`, and as ASP.NET MVC has it. */
export function conventionalDeclarations(form: Form, lines: readonly string[]): readonly Declaration[] {
  const text = form.list.map((each) => each.text).join(', ');
  const [controller, action] = ['controller', 'action'].map(
    (key) => new RegExp(`\\b${key}\\s*=\\s*"(\\w{1,80})"`).exec(text)?.[1],
  );
  const stated =
    form.list.find((each) => /^(?:pattern|template|url)\s*:/.test(each.text)) ?? form.list[/area/i.test(form.name) ? 2 : 1];
  const path = stated && pathsOf({ text: stated.text.replace(/^\w+\s*:\s*/, '') }, lines)[0];
  if (controller === undefined || !path) return [];
  const verbs = verbsIn(/Method\w*\(([^)]*)/.exec(text)?.[1] ?? '');
  const handler = { kind: 'member', names: [controller], action } as const;
  return [{ form, line: stated.line, column: stated.column + 1, path: path.text, verbs, handler }];
}

/** `Route::resources(['orders' => OrderController::class, …])`; each on its own line or all on one. */
function severalOf(form: Form, text: string, lines: readonly string[], language: SourceLanguage): readonly Declaration[] {
  const found: Declaration[] = [];
  for (const [, path, type] of text.matchAll(/['"]([\w./-]+)['"]\s*=>\s*\\?([\w\\]+)::class/g)) {
    const line = lines.findIndex((each, i) => i >= form.line && i <= form.endLine && each.includes(`${path}`));
    found.push(...expanded({ ...form, line: Math.max(form.line, line) }, path, type.split('\\'), () => true, language));
  }
  return found;
}

function expanded(
  form: Form,
  path: string,
  names: readonly string[],
  isWanted: (action: string) => boolean,
  language: SourceLanguage,
): readonly Declaration[] {
  const actions =
    language === 'python'
      ? django
      : language === 'elixir'
        ? phoenix
        : language === 'javascript' && form.name === 'resources'
          ? egg
          : laravel;
  const isSingle = /singleton/i.test(form.name);
  // `orders.lines` is below an order.
  const base = language === 'php' || language === 'javascript' ? path.split('.').join('/{}/') : path.replace(/^\^|\$$/g, '');
  return actions
    .filter(([name]) => isWanted(name) && !(/^api/i.test(form.name) && /^(?:create|edit)$/.test(name)))
    .map(([name, verbs, tail]) => ({
      form,
      line: form.line,
      column: undefined,
      path: base + (isSingle ? tail.replace('/{}', '') : tail),
      verbs,
      handler: { kind: 'function', names: [...names, name] } satisfies Handler,
    }));
}

/** `->only(['index'])`, `->except('destroy')`, `only: [:index]`, of the same statement. */
function limitsOf(form: Form, lines: readonly string[]): (action: string) => boolean {
  const behind = [lines[form.endLine].slice(form.endColumn), ...lines.slice(form.endLine + 1, form.endLine + 4)].join(' ');
  const statement = `${form.list.map(({ text }) => text).join(', ')} ${behind.split(';')[0]}`.slice(0, 800);
  const only = /\bonly['"]?\s*(?:\(|:|=>)\s*([^\])]*)/.exec(statement)?.[1];
  const except = /\bexcept['"]?\s*(?:\(|:|=>)\s*([^\])]*)/.exec(statement)?.[1];
  const has = (text: string, action: string): boolean => new RegExp(`\\b${action}\\b`).test(text);
  return (action) => (only === undefined || has(only, action)) && (except === undefined || !has(except, action));
}

/** `scope "/api", ShopWeb.API do`: the modules of what is named within. */
export function modulesAround(lines: readonly string[], line: number): readonly string[] {
  const found: string[] = [];
  let limit = indentOf(lines[line]);
  for (let i = line - 1; i >= Math.max(0, line - maxAround) && limit > 0; i--) {
    const text = lines[i].slice(0, 300);
    if (text.trim() === '' || indentOf(text) >= limit) continue;
    limit = indentOf(text);
    const module = /^\s*scope\b[^#]*?(?:[\s(,]|alias:\s*)(\p{Lu}[\w.]*)(?=\s*(?:,|do\b|\)))/u.exec(text)?.[1];
    if (module !== undefined) found.unshift(...module.split('.'));
  }
  return found;
}

const maxAround = 600;
