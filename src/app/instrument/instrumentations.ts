/** The languages whose programs are traced without a change to their code. Another one is a line here. */

import type { TransportOptions } from '../../backends/common/httpTransport';
import type { Transport } from '../../backends/common/transport';
import type { Log } from '../ports/log';
import type { Memento } from '../ports/memento';
import type { PythonEnvironments } from '../ports/pythonEnvironments';
import type { UserInterface } from '../ports/userInterface';
import type { Settings } from '../settings/settings';
import type { WorkspaceFiles } from '../workspace/workspaceFiles';
import { DotnetInstrumentation } from './dotnet';
import { GoInstrumentation } from './go';
import type { Instrumentation } from './instrumentation';
import { JavaInstrumentation } from './java';
import { NativeInstrumentation } from './native';
import { NodeInstrumentation } from './node';
import { PhpInstrumentation } from './php';
import { PythonInstrumentation } from './python';
import { RubyInstrumentation } from './ruby';

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
  /** Folder of the extension, for all windows: what is downloaded for people's programs. */
  readonly storage: string;
  readonly python: PythonEnvironments;
  readonly connect: (options: TransportOptions) => Transport;
}

export function instrumentations(services: InstrumentServices): readonly Instrumentation[] {
  return [
    new PythonInstrumentation(services),
    new NodeInstrumentation(services),
    new JavaInstrumentation(services),
    new DotnetInstrumentation(services),
    new GoInstrumentation(services),
    new RubyInstrumentation(services),
    new PhpInstrumentation(services),
    new NativeInstrumentation(services),
  ];
}
