/**
 * Routes that answer whatever no other does: `*`, `/*`, `/{*path}`. No word of theirs stands in the source; what declares them is a call with the very
 * same text, of the request's method or of any.
 */

import { routeConfidence } from '../model/confidence';
import type { TextHint } from '../model/sourceHints';
import type { Question } from '../question/question';
import { isCode } from '../search/languages';
import { isCommentLine } from '../search/literalFiles';
import type { Finding } from '../search/rankFindings';
import type { SourceSearch } from '../search/sourceSearch';
import { isInUnitTest } from '../search/unitTests';
import { display } from '../uri/paths';

const whole = /^(?:[A-Z]{3,7} )?\/?(?:\*{1,2}\w*|\(\.\*\)|\.\*|:\w+\*|\{\*{1,2}\w*\}|\{\w+(?::\.\*|\.\.\.)\})$/;
const declares =
  /(?:^|[.>:\s])(get|post|put|patch|delete|head|options|all|use|any|handle|handlefunc|route|match|add|fallback)\(\s*$/i;
const maxHits = 200;

/** Whether a route is one that everything fits. */
export function isCatchAll(route: string): boolean {
  return whole.test(route.slice(0, 60));
}

/** Whether the route is the root, and the request's path another. */
export function isRootOfOther(route: string, { span, search }: Pick<Question, 'span' | 'search'>): boolean {
  if (search.languages?.size && !search.languages.has('javascript')) return false;
  const path = span.attributes['url.path'] ?? span.attributes['http.target'];
  return /^(?:[A-Z]{3,7} )?\/$/.test(route) && typeof path === 'string' && /^\/[^?#]/.test(path);
}

/** What a search is asked for. */
export function catchAllNeedles(route: string): readonly string[] {
  const path = route.replace(/^[A-Z]+ /, '');
  return [`'${path}'`, `"${path}"`, `\`${path}\``].filter((needle) => needle.length >= 3);
}

export async function findCatchAll(
  hint: TextHint,
  method: string | undefined,
  search: SourceSearch,
): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  for (const needle of catchAllNeedles(hint.text)) {
    for (const { file, line, text, language } of (await search.find(needle)).hits.slice(0, maxHits)) {
      const source = isCode(language) && text.length < 500 && !isCommentLine(text) ? search.file(file) : undefined;
      const at = text.indexOf(needle);
      const verb = source ? declares.exec(text.slice(0, at))?.[1].toLowerCase() : undefined;
      if (!source || verb === undefined) continue;
      const isOwn = verb === method?.toLowerCase();
      if (!isOwn && /^(?:get|post|put|patch|delete|head|options)$/.test(verb)) continue;
      const lines = await search.context.lines(file);
      if (!lines || isInUnitTest(source, lines, line)) continue;
      findings.push({
        source,
        line,
        column: at,
        rung: 'literal',
        fit: isOwn ? 1.2 : 1,
        confidence: routeConfidence.end,
        reason: `from ${hint.from}, the route ${display(hint.text, 80)} is declared by ${display(text.trim(), 80)}`,
      });
    }
  }
  return findings;
}
