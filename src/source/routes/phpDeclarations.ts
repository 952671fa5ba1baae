/** Routes that calls of PHP declare, whatever the framework calls them: `Route::get`, `$routes->add`, `$builder->connect`, `register_rest_route`. */

import type { SourceLanguage } from '../search/languages';
import { type Argument, argumentsAt, namedArgument, stringOf } from './arguments';
import { pathsOf } from './constants';
import { type Declaration, declare, verbOf, verbsIn } from './declaration';
import { type Form, notationOf } from './forms';
import { type Handler, handlerAmong, handlerOf } from './handlerText';
import { resourceDeclarations } from './resources';

const notation = notationOf('php');

export function ofPhp(form: Form, lines: readonly string[], language: SourceLanguage): readonly Declaration[] {
  const name = form.name.toLowerCase();
  const [first, second] = form.list;
  if (name === 'register_rest_route') return restRoutes(form, lines);
  if (!first || form.receiver === undefined || form.receiver === 'this') return [];
  if (/^(?:resources?|apiresources?|(?:api)?singleton|presenter)$/.test(name)) return resourceDeclarations(form, lines, language);
  if (/^(?:view|redirect)$/.test(name) && form.receiver === 'Route')
    return pathsOf(first, lines).map((path) => declare(form, path, first, ['GET'], { kind: 'inline' }));
  const isLoose = /^(?:match|addroute|map|add|connect|rule|route)$/.test(name);
  if (isLoose && form.list.length > 2 && !/^.\//.test(first.text) && verbsIn(first.text).length > 0) {
    const handler = handlerIn(form.list.slice(2));
    return handler ? pathsOf(second, lines).map((path) => declare(form, path, second, verbsIn(first.text), handler)) : [];
  }
  const verb = verbOf(name);
  if ((verb === undefined && name !== 'any' && !isLoose) || !second) return [];
  // `Route::get('x', 'show')` in a group of one controller.
  const alone = stringOf(second.text);
  const handler: Handler | undefined =
    alone !== undefined && /^\w+$/.test(alone) && !isLoose && form.list.length === 2
      ? { kind: 'function', names: [alone] }
      : handlerIn(form.list.slice(1));
  if (!handler || (isLoose && handler.kind === 'inline' && name !== 'route')) return [];
  const said = isLoose ? form.list.slice(2).find(({ text }) => /^[['"][A-Z\s,'"|]+[\]'"]$/.test(text))?.text : undefined;
  return pathsOf(first, lines).map(({ text }) => {
    // `GET|HEAD @order: /orders/@id` of Fat-Free.
    const [, own, path] = /^([A-Z|]{3,40})\s+(?:@\w+:\s*)?(\/\S*)/.exec(text) ?? [];
    const verbs = own !== undefined ? own.split('|') : verb ? [verb] : verbsIn(said ?? '');
    const declared = declare(form, { text: (path ?? text).replace(/\/@(?=\w)/g, '/:') }, first, verbs, handler);
    return isLoose ? { ...declared, needsHandler: true as const } : declared;
  });
}

/** What is called like a route, and is no method of a class. */
const routeName = /^['"][a-z][\w-]*(?:[.:][\w-]+)*['"]$/;

/** Names of routes stand beside handlers. */
function handlerIn(list: readonly Argument[]): Handler | undefined {
  for (const { text } of list) {
    const isPair = /^['"](?:\\?[A-Z][\w\\]*(?:@|::?|->)\w+)['"]$/.test(text);
    const own = ofArray(text) ?? (isPair ? handlerOf(text, notation) : actionOf(stringOf(text) ?? ''));
    if (own) return own;
  }
  const others = list.filter(
    ({ text }) => !routeName.test(text) && !/^\[\s*['"](?!uses)\w+['"]\s*=>/.test(text.replace(/['"]uses['"].*/s, "['uses")),
  );
  const found = handlerAmong(others.length ? others : list, notation);
  const isClass = found?.kind === 'function' && others.some(({ text }) => /^[^'"[]*::class$/.test(text));
  return isClass ? { kind: 'class', names: found.names } : found;
}

/** `orders/detail/$1` of CodeIgniter, `api.Orders/detail` of ThinkPHP. */
function actionOf(text: string): Handler | undefined {
  const [, controller, action] = /^\/?(\w[\w\\.]*(?:\/\w+)*)\/(\w+)(?:\/\$\d)*$/.exec(text) ?? [];
  return controller === undefined ? undefined : { kind: 'action', controller, action };
}

/** `['controller' => 'Articles', 'action' => 'view', 'prefix' => 'Admin']` */
function ofArray(text: string): Handler | undefined {
  const list =
    text.startsWith('[') || /^array\(/.test(text) ? (argumentsAt([text], 0, text.search(/[[(]/), notation)?.list ?? []) : [];
  const [controller, action, prefix] = ['controller', 'action', 'prefix'].map((key) =>
    namedArgument(list, [key])?.replace(/^['"]|['"]$|::class$/g, ''),
  );
  if (controller === undefined) return undefined;
  const names = [...(prefix === undefined ? [] : [prefix]), controller].join('/').replace(/\\+/g, '/');
  return { kind: 'action', controller: names, action: action ?? 'index' };
}

/** https://developer.wordpress.org/rest-api/extending-the-rest-api/adding-custom-endpoints/ */
const restVerbs: Readonly<Record<string, readonly string[]>> = {
  READABLE: ['GET'],
  CREATABLE: ['POST'],
  EDITABLE: ['POST', 'PUT', 'PATCH'],
  DELETABLE: ['DELETE'],
};

function restRoutes(form: Form, lines: readonly string[]): readonly Declaration[] {
  const [space, route] = form.list;
  if (!space || !route || route === form.list[2]) return [];
  const asPath = (text: string): string =>
    pathsOf({ text: text.replace(/\s*\.\s*(?=['"$])/g, ' + ').replace(/\$this->/g, '') }, lines)[0]?.text ?? '';
  const path = `${asPath(space.text)}/${asPath(route.text)}`.replace(/\/{2,}/g, '/');
  const found: Declaration[] = [];
  let verbs: readonly string[] = [];
  for (let line = route.line; line <= form.endLine; line++) {
    const text = lines[line].slice(0, 500);
    const methods = /['"]methods?['"]\s*=>\s*(?:\[|array\()?\s*([^\])\n]{1,100})/.exec(text)?.[1];
    if (methods !== undefined) verbs = restVerbs[/::(\w+)/.exec(methods)?.[1] ?? ''] ?? verbsIn(methods.split('=>')[0]);
    const column = text.search(/(?<!_)['"]?(?<=['"])callback['"]\s*=>/);
    const open = column < 0 ? -1 : text.indexOf('=>', column) + 2;
    const given =
      open < 0
        ? undefined
        : argumentsAt([text.slice(open).replace(/\barray\(([^()]*)\)/, '[$1]')], 0, -1, notation, false)?.list[0];
    if (!given) continue;
    const name = /^['"](\w+)['"]$/.exec(given.text)?.[1];
    const handler: Handler | undefined =
      name === undefined ? handlerAmong([given], notation) : { kind: 'function', names: [name] };
    const at = { text: route.text, line: handler?.kind === 'inline' ? line : route.line, column: route.column };
    if (handler) found.push(declare(form, { text: path }, at, verbs, handler));
  }
  return found;
}
