/** A debug configuration as `app` knows launches, and with the environment that it gets. Only what is changed is written; the rest stays as it stands. */

import { type DebugConfiguration, type WorkspaceFolder, workspace } from 'vscode';
import type { LaunchEnvFiles } from '../../app/launches/envFiles';
import type { Launch, PreparedLaunch } from '../../app/launches/launches';
import type { LaunchEnvironment } from '../../capture/environmentEditor';

/** A program that is started by its debugger; js-debug's child sessions (`__pendingTargetId`) inherit their parent's environment. */
export function isLaunch(configuration: DebugConfiguration): boolean {
  return configuration.request === 'launch' && !isChild(configuration);
}

export function isChild(configuration: DebugConfiguration): boolean {
  return '__pendingTargetId' in configuration;
}

/** @param configuration variables are replaced */
export function launchOf(folder: WorkspaceFolder | undefined, configuration: DebugConfiguration): Launch {
  const { type, name } = configuration;
  return {
    folder: folder?.uri.toString() ?? '',
    type: String(type ?? ''),
    name: String(name ?? ''),
    environment: environmentOf(configuration),
    envFiles: envFilesOf(folder, configuration),
    configuration,
  };
}

/** Debuggers of C and C++ take a list of names and values where all others take an object; lldb-dap also one of `NAME=value`. */
const listTypes: readonly string[] = ['cppdbg', 'cppvsdbg'];

interface NamedValue {
  readonly name: string;
  readonly value: string | null;
}

/** An entry of a list of variables, in either form. */
function entryOf(entry: unknown): NamedValue | undefined {
  if (typeof entry === 'string') {
    const at = entry.indexOf('=');
    return at > 0 ? { name: entry.slice(0, at), value: entry.slice(at + 1) } : undefined;
  }
  if (typeof entry !== 'object' || entry === null || !('name' in entry) || typeof entry.name !== 'string') return undefined;
  return { name: entry.name, value: 'value' in entry ? String(entry.value ?? '') : '' };
}

function memberOf({ type }: DebugConfiguration): 'environment' | 'env' {
  return listTypes.includes(type) ? 'environment' : 'env';
}

/** What a configuration sets: values may be numbers or, to remove a variable, null. */
export function environmentOf(configuration: DebugConfiguration): LaunchEnvironment {
  const given: unknown = configuration[memberOf(configuration)];
  const result: LaunchEnvironment = {};
  if (Array.isArray(given)) {
    for (const entry of given.map(entryOf)) if (entry) result[entry.name] = entry.value;
  } else if (typeof given === 'object' && given !== null) {
    for (const [name, value] of Object.entries(given)) result[name] = value === null ? null : String(value);
  }
  return result;
}

/** The configuration with what a launch gets. */
export function withPrepared(configuration: DebugConfiguration, prepared: PreparedLaunch): DebugConfiguration {
  const member = memberOf(configuration);
  const given: unknown = configuration[member];
  const before = environmentOf(configuration);
  const { environment } = prepared;
  const isKept = (name: string): boolean => Object.hasOwn(environment, name) && environment[name] === before[name];
  const more = Object.entries(environment).filter(([name]) => !isKept(name));
  const isList = Array.isArray(given) || listTypes.includes(configuration.type);
  if (!isList) {
    const kept = typeof given === 'object' && given !== null ? Object.entries(given).filter(([name]) => isKept(name)) : [];
    return { ...configuration, [member]: Object.fromEntries([...kept, ...more]), ...prepared.configuration };
  }
  const entries: readonly unknown[] = Array.isArray(given) ? given : [];
  const kept = entries.filter((entry) => {
    const name = entryOf(entry)?.name;
    return name === undefined || isKept(name);
  });
  const isOfTexts = entries.some((entry) => typeof entry === 'string');
  const added = more.map(([name, value]) => (isOfTexts ? `${name}=${value ?? ''}` : { name, value: value ?? '' }));
  return { ...configuration, [member]: [...kept, ...added], ...prepared.configuration };
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

/** With `${workspaceFolder}`, `${workspaceFolderBasename}` and `${env:NAME}` replaced, as VS Code does before it launches. */
export function withVariables(folder: WorkspaceFolder | undefined, configuration: DebugConfiguration): DebugConfiguration {
  const replaced = (value: unknown): unknown => {
    if (typeof value === 'string') {
      return value
        .replaceAll('${workspaceFolder}', folder?.uri.fsPath ?? '${workspaceFolder}')
        .replaceAll('${workspaceFolderBasename}', folder?.name ?? '${workspaceFolderBasename}')
        .replace(/\$\{env:([^}]+)\}/g, (_whole, name: string) => process.env[name] ?? '');
    }
    if (Array.isArray(value)) return value.map(replaced);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, replaced(each)]));
  };
  const { type, name, request } = configuration;
  return { ...Object(replaced(configuration)), type, name, request };
}
