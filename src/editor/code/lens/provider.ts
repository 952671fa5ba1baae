/** CodeLens: above a function what ran there, and the way to its spans. No lens where nothing ran. */

import { CodeLens, type CodeLensProvider, type Disposable, EventEmitter, Range, type TextDocument } from 'vscode';
import type { FunctionStatistics } from '../../../core/source';
import { formatCount, formatDuration } from '../../../core/text/format';
import { Disposables } from '../../services/disposables';
import type { Settings } from '../../services/settings';
import type { CodeKnowledge } from '../codeKnowledge';
import { EnclosingFunctions } from '../enclosing';

/** The argument of the lenses' commands. */
export interface LensTarget {
  readonly uri: string;
  readonly line: number;
  readonly name: string;
}

export class SpanLensProvider implements CodeLensProvider, Disposable {
  private readonly disposables = new Disposables();
  private readonly changed = this.disposables.own(new EventEmitter<void>());
  private readonly enclosing = this.disposables.own(new EnclosingFunctions());
  readonly onDidChangeCodeLenses = this.changed.event;

  constructor(
    private readonly code: CodeKnowledge,
    private readonly settings: Settings,
  ) {
    this.disposables.add(
      code.onDidChange(() => this.changed.fire()),
      this.enclosing.onDidArrive(() => this.changed.fire()),
      settings.onDidChangeOf(['codeLens.enabled'], () => this.changed.fire()),
    );
  }

  async provideCodeLenses(document: TextDocument): Promise<CodeLens[]> {
    if (!this.settings.codeLens(document)) return [];
    const all = (await this.code.statistics(document.uri)).filter((entry) => entry.line < document.lineCount);
    const byHead = new Map<number, FunctionStatistics[]>();
    for (const entry of all) {
      const head = this.enclosing.headOf(document, entry.line);
      const same = byHead.get(head);
      if (same) same.push(entry);
      else byHead.set(head, [entry]);
    }
    return [...byHead].flatMap(([head, entries]) =>
      entries.flatMap((entry) => lensesOf(document, head, entry, entries.length > 1)),
    );
  }

  dispose(): void {
    this.disposables.dispose();
  }
}

/** @param several other entries stand at the same line, so each says what it is of. */
function lensesOf(document: TextDocument, head: number, entry: FunctionStatistics, several: boolean): CodeLens[] {
  const range = new Range(head, 0, head, 0);
  const target: LensTarget = { uri: document.uri.toString(), line: entry.line, name: entry.name };
  const of = several ? `${entry.name || `line ${entry.line + 1}`}: ` : '';
  return [
    new CodeLens(range, {
      title: of + titleOf(entry),
      tooltip: 'Show these spans',
      command: 'spanhop.showSpansAtCursor',
      arguments: [target],
    }),
    new CodeLens(range, {
      title: 'last trace',
      tooltip: 'Open the trace of the last call',
      command: 'spanhop.showLastTrace',
      arguments: [target],
    }),
  ];
}

/** `128 calls · p50 12 ms · p95 240 ms · 3 errors`; of one call its duration. */
export function titleOf({ calls, errors, p50Ns, p95Ns }: FunctionStatistics): string {
  const parts = [formatCount(calls, 'call')];
  if (calls === 1) parts.push(formatDuration(p50Ns));
  else parts.push(`p50 ${formatDuration(p50Ns)}`, `p95 ${formatDuration(p95Ns)}`);
  // VS Code drops plain spaces beside an icon.
  if (errors > 0) parts.push(`\u00a0$(error)\u00a0${formatCount(errors, 'error')}`);
  return parts.join(' · ');
}
