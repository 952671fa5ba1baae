/**
 * Routes by name: one place says which name has which path (`config.add_route("orders", "/orders/")`), and what answers bears the name: in a mark
 * above it (`@view_config(route_name="orders")`, `@app.endpoint("orders")`) or where it is handed over (`add_view(list_orders, route_name="orders")`).
 * https://docs.pylonsproject.org/projects/pyramid/en/latest/narr/viewconfig.html
 */

import { throwIfAborted } from '../../base/errors';
import { isCommentLine } from '../search/literalFiles';
import type { SourceFile } from '../search/sourceSearch';
import { definitionsIn } from '../symbols/findDefinitions';
import { type Argument, type Arguments, argumentsAt, namedArgument, positional, stringOf } from './arguments';
import { type Declaration, verbsIn } from './declaration';
import { type Form, notationOf } from './forms';
import { methodsOfClass, ofClass } from './handlerClass';
import type { Asked, HandlerPlace } from './handlerPlace';
import { type Handler, handlerAmong } from './handlerText';
import { classEnd, classHead, targetOf } from './markDeclarations';

const isName = /^[A-Za-z_][\w.:-]{1,100}$/;
const nameKeys = ['route_name', 'routeName', 'route', 'name', 'endpoint'];

/** A name beside a path, and no handler. */
export function ofRouteNames(form: Form): readonly Declaration[] {
  if (!/rout|rule|^(?:add|map|register)$/i.test(form.name)) return [];
  const given = positional(form.list);
  const [first, second] = given.slice(0, 2).map(({ text }) => stringOf(text));
  const key = stringOf(namedArgument(form.list, nameKeys) ?? '');
  const said = stringOf(namedArgument(form.list, ['pattern', 'path', 'rule', 'url']) ?? '');
  const isPathFirst =
    said === undefined && (key !== undefined || (second !== undefined && isName.test(second) && first?.includes('/')));
  const path = said ?? (isPathFirst ? first : second);
  const name = key ?? (isPathFirst ? second : first);
  if (path === undefined || name === undefined || !isName.test(name)) return [];
  if (!path.includes('/') && form.name !== 'add_route') return [];
  const at = form.list.find(({ text }) => text.endsWith(path, text.length - 1));
  return [
    {
      form,
      line: at?.line ?? form.line,
      column: at && at.column + 1,
      path,
      verbs: [],
      handler: { kind: 'named', name },
      needsHandler: true,
    },
  ];
}

interface View {
  readonly place: HandlerPlace;
  readonly score: number;
}

const maxViews = 12;
const maxAbove = 12;
const maxClass = 400;

/** Where what bears the name is defined. `follow` leads from a handler that a line names to its definition. */
export async function viewOfName(
  name: string,
  method: string | undefined,
  { source, search }: Asked,
  follow: (handler: Handler, line: number, file: SourceFile) => Promise<HandlerPlace | undefined>,
): Promise<HandlerPlace | undefined> {
  const literal = `(["'])${name.replace(/[.]/g, '\\.')}\\1`;
  const bears = new RegExp(
    `\\b(?:${nameKeys.join('|')})\\s*[=:]\\s*${literal}|^\\s*(?:@|#?\\[)[\\w.\\\\]+\\(\\s*${literal.replace('1', '2')}`,
  );
  const views: View[] = [];
  for (const needle of search.begin([`"${name}"`, `'${name}'`])) {
    for (const hit of (await search.find(needle)).hits) {
      throwIfAborted(search.context.signal);
      if (views.length >= maxViews || hit.text.length > 500 || isCommentLine(hit.text) || !bears.test(hit.text)) continue;
      const file = search.file(hit.file);
      const lines =
        file?.language === source.language && file.standing === 'source' ? await search.context.lines(hit.file) : undefined;
      const form = file && lines && formAround(lines, hit.line, file);
      if (!form) continue;
      if (form.kind === 'mark') views.push(...(await marked(form, name, method, { source: file, lines, search })));
      else if (/view|handler|controller|endpoint|action/i.test(form.name)) {
        const handler = handlerAmong(
          form.list.filter(({ text }) => stringOf(text) === undefined),
          notationOf(file.language),
        );
        const attribute = stringOf(namedArgument(form.list, ['attr']) ?? '');
        const meant: Handler | undefined =
          handler?.kind === 'function' && attribute !== undefined
            ? { kind: 'function', names: [...handler.names, attribute] }
            : handler;
        const score = scoreOf(form.list, method);
        const place = score === undefined || !meant ? undefined : await follow(meant, hit.line, file);
        if (place && score !== undefined) views.push({ place, score });
      }
    }
  }
  const [best] = views.sort((a, b) => b.score - a.score);
  const isTied = views.some(
    ({ place, score }) =>
      score === best.score && (place.line !== best.place.line || place.source.file !== best.place.source.file),
  );
  return best && (isTied ? { ...best.place, isOneOf: true } : best.place);
}

/** The mark or the call among whose arguments a line is. */
function formAround(lines: readonly string[], line: number, { language }: SourceFile): Form | undefined {
  for (let i = line; i >= Math.max(0, line - maxAbove); i--) {
    const text = lines[i].slice(0, 500);
    const found = /^\s*(@|#?\[)?\s*(?:\w+\s*=\s*)?(?:[\w\\]+[.\\]){0,6}(\w+)\s*\(/.exec(text);
    const args = found && argumentsAt(lines, i, found[0].length - 1, notationOf(language));
    if (args && args.endLine >= line) return formOf(found[1] === undefined ? 'call' : 'mark', found[2], i, args);
  }
  return undefined;
}

function formOf(kind: Form['kind'], name: string, line: number, { list, endLine, endColumn }: Arguments): Form {
  return { kind, name, receiver: undefined, line, column: 0, list, endLine, endColumn, lastLine: endLine };
}

/** The function that a mark stands above; of a class the methods that marks of their own tell, or the one of the method. */
async function marked(form: Form, name: string, method: string | undefined, asked: Asked): Promise<readonly View[]> {
  const { source, lines, search } = asked;
  const score = scoreOf(form.list, method);
  const target = targetOf(form, lines, source.language);
  if (score === undefined || target === undefined) return [];
  const type = /^\s*(?:async\s+)?def\b/.test(lines[target]) ? undefined : classHead.exec(lines[target].slice(0, 500))?.[2];
  if (type === undefined) return [{ place: { source, line: target, by: 'class' }, score }];
  const attribute = stringOf(namedArgument(form.list, ['attr']) ?? '');
  const [stated] =
    attribute === undefined
      ? []
      : (await definitionsIn(source, attribute, search)).filter(({ containers }) => containers.includes(type));
  if (stated) return [{ place: { source, line: stated.line, by: 'class' }, score }];
  const views: View[] = [];
  for (let i = target + 1; i < Math.min(classEnd(lines, target), target + maxClass); i++) {
    const found = /^\s+@[\w.]*?(\w*(?:view|route|endpoint|config)\w*)\(/i.exec(lines[i].slice(0, 300));
    const args = found && argumentsAt(lines, i, found[0].length - 1, notationOf(source.language));
    if (!args) continue;
    const own = formOf('mark', found[1], i, args);
    const stands = stringOf(namedArgument(args.list, ['route_name']) ?? '');
    const line = stands === undefined || stands === name ? targetOf(own, lines, source.language) : undefined;
    const more = line === undefined ? undefined : scoreOf(args.list, method);
    if (line !== undefined && more !== undefined) views.push({ place: { source, line, by: 'class' }, score: score + more });
  }
  if (views.length) return views;
  const place = await ofClass([type], [...methodsOfClass(method, source), '__call__'], asked);
  return place ? [{ place, score }] : [];
}

/** What else a request must have. */
const further =
  /^(?:xhr|accept|request_param|match_param|header|physical_path|custom_predicates|context\s*=\s*(?:\w+\.)*(?:HTTP\w+|\w*(?:Exception|Error)\b))/;

/** How well a view fits the request; undefined where it is of other methods. */
function scoreOf(list: readonly Argument[], method: string | undefined): number | undefined {
  const methods = verbsIn(namedArgument(list, ['request_method', 'require_methods', 'methods', 'method']) ?? '');
  if (method !== undefined && methods.length && !methods.includes(method === 'HEAD' ? 'GET' : method)) return undefined;
  return (methods.length && method !== undefined ? 2 : 0) - list.filter(({ text }) => further.test(text)).length;
}
