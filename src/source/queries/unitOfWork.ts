/** Units of work: what is added to a set of EF Core or MikroORM is written where the changes are saved, what SQLAlchemy's objects are given where a session commits. */

import type { Judged } from './judge';
import type { ModelNames } from './models';
import { columnKey } from './nouns';
import type { SourceStatement } from './sourceStatements';

const saves = /[\w!?]\.(?:SaveChanges|SaveEntities|Save|Commit|Complete|CommitChanges)(?:Async)?\s*\(/;
/** Of MikroORM. */
export const flushes = /\b(?:em|entityManager)\.flush\s*\(/;
const isSaver = /\b(?:\w*Save\w*|Commit\w*|Complete\w*)\s*(?:<[^<>]*>)?\(/;
/** A statement of a person's. UTF-16 units. */
const maxText = 6_000;
/** What asks the database at once, whatever is saved later. */
const atOnce = /\b(?:Execute\w*|Insert\w*|Bulk\w*|Upsert\w*|\w+(?:One|Many)Async|Query\w*Async|FromSql\w*)\s*[(<]/;

/** What is added to a set, and neither written at once nor the saving. */
export function isNoted(text: string): boolean {
  const code = text.slice(0, maxText);
  return !atOnce.test(code) && !saves.test(code) && !/["`]\s{0,40}(?:insert|update|delete)\s/i.test(code);
}

/** Where a function of .NET saves what it made of the table; it need not say more of it than the class. */
export function savedIn(
  statements: readonly SourceStatement[],
  head: string,
  words: readonly string[],
  names: ModelNames,
  judged: readonly Judged[],
): Judged | undefined {
  if (isSaver.test(head)) return undefined;
  const before = judged.filter(({ isDone, model }) => isDone && model >= 0.5);
  const first = before.length ? Math.max(...before.map(({ line }) => line)) : 0;
  const save = statements.find(
    ({ line, text }) =>
      line >= first && (saves.test(text) || flushes.test(text.slice(0, 300))) && !/^\s*(?:if|while|return\s+base)\b/.test(text),
  );
  if (!save) return undefined;
  const means = Math.max(0, ...words.map((word) => names.means(word)), ...words.map((word) => (names.isKin(word) ? 0.6 : 0)));
  const best = Math.max(0, ...before.map(({ score }) => score));
  if (means < 0.5) return undefined;
  const column = /\S/.exec(save.text)?.index ?? 0;
  return {
    line: save.line,
    column,
    end: save.end,
    score: Math.max(best, 2 + 1.8 * means),
    model: means,
    columns: undefined,
    isDone: true,
    isExact: false,
  };
}

const commits = /[\w)]\.(?:commit|flush)\s?\(/;
const assigns = /(?:^|[\s;])[a-z_][\w.]{0,80}\.(\w{1,60})\s?(?:[-+*/|]|\/\/)?=(?!=)/;
const changes = /\bsetattr\(|\b(?:db|session|\w+_session)\.(?:add|merge)\(/;

/** Where a function of Python commits what it made of an object of the table: a column that the query assigns, or all of it. */
export function committedIn(
  statements: readonly SourceStatement[],
  assigned: readonly string[],
  words: readonly string[],
  names: ModelNames,
): Judged | undefined {
  const means = Math.max(0, ...words.map((word) => names.means(word)));
  if (means < 0.5) return undefined;
  const columns = new Set(assigned.map(columnKey));
  let isChanged = false;
  for (const { line, end, text } of statements) {
    const code = text.slice(0, maxText);
    if (isChanged && commits.test(code)) {
      const column = /\S/.exec(code)?.index ?? 0;
      return { line, column, end, score: 2 + 1.8 * means, model: means, columns: undefined, isDone: true, isExact: false };
    }
    const given = assigns.exec(code)?.[1];
    isChanged ||= changes.test(code) || (given !== undefined && columns.has(columnKey(given)));
  }
  return undefined;
}
