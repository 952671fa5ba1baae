/** The definition of a function in a file that is known. */

import type { Context } from '../context/context';
import { parseFunctionName } from '../names/functionName';
import { SourceSearch } from '../search/sourceSearch';
import { type Definition, definitionsIn } from './findDefinitions';
import { matchLevels, matchName } from './matchName';
import { membersOf } from './members';
import { type Told, tellOverloads } from './overloads';

export interface InFile {
  readonly name: string;
  /** From 0. */
  readonly line: number;
  readonly column?: number;
  /** Lines of others in the same class that are as likely. */
  readonly others: readonly number[];
  /** What told it from others, and how sure that is. */
  readonly why?: string;
  readonly limit: number;
}

/** Undefined where the file doesn't define it, as far as its text and its language's symbols tell. */
export async function findInFile(file: string, functionName: string | undefined, context: Context): Promise<InFile | undefined> {
  if (functionName === undefined) return undefined;
  const name = parseFunctionName(functionName);
  if (name.last === '') return undefined;
  const search = new SourceSearch(context, undefined);
  const source = search.file(file);
  const found = source ? await definitionsIn(source, name.last, search) : [];
  const ranked = found
    .map((definition) => ({ definition, level: matchName(name, definition) }))
    .sort((a, b) => rankOf(a.level, a.definition) - rankOf(b.level, b.definition));
  const [best] = ranked;
  if (best) {
    const isBest = ({ level, definition }: typeof best): boolean =>
      rankOf(level, definition) === rankOf(best.level, best.definition);
    const members = name.isConstructor && best.definition.kind === 'class' ? await membersOf(best, name, [], search) : [];
    const equal = members.length
      ? members.map(({ definition }) => definition)
      : ranked.filter(isBest).map(({ definition }) => definition);
    return chosen(equal, name, search);
  }
  const symbols = await context.ports.symbols?.inDocument(file, context.signal);
  const symbol = symbols?.find((each) => parseFunctionName(each.name).last === name.last);
  return symbol && { name: name.last, line: symbol.line, others: [], limit: 1 };
}

async function chosen(
  equal: readonly Definition[],
  name: ReturnType<typeof parseFunctionName>,
  search: SourceSearch,
): Promise<InFile> {
  const alone = equal.map((definition): Told => ({ definition, limit: 1, isBehind: false }));
  const told = equal.length > 1 ? await tellOverloads(equal, name, { search }) : alone;
  const likely = told.filter(({ isBehind }) => !isBehind);
  const [first] = likely;
  const { definition, limit, why } = first;
  return {
    name: definition.name,
    line: definition.line,
    ...(definition.column === undefined ? {} : { column: definition.column }),
    others: likely.slice(1).map((each) => each.definition.line),
    ...(why === undefined ? {} : { why }),
    limit,
  };
}

/** What has a body before what has none. */
function rankOf(level: ReturnType<typeof matchName>, { kind }: Definition): number {
  return matchLevels.indexOf(level) * 2 + (kind === 'declaration' || kind === 'field' ? 1 : 0);
}
