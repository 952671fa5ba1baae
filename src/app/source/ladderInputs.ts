/** What the ladder is given: the workspace, search, symbols, history and source maps behind its ports, and the options of now. */

import { type Disposable, Disposables } from '../../base/disposables';
import type { ResolveOptions, SourcePorts } from '../../source';
import { mappedFolders } from '../../source/paths/mappings';
import type { EngineService } from '../engine/engineService';
import type { Problems } from '../messages/problems';
import type { GitProgram } from '../ports/gitProgram';
import type { Log } from '../ports/log';
import type { Memento } from '../ports/memento';
import type { SymbolProviders } from '../ports/symbolProviders';
import type { Workspace } from '../ports/workspace';
import type { Settings } from '../settings/settings';
import { folderUris } from '../workspace/folders';
import { WorkspaceFiles } from '../workspace/workspaceFiles';
import { WorkspaceGit } from './git/workspaceGit';
import { InferredMappings } from './mappings/inferredMappings';
import { readPathMappings } from './mappings/pathMappings';
import { Refusals } from './mappings/refusals';
import { SourceMapReader } from './sourceMapReader';
import { SourceSearch } from './sourceSearch';
import { WorkspaceSymbols } from './symbols/workspaceSymbols';

export interface LadderInputOptions {
  readonly workspace: Workspace;
  readonly engine: Pick<EngineService, 'call' | 'started' | 'onDidRestart'>;
  readonly settings: Pick<Settings, 'pathMappings' | 'versionAttributes' | 'searchWorkspace' | 'inferMappings' | 'onDidChangeOf'>;
  readonly problems: Pick<Problems, 'record'>;
  /** Remembers which mappings are not wanted in this workspace. */
  readonly memento: Memento;
  readonly log: Log;
  readonly git: GitProgram;
  /** Undefined: nobody knows symbols. */
  readonly symbols?: SymbolProviders;
}

export class LadderInputs implements Disposable {
  private readonly disposables = new Disposables();
  readonly files: WorkspaceFiles;
  readonly symbols: WorkspaceSymbols | undefined;
  readonly search: SourceSearch;
  readonly git: WorkspaceGit;
  readonly sourceMaps: SourceMapReader;
  readonly inferred: InferredMappings;
  readonly ports: SourcePorts;
  private known: ResolveOptions | undefined;

  constructor(private readonly own: LadderInputOptions) {
    const { workspace, engine, settings, problems, log, git, symbols, memento } = own;
    const mapped = (): readonly string[] => mappedFolders(this.options.pathMappings, folderUris(workspace));
    this.files = this.disposables.own(new WorkspaceFiles(workspace, mapped));
    this.symbols = symbols && this.disposables.own(new WorkspaceSymbols(this.files, symbols));
    this.git = this.disposables.own(new WorkspaceGit(this.files, git));
    this.sourceMaps = this.disposables.own(new SourceMapReader(engine, this.files));
    this.search = this.disposables.own(new SourceSearch({ files: this.files, engine, log }));
    const refusals = new Refusals(memento);
    this.inferred = this.disposables.own(new InferredMappings({ files: this.files, engine, settings, problems, refusals, log }));
    this.ports = {
      workspace: this.files,
      sourceMaps: this.sourceMaps,
      search: this.search,
      symbols: this.symbols,
      history: this.git.history,
    };
  }

  get options(): ResolveOptions {
    const { settings, workspace } = this.own;
    this.known ??= {
      pathMappings: readPathMappings(settings, workspace.folders()),
      versionAttributes: settings.versionAttributes,
      searchSource: settings.searchWorkspace,
      ...this.inferred.options(),
    };
    return this.known;
  }

  /** Settings, folders or what was inferred are others. */
  forgetOptions(): void {
    this.known = undefined;
  }

  dispose(): void {
    this.disposables.dispose();
  }
}
