/**
 * Routes that operators put together: `case GET -> Root / "orders" / UUIDVar(id) =>` of http4s, `"/orders/{id}" bind GET to show(orders)` of http4k, there
 * also below `"/orders" bind routes(`.
 */

import type { Steps } from '../../base/steps';
import { indentOf, isBlank } from '../outline/textLines';
import type { SourceLanguage } from '../search/languages';
import type { Declaration } from './declaration';
import { type Form, notationOf } from './forms';
import { type Handler, handlerOf } from './handlerText';

const methods = '(GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS)';
const pattern = new RegExp(`\\bcase\\s+(?:\\w{1,40}\\s*@\\s*)?${methods}\\s*->\\s*Root\\b([^=]{0,300})`);
const bound = new RegExp(`^\\s*(?:"([^"]{0,200})"\\s+bind\\s+)?(?:Method\\.)?${methods}\\s+to\\s+(.{1,300})$`);
const group = /^\s*"([^"]{0,200})"\s+bind\s+routes\(/;
const maxFound = 300;
const maxAround = 100;
const stepLines = 256;

export function* infixDeclarations(lines: readonly string[], language: SourceLanguage): Steps<readonly Declaration[]> {
  const found: Declaration[] = [];
  for (const [line, text] of /^(?:scala|kotlin)$/.test(language) ? lines.entries() : []) {
    if (line % stepLines === stepLines - 1) yield;
    if (text.length > 500 || found.length >= maxFound || !text.includes(language === 'scala' ? 'Root' : ' to ')) continue;
    const own = language === 'scala' ? pattern.exec(text) : bound.exec(text);
    if (!own) continue;
    const [path, verb] =
      language === 'scala' ? [partsOf(own[2]), own[1]] : [`${groupsAround(lines, line)}${own[1] ?? ''}`, own[2]];
    const handler: Handler | undefined =
      language === 'scala' || own[3].startsWith('{')
        ? { kind: 'inline' }
        : handlerOf(own[3].replace(/^::/, '').replace(/[,\s]+$/, ''), notationOf(language));
    const end = { endLine: line, endColumn: text.length, lastLine: line };
    const form: Form = { kind: 'call', name: 'if', receiver: undefined, line, column: 0, list: [], ...end };
    if (handler) found.push({ form, line, column: undefined, path, verbs: [verb], handler });
  }
  return found;
}

/** ` / "orders" / UUIDVar(id) :? Status(s) ` */
function partsOf(text: string): string {
  const parts = [...(text.split(/:\?|\s\+&/, 1)[0] ?? '').matchAll(/\/\s*(?:"([^"]{0,100})"|(\w{1,60}))/g)];
  return `/${parts.map(([, word]) => word ?? '{}').join('/')}`;
}

/** What the groups around a line begin with, by the indentation. */
function groupsAround(lines: readonly string[], line: number): string {
  let path = '';
  let limit = indentOf(lines[line]);
  for (let i = line - 1; i >= Math.max(0, line - maxAround) && limit > 0; i--) {
    if (isBlank(lines[i]) || indentOf(lines[i]) >= limit) continue;
    limit = indentOf(lines[i]);
    const own = lines[i].length < 500 ? group.exec(lines[i])?.[1] : undefined;
    if (own !== undefined) path = `${own}${path}`;
  }
  return path;
}
