/**
 * What a launched program is called where its variables do not say: by the manifest that is nearest to it, from its own folder, else from where it runs, up to
 * the workspace folder; else by the launch configuration. Files are read behind the fence, bounded, and no launch waits for them long.
 */

import { dirname, isAbsolute, join, normalize } from 'node:path';
import { type Language, languageOf } from '../../capture/languages';
import { manifestsOf } from '../../capture/manifests';
import { uriOfPath } from '../workspace/rawFiles';
import type { WorkspaceFiles } from '../workspace/workspaceFiles';

/** Bytes of a manifest. */
const maxBytes = 256 << 10;
/** Folders that are looked at, from the program's up. */
const maxFolders = 12;
/** Milliseconds that a launch waits. */
const waitMs = 1_000;

export interface NamedLaunch {
  /** `type` of the debug configuration. */
  readonly type: string;
  readonly name: string;
  /** Path of the workspace folder. */
  readonly folder: string | undefined;
  readonly configuration: Readonly<Record<string, unknown>>;
}

export class ServiceNames {
  constructor(private readonly files: Pick<WorkspaceFiles, 'readText'>) {}

  /** Empty where nothing names it. Never rejects. */
  async nameOf({ type, name, folder, configuration }: NamedLaunch): Promise<string> {
    // A terminal, in which anything may run.
    if (type === 'node-terminal' && !configuration.command) return '';
    const language = languageOf(type);
    if (language === undefined) return name;
    let timer: NodeJS.Timeout | undefined;
    const timeUp = new Promise<undefined>((resolve) => {
      timer = setTimeout(() => resolve(undefined), waitMs);
    });
    try {
      return (await Promise.race([this.ofManifest(language, folder, configuration), timeUp])) ?? name;
    } catch {
      return name;
    } finally {
      clearTimeout(timer);
    }
  }

  private async ofManifest(
    language: Language,
    folder: string | undefined,
    configuration: Readonly<Record<string, unknown>>,
  ): Promise<string | undefined> {
    const { program, projectName } = configuration;
    if (language === 'java' && isText(projectName)) return projectName;
    if (language === 'dotnet') return isText(program) ? /([^\\/]+)\.(?:dll|exe)$/i.exec(program)?.[1] : undefined;
    for (const path of new Set(beginnings(folder, configuration).flatMap((each) => upwards(each, folder)))) {
      for (const { file, nameIn } of manifestsOf(language)) {
        const text = await this.files.readText(uriOfPath(join(path, file)), maxBytes, 'now');
        const found = text === undefined || text.length > maxBytes ? undefined : nameIn(text)?.trim();
        if (found) return found;
      }
    }
    return undefined;
  }
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}

/** Folders of others' programs: what runs there (`node_modules/tsx/dist/cli.mjs`) runs one of the person's. */
const OTHERS = /[\\/](?:node_modules|site-packages|\.venv|venv|vendor)(?:[\\/]|$)/;
/** A source file among the arguments: `npx tsx src/main.ts`. */
const SOURCE = /^[^-].*\.(?:[cm]?[jt]sx?|py)$/;

/** Where to begin: the program's folder, where it runs, the workspace folder. */
function beginnings(folder: string | undefined, configuration: Readonly<Record<string, unknown>>): readonly string[] {
  const { program, cwd, runtimeArgs, args } = configuration;
  const runsIn = isText(cwd) ? whole(cwd, folder) : folder;
  const argument = [runtimeArgs, args].flat().find((each): each is string => isText(each) && SOURCE.test(each));
  const own = [program, argument]
    .filter(isText)
    .map((path) => whole(path, path === program && folder !== undefined ? folder : runsIn))
    .filter((path) => !OTHERS.test(path))
    .map((path) => dirname(path));
  return [...own, runsIn, folder].filter(isText);
}

function whole(path: string, folder: string | undefined): string {
  return isAbsolute(path) || folder === undefined ? normalize(path) : join(folder, path);
}

/** A folder, and those that it is in, up to the workspace folder; none where it is outside of that. */
function upwards(path: string, folder: string | undefined): readonly string[] {
  const all: string[] = [];
  for (let at = path; all.length < maxFolders; at = dirname(at)) {
    all.push(at);
    if (at === folder) return all;
    if (at === dirname(at)) break;
  }
  return folder === undefined ? all.slice(0, 1) : [];
}
