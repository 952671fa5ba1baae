/**
 * How a backend of the settings is connected to, whatever its kind: certificates of its own, and a command that makes headers. Files are named by
 * absolute paths, from the person's folder with `~`, and in the settings of a workspace also from its folder.
 */

import { homedir } from 'node:os';
import { isAbsolute, join, resolve } from 'node:path';
import type { URI } from 'vscode-uri';

/** Absolute paths of PEM files. */
export interface TlsFileNames {
  /** Certificates of the authorities that are trusted, in the place of the system's. */
  readonly caFile?: string;
  readonly certFile?: string;
  readonly keyFile?: string;
  /** The name that the server's certificate is of, where that is not the address's. */
  readonly serverName?: string;
}

export interface Connection {
  readonly tls?: TlsFileNames;
  /** A program and its arguments; it prints headers. */
  readonly headersCommand?: readonly [string, ...string[]];
  /** Where it is run. */
  readonly folder: string;
}

/** As everybody connects. */
export const plainConnection: Connection = { folder: homedir() };

/** Members of `tls`, each a text. */
const tlsMembers = ['caFile', 'certFile', 'keyFile', 'serverName'] as const;

/** Longer commands are none that a person wrote. */
const maxArguments = 100;

/**
 * What an entry of `spanhop.backends` says of its connection, or what is wrong with it in words, without the name of the backend.
 * @param folders of the workspace whose settings it stands in; none: it is the person's own
 */
export function readConnection(entry: object, folders: readonly URI[]): Connection | string {
  const base = folders.find(({ scheme }) => scheme === 'file')?.fsPath;
  const folder = base ?? homedir();
  const tls = readTls(memberOf(entry, 'tls'), base);
  if (typeof tls === 'string') return tls;
  const command = memberOf(entry, 'headersCommand');
  if (command === undefined) return { tls, folder };
  if (
    !Array.isArray(command) ||
    command.length > maxArguments ||
    !command.every((each) => typeof each === 'string' && !each.includes('\0'))
  )
    return 'headersCommand is no list of a program and its arguments';
  const [program, ...rest]: readonly string[] = command;
  if (program === undefined || program.trim() === '') return 'headersCommand names no program';
  // A name alone is looked for where programs are.
  const found = /[\\/]/.test(program) ? pathOf(program, base) : program;
  if (found === undefined) return 'the program of headersCommand is to be named alone or with its absolute path';
  return { tls, headersCommand: [found, ...rest], folder };
}

function readTls(value: unknown, base: string | undefined): TlsFileNames | string | undefined {
  if (value === undefined) return undefined;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return 'tls is not an object';
  const read: Partial<Record<(typeof tlsMembers)[number], string>> = {};
  for (const name of tlsMembers) {
    const text = memberOf(value, name);
    if (text === undefined) continue;
    if (typeof text !== 'string' || text.trim() === '' || text.includes('\0')) return `tls.${name} is not a text`;
    const path = name === 'serverName' ? text : pathOf(text, base);
    if (path === undefined) return `tls.${name} is not an absolute path`;
    read[name] = path;
  }
  if ((read.certFile === undefined) !== (read.keyFile === undefined)) return 'tls.certFile and tls.keyFile belong together';
  return read;
}

/** Absolute; undefined: it begins nowhere. */
export function pathOf(text: string, base: string | undefined): string | undefined {
  const home = /^(?:~|\$\{userHome\})(?:[\\/](.*))?$/s.exec(text);
  if (home) return join(homedir(), home[1] ?? '');
  const path = base === undefined ? text : text.replace(/^\$\{workspaceFolder\}/, base);
  if (isAbsolute(path)) return path;
  return base === undefined ? undefined : resolve(base, path);
}

function memberOf(entry: object, name: string): unknown {
  return Object.hasOwn(entry, name) ? Reflect.get(entry, name) : undefined;
}
