/**
 * Queries that stand in the source above the method that makes them, in whichever words: `@Query` of Spring Data and its kin, `@Select` of MyBatis,
 * `@SqlQuery` of JDBI. JPQL and commands of MongoDB are not the text that the database gets, so the method leads there. A method of an interface
 * that is the query by its name (`findByEmail`) is its own statement.
 */

import { filesOfType } from '../callees/moduleFiles';
import type { Question } from '../question/question';
import type { SourceFile } from '../search/sourceSearch';
import { parametersAt } from '../symbols/parameters';
import type { Query } from './query';
import { derivedKeys, holdsColumn, Words } from './sourceWords';

const annotation =
  /^\s*@(?:\w+\.)?(?:Query|NativeQuery|Aggregation|Select|Insert|Update|Delete|SqlQuery|SqlUpdate|SqlBatch|NamedQuery)\s*\(/;
/** Lines of annotations above a method. */
const maxAbove = 30;
const maxLine = 500;

export interface Stated {
  readonly source: SourceFile;
  /** Of the annotation, or of a method that has none and no body. */
  readonly line: number;
  /** Which part of what the query compares is there, less what is too much. */
  readonly likeness: number;
}

/** Who reaches a table by an interface of the name. */
const reaching = /^\w+(?:Repository|Repo|Dao|DAO|Mapper)$/;
const reachingEnd = /(?:Repository|Repo|Dao|DAO|Mapper)$/;
/** `cabinRepository.findByDeck(`, `this.repository\n.findByDeck(` */
const called = /\b(\w*(?:[Rr]epository|[Rr]epo|[Dd]ao|DAO|[Mm]apper))\s*\??\.\s*(\w+)\s*\(/;

/** Where a statement calls a method of an interface, where the interface says what it asks; undefined where that is not known, or of several. */
export async function statedBelow(
  text: string,
  query: Query,
  question: Question,
  lines: readonly string[],
): Promise<Stated | undefined> {
  const [, receiver, method] = called.exec(text.slice(0, 600)) ?? [];
  if (receiver === undefined) return undefined;
  const model = typeIn(lines, receiver) ?? receiver[0].toUpperCase() + receiver.slice(1);
  const [first, another] = await statedQueries({ ...query, model, method }, question);
  return another ? undefined : first;
}

/** `CabinRepository repository;`, `repository: CabinRepository` */
function typeIn(lines: readonly string[], name: string): string | undefined {
  const typed = new RegExp(
    `\\b(\\p{Lu}\\w{2,80})(?:<[^<>]{0,80}>)?\\s+${name}\\s*[;,)=]|\\b${name}\\s*:\\s*(\\p{Lu}\\w{2,80})`,
    'u',
  );
  for (const line of lines.slice(0, 400)) {
    const found = line.length < maxLine && line.includes(name) ? typed.exec(line) : null;
    if (found) return found[1] ?? found[2];
  }
  return undefined;
}

/** Empty where the method has none, or is not found; several where overloads fit alike. */
export async function statedQueries(query: Query, { search }: Question): Promise<readonly Stated[]> {
  const { model, method } = query;
  if (model === undefined || method === undefined || !reaching.test(model) || !/^\w+$/.test(method)) return [];
  const ending = search.languages?.has('java') ? 'java' : undefined;
  const [sample] = ending === undefined ? [] : search.context.ports.workspace.folders();
  if (sample === undefined) return [];
  for (const file of await filesWith(model, `${sample}/${model}.${ending}`, search)) {
    const source = search.file(file);
    const lines = await search.context.lines(file);
    if (!source || !lines) continue;
    const heads = headsOf(lines, method);
    const stated = heads.flatMap((head) => {
      const line = statedAbove(lines, head) ?? (hasNoBody(lines, head, method) ? head : undefined);
      return line === undefined ? [] : [{ source, line, likeness: likenessOf(lines, line, head, method, query) }];
    });
    const best = Math.max(...stated.map(({ likeness }) => likeness));
    if (heads.length) return stated.filter(({ likeness }) => likeness > best - 0.2);
  }
  return [];
}

/** Where an interface is declared: in the file of its name, with the class that it is for, or in any. */
async function filesWith(type: string, near: string, search: Question['search']): Promise<readonly string[]> {
  const of = type.replace(reachingEnd, '');
  for (const name of [type, `${of}Entity`, of]) {
    const files = await filesOfType(name, near, search.context);
    const lines = name === type ? undefined : await search.context.lines(files[0] ?? '');
    if (files.length && (name === type || lines?.some((line) => line.includes(`interface ${type}`)))) return files.slice(0, 4);
  }
  const { hits } = await search.find(`interface ${type}`);
  return [...new Set(hits.filter(({ text }) => text.length < maxLine).map(({ file }) => file))].slice(0, 2);
}

/** By the lines, which are the same object as long as the text is: one method is asked for at each of its calls. */
const known = new WeakMap<readonly string[], Map<string, readonly number[]>>();

function headsOf(lines: readonly string[], method: string): readonly number[] {
  const ofFile = known.get(lines) ?? new Map<string, readonly number[]>();
  known.set(lines, ofFile);
  const heads = ofFile.get(method) ?? findHeads(lines, method);
  ofFile.set(method, heads);
  return heads;
}

/** Where a method of the name is declared: behind its type, or a word of Kotlin's. */
function findHeads(lines: readonly string[], method: string): readonly number[] {
  const head = new RegExp(`(?:^|[\\w>\\])?]\\s+)${method}\\s*\\(`);
  const isHead = (line: string): boolean =>
    line.length < maxLine && line.includes(method) && head.test(line) && !/^\s*(?:\/\/|\*|@|return\b|new\b|throw\b)/.test(line);
  return lines.flatMap((line, i) => (isHead(line) ? [i] : [])).slice(0, 12);
}

function statedAbove(lines: readonly string[], head: number): number | undefined {
  for (let line = head - 1; line >= Math.max(0, head - maxAbove) && !/^\s*$|[;}]\s*$/.test(lines[line].slice(0, maxLine)); line--)
    if (annotation.test(lines[line].slice(0, 200))) return line;
  return undefined;
}

/** `Cabin findByDeck(String deck);` and `fun findByDeck(deck: String): Cabin?` of an interface that somebody's library implements. */
function hasNoBody(lines: readonly string[], head: number, method: string): boolean {
  const top = lines.findLastIndex(
    (line, i) => i <= head && /^\s*(?:@\w+\s+)*(?:(?:public|internal|private|sealed)\s+)*interface\s/.test(line.slice(0, 200)),
  );
  if (top < 0 || !/^[^{]*(?:extends|\)?\s*:)[^{]*(?:Repository|Dao|DAO|Mapper)\s*</.test(textOf(lines, top, 6))) return false;
  const text = textOf(lines, head, 16);
  const rest = /^[^()]*\((?:[^()]|\([^()]*\))*\)([^\n]*)/.exec(text.slice(text.indexOf(method)))?.[1];
  return rest !== undefined && !/[{=]/.test(rest);
}

function textOf(lines: readonly string[], from: number, count: number): string {
  return lines
    .slice(from, from + count)
    .join('\n')
    .slice(0, 2_000);
}

/** How well one of several of a name fits: what is compared, and how many parameters there are. */
function likenessOf(lines: readonly string[], from: number, head: number, method: string, { statement }: Query): number {
  if (!statement?.compared.length) return 0;
  const given = parametersAt(lines, head, lines[head].indexOf(method))?.texts ?? [];
  const count = given.filter((text) => !/\b(?:Pageable|Sort|Limit|PageRequest)\b/.test(text)).length;
  const pages = given.some((text) => /\b(?:Pageable|Limit|PageRequest)\b/.test(text)) === statement.isLimited ? 0 : 0.3;
  // `findByDeckAndName` compares what points to a deck.
  const derived = from === head ? derivedKeys(`${method}(`).flatMap((key) => [key, `${key}id`]) : [];
  const words = new Words([...lines.slice(from, head + 1), ...derived].join('\n').slice(0, 4_000));
  const held = statement.compared.reduce((sum, column) => sum + holdsColumn(column, words), 0) / statement.compared.length;
  return held - pages - 0.5 * Math.abs(count - statement.compared.length);
}
