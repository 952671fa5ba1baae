/**
 * Gives launched programs of every debug type the environment that sends their traces to this window, while capture is on.
 *
 * The provider is one for `*` in the second step (variables replaced), which VS Code runs last: it sees the environment as the program
 * will get it, and wins. Attached programs are left alone, and so are js-debug's child sessions (`__pendingTargetId`), which inherit their
 * parent's environment.
 */

import {
  type CancellationToken,
  type DebugConfiguration,
  type DebugConfigurationProvider,
  type WorkspaceFolder,
  workspace,
} from 'vscode';
import type { LaunchEnvFiles } from '../../app/captures/envFiles';
import type { Launches } from '../../app/captures/launches';
import type { LaunchEnvironment } from '../../capture/environmentEditor';
import { withSignal } from '../adapters/cancellation';

export class CaptureDebugProvider implements DebugConfigurationProvider {
  constructor(private readonly launches: Launches) {}

  async resolveDebugConfigurationWithSubstitutedVariables(
    folder: WorkspaceFolder | undefined,
    configuration: DebugConfiguration,
    token?: CancellationToken,
  ): Promise<DebugConfiguration> {
    if (!isLaunch(configuration)) return configuration;
    const { type, name } = configuration;
    const environment = environmentOf(configuration);
    const envFiles = envFilesOf(folder, configuration);
    const launch = { folder: folder?.uri.toString() ?? '', type, name, environment, envFiles, configuration };
    const given = await withSignal(token, (signal) => this.launches.prepare(launch, signal));
    return given ? { ...withEnvironment(configuration, given.environment), ...given.configuration } : configuration;
  }
}

function isLaunch(configuration: DebugConfiguration): boolean {
  return configuration.request === 'launch' && !('__pendingTargetId' in configuration);
}

/** Debuggers of C and C++ take a list of names and values where all others take an object. */
const listTypes: readonly string[] = ['cppdbg', 'cppvsdbg'];

/** What a configuration sets: values may be numbers or, to remove a variable, null. */
export function environmentOf({ type, env, environment }: DebugConfiguration): Record<string, string | null> {
  const result: Record<string, string | null> = {};
  if (listTypes.includes(type)) {
    for (const entry of Array.isArray(environment) ? environment : []) {
      if (typeof entry?.name === 'string') result[entry.name] = String(entry.value ?? '');
    }
    return result;
  }
  if (typeof env !== 'object' || env === null) return result;
  for (const [name, value] of Object.entries(env)) result[name] = value === null ? null : String(value);
  return result;
}

const pythonTypes: readonly string[] = ['python', 'debugpy'];

/** Of a configuration whose variables are replaced. One or several files; what else stands there is none. */
function envFilesOf(folder: WorkspaceFolder | undefined, configuration: DebugConfiguration): LaunchEnvFiles {
  const { type, envFile, cwd, runtimeArgs, args } = configuration;
  const path = folder?.uri.scheme === 'file' ? folder.uri.fsPath : undefined;
  return {
    named: textsOf(envFile),
    folder: path,
    usual: pythonTypes.includes(type) ? pythonFile(folder) : undefined,
    cwd: textsOf(cwd).at(0),
    args: [...textsOf(runtimeArgs), ...textsOf(args)],
  };
}

/** Where VS Code for Python looks; its setting need not be known here. */
function pythonFile(folder: WorkspaceFolder | undefined): string {
  const set: unknown = workspace.getConfiguration('python', folder).get('envFile');
  return typeof set === 'string' && set !== '' ? set.replaceAll('${workspaceFolder}', folder?.uri.fsPath ?? '.') : '.env';
}

function textsOf(value: unknown): readonly string[] {
  const list: readonly unknown[] = Array.isArray(value) ? value : [value];
  return list.filter((each): each is string => typeof each === 'string' && each !== '');
}

function withEnvironment(configuration: DebugConfiguration, environment: LaunchEnvironment): DebugConfiguration {
  if (!listTypes.includes(configuration.type)) return { ...configuration, env: environment };
  const list = Object.entries(environment).map(([name, value]) => ({ name, value: value ?? '' }));
  return { ...configuration, environment: list };
}
