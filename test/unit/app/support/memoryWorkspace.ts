/** A workspace in memory, as the application sees one: files that change when the test says so, and texts that are open and typed into. */

import type {
  DocumentEdit,
  FileChange,
  OpenDocument,
  TextChange,
  Workspace,
  WorkspaceFolder,
} from '../../../../src/app/ports/workspace';
import { globTest } from '../../../../src/app/workspace/globTest';
import { Emitter } from '../../../../src/base/emitter';

export const root = 'memory:///work';

/** URI of a file of the workspace folder. */
export const at = (path: string): string => `${root}/${path}`;

interface Open {
  text: string;
  version: number;
  isDirty: boolean;
}

export class MemoryWorkspace implements Workspace {
  /** URIs of the files that were read from the file system, in their order. */
  readonly read: string[] = [];
  /** Keeps who reads a file waiting, with the text as it was when they began. */
  held: ((uri: string) => Promise<void> | undefined) | undefined;
  private readonly files = new Map<string, string>();
  private readonly open = new Map<string, Open>();
  private readonly nothing = new Emitter<void>();
  private readonly watchers = new Set<(change: FileChange) => void>();
  private readonly edits = new Emitter<DocumentEdit>();
  private readonly opens = new Emitter<{ uri: string; languageId: string }>();
  private readonly saves = new Emitter<string>();
  private readonly closes = new Emitter<{ uri: string; isDirty: boolean }>();

  /** @param files by path below the workspace folder */
  constructor(files: Readonly<Record<string, string>>) {
    for (const [path, text] of Object.entries(files)) this.files.set(at(path), text);
  }

  readonly documents = {
    get: (uri: string): OpenDocument | undefined => this.document(uri),
    dirty: (): string[] => [...this.open].filter(([, { isDirty }]) => isDirty).map(([uri]) => uri),
    onDidEdit: this.edits.event,
    onDidOpen: this.opens.event,
    onDidSave: this.saves.event,
    onDidClose: this.closes.event,
  };
  readonly onDidChangeFolders = this.nothing.event;
  readonly onDidChangeLaunch = this.nothing.event;
  readonly onDidTrust = this.nothing.event;
  readonly onDidChangeExcluded = this.nothing.event;
  readonly isTrusted = true;
  readonly file = undefined;
  readonly virtualFiles = {
    stat: async (uri: string) => {
      const text = this.files.get(uri);
      const isFolder = [...this.files.keys()].some((each) => each.startsWith(`${uri}/`));
      if (text === undefined && !isFolder) return undefined;
      return { kind: isFolder ? 'folder' : 'file', isLink: false, size: text?.length ?? 0, savedAtMs: 0 } as const;
    },
    read: async (uri: string) => {
      const text = this.files.get(uri);
      if (text !== undefined) this.read.push(uri);
      await this.held?.(uri);
      return text === undefined ? undefined : new TextEncoder().encode(text);
    },
  };

  folders(): readonly WorkspaceFolder[] {
    return [{ uri: root, name: 'work' }];
  }

  async findFiles({ include, exclude }: Parameters<Workspace['findFiles']>[0]): Promise<readonly string[]> {
    const [isWanted, isLeftOut] = [globTest(include), globTest(exclude)];
    return [...this.files.keys()].filter((uri) => {
      const path = uri.slice(root.length + 1);
      return isWanted(path) && !isLeftOut(path);
    });
  }

  watchFiles(listener: (change: FileChange) => void): { dispose(): void } {
    this.watchers.add(listener);
    return { dispose: () => this.watchers.delete(listener) };
  }

  watchFolder(): { dispose(): void } {
    return { dispose: () => {} };
  }

  excluded(): { files: Record<string, never>; search: Record<string, never> } {
    return { files: {}, search: {} };
  }

  async findRipgrep(): Promise<undefined> {
    return undefined;
  }

  /** Somebody else writes a file; undefined removes it. */
  write(path: string, text: string | undefined): void {
    const uri = at(path);
    const kind = text === undefined ? 'deleted' : this.files.has(uri) ? 'changed' : 'created';
    if (text === undefined) this.files.delete(uri);
    else this.files.set(uri, text);
    for (const listener of this.watchers) listener({ uri, kind });
  }

  /** The text of a document is another one now; opens it where it was not open. The whole of it is replaced. */
  type(uri: string, text: string): void {
    const lines = this.textOf(uri).split('\n');
    const end = { line: lines.length - 1, character: lines[lines.length - 1].length };
    this.edit(uri, text, { range: { start: { line: 0, character: 0 }, end }, text });
  }

  /** Types lines in front of a line (from 0). */
  insert(uri: string, line: number, text: string): void {
    const lines = this.textOf(uri).split('\n');
    const start = { line, character: 0 };
    const after = [...lines.slice(0, line).map((each) => `${each}\n`), text, lines.slice(line).join('\n')].join('');
    this.edit(uri, after, { range: { start, end: start }, text });
  }

  /** Closes a document; its edits are thrown away. */
  close(uri: string): void {
    const isDirty = this.open.get(uri)?.isDirty ?? false;
    this.open.delete(uri);
    this.closes.fire({ uri, isDirty });
  }

  private textOf(uri: string): string {
    return this.open.get(uri)?.text ?? this.files.get(uri) ?? '';
  }

  private edit(uri: string, text: string, change: TextChange): void {
    this.open.set(uri, { text, version: (this.open.get(uri)?.version ?? 0) + 1, isDirty: true });
    const document = this.document(uri);
    if (document) this.edits.fire({ document, changes: [change] });
  }

  private document(uri: string): OpenDocument | undefined {
    const open = this.open.get(uri);
    if (!open) return undefined;
    const lines = open.text.split('\n');
    return {
      uri,
      version: open.version,
      isDirty: open.isDirty,
      isClosed: false,
      lineCount: lines.length,
      lineAt: (line) => lines[line],
      getText: () => open.text,
    };
  }
}
