/**
 * The files of variables of a launch: those that its debugger reads into the environment (`envFile`), and those that the program reads by itself
 * (`.env` where it runs, `--env-file`). What they name is the person's, so they are read before anything is set. Behind the fence, bounded, and no
 * launch waits for them long.
 */

import { isAbsolute, join } from 'node:path';
import { parseEnvFile } from '../../capture/envFile';
import { uriOfPath } from '../workspace/rawFiles';
import type { WorkspaceFiles } from '../workspace/workspaceFiles';

/** Bytes of one file. */
const maxBytes = 256 << 10;
const maxFiles = 16;
/** UTF-16 units of a value that the program reads by itself and is handed on to it: no system starts a process with a variable of 128 kB. */
const maxHandedOn = 8_192;
/** Milliseconds that a launch waits for all of them. */
const waitMs = 1_500;

/** As a configuration has them: paths, relative ones to the folder. */
export interface LaunchEnvFiles {
  /** Of the configuration; what is wrong with them is told. */
  readonly named: readonly string[];
  /** Path of the workspace folder. */
  readonly folder: string | undefined;
  /** What the debugger reads where nothing is named, if it is there. */
  readonly usual: string | undefined;
  /** Where the program runs; the folder where that is not said. */
  readonly cwd: string | undefined;
  /** Arguments of the runtime and of the program. */
  readonly args: readonly string[];
}

export interface EnvFileValues {
  /** What the debugger puts into the environment. */
  readonly debugger: ReadonlyMap<string, string>;
  /** What the program reads where it is not set. */
  readonly program: ReadonlyMap<string, string>;
  /** Paths of those that were read. */
  readonly read: readonly string[];
  /** Sentences for a person. */
  readonly warnings: readonly string[];
}

export class EnvFiles {
  constructor(
    private readonly files: Pick<WorkspaceFiles, 'readText' | 'isInside'>,
    private readonly outer: Readonly<Record<string, string | undefined>> = process.env,
  ) {}

  /** Never rejects. */
  async read(launch: LaunchEnvFiles): Promise<EnvFileValues> {
    const none: EnvFileValues = { debugger: new Map(), program: new Map(), read: [], warnings: [] };
    let timer: NodeJS.Timeout | undefined;
    const timeUp = new Promise<EnvFileValues>((resolve) => {
      const warnings = ['Its files of variables could not be read in time; a service name that they give may be replaced.'];
      timer = setTimeout(() => resolve({ ...none, warnings }), waitMs);
    });
    try {
      return await Promise.race([this.readAll(launch), timeUp]);
    } catch {
      return none;
    } finally {
      clearTimeout(timer);
    }
  }

  private async readAll({ named, folder, usual, cwd, args }: LaunchEnvFiles): Promise<EnvFileValues> {
    const [ofDebugger, ofProgram] = [new Map<string, string>(), new Map<string, string>()];
    const read: string[] = [];
    const warnings: string[] = [];
    const take = async (path: string, base: string | undefined, into: Map<string, string>, isNamed: boolean): Promise<void> => {
      const whole = isAbsolute(path) ? path : base === undefined ? undefined : join(base, path);
      if (whole === undefined) return;
      const uri = uriOfPath(whole);
      const text = await this.files.readText(uri, maxBytes, 'now');
      // A document that is open has any length.
      if (text !== undefined && text.length <= maxBytes) {
        read.push(whole);
        for (const [name, value] of parseEnvFile(text, { ...this.outer, ...Object.fromEntries(into) })) {
          const isTooLong = into === ofProgram && value.length > maxHandedOn;
          if (!isTooLong) into.set(name, value);
          else if (name.startsWith('OTEL_'))
            warnings.push(`${name} in ${path} is over ${maxHandedOn / 1024} kB, so it is not handed on and may be replaced.`);
        }
      } else if (isNamed) {
        const why = (await this.files.isInside(uri))
          ? 'cannot be read (it is no file, or over 256 kB)'
          : 'is not there, or is outside of the workspace, so it is not read';
        warnings.push(`Its envFile ${path} ${why}. A service name or attributes that it gives may be replaced.`);
      }
    };
    for (const path of named.slice(0, maxFiles)) await take(path, folder, ofDebugger, true);
    if (named.length === 0 && usual !== undefined) await take(usual, folder, ofDebugger, false);
    const runsIn = cwd ?? folder;
    for (const path of ['.env', ...envFileArguments(args).slice(0, maxFiles)]) await take(path, runsIn, ofProgram, false);
    return { debugger: ofDebugger, program: ofProgram, read: [...new Set(read)], warnings };
  }
}

/** Of Node's `--env-file` and `--env-file-if-exists`, and of others that are called so. */
function envFileArguments(args: readonly string[]): readonly string[] {
  return args.flatMap((arg, i) => {
    const match = /^--env-file(?:-if-exists)?(?:=(.+))?$/s.exec(arg);
    const path = match?.[1] ?? (match ? args[i + 1] : undefined);
    return path === undefined ? [] : [path];
  });
}
