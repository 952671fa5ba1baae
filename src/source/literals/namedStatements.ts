/**
 * From a statement that has a name to who calls it: `-- name: FindOrders :many` is a function `FindOrders` of a generator's (sqlc: docs.sqlc.dev, "Query
 * annotations") or of what loads files of SQL (aiosql, PugSQL, HugSQL, Yesql), and `queries.FindOrders(…)` is where a person asks.
 */

import { literalConfidence } from '../model/confidence';
import type { TextHint } from '../model/sourceHints';
import { functionAt } from '../outline/functions';
import { isCode, isGenerated } from '../search/languages';
import { isCommentLine } from '../search/literalFiles';
import type { Finding } from '../search/rankFindings';
import type { SourceSearch } from '../search/sourceSearch';
import { display } from '../uri/paths';

/** With what says how many rows there are: `:one`, `<!`, `^`. */
const named = /^\s{0,20}(?:--|\/\*)\s{0,5}:?name:?\s{1,5}([A-Za-z][\w-]{2,80})/;
const maxHits = 200;
const maxFound = 12;

export function nameOfStatement(text: string): string | undefined {
  return named.exec(text.slice(0, 200))?.[1];
}

export async function findNamedStatement(hint: TextHint, search: SourceSearch): Promise<readonly Finding[]> {
  const stated = nameOfStatement(hint.text);
  if (stated === undefined) return [];
  const found: Finding[] = [];
  for (const name of search.begin(spellings(stated).map((each) => `${each}(`))) {
    for (const { text, file, line, column, language } of (await search.find(name)).hits.slice(0, maxHits)) {
      const source = isCode(language) && text.length < 2_000 && !isCommentLine(text) ? search.file(file) : undefined;
      if (!source || !/(?:\.|->|::)$/.test(text.slice(0, column)) || found.length >= maxFound) continue;
      const lines = await search.context.lines(file);
      // Who hands it on under its own name (metrics, permissions around all of them) is asked as well.
      const around = lines && functionAt(lines, line);
      if (!lines || isGenerated(file, lines.slice(0, 60).join('\n')) || `${around?.name}(` === name) continue;
      found.push({
        source,
        line,
        column,
        rung: 'literal',
        fit: 2.5,
        confidence: literalConfidence.queryStated,
        reason: `from ${hint.from}, the statement ${display(stated, 80)} is called here`,
      });
    }
    if (found.length) break;
  }
  return found;
}

/** As it is written, then as languages write functions: `find-orders` is `find_orders` of Python; `FindOrders` is `findOrders` of TypeScript. */
function spellings(name: string): readonly string[] {
  const plain = name.replace(/-/g, '_');
  const snake = plain.replace(/([a-z0-9])([A-Z])/g, '$1_$2').toLowerCase();
  return [...new Set([name, plain, name[0].toLowerCase() + name.slice(1), snake].filter((each) => /^\w+$/.test(each)))];
}
