/**
 * What a database's span asks, in whichever way its instrumentation tells: SQL, a command of MongoDB, a table beside an operation, or a model and
 * its method.
 *
 * | instrumentation                | tells                                                                            |
 * |--------------------------------|----------------------------------------------------------------------------------|
 * | drivers, GORM, EF Core, Knex   | `db.query.text` (`db.statement`), `db.collection.name` (`db.sql.table`), operation |
 * | MongoDB                        | `db.mongodb.collection`, `db.statement` = `{"find": "trip", "filter": {…}}`, or `{"filter": {…}}` beside `db.operation` |
 * | Prisma                         | `prisma:client:operation` with `model` and `method`                                |
 * | Hibernate, JPA                 | `SELECT com.acme.Order`, `Session.persist com.acme.Order` as the name             |
 * | Mongoose                       | `mongoose.Order.findOne` as the name, the collection                               |
 * | ActiveRecord, Eloquent         | `Order query`, `Order.create!`; `App\Models\Order::find`                           |
 * | Spring Data                    | `OrderRepository.findByEmail` as the name                                         |
 */

import { textAttribute } from '../model/attributes';
import { otherStatement, statementKeys } from '../model/statementText';
import type { Relative, SpanSource } from '../model/types';
import { nounKey } from './nouns';
import { type Operation, readStatement, type Statement } from './statement';

export interface Query {
  readonly operation: Operation | undefined;
  /** As the database calls it. */
  readonly table?: string;
  /** The class, without its package; of Spring Data the repository. */
  readonly model?: string;
  /** Of the model, as the source calls it. */
  readonly method?: string;
  /** The method is what the database calls it, as programs may. */
  readonly isCommand?: true;
  /** No other method makes such a span. */
  readonly isExact?: true;
  readonly statement?: Statement;
  /** The attribute that told most. */
  readonly from: string;
}

export const tableKeys = ['db.collection.name', 'db.sql.table', 'db.mongodb.collection', 'laravel.eloquent.table'] as const;
export const operationKeys = ['db.operation.name', 'db.operation'] as const;
/** All that `readQuery` looks at. */
export const queryKeys: readonly string[] = [
  ...statementKeys,
  ...tableKeys,
  ...operationKeys,
  'model',
  'method',
  'name',
  'db.query.summary',
  'laravel.eloquent.operation',
];
const name = '[\\p{L}_][\\p{L}\\p{N}_]{0,80}';
const entity = new RegExp(
  `^(?:(SELECT|INSERT|UPDATE|DELETE)|(?:(?:Stateless)?Session|EntityManager)\\.(\\w{1,40}))\\s+(?:${name}\\.){0,12}(${name})$`,
  'u',
);
const record = new RegExp(
  `^(?:mongoose\\.)?(?:${name}(?:::|\\\\)){0,8}(${name})(?:\\s+(query|load)|(?:\\.|#|::)(${name})[!?]?)$`,
  'iu',
);
const models = /active_?record|mongoose|eloquent|laravel|mongoid|sequelize|spring-data|gorm|typeorm|django|sqlalchemy/i;

/** Libraries around a driver, each of which makes a span of its own: a repository, the ORM below it. */
const maxAbove = 3;

/** What these say of a model may be its name alone, which is any word. */
const between = /hibernate|jdbc|r2dbc|hikari|c3p0|dbcp/i;

/** What a span asks; where the spans around it tell of a model, that as well. */
export function queryOf(
  span: Pick<SpanSource, 'name' | 'attributes' | 'scope'>,
  ancestors: readonly Relative[],
): Query | undefined {
  let query = readQuery(span);
  if (!query || query.model !== undefined) return query;
  for (const { name: called, attributes, scope } of ancestors.slice(0, maxAbove)) {
    const above = readQuery({ name: called, attributes, ...(scope === undefined ? {} : { scope: { name: scope } }) });
    if (above?.model === undefined) {
      if (between.test(scope ?? '')) continue;
      break;
    }
    // `Order.findMany` with `include` asks for other tables as well.
    const isSame =
      query.table === undefined ||
      nounKey(query.table) === nounKey(above.model) ||
      above.method === undefined ||
      above.operation === query.operation;
    if (!isSame) break;
    query = {
      ...query,
      model: above.model,
      ...(above.method === undefined ? {} : { method: above.method }),
      ...(above.isExact ? { isExact: true } : {}),
    };
    if (above.method !== undefined) break;
  }
  return query;
}

/** Undefined where the span asks no database, or does not tell of what. */
export function readQuery(span: Pick<SpanSource, 'name' | 'attributes' | 'scope'>): Query | undefined {
  const { attributes } = span;
  const method = textAttribute(attributes, 'method');
  const model = textAttribute(attributes, 'model');
  if (method !== undefined && model !== undefined && isName(model) && isName(method))
    return { model, method, operation: operationOf(method), isExact: true, from: 'model and method' };
  const table = firstOf(attributes, tableKeys);
  const stated = firstOf(attributes, operationKeys);
  const collection = table === undefined ? {} : { table: lastName(table[0]) };
  const other = otherStatement(attributes);
  for (const key of other ? [other.key] : statementKeys) {
    const text = textAttribute(attributes, key);
    if (text === undefined) continue;
    const command = readCommand(text, collection.table, stated?.[0]);
    if (command) return { ...collection, ...command, from: key };
    const statement = readStatement(text);
    if (statement)
      return {
        operation: statement.operation,
        table: joinedChild(text, statement) ?? statement.tables[0],
        ...modelOf(span),
        ...loadedModel(attributes),
        statement,
        from: key,
      };
  }
  const called = byName(span);
  if (called) return { ...collection, ...called, from: 'span name' };
  const operation = operationOf(stated?.[0]?.split(/\s/, 1)[0] ?? textAttribute(attributes, 'laravel.eloquent.operation') ?? '');
  if (table)
    return {
      ...collection,
      operation,
      ...(stated ? { method: stated[0], ...(Object.hasOwn(commands, stated[0]) ? { isCommand: true } : {}) } : {}),
      from: table[1],
    };
  // `SELECT orders customers`
  const [verb, first] = textAttribute(attributes, 'db.query.summary')?.slice(0, 300).split(/\s+/) ?? [];
  return first !== undefined && operationOf(verb) !== undefined
    ? { operation: operationOf(verb), table: lastName(first), from: 'db.query.summary' }
    : undefined;
}

/** Of `FROM items INNER JOIN books ON items.id = books.id` the class is the one of books, which go on from items. */
function joinedChild(text: string, { tables, operation }: Statement): string | undefined {
  const [parent, child] = tables;
  if (operation !== 'select' || child === undefined) return undefined;
  const quote = '["`]?';
  const key = (table: string): string => `${quote}${table.replace(/\W/g, '.')}${quote}\\.${quote}id${quote}`;
  const joins = new RegExp(`\\bJOIN\\s+\\S{1,160}\\s+ON\\s+\\(?${key(parent)}\\s*=\\s*${key(child)}`, 'i');
  return joins.test(text.slice(0, 8_000)) ? child : undefined;
}

/** Who instruments models may tell the statement as well. */
function modelOf(span: Pick<SpanSource, 'name' | 'scope'>): Pick<Query, 'model' | 'method'> {
  const { model, method } = byName(span) ?? {};
  return model === undefined || method === undefined ? {} : { model, method };
}

/** `Order Load`, `Shop::Order Create`: what ActiveRecord calls a statement. */
function loadedModel(attributes: SpanSource['attributes']): { readonly model?: string } {
  const [, model] =
    /^(?:[\p{L}\p{N}_]{1,80}::){0,8}(\p{Lu}[\p{L}\p{N}_]{1,80}) (?:Load|Create|Update|Destroy|Count|Exists\?|Pluck|Pick|Sum|Insert|Upsert|Delete All|Update All)$/u.exec(
      textAttribute(attributes, 'name')?.slice(0, 300) ?? '',
    ) ?? [];
  return model === undefined ? {} : { model };
}

/** Who instruments models names spans after them. */
function byName({ name: text, scope }: Pick<SpanSource, 'name' | 'scope'>): Omit<Query, 'from'> | undefined {
  if (text.length > 300) return undefined;
  const [, verb, method, ofEntity] = entity.exec(text) ?? [];
  if (ofEntity !== undefined && /^\p{Lu}/u.test(ofEntity) && (method !== undefined || text.includes('.')))
    return { model: ofEntity, operation: operationOf(method ?? verb) };
  if (!models.test(scope?.name ?? '')) return undefined;
  const [, ofRecord, plain, called] = record.exec(text) ?? [];
  if (ofRecord === undefined || !/^\p{Lu}/u.test(ofRecord)) return undefined;
  if (plain !== undefined || called === undefined) return { model: ofRecord, operation: 'select' };
  return { model: ofRecord, method: called, operation: operationOf(called) };
}

const commands: Readonly<Record<string, Operation>> = {
  find: 'select',
  aggregate: 'select',
  count: 'select',
  distinct: 'select',
  insert: 'insert',
  update: 'update',
  findAndModify: 'update',
  delete: 'delete',
};

/**
 * A command of MongoDB as drivers report it: values are taken out, and the end may be cut off. Where the collection and the command's name are told
 * beside it, it has neither: `{"filter":{"owner_id":"?"}}`, or what it asks for alone.
 */
function readCommand(text: string, told?: string, named?: string): Omit<Query, 'from'> | undefined {
  if (!/^\s*\{/.test(text)) return undefined;
  const [, first = '', of] = /^\s*\{\s*"(\w{1,40})"\s*:\s*"([^"]{1,120})"/.exec(text) ?? [];
  const isWhole = Object.hasOwn(commands, first);
  const verb = isWhole ? first : named;
  const table = isWhole ? of : told;
  if (verb === undefined || table === undefined || !Object.hasOwn(commands, verb)) return undefined;
  const operation = commands[verb];
  const asked = /"(filter|query|q|\$match)"\s*:/.exec(text.slice(0, 4_000))?.[1];
  const isBare =
    !isWhole && asked === undefined && operation !== 'insert' && !/"(?:sort|key|pipeline|updates|deletes|command)"/.test(text);
  const statement: Statement = {
    operation,
    tables: [table],
    selected: [],
    compared: (isBare ? keysOf(text.slice(0, 1_500)) : asked === undefined ? [] : keysOf(memberOf(text, asked))).slice(0, 12),
    assigned: operation === 'update' ? [...keysOf(memberOf(text, 'u')), ...keysOf(memberOf(text, 'update'))].slice(0, 12) : [],
    ordered: keysOf(memberOf(text, 'sort')).slice(0, 3),
    grouped: [],
    aliases: [],
    isLocked: false,
    isLimited: /"limit"/.test(text),
    functions: new Set(verb === 'count' ? ['count'] : []),
    conditions: new Set(),
    values: [],
    parameters: [],
  };
  return { operation, table, statement };
}

/** The object that a member of a command is, or the first of a list; as far as the text goes. */
function memberOf(text: string, name: string): string {
  const at = text.indexOf(`"${name}"`);
  const open = at < 0 ? -1 : text.indexOf('{', at);
  if (open < 0 || !/^\s*:\s*\[?\s*$/.test(text.slice(at + name.length + 2, open).slice(0, 20))) return '';
  let depth = 0;
  for (let i = open; i < text.length && i < open + 1_500; i++) {
    if (text[i] === '{') depth++;
    else if (text[i] === '}' && --depth === 0) return text.slice(open, i);
  }
  return text.slice(open, open + 1_500);
}

function keysOf(part: string): readonly string[] {
  return [...part.matchAll(/"([A-Za-z_][\w.]{0,80})"\s*:/g)]
    .map(([, key]) => key)
    .filter((key) => !/^(?:limit|sort|skip|projection|batchSize|type|number|singleBatch|lsid|multi|upsert)$/.test(key));
}

const verbs: readonly (readonly [Operation, RegExp])[] = [
  ['delete', /^(?:delete|remove|destroy|truncate|prune)/i],
  ['insert', /^(?:insert|create|add|persist|save|store|replicate|bulk_?create|upsert|replace)/i],
  ['update', /^(?:update|set|merge|increment|decrement|touch|find_?one_?and_?(?:update|replace)|find_?and_?modify)/i],
  [
    'select',
    /^(?:select|find|get|query|count|aggregate|distinct|exists|first|all|load|fetch|list|read|group|where|refresh|row|raw)/i,
  ],
];

export function operationOf(verb: string): Operation | undefined {
  return verbs.find(([, pattern]) => pattern.test(verb))?.[0];
}

function isName(text: string): boolean {
  return /^[\p{L}_$][\p{L}\p{N}_$]{0,80}$/u.test(text);
}

/** Without database and schema. */
function lastName(table: string): string {
  return (
    table
      .slice(0, 200)
      .split('.')
      .pop()
      ?.replace(/["`[\]]/g, '') ?? ''
  );
}

function firstOf(attributes: SpanSource['attributes'], keys: readonly string[]): readonly [string, string] | undefined {
  for (const key of keys) {
    const text = textAttribute(attributes, key);
    if (text !== undefined) return [text, key];
  }
  return undefined;
}
