/** With which interpreter a configuration's program runs, and what its environment has: asked once for a while, and no launch waits long for it. */

import { isAbsolute, join, resolve as resolvePath } from 'node:path';
import type { PythonEnvironments } from '../ports/pythonEnvironments';
import type { InstrumentedLaunch } from './instrumentation';
import { type PythonEnvironment, probePython } from './pythonProbe';

/** Milliseconds that an interpreter gets: conda's and those on network drives are slow. */
const probeMs = 10_000;
/** Milliseconds that a launch waits for the answer; the next one has it. */
const waitMs = 600;
/** Milliseconds after which it is asked again; packages come and go. */
const holdsMs = 5_000;

interface Asked {
  readonly atMs: number;
  readonly answer: Promise<PythonEnvironment | undefined>;
}

export class PythonInterpreters {
  private readonly asked = new Map<string, Asked>();

  /** @param script path of `probe.py` */
  constructor(
    private readonly python: PythonEnvironments,
    private readonly script: () => string,
  ) {}

  /** The environment that the program will have; undefined where it is not known in time. Never rejects. */
  async environmentOf(launch: InstrumentedLaunch): Promise<PythonEnvironment | undefined> {
    let timer: NodeJS.Timeout | undefined;
    const tooLate = new Promise<undefined>((resolve) => {
      timer = setTimeout(() => resolve(undefined), waitMs);
    });
    const found = await Promise.race([this.find(launch), tooLate]);
    clearTimeout(timer);
    return found;
  }

  /** What was known of environments holds no more. */
  forget(): void {
    this.asked.clear();
  }

  private async find(launch: InstrumentedLaunch): Promise<PythonEnvironment | undefined> {
    const named = namedBy(launch);
    if (named !== undefined) return this.ask(named);
    const known = await this.python.interpreters(launch.folder).catch(() => []);
    for (const interpreter of [...known, ...usual(launch)]) {
      if (interpreter.includes('${')) continue;
      const environment = await this.ask(absolute(interpreter, launch.folder));
      if (environment) return environment;
    }
    return undefined;
  }

  private ask(interpreter: string): Promise<PythonEnvironment | undefined> {
    const before = this.asked.get(interpreter);
    if (before && Date.now() - before.atMs < holdsMs) return before.answer;
    const answer = probePython(interpreter, this.script(), probeMs);
    this.asked.set(interpreter, { atMs: Date.now(), answer });
    return answer;
  }
}

/** What the configuration says: debugpy's `python` may have arguments. */
function namedBy({ configuration, folder }: InstrumentedLaunch): string | undefined {
  for (const value of [configuration.python, configuration.pythonPath]) {
    const [first]: readonly unknown[] = Array.isArray(value) ? value : [value];
    if (typeof first === 'string' && first !== '' && !first.includes('${')) return absolute(first, folder);
  }
  return undefined;
}

/** Where environments are by custom, and what is on the PATH. */
function usual({ folder, windows }: InstrumentedLaunch): string[] {
  const inFolder = windows ? ['Scripts', 'python.exe'] : ['bin', 'python'];
  const folders = folder === undefined ? [] : ['.venv', 'venv'].map((name) => join(folder, name, ...inFolder));
  return [...folders, windows ? 'python' : 'python3'];
}

/** A name without a folder is looked for on the PATH. */
function absolute(path: string, folder: string | undefined): string {
  return isAbsolute(path) || !/[/\\]/.test(path) || folder === undefined ? path : resolvePath(folder, path);
}
