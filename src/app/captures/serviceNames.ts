/**
 * What a launched program is called where its variables do not say: by the launch configuration, or, where that has a name that any program could have, by
 * the manifest that is nearest to it. Files are read behind the fence, bounded, and no launch waits for them long.
 */

import { basename, dirname, isAbsolute, join } from 'node:path';
import { type Language, languageOf } from '../../capture/languages';
import { isCommonName, manifestsOf } from '../../capture/manifests';
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
    if (!isCommonName(name)) return name;
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
    const { program, cwd, projectName } = configuration;
    if (language === 'java' && isText(projectName)) return projectName;
    if (language === 'dotnet') return isText(program) ? /([^\\/]+)\.(?:dll|exe)$/i.exec(program)?.[1] : undefined;
    const begin = [isText(program) ? dirname(program) : undefined, cwd, folder].filter(isText).map((path) => whole(path, folder));
    for (const path of new Set(begin.flatMap((each) => upwards(each, folder)))) {
      for (const { file, nameIn } of manifestsOf(language)) {
        const text = await this.files.readText(uriOfPath(join(path, file)), maxBytes);
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

function whole(path: string, folder: string | undefined): string {
  return isAbsolute(path) || folder === undefined ? path : join(folder, path);
}

/** A folder, and those that it is in, up to the workspace folder. */
function upwards(path: string, folder: string | undefined): readonly string[] {
  const all: string[] = [];
  for (let at = path; all.length < maxFolders; at = dirname(at)) {
    all.push(at);
    if (at === folder || at === dirname(at) || basename(at) === '') break;
  }
  return all;
}
