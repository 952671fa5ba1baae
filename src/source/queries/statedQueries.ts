/**
 * Queries that stand in the source above the method that makes them, in whichever words: `@Query` of Spring Data and its kin, `@Select` of MyBatis,
 * `@SqlQuery` of JDBI. JPQL and commands of MongoDB are not the text that the database gets, so the method leads there.
 */

import { filesOfType } from '../callees/moduleFiles';
import type { Question } from '../question/question';
import type { SourceFile } from '../search/sourceSearch';
import type { Query } from './query';

const annotation =
  /^\s*@(?:\w+\.)?(?:Query|NativeQuery|Aggregation|Select|Insert|Update|Delete|SqlQuery|SqlUpdate|SqlBatch|NamedQuery)\s*\(/;
/** Lines of annotations above a method. */
const maxAbove = 30;

/** The line of the annotation; undefined where the method has none, or is not found. */
export async function statedQuery(
  { model, method }: Query,
  { search }: Question,
): Promise<{ readonly source: SourceFile; readonly line: number } | undefined> {
  if (model === undefined || method === undefined || !/^\w+(?:Repository|Repo|Dao|Mapper)$/.test(model) || !/^\w+$/.test(method))
    return undefined;
  const ending = search.languages?.has('java') ? 'java' : undefined;
  const [sample] = ending === undefined ? [] : search.context.ports.workspace.folders();
  if (sample === undefined) return undefined;
  const files = await filesOfType(model, `${sample}/${model}.${ending}`, search.context);
  const head = new RegExp(`\\b${method}\\s*\\(`);
  for (const file of files.slice(0, 4)) {
    const source = search.file(file);
    const lines = await search.context.lines(file);
    const at = lines?.findIndex((line) => line.length < 500 && head.test(line) && !/^\s*(?:\/\/|\*|@)/.test(line)) ?? -1;
    if (!source || !lines || at < 0) continue;
    for (let line = at - 1; line >= Math.max(0, at - maxAbove) && !/^\s*$|[;}]\s*$/.test(lines[line].slice(0, 500)); line--)
      if (annotation.test(lines[line].slice(0, 200))) return { source, line };
    return undefined;
  }
  return undefined;
}
