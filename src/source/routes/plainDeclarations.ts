/** What most frameworks have in common: a call that is named after the method, with a path and a handler, or with the path before it in its chain. */

import type { SourceLanguage } from '../search/languages';
import { unnamed } from './arguments';
import { chainBefore, type Link } from './chain';
import { pathsOf } from './constants';
import { type Declaration, declare, verbOf } from './declaration';
import { type Form, notationOf } from './forms';
import { handlerAmong } from './handlerText';

const any = /^(?:all|any|handle|map)$/i;

/** A method's call: its path, if its first argument is one, and the handler among the others. */
export function plain(form: Form, lines: readonly string[], language: SourceLanguage): readonly Declaration[] {
  const verb = verbOf(form.name);
  if (verb === undefined && !any.test(form.name)) return [];
  const verbs = verb === undefined ? [] : [verb];
  const notation = notationOf(language);
  const [first, ...rest] = unnamed(form.list);
  const paths = first ? pathsOf(first, lines) : [];
  if (paths.length) {
    const handler = handlerAmong(rest, notation);
    return handler ? paths.map((path) => declare(form, path, first, verbs, handler)) : [];
  }
  // The path stands before it in the chain, or around it.
  const handler = form.receiver === ')' && verb !== undefined ? handlerAmong(form.list, notation) : undefined;
  const link = handler && pathInChain(form, lines, language);
  if (!handler || !link) return [];
  const declared = declare(form, { text: '' }, undefined, verbs, handler);
  // A person reads the path of a chain with the handlers that it names; a function on the spot stands at its method.
  return [handler.kind === 'inline' ? declared : { ...declared, line: link.line }];
}

const pathLink = /^(?:route|at|Combo|resource|with_path|path|scope|group|Group|MapGroup)$/;

function pathInChain(form: Form, lines: readonly string[], language: SourceLanguage): Link | undefined {
  return chainBefore(lines, form.line, form.column, notationOf(language)).links.find(
    ({ name, args }) => pathLink.test(name) && args?.list[0] !== undefined && pathsOf(args.list[0], lines).length > 0,
  );
}
