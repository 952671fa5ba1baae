/**
 * The function around a line, from the symbols that the language's own extension knows. A language server may take long to start, so
 * nothing waits for it: until its symbols are there a lens stands at the span's own line, afterwards at the head of the function.
 */

import {
  commands,
  type Disposable,
  type DocumentSymbol,
  EventEmitter,
  SymbolKind,
  type TextDocument,
  type TextDocumentChangeEvent,
  type Uri,
  workspace,
} from 'vscode';
import { movedLine } from '../../code/lineTracking';
import { editsOf } from './documentLines';

/** A function's first line, where its name is, and its last line; from 0. */
export interface FunctionRange {
  readonly headLine: number;
  readonly startLine: number;
  readonly endLine: number;
  /** Where on its first line the name is: columns from 0, the end exclusive; as the language told, so before edits of that line. */
  readonly nameStart: number;
  readonly nameEnd: number;
}

interface Known {
  readonly version: number;
  /** As they are now: they move with edits until the language tells the new ones. */
  readonly ranges: readonly FunctionRange[];
}

const functionKinds: ReadonlySet<SymbolKind> = new Set([SymbolKind.Function, SymbolKind.Method, SymbolKind.Constructor]);
/** Functions are written as constants, fields and properties too; so they count where nothing smaller does. */
const holderKinds: ReadonlySet<SymbolKind> = new Set([
  SymbolKind.Variable,
  SymbolKind.Constant,
  SymbolKind.Field,
  SymbolKind.Property,
]);
const maxKept = 200;

export class EnclosingFunctions implements Disposable {
  private readonly known = new Map<string, Known>();
  private readonly asking = new Set<string>();
  private readonly arrived = new EventEmitter<Uri>();
  /** The functions of a document are known now, or are others than before. */
  readonly onDidArrive = this.arrived.event;
  private readonly listening = workspace.onDidChangeTextDocument((event) => this.changed(event));

  /** First line of the innermost function around a line; the line itself where none is known. */
  headOf(document: TextDocument, line: number): number {
    const best = this.around(document, line);
    return best ? Math.min(best.headLine, line) : line;
  }

  /** The innermost function around a line, as far as the language has told. */
  around(document: TextDocument, line: number): FunctionRange | undefined {
    let best: FunctionRange | undefined;
    for (const range of this.rangesOf(document)) {
      // A callback within one line is no head of its own.
      if (range.startLine > line || range.endLine < line || range.startLine === range.endLine) continue;
      if (!best || range.endLine - range.startLine <= best.endLine - best.startLine) best = range;
    }
    return best;
  }

  /** Functions of a document as far as they are known; `onDidArrive` tells when there are more. */
  rangesOf(document: TextDocument): readonly FunctionRange[] {
    const key = document.uri.toString();
    const known = this.known.get(key);
    if (known?.version !== document.version) void this.ask(document, key);
    return known?.ranges ?? [];
  }

  dispose(): void {
    this.listening.dispose();
    this.arrived.dispose();
  }

  private changed({ document, contentChanges }: TextDocumentChangeEvent): void {
    const key = document.uri.toString();
    const known = this.known.get(key);
    if (!known || contentChanges.length === 0) return;
    const edits = editsOf(document, contentChanges);
    const moved = (line: number): number => edits.reduce((at, edit) => (at < 0 ? at : (movedLine(at, edit) ?? -1)), line);
    const ranges = known.ranges
      .map((range) => ({
        ...range,
        headLine: moved(range.headLine),
        startLine: moved(range.startLine),
        endLine: moved(range.endLine),
      }))
      .filter(({ headLine, startLine, endLine }) => headLine >= 0 && startLine >= 0 && endLine >= startLine);
    this.known.set(key, { version: known.version, ranges });
  }

  private async ask(document: TextDocument, key: string): Promise<void> {
    if (this.asking.has(key)) return;
    this.asking.add(key);
    const { version } = document;
    try {
      const symbols = await commands.executeCommand<unknown[] | undefined>('vscode.executeDocumentSymbolProvider', document.uri);
      if (this.known.size >= maxKept) this.known.clear();
      this.known.set(key, { version, ranges: functionsOf(symbols ?? []) });
      if (symbols?.length) this.arrived.fire(document.uri);
    } catch {
      // A language without symbols: lenses stay at their lines.
      this.known.set(key, { version, ranges: [] });
    } finally {
      this.asking.delete(key);
    }
  }
}

/** Walks with a stack of its own: generated files nest deeper than calls may. */
function functionsOf(symbols: readonly unknown[]): FunctionRange[] {
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
