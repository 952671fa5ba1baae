/** The application in plain Node: what a command-line program has to give it. */

import { readFile, stat } from 'node:fs/promises';
import { type App, createApp } from '../../../../src/app/app';
import { type FileSystem, FileTrouble } from '../../../../src/app/ports/fileSystem';
import type { UserInterface } from '../../../../src/app/ports/userInterface';
import { pathGit } from '../../../../src/app/source/git/pathGit';
import { nodeWorkspace } from '../../../../src/app/workspace/nodeWorkspace';
import { HttpTransport } from '../../../../src/backends/common/httpTransport';
import { EngineClient } from '../../../../src/engine/client';
import { FakeMemento, FakeSecrets, FakeSettings, silentLog } from './fakePorts';

export interface Program {
  readonly app: App;
  /** What it printed. */
  readonly lines: readonly string[];
}

export interface ProgramOptions {
  /** The bundled `engine/worker.ts`. */
  readonly workerPath: string;
  readonly captureDirectory: string;
  /** Paths of the folders in which source is. */
  readonly folders?: readonly string[];
}

export function startProgram({ workerPath, captureDirectory, folders = [] }: ProgramOptions): Program {
  const lines: string[] = [];
  const ui: UserInterface = {
    showMessage: async (level, message) => {
      lines.push(`${level}: ${message}`);
      return undefined;
    },
    showProgress: (_, work) => work(new AbortController().signal),
    run: async () => undefined,
    openAddress: async () => undefined,
    openDraft: async () => undefined,
    pickFile: async () => undefined,
    typeInTerminal() {},
    runTask: async () => undefined,
    openAsText: async () => undefined,
  };
  const app = createApp({
    log: silentLog,
    ui,
    settings: new FakeSettings(),
    memento: new FakeMemento(),
    secrets: new FakeSecrets(),
    files: nodeFiles,
    connect: (options) => new HttpTransport(options),
    workspace: nodeWorkspace(folders),
    git: pathGit,
    engine: new EngineClient({ workerPath, onLog: (level, message) => lines.push(`${level}: ${message}`) }),
    captureDirectory,
  });
  return { app, lines };
}

const nodeFiles: FileSystem = {
  async stat(uri) {
    try {
      const found = await stat(uri.fsPath);
      return { size: found.size, isFolder: found.isDirectory() };
    } catch (error) {
      throw new FileTrouble('FileNotFound', error instanceof Error ? error.message : String(error));
    }
  },
  read: (uri) => readFile(uri.fsPath),
  watch: () => ({ dispose() {} }),
  watchFolder: () => ({ dispose() {} }),
};
