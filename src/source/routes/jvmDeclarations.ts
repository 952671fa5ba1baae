/**
 * Further calls of the JVM that declare routes: the predicates of Spring's functional routes (`route(GET("/{id}"), handler::find)`), a method before the path
 * (`router.route(HttpMethod.PUT, "/x").handler(put)` of Vert.x), `crud("/reeds/{id}", new ReedCrud())` and handlers before roles of Javalin.
 */

import type { SourceLanguage } from '../search/languages';
import { pathsOf } from './constants';
import { type Declaration, declare, verbOf, verbsIn } from './declaration';
import { type Form, notationOf } from './forms';
import { type Handler, handlerOf } from './handlerText';

/** Action, its method, and whether it is of one. */
const crud: readonly (readonly [name: string, verb: string, isOne: boolean])[] = [
  ['getAll', 'GET', false],
  ['create', 'POST', false],
  ['getOne', 'GET', true],
  ['update', 'PATCH', true],
  ['delete', 'DELETE', true],
];

export function furtherOfJvm(form: Form, lines: readonly string[], language: SourceLanguage): readonly Declaration[] {
  const notation = notationOf(language);
  const [first, second] = form.list;
  const name = form.name.toLowerCase();
  if (!first) return [];
  if (name === 'crud') {
    const handler = second && handlerOf(second.text, notation);
    const names = handler?.kind === 'class' || handler?.kind === 'function' ? handler.names : undefined;
    return pathsOf(first, lines).flatMap((path) =>
      (names ? crud : []).map(([action, verb, isOne]) => {
        const text = isOne ? path.text : path.text.replace(/\/(?:\{[^/]*\}|:[^/]*)$/, '');
        return declare(form, { ...path, text }, first, [verb], { kind: 'function', names: [...(names ?? []), action] });
      }),
    );
  }
  if (name === 'route' || name === 'androute') {
    // `POST("/x").and(accept(JSON))`
    const [, verb, path] = /^(?:RequestPredicates\.)?([A-Z]{3,7})\(\s*("[^"]{0,200}")/.exec(first.text.slice(0, 300)) ?? [];
    const handler = second && handlerOf(second.text, notation);
    if (verb !== undefined && handler)
      return pathsOf({ text: path }, lines).map((each) => declare(form, each, first, [verb], handler));
    const verbs = second && pathsOf(second, lines).length ? verbsIn(first.text) : [];
    const behind = verbs.length ? handlerBehind(form, lines, language) : undefined;
    return second && behind ? pathsOf(second, lines).map((each) => declare(form, each, second, verbs, behind)) : [];
  }
  // `get(Reeds.all, Role.ANYONE)` below the path of a group.
  const verb = verbOf(form.name);
  const handler =
    verb !== undefined &&
    form.receiver === undefined &&
    second &&
    !second.text.includes('"') &&
    /^[\w.]+(?:::|\.)\w+$/.test(first.text)
      ? handlerOf(first.text, notation)
      : undefined;
  return handler && verb !== undefined ? [declare(form, { text: '' }, undefined, [verb], handler)] : [];
}

/** `.handler(…)` of the same statement. */
function handlerBehind(form: Form, lines: readonly string[], language: SourceLanguage): Handler | undefined {
  const following = lines.slice(form.endLine + 1, form.endLine + 6);
  const statement = [lines[form.endLine].slice(form.endColumn), ...following].join(' ').slice(0, 500).split(';')[0];
  const last = statement.lastIndexOf('.handler(');
  return last < 0 ? undefined : handlerOf(statement.slice(last + '.handler('.length).replace(/\)\s*$/, ''), notationOf(language));
}
