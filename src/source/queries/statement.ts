/**
 * What an SQL statement does, as far as it tells two calls of an ORM apart: the operation, its tables, and the columns that it compares, assigns
 * and sorts by. No parser: words between keywords, in every dialect's quotes, tolerant of what it does not know and of a text that was
 * cut off. HQL and JPQL read alike.
 */

import { parametersOf } from './namedParameters';

export type Operation = 'select' | 'insert' | 'update' | 'delete';

export interface Statement {
  readonly operation: Operation;
  /** Without schemas, the one that it is about first. */
  readonly tables: readonly string[];
  /** Of the result; empty for all. */
  readonly selected: readonly string[];
  /** In `WHERE` and `HAVING`; what joins tables is in no call. */
  readonly compared: readonly string[];
  /** By `SET`, or of an insert. */
  readonly assigned: readonly string[];
  readonly ordered: readonly string[];
  readonly grouped: readonly string[];
  /** What the result calls its columns, beside their own names and what a library makes up. */
  readonly aliases: readonly string[];
  readonly isLimited: boolean;
  /** `FOR UPDATE` */
  readonly isLocked: boolean;
  /** `count`, `sum`, …, `exists` */
  readonly functions: ReadonlySet<string>;
  /** `conditionsOf` it. */
  readonly conditions: ReadonlySet<string>;
  /** Texts and numbers that were not taken out. */
  readonly values: readonly string[];
  /** `parametersOf` it. */
  readonly parameters: readonly (readonly string[])[];
}

interface Token {
  readonly kind: 'word' | 'name' | 'value' | 'mark';
  readonly text: string;
}

const maxText = 4_000;
const maxTokens = 800;
const tokens =
  /--[^\n]*|\/\*(?:[^*]|\*(?!\/))*\*\/|(?<text>'(?:[^']|'')*')|"(?<double>[^"]*)"|`(?<tick>[^`]*)`|\[(?<square>[A-Za-z_][\w $]*)\]|(?<value>\$\d+|%\(\w+\)s|%s|\?\d*|[:@]\w+|\b\d+(?:\.\d+)?\b)|(?<word>[\p{L}_][\p{L}\p{N}_$#]*)|(?<mark>[(),.;=<>*])/gu;

function tokensOf(text: string): readonly Token[] {
  const found: Token[] = [];
  for (const { groups } of text.slice(0, maxText).matchAll(tokens)) {
    if (!groups || found.length >= maxTokens) continue;
    const name = groups.double ?? groups.tick ?? groups.square;
    if (groups.word !== undefined) found.push({ kind: 'word', text: groups.word });
    else if (name !== undefined) found.push({ kind: 'name', text: name });
    else if (groups.mark !== undefined) found.push({ kind: 'mark', text: groups.mark });
    else if (groups.text !== undefined || groups.value !== undefined)
      found.push({ kind: 'value', text: (groups.text ?? groups.value).replace(/^'|'$/g, '') });
  }
  return found;
}

const operations: Readonly<Record<string, Operation>> = {
  select: 'select',
  from: 'select',
  insert: 'insert',
  replace: 'insert',
  merge: 'insert',
  update: 'update',
  delete: 'delete',
};
type Clause = 'selected' | 'table' | 'compared' | 'assigned' | 'ordered' | 'grouped' | 'columns' | 'nothing';
const clauses: Readonly<Record<string, Clause>> = {
  select: 'selected',
  from: 'table',
  join: 'table',
  into: 'table',
  update: 'table',
  using: 'table',
  where: 'compared',
  on: 'nothing',
  having: 'compared',
  set: 'assigned',
  order: 'ordered',
  group: 'grouped',
  values: 'nothing',
  limit: 'nothing',
  offset: 'nothing',
  fetch: 'nothing',
  returning: 'nothing',
  output: 'nothing',
  conflict: 'nothing',
  union: 'nothing',
};
const functions = /^(?:count|sum|avg|min|max|exists)$/;
/** Words of the language that are no columns where they stand between them. */
const noColumn =
  /^(?:and|or|not|in|is|null|like|ilike|between|as|asc|desc|distinct|top|all|case|when|then|else|end|true|false|by|inner|left|right|outer|cross|full|lateral|only|nulls|first|last|rows|next|row|escape|any|some|interval|cast|coalesce|lower|upper|now|current_timestamp|default|for|share|nowait|skip|locked|with|ignore|recursive|date|timestamp|integer|text|bigint|uuid|do|nothing|object|excluded|inserted|deleted|collate|nocase|binary|over|partition|count|sum|avg|min|max|exists|duplicate|key)$/;

/** Undefined where it is no statement about a table. */
export function readStatement(text: string): Statement | undefined {
  const all = tokensOf(text);
  const found = {
    selected: new Set<string>(),
    compared: new Set<string>(),
    assigned: new Set<string>(),
    ordered: new Set<string>(),
    grouped: new Set<string>(),
  };
  const main: string[] = [];
  const inner: string[] = [];
  const used = new Set<string>();
  const values: string[] = [];
  const made = new Set<string>();
  const aliases: string[] = [];
  let operation: Operation | undefined;
  let clause: Clause = 'nothing';
  let isLimited = false;
  let isTable = false;
  /** `DELETE FROM [o] FROM [Orders] AS [o]` of SQL Server is about orders. */
  let renamed: string | undefined;
  let depth = 0;
  let from = 0;
  /** Of the tables that the statement is about: `FROM (SELECT … FROM orders)` is about orders. */
  let about = 0;
  for (let i = 0; i < all.length; i++) {
    const token = all[i];
    const lower = token.kind === 'word' ? token.text.toLowerCase() : '';
    const before = all[i - 1]?.text.toLowerCase();
    const next = all[i + 1];
    if (token.kind === 'mark') {
      if (token.text === '(') depth++;
      else if (token.text === ')') depth--;
      else if (token.text === ',' && clause === 'table' && depth === from) isTable = true;
      else if (token.text === ';' && main.length) break;
      continue;
    }
    if (token.kind === 'value') {
      // `SELECT 1 FROM` asks whether there is one.
      if (before === 'select' && token.text === '1' && next?.text !== ',') used.add('exists');
      else if (/^[\w -]{1,60}$/.test(token.text) && values.length < 20) values.push(token.text);
      continue;
    }
    // The names of common tables are no tables.
    if (next?.text.toLowerCase() === 'as' && all[i + 2]?.text === '(' && clause !== 'selected')
      made.add(token.text.toLowerCase());
    const isMember = before === '.' || next?.text === '.';
    // An entity of HQL may be called Order.
    const isName = (lower === 'order' || lower === 'group') && next?.text.toLowerCase() !== 'by';
    if (lower !== '' && !isMember && !isName && Object.hasOwn(clauses, lower) && !(lower === 'set' && !main.length)) {
      // `FOR UPDATE`, `DO UPDATE SET`, `ON DELETE` begin nothing; neither does `EXTRACT(epoch FROM x)`.
      if (lower === 'update' && (before === 'for' || before === 'do' || before === 'key')) continue;
      if (lower === 'from' && all[i - 2]?.text === '(' && /^(?:epoch|year|month|day|hour|minute|dow|week)$/.test(before ?? ''))
        continue;
      operation ??= Object.hasOwn(operations, lower) ? operations[lower] : undefined;
      clause = clauses[lower];
      isTable = clause === 'table';
      from = depth;
      if (lower === 'from' && depth === about && !main.length) while (all[i + 1 + about - depth]?.text === '(') about++;
      if (/^(?:limit|fetch|offset)$/.test(lower)) isLimited = true;
      continue;
    }
    if (!isMember && Object.hasOwn(operations, lower)) {
      operation ??= operations[lower];
      continue;
    }
    if (functions.test(lower) && next?.text === '(') used.add(lower);
    if (lower === 'top' && clause === 'selected') isLimited = true;
    if (isMember && next?.text === '.') continue;
    if (isTable) {
      if (noColumn.test(lower)) continue;
      isTable = false;
      (depth <= about ? main : inner).push(token.text);
      const short = next?.text.toLowerCase() === 'as' ? all[i + 2] : next;
      if (main.length > 1 && short && short.text === main[0] && token.text !== main[0]) renamed = main.shift();
      if (before === 'into' || (operation === 'insert' && next?.text === '(')) clause = 'columns';
      continue;
    }
    if (clause === 'table' || clause === 'nothing' || (next?.text === '(' && clause !== 'columns') || noColumn.test(lower))
      continue;
    if (clause === 'assigned' && next?.text !== '=') continue;
    // What an alias or a common table is called is no column of it.
    if (clause === 'selected' && before === 'as') {
      if (depth <= about && aliases.length < 20) aliases.push(token.text);
      continue;
    }
    found[clause === 'columns' ? 'assigned' : clause].add(token.text);
  }
  const tables = [...new Set([...main, ...inner])].filter((name) => !made.has(name.toLowerCase()) && name !== renamed);
  if (!operation || !tables.length) return undefined;
  return {
    operation,
    tables,
    selected: [...found.selected],
    compared: [...found.compared],
    assigned: [...found.assigned],
    ordered: [...found.ordered],
    grouped: [...found.grouped],
    aliases: aliases.filter(
      (name) =>
        // What Laravel calls what it counts says nothing.
        name !== 'aggregate' &&
        !found.selected.has(name) &&
        !/^_|_\d+$|^\w{1,2}\d*$/.test(name) &&
        !main.some((table) => name.startsWith(`${table}_`)),
    ),
    isLimited,
    isLocked: operation === 'select' && /\bfor\s+(?:no\s+key\s+)?update\b/i.test(text.slice(-400)),
    functions: used,
    conditions: new Set(conditionsOf(text.slice(0, maxText))),
    values,
    parameters: parametersOf(text),
  };
}

/** Comparisons of a text, each as `column operator` without tables, quotes and values: `token=`, `expires_at>`. */
export function conditionsOf(text: string): readonly string[] {
  const found: string[] = [];
  const comparison =
    /([\p{L}_][\p{L}\p{N}_]{0,60})["`\]]?\s{0,4}(=|<>|!=|<=|>=|<|>|\b(?:not\s+)?(?:in|like|ilike|between)\b|\bis\s+(?:not\s+)?null\b)/giu;
  for (const [, column, operator] of text.matchAll(comparison)) {
    if (found.length >= 40) break;
    if (!noColumn.test(column.toLowerCase()))
      found.push(column.toLowerCase().replaceAll('_', '') + operator.toLowerCase().replace(/\s+/g, '').replace('<>', '!='));
  }
  return found;
}
