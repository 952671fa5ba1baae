/**
 * Classes that say which table they are of, where no convention tells: `__tablename__ = "users_to_recipes"`, `@Table(name = "…")`, `[Table("…")]`,
 * `ToTable("…")`, `@@map("…")`, `protected $table = '…'`, `self.table_name = "…"`, `db_table`, `TableName()` of GORM, `pgTable("…"`.
 */

import type { SourceLanguage } from '../search/languages';
import type { SourceSearch } from '../search/sourceSearch';
import { enclosing } from '../symbols/enclosing';
import type { Query } from './query';

const maxHits = 60;
const maxNames = 6;
/** Lines between an annotation and its class, or a method and its name. */
const near = 14;
const maxAbove = 80;

/** What changed tables since names them far more often than who declares them. */
const isOfMigration = ({ file }: { readonly file: string }): boolean => /\/migrat(?:e|ions?)\//i.test(file);

/** The table's name between the quotes of a language, as declarations have it. */
export function declarationNeedles(table: string): readonly string[] {
  return [`"${table}"`, `'${table}'`];
}

const declares =
  /__tablename__|db_table|@(?:Table|Entity|Document|DatabaseTable|Collection)\b|\[Table\b|ToTable\b|ToCollection\b|@@map\b|\$table\b|\btable_name\b|\btableName\b|\bTableName\b|\b(?:pg|mysql|sqlite|maria)\w*Table\b|\bsqliteTable\b|\bdefine\(|\bcollection\s*[:=]|\bcollection_name\b|\b[cC]ollectionName\b|\btable\s*[:=]\s|\bTable\(|store_in|#\[(?:table_name|diesel\(table_name|sea_orm\(table_name)|\bschema\s*"/;
const typeName = '([\\p{Lu}][\\p{L}\\p{N}_]{1,80})';
const below = new RegExp(`\\b(?:class|record|struct|object|data class)\\s+${typeName}|^type\\s+${typeName}\\s+struct`, 'u');
const onLine = new RegExp(
  `(?:const|let|var|val|export)\\s+(?:const\\s+)?([\\p{L}_$][\\p{L}\\p{N}_$]{1,80})\\s*(?::[^=]{1,80})?=|\\bdefine\\(\\s*['"\`]${typeName}|^([\\p{L}_]\\w{1,80})\\s*=\\s*(?:\\w+\\.)?Table\\(`,
  'u',
);
const generic = new RegExp(
  `\\bEntity<${typeName}>|EntityTypeBuilder<${typeName}>|func\\s*\\(\\s*(?:\\w+\\s+)?\\*?${typeName}\\s*\\)\\s*TableName|^model\\s+${typeName}\\s*\\{`,
  'u',
);

/** What the source calls the classes of a table, and where the first of them stands. */
export async function declaredModels(
  { table }: Query,
  search: SourceSearch,
): Promise<{ readonly names: readonly string[]; readonly place?: { readonly file: string; readonly line: number } }> {
  const found = new Set<string>();
  let place: { readonly file: string; readonly line: number } | undefined;
  if (table === undefined || !/^[\w$-]{3,80}$/.test(table)) return { names: [] };
  for (const needle of search.begin(declarationNeedles(table))) {
    const { hits } = await search.find(needle);
    const isGoOf = ({ language, text }: (typeof hits)[number]): boolean => language === 'go' && /^\s*return\b/.test(text);
    const telling = hits.filter(
      (hit) =>
        hit.text.length <= 500 && (isGoOf(hit) || givesName.test(hit.text) || marks.test(hit.text) || declares.test(hit.text)),
    );
    for (const hit of [...telling.filter((each) => !isOfMigration(each)), ...telling.filter(isOfMigration)].slice(0, maxHits)) {
      if (found.size >= maxNames) break;
      const source = search.file(hit.file);
      const isGo = isGoOf(hit);
      const mayGive = givesName.test(hit.text);
      const mayMark = marks.test(hit.text);
      if (!source || source.standing === 'output') continue;
      const lines = await search.context.lines(hit.file);
      if (mayMark && !declares.test(hit.text) && !(lines && isOfClass(lines, hit.line))) continue;
      if (mayGive && !isGo && !declares.test(hit.text) && !(lines && isOfName(lines, hit.line))) continue;
      const name = lines && classAt(lines, hit.line, hit.language);
      if (name !== undefined && source.standing === 'source') place ??= hit;
      // SeaORM's are all called so; the module tells them apart, and what its entity is used as.
      if (name === 'Model' && hit.language === 'rust') {
        const module = (source.path[source.path.length - 1] ?? '').replace(/\.rs$/, '');
        for (const each of [module, ...(await usedAs(module, search))]) found.add(each);
      } else if (name !== undefined) found.add(name);
    }
  }
  return { names: [...found], ...(place ? { place } : {}) };
}

/** `Orders` of `pub use super::orders::Entity as Orders;`. */
async function usedAs(module: string, search: SourceSearch): Promise<readonly string[]> {
  const { hits } = await search.find(`${module}::`);
  const names = hits.map(({ text }) => (text.length < 500 ? /::Entity as (\w{2,80})/.exec(text)?.[1] : undefined));
  return [...new Set(names.filter((name) => name !== undefined))].slice(0, 2);
}

/** What a class calls its table or collection by a method: `string CollectionName() { return "orders"; }` */
const givesName = /^\s*return\s+["'`]\w+["'`];?\s*$|\b(?:collection|table)_?name\(\)\s*(?:=>|=|\{\s*return)\s*["'`]\w+["'`]/i;

/** A mark of the program's own that says one name, `@StoredAs("orders")`, which is no path, topic or name of a part. */
const marks =
  /^\s*(?:@|\[)(?!\w*(?:Mapping|Path|Route|Controller|Api|Tag|Component|Service|Named|Qualifier|Bean|Topic|Listener|Queue|Cache|Test|Resource|Scope|Name[ds]Query|Produces|Consumes|Value|Profile|Display|Description)\w*\()\w{3,60}\(\s*(?:\w+\s*[=:]\s*)?["']\w+["']\s*\)\]?\s*$/;

/** Whether a class stands below a mark, with nothing but marks between. */
function isOfClass(lines: readonly string[], line: number): boolean {
  const next = lines.slice(line + 1, line + near).find((text) => text.trim() !== '' && !/^\s*(?:@|\[|\/\/|\*|\/\*)/.test(text));
  return next !== undefined && nameIn(below, next) !== undefined;
}

/** Whether a line is in such a method. */
export function isOfName(lines: readonly string[], line: number): boolean {
  const text = lines[line].slice(0, 300);
  return (
    givesName.test(text) &&
    lines.slice(Math.max(0, line - 2), line + 1).some((each) => /\b(?:collection|table)_?name\(\)/i.test(each.slice(0, 300)))
  );
}

function classAt(lines: readonly string[], line: number, language: SourceLanguage): string | undefined {
  const own = nameIn(onLine, lines[line]);
  if (own !== undefined) return own;
  if (/^\s*(?:@|\[|#\[)/.test(lines[line]) && !/@@/.test(lines[line])) {
    for (let i = line + 1, last = line + near; i < Math.min(lines.length, last, line + maxAbove); i++) {
      const name = nameIn(below, lines[i]);
      if (name !== undefined) return name;
      if (/^\s*(?:@|\[|#\[)/.test(lines[i])) last = i + near;
    }
    return undefined;
  }
  const around = enclosing(lines, line, language).containers;
  const last = around[around.length - 1];
  for (let i = line; i >= Math.max(0, line - near * (language === 'data' ? 8 : 1)); i--) {
    const name = nameIn(generic, lines[i]);
    if (name !== undefined) return name;
  }
  // Django's and Hanami's options stand in a class of their own.
  return last === 'Meta' ? around[around.length - 2] : last?.replace(/(?:EntityTypeConfiguration|Configuration|Migration)$/, '');
}

function nameIn(pattern: RegExp, line: string): string | undefined {
  return line.length > 500
    ? undefined
    : pattern
        .exec(line)
        ?.slice(1)
        .find((each) => each !== undefined);
}
