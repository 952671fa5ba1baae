/**
 * Which names in the source mean a table: its class by any framework's convention (nouns.ts), what a program calls the class in between
 * (`orderRepository`, `_context.Orders`, `val o = Tables.ORDER`), and classes whose table is declared (declaredModels.ts).
 */

import { nounKey, singular, wordsOf } from './nouns';
import type { Query } from './query';

/** Answers for one query; what it was asked is kept, since a source has the same names over and over. */
export class ModelNames {
  /** `nounKey`s of the table and its classes. */
  readonly strong = new Set<string>();
  /** Without a prefix of an application or a namespace: `recipe` of `recipes_recipe`, `user` of `AspNetUsers`. */
  readonly weak = new Set<string>();
  /** Of `weak`: without the word that all tables of an application may begin with, `order` of `oms_order`. */
  readonly #own = new Set<string>();
  /** Words that stand behind others' nouns: `List` of `books_list` is a class, `list` and `book_list` are anything. */
  readonly #types = new Set<string>();
  /** Of the other tables of the statement. */
  readonly related: ReadonlySet<string>;
  /** Of what its columns are keys: `TaskList` is not of `task` where that has `task_list_id`. */
  readonly #others: ReadonlySet<string>;
  /** What a line must hold to mean it. */
  readonly #look: RegExp;
  readonly #known = new Map<string, number>();

  /** @param declared classes that say that they are the table's */
  constructor(
    { table, model, statement }: Query,
    readonly declared: readonly string[] = [],
  ) {
    const looks: string[] = [];
    for (const name of [
      table,
      model === undefined ? undefined : bare(model),
      ...declared.flatMap((each) => [each, bare(each)]),
    ]) {
      if (name === undefined) continue;
      const words = wordsOf(name).filter((word, i) => !(i === 0 && /^(?:tbl|tb|t|v|vw|table|view)$/.test(word)));
      if (!words.length) continue;
      this.strong.add(nounKey(words.join('_')));
      // `TableOrder` of `table_order` is no other table's.
      this.strong.add(nounKey(name));
      for (let from = 1; from < words.length; from++) {
        const rest = nounKey(words.slice(from).join('_'));
        // `OrderModel` is no model of all.
        if (rest.length < 3) continue;
        if (suffix.test(rest)) {
          if (words.length === 2) this.#types.add(rest);
          continue;
        }
        this.weak.add(rest);
        if (from === 1) this.#own.add(rest);
        // `Orders_Order`: a module and its class.
        if (from === 1 && /^\p{Lu}\p{Ll}+_\p{Lu}\p{Ll}/u.test(name)) this.strong.add(rest);
      }
      const last = words[words.length - 1];
      const one = singular(last);
      let shared = 0;
      while (shared < one.length && one[shared] === last[shared]) shared++;
      looks.push(...(shared > 4 ? [last.slice(0, shared - 1)] : shared > 2 ? [last.slice(0, shared)] : [last, one]));
    }
    this.#look = new RegExp(looks.length ? looks.map((each) => each.replace(/[^\p{L}\p{N}]/gu, '.')).join('|') : '(?!)', 'iu');
    this.related = new Set((statement?.tables.slice(1) ?? []).map(nounKey));
    const columns = statement ? [...statement.compared, ...statement.selected, ...statement.assigned] : [];
    this.#others = new Set(columns.flatMap((column) => /^(\w{3,60}?)(?:_id|Id)$/.exec(column)?.slice(1).map(nounKey) ?? []));
  }

  /** A cheap look, before anything else is done with a text. */
  mayBeIn(text: string): boolean {
    return this.#look.test(text);
  }

  /** How surely a name of the source means the table: 0 to 1. */
  means(name: string): number {
    let known = this.#known.get(name);
    if (known === undefined) {
      known = this.mayBeIn(name) ? this.#meansNow(name) : 0;
      if (this.#known.size < 20_000) this.#known.set(name, known);
    }
    return known;
  }

  #meansNow(name: string): number {
    const key = nounKey(name);
    if (key === '') return 0;
    if (this.strong.has(key)) return 1;
    if (this.#others.has(key)) return 0;
    const inner = nounKey(bare(name));
    if (this.strong.has(inner)) return 0.9;
    if (this.#own.has(inner) && reaches.test(name)) return 0.75;
    // `user` of `AspNetUsers` is one of many nouns.
    if (this.#types.has(key) && /^\p{Lu}\p{Ll}/u.test(name)) return 0.6;
    return this.weak.has(key) ? 0.6 : this.weak.has(inner) ? 0.5 : 0;
  }

  /** Whether the table's name begins with what a name means, or the other way round. */
  isKin(name: string): boolean {
    const key = nounKey(bare(name));
    if (key.length < 5) return false;
    for (const strong of this.strong) if (strong.startsWith(key) || (strong.length >= 5 && key.startsWith(strong))) return true;
    return false;
  }

  /** Whether a name means one of the other tables of the statement. */
  meansRelated(name: string): boolean {
    return this.related.size > 0 && (this.related.has(nounKey(name)) || this.related.has(nounKey(bare(name))));
  }
}

/** What stands behind the noun in names of what reaches a table. */
const suffix =
  /^(?:repository|repositories|repo|repos|dao|daos|table|model|models|entity|entities|mapper|store|collection|queries|query|querier|set|schema|manager|tbl|jpa|db|record|records|persistence|gateway|adapter|provider|storage|impl|ref|ptr|doc|document|list|dto|orm)$/;
/** Other names begin with them. */
const prefix = /^(?:my|the|new|all|jpa|i|existing|current|found|old|updated|m|p)$/;

/** Of what is behind a repository. */
const technology =
  /^(?:abstract|base|default|jdbc|jpa|jooq|hibernate|r2dbc|mongo|mongodb|sql|sqlite|mysql|postgres|pg|ef|dapper|exposed|redis|in|memory)$/;

/** `orderRepository`, `_orders`, `IOrderDao`, `newOrder` are `order`. */
function bare(name: string): string {
  const words = [...wordsOf(name)];
  const count = words.length;
  while (words.length > 1 && suffix.test(words[words.length - 1])) words.pop();
  while (words.length > 1 && words.length < count && technology.test(words[0])) words.shift();
  if (words.length > 1 && (prefix.test(words[0]) || /^(?:repository|repo|dao|crud|model)$/.test(words[0]))) words.shift();
  return words.join('_');
}

const maxLine = 500;
/** Types of what reaches one table. */
const reaches = /[a-z](?:Mapper|Repository|Repo|Dao|DAO)$/;
const identifier = '[\\p{L}_$][\\p{L}\\p{N}_$]{0,80}';
/** `Type name;`, `Type<X> name =`, `*pkg.Type`. */
const typedBefore = new RegExp(
  `(?:^|[\\s(,*&.:<\\[\\]])(${identifier})(?:<[^<>()]{0,80}>|\\[\\])?[?!]?\\s+[$&]?(${identifier})\\s*(?:[;=,)]|$)`,
  'gu',
);
/** `name: Type`, `name *pkg.Type`, `name []Type`. */
const typedAfter = new RegExp(
  `(?:^|[\\s(,@#.])[$]?(${identifier})[?!]?\\s*(?::\\s*|\\s[*&\\[\\]]+)[*&\\[\\]\\\\?]*(?:${identifier}[.:\\\\]+){0,4}(${identifier})`,
  'gu',
);
/** `name = anything that means it`. */
const assigned = new RegExp(
  `(?:^|[\\s(,.@$])(${identifier})\\s*(?::[^=]{0,80})?:?=(?![=>])\\s*(?:await\\s+|new\\s+|new\\(|&|\\*|\\[\\]|inject\\(|make\\(|\\[\\]\\*)*((?:${identifier}(?:\\(\\))?(?:\\.|::|->|\\\\)){0,5})(${identifier})`,
  'gu',
);

/**
 * Names that a text gives to what means the table, with how surely they do: fields and parameters of its type, variables to which it is
 * assigned.
 */
export function aliasesIn(lines: readonly string[], start: number, end: number, names: ModelNames): ReadonlyMap<string, number> {
  const found = new Map<string, number>();
  const note = (name: string, means: number): void => {
    if (means * 0.9 > names.means(name) && !common.test(name)) found.set(name, Math.max(found.get(name) ?? 0, means * 0.9));
  };
  // What is called like a part of the table's name may be another table's: `OmsOrderMapper orderMapper` is not of `ums_member_order`.
  const noteType = (name: string, type: string): void => {
    const means = names.means(type);
    const own = names.means(name);
    if (means === 0 && own > 0 && own < 0.8 && reaches.test(type) && !found.has(name)) found.set(name, -1);
    else note(name, means);
  };
  for (let line = start; line < Math.min(end, lines.length); line++) {
    const text = lines[line];
    if (text.length > maxLine || !names.mayBeIn(text)) continue;
    // What is given as a list was read before.
    for (const pattern of [givenList, awaited]) for (const [, name] of text.matchAll(pattern)) found.set(name, -1);
    for (const [, type, name] of text.matchAll(typedBefore)) noteType(name, type);
    for (const [, name, type] of text.matchAll(typedAfter)) noteType(name, type);
    for (const pattern of [assignedTable, assignedModel, constant])
      for (const [, name, table] of text.matchAll(pattern)) note(name, names.means(table));
    for (const [, name, path, last] of text.matchAll(assigned)) {
      const parts = path.split(/\W+/).filter((part) => part !== '');
      note(name, Math.max(names.means(last), ...parts.slice(-2).map((part) => names.means(part))));
    }
  }
  return found;
}

const givenList =
  /\b(?:I?List|IEnumerable|I?Collection|(?:Hash|Immutable)?Set|IReadOnly(?:List|Collection)|Iterable)<[\w.?]{1,80}>\s+(\w{1,60})\s*(?:[,)]|=(?!=))/g;
/** `var orders = await store.ListAsync()` of C#: rows, and no query any more. */
const awaited =
  /\bvar\s+(\w{1,60})\s*=\s*await\s+(?!.{0,200}(?:Collection|Repository|Table|Model|Set)(?:Async)?(?:<[^<>()]{0,80}>)?\()/g;

/** `query = knex('orders')` */
const assignedTable = new RegExp(
  `(?:^|[\\s(,.@$])(${identifier})\\s*(?::[^=]{0,80})?:?=(?![=>])[^=;"'\`]{0,60}\\(\\s*["'\`](${identifier})["'\`]`,
  'gu',
);
/** `orders = getRepository(Order)`, `orders = connection.model(Order)` */
const assignedModel = new RegExp(
  `(?:^|[\\s(,.@$])(${identifier})\\s*(?::[^=]{0,80})?=(?![=>])[^=;"'\`(]{0,60}(?:[Rr]epository|[Rr]epo|[Mm]odel|[Cc]ollection)(?:<[^<>()]{0,80}>)?\\(\\s*(\\p{Lu}[\\p{L}\\p{N}_]{0,80})`,
  'gu',
);
/** `tableName = "orders"`, `const orderTable = "orders"`, `table: "orders"` */
const constant = new RegExp(
  `(?:^|[\\s(,.@$])(${identifier})\\s*(?::=|=(?!=)|:)\\s*["'\`](${identifier})["'\`]\\s*[,;]?\\s*$`,
  'gu',
);
/** Of a function, unless it is a field's. */
const local = /^\s+(?:(?:const|let|var|auto|val)\b|\$?\w+(?:\s*,\s*\w+)*\s*(?::[^=]{1,80})?:?=(?![=>]))/;

/** What the fields and the constants of a file are called that mean the table. */
export function aliasesOfFile(lines: readonly string[], names: ModelNames): ReadonlyMap<string, number> {
  return aliasesIn(
    lines.slice(0, 3_000).map((line) => (local.test(line.slice(0, maxLine)) ? '' : line)),
    0,
    lines.length,
    names,
  );
}

/** Words that are names everywhere. */
const common =
  /^(?:const|let|var|val|final|private|public|protected|static|readonly|return|await|new|this|self|err|error|ok|ctx|context|db|tx|session|if|for|in|of|import|from|as|class|def|fun|func|function|async|export|default|type|interface|extends|implements|where|select|id|data|result|results|params|req|res|request|response|name|value|key|string|int|bool|i)$/;

/** Lines of a class above a method. */
const maxClass = 400;

/** Whether a class of Django, of which a method begins there, says of itself that it is about the table: `model = Order`, `queryset = Order.objects.all()`. */
export function isViewOf(lines: readonly string[], line: number, names: ModelNames): boolean {
  if (/\bdef get_queryset\b/.test(lines[line] ?? '')) return false;
  for (let i = line, end = Math.max(0, line - maxClass); i >= end; i--) {
    if (/^class\b/.test(lines[i]) || (i < line && /^\S/.test(lines[i]) && !/^[)#@]/.test(lines[i]))) return false;
    const model = /^ {4}(?:model|queryset)\s*=\s*(?:\w+\.)?(\p{Lu}\w*)/u.exec(lines[i].slice(0, 200))?.[1];
    if (model !== undefined) return names.means(model) >= 0.8;
  }
  return false;
}
