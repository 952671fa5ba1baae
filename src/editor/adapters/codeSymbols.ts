/** What providers tell of symbols, in one form. Each writes names in its own way: `(*Server).charge`, `Cart.add`, `charge(String)`, `add : void`. */

import { type DocumentSymbol, type SymbolInformation, SymbolKind } from 'vscode';
import { namesIn } from '../../app/source/symbols/symbolNames';
import type { CodeSymbol } from '../../source';

/** Symbols of one document that are looked at; a document that has more was made by a program. */
const maxSymbols = 20_000;

const kinds: Readonly<Partial<Record<SymbolKind, CodeSymbol['kind']>>> = {
  [SymbolKind.Class]: 'class',
  [SymbolKind.Struct]: 'class',
  [SymbolKind.Enum]: 'class',
  [SymbolKind.Interface]: 'interface',
  [SymbolKind.Function]: 'function',
  [SymbolKind.Method]: 'method',
  [SymbolKind.Constructor]: 'constructor',
  [SymbolKind.Field]: 'field',
  [SymbolKind.Property]: 'field',
  [SymbolKind.Module]: 'module',
  [SymbolKind.Namespace]: 'module',
  [SymbolKind.Package]: 'module',
  [SymbolKind.File]: 'module',
};

export function isDocumentSymbol(symbol: DocumentSymbol | SymbolInformation): symbol is DocumentSymbol {
  return 'selectionRange' in symbol;
}

/** Of a tree of symbols all, parents before children. */
export function symbolsOfDocument(file: string, symbols: readonly DocumentSymbol[]): readonly CodeSymbol[] {
  const all: CodeSymbol[] = [];
  const left = [...symbols].reverse().map((symbol) => ({ symbol, around: [] as readonly string[] }));
  for (let next = left.pop(); next && all.length < maxSymbols; next = left.pop()) {
    const { symbol, around } = next;
    const names = namesIn(symbol.name);
    const name = names.pop() ?? symbol.name;
    const containers = [...around, ...names];
    all.push({
      name,
      containers,
      kind: kinds[symbol.kind] ?? 'other',
      file,
      line: symbol.selectionRange.start.line,
      startLine: symbol.range.start.line,
      endLine: symbol.range.end.line,
    });
    const inside = [...containers, name];
    for (const child of [...symbol.children].reverse()) left.push({ symbol: child, around: inside });
  }
  return all;
}

export function symbolsOfWorkspace(symbols: readonly SymbolInformation[]): readonly CodeSymbol[] {
  return symbols.slice(0, maxSymbols).map(({ name, containerName, kind, location: { uri, range } }) => {
    const names = namesIn(name);
    const last = names.pop() ?? name;
    return {
      name: last,
      containers: [...containersIn(containerName), ...names],
      kind: kinds[kind] ?? 'other',
      file: uri.toString(),
      line: range.start.line,
      startLine: range.start.line,
      endLine: range.end.line,
    };
  });
}

/** `com.acme.Cart`, `Acme\Cart`, `cart::store`, a path of a Go package; of a path the dots are no separators. */
function containersIn(name: string | undefined): readonly string[] {
  if (!name) return [];
  return (name.includes('/') ? name.split('/') : name.split(/::|[.\\]/)).filter((each) => each !== '');
}
