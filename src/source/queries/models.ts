/**
 * Which names in the source mean a table: its class by any framework's convention (nouns.ts), what a program calls the class in between
 * (`orderRepository`, `_context.Orders`, `val o = Tables.ORDER`), and classes whose table is declared (declaredModels.ts).
 */

import { KeptByLines } from '../outline/keptByLines';
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
      // `OrderSet` of `order_set` is no class of orders.
      ...declared.flatMap((each) => (nounKey(each) === nounKey(table ?? '') ? [each] : [each, bare(each)])),
    ]) {
      if (name === undefined) continue;
      const words = wordsOf(name).filter(
        (word, i, { length }) => i > 0 || length < 2 || !/^(?:tbl|tb|t|v|vw|table|view)$/.test(word),
      );
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
    // `orderDocumentMapper` is of `order_document`.
    if (reaches.test(name) && this.strong.has(nounKey(name.replace(reached, '')))) return 0.9;
    if (this.#own.has(inner) && reaches.test(name)) return 0.75;
    // `storeRepository` of `app_store`.
    if (this.#types.has(inner) && inner !== key) return 0.6;
    // Whose class may be a library's for all tables.
    if (this.strong.has(nounKey(/^(\w{3,80}?)Service(?:Impl)?$/.exec(name)?.[1] ?? ''))) return 0.6;
    // `user` of `AspNetUsers` is one of many nouns.
    if (this.#types.has(key) && /^\p{Lu}\p{Ll}/u.test(name)) return 0.6;
    return this.weak.has(key) ? 0.6 : this.weak.has(inner) ? 0.5 : 0;
  }

  /** Whether a column is the table's own key: `id`, `order_id` of `orders` and of `shop_orders`. */
  isKey(column: string): boolean {
    const of = /^(\w*?)_?id$/i.exec(column)?.[1];
    return of !== undefined && (of === '' || this.strong.has(nounKey(of)) || this.weak.has(nounKey(of)));
  }

  /** Whether it is the table of an application's users. */
  get isUsers(): boolean {
    return [...this.strong].some((key) => key.endsWith('user'));
  }

  /** Whether the table's name begins with what a name means, or the other way round. */
  isKin(name: string): boolean {
    const key = nounKey(bare(name));
    if (key.length < 5) return false;
    for (const strong of this.strong) if (strong.startsWith(key) || (strong.length >= 5 && key.startsWith(strong))) return true;
    return false;
  }

  /** The other table of the statement that a name means. */
  relatedOf(name: string): string | undefined {
    return this.related.size ? [nounKey(name), nounKey(bare(name))].find((key) => this.related.has(key)) : undefined;
  }
}

/** What stands behind the noun in names of what reaches a table. */
const suffix =
  /^(?:repository|repositories|repo|repos|dao|daos|table|model|models|entity|entities|mapper|store|collection|queries|query|querier|set|schema|manager|tbl|jpa|db|record|records|persistence|gateway|adapter|provider|storage|impl|ref|ptr|doc|document|list|dto|orm)$/;
/** Other names begin with them. */
const prefix = /^(?:my|the|db|new|all|jpa|i|existing|current|found|old|updated|m|p)$/;

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
const reached = /(?:Mapper|Repository|Repo|Dao|DAO)$/;
/** Of those that ask others, whatever they are called: `orders = new OrderService()`. */
const asks = /[a-z](?:Service|Controller|UseCase|Facade)$/;
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
/** `var name pkg.Type` */
const variableInGo = new RegExp(`\\bvar\\s+(${identifier})\\s+(?:\\w{1,60}\\.)?(\\p{Lu}[\\p{L}\\p{N}_]{0,80})\\s*$`, 'gu');
/** `name = anything that means it`. */
const assigned = new RegExp(
  `(?:^|[\\s(,.@$])(${identifier})\\s*(?::[^=]{0,80})?:?=(?![=>])\\s*(?:await\\s+|new\\s+|new\\(|&|\\*|\\[\\]|inject\\(|make\\(|\\[\\]\\*)*((?:${identifier}(?:\\(\\))?(?:\\.|::|->|\\\\)){0,5})(?:(?:get|resolve)\\()?(${identifier})`,
  'gu',
);

/** What says of which table it is by a type that it is given: `repo: Repository<Order>`, `IRepository<Order> _repo`, `model: Model<OrderDocument>`. */
const store =
  '\\b\\w{0,60}(?:Repository|Repo|Model|Collection|DbSet|Dao|DAO|Store|Table|Mapper|Manager|Queries|Service)[<\\[]\\s?(?:\\w{1,60}[.:\\\\]{1,2}){0,4}';
const storeAfter = new RegExp(`(${identifier})[?!]?\\s{0,4}:\\s{0,4}(?:\\w{1,60}\\.){0,4}?${store}(${identifier})`, 'gu');
const storeBefore = new RegExp(
  `${store}(${identifier})[^<>()]{0,80}[>\\]][?]?\\s{1,4}[$&]?(${identifier})\\s{0,4}(?:[;=,)]|$)`,
  'gu',
);
const storeOf = new RegExp(`${store}(${identifier})`, 'gu');

/** How surely a class is the table's by what it says of its base: `class Closing extends BaseRepository<Order>`. */
export function baseMeans(head: string, names: ModelNames): number {
  const text = head.slice(0, maxLine);
  return /^\s*(?:[\w@]+\s+){0,6}class\b/.test(text)
    ? Math.max(0, ...[...text.matchAll(storeOf)].map(([, type]) => 0.9 * names.means(type)))
    : 0;
}

/**
 * Names that a text gives to what means the table, with how surely they do: fields and parameters of its type, variables to which it is
 * assigned.
 */
export function aliasesIn(
  lines: readonly string[],
  start: number,
  end: number,
  names: ModelNames,
  skips: RegExp | undefined = undefined,
): ReadonlyMap<string, number> {
  const found = new Map<string, number>();
  const note = (name: string, means: number): void => {
    if (means * 0.9 > names.means(name) && !common.test(name)) found.set(name, Math.max(found.get(name) ?? 0, means * 0.9));
  };
  // What is called like a part of the table's name may be another table's: `OmsOrderMapper orderMapper` is not of `ums_member_order`.
  const noteType = (name: string, type: string): void => {
    const means = names.means(type);
    const own = names.means(name);
    if (means === 0 && own > 0 && (own < 0.8 ? reaches : asks).test(type) && !found.has(name)) found.set(name, -1);
    else note(name, means);
  };
  for (let line = start; line < Math.min(end, lines.length); line++) {
    const text = lines[line];
    if (text.length > maxLine || skips?.test(text)) continue;
    // Django's name for whichever class is the user's.
    const user =
      names.isUsers && text.includes('get_user_model()') ? /(\w{1,60})\s*=\s*get_user_model/.exec(text)?.[1] : undefined;
    if (user !== undefined) note(user, 0.95);
    if (!names.mayBeIn(text)) continue;
    const { given, typed, constants, assignments } = bound.of(lines, line, () => readBound(text));
    // What is given as a list was read before.
    for (const name of given) found.set(name, -1);
    for (const [name, type] of typed) noteType(name, type);
    for (const [name, table] of constants) note(name, names.means(table));
    for (const [name, parts] of assignments)
      if (asks.test(parts[0])) noteType(name, parts[0]);
      else note(name, Math.max(...parts.map((part) => names.means(part))));
  }
  return found;
}

/** Names that a line gives to something, and to what, whatever table is asked for. */
interface BoundNames {
  readonly given: readonly string[];
  readonly typed: readonly (readonly [name: string, type: string])[];
  readonly constants: readonly (readonly [name: string, of: string])[];
  readonly assignments: readonly (readonly [name: string, parts: readonly string[]])[];
}

const bound = new KeptByLines<BoundNames>(3_000);

const none: BoundNames = { given: [], typed: [], constants: [], assignments: [] };

function readBound(text: string): BoundNames {
  const [, own, other] = renamed.exec(text) ?? [];
  const read = {
    given: [givenList, awaited].flatMap((pattern) => [...text.matchAll(pattern)].map(([, name]) => name)),
    typed: [
      ...[...text.matchAll(typedBefore)].map(([, type, name]) => [name, type] as const),
      ...[...text.matchAll(typedAfter)].map(([, name, type]) => [name, type] as const),
      ...[...text.matchAll(variableInGo)].map(([, name, type]) => [name, type] as const),
    ],
    constants: [
      ...[...text.matchAll(storeAfter)].map(([, name, of]) => [name, of] as const),
      ...[...text.matchAll(storeBefore)].map(([, of, name]) => [name, of] as const),
      ...[assignedTable, assignedModel, constant].flatMap((pattern) =>
        [...text.matchAll(pattern)].map(([, name, of]) => [name, of] as const),
      ),
      ...(other === undefined ? [] : [[other, own] as const]),
    ],
    assignments: [...text.matchAll(assigned)].map(([, name, path, last]) => {
      const parts = path.split(/\W+/).filter((part) => part !== '');
      return [name, [last, ...parts.slice(-2)]] as const;
    }),
  };
  return Object.values(read).some((each) => each.length > 0) ? read : none;
}

/** `import { orders as orderTable } from`, and a line of a longer list. */
const renamed =
  /^\s*(?:(?:import|export|from)\b[^;]{0,300}?[\s{,])?([\p{L}_$][\p{L}\p{N}_$]{0,80})\s+as\s+([\p{L}_$][\p{L}\p{N}_$]{0,80})\s*(?:[,}]|$)/u;
const selves = ['this', 'self', 'super', 'baseMapper', 'getBaseMapper', 'repository', '_repository', 'dao'];

/** What a class calls itself and what it has from another that is given the table's: `class Orders extends ServiceImpl<OrderMapper, Order>`. */
export function aliasesOfClass(lines: readonly string[], names: ModelNames): ReadonlyMap<string, number> {
  const at = lines.findIndex((line) => /^(?:\w+\s+){0,5}class\s+\p{Lu}/u.test(line.slice(0, 200)));
  const head =
    at < 0
      ? ''
      : lines
          .slice(at, at + 6)
          .join(' ')
          .slice(0, 800)
          .split('{', 1)[0];
  const given = /(?:\bextends|:)\s*[\w.]+<([^<>]{3,200})>/.exec(head)?.[1].split(/[\s,]+/) ?? [];
  const means = Math.max(0, ...given.map((name) => names.means(name)));
  return new Map(means >= 0.8 ? selves.map((name) => [name, 0.85] as const) : []);
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
const local =
  /^\s+(?:(?:const(?!\s+\p{Lu}[\p{Lu}_]+\b)|let|var|auto|val)\b|\$?\w+(?:\s*,\s*\w+)*\s*(?::[^=]{1,80})?:?=(?![=>]))/u;

/** What the fields and the constants of a file are called that mean the table. */
export function aliasesOfFile(lines: readonly string[], names: ModelNames): ReadonlyMap<string, number> {
  return aliasesIn(lines, 0, 3_000, names, local);
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
