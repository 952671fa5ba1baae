/** The definition of a function in a file that is known. */

import type { Context } from '../context/context';
import { parseFunctionName } from '../names/functionName';
import { SourceSearch } from '../search/sourceSearch';
import { definitionsIn } from './findDefinitions';
import { matchLevels, matchName } from './matchName';

export interface InFile {
  readonly name: string;
  /** From 0. */
  readonly line: number;
  readonly column?: number;
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
    .map((definition) => ({ definition, level: matchLevels.indexOf(matchName(name, definition)) }))
    .sort((a, b) => a.level - b.level || bodyLast(a.definition.kind) - bodyLast(b.definition.kind));
  const best = ranked[0]?.definition;
  if (best) return { name: best.name, line: best.line, column: best.column };
  const symbols = await context.ports.symbols?.inDocument(file, context.signal);
  const symbol = symbols?.find((each) => parseFunctionName(each.name).last === name.last);
  return symbol && { name: name.last, line: symbol.line };
}

function bodyLast(kind: string): number {
  return kind === 'declaration' || kind === 'field' ? 1 : 0;
}
