/**
 * Asks an interpreter what its environment has (`src/instrument/python/spanhop_instrument/probe.py`). It is somebody else's program: it gets a time, and
 * what it prints is checked.
 */

import { spawn } from 'node:child_process';
import { tmpdir } from 'node:os';

/** What an environment has of OpenTelemetry, and what it lacks. */
export interface PythonEnvironment {
  /** Path of the interpreter. */
  readonly executable: string;
  /** Folder of the environment. */
  readonly prefix: string;
  readonly version: string;
  readonly hasSdk: boolean;
  /** Names without `opentelemetry-instrumentation-`. */
  readonly instrumentations: readonly string[];
  /** What to install, as pip wants it. */
  readonly requirements: readonly string[];
  readonly hasPip: boolean;
  /** The system's package manager keeps others from installing there (PEP 668). */
  readonly isManaged: boolean;
}

const maxOutput = 256 << 10;
/** Milliseconds that output is waited for after the end of who wrote it. */
const heldMs = 200;
/** `opentelemetry-sdk==1.45.1` and the like: nothing that pip could take for an option, an address or a path. */
const requirement = /^opentelemetry-[a-z0-9-]{1,60}(?:==[0-9][0-9a-z.]{0,20})?$/;

/**
 * Undefined where it does not start, is no Python of today, or takes too long. Never rejects.
 * @param interpreter path, or name on the PATH
 * @param script path of `probe.py`
 */
export function probePython(interpreter: string, script: string, timeoutMs: number): Promise<PythonEnvironment | undefined> {
  return new Promise((resolve) => {
    // Not in the workspace: Windows would look for the program there first.
    const child = spawn(interpreter, [script], {
      cwd: tmpdir(),
      env: { ...process.env, PYTHONDONTWRITEBYTECODE: '1' },
      stdio: ['ignore', 'pipe', 'ignore'],
      timeout: timeoutMs,
      killSignal: 'SIGKILL',
      windowsHide: true,
    });
    // What it has started may go on writing.
    const stop = (): void => {
      child.kill('SIGKILL');
      child.stdout.destroy();
    };
    let output = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      output += text;
      if (output.length > maxOutput) stop();
    });
    child.on('error', () => resolve(undefined));
    child.on('exit', (code) => {
      const answer = (): void => {
        clearTimeout(timer);
        stop();
        resolve(code === 0 ? environmentOf(output) : undefined);
      };
      // Not all of its output may be read yet, and a process that it left behind may hold that open.
      const timer = setTimeout(answer, heldMs);
      if (child.stdout.closed) answer();
      else child.stdout.once('close', answer);
    });
  });
}

function environmentOf(output: string): PythonEnvironment | undefined {
  let value: unknown;
  try {
    // Hooks of the environment's own may print before.
    value = JSON.parse(output.trim().split('\n').at(-1) ?? '');
  } catch {
    return undefined;
  }
  if (typeof value !== 'object' || value === null) return undefined;
  const found = value as Record<string, unknown>;
  const { executable, prefix, version } = found;
  if (typeof executable !== 'string' || typeof prefix !== 'string' || typeof version !== 'string') return undefined;
  return {
    executable,
    prefix,
    version,
    hasSdk: found.hasSdk === true,
    instrumentations: textsOf(found.instrumentations),
    requirements: textsOf(found.requirements).filter((each) => requirement.test(each)),
    hasPip: found.hasPip === true,
    isManaged: found.isManaged === true,
  };
}

function textsOf(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((each): each is string => typeof each === 'string') : [];
}
