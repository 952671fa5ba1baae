/**
 * Asks those who know the symbols of the workspace. They may have to start first, and some read a whole project before their first answer. Nobody
 * waits for that longer than once: after a time-out, questions are answered "not known" until the one that they are busy with is answered. What
 * comes late is kept, and told, so that what was resolved without it is resolved again.
 */

import { type Disposable, Disposables } from '../../../base/disposables';
import { Emitter } from '../../../base/emitter';
import { throwIfAborted } from '../../../base/errors';
import { Lru } from '../../../base/lru';
import type { CodeSymbol, SymbolPort } from '../../../source';
import { fileNameOf } from '../../../source/uri/uri';
import type { SymbolProviders } from '../../ports/symbolProviders';
import type { Workspace } from '../../ports/workspace';
import { folderOf } from '../../workspace/folders';
import { statFile } from '../../workspace/rawFiles';
import type { WorkspaceFiles } from '../../workspace/workspaceFiles';
import { Patience } from './patience';
import { lastName } from './symbolNames';

type Answer = readonly CodeSymbol[] | undefined;

/** Below a second together with the search of the text, which goes on beside it. */
const timeoutMs = 800;
const maxKept = 500;
/** Symbols of one name that are looked at. */
const maxOfName = 200;
const maxDocumentBytes = 1 << 20;

export class WorkspaceSymbols implements SymbolPort, Disposable {
  private readonly disposables = new Disposables();
  private readonly learned = this.disposables.own(new Emitter<void>());
  /** An answer came after its time-out. */
  readonly onDidLearn = this.learned.event;
  private readonly ofWorkspace = new Lru<string, Promise<Answer>>({ maxSize: maxKept });
  private readonly ofDocument = new Lru<string, Promise<Answer>>({ maxSize: maxKept });
  private readonly languages = new Set<string>();
  /** Endings of files whose language has no provider. */
  private readonly silent = new Set<string>();
  private readonly workspacePatience = this.disposables.own(new Patience(timeoutMs, () => this.learned.fire()));
  private readonly documentPatience = this.disposables.own(new Patience(timeoutMs, () => this.learned.fire()));

  constructor(
    private readonly files: Pick<WorkspaceFiles, 'isInside' | 'watch' | 'onDidTouch' | 'workspace'>,
    private readonly providers: SymbolProviders,
  ) {
    const { documents } = files.workspace;
    this.disposables.add(
      files.onDidTouch((file) => this.forget(file?.uri)),
      documents.onDidEdit(({ document }) => this.forget(document.uri)),
      // With the first document of a language its provider begins to know the project.
      documents.onDidOpen(({ uri, languageId }) => {
        if (this.languages.has(languageId) || !this.isOwnSource(uri)) return;
        this.languages.add(languageId);
        this.ofWorkspace.clear();
      }),
      providers.onDidChange(() => {
        this.silent.clear();
        this.forget(undefined);
      }),
    );
  }

  async inWorkspace(name: string, signal?: AbortSignal): Promise<Answer> {
    throwIfAborted(signal);
    const wanted = lastName(name);
    if (wanted === '' || this.files.workspace.folders().length === 0) return undefined;
    this.files.watch();
    return this.workspacePatience.wait(() => this.keep(this.ofWorkspace, wanted, () => this.askWorkspace(wanted)), signal);
  }

  async inDocument(file: string, signal?: AbortSignal): Promise<Answer> {
    throwIfAborted(signal);
    if (this.silent.has(endingOf(file)) || !this.isOwnSource(file)) return undefined;
    this.files.watch();
    return this.documentPatience.wait(() => this.keep(this.ofDocument, file, () => this.askDocument(file)), signal);
  }

  dispose(): void {
    this.disposables.dispose();
    this.forget(undefined);
  }

  private keep(answers: Lru<string, Promise<Answer>>, key: string, ask: () => Promise<Answer>): Promise<Answer> {
    const known = answers.get(key);
    if (known) return known;
    // A provider that fails has no answer; which one it was and why is in the log of its own extension.
    const answer = ask().catch(() => undefined);
    answers.set(key, answer);
    // Nobody answered; the next question asks again.
    void answer.then((symbols) => symbols === undefined && answers.get(key) === answer && answers.delete(key));
    return answer;
  }

  private async askWorkspace(name: string): Promise<Answer> {
    const found = await this.providers.ofWorkspace(name);
    return found?.filter(({ name: theirs, file }) => theirs === name && this.isOwnSource(file)).slice(0, maxOfName);
  }

  private async askDocument(file: string): Promise<Answer> {
    // Opening it wakes a language's extension, which reads it.
    if (!(await this.files.isInside(file))) return undefined;
    const found = await statFile(file, this.files.workspace);
    if (found?.kind !== 'file' || found.size > maxDocumentBytes) return undefined;
    const symbols = await this.providers.ofDocument(file);
    if (symbols !== 'none') return symbols;
    this.silent.add(endingOf(file));
    return undefined;
  }

  /** A file changed; undefined: any may have. What is no source of the workspace has no part in it. */
  private forget(uri: string | undefined): void {
    if (uri !== undefined && !this.isOwnSource(uri)) return;
    this.ofWorkspace.clear();
    if (uri === undefined) this.ofDocument.clear();
    else this.ofDocument.delete(uri);
  }

  /** In a folder of the workspace, and not of a package that was installed there. */
  private isOwnSource(uri: string): boolean {
    return isOwnSource(uri, this.files.workspace);
  }
}

export function isOwnSource(uri: string, workspace: Pick<Workspace, 'folders'>): boolean {
  const folder = folderOf(workspace, uri);
  return (
    folder !== undefined &&
    !/\/(?:node_modules|bower_components|site-packages|\.?venv|vendor|\.[^/]+)\//.test(uri.slice(folder.length))
  );
}

function endingOf(uri: string): string {
  const name = fileNameOf(uri);
  const dot = name.lastIndexOf('.');
  return dot < 0 ? name : name.slice(dot);
}
