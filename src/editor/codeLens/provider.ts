/** CodeLens: above a function what ran there, and the way to its spans. No lens where nothing ran. */

import { CodeLens, type CodeLensProvider, type Disposable, EventEmitter, Range, type TextDocument } from 'vscode';
import type { FunctionStatistics } from '../../core/source';
import { formatCount, formatDuration } from '../../core/text/format';
import { Disposables } from '../services/disposables';
import type { Settings } from '../services/settings';
import type { CodeKnowledge } from './codeKnowledge';

/** The argument of the lenses' commands. */
export interface LensTarget {
  readonly uri: string;
  readonly line: number;
  readonly name: string;
}

export class SpanLensProvider implements CodeLensProvider, Disposable {
  private readonly disposables = new Disposables();
  private readonly changed = this.disposables.own(new EventEmitter<void>());
  readonly onDidChangeCodeLenses = this.changed.event;

  constructor(
    private readonly code: CodeKnowledge,
    private readonly settings: Settings,
  ) {
    this.disposables.add(
      code.onDidChange(() => this.changed.fire()),
      settings.onDidChangeOf(['codeLens.enabled'], () => this.changed.fire()),
    );
  }

  async provideCodeLenses(document: TextDocument): Promise<CodeLens[]> {
    if (!this.settings.codeLens(document)) return [];
    const statistics = await this.code.statistics(document.uri);
    return statistics
      .filter((entry) => entry.line < document.lineCount)
      .flatMap((entry) => {
        const range = new Range(entry.line, 0, entry.line, 0);
        const target: LensTarget = { uri: document.uri.toString(), line: entry.line, name: entry.name };
        return [
          new CodeLens(range, {
            title: titleOf(entry),
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
      });
  }

  dispose(): void {
    this.disposables.dispose();
  }
}

/** `128 calls · p50 12 ms · p95 240 ms · 3 errors`; of one call its duration. */
export function titleOf({ calls, errors, p50Ns, p95Ns }: FunctionStatistics): string {
  const parts = [formatCount(calls, 'call')];
  if (calls === 1) parts.push(formatDuration(p50Ns));
  else parts.push(`p50 ${formatDuration(p50Ns)}`, `p95 ${formatDuration(p95Ns)}`);
  if (errors > 0) parts.push(`$(error) ${formatCount(errors, 'error')}`);
  return parts.join(' · ');
}
