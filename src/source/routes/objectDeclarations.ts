/**
 * Routes that are written as data: `{ method: 'GET', path: '/orders', handler: list }` of hapi, Fastify and Strapi, `(r"/orders", OrdersHandler)`
 * of Tornado.
 */

import type { SourceLanguage } from '../search/languages';
import { type Declaration, verbsIn } from './declaration';
import { type Form, notationOf } from './forms';
import { type Handler, handlerOf } from './handlerText';

const maxLine = 500;
const around = 6;

export function objectDeclarations(lines: readonly string[], language: SourceLanguage): readonly Declaration[] {
  const found: Declaration[] = [];
  for (const [line, text] of lines.entries()) {
    if (text.length > maxLine) continue;
    const declaration = language === 'python' ? tupleAt(lines, line) : objectAt(lines, line, language);
    if (declaration) found.push(declaration);
  }
  return found;
}

function objectAt(lines: readonly string[], line: number, language: SourceLanguage): Declaration | undefined {
  const match = /(?<![\w$])['"]?(?:path|url)['"]?\s*:\s*(['"`])(\/[^'"`]*)\1/.exec(lines[line]);
  if (!match) return undefined;
  const field = (name: string): { readonly text: string; readonly line: number } | undefined => {
    const stated = new RegExp(`(?<![\\w$.])['"]?(?:${name})['"]?\\s*[:(]\\s*(.*)$`);
    for (let distance = 0; distance <= around; distance++) {
      for (const at of distance ? [line - distance, line + distance] : [line]) {
        // Of another object.
        if (at < line && lines.slice(at, line).some((text) => /^\s*\}/.test(text))) continue;
        const text = at >= 0 && at < lines.length && lines[at].length < maxLine ? stated.exec(lines[at])?.[1] : undefined;
        if (text !== undefined) return { text, line: at };
      }
    }
    return undefined;
  };
  const method = field('method');
  if (!method || !/^\[?\s*['"`](?:GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS|\*)/i.test(method.text)) return undefined;
  const handler = field('handler');
  const column = match.index + match[0].length - match[2].length - 1;
  return {
    form: formOf(line, match.index),
    line,
    column,
    path: match[2],
    verbs: verbsIn(/^\[[^\]]*|^[^,]*/.exec(method.text)?.[0] ?? ''),
    handler: handler ? ofField(handler.text, language) : (contractKey(lines, line) ?? { kind: 'inline' }),
  };
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
