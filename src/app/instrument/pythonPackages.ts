/** The OpenTelemetry packages that an environment lacks: offered, and installed there in a terminal that the person sees, with their yes. */

import { spawn } from 'node:child_process';
import { isAbsolute, relative } from 'node:path';
import { SpanhopError } from '../../base/errors';
import type { Memento } from '../ports/memento';
import type { UserInterface } from '../ports/userInterface';
import { command } from './guides';
import type { InstrumentedLaunch, MissingStep } from './instrumentation';
import type { PythonEnvironment } from './pythonProbe';

/** Environments, by their folders, for which the person does not want to be asked. */
const neverKey = 'spanhop.python.neverInstall';
const maxNever = 200;
const maxNamed = 6;
const prefixOfAll = 'opentelemetry-instrumentation-';

export interface PythonPackagesOptions {
  readonly ui: Pick<UserInterface, 'showMessage' | 'showProgress' | 'runTask' | 'typeInTerminal'>;
  readonly memento: Memento;
  /** What is installed has changed. */
  changed(): void;
}

export class PythonPackages {
  constructor(private readonly own: PythonPackagesOptions) {}

  /** What to tell of a launch; undefined where all is there that is needed, or the person does not want to hear of it. */
  missingIn(environment: PythonEnvironment, launch: InstrumentedLaunch): MissingStep | undefined {
    const { hasSdk, instrumentations, requirements, prefix, isManaged } = environment;
    // Programs that trace themselves, by hand or with what they chose, want no more.
    if ((hasSdk && instrumentations.length > 0) || requirements.length === 0) return undefined;
    if (this.never().includes(prefix)) return undefined;
    const lacks = hasSdk ? 'no OpenTelemetry instrumentations' : 'no OpenTelemetry packages';
    const start = `Its Python environment (${shortOf(prefix, launch.folder)}) has ${lacks}, so it is hardly traced.`;
    const ask = { title: "Don't Ask Again", run: () => this.neverAgain(prefix) };
    if (isManaged) {
      const { folder, windows } = launch;
      return {
        message: `${start} It belongs to the system, which lets no others install there: make a virtual environment, and choose it for the program.`,
        offers: [
          command(this.own.ui, 'Make Environment in Terminal', folder, `${windows ? 'python' : 'python3'} -m venv .venv`),
          ask,
        ],
      };
    }
    return {
      message: `${start} They can be installed there: ${listOf(requirements)}.`,
      offers: [{ title: 'Install in Terminal', run: () => this.install(environment, launch) }, ask],
    };
  }

  /** Shown in a terminal, with progress that can be stopped; tells how it ended. */
  private async install(environment: PythonEnvironment, { name, folder }: InstrumentedLaunch): Promise<void> {
    const { executable, hasPip, prefix, requirements } = environment;
    if (!hasPip && !(await hasUv())) {
      throw new SpanhopError(
        'NotFound',
        `The environment ${prefix} has no pip, and uv is not on the PATH. "${executable} -m ensurepip" gives it pip, where the system allows that.`,
      );
    }
    const task = hasPip
      ? { program: executable, args: ['-m', 'pip', 'install', '--disable-pip-version-check', ...requirements] }
      : { program: 'uv', args: ['pip', 'install', '--python', executable, ...requirements] };
    const { ui } = this.own;
    const title = 'Installing OpenTelemetry packages';
    const [code, stopped] = await ui.showProgress(title, async (signal) => [
      await ui.runTask({ name: title, folder, ...task }, signal),
      signal.aborted,
    ]);
    this.own.changed();
    if (code === 0) void ui.showMessage('info', `Installed. Start "${name}" again, and it is traced.`);
    else if (stopped) void ui.showMessage('info', `Stopped. ${prefix} may have a part of the packages.`);
    else
      throw new SpanhopError(
        'NotSupported',
        `The packages were not installed (exit code ${code ?? 'unknown'}): the terminal tells why.`,
      );
  }

  private never(): readonly string[] {
    const value = this.own.memento.get(neverKey);
    return Array.isArray(value) ? value.filter((each): each is string => typeof each === 'string') : [];
  }

  private async neverAgain(prefix: string): Promise<void> {
    await this.own.memento.update(neverKey, [...this.never().filter((each) => each !== prefix), prefix].slice(-maxNever));
  }
}

/** `opentelemetry-sdk, and the instrumentations of flask and requests`; the terminal has the command itself. */
function listOf(requirements: readonly string[]): string {
  const names = requirements.map((each) => each.replace(/==.*/, ''));
  const libraries = names.filter((each) => each.startsWith(prefixOfAll)).map((each) => each.slice(prefixOfAll.length));
  const others = names.filter((each) => !each.startsWith(prefixOfAll));
  const more = libraries.length - maxNamed;
  const named = more > 1 ? [...libraries.slice(0, maxNamed), `${more} more`] : libraries;
  const instrumentations = `the instrumentations of ${named.join(', ').replace(/, ([^,]*)$/, ' and $1')}`;
  if (libraries.length === 0) return others.join(', ');
  return others.length === 0 ? instrumentations : `${others.join(', ')}, and ${instrumentations}`;
}

/** `.venv` of one in the folder. */
function shortOf(prefix: string, folder: string | undefined): string {
  const inFolder = folder === undefined ? '..' : relative(folder, prefix);
  return inFolder === '' || inFolder.startsWith('..') || isAbsolute(inFolder) ? prefix : inFolder;
}

function hasUv(): Promise<boolean> {
  return new Promise((resolve) => {
    const child = spawn('uv', ['--version'], { stdio: 'ignore', timeout: 5_000, windowsHide: true });
    child.on('error', () => resolve(false));
    child.on('exit', (code) => resolve(code === 0));
  });
}
