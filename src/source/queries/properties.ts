/**
 * What a class calls its columns, where it says so: `@Column(name = "ORD_STATE_C") private State state`, `[Column("…")]`, `gorm:"column:…"`,
 * `state = Column("…")`, `state: varchar("…")`, `HasColumnName("…")`, `@map("…")`, `db_column="…"`. Calls name the property, SQL the column.
 */

import type { Statement } from './statement';

const maxLines = 1_500;
const maxBelow = 16;
const names = /["'`:]([\p{L}_]\w{1,80})["'`;]/gu;
const isMark = /^\s*(?:@|\[|#\[)/;
const below = /(?:^|[\s$])([\p{L}_]\w{0,80})[?!]?\s*(?:[;:={,]|$)/u;
const beside = /^\s*(?:\w+\s+){0,3}?\$?([\p{L}_]\w{0,80})[?!]?\s*[:=]|^\s*([\p{L}_]\w{0,80})\s+[[\]*\w.]+\??\s/u;
/** Marks and calls that name columns of a table together, and none's property. */
const ofTable =
  /^\s*(?:@|\[)\w*(?:Table|Constraints?|Ind(?:ex|ices|exes)|Generator|Query|Check|Override)\w*\b|(?:Constraint|\b[Ii]ndex|Override)\(/;
/** Of the next table in the same file. */
const isNext = /^class \w{1,80}[^{]*:\s*$|^export const \w{1,80} = \w{0,20}Table\(/;
/** `$sortable = ['code']` names columns for some purpose, `$found = $this->where('code')` asks for one. */
const isOther = /^[^=]{0,160}=\s*(?:\[|array\(|%[wi]|\(\s*["'])|^[^"']{0,200}(?:\w->|\bself\.)/;
const lambda = /=>\s*\w{1,40}\.(\w{1,80})\s*\)/;

/** The statement, with its columns called as the class calls them. */
export function byProperties(statement: Statement, lines: readonly string[], from: number): Statement {
  const columns = [
    ...statement.compared,
    ...statement.assigned,
    ...statement.ordered,
    ...statement.selected,
    ...statement.grouped,
  ];
  const asked = new Set(columns);
  const found = new Map<string, string>();
  for (let i = from; i < Math.min(lines.length, from + maxLines); i++) {
    const text = lines[i].slice(0, 500);
    if (i > from && isNext.test(text)) break;
    // A property that is called like the column is that.
    const same = beside.exec(text)?.[1];
    if (same !== undefined && asked.has(same)) found.set(same, same);
    if (ofTable.test(text) || isOther.test(text)) continue;
    for (const [, column] of text.matchAll(names)) {
      if (!asked.has(column) || found.has(column)) continue;
      const property = propertyAt(lines, i, text);
      if (property !== undefined && property !== column) found.set(column, property);
    }
  }
  if (!found.size) return statement;
  const call = (all: readonly string[]): readonly string[] => all.map((each) => found.get(each) ?? each);
  return {
    ...statement,
    compared: call(statement.compared),
    assigned: call(statement.assigned),
    ordered: call(statement.ordered),
    selected: call(statement.selected),
    grouped: call(statement.grouped),
    conditions: new Set(
      [...statement.conditions].map((each) => {
        for (const [column, property] of found) {
          const key = column.toLowerCase().replaceAll('_', '');
          if (
            each.startsWith(key) &&
            !/^\w/.test(each.slice(key.length).replace(/^(?:not)?(?:in|i?like|between)$|^is(?:not)?null$/, ''))
          )
            return property.toLowerCase().replaceAll('_', '') + each.slice(key.length);
        }
        return each;
      }),
    ),
  };
}

function propertyAt(lines: readonly string[], line: number, text: string): string | undefined {
  if (isMark.test(text)) {
    let depth = balance(text);
    for (const each of lines.slice(line + 1, line + maxBelow)) {
      const plain = each.slice(0, 300);
      const isInside = depth > 0;
      if (isInside || isMark.test(plain)) depth += balance(plain);
      if (isInside || isMark.test(plain) || plain.trim() === '') continue;
      if (/\b(?:class|interface|enum)\s/.test(plain)) return undefined;
      return below.exec(plain.replace(/\s*\{\s*get.*$/, ''))?.[1];
    }
    return undefined;
  }
  const told = lambda.exec(text) ?? lambda.exec(lines[line - 1]?.slice(0, 300) ?? '');
  if (told) return told[1];
  const own = beside.exec(text);
  // `ops={"state": "…"}`, `inverseJoinColumns = {` and `__repr__ = repr_of("state")` are no columns.
  if (/^\s*(?:__|\w{0,60}(?:[Cc]olumns|_ops|_args)\b)|^\s*\w{1,80}\s*=\s*\{\s*["']/.test(text)) return undefined;
  // `field: 'order_state'` below `state: {`.
  return /^(?:field|name|column_?name|columnName)$/i.test(own?.[1] ?? '')
    ? /^\s*([\p{L}_]\w{0,80})\s*:\s*\{\s*$/u.exec(lines[line - 1]?.slice(0, 200) ?? '')?.[1]
    : (own?.[1] ?? own?.[2]);
}

function balance(text: string): number {
  let depth = 0;
  for (const char of text) depth += char === '(' || char === '{' ? 1 : char === ')' || char === '}' ? -1 : 0;
  return depth;
}
