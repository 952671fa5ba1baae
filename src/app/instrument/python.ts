/**
 * Python: a folder with a `sitecustomize` of ours in front of `PYTHONPATH`, which uses the OpenTelemetry packages of the program's own environment
 * (`src/instrument/python`). debugpy hands the variable to the program alone; processes that the program starts have it as well. Source: Python's
 * documentation, module `site`; debugpy, `src/debugpy/launcher/handlers.py`.
 */

import { join } from 'node:path';
import type { LaunchChange } from '../../capture/environmentEditor';
import type { Instrumentation, InstrumentedLaunch, Prepared } from './instrumentation';

export interface PythonServices {
  /** `dist/instrument` */
  readonly sources: string;
}

export class PythonInstrumentation implements Instrumentation {
  readonly language = 'python';

  constructor(private readonly own: PythonServices) {}

  prepare(launch: InstrumentedLaunch): Promise<Prepared> {
    return Promise.resolve({ variables: variablesOf(launch, join(this.own.sources, 'python')) });
  }
}

function variablesOf(launch: InstrumentedLaunch, folder: string): readonly LaunchChange[] {
  const { endpoint, sessionId, windows } = launch;
  return [
    { name: 'SPANHOP_STREAM', value: new URL(endpoint).host, reason: 'where spans are handed over as they end' },
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
