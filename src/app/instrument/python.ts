/**
 * Python: a folder with a `sitecustomize` of ours in front of `PYTHONPATH`, which uses the OpenTelemetry packages of the program's own environment
 * (`src/instrument/python`). debugpy hands the variable to the program alone; processes that the program starts have it as well. Source: Python's
 * documentation, module `site`; debugpy, `src/debugpy/launcher/handlers.py`.
 */

import { join } from 'node:path';
import type { LaunchChange } from '../../capture/environmentEditor';
import type { Memento } from '../ports/memento';
import type { PythonEnvironments } from '../ports/pythonEnvironments';
import type { Settings } from '../settings/settings';
import type { Instrumentation, InstrumentedLaunch, MissingStep, Prepared } from './instrumentation';
import { PythonInterpreters } from './pythonInterpreters';
import { PythonPackages, type PythonPackagesOptions } from './pythonPackages';

export interface PythonServices {
  /** `dist/instrument` */
  readonly sources: string;
  readonly settings: Pick<Settings, 'isTrusted'>;
  readonly ui: PythonPackagesOptions['ui'];
  readonly memento: Memento;
  readonly python: PythonEnvironments;
}

export class PythonInstrumentation implements Instrumentation {
  readonly language = 'python';
  private readonly interpreters: PythonInterpreters;
  private readonly packages: PythonPackages;

  constructor(private readonly own: PythonServices) {
    const { python, ui, memento } = own;
    this.interpreters = new PythonInterpreters(python, () => join(this.folder, 'spanhop_instrument', 'probe.py'));
    this.packages = new PythonPackages({ ui, memento, changed: () => this.interpreters.forget() });
  }

  async prepare(launch: InstrumentedLaunch): Promise<Prepared> {
    const variables = variablesOf(launch, this.folder);
    const missing = switchedOff(launch) ?? (await this.missingOf(launch));
    return { variables, configuration: { rules: rulesOf(launch, this.folder) }, ...(missing && { missing }) };
  }

  private get folder(): string {
    return join(this.own.sources, 'python');
  }

  private async missingOf(launch: InstrumentedLaunch): Promise<MissingStep | undefined> {
    // A workspace names interpreters, which are programs.
    if (!this.own.settings.isTrusted) return undefined;
    const environment = await this.interpreters.environmentOf(launch);
    return environment && this.packages.missingIn(environment, launch);
  }
}

/**
 * Steps go over what traces, as they go over libraries, and exceptions in it are none of the program's: to debugpy it is the user's own code where it
 * lies. Source: debugpy, `pydevd_process_net_command_json.py`, "rules".
 */
function rulesOf({ configuration: { rules } }: InstrumentedLaunch, folder: string): readonly unknown[] {
  const own: readonly unknown[] = Array.isArray(rules) ? rules : [];
  return [...own, { path: `${folder}/**`, include: false }];
}

/** Python takes no notice of its variables with `-E` and `-I`, and has no hooks with `-S`. */
function switchedOff({ configuration: { python, pythonArgs } }: InstrumentedLaunch): MissingStep | undefined {
  const given: readonly unknown[] = [python, pythonArgs].flatMap((each: unknown) => (Array.isArray(each) ? each : []));
  const option = given.find((each) => typeof each === 'string' && /^-[A-Za-z]*[EIS]/.test(each) && !/^-[cmWX]/.test(each));
  if (option === undefined) return undefined;
  return { message: `Python is started with ${option}, so it is traced only by its own code.`, offers: [] };
}

function variablesOf(launch: InstrumentedLaunch, folder: string): readonly LaunchChange[] {
  const { endpoint, ports, sessionId, windows } = launch;
  return [
    { name: 'SPANHOP_STREAM', value: new URL(endpoint).host, reason: 'where spans are handed over as they end' },
    { name: 'SPANHOP_PORTS', value: ports.join(','), reason: 'what the program itself exports to there is not sent twice' },
    { name: 'SPANHOP_SESSION', value: sessionId, reason: 'this debug session' },
    {
      name: 'PYTHONPATH',
      value: pathWith(folder, launch.get('PYTHONPATH'), windows ? ';' : ':'),
      reason: 'loads what traces the program before its first line',
    },
  ];
}

/** What people have of their own stays, behind ours. */
function pathWith(folder: string, own: string | undefined, separator: string): string {
  // An empty entry is the working folder to Python.
  const others = own === undefined ? [] : own.split(separator).filter((each) => each !== folder);
  return [folder, ...others].join(separator);
}
