/**
 * What the readers of build and launch files share: the files they get, and the mappings and problems they give. Texts come from the
 * workspace, also from one that is not trusted: everything is bounded, and a mapping that leads out of the workspace folders is dropped.
 */

import type { InferredMapping } from '../model/types';
import { display, parsePrefix } from '../uri/paths';
import { formatUri, joinUri, parseUri, relativeSegments, uriSegments } from '../uri/uri';

/** A file that says how a program is built or run. */
export interface ConfigFile {
  /** URI. */
  readonly uri: string;
  readonly text: string;
}

export interface WorkspaceFolderInfo {
  /** URI, without a slash at the end. */
  readonly uri: string;
  readonly name: string;
}

/** A part of a file that isn't understood. The rest is. */
export interface InferenceProblem {
  /** URI. */
  readonly file: string;
  /** From 0. */
  readonly line: number;
  /** A sentence for a user. */
  readonly text: string;
}

/** What a mapping is of. */
export interface Owner {
  /** After the file's name, for a person: `service cart`. Empty: the file as a whole. */
  readonly name: string;
  readonly services: readonly string[];
}

export const maxMappings = 2000;
const maxProblems = 100;

/** The mappings of one file, as they are found. */
export class Findings {
  readonly mappings: InferredMapping[] = [];
  readonly problems: InferenceProblem[] = [];
  /** Entries that name a variable which nobody knows here, or lead out of the workspace folders. */
  skipped = 0;

  constructor(
    private readonly file: string,
    private readonly kind: InferredMapping['kind'],
    readonly folders: readonly WorkspaceFolderInfo[],
  ) {}

  /** The name of the file for a person: its path below the workspace folder. */
  get fileName(): string {
    for (const { uri, name } of this.folders) {
      const inside = relativeSegments(uri, this.file, true);
      if (inside) return display([...(this.folders.length > 1 ? [name] : []), ...inside].join('/'));
    }
    return display(uriSegments(this.file).at(-1) ?? this.file);
  }

  /** `target` is the URI of a folder or a file here; undefined counts as skipped. `line` from 0; `how` names the entry: `volume`. */
  add(prefix: string, target: string | undefined, owner: Owner, how: string, line: number): void {
    const parsed = parsePrefix(prefix);
    if (target === undefined || !parsed) {
      this.skipped++;
      return;
    }
    // The whole of a container is mapped by nobody; it would be the answer for every path.
    if (parsed.kind === 'absolute' && parsed.segments.length === 0) return;
    const inside = this.intoFolders(target);
    if (!inside.length) this.skipped++;
    for (const { uri, segments } of inside) {
      const whole = segments.length ? `${prefix.replace(/[\\/]+$/, '')}/${segments.join('/')}` : prefix;
      const program = `${this.file} ${owner.name}`;
      const isKnown = this.mappings.some((each) => each.prefix === whole && each.target === uri && each.owner === program);
      if (isKnown || this.mappings.length >= maxMappings) continue;
      const name = owner.name === '' ? this.fileName : `${this.fileName}, ${display(owner.name, 80)}`;
      this.mappings.push({
        prefix: whole,
        target: uri,
        origin: `${name} (${how})`,
        kind: this.kind,
        ...(owner.services.length ? { services: owner.services } : {}),
        owner: program,
        file: this.file,
        line,
      });
    }
  }

  problem(line: number, text: string): void {
    if (this.problems.length < maxProblems) this.problems.push({ file: this.file, line: Math.max(0, line), text });
  }

  /**
   * A target as far as it is in the workspace: itself, where it is in a folder; the folders that are below it, with the path to them, where
   * a repository is built as a whole and one service of it is open.
   */
  private intoFolders(target: string): readonly { uri: string; segments: readonly string[] }[] {
    const found: { uri: string; segments: readonly string[] }[] = [];
    for (const { uri } of this.folders) {
      if (uri === target || relativeSegments(uri, target, true)) return [{ uri: target, segments: [] }];
      const segments = relativeSegments(target, uri, true);
      if (segments) found.push({ uri, segments });
    }
    return found;
  }
}

/** The URI of the folder that a file is in. */
export function folderOf(file: string): string {
  return file.slice(0, file.lastIndexOf('/'));
}

/** A path as a file writes it, relative to a folder or absolute on this machine, as a URI. Undefined where it is none. */
export function resolveLocal(folder: string, text: string): string | undefined {
  if (/^[A-Za-z][A-Za-z0-9+.-]+:\/\//.test(text)) {
    const uri = parseUri(text);
    return uri && formatUri({ ...uri, path: normal(uri.path) });
  }
  const base = parseUri(folder);
  const path = parsePrefix(text.trim() === '' ? '.' : text);
  if (!base || !path || path.kind === 'url' || text.startsWith('~')) return undefined;
  if (path.kind === 'absolute') return formatUri({ ...base, path: `/${path.segments.join('/')}` });
  const above = base.path.split('/').filter((segment) => segment !== '');
  if (path.up > above.length) return undefined;
  const root = formatUri({ ...base, path: '/' });
  return joinUri(root, [...above.slice(0, above.length - path.up), ...path.segments]);
}

/** A path of a container, joined to its working directory: `/app` and `./src` are `/app/src`. Windows paths keep their drive. */
export function joinRemote(folder: string, path: string): string {
  const [base, given] = [folder, path].map((text) => text.replaceAll('\\', '/'));
  const own = /^([A-Za-z]:)?\//.exec(given);
  const drive = own?.[1] ?? /^[A-Za-z]:/.exec(base)?.[0] ?? '';
  const bare = (text: string): string => text.replace(/^[A-Za-z]:(?=\/|$)/, '');
  return `${drive}${normal(own ? bare(given) : `${bare(base)}/${given}`)}`;
}

/** Without empty segments, `.` and `..`; begins with a slash. */
function normal(path: string): string {
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue;
    if (part === '..') parts.pop();
    else parts.push(part);
  }
  return `/${parts.join('/')}`;
}

/** The line, from 0, of an offset. */
export function lineAt(text: string, offset: number): number {
  let line = 0;
  for (let at = text.indexOf('\n'); at >= 0 && at < offset; at = text.indexOf('\n', at + 1)) line++;
  return line;
}
