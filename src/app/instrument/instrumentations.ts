/** The languages whose programs are traced without a change to their code. Another one is a line here. */

import type { Log } from '../ports/log';
import type { Memento } from '../ports/memento';
import type { UserInterface } from '../ports/userInterface';
import type { Settings } from '../settings/settings';
import type { WorkspaceFiles } from '../workspace/workspaceFiles';
import type { Instrumentation } from './instrumentation';

/** What an instrumentation may use. */
export interface InstrumentServices {
  /** Path of the folder with what runs in people's programs, a folder a language: `dist/instrument`. */
  readonly sources: string;
  readonly settings: Settings;
  readonly ui: UserInterface;
  readonly memento: Memento;
  readonly log: Log;
  /** Behind the fence. */
  readonly files: WorkspaceFiles;
}

export function instrumentations(_services: InstrumentServices): readonly Instrumentation[] {
  return [];
}
