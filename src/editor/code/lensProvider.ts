/** CodeLens: above a function what ran there, and the way to its spans. No lens where nothing ran. */

import { type CodeLens, type CodeLensProvider, type Disposable, EventEmitter, Range, type TextDocument } from 'vscode';
import type { CodeKnowledge } from '../../app/code/codeKnowledge';
import type { EnclosingFunctions } from '../../app/code/enclosingFunctions';
import { errorsText, recordedText } from '../../app/code/errorsText';
import type { TargetData } from '../../app/code/hoverTargets';
import { type TrendTexts, trendTexts } from '../../app/code/trendText';
import type { Settings } from '../../app/settings/settings';
import { Disposables } from '../../base/disposables';
import type { FunctionStatistics } from '../../code';
import { formatCount, formatDuration } from '../../core/text/formatText';
import { type PlainText, plain } from '../../core/text/plainText';
import { documentOf } from '../adapters/workspace';
import { codeLens } from '../plain/code';

/** Of most spans the line has to be looked for in the source. Lenses of those that take longer come when they are found. */
const patienceMs = 120;

interface Entry extends FunctionStatistics {
  readonly generation: number;
  readonly trend: TrendTexts | undefined;
}

export class SpanLensProvider implements CodeLensProvider, Disposable {
  private readonly disposables = new Disposables();
  private readonly changed = this.disposables.own(new EventEmitter<void>());
  readonly onDidChangeCodeLenses = this.changed.event;

  constructor(
    private readonly code: CodeKnowledge,
    private readonly settings: Settings,
    private readonly enclosing: EnclosingFunctions,
  ) {
    this.disposables.add(
      code.onDidChange(() => this.changed.fire()),
      enclosing.onDidArrive(() => this.changed.fire()),
      settings.onDidChangeOf(['codeLens'], () => this.changed.fire()),
    );
  }

  async provideCodeLenses(document: TextDocument): Promise<CodeLens[]> {
    if (!this.settings.codeLens(document)) return [];
    const all = (await this.entries(document)).filter((entry) => entry.line < document.lineCount);
    const now = documentOf(document);
    const byHead = new Map<number, Entry[]>();
    for (const entry of all) {
      const head = this.enclosing.headOf(now, entry.line);
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

  private async entries(document: TextDocument): Promise<readonly Entry[]> {
    const { generation, functions } = await this.code.functions(document.uri.toString(), patienceMs);
    const trends = this.settings.codeTrend(document) ? await this.code.trends(generation, functions) : [];
    return functions.map((entry, i) => {
      const trend = trends[i];
      return { ...entry, generation, trend: trend && trendTexts(trend) };
    });
  }
}

/** @param several other entries stand at the same line, so each says what it is of. */
function lensesOf(document: TextDocument, head: number, entry: Entry, several: boolean): CodeLens[] {
  const range = new Range(head, 0, head, 0);
  const { line, name, generation, trend } = entry;
  const target: TargetData = { uri: document.uri.toString(), line, name, place: entry.places[0], generation };
  const of = several ? plain`${entry.name || `line ${entry.line + 1}`}: ` : '';
  return [
    codeLens(range, plain`${of}${titleOf(entry, trend?.short)}`, tooltipOf(entry, trend), {
      command: 'spanhop.showSpansAtCursor',
      arguments: [target],
    }),
    codeLens(range, 'last trace', 'Open the trace of the last call', {
      command: 'spanhop.showLastTrace',
      arguments: [target],
    }),
  ];
}

function tooltipOf(entry: FunctionStatistics, trend: TrendTexts | undefined): PlainText {
  const recorded = recordedText(entry);
  const errors = recorded === '' ? plain`` : plain`\n${errorsText(entry)}${recorded}`;
  return trend ? plain`Show these spans${errors}\n${trend.tooltip}` : plain`Show these spans${errors}`;
}

/** `128 calls · p50 12 ms · p95 240 ms · ▲ 38 % · 3 errors`; of one call its duration. */
function titleOf(entry: FunctionStatistics, trend?: string): PlainText {
  const { calls, p50Ns, p95Ns } = entry;
  const parts = [formatCount(calls, 'call')];
  if (calls === 1) parts.push(formatDuration(p50Ns));
  else parts.push(`p50 ${formatDuration(p50Ns)}`, `p95 ${formatDuration(p95Ns)}`);
  if (trend !== undefined) parts.push(trend);
  const all = parts.join(' · ');
  // VS Code drops plain spaces beside an icon.
  const errors = errorsText(entry);
  return errors === '' ? plain`${all}` : plain`${all} · \u00a0$(error)\u00a0${errors}`;
}
