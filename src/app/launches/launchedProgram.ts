/** What a launch configuration starts, in the words of a list: the program, module or class, without its arguments, which may be secrets. */

import { isAbsolute, relative } from 'node:path';
import type { SessionOrigin } from './debugSessions';

type Configuration = Readonly<Record<string, unknown>>;

/** The first that a configuration has: of Node, Python, Java, Go and .NET, native ones, tests. */
const members = [
  'program',
  'module',
  'mainClass',
  'script',
  'project',
  'executable',
  'file',
  'runtimeExecutable',
  'command',
] as const;
const runners: readonly string[] = ['npm', 'pnpm', 'yarn', 'bun', 'deno', 'npx'];
const most = 300;

export function originOf(configuration: Configuration, folder: string | undefined): SessionOrigin {
  const program = programOf(configuration, folder);
  return { ...(program === undefined ? {} : { program }), ...(folder === undefined ? {} : { folder }) };
}

/** Below the folder where it is in it. Undefined where nothing says what is started. */
export function programOf(configuration: Configuration, folder: string | undefined): string | undefined {
  for (const member of members) {
    const value = configuration[member];
    if (typeof value !== 'string' || value.trim() === '') continue;
    const text = member === 'runtimeExecutable' ? withScript(value, configuration.runtimeArgs) : inFolder(value, folder);
    return text.slice(0, most);
  }
  return undefined;
}

/** `npm run dev` says more than `npm`. */
function withScript(runner: string, given: unknown): string {
  const name = runner.replace(/^.*[\\/]/, '').replace(/\.(?:cmd|exe|ps1)$/i, '');
  const [first, second] = Array.isArray(given) ? given : [];
  if (!runners.includes(name) || typeof first !== 'string' || !/^[\w:.@/-]{1,60}$/.test(first)) return name;
  return /^run(?:-script)?$/.test(first) && typeof second === 'string' && /^[\w:.@/-]{1,60}$/.test(second)
    ? `${name} ${first} ${second}`
    : `${name} ${first}`;
}

function inFolder(path: string, folder: string | undefined): string {
  if (folder === undefined || !isAbsolute(path)) return path;
  const below = relative(folder, path);
  return below === '' || below.startsWith('..') || isAbsolute(below) ? path : below;
}
