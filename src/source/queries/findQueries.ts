/**
 * From a query that an ORM or a query builder made to the user's call. First in the functions that the spans around lead to and in what these
 * call; there a call of the right table and operation is hardly another's. Else in all of the service's source, where columns have to tell.
 */

import { textAttribute } from '../model/attributes';
import { literalConfidence } from '../model/confidence';
import { headerAt } from '../outline/headers';
import type { Question } from '../question/question';
import type { Finding } from '../search/rankFindings';
import { display } from '../uri/paths';
import { declaredModels } from './declaredModels';
import { isOfOtherSystem } from './dialects';
import { type Judged, judge, leastScore, type Surroundings, surest } from './judge';
import { aliasesIn, aliasesOfFile, isViewOf, ModelNames } from './models';
import { type Query, queryOf } from './query';
import { type Reach, type Reached, reachedFrom } from './reach';
import { bodyStatements, type SourceStatement } from './sourceStatements';
import { Words } from './sourceWords';
import { spread } from './spread';
import { sqlTokens } from './sql';
import { type Stated, statedBelow, statedQueries } from './statedQueries';
import { fitsOperation } from './verbs';

interface Found extends Judged {
  readonly file: string;
  /** Calls away from the function of a span around; undefined: found in all of the source. */
  readonly depth: number | undefined;
  /** Where the interface that is called says what it asks. */
  readonly stated?: Stated;
  /** Its function is given what the query is built with, and adds to it. */
  readonly isGiven: boolean;
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
  const query = read && { ...known, ...read };
  if (!query || (query.table === undefined && query.model === undefined)) return [];
  const stated = await statedQueries(query, question);
  if (stated.length) {
    const reason = `from ${query.from}, the query of ${display(`${query.model}.${query.method}`, 80)} stands there`;
    const confidence = literalConfidence.queryStated;
    return stated.map((each) => ({ ...each, rung: 'literal', fit: 2, confidence, reason, ofFamily: true }));
  }
  const names = new ModelNames(query, await declaredModels(query, question.search));
  const callers = (await question.family.callers()).filter(({ distance }) => distance <= sameWork(question));
  const reach = callers.length
    ? await reachedFrom(callers, names, query.operation, question.search)
    : { functions: [], steps: [] };
  const own = reach.functions.filter(({ file }) => !isOfOtherSystem(question.search.file(file)?.path ?? [], question.span));
  const first = await judgeAll(own, query, names, question);
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
  const calling = own.filter((one) => called.some(({ file, line }) => file === one.file && line >= one.start && line < one.end));
  const judged = surest([...first, ...(await judgeAll(calling, query, names, question, giving))]);
  const near = await lessMade(lessNoted(lessGiven(withoutWrappers(judged, reach, query))), query, question);
  const isTold = near.some(({ score }) => score >= sure);
  const far = isTold ? [] : await judgeAll(await spread(query, names, question), query, names, question);
  return findings(
    joined([...near, ...far.filter((each) => !near.some(({ file, line }) => file === each.file && line === each.line))]),
    query,
    question,
  );
}

/** A user's function that is called like a query of an ORM is none where the query is found in it, and as well. */
function withoutWrappers(found: readonly Found[], { functions, steps }: Reach, { operation }: Query): readonly Found[] {
  const holds = ({ file, start, end }: Reached, { file: at, line }: { readonly file: string; readonly line: number }): boolean =>
    file === at && line >= start && line < end;
  const best = new Map<Reached, Found>();
  for (const each of functions) {
    // What is given a builder has a part of a query, whosever it is.
    const inside = found.filter((other) => other.score >= wrapped && !other.isGiven && !other.isBegun && holds(each, other));
    if (inside.length)
      best.set(
        each,
        inside.reduce((known, other) => (other.score > known.score ? other : known)),
      );
  }
  // Whatever leads to such a function leads to the query.
  for (let changed = true, rounds = 0; changed && rounds < 8; rounds++) {
    changed = false;
    for (const step of steps) {
      const inner = best.get(step.to);
      const from = inner === undefined ? undefined : functions.find((each) => holds(each, step));
      if (inner === undefined || !from || (best.get(from)?.score ?? 0) >= inner.score) continue;
      best.set(from, inner);
      changed = true;
    }
  }
  // What is called like the query tells that what it leads to is one.
  const told = new Map<Found, number>();
  const isWrapper = (each: Found): boolean =>
    steps.some(({ file, line, name, to }) => {
      const inner = best.get(to);
      if (!inner || file !== each.file || line < each.line || line >= each.end || holds(to, each)) return false;
      // The very method that was stated is called here, and not there.
      if (each.isExact && !inner.isExact) return false;
      const isOuter = inner.score >= each.score - (inner.isDone && fitsOperation(name, operation) > 0 ? wordier : nearlyAsGood);
      if (isOuter && each.model >= 0.8) told.set(inner, Math.max(told.get(inner) ?? 0, each.score - nearlyAsGood));
      return isOuter;
    });
  return found.filter((each) => !isWrapper(each)).map((each) => ({ ...each, score: Math.max(each.score, told.get(each) ?? 0) }));
}

/** Who calls a function says with what, and it does not. */
const wordier = 3;
/** A function that takes part in a query, as a scope does, has less of it than the call has. */
const nearlyAsGood = 0.3;

/** A query that is hardly one takes no call's place. */
const wrapped = 3.4;

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
      ofFile = aliasesOfFile(lines, names);
      ofFiles.set(file, ofFile);
    }
    const last = Math.min(end, start + maxLines);
    const home = homeOf(file, names);
    const around: Surroundings = {
      aliases: new Map([
        ...(depth === undefined || !isForAll(file, lines[start], names) ? [] : generic),
        ...ofFile,
        ...aliasesIn(lines, start, last, names),
        ...(giving ?? []),
        ...(file.endsWith('.py') && isViewOf(lines, start, names) ? [['get_queryset', 0.85] as const] : []),
        // A model's or a repository's own methods.
        ...(home >= ownHome ? selves.map((self) => [self, Math.min(0.9, home)] as const) : []),
      ]),
      // What stands beside a hit that is in no function is not of its statement.
      words: new Words(
        headerAt(lines, start)?.kind === 'function'
          ? lines
              .slice(start, last)
              .map((line) => line.slice(0, 500))
              .join('\n')
          : '',
      ),
      home,
      sql,
      ...(home >= ownHome && query.statement === undefined && file.endsWith('.rb') ? { isImplicit: true } : {}),
    };
    const isGiven = takesBuilder(
      lines
        .slice(start, headerAt(lines, start)?.end ?? start)
        .join('\n')
        .slice(0, 600),
    );
    const mayBeStated = query.method === undefined && /\.(?:java|kt)$/.test(file);
    const statements = bodyStatements(lines, start, last);
    const isUnit =
      /\.cs$/.test(file) && query.operation !== 'select' && query.operation !== undefined && query.method === undefined;
    const all: Judged[] = [];
    for (const statement of statements) {
      for (const judged of judge(statement, query, names, around)) {
        all.push(judged);
        const key = `${file}:${judged.line}`;
        const stated = mayBeStated ? await statedBelow(statement.text, query, question) : undefined;
        const told = stated ? 2 * Math.max(-0.4, stated.likeness - (judged.columns ?? 0.4)) : 0;
        const score = judged.score + told;
        const known = found.get(key);
        if (score >= (depth === undefined ? leastScore : leastNear) && (!known || known.score < score))
          found.set(key, {
            ...judged,
            score,
            file,
            depth,
            isGiven,
            ...(stated ? { stated } : {}),
            ...(isUnit && !atOnce.test(statement.text) && !saves.test(statement.text) ? { saving: 'noted' } : {}),
          });
      }
    }
    const head = lines[start]?.slice(0, 500) ?? '';
    const saved = isUnit && depth !== undefined ? savedIn(statements, head, around.words.names, names, all) : undefined;
    if (saved) found.set(`${file}:${saved.line}`, { ...saved, file, depth, isGiven, saving: 'saves' });
  }
  return [...found.values()];
}

/** Where another function begins the query, who is given it says less of it. */
function lessGiven(found: readonly Found[]): readonly Found[] {
  const isBegun = found.some(({ isGiven, score }) => !isGiven && score >= wrapped);
  return isBegun ? found.map((each) => (each.isGiven ? { ...each, score: each.score - 1.2 } : each)) : found;
}

/** `const order = repository.create(…)` only makes what `repository.save(order)` writes. */
async function lessMade(found: readonly Found[], { operation }: Query, { search }: Question): Promise<readonly Found[]> {
  if (operation !== 'insert' || found.length < 2) return found;
  const all: Found[] = [];
  for (const each of found) {
    const name = /\.[jt]s$/.test(each.file) ? each.kept?.name : undefined;
    const lines = name === undefined ? undefined : await search.context.lines(each.file);
    const below =
      lines
        ?.slice(each.end, each.end + maxBetween)
        .join('\n')
        .slice(0, 8_000) ?? '';
    const isSaved = name !== undefined && new RegExp(`\\.(?:save|persist\\w*|insert)\\(\\s*\\[?${name}\\b`).test(below);
    all.push(isSaved && !/\bawait\b/.test(lines?.[each.line] ?? '') ? { ...each, score: each.score - 4 } : each);
  }
  return all;
}

/** What is added to a set of EF Core is written where the changes are saved. */
function lessNoted(found: readonly Found[]): readonly Found[] {
  const isSaved = found.some(({ saving }) => saving === 'saves');
  return isSaved ? found.map((each) => (each.saving === 'noted' ? { ...each, score: each.score - 4 } : each)) : found;
}

const saves = /\b(?:await\s+)?[\w.!?]+\.(?:SaveChanges|SaveEntities|Save|Commit|Complete|CommitChanges)(?:Async)?\s*\(/;
const isSaver = /\b(?:\w*Save\w*|Commit\w*|Complete\w*)\s*(?:<[^<>]*>)?\(/;
/** What asks the database at once, whatever is saved later. */
const atOnce = /\b(?:Execute\w*|Insert\w*|Bulk\w*|Upsert\w*|\w+(?:One|Many)Async|Query\w*Async|FromSql\w*)\s*[(<]/;

/** Where a function of .NET saves what it made of the table; it need not say more of it than the class. */
function savedIn(
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
    ({ line, text }) => line >= first && saves.test(text) && !/^\s*(?:if|while|return\s+base)\b/.test(text),
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

const builder =
  '(?:DSLContext|ResultQuery|Select\\w*(?:Step|Query)|\\w*(?:QueryBuilder|QueryWrapper)|JPAQuery|IQueryable|ISession|CriteriaBuilder|CriteriaQuery|Criteria|Root|Query)';
const given = new RegExp(
  `\\bfun\\s+(?:<[^<>]*>\\s*)?${builder}(?:<[^()]{0,80}>)?\\.|[(,]\\s*(?:final\\s+|this\\s+)?(?:\\w+\\s*:\\s*)?${builder}(?:<[^()]{0,80}>)?\\s*[\\w,)]`,
);

/** Who gives a query back has not asked it. */
const givesBack = /^\s*(?:\w+\s+){0,4}I(?:Ordered)?Queryable<[^()]{0,120}>\s+\w+\s*(?:<[^<>()]*>)?\(/;

/** `def open(self) -> Select[tuple[Order]]:` of SQLAlchemy. */
const selectOf = /\)\s*->\s*["']?(?:\w+\.)?(?:Select|Query)\[/;

/** `fun ResultQuery<Record>.fetchAndMap()`, `Page(this IQueryable<T> query)`, `IQueryable<Order> Open()` */
function takesBuilder(head: string): boolean {
  const own = /^[^{]*/.exec(head)?.[0] ?? '';
  return given.test(own) || givesBack.test(own) || selectOf.test(head);
}

/** A file that is called like this is of the table; what its methods call themselves. */
const ownHome = 0.7;
const selves = ['this', 'self', 'static'];

/** What a class for all tables calls the one that it is about. */
const generic: readonly (readonly [string, number])[] = ['model', 'dbSet', 'entityClass', 'modelClass', '_dbSet', 'DbSet'].map(
  (name) => [name, 0.45],
);

/** A base class, the table's own repository, or a function that is given the model. */
function isForAll(file: string, head: string, names: ModelNames): boolean {
  return (
    homeOf(file, names) > 0 ||
    /(?:generic|base|abstract|common|crud)[^/]*$|\/repository\.\w+$/i.test(file) ||
    /\(.*\b(?:model|entity_?class|model_?class)\b/i.test(head.slice(0, 500))
  );
}

/** `order_repository.py` is the table's own file. */
function homeOf(file: string, names: ModelNames): number {
  const stem = decodeURIComponent(file.slice(file.lastIndexOf('/') + 1)).replace(/\.\w+$/, '');
  return names.means(stem);
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

function findings(found: readonly Found[], query: Query, { search }: Question): readonly Finding[] {
  const all: Finding[] = [];
  const best = Math.max(...found.map(worth));
  for (const each of found) {
    const source = each.stated?.source ?? search.file(each.file);
    if (!source) continue;
    const value = worth(each);
    const isNear = each.depth !== undefined;
    const rivals = found.filter((other) => other !== each && worth(other) > value - margin).length;
    const told = each.columns !== undefined && each.columns >= 0.6;
    const base = isNear
      ? told
        ? literalConfidence.queryNearColumns
        : literalConfidence.queryNear
      : told
        ? literalConfidence.queryColumns
        : literalConfidence.query;
    const weak = each.isDone && each.model >= 0.8 ? 0 : 0.2;
    const words = `${query.method ?? query.operation ?? 'a query'} of ${query.model ?? query.table ?? ''}`;
    all.push({
      source,
      line: each.stated?.line ?? each.line,
      ...(each.stated ? {} : { column: each.column }),
      rung: 'literal',
      ofFamily: true,
      ...(isNear ? { isReached: true } : {}),
      fit: (isNear ? 1.42 : 1.2) + Math.round(value * 2) / 20 - Math.round(best * 2) / 20,
      clue: value,
      confidence: Math.max(0.1, base - weak - (rivals ? Math.min(0.25, 0.15 * rivals) : 0)),
      reason: `from ${query.from}, ${display(words, 80)} is made here${isNear ? (each.depth === 0 ? ', in the function of the span around it' : ', which the function of a span around it calls') : ''}`,
    });
  }
  return all;
}

/** Scores this near are nobody's. */
const margin = 0.4;

function worth({ score, depth }: Found): number {
  return score + (depth === undefined ? -0.5 : 0.8 - 0.15 * depth);
}
