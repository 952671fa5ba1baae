/**
 * How well a statement of the source fits a query: whether it touches the table's model, does the operation, and names the columns. What it
 * compares and the query does not tells it from its neighbours as much as what both name.
 */

import { headerAt } from '../outline/headers';
import { type Anchor, anchorsIn, isInBody } from './anchors';
import { isHandle } from './builders';
import type { ModelNames } from './models';
import { byParameters } from './namedParameters';
import { columnKey } from './nouns';
import type { Query } from './query';
import { keptIn, type SourceStatement } from './sourceStatements';
import { holdsColumn, identifiersOf, keysIn, methodsOf, Words, withoutArguments } from './sourceWords';
import { matchSql, sqlTokens } from './sql';
import { matchTemplate, sqlTemplate } from './sqlTemplate';
import { choosing, comparesOthers, conditions, isOfOne, isOfRow, ofOwner, unlike } from './unlike';
import { asksForAny, fitsOperation, isByKey, isLoading, isProperty, isVerb, onlyMarks, verbKey } from './verbs';

export interface Judged {
  /** From 0. */
  readonly line: number;
  readonly column: number;
  /** The line after the statement. */
  readonly end: number;
  readonly score: number;
  /** 0 to 1: how surely it is this table's. */
  readonly model: number;
  /** Of the columns, 0 to 1; undefined where the query names none that tell. */
  readonly columns: number | undefined;
  /** It is called like the operation, or the very method. */
  readonly isDone: boolean;
  /** The very method. */
  readonly isExact: boolean;
  /** The variable that has its value, and whether that had the query before: `query = query.filter(…)`. */
  readonly kept?: { readonly name: string; readonly goesOn: boolean };
  /** It only begins a query that others go on with. */
  readonly isBegun?: true;
  /** What is called on the table's model, one after the other; undefined where that is not told. */
  readonly chain?: readonly string[];
}

/** Around a statement: what the function says, and what its file is named after. */
export interface Surroundings {
  readonly aliases: ReadonlyMap<string, number>;
  /** Of the function. */
  readonly words: Words;
  /** What variables were filled with that a call is given: `order := Order{State: state}`. */
  readonly made: ReadonlyMap<string, Words>;
  /** 0 to 1: the file or the class is the table's own. */
  readonly home: number;
  /** Of languages whose calls need no parentheses. */
  readonly isBare?: true;
  /** The function is told which part is wanted. */
  readonly isPaged?: true;
  /** Of Java, Kotlin and C#: a variable that is called like one row is one, and asks nothing. */
  readonly isTyped?: true;
  /** Methods of the model are called on nothing in its own. */
  readonly implicit?: number;
  /** The statement's tokens, which tell texts apart into which the table is put. */
  readonly sql: readonly string[];
}

/** How much less the beginning of a query is than the whole. */
const begun = 1.2;

/** Below this it is no call of the query. */
export const leastScore = 3;

export function judge(statement: SourceStatement, query: Query, names: ModelNames, around: Surroundings): readonly Judged[] {
  if (
    /^\s*(?:import|from|using(?!\s*\(|\s+[\w<>[\].?]+\s+\w+\s*=)|use|package|require)\b|^\s*(?:#(?!\{)|\/\/|\/?\*|--\s|@\p{Lu})/u.test(
      statement.text.slice(0, 200),
    )
  )
    return [];
  // What is handed out is made of rows, and is none.
  if (/^\s*(?:return\s+)?(?:await\s+)?\w{1,80}(?:Dto|DTO|ViewModel)(?:\.|::)\w+\(/.test(statement.text.slice(0, 200))) return [];
  if (/^[^(]*\{\s*get;|^\s*\[\p{Lu}\w*\(/u.test(statement.text.slice(0, 2_000))) return [];
  if (!around.isBare && !statement.text.slice(0, 2_000).includes('(') && !mayLeaveOut.test(statement.text.slice(0, 2_000)))
    return [];
  // Nor does `append` of Go ask, or what puts something into a list.
  if (around.isTyped && query.operation === 'insert' && puts.test(statement.text.slice(0, 200))) return [];
  if (/^\s*(?:throw\s+(?:new\s)?|raise\s)|^[\s\w,.]*:?=\s*append\(/.test(statement.text.slice(0, 200))) return [];
  if (isHandle(statement.text)) return [];
  if (/\b(?:create|alter|drop)\s+(?:unique\s+)?(?:table|index)\b/i.test(statement.text.slice(0, 400))) return [];
  if (declaration.test(statement.text.slice(0, 400)) || requests.test(statement.text.slice(0, 600))) return [];
  const anchors = anchorsIn(statement.text, names, around.aliases).filter(({ means }) => means > 0);
  const receivers = anchors.filter(({ kind }) => kind === 'receiver');
  if (receivers.length > 1) {
    const whole = receivers.filter(
      ({ start, end }, i) => !receivers.some((other, j) => j < i && other.start <= start && other.end >= end),
    );
    return whole
      .map((anchor) => weigh(statement, anchor, statement.text.slice(anchor.start, anchor.end), query, names, around))
      .filter(isThere);
  }
  const best = anchors.reduce<Anchor | undefined>(
    (known, each) => (known && strength(known) >= strength(each) ? known : each),
    undefined,
  );
  const own =
    best ??
    (around.implicit === undefined ? undefined : implicitIn(statement.text, around.implicit, around.isTyped)) ??
    (around.home > 0 ? { kind: 'word' as const, means: 0, start: /\S/.exec(statement.text)?.index ?? 0, end: 0 } : undefined);
  // The head of a function is none of its statements.
  if (!own || (own.kind !== 'receiver' && isHead(statement.text) && !isInBody(statement.text, own))) return [];
  const text = own.kind === 'word' ? statement.text : statement.text.slice(own.start, Math.max(own.end, own.start + 1));
  return [weigh(statement, own, text, query, names, around)].filter(isThere);
}

/** What asks without parentheses: LINQ in words, a text behind a tag. */
const mayLeaveOut = /\bfrom\s+\w+(?:\s+\w+)?\s+in\b|`/;

/** `where(paid: false).delete_all` of a method of the model's. */
function implicitIn(text: string, home: number, isTyped = false): Anchor | undefined {
  const [, before, name] =
    /^(\s*(?:return\s+|(?:var\s+)?[@\w]+\s*(?:\|\|)?=\s*)?(?:await\s+)?)([A-Za-z_]\w*)[!?]?(?:[.( ]|$)/.exec(
      text.slice(0, 300),
    ) ?? [];
  const verb = isTyped ? name?.toLowerCase() : name;
  if (
    name === undefined ||
    verb === undefined ||
    /^\p{Lu}/u.test(verb) ||
    !isVerb(name) ||
    /^(?:first|last|all|count|values|set|get|each|with|from|add|build|load)$/.test(verb)
  )
    return undefined;
  return { kind: 'receiver', means: Math.min(0.9, home), start: before.length, end: text.length };
}

/** `conditions.add(…)` */
const puts =
  /^\s*(?!\w*(?:[dD]b|[cC]ontext|[sS]ession|[rR]epo\w*|[sS]tore|[mM]anager|[sS]et|[uU]ow|[dD]ao)\.)[a-z]\w*\.(?:add|addAll|addFirst|addLast|append|push|offer)\(/;

function isHead(text: string): boolean {
  const header = headerAt(text.split('\n', 40), 0);
  return header !== undefined && header.name !== undefined && !/=>\s*\S/.test(text.slice(0, 2_000));
}

/** `List<Order> findByEmail(String email);` of an interface, `fun findByEmail(email: String): Order?` */
const declaration =
  /^\s*(?:(?:public|protected|private|abstract|static|default|suspend|override|final)\s+)*(?:(?!return|await|yield|throw|new|else|go|defer|var|val|let|const|case|delete\b|select\b)[\p{L}_][\w.<>,?[\]| ]{0,120}\s+\w+\s*\(\s*(?:(?:@\w+(?:\([^()]*\))?\s+)?(?:final\s+)?[\w.<>[\]?]+\s+\w+(?:\s*,\s*(?:@\w+(?:\([^()]*\))?\s+)?(?:final\s+)?[\w.<>[\]?]+\s+\w+)*\s*)?\)|(?:fun|func|def|fn)\s[^=]{0,300})\s*(?:throws [\w, ]+)?;?\s*$/u;

/** `router.delete('/orders/:id', …`, `` api.get(`${base}/orders`) ``: a route or a request, whatever it is of. */
const requests =
  /^\s*(?:(?:return|await|const|let|var)\s[^(]{0,120})?[\w$.]{1,80}(?:<[^()]{0,80}>\(\))?\s*\.(?:get|post|put|patch|delete|head|options|all)(?:<[^()]{0,120}>)?\(\s*["'`](?:\/|\$\{)|^\s*(?:const|let|var|return|await)\s[^(]{0,120}\buse[A-Z]\w{1,40}(?:<[^()]{0,120}>)?\(\s*["'`]\//;

function isThere(judged: Judged | undefined): judged is Judged {
  return judged !== undefined;
}

function strength({ kind, means }: Anchor): number {
  return means * { receiver: 3, argument: 2.6, relation: 2, word: 1.2 }[kind];
}

function weigh(
  statement: SourceStatement,
  anchor: Anchor,
  text: string,
  query: Query,
  names: ModelNames,
  around: Surroundings,
): Judged | undefined {
  const methods = methodsOf(text).filter((name) => !isProperty(name, query.statement));
  const byText = doneByText(statement.text, query);
  const done = byText ?? doneBy(methods, query);
  if (done <= 0) return undefined;
  const model = Math.max(strength(anchor), around.home * 1.5, strength(anchor) + around.home * 0.5);
  const words = new Words(text.replace(omitted, ''));
  const columns = columnsIn(text, words, methods, query, around, names);
  const score =
    model +
    done +
    2 * ((columns ?? 0.4) - 0.4) +
    shape(methods, text, words, query, names, around) -
    unlike(text, query, names) +
    conditions(text, query) +
    (around.isTyped && query.statement ? byParameters(text, around.words, query.statement.parameters) : 0) +
    ofOwner(text, query) -
    (columns === 0 && comparesOthers(text, query) ? 1 : 0) -
    (choosing.test(text.slice(0, 2_000)) || (around.isTyped && query.operation === 'select' && isOfRow(text, names)) ? 2 : 0) +
    (isTemplateOf(statement.text, around.sql) ? 1.5 : 0) -
    (isOtherSql(text, around.sql) ? 1.5 : 0);
  const isOther = isOfOne(text, query) ? 1.2 : 0;
  // What Diesel puts into a box is gone on with by who asks for it.
  const isBegun: boolean =
    /\.as(?:Field|Table|Scalar)\([^()]{0,80}\)\s*[;,)]?\s*$/.test(text) ||
    (/\.into_boxed\b/.test(text) && !/\.(?:load|first|get_results?|execute|optional)\b/.test(text));
  const before = statement.text
    .slice(0, byText === undefined || anchor.kind === 'receiver' ? anchor.start : /\S/.exec(statement.text)?.index)
    .split('\n');
  return {
    line: statement.line + before.length - 1,
    column: before[before.length - 1].length,
    end: statement.end,
    score: score - isOther - (isBegun ? begun : 0),
    ...(isBegun ? { isBegun: true as const } : {}),
    model: Math.min(1, model / 3),
    columns,
    isDone: done >= 1.5,
    isExact: done >= 2.5,
    ...(anchor.kind === 'receiver' && anchor.means >= 0.8 ? { chain: methodsOf(withoutArguments(text)) } : {}),
    ...keptIn(statement.text),
  };
}

/** `createQuery('DELETE FROM App\\Entity\\Order o …')`, `pool.query(sql\`insert into ${table} …`, `from o in db.Orders where …`: what the text does. */
function doneByText(text: string, { operation }: Query): number | undefined {
  if (operation === 'select' && /[=(]\s{0,40}from\s+(?:[\w<>]+\s+)?\w+\s+in\s+[\w(]/.test(text.slice(0, 400))) return 1.8;
  // `execute(delete_orders_query)`
  const told = /\bexec\w{0,20}\(\s*(?:\w{1,40}\s*=\s*)?(insert|update|delete)(?:_|[A-Z])/.exec(text.slice(0, 400))?.[1];
  if (told !== undefined && told !== operation) return 0;
  const verb =
    /\bcreateQuery\(\s*["'`]?\s*(SELECT|UPDATE|DELETE)\b|["'`]\s{0,40}(select(?=\s[^"'`]{1,2000}?\bfrom\s)|insert(?=\s+into\s)|update(?=\s+\S{1,80}\s+set\s)|delete(?=\s+from\s))/i
      .exec(text.slice(0, 2_000))
      ?.slice(1)
      .find((each) => each !== undefined);
  return verb === undefined ? undefined : verb.toLowerCase() === operation ? 2.2 : 0;
}

/** What a query leaves out is none of its columns. */
const omitted = /\bomit\s?:\s?\{[^{}]{0,300}\}/g;

/** ``sql`select count(*) from ${table} where ${fields.deck} = ${deck}` `` */
function isTemplateOf(text: string, sql: readonly string[]): boolean {
  const from = text.indexOf('`');
  return (
    from >= 0 &&
    sql.length > 0 &&
    /select|insert|update|delete/i.test(text) &&
    matchTemplate(sql, sqlTemplate(text.slice(from + 1, text.lastIndexOf('`')))) === 1
  );
}

/** A statement that is written out, and is not the one that was asked. */
function isOtherSql(text: string, sql: readonly string[]): boolean {
  if (!sql.length || /createQuery|hql|jpql|dql/i.test(text.slice(0, 400))) return false;
  const [, , written] =
    /(["'`])\s{0,200}((?:select\s|insert\s+into\s|update\s+\S+\s+set\s|delete\s+from\s)[^"'`]{8,3000})\1/i.exec(
      text.slice(0, 4_000).replace(/\\["'`]/g, ' '),
    ) ?? [];
  if (written === undefined || /[{%]|\.\s*$/.test(written)) return false;
  const match = matchSql(sql, sqlTokens(written));
  return match === undefined || match.share < 0.7;
}

/** 2.5 for the very method, 1.5 and 1 for the operation. */
function doneBy(methods: readonly string[], query: Query): number {
  const { method, operation, isExact, statement } = query;
  // A row may be marked for deleted, and asked to be deleted.
  if (operation === 'update' && statement?.assigned.every((column) => onlyMarks(column))) {
    const removed = doneBy(methods, { ...query, operation: 'delete', statement: undefined });
    if (removed >= 1.5) return removed;
  }
  // `selectFrom(ORDERS)` of a builder writes nothing.
  if (operation !== 'select' && methods.includes('selectFrom')) return 0;
  const wanted = method === undefined ? undefined : verbKey(method);
  if (wanted !== undefined && methods.some((each) => verbKey(each) === wanted)) return 2.5;
  const fits = methods.map((each) => fitsOperation(each, operation));
  const best = Math.max(0, ...fits);
  // `Order.find(id).update(…)` loads what it then changes.
  const loaded = operation === 'select' ? methods.findIndex((each) => isLoading(each)) : -1;
  const against = fits.some((fit, i) => fit < 0 && (loaded < 0 || i < loaded));
  if (wanted !== undefined && isExact) return 0;
  // `db.table('orders').join(…)`: what goes on with it is elsewhere.
  if (best === 0 && operation === 'select' && methods.includes('table')) return 0.8;
  // A method that was stated and is not there: another may make it (`save` creates), but not surely.
  const stated = wanted === undefined || query.isCommand ? 0 : 0.5;
  return (best >= 2 ? 1.8 : best) - (against ? (operation === 'select' ? 1 : best >= 2 ? 0.4 : 1.6) : 0) - stated;
}

/** Which part of the columns that tell queries apart is in a call, or else in its function. */
function columnsIn(
  text: string,
  words: Words,
  methods: readonly string[],
  { statement }: Query,
  around: Surroundings,
  names: ModelNames,
): number | undefined {
  if (!statement) return undefined;
  const wanted = new Map<string, number>();
  const note = (columns: readonly string[], weight: number): void => {
    for (const column of columns.slice(0, 40))
      if (!wanted.has(columnKey(column)) && !isOfFramework(column)) wanted.set(column, weight);
  };
  note(statement.compared, 1);
  // Who writes a row as it is names none of its columns.
  const isWhole = statement.assigned.length > 4 && !statement.assigned.some((column) => holdsColumn(column, words) === 1);
  if (statement.operation === 'update') note(statement.assigned, isWhole ? 0.1 : 0.7);
  if (statement.operation === 'insert') note(statement.assigned, 0.4);
  let sum = 0;
  let have = 0;
  const shown = new Set(statement.selected.map(columnKey));
  // `get(code=code)` is not by the key.
  const keys = keysIn(text);
  const isByOther = keys.some((key) => shown.has(key) && !wanted.has(key));
  const filled = around.made.size ? words.names.flatMap((name) => around.made.get(name.replace(/^[$@]/, '')) ?? []) : [];
  for (const [column, weight] of wanted) {
    sum += weight;
    const isKey = names.isKey(column) && !isByOther && methods.some((each) => isByKey(each)) && !asksForAny(text);
    // `Order.customer == customer` compares `customer_id`.
    const isOf = keys.some((key) => key.length >= 3 && columnKey(column) === `${key}id`);
    const held = Math.max(
      holdsColumn(column, words),
      isOf ? 0.9 : 0,
      isKey ? 1 : 0,
      ...filled.map((each) => 0.95 * holdsColumn(column, each)),
    );
    have += weight * (held > 0 ? held : 0.6 * holdsColumn(column, around.words));
  }
  if (sum === 0) return undefined;
  // Rows that come as they are name no columns.
  const isRow =
    statement.operation === 'insert' && !keysIn(text).length && methods.some((each) => fitsOperation(each, 'insert') >= 2);
  return isRow ? Math.max(0.4, have / sum) : have / sum;
}

/** Filled in by the framework, whatever the call says. */
function isOfFramework(column: string): boolean {
  return /^(?:createdat|updatedat|deletedat|datecreated|dateupdated|createdon|updatedon|modifiedat|version|lockversion|discriminator|dtype|type)$/.test(
    columnKey(column),
  );
}

/** `.select("id")`, `query(Order.id)` */
const selecting = /\b(?:select|query|pluck|pick|only|values_list|values|columns?|with_entities)\(([^()]{1,200})\)/;

/** Order, limit, aggregates and joins. */
function shape(
  methods: readonly string[],
  text: string,
  words: Words,
  { statement }: Query,
  names: ModelNames,
  around: Surroundings,
): number {
  if (statement?.operation !== 'select') return 0;
  const has = (pattern: RegExp): boolean => methods.some((each) => pattern.test(verbKey(each)));
  let sum = 0;
  const counts = has(/count|size$|total/) || /count\(/i.test(text);
  const pages = has(/paginat|page|andcount/);
  // `annotate(total=Sum("price"))`, `func.sum(price).label("total")`
  const named = statement.aliases.filter((alias) => words.keys.has(columnKey(alias))).length;
  if (named) sum += Math.min(1, 0.5 + 0.25 * named) + (statement.functions.has('count') && counts ? 0.5 : 0);
  else if (statement.aliases.length && statement.functions.size) sum -= has(/^(?:count|exists|first|get)$/) ? 1 : 0.2;
  else if (statement.functions.has('count')) sum += counts || pages ? 1 : -1;
  else if (has(/^(?:count|countby\w*|countdocuments)$/)) sum -= 1.5;
  if (statement.functions.has('exists')) sum += has(/exist|^any|isempty|none|present/) ? 1 : -0.5;
  else if (has(/^(?:exists\w*|any)$/)) sum -= 1;
  for (const name of ['sum', 'avg', 'min', 'max'])
    if (statement.functions.has(name)) sum += has(new RegExp(`${name === 'avg' ? 'avg|average' : name}`)) ? 0.6 : -0.2;
  const single = has(
    /^(?:first|single|findfirst|findone|findunique|findby|find|get|take|last|sole|one|scalar|findbyid|findorfail|limit|fetchone|getone|latest|maybesingle)/,
  );
  if (statement.isLimited) sum += single || pages || (around.isPaged && !has(/^(?:count|exists)/)) ? 0.4 : -0.2;
  else if (around.isPaged) sum -= 0.1;
  else if (has(/^(?:limit|take|findfirst|findone|first)$/)) sum -= 0.3;
  const orders = has(/order|sort|latest|oldest|^(?:asc|desc)$/) || /orderBy|sort\s*:/.test(text);
  const by = statement.ordered.filter((column) => holdsColumn(column, words) > 0).length;
  if (statement.ordered.length && orders)
    sum += 0.3 + (by > 0 ? 0.3 : 0) + (by >= 3 && by >= statement.ordered.length * 0.6 ? 0.5 : 0);
  else if (!statement.ordered.length && orders) sum -= 0.3;
  // `select_for_update`, `with_for_update`, `lockForUpdate`, `setLock`
  if (statement.isLocked || methods.some((each) => /forupdate/.test(verbKey(each)))) {
    if (/for_?update|lock/i.test(text)) sum += statement.isLocked ? 0.6 : -0.6;
    else sum -= 0.3;
  }
  // A builder names what it selects.
  const shown =
    statement.selected.length < 3 ? 0 : statement.selected.filter((column) => words.keys.has(columnKey(column))).length;
  if (shown >= 3 && shown >= statement.selected.length * 0.6) sum += 0.8;
  const few = statement.selected.length && statement.selected.length < 3 ? selecting.exec(text)?.[1] : undefined;
  if (few !== undefined && statement.selected.every((column) => holdsColumn(column, new Words(few)) === 1)) sum += 0.5;
  if (names.related.size) {
    const others = new Set(identifiersOf(text).flatMap(({ name }) => names.relatedOf(name) ?? []));
    sum += others.size ? 0.2 + (0.5 * others.size) / names.related.size : -0.1;
  }
  // What a list is grouped by in memory is no column.
  const groups = has(/groupby|^group$|annotate/);
  if (statement.grouped.length)
    sum += groups ? (statement.grouped.some((column) => holdsColumn(column, words) > 0) ? 0.6 : 0.3) : -0.2;
  for (const value of statement.values.slice(0, 6)) if (value.length >= 2 && words.keys.has(columnKey(value))) sum += 0.4;
  return sum;
}

/** Of each line the surest. */
export function surest<T extends { readonly file: string; readonly line: number; readonly score: number }>(
  found: readonly T[],
): T[] {
  const best = new Map<string, T>();
  for (const each of found) {
    const key = `${each.file}:${each.line}`;
    if (each.score > (best.get(key)?.score ?? Number.NEGATIVE_INFINITY)) best.set(key, each);
  }
  return [...best.values()];
}
