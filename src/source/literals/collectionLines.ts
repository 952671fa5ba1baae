/**
 * Query builders put the SQL together, so that it stands nowhere; the table does, and beside it what is done to it: `knex('ledger').insert(`,
 * `db.orders.find(`, `prisma.order.create(`. Of several such calls the one whose words are those of the SQL is the likeliest.
 */

import { literalConfidence } from '../model/confidence';
import type { TextHint } from '../model/sourceHints';
import { isCommentLine, type LiteralFiles, quotedAround } from '../search/literalFiles';
import type { Finding } from '../search/rankFindings';
import { display } from '../uri/paths';

/** Lines whose file is read. */
const maxRead = 48;

/** `operation` and `statement` as the span has them: what the builder did, and the SQL that it made. */
export async function findCollection(
  hint: TextHint,
  operation: string | undefined,
  statement: string | undefined,
  files: LiteralFiles,
): Promise<readonly Finding[]> {
  const { hits } = await files.search.find(hint.text);
  const word = operation?.toLowerCase().replace(/[^a-z]/g, '') ?? '';
  const verbs = word === '' ? undefined : new RegExp(`\\b(?:${(synonyms[word] ?? [word]).join('|')})\\w*\\s*[({<]`, 'i');
  const findings: Finding[] = [];
  let count = 0;
  for (const hit of hits) {
    if (count >= maxRead || hit.text.length > 5_000 || isCommentLine(hit.text)) continue;
    const quoted = quotedAround(hit, hint.text).find(({ text }) => text === hint.text);
    const member = quoted ? -1 : hit.text.indexOf(`.${hint.text}.`);
    if (!quoted && (member < 0 || !verbs?.test(hit.text.slice(member)))) continue;
    const source = files.search.file(hit.file);
    const lines = source && (await files.search.context.lines(source.file));
    if (!source || !lines) continue;
    count++;
    const column = quoted?.column ?? member + 1;
    if (quoted && !(await files.at(source, hit.line, column))) continue;
    const rest = [lines[hit.line].slice(column), ...chain(lines, hit.line)].join('\n');
    const isDone = verbs?.test(rest) ?? false;
    findings.push({
      source,
      line: hit.line,
      column,
      rung: 'literal',
      fit: 1 + (isDone ? 1 : 0) - (quoted ? 0 : 0.2),
      clue: statement === undefined || !isDone ? 0 : likeness(rest, statement),
      confidence: isDone ? literalConfidence.collection - (quoted ? 0 : 0.1) : literalConfidence.collectionAlone,
      reason: `from ${hint.from}, ${display(hint.text, 60)}${isDone ? ` beside ${display(operation ?? '', 30)}` : ''} stands in ${display(lines[hit.line].trim(), 80)}`,
    });
  }
  return findings;
}

const synonyms: Readonly<Record<string, readonly string[]>> = {
  select: ['select', 'find', 'first', 'where', 'get', 'all', 'fetch', 'query'],
  insert: ['insert', 'create', 'add', 'save'],
  update: ['update', 'set', 'save'],
  delete: ['delete', 'del', 'remove', 'destroy'],
  aggregate: ['aggregate', 'group'],
};

/** How much of the statement that a builder made is in its calls: `orderBy('id')` of `order by "id"`. 0 to 10; what isn't in it counts against. */
function likeness(calls: string, statement: string): number {
  const wanted = new Set(wordsOf(statement));
  const written = new Set(wordsOf(calls.slice(0, 1_000)));
  let shared = 0;
  for (const word of written) shared += wanted.has(word) ? 1 : -0.5;
  return Math.round((10 * Math.max(0, shared)) / Math.max(1, wanted.size));
}

function wordsOf(text: string): readonly string[] {
  return (
    text
      .slice(0, 2_000)
      .replace(/([a-z])([A-Z])/g, '$1 $2')
      .toLowerCase()
      .match(/[a-z][a-z0-9_]+/g) ?? []
  );
}

/** Lines below that go on with the same call chain. */
function chain(lines: readonly string[], line: number): readonly string[] {
  const more: string[] = [];
  for (let i = line + 1; i < Math.min(lines.length, line + 8) && /^\s*[.?)]/.test(lines[i]); i++) more.push(lines[i]);
  return more;
}
