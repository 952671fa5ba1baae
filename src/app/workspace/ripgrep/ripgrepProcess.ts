/**
 * Runs ripgrep. Its output is read in pieces with a turn of the event loop after each, so that the extension host, which is shared, is never busy
 * with it for more than a few milliseconds; while we are behind, the pipe fills and ripgrep waits.
 */

import { spawn } from 'node:child_process';
import { cancelled } from '../../../base/errors';

const timeoutMs = 10_000;

/** `whole`: it ended by itself. `enough`: no more was wanted. `cut`: it took too long or wrote too much. */
export type RipgrepOutcome = 'whole' | 'enough' | 'cut';

export interface RipgrepProcess {
  readonly binary: string;
  readonly arguments: readonly string[];
  /** Path on disk. */
  readonly folder: string;
  readonly input?: string;
  /** Bytes of output after which it is ended. */
  readonly maxBytes: number;
  readonly take: (chunk: Buffer) => 'more' | 'enough';
  readonly signal: AbortSignal;
}

/** Rejects with `Cancelled`, or when ripgrep cannot be run. */
export function runRipgrep(run: RipgrepProcess): Promise<RipgrepOutcome> {
  const { signal } = run;
  if (signal.aborted) return Promise.reject(cancelled());
  return new Promise((resolve, reject) => {
    const child = spawn(run.binary, run.arguments, { cwd: run.folder, windowsHide: true, stdio: ['pipe', 'pipe', 'pipe'] });
    let outcome: RipgrepOutcome = 'whole';
    let failure: Error | undefined;
    let problem = '';
    let bytes = 0;
    const end = (how: 'enough' | 'cut'): void => {
      outcome = how;
      child.kill();
    };
    const timer = setTimeout(() => end('cut'), timeoutMs);
    const abort = (): void => {
      child.kill();
    };
    signal.addEventListener('abort', abort, { once: true });
    child.stdout.on('data', (chunk: Buffer) => {
      if (outcome !== 'whole' || signal.aborted) return;
      bytes += chunk.length;
      if (run.take(chunk) === 'enough') end('enough');
      else if (bytes > run.maxBytes) end('cut');
      child.stdout.pause();
      setImmediate(() => child.stdout.resume());
    });
    child.stderr.on('data', (chunk: Buffer) => {
      if (problem.length < 1000) problem += chunk.toString('utf8');
    });
    // It may end before it has read all that it should look for.
    child.stdin.on('error', () => {});
    child.on('error', (error) => {
      failure = error;
    });
    child.on('close', (code, killed) => {
      clearTimeout(timer);
      signal.removeEventListener('abort', abort);
      if (signal.aborted) reject(cancelled());
      else if (failure) reject(failure);
      // 0: found, 1: nothing found, 2: some files could not be read, or the arguments were not understood.
      else if (outcome === 'whole' && (killed !== null || (code === 2 && bytes === 0 && problem !== '')))
        reject(new Error(`ripgrep ended with ${killed ?? code}: ${problem.trim().slice(0, 500)}`));
      else resolve(outcome);
    });
    child.stdin.end(run.input ?? '');
  });
}
