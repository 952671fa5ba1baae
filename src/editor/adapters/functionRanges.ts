/** The functions among the symbols of a document. */

import { type DocumentSymbol, SymbolKind } from 'vscode';
import type { FunctionRange } from '../../app/ports/symbolProviders';

const functionKinds: ReadonlySet<SymbolKind> = new Set([SymbolKind.Function, SymbolKind.Method, SymbolKind.Constructor]);
/** Functions are written as constants, fields and properties too; so they count where nothing smaller does. */
const holderKinds: ReadonlySet<SymbolKind> = new Set([
  SymbolKind.Variable,
  SymbolKind.Constant,
  SymbolKind.Field,
  SymbolKind.Property,
]);

/** Walks with a stack of its own: generated files nest deeper than calls may. */
export function functionRanges(symbols: readonly unknown[]): FunctionRange[] {
  const ranges: FunctionRange[] = [];
  const open = [...symbols];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (!isSymbol(next)) continue;
    const { kind, range, selectionRange, children } = next;
    const spansLines = range.end.line > range.start.line;
    if (functionKinds.has(kind) || (holderKinds.has(kind) && spansLines)) {
      const { start, end } = selectionRange;
      ranges.push({
        headLine: start.line,
        startLine: range.start.line,
        endLine: range.end.line,
        nameStart: start.character,
        nameEnd: end.line === start.line ? end.character : Number.POSITIVE_INFINITY,
      });
    }
    open.push(...children);
  }
  return ranges;
}

function isSymbol(value: unknown): value is DocumentSymbol {
  // Older providers answer a flat list of `SymbolInformation`, which has no ranges of bodies.
  return typeof value === 'object' && value !== null && 'selectionRange' in value && 'children' in value && 'kind' in value;
}
