/**
 * Asks the symbol providers of the installed language extensions. They may have to start first, and some read a whole project before their
 * first answer. Nobody waits for that longer than once: after a time-out, questions are answered "not known" until the provider has answered
 * the one that it is busy with. What comes late is kept, and told, so that what was resolved without it is resolved again.
 */

import {
  commands,
  type Disposable,
  type DocumentSymbol,
  EventEmitter,
  extensions,
  FileType,
  type SymbolInformation,
  Uri,
  workspace,
} from 'vscode';
import { Disposables } from '../../../base/disposables';
import { throwIfAborted } from '../../../base/errors';
import type { CodeSymbol, SymbolPort } from '../../../source';
import type { WorkspaceFiles } from '../workspaceFiles';
import { isDocumentSymbol, lastName, symbolsOfDocument, symbolsOfWorkspace } from './codeSymbols';
import { Patience } from './patience';

type Answer = readonly CodeSymbol[] | undefined;

/** Below a second together with the search of the text, which goes on beside it. */
const timeoutMs = 800;
const maxKept = 500;
/** Symbols of one name that are looked at. */
const maxOfName = 200;
const maxDocumentBytes = 1 << 20;
/** After its extension is active, a provider may need a moment to register: times that it is asked, and milliseconds between. */
const attempts = 5;
const betweenMs = 150;

export class EditorSymbols implements SymbolPort, Disposable {
  private readonly disposables = new Disposables();
  private readonly learned = this.disposables.own(new EventEmitter<void>());
  /** An answer came after its time-out. */
  readonly onDidLearn = this.learned.event;
  private readonly ofWorkspace = new Map<string, Promise<Answer>>();
  private readonly ofDocument = new Map<string, Promise<Answer>>();
  private readonly languages = new Set<string>();
  /** Endings of files whose language has no provider. */
  private readonly silent = new Set<string>();
  private readonly workspacePatience = new Patience(timeoutMs, () => this.learned.fire());
  private readonly documentPatience = new Patience(timeoutMs, () => this.learned.fire());

  constructor(private readonly files: WorkspaceFiles) {
    this.disposables.add(
      files.onDidTouch((uri) => this.forget(uri)),
      workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
        if (contentChanges.length > 0) this.forget(document.uri);
      }),
      // With the first document of a language its provider begins to know the project.
      workspace.onDidOpenTextDocument(({ languageId }) => {
        if (this.languages.has(languageId)) return;
        this.languages.add(languageId);
        this.ofWorkspace.clear();
      }),
      extensions.onDidChange(() => {
        this.silent.clear();
        this.forget(undefined);
      }),
      this.workspacePatience,
      this.documentPatience,
    );
  }

  async inWorkspace(name: string, signal?: AbortSignal): Promise<Answer> {
    throwIfAborted(signal);
    const wanted = lastName(name);
    if (wanted === '' || !workspace.workspaceFolders?.length) return undefined;
    this.files.watch();
    return this.workspacePatience.wait(() => this.keep(this.ofWorkspace, wanted, () => this.askWorkspace(wanted)), signal);
  }

  async inDocument(file: string, signal?: AbortSignal): Promise<Answer> {
    throwIfAborted(signal);
    const uri = Uri.parse(file);
    if (this.silent.has(endingOf(uri)) || !isOwnSource(uri)) return undefined;
    this.files.watch();
    return this.documentPatience.wait(() => this.keep(this.ofDocument, uri.toString(), () => this.askDocument(uri)), signal);
  }

  dispose(): void {
    this.disposables.dispose();
    this.forget(undefined);
  }

  private keep(answers: Map<string, Promise<Answer>>, key: string, ask: () => Promise<Answer>): Promise<Answer> {
    const known = answers.get(key);
    if (known) return known;
    // A provider that fails has no answer; which one it was and why is in the log of its own extension.
    const answer = ask().catch(() => undefined);
    if (answers.size >= maxKept) answers.clear();
    answers.set(key, answer);
    // Nobody answered; the next question asks again.
    void answer.then((symbols) => symbols === undefined && answers.get(key) === answer && answers.delete(key));
    return answer;
  }

  private async askWorkspace(name: string): Promise<Answer> {
    const found = await commands.executeCommand<readonly SymbolInformation[] | undefined>(
      'vscode.executeWorkspaceSymbolProvider',
      name,
    );
    if (!found) return undefined;
    const own = found.filter(({ name: theirs, location }) => lastName(theirs) === name && isOwnSource(location.uri));
    return symbolsOfWorkspace(own.slice(0, maxOfName));
  }

  private async askDocument(uri: Uri): Promise<Answer> {
    // Opening it wakes a language's extension, which reads it.
    if (!(await this.files.isInside(uri.toString()))) return undefined;
    const stat = await workspace.fs.stat(uri);
    if ((stat.type & FileType.File) === 0 || stat.size > maxDocumentBytes) return undefined;
    // It is read, not shown, and VS Code closes it again by itself. This starts the extension of its language.
    const { languageId } = await workspace.openTextDocument(uri);
    const starting = extensions.all.filter(({ packageJSON }) => startsWith(packageJSON, languageId));
    for (let attempt = 1; ; attempt++) {
      const found = await commands.executeCommand<readonly (DocumentSymbol | SymbolInformation)[] | undefined>(
        'vscode.executeDocumentSymbolProvider',
        uri,
      );
      if (found?.length) {
        const nested = found.filter(isDocumentSymbol);
        const flat = found.filter((symbol): symbol is SymbolInformation => !isDocumentSymbol(symbol));
        return nested.length > 0 ? symbolsOfDocument(uri.toString(), nested) : symbolsOfWorkspace(flat);
      }
      if (starting.length === 0) {
        this.silent.add(endingOf(uri));
        return undefined;
      }
      if (attempt === attempts) return undefined;
      await Promise.allSettled(starting.filter(({ isActive }) => !isActive).map((extension) => extension.activate()));
      await new Promise((resolve) => setTimeout(resolve, betweenMs));
    }
  }

  private forget(uri: Uri | undefined): void {
    this.ofWorkspace.clear();
    if (uri) this.ofDocument.delete(uri.toString());
    else this.ofDocument.clear();
  }
}

/** Whether an extension starts with documents of a language, so that it may have a provider. Those that start with any language have none. */
function startsWith(manifest: unknown, languageId: string): boolean {
  if (typeof manifest !== 'object' || manifest === null || !('activationEvents' in manifest)) return false;
  const events = manifest.activationEvents;
  return Array.isArray(events) && events.includes(`onLanguage:${languageId}`);
}

/** In a folder of the workspace, and not of a package that was installed there. */
function isOwnSource(uri: Uri): boolean {
  return (
    workspace.getWorkspaceFolder(uri) !== undefined &&
    !/\/(?:node_modules|bower_components|site-packages|\.?venv|vendor|\.[^/]+)\//.test(uri.path)
  );
}

function endingOf({ path }: Uri): string {
  const name = path.slice(path.lastIndexOf('/') + 1);
  const dot = name.lastIndexOf('.');
  return dot < 0 ? name : name.slice(dot);
}
