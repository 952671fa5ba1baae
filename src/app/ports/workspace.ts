/**
 * The workspace as the application knows it: folders, files, texts that are open. `editor/adapters` gives VS Code's, `app/workspace/nodeWorkspace.ts`
 * folders of a disk for a program without an editor. URIs are texts in VS Code's spelling (`source/uri/uri.ts`).
 *
 * Nothing of it may be read around the fence: `app/workspace/workspaceFiles.ts` reads.
 */

import type { Disposable } from '../../base/disposables';
import type { Event } from '../../base/emitter';

export interface WorkspaceFolder {
  /** URI, without a slash at the end. */
  readonly uri: string;
  readonly name: string;
}

/** A place in a text: line and UTF-16 unit, both from 0. */
export interface TextPosition {
  readonly line: number;
  readonly character: number;
}

/** A part of a text that was replaced; the range is in the text before. */
export interface TextChange {
  readonly range: { readonly start: TextPosition; readonly end: TextPosition };
  readonly text: string;
}

/** A text that an editor holds, as it is now. */
export interface OpenDocument {
  readonly uri: string;
  /** Another one after each change. */
  readonly version: number;
  readonly isDirty: boolean;
  readonly isClosed: boolean;
  readonly lineCount: number;
  /** @param line from 0, below `lineCount` */
  lineAt(line: number): string;
  getText(): string;
}

export interface DocumentEdit {
  readonly document: OpenDocument;
  /** Never empty. */
  readonly changes: readonly TextChange[];
}

/** The texts that are open. */
export interface Documents {
  get(uri: string): OpenDocument | undefined;
  /** URIs of those with unsaved edits. */
  dirty(): readonly string[];
  readonly onDidEdit: Event<DocumentEdit>;
  readonly onDidOpen: Event<{ readonly uri: string; readonly languageId: string }>;
  readonly onDidSave: Event<string>;
  /** `isDirty`: its edits are gone. */
  readonly onDidClose: Event<{ readonly uri: string; readonly isDirty: boolean }>;
}

export interface FileStat {
  /** Of what a link leads to. */
  readonly kind: 'file' | 'folder' | 'other';
  /** Bytes. */
  readonly size: number;
  /** Epoch milliseconds of the last save; 0 where it is not told. */
  readonly savedAtMs: number;
}

/** File systems that are on no disk. Undefined: it is not there, or cannot be read. */
export interface VirtualFiles {
  stat(uri: string): Promise<(FileStat & { readonly isLink: boolean }) | undefined>;
  read(uri: string): Promise<Uint8Array | undefined>;
}

export interface FileSearch {
  /** URI; undefined: all folders of the workspace. */
  readonly folder?: string;
  /** Globs, relative to the folder, as VS Code writes them. */
  readonly include: string;
  readonly exclude: string;
  readonly most: number;
  readonly signal?: AbortSignal;
}

export interface FileChange {
  readonly uri: string;
  readonly kind: 'created' | 'changed' | 'deleted';
}

export interface Workspace {
  folders(): readonly WorkspaceFolder[];
  readonly onDidChangeFolders: Event<void>;
  /** URI of the file that names the folders, where there is one; it may hold launch configurations. */
  readonly file: string | undefined;
  readonly onDidChangeLaunch: Event<void>;
  /** What workspaces say of themselves may be acted upon. */
  readonly isTrusted: boolean;
  readonly onDidTrust: Event<void>;
  readonly documents: Documents;
  readonly virtualFiles: VirtualFiles | undefined;
  /** URIs of files. Rejects where the file system cannot be searched. */
  findFiles(search: FileSearch): Promise<readonly string[]>;
  /** Tells of files that come, change and go in all folders, from now on. */
  watchFiles(listener: (change: FileChange) => void): Disposable;
  /** The same of one folder, wherever it is. @param pattern glob relative to the folder */
  watchFolder(folder: string, pattern: string, listener: (change: FileChange) => void): Disposable;
  /** Globs of a folder that are left out: of all, and of a search. As the settings `files.exclude` and `search.exclude`. */
  excluded(folder: string): { readonly files: Globs; readonly search: Globs };
  readonly onDidChangeExcluded: Event<void>;
  /** Path of a ripgrep, undefined where there is none. */
  findRipgrep(): Promise<string | undefined>;
}

export type Globs = Readonly<Record<string, unknown>>;
