/**
 * When answers are others: what was kept is forgotten as far as it has to do with what changed, and whoever keeps or shows answers is told, at a pace
 * that a person can follow.
 */

import { type Disposable, Disposables } from '../../base/disposables';
import { Emitter } from '../../base/emitter';
import { Throttle } from '../../base/throttle';
import { fileNameOf } from '../../source/uri/uri';
import type { TouchedFile } from '../workspace/workspaceFiles';
import { AllDependencies } from './dependencies';
import type { HintAnswers } from './hintAnswers';
import type { LadderInputOptions, LadderInputs } from './ladderInputs';
import type { SpanAnswers } from './spanAnswers';
import { isOwnSource } from './symbols/workspaceSymbols';
import { isData } from './textSearch/exclusions';

/** Milliseconds after an edit until it is told. */
const editMs = 300;

export class SourceChanges implements Disposable {
  private readonly disposables = new Disposables();
  private readonly invalidated = this.disposables.own(new Emitter<void>());
  /** Files that answers were made of, or mappings, changed: what was resolved may be wrong now. */
  readonly onDidInvalidate = this.invalidated.event;
  private readonly targetsChanged = this.disposables.own(new Emitter<void>());
  /** As `onDidInvalidate`, and also where text was typed into a file that places of spans were found by. */
  readonly onDidChangeTargets = this.targetsChanged.event;
  /** What others keep answers of. */
  readonly asked = new AllDependencies();
  /** Files changed that answers were made of, and it was not told yet. */
  private isStale = false;
  /** URI of the document that was typed into last, of those that answers depend on. */
  private typedIn = '';
  /** What is shown goes along with the text as it is typed, once typing rests. */
  private readonly typing = this.disposables.own(
    new Throttle(() => this.targetsChanged.fire(), { waitMs: editMs, after: 'last' }),
  );

  constructor(
    private readonly inputs: LadderInputs,
    private readonly answers: SpanAnswers,
    private readonly hints: Pick<HintAnswers<object, unknown>, 'touched' | 'clear'>,
    private readonly own: Pick<LadderInputOptions, 'workspace' | 'settings' | 'engine'>,
  ) {
    const { workspace, settings, engine } = own;
    const { documents } = workspace;
    const all = (): void => this.invalidate();
    this.disposables.add(
      inputs.inferred.onDidChange(all),
      inputs.files.onDidTouch((file) => this.touched(file)),
      inputs.files.onDidChange(() => {
        if (this.isStale) this.tell();
      }),
      // Commits came with a fetch, or a branch went on.
      inputs.git.onDidChange(() => {
        answers.forgetHistory();
        this.tell();
      }),
      documents.onDidEdit(({ document }) => this.edited(document.uri)),
      // Edits that were not saved are gone.
      documents.onDidClose(({ uri, isDirty }) => isDirty && this.retyped(uri)),
      settings.onDidChangeOf(['source.pathMappings', 'source.searchWorkspace', 'source.versionAttributes'], () => {
        this.invalidate();
        // What was not read may be read now, and the other way round.
        inputs.files.forgetMapped();
        inputs.sourceMaps.forget(undefined);
      }),
      // What a span says is another thing then.
      settings.onDidChangeOf(['redact'], () => answers.forgetRevisions()),
      engine.onDidRestart(() => answers.forgetRevisions()),
    );
    if (inputs.symbols) this.disposables.add(inputs.symbols.onDidLearn(all));
  }

  dispose(): void {
    this.disposables.dispose();
  }

  private invalidate(): void {
    this.inputs.forgetOptions();
    this.answers.clear();
    this.hints.clear();
    this.tell();
  }

  private tell(): void {
    this.isStale = false;
    // Whoever keeps answers asks anew.
    this.asked.clear();
    this.invalidated.fire();
    this.targetsChanged.fire();
  }

  /** A file came, went or changed; undefined: any may have, or the folders are others. */
  private touched(file: TouchedFile | undefined): void {
    // A build wrote a map anew, or a file that names one: lines of the old one would be wrong.
    this.inputs.sourceMaps.forget(file?.uri);
    this.inputs.git.history.forgetFiles();
    if (!file) {
      this.inputs.forgetOptions();
      this.answers.clear();
      this.hints.clear();
      this.isStale = true;
      return;
    }
    const isSource = this.isSearched(file.uri);
    const isHinted = this.hints.touched(file, isSource);
    if (this.answers.touched(file, isSource) || isHinted || this.asked.concernedBy(file, isSource)) this.isStale = true;
  }

  /** Lines that were found by their text, or mapped through the diff, move with every edit. */
  private edited(uri: string): void {
    const isOther = this.retyped(uri);
    // What depended on it is gone with the first letter; the others are of the same typing.
    if (!isOther && !(this.typing.isPending && uri === this.typedIn)) return;
    this.typedIn = uri;
    this.typing.ask();
  }

  /** Whether places of spans may be others; lenses are looked for again when it is saved. */
  private retyped(uri: string): boolean {
    const isSource = this.isSearched(uri);
    this.hints.touched({ uri, isMoved: false }, isSource);
    return this.answers.touched({ uri, isMoved: false }, isSource);
  }

  /** Whether the search of the source may look into a file, as far as its name tells. */
  private isSearched(uri: string): boolean {
    return isOwnSource(uri, this.own.workspace) && !isData(fileNameOf(uri));
  }
}
