/**
 * From a statement to the element of a mapper of MyBatis that made it. Some conditions of it are in the statement and others are not, and a
 * pager may have put `LIMIT` behind it or `count` before it. What a generator wrote for every table leads on to who calls it.
 */

import { literalConfidence } from '../model/confidence';
import type { TextHint } from '../model/sourceHints';
import type { Question } from '../question/question';
import type { Finding } from '../search/rankFindings';
import type { SourceFile } from '../search/sourceSearch';
import { display } from '../uri/paths';
import { type MappedStatement, readMapper } from './mapperFile';
import { sqlNeedles, sqlTokens } from './sql';
import { readStatement, type Statement } from './statement';

const maxFiles = 12;
const maxHits = 400;
const maxCompared = 60;
const maxTokens = 300;
/** Below this it is another statement. */
const least = 0.6;
const margin = 0.04;
const good = 0.85;

export interface Mapped {
  readonly findings: readonly Finding[];
  /** Whose statement it is; its method unless several may be it. */
  readonly generated?: { readonly model: string; readonly method?: string };
}

interface Match {
  readonly source: SourceFile;
  readonly namespace: string;
  readonly statement: MappedStatement;
  readonly score: number;
}

/** What the generator of MyBatis writes for a table. */
const ofGenerator =
  /^(?:(?:delete|select)ByPrimaryKey|(?:delete|count|select|selectOne)ByExample(?:Selective|WithBLOBs|WithRowbounds)*|insert|insertSelective|updateBy(?:PrimaryKey|Example)(?:Selective|WithBLOBs)?)$/;

export async function findMapped(hint: TextHint, { search }: Question): Promise<Mapped> {
  const wanted = readStatement(hint.text);
  if (!wanted || (search.languages && !search.languages.has('java'))) return { findings: [] };
  const tokens = sqlTokens(hint.text, maxTokens);
  const files = new Set<string>();
  for (const needle of [...sqlNeedles(hint.text), wanted.tables[0]]) {
    // A pager writes the verbs in its own way. Of a service in an unknown language this is a search of its own too many.
    if (needle === wanted.tables[0] && (files.size || !search.languages)) break;
    for (const hit of (await search.find(needle)).hits.filter(({ file }) => file.endsWith('.xml')).slice(0, maxHits))
      if (files.size < maxFiles) files.add(hit.file);
  }
  const matches: Match[] = [];
  let compared = 0;
  for (const file of files) {
    const source = search.file(file);
    const text = source && source.standing !== 'output' ? await search.context.text(file) : undefined;
    const mapper = text === undefined ? undefined : readMapper(text);
    if (!source || !mapper) continue;
    for (const statement of mapper.statements) {
      if (compared >= maxCompared) break;
      const own = readStatement(statement.text);
      if (!own || own.operation !== wanted.operation || !isOf(own, wanted)) continue;
      // All that it compares is asked for by another statement.
      if (own.compared.length && wanted.compared.length && missing(wanted.compared, own.compared) === wanted.compared.length)
        continue;
      compared++;
      const isCount = wanted.functions.has('count') && !own.functions.has('count');
      const score = likeness(tokens, statement, isCount) - unlikeness(wanted, own, readStatement(statement.always));
      if (score >= least) matches.push({ source, namespace: mapper.namespace, statement, score });
    }
  }
  matches.sort((a, b) => b.score - a.score);
  const [best] = matches;
  if (!best) return { findings: [] };
  const rivals = matches.filter(({ score }) => score > best.score - margin);
  const isGenerated = rivals.every(({ statement: { id } }) => ofGenerator.test(id));
  const findings = matches.slice(0, 6).map((match): Finding => {
    const isGood = match.score >= good;
    const sure = rivals.length > 1 && rivals.includes(match) ? 0.3 : 0;
    return {
      // Settings are not what it is: the program's own queries are written there.
      source: match.source.standing === 'config' ? { ...match.source, standing: 'source' } : match.source,
      line: match.statement.line,
      rung: 'literal',
      fit: isGenerated ? 0.5 + match.score / 4 : 1.5 + Math.round(match.score * 10) / 20,
      clue: match.score,
      confidence: isGenerated ? literalConfidence.generated : (isGood ? literalConfidence.sql : literalConfidence.sqlPart) - sure,
      reason: `from ${hint.from}, the statement ${display(match.statement.id, 60)} of a mapper gives it`,
    };
  });
  if (!isGenerated) return { findings };
  const model = best.namespace.slice(best.namespace.lastIndexOf('.') + 1).replace(/(?:Mapper|Dao|Repository)$/, '');
  return { findings, generated: { model, ...(rivals.length === 1 ? { method: best.statement.id } : {}) } };
}

function missing(of: readonly string[], from: readonly string[]): number {
  return of.filter((column) => !from.some((each) => each.toLowerCase() === column.toLowerCase())).length;
}

/** What one compares and the other cannot; a list of columns that many have in common says little. */
function unlikeness(wanted: Statement, own: Statement, always: Statement | undefined): number {
  return Math.min(0.3, 0.08 * (missing(wanted.compared, own.compared) + missing(always?.compared ?? [], wanted.compared)));
}

function isOf(own: Statement, wanted: Statement): boolean {
  return own.tables[0].toLowerCase() === wanted.tables[0].toLowerCase();
}

/** 0 to 1. @param isCount a pager asks how many there are: what is selected is not */
function likeness(tokens: readonly string[], { text, always }: MappedStatement, isCount: boolean): number {
  const tail = (of: readonly string[]): readonly string[] => (isCount ? of.slice(Math.max(0, of.indexOf('from'))) : of);
  // What a pager adds.
  const end = tokens.findLastIndex((token) => token === 'limit' || token === 'offset');
  const all = tail(sqlTokens(text, maxTokens));
  const asked = tail(end > 0 && tokens.length - end <= 5 && !all.includes(tokens[end]) ? tokens.slice(0, end) : tokens);
  const needed = tail(sqlTokens(always, maxTokens));
  const common = inCommon(asked, all);
  const held = needed.length ? inCommon(needed, asked) / needed.length : 1;
  return (common / asked.length) * held * (0.85 + (0.15 * common) / Math.max(1, all.length));
}

/** Length of the longest sequence that both have. */
function inCommon(a: readonly string[], b: readonly string[]): number {
  let before = new Uint16Array(b.length + 1);
  for (const token of a) {
    const row = new Uint16Array(b.length + 1);
    for (let j = 0; j < b.length; j++) row[j + 1] = b[j] === token ? before[j] + 1 : Math.max(row[j], before[j + 1]);
    before = row;
  }
  return before[b.length];
}
