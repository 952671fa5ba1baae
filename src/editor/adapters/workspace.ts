/** VS Code's workspace as the application knows it (`app/workspace`). */

import {
  CancellationTokenSource,
  env,
  FileType,
  RelativePattern,
  type TextDocument,
  Uri,
  type WorkspaceFolder as VsCodeFolder,
  workspace,
} from 'vscode';
import type {
  Documents,
  FileChange,
  FileSearch,
  Globs,
  OpenDocument,
  VirtualFiles,
  Workspace,
  WorkspaceFolder,
} from '../../app/ports/workspace';
import { findRipgrep } from '../../app/workspace/ripgrep/ripgrepBinary';
import { type Disposable, Disposables } from '../../base/disposables';
import type { Event } from '../../base/emitter';

/** Costs nothing until something is asked: nothing is watched, and nothing is kept. */
export function vsCodeWorkspace(): Workspace {
  return {
    folders,
    onDidChangeFolders: mapped(workspace.onDidChangeWorkspaceFolders, () => ({ event: undefined })),
    get file() {
      const { workspaceFile } = workspace;
      return workspaceFile && workspaceFile.scheme !== 'untitled' ? workspaceFile.toString() : undefined;
    },
    onDidChangeLaunch: mapped(workspace.onDidChangeConfiguration, (change) =>
      change.affectsConfiguration('launch') ? { event: undefined } : undefined,
    ),
    get isTrusted() {
      return workspace.isTrusted;
    },
    onDidTrust: workspace.onDidGrantWorkspaceTrust,
    documents,
    virtualFiles,
    findFiles,
    watchFiles: (listener) => watch('**/*', listener),
    watchFolder: (folder, pattern, listener) => watch(new RelativePattern(Uri.parse(folder), pattern), listener),
    excluded(folder) {
      const exclude = (section: string): Globs =>
        workspace.getConfiguration(section, Uri.parse(folder)).get<Globs>('exclude') ?? {};
      return { files: exclude('files'), search: exclude('search') };
    },
    onDidChangeExcluded: mapped(workspace.onDidChangeConfiguration, (change) =>
      change.affectsConfiguration('files.exclude') || change.affectsConfiguration('search.exclude')
        ? { event: undefined }
        : undefined,
    ),
    findRipgrep: () => findRipgrep(env.appRoot),
  };
}

/** They are asked for with each file, and are the same for hours. */
let known: { readonly theirs: readonly VsCodeFolder[]; readonly ours: readonly WorkspaceFolder[] } = { theirs: [], ours: [] };

function folders(): readonly WorkspaceFolder[] {
  const theirs = workspace.workspaceFolders ?? [];
  const isSame = theirs.length === known.theirs.length && theirs.every((folder, i) => folder === known.theirs[i]);
  if (!isSame) known = { theirs, ours: theirs.map(({ uri, name }) => ({ uri: uri.toString().replace(/\/$/, ''), name })) };
  return known.ours;
}

/** A document of VS Code's, as it is at each moment. */
export function documentOf(document: TextDocument): OpenDocument {
  return {
    uri: document.uri.toString(),
    get version() {
      return document.version;
    },
    get isDirty() {
      return document.isDirty;
    },
    get isClosed() {
      return document.isClosed;
    },
    get lineCount() {
      return document.lineCount;
    },
    lineAt: (line) => document.lineAt(line).text,
    getText: () => document.getText(),
  };
}

const documents: Documents = {
  get(uri) {
    const spelt = Uri.parse(uri).toString();
    const document = workspace.textDocuments.find((each) => each.uri.toString() === spelt);
    return document && documentOf(document);
  },
  dirty: () => workspace.textDocuments.filter(({ isDirty }) => isDirty).map(({ uri }) => uri.toString()),
  onDidEdit: mapped(workspace.onDidChangeTextDocument, ({ document, contentChanges }) =>
    contentChanges.length > 0 ? { event: { document: documentOf(document), changes: contentChanges } } : undefined,
  ),
  onDidOpen: mapped(workspace.onDidOpenTextDocument, ({ uri, languageId }) => ({ event: { uri: uri.toString(), languageId } })),
  onDidSave: mapped(workspace.onDidSaveTextDocument, ({ uri }) => ({ event: uri.toString() })),
  onDidClose: mapped(workspace.onDidCloseTextDocument, ({ uri, isDirty }) => ({ event: { uri: uri.toString(), isDirty } })),
};

const virtualFiles: VirtualFiles = {
  async stat(uri) {
    try {
      const { type, size, mtime } = await workspace.fs.stat(Uri.parse(uri));
      const kind = (type & FileType.File) !== 0 ? 'file' : (type & FileType.Directory) !== 0 ? 'folder' : 'other';
      return { kind, isLink: (type & FileType.SymbolicLink) !== 0, size, savedAtMs: mtime };
    } catch {
      return undefined;
    }
  },
  async read(uri) {
    try {
      return await workspace.fs.readFile(Uri.parse(uri));
    } catch {
      return undefined;
    }
  },
};

async function findFiles({ folder, include, exclude, most, signal }: FileSearch): Promise<readonly string[]> {
  const cancel = new CancellationTokenSource();
  const abort = (): void => cancel.cancel();
  signal?.addEventListener('abort', abort, { once: true });
  try {
    const pattern = folder === undefined ? include : new RelativePattern(Uri.parse(folder), include);
    return (await workspace.findFiles(pattern, exclude, most, cancel.token)).map((uri) => uri.toString());
  } finally {
    signal?.removeEventListener('abort', abort);
    cancel.dispose();
  }
}

function watch(pattern: string | RelativePattern, listener: (change: FileChange) => void): Disposable {
  const watcher = workspace.createFileSystemWatcher(pattern);
  const tell =
    (kind: FileChange['kind']) =>
    (uri: Uri): void =>
      listener({ uri: uri.toString(), kind });
  return new Disposables(
    watcher,
    watcher.onDidCreate(tell('created')),
    watcher.onDidChange(tell('changed')),
    watcher.onDidDelete(tell('deleted')),
  );
}

/** An event with what `map` makes of the other's; where it makes nothing, nothing is told. */
function mapped<From, To>(event: Event<From>, map: (event: From) => { readonly event: To } | undefined): Event<To> {
  return (listener, thisArgs, disposables) => {
    const subscription = event((each) => {
      const made = map(each);
      if (made) listener.call(thisArgs, made.event);
    });
    disposables?.push(subscription);
    return subscription;
  };
}
