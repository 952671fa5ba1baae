/**
 * Routes that are written as data: `{ method: 'GET', path: '/orders', handler: list }` of hapi, Fastify and Strapi, `(r"/orders", OrdersHandler)`
 * of Tornado, `'GET /orders': 'orders/list'` of Sails and SST; and what a function of a program in Go is given to register.
 */

import { indentOf, isBlank } from '../outline/textLines';
import type { SourceLanguage } from '../search/languages';
import { type Declaration, verbOf, verbsIn } from './declaration';
import { type Form, notationOf } from './forms';
import { type Handler, handlerOf } from './handlerText';

const maxLine = 500;
const around = 6;
/** What describes a route for its documentation may be long. */
const below = 40;

export function objectDeclarations(lines: readonly string[], language: SourceLanguage): readonly Declaration[] {
  const found: Declaration[] = [];
  for (const [line, text] of lines.entries()) {
    if (text.length > maxLine) continue;
    const declaration = language === 'python' ? tupleAt(lines, line) : (keyedAt(lines, line) ?? objectAt(lines, line, language));
    if (declaration) found.push(declaration);
  }
  return found;
}

/** https://sailsjs.com/documentation/concepts/routes/custom-routes */
function keyedAt(lines: readonly string[], line: number): Declaration | undefined {
  const [whole, verb, path, value] =
    /^\s*['"](?:(get|post|put|patch|delete|head|options|all)\s+)(\/[^'"\s]*)['"]\s*:\s*(.*)$/i.exec(lines[line]) ?? [];
  if (whole === undefined || path === undefined) return undefined;
  const given = value || (lines[line + 1]?.slice(0, maxLine).trim() ?? '');
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
  const verbs = /^all$/i.test(verb) ? [] : [verb.toUpperCase()];
  const column = whole.indexOf(path);
  return { form: formOf(line, column), line, column, path: path.replace(/\[:\]/g, ':'), verbs, handler };
}

function objectAt(lines: readonly string[], line: number, language: SourceLanguage): Declaration | undefined {
  const match = /(?<![\w$])['"]?(?:path|url)['"]?\s*:\s*(['"`])((?:\/[^'"`]*)?)\1/.exec(lines[line]);
  if (!match) return undefined;
  const field = (name: string): { readonly text: string; readonly line: number } | undefined => {
    const stated = new RegExp(`(?<![\\w$.])['"]?(?:${name})['"]?\\s*[:(]\\s*(.*)$`);
    for (let distance = 0; distance <= (name === 'handler' ? below : around); distance++) {
      for (const at of distance ? [line - distance, line + distance] : [line]) {
        if (at < line - around) continue;
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
  const method = field('method');
  if (!method || !/^\[?\s*['"`](?:GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS|\*)/i.test(method.text)) return undefined;
  const handler = field('handler');
  // What describes an API is told of others' routes.
  if (!handler && lines.slice(Math.max(0, line - around), line).some((text) => /\bregisterPath\(/.test(text.slice(0, maxLine))))
    return undefined;
  // Of a router that is mounted elsewhere.
  if (match[2] === '' && !handler) return undefined;
  const column = match.index + match[0].length - match[2].length - 1;
  // Written on the spot, below what describes it.
  const isBelow = handler !== undefined && handler.line > line && /=>|\bfunction\b|^[^:]*\{\s*$/.test(handler.text);
  return {
    form: formOf(line, match.index),
    line: isBelow ? handler.line : line,
    column: isBelow ? undefined : column,
    path: match[2],
    verbs: verbsIn(/^\[[^\]]*|^[^,]*/.exec(method.text)?.[0] ?? ''),
    handler: handler
      ? ofField(handler.text, language)
      : (describedAs(lines, line) ?? contractKey(lines, line) ?? { kind: 'inline' }),
  };
}

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

function ofField(text: string, language: SourceLanguage): Handler {
  const code = text.replace(/[,\s}]+$/, '');
  return (/^[\w$.]+$|^['"]/.test(code) ? handlerOf(code, notationOf(language)) : undefined) ?? { kind: 'inline' };
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
