/**
 * The errors that have a line in the workspace, held on to while spans come, traces leave and files are edited.
 *
 * * The engine counts; it is asked when traces changed, at most once a second, for what changed.
 * * A line is looked for once. From then on it moves with the edits of its file (lineAnchors.ts), and is looked for anew only when files or
 *   mappings changed so that it may be in another file.
 * * An error whose line was edited is over until it happens again. That lasts as long as the window. After a reload the time of the file's last
 *   save stands in for it: captured errors that are older than that stay away, for nobody knows what they would point at.
 */

import { type Disposable, Disposables } from '../../base/disposables';
import { Emitter } from '../../base/emitter';
import { Throttle } from '../../base/throttle';
import type { ExceptionSummary, Exceptions } from '../../protocol/exceptions';
import { LOCAL_DATASET } from '../../protocol/traces';
import type { EngineService } from '../engine/engineService';
import type { Problems } from '../messages/problems';
import type { DocumentEdit, TextChange, Workspace } from '../ports/workspace';
import type { SourceService } from '../source/sourceService';
import { ErrorFinder, type ExceptionSourceLookup, type Finding, type FoundPlace } from './errorFinder';
import { linesOf, readFromDisk } from './fileLines';
import { anchorAfter, anchorAgain, positionAfter } from './lineAnchors';

/** An error and its line. */
export interface PlacedError {
  readonly summary: ExceptionSummary;
  readonly place: FoundPlace;
}

interface KnownError {
  summary: ExceptionSummary;
  place: FoundPlace | undefined;
  /** Its line has to be looked for: `now`, or `later`, as it may be elsewhere since files changed. */
  wanted: 'now' | 'later' | undefined;
  isNew: boolean;
  /** Its line was edited; what it was is no guide to where it is when it happens again. */
  isOver: boolean;
  /** Shown when it happened after this (epoch milliseconds). */
  hiddenUntilMs: number;
}

export interface ErrorsOptions {
  readonly engine: Pick<EngineService, 'call' | 'started' | 'onDidStart' | 'onDidChangeTraces' | 'onDidRestart'>;
  readonly source: ExceptionSourceLookup & Pick<SourceService, 'onDidInvalidate'>;
  readonly problems: Pick<Problems, 'record'>;
  /** Whether anybody wants to see them. */
  readonly enabled: () => boolean;
}

/** Between two looks. */
const quietMs = 1000;
/** All lines are looked for again no more often than keeps this a small part of the time: a build writes files for minutes. */
const quietForWork = 10;
/** Spans of one error come in one after the other. */
const settleMs = 150;

export class Errors implements Disposable {
  private readonly disposables = new Disposables();
  private readonly changed = this.disposables.own(new Emitter<ReadonlySet<string> | undefined>());
  /** With the files whose errors are others now; undefined: any may be. */
  readonly onDidChange = this.changed.event;
  private readonly finder: ErrorFinder;
  private readonly known = new Map<number, KnownError>();
  private answer: Pick<Exceptions, 'generation' | 'revision'> | undefined;
  /** That ids of `known` are of. */
  private generation: number | undefined;
  private readonly looks = this.disposables.own(
    new Throttle(() => this.look(), {
      waitMs: () => Math.max(settleMs, this.lastLookMs + quietMs - performance.now()),
    }),
  );
  private lastLookMs = Number.NEGATIVE_INFINITY;
  /** `performance.now()` from which on lines may be looked for again. */
  private laterMs = Number.NEGATIVE_INFINITY;

  constructor(private readonly own: ErrorsOptions) {
    const { engine, source } = own;
    this.finder = new ErrorFinder(engine, source);
    const { documents } = this.workspace;
    const look = (): void => this.schedule();
    this.disposables.add(
      engine.onDidStart(look),
      engine.onDidChangeTraces(look),
      engine.onDidRestart(look),
      source.onDidInvalidate(() => {
        for (const error of this.known.values()) error.wanted ??= 'later';
        this.schedule();
      }),
      source.files.onDidTouch((file) => this.touched(file?.uri)),
      documents.onDidEdit((edit) => this.edited(edit)),
      // Unsaved changes may have been thrown away.
      documents.onDidClose(({ uri }) => this.touched(uri)),
    );
  }

  /** Those that are to be shown. */
  *placed(): IterableIterator<PlacedError> {
    for (const { summary, place, hiddenUntilMs } of this.known.values()) {
      if (place && summary.lastMs > hiddenUntilMs) yield { summary, place };
    }
  }

  /** Hides errors until they happen again. */
  hide(ids: readonly number[]): void {
    for (const id of ids) {
      const error = this.known.get(id);
      if (error) error.hiddenUntilMs = error.summary.lastMs;
    }
    this.changed.fire(undefined);
  }

  /** The stack of an error, redacted; undefined where it is gone. */
  async stackOf(id: number): Promise<string | undefined> {
    const { generation } = this;
    if (generation === undefined) return undefined;
    const [source] = await this.own.engine.call('exceptionSources', { generation, ids: [id] });
    return source?.redacted.stack;
  }

  /** Whether they are wanted, or how texts are redacted, changed. */
  reset(): void {
    this.answer = undefined;
    if (!this.own.enabled()) {
      this.known.clear();
      this.changed.fire(undefined);
    } else this.schedule();
  }

  dispose(): void {
    this.disposables.dispose();
  }

  private get workspace(): Workspace {
    return this.own.source.files.workspace;
  }

  private schedule(): void {
    // Without an engine nothing was captured or opened.
    if (!this.own.engine.started || !this.own.enabled() || this.disposables.isDisposed) return;
    this.looks.ask();
  }

  private async look(): Promise<void> {
    try {
      await this.bringUpToDate();
    } catch (error) {
      // The engine went down; it is asked again when it is back.
      this.answer = undefined;
      this.own.problems.record(error);
    } finally {
      this.lastLookMs = performance.now();
    }
  }

  private async bringUpToDate(): Promise<void> {
    const answer = await this.own.engine.call('exceptions', { known: this.answer });
    if (!this.own.enabled()) return;
    if (answer.generation !== this.generation) this.known.clear();
    this.generation = answer.generation;
    this.answer = answer;
    const ids = new Set(answer.ids);
    for (const id of this.known.keys()) if (!ids.has(id)) this.known.delete(id);
    for (const summary of answer.changed) this.note(summary);
    this.changed.fire(undefined);
    const begun = performance.now();
    const isLater = begun >= this.laterMs;
    const wanted = answer.ids.filter((id) => {
      const error = this.known.get(id);
      if (!error?.wanted || (error.wanted === 'later' && !isLater)) return false;
      error.wanted = undefined;
      return true;
    });
    let firedAt = performance.now();
    await this.finder.find(answer.generation, wanted, async (id, finding) => {
      const error = this.known.get(id);
      if (error) await this.take(error, finding);
      if (performance.now() - firedAt < quietMs) return;
      firedAt = performance.now();
      this.changed.fire(undefined);
    });
    if (wanted.length > 0) this.changed.fire(undefined);
    if (isLater) this.laterMs = performance.now() + (performance.now() - begun) * quietForWork;
    if ([...this.known.values()].some((error) => error.wanted !== undefined)) this.looks.ask();
  }

  private note(summary: ExceptionSummary): void {
    const error = this.known.get(summary.id);
    if (!error) {
      const hiddenUntilMs = Number.NEGATIVE_INFINITY;
      this.known.set(summary.id, { summary, place: undefined, wanted: 'now', isNew: true, isOver: false, hiddenUntilMs });
      return;
    }
    error.summary = summary;
    if (!error.isOver || summary.lastMs <= error.hiddenUntilMs) return;
    error.isOver = false;
    error.wanted = 'now';
  }

  private async take(error: KnownError, finding: Finding): Promise<void> {
    const { place, isNew, summary } = error;
    error.isNew = false;
    if (finding === 'edited') {
      if (!place) end(error);
      return;
    }
    if (finding === 'none') {
      // A build that is under way has taken its map away.
      if (!place?.isMapped || !(await this.own.source.files.exists(place.anchor.file))) error.place = undefined;
      return;
    }
    // In the same file it has been followed through the edits, which what was recorded knows nothing of.
    if (place && place.anchor.file === finding.anchor.file && !finding.isCurrent) return;
    if (isNew && !finding.isCurrent && summary.runs.every(({ dataset }) => dataset === LOCAL_DATASET)) {
      error.hiddenUntilMs = finding.savedAtMs;
    }
    error.place = finding;
  }

  private edited({ document, changes }: DocumentEdit): void {
    if (this.known.size === 0) return;
    const file = document.uri;
    const lines = linesOf(document);
    const files = new Set<string>();
    for (const error of this.known.values()) {
      const { place } = error;
      if (!place) continue;
      const related = relatedAfter(place.related, file, changes);
      const anchor = place.anchor.file === file ? anchorAfter(place.anchor, changes, lines) : place.anchor;
      if (!anchor) end(error);
      else if (related !== place.related || !isSame(anchor, place.anchor)) error.place = { ...place, anchor, related };
      if (error.place !== place) files.add(place.anchor.file);
    }
    if (files.size > 0) this.changed.fire(files);
  }

  /** A file came, went or changed on disk; undefined: any may have. What an editor shows is followed by its edits. */
  private touched(touched: string | undefined): void {
    const files = new Set<string>();
    for (const { place } of this.known.values()) if (place) files.add(place.anchor.file);
    for (const file of files) {
      const document = this.workspace.documents.get(file);
      if ((touched === undefined || touched === file) && (!document || document.isClosed)) void this.verify(file);
    }
  }

  private async verify(file: string): Promise<void> {
    const lines = (await readFromDisk(file, this.workspace))?.lines;
    let isChanged = false;
    for (const error of this.known.values()) {
      const { place } = error;
      if (place?.anchor.file !== file) continue;
      if (!lines) {
        // It may have got another name.
        error.place = undefined;
        error.wanted = 'now';
        isChanged = true;
        continue;
      }
      const anchor = anchorAgain(place.anchor, lines);
      if (!anchor) end(error);
      else if (!isSame(anchor, place.anchor)) error.place = { ...place, anchor };
      isChanged ||= error.place !== place;
    }
    if (!isChanged) return;
    this.changed.fire(undefined);
    this.schedule();
  }
}

/** The same list where none of them moved. */
function relatedAfter(related: FoundPlace['related'], file: string, changes: readonly TextChange[]): FoundPlace['related'] {
  if (!related.some((one) => one.file === file)) return related;
  const after = related.map((one) =>
    one.file === file ? { ...one, line: positionAfter({ line: one.line, character: 0 }, changes).line } : one,
  );
  return after.some(({ line }, i) => line !== related[i].line) ? after : related;
}

/** Its line is not what it was. */
function end(error: KnownError): void {
  error.place = undefined;
  error.isOver = true;
  error.hiddenUntilMs = Date.now();
}

function isSame(a: FoundPlace['anchor'], b: FoundPlace['anchor']): boolean {
  return a.line === b.line && a.first === b.first && a.end === b.end;
}
