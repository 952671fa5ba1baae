/** The errors as Problems entries: those of one line and one kind as one, and of the files only those set anew that differ. */

import {
  type Diagnostic,
  DiagnosticSeverity,
  type Disposable,
  env,
  Location,
  languages,
  Position,
  Range,
  Uri,
  workspace,
} from 'vscode';
import type { FoundPlace } from '../../app/exceptions/errorFinder';
import type { PlacedError } from '../../app/exceptions/errors';
import { lastAt, messageOf } from '../../app/exceptions/exceptionText';
import { linkTo } from '../../app/links/traceUri';
import type { ProblemSeverity, Settings } from '../../app/settings/settings';
import { TraceService } from '../../app/traces/traceService';
import { Disposables } from '../../base/disposables';
import type { ExceptionRun, ExceptionSummary } from '../../protocol/exceptions';
import { diagnostic } from '../plain/code';
import { LanguageIds } from './languageIds';

/** An entry of Problems, and what it stands for. */
export interface ShownError {
  /** Of the engine's exceptions. */
  readonly ids: readonly number[];
  /** All of them together; type and message are those of the last. */
  readonly summary: Omit<ExceptionSummary, 'id' | 'kind'>;
  readonly place: FoundPlace;
  readonly diagnostic: Diagnostic;
}

export const sourceName = 'Spanhop';

const severities: Readonly<Record<ProblemSeverity, DiagnosticSeverity>> = {
  error: DiagnosticSeverity.Error,
  warning: DiagnosticSeverity.Warning,
  information: DiagnosticSeverity.Information,
};
const maxRuns = 20;

export class Publisher implements Disposable {
  private readonly disposables = new Disposables();
  private readonly collection = this.disposables.own(languages.createDiagnosticCollection(sourceName));
  private readonly languageIds = new LanguageIds();
  /** By language and folder. */
  private readonly choices = new Map<string, ReturnType<Settings['problems']>>();
  private hasLanguages: boolean | undefined;
  /** By URI: what is shown, and a text that differs when that does. */
  private readonly published = new Map<string, { readonly errors: readonly ShownError[]; readonly print: string }>();

  constructor(private readonly settings: Settings) {}

  /** @param only the files that may have others than before; undefined: all */
  publish(errors: Iterable<PlacedError>, only?: ReadonlySet<string>): void {
    const byFile = new Map<string, PlacedError[]>();
    for (const error of errors) {
      const { file } = error.place.anchor;
      if (only?.has(file) === false) continue;
      const same = byFile.get(file);
      if (same) same.push(error);
      else byFile.set(file, [error]);
    }
    for (const [file, placed] of byFile) this.set(file, placed);
    for (const file of only ?? [...this.published.keys()]) if (!byFile.has(file)) this.unset(file);
  }

  /** The errors of a file whose lines a range touches. */
  at(uri: Uri, range: Range): readonly ShownError[] {
    const all = this.published.get(uri.toString())?.errors ?? [];
    return all.filter(
      ({ diagnostic }) => diagnostic.range.start.line <= range.end.line && diagnostic.range.end.line >= range.start.line,
    );
  }

  /** The settings, folders, or languages of files changed. */
  forgetSettings(): void {
    this.languageIds.forget();
    this.choices.clear();
    this.hasLanguages = undefined;
  }

  dispose(): void {
    this.disposables.dispose();
  }

  private set(file: string, placed: readonly PlacedError[]): void {
    const uri = Uri.parse(file);
    const { enabled, severity } = this.wanted(uri, file);
    if (!enabled) {
      this.unset(file);
      return;
    }
    const joined = join(placed);
    const print = JSON.stringify([severity, joined]);
    if (this.published.get(file)?.print === print) return;
    const errors = joined.map((one) => ({ ...one, diagnostic: diagnosticOf(one, severities[severity]) }));
    this.published.set(file, { errors, print });
    this.collection.set(
      uri,
      errors.map(({ diagnostic }) => diagnostic),
    );
  }

  /** What the settings say of a file. Reading them costs more than all the rest, and most files have the same ones. */
  private wanted(uri: Uri, file: string): ReturnType<Settings['problems']> {
    this.hasLanguages ??= this.settings.hasProblemsByLanguage;
    const languageId = this.hasLanguages ? this.languageIds.of(file) : undefined;
    const key = `${languageId} ${workspace.getWorkspaceFolder(uri)?.uri.toString()}`;
    let wanted = this.choices.get(key);
    if (!wanted) {
      wanted = this.settings.problems(languageId === undefined ? uri : { uri, languageId });
      this.choices.set(key, wanted);
    }
    return wanted;
  }

  private unset(file: string): void {
    if (this.published.delete(file)) this.collection.delete(Uri.parse(file));
  }
}

type Joined = Omit<ShownError, 'diagnostic'>;

/** Of one line and one kind: a program that runs from two folders, or before and after an edit, throws the same error. */
function join(placed: readonly PlacedError[]): Joined[] {
  const groups = new Map<string, PlacedError[]>();
  for (const error of placed) {
    const key = `${error.place.anchor.line} ${error.summary.kind}`;
    const same = groups.get(key);
    if (same) same.push(error);
    else groups.set(key, [error]);
  }
  const joined = [...groups.values()].map((group) => {
    group.sort((a, b) => b.summary.lastMs - a.summary.lastMs);
    const [last] = group;
    const all = group.map(({ summary }) => summary);
    const { type, message, lastMs } = last.summary;
    return {
      ids: all.map(({ id }) => id),
      place: last.place,
      summary: {
        type,
        message,
        lastMs,
        firstMs: Math.min(...all.map(({ firstMs }) => firstMs)),
        count: all.reduce((sum, { count }) => sum + count, 0),
        services: [...new Set(all.flatMap(({ services }) => services))],
        runs: latest(all.flatMap(({ runs }) => runs)),
      },
    };
  });
  return joined.sort((a, b) => a.place.anchor.line - b.place.anchor.line || b.summary.lastMs - a.summary.lastMs);
}

function latest(runs: readonly ExceptionRun[]): ExceptionRun[] {
  const seen = new Set<string>();
  return [...runs]
    .sort((a, b) => b.timeMs - a.timeMs)
    .filter(({ traceId }) => !seen.has(traceId) && seen.add(traceId))
    .slice(0, maxRuns);
}

function diagnosticOf({ summary, place: { anchor, related } }: Joined, severity: DiagnosticSeverity): Diagnostic {
  const { line, first } = anchor;
  const [run] = summary.runs;
  const when = lastAt(summary.lastMs, Date.now());
  return diagnostic({
    // Where the line's text begins: VS Code underlines the word there, and selects what an entry covers when one goes to it.
    range: new Range(line, first, line, first),
    message: messageOf(summary),
    severity,
    source: sourceName,
    code: run ? { value: when, target: Uri.parse(linkTo(argumentOf(run), env.uriScheme)) } : when,
    related: related.map((one) => ({
      location: new Location(Uri.parse(one.file), new Position(one.line, 0)),
      label: one.label,
    })),
  });
}

/** As links and commands name a span. */
export function argumentOf({ dataset, traceId, spanId }: ExceptionRun): { traceId: string; spanId: string; backend: string } {
  return { traceId, spanId, backend: TraceService.backendOf(dataset) };
}
