/**
 * From a query that an ORM or a query builder made to the user's call. First in the functions that the spans around lead to and in what these
 * call; there a call of the right table and operation is hardly another's. Else in all of the service's source, where columns have to tell.
 */

import { textAttribute } from '../model/attributes';
import { literalConfidence } from '../model/confidence';
import { functionAt } from '../outline/functions';
import { headerAt } from '../outline/headers';
import { KeptByLines } from '../outline/keptByLines';
import type { Question } from '../question/question';
import type { Finding } from '../search/rankFindings';
import { display } from '../uri/paths';
import { takesBuilder } from './builders';
import { declaredModels } from './declaredModels';
import { isOfOtherSystem } from './dialects';
import { calledLike, fill, generic, homeOf, homeOfFunction, isForAll, isOfNeighbour, ownHome, paged, selves } from './homes';
import { type Judged, judge, leastScore, type Surroundings, surest } from './judge';
import { likened, met } from './meet';
import { aliasesIn, aliasesOfClass, aliasesOfFile, isViewOf, ModelNames } from './models';
import { byProperties } from './properties';
import { type Query, queryOf } from './query';
import { isBelowNearest, type Reach, type Reached, reachedFrom } from './reach';
import { begunIn, bodyStatements, composed, linesWithAngles } from './sourceStatements';
import { Words } from './sourceWords';
import { spread } from './spread';
import { sqlTokens } from './sql';
import { type Stated, statedBelow, statedQueries } from './statedQueries';
import { committedIn, flushes, isNoted, savedIn } from './unitOfWork';
import { withoutWrappers, wrapped } from './wrappers';

interface Found extends Judged {
  readonly file: string;
  /** Calls away from the function of a span around; undefined: found in all of the source. */
  readonly depth: number | undefined;
  /** It was found in all of the source, and its callers lead back to the span's function. */
  readonly isMet?: true;
  /** Where the interface that is called says what it asks. */
  readonly stated?: Stated;
  /** Its function is given what the query is built with, and adds to it. */
  readonly isGiven: boolean;
  /** It goes on with a query that is begun elsewhere, or over several statements. */
  readonly isComposed?: true;
  /** Of a unit of work (EF Core): what is written at once, and what is but noted for that. */
  readonly saving?: 'saves' | 'noted';
}

const maxLines = 400;
/** Like `leastScore`, for a function that the span's own leads to. */
const leastNear = 2.6;

/** @param known of whose class and by which method it was made */
export async function findQueries(
  question: Question,
  known?: { readonly model: string; readonly method?: string },
): Promise<readonly Finding[]> {
  const read = queryOf(question.span, question.family.ancestors);
  const asked = read && { ...known, ...read };
  if (!asked || (asked.table === undefined && asked.model === undefined)) return [];
  const stated = await statedQueries(asked, question);
  if (stated.length) {
    const reason = `from ${asked.from}, the query of ${display(`${asked.model}.${asked.method}`, 80)} stands there`;
    const confidence = literalConfidence.queryStated;
    return stated.map((each) => ({ ...each, rung: 'literal', fit: 2, confidence, reason, ofFamily: true }));
  }
  const declared = await declaredModels(asked, question.search);
  const own = declared.place && (await question.search.context.lines(declared.place.file));
  const query =
    own && asked.statement ? { ...asked, statement: byProperties(asked.statement, own, declared.place?.line ?? 0) } : asked;
  const names = new ModelNames(query, declared.names);
  const told = (await question.family.callers()).filter(({ distance }) => distance <= sameWork(question));
  const isGuess = !told.length;
  const callers = isGuess ? await question.family.guesses() : told;
  const reach = callers.length
    ? await reachedFrom(callers, names, query.operation, question.search)
    : { functions: [], steps: [], unknown: [] };
  const inReach = reach.functions.filter(({ file }) => !isOfOtherSystem(question.search.file(file)?.path ?? [], question.span));
  const first = await judgeAll(inReach, query, names, question);
  // `Open().First()`: what gives the query back stands for the table where it is called.
  const giving = new Map(
    reach.steps
      .filter(({ to }) =>
        first.some(
          ({ file, line, isGiven, model }) => isGiven && model >= 0.8 && file === to.file && line >= to.start && line < to.end,
        ),
      )
      .map(({ name }) => [name, 0.85]),
  );
  const called = reach.steps.filter(({ name }) => giving.has(name));
  const calling = inReach.filter((one) =>
    called.some(({ file, line }) => file === one.file && line >= one.start && line < one.end),
  );
  const judged = surest([...first, ...(await judgeAll(calling, query, names, question, giving))]);
  const direct = withoutWrappers(judged, reach, query, names);
  const near = await lessMade(lessNoted(lessGiven(isGuess ? direct : lessAround(direct, reach))), query, question);
  const isTold = !isGuess && near.some(({ score }) => score >= sure);
  const all = isTold
    ? []
    : await lessMade(surest(await judgeAll(await spread(query, names, question), query, names, question)), query, question);
  const back = callers.length ? await met(all, reach, question.search) : all;
  const far = isGuess || !near.length ? await likened(back, callers, names, question) : back;
  return findings(
    joined([...near, ...far.filter((each) => !near.some(({ file, line }) => file === each.file && line === each.line))]),
    query,
    question,
    isGuess,
  );
}

/** How many ancestors away the function may be that made the query: what began a request or a job called all of it, and nothing before it did. */
function sameWork({ family: { ancestors } }: Question): number {
  const begun = ancestors.findIndex(({ kind }) => kind === server || kind === consumer);
  return begun < 0 ? ancestors.length : begun + 1;
}

/** As OTLP numbers them. */
const server = 2;
const consumer = 5;

/** From here on nothing better is looked for elsewhere. */
const sure = 4.6;

async function judgeAll(
  places: readonly (Omit<Reached, 'depth'> & { readonly depth: number | undefined })[],
  query: Query,
  names: ModelNames,
  question: Question,
  giving?: ReadonlyMap<string, number>,
): Promise<readonly Found[]> {
  const found = new Map<string, Found>();
  const sql = query.statement ? sqlTokens(textAttribute(question.span.attributes, query.from) ?? '') : [];
  const ofFiles = new Map<string, ReadonlyMap<string, number>>();
  for (const { file, start, end, depth } of places) {
    const lines = await question.search.context.lines(file);
    if (!lines) continue;
    let ofFile = ofFiles.get(file);
    if (!ofFile) {
      ofFile = new Map([...aliasesOfClass(lines, names), ...aliasesOfFile(lines, names)]);
      ofFiles.set(file, ofFile);
    }
    const last = Math.min(end, start + maxLines);
    const home = Math.max(
      isOfNeighbour(lines, start, file, names) ? 0 : homeOf(file, names),
      homeOfFunction(lines, start, names),
    );
    const isGo = file.endsWith('.go');
    const isPython = file.endsWith('.py');
    const statements = bodyStatements(isGo ? linesWithAngles(lines) : lines, start, last);
    const signature = lines
      .slice(start, headerAt(lines, start)?.end ?? start)
      .join('\n')
      .slice(0, 600);
    const made = new Map<string, Words>();
    const around: Surroundings = {
      aliases: new Map([
        ...(depth === undefined || !isForAll(file, lines[start], names) ? [] : generic),
        ...ofFile,
        ...aliasesIn(lines, start, last, names),
        ...(isGo ? begunIn(statements, (name) => names.means(name)) : []),
        ...(giving ?? []),
        ...(isPython && isViewOf(lines, start, names) ? [['get_queryset', 0.85] as const] : []),
        // A model's or a repository's own methods.
        ...(home >= ownHome ? selves.map((self) => [self, Math.min(0.9, home)] as const) : []),
        // A query set may be several models'.
        ...(home < ownHome && depth !== undefined && isPython && isQuerySet(lines, start) ? [['self', 0.6] as const] : []),
      ]),
      // What stands beside a hit that is in no function is not of its statement.
      words: bodyWords.of(lines, `${start}:${last}`, () =>
        headerAt(lines, start)?.kind === 'function' ? wordsIn(lines, start, last) : new Words(''),
      ),
      made,
      home,
      sql,
      ...(/\.(?:cs|java|kt)$/.test(file) ? { isTyped: true } : {}),
      ...(paged.test(signature) ? { isPaged: true } : {}),
      ...(/\.(?:rb|rake|erb|exs?|scala|groovy|kts?)$/.test(file) ? { isBare: true } : {}),
      ...implicitIn(file, lines, home, query, names),
    };
    const isGiven = takesBuilder(signature);
    const mayBeStated = query.method === undefined && /\.(?:java|kt)$/.test(file);
    const isUnit =
      (/\.cs$/.test(file) || statements.some(({ text }) => flushes.test(text.slice(0, 300)))) &&
      query.operation !== 'select' &&
      query.operation !== undefined &&
      query.method === undefined;
    const all: Judged[] = [];
    const chains = new Set(composed(statements));
    for (const statement of [...statements, ...chains]) {
      for (const judged of judge(statement, query, names, around)) {
        all.push(judged);
        const key = `${file}:${judged.line}`;
        const stated = mayBeStated ? await statedBelow(statement.text, query, question, lines) : undefined;
        const head = headerAt(lines, start)?.kind === 'function' ? headerAt(lines, start) : functionAt(lines, judged.line);
        const called =
          head?.name === undefined || judged.model < (home >= ownHome ? 0.4 : 0.6)
            ? 0
            : calledLike(head.name, query, names, home);
        const told = stated ? 2 * Math.max(-0.4, stated.likeness - (judged.columns ?? 0.4)) : 0;
        const score = judged.score + told + called;
        const known = found.get(key);
        if (score >= (depth === undefined ? leastScore : leastNear) && (!known || known.score < score))
          found.set(key, {
            ...judged,
            score,
            file,
            depth,
            isGiven,
            ...(chains.has(statement) || (isPython && filters.test(statement.text.slice(0, 2_000))) ? { isComposed: true } : {}),
            ...(stated ? { stated } : {}),
            ...(isUnit && isNoted(statement.text) ? { saving: 'noted' } : {}),
          });
      }
      fill(made, statement.text);
    }
    const head = lines[start]?.slice(0, 500) ?? '';
    const saved = isUnit && depth !== undefined ? savedIn(statements, head, around.words.names, names, all) : undefined;
    if (saved) found.set(`${file}:${saved.line}`, { ...saved, file, depth, isGiven, saving: 'saves' });
    const isUpdate = isPython && depth !== undefined && query.operation === 'update' && query.statement;
    const committed = isUpdate ? committedIn(statements, isUpdate.assigned, around.words.names, names) : undefined;
    if (committed && !all.some(({ isDone, score }) => isDone && score >= committed.score))
      found.set(`${file}:${committed.line}`, { ...committed, file, depth, isGiven });
  }
  return [...found.values()];
}

/** A model's own methods of Ruby, and those that a class has of its base: `page(page, wrapper)` of MyBatis-Plus, `Query(s => …)` of a repository. */
function implicitIn(
  file: string,
  lines: readonly string[],
  home: number,
  { statement }: Query,
  names: ModelNames,
): Pick<Surroundings, 'implicit'> {
  if (file.endsWith('.rb')) return statement === undefined && home >= ownHome ? { implicit: home } : {};
  if (home === 0 || !/\.(?:java|kt|cs)$/.test(file)) return {};
  const base = lines
    .slice(0, 200)
    .map((text) => (file.endsWith('.cs') ? ofRepository : ofService).exec(text.slice(0, 300))?.[1])
    .find((each) => each !== undefined);
  return base !== undefined && names.means(base) >= 0.8 ? { implicit: 0.9 } : {};
}

const ofService = /\w*ServiceImpl<[^<>]{0,80}?(\w+)\s*>/;
const ofRepository = /\bclass\s+\w+[^:]{0,120}:\s*\w*(?:Repository|Repo|Store|Dao|DAO)\w*<(\w+)\b/;

/** `Order.open().filter(…)` goes on with what a function of the program's own gives. */
const filters = /\w\([^()]{0,80}\)\s{0,80}\.(?:where|filter|filter_by|exclude)\(/;

const bodyWords = new KeptByLines<Words>(200);

function wordsIn(lines: readonly string[], start: number, end: number): Words {
  return new Words(
    lines
      .slice(start, end)
      .map((line) => line.slice(0, 500))
      .join('\n'),
  );
}

/** What only the functions of spans further up lead to was not made below the nearest. */
function lessAround(found: readonly Found[], reach: Reach): readonly Found[] {
  const isBelow = isBelowNearest(reach);
  return isBelow && found.some((each) => each.score >= wrapped && isBelow(each))
    ? found.map((each) => (isBelow(each) ? each : { ...each, score: each.score - notBelow }))
    : found;
}

const notBelow = 1;

/** Where another function begins the query, who is given it says less of it. */
function lessGiven(found: readonly Found[]): readonly Found[] {
  const isBegun = found.some(({ isGiven, score }) => !isGiven && score >= wrapped);
  return isBegun ? found.map((each) => (each.isGiven ? { ...each, score: each.score - 1.2 } : each)) : found;
}

/** `order.merge(data)` */
const filled = /^\s*([\w$]+)\.(?:merge|fill|set|assign)\(/;

/** `const order = repository.create(…)` only makes what `repository.save(order)` writes. */
async function lessMade(found: readonly Found[], { operation }: Query, { search }: Question): Promise<readonly Found[]> {
  if (!/^(?:insert|update)$/.test(operation ?? '') || found.length < 2) return found;
  const all: Found[] = [];
  for (const each of found) {
    const lines = /\.[jt]s$/.test(each.file) ? await search.context.lines(each.file) : undefined;
    const name = each.kept?.name ?? filled.exec(lines?.[each.line]?.slice(0, 200) ?? '')?.[1];
    const below =
      lines
        ?.slice(each.end, each.end + maxBetween)
        .join('\n')
        .slice(0, 8_000) ?? '';
    const isSaved =
      name !== undefined &&
      new RegExp(`\\.(?:save|persist\\w*|insert)\\(\\s*\\[?${name}\\b|(?<![\\w$.])${name}\\.save\\(`).test(below);
    all.push(isSaved && !/\bawait\b/.test(lines?.[each.line] ?? '') ? { ...each, score: each.score - 4 } : each);
  }
  return all;
}

/** What is added to a set of EF Core is written where the changes are saved. */
function lessNoted(found: readonly Found[]): readonly Found[] {
  const isSaved = found.some(({ saving }) => saving === 'saves');
  return isSaved ? found.map((each) => (each.saving === 'noted' ? { ...each, score: each.score - 4 } : each)) : found;
}

function isQuerySet(lines: readonly string[], start: number): boolean {
  return /(?:QuerySet|Manager)(?:Mixin)?\W*$/i.test(functionAt(lines, start)?.containers.at(-1) ?? '');
}

/** What a variable's query goes on with is of the statement that began it, the nearest above. */
function joined(found: readonly Found[]): readonly Found[] {
  const scores = new Map<Found, number>();
  const further = new Set<Found>();
  for (const each of found) {
    const { kept, file, line } = each;
    if (!kept?.goesOn) continue;
    const begun = found
      .filter((other) => other.kept?.name === kept.name && !other.kept.goesOn && other.file === file)
      .filter((other) => other.line < line && line < other.line + maxBetween)
      .reduce<Found | undefined>((best, other) => (best && best.line > other.line ? best : other), undefined);
    if (!begun) continue;
    further.add(each);
    scores.set(begun, Math.max(scores.get(begun) ?? begun.score, each.score));
  }
  return found.filter((each) => !further.has(each)).map((each) => ({ ...each, score: scores.get(each) ?? each.score }));
}

const maxBetween = 60;

function findings(found: readonly Found[], query: Query, { search }: Question, isGuess: boolean): readonly Finding[] {
  const all: Finding[] = [];
  const worth = ({ score, depth }: Found): number =>
    score + (depth === undefined ? -0.5 : (isGuess ? 0.3 : 0.8) - (depth > 0 ? further : 0) - 0.15 * depth);
  const best = Math.max(...found.map(worth));
  // The very method that was stated is called, and not where a span leads.
  const isElsewhere = !found.some(({ isExact, model, depth }) => isExact && model >= 0.8 && depth !== undefined);
  for (const each of found) {
    const source = each.stated?.source ?? search.file(each.file);
    if (!source) continue;
    const value = worth(each);
    // A word in a function that is many calls away is less than the table's own query elsewhere.
    const isNear =
      each.depth !== undefined &&
      !(
        each.depth >= 3 &&
        each.model < 0.4 &&
        found.some(({ depth, model, isDone, score }) => depth === undefined && model >= 0.8 && isDone && score > each.score + 1.5)
      );
    const rivals = found.filter((other) => other !== each && worth(other) > value - margin).length;
    const told = each.columns !== undefined && each.columns >= 0.6;
    const base =
      isNear && !each.isMet && !isGuess
        ? told
          ? literalConfidence.queryNearColumns
          : literalConfidence.queryNear
        : told
          ? literalConfidence.queryColumns
          : literalConfidence.query;
    // Found alone in all of the source, with its columns, it is hardly another's.
    const weak = each.isDone && each.model >= 0.8 ? 0 : !told ? 0.2 : isNear ? 0.17 : rivals ? 0.14 : 0.07;
    const words = `${query.method ?? query.operation ?? 'a query'} of ${query.model ?? query.table ?? ''}`;
    all.push({
      source,
      line: each.stated?.line ?? each.line,
      ...(each.stated ? {} : { column: each.column }),
      rung: 'literal',
      ofFamily: true,
      ...(isNear ? { isReached: true } : {}),
      fit:
        (isNear || (each.isExact && each.model >= 0.8 && isElsewhere) ? 1.42 : 1.2) +
        Math.round(value * 2) / 20 -
        Math.round(best * 2) / 20,
      clue: value,
      confidence: Math.max(0.1, base - weak - (rivals ? Math.min(0.25, 0.12 * rivals - 0.05) : 0)),
      reason: `from ${query.from}, ${display(words, 80)} is made here${isNear ? (each.depth === 0 ? ', in the function of the span around it' : ', which the function of a span around it calls') : ''}`,
    });
  }
  return all;
}

/** What the function of a span around does itself is nearer than what any call leads to, which may be another's. */
const further = 0.35;
/** Scores this near are nobody's. */
const margin = 0.4;
