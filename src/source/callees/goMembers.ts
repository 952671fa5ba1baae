/**
 * What a member of another package's type is in Go, where no name of the file says so: `repos.Orders` of `Orders *OrderRepository`, and what
 * `db.Orders()` gives, of `func (db *DB) Orders() *OrderStore {`.
 */

import type { Call } from '../outline/calls';
import type { SourceSearch } from '../search/sourceSearch';

const maxHits = 300;
const maxTypes = 3;
/** Members of any type, which tell nothing. */
const anyMember =
  /^(?:Error|String|Context|Request|Response|Body|Header|Query|Where|Select|Find|First|Get|Set|Load|Store|Value|Name|Path|Data|Config|Client|Close|Scan|Exec|Begin|Tx|DB|Rows|Model|Table|Join|Joins|Order|Limit|Offset|Preload|WithContext|URL|Err|Warn|Info|Debug|Logger|Log|Log\w+|New\w*|With\w*|Must\w*)$/;

/** The member that a call is made on: of `s.repos.Orders.Update(` and of `db.Orders().Update(`. */
export function memberCalledOn({ receiver, column }: Call, parts: readonly string[], text: string): string | undefined {
  const name =
    /\w/.test(receiver) && parts.length > 1
      ? parts[parts.length - 1]
      : /(\w{3,60})\([\w., ]{0,60}\)\.$/.exec(text.slice(Math.max(0, column - 140), column))?.[1];
  return name !== undefined && name.length >= 3 && /^\p{Lu}/u.test(name) && !anyMember.test(name) ? name : undefined;
}

export async function typesOfMember(name: string, search: SourceSearch): Promise<readonly string[]> {
  const type = '\\*?(?:\\w{1,60}\\.)?(\\p{Lu}\\w{2,80}|[a-z]\\w{0,60}\\p{Lu}\\w{1,60})';
  const field = new RegExp(`^\\t${name} \\s*${type}\\s*(?:\`|//|$)`, 'u');
  const getter = new RegExp(`^(?:func\\s*\\([^()]{1,80}\\)\\s*|\\s+)${name}\\([^()]{0,120}\\)\\s*${type}\\s*(?:\\{|$)`, 'u');
  const found = new Set<string>();
  const needles = [`\t${name} `, `) ${name}(`];
  const answers = await Promise.all(needles.map((needle) => search.find(needle)));
  for (const { file, text } of answers.flatMap(({ hits }) => hits.slice(0, maxHits))) {
    if (!file.endsWith('.go') || text.length > 500 || search.file(file)?.standing !== 'source') continue;
    const own = (field.exec(text) ?? getter.exec(text))?.[1];
    if (own !== undefined && found.size < maxTypes) found.add(own);
  }
  return [...found];
}
