/**
 * One run of ripgrep over one folder. Its output is read in pieces with a turn of the event loop after each, so that the extension host, which is
 * shared, is never busy with it for more than a few milliseconds; while we are behind, the pipe fills and ripgrep waits.
 */

import { spawn } from 'node:child_process';
import { cancelled } from '../../../core/errors';
import { RipgrepOutput, type TakeLine } from './ripgrepOutput';

/** Larger files are data, or made by a program. */
export const maxFileBytes = 1 << 20;
/** Longer lines are minified or data. */
const maxLineBytes = 4096;
/** Lines of one file; who has more is read by ourselves. */
export const maxLinesPerFile = 2000;
const timeoutMs = 10_000;

export interface RipgrepRun {
  readonly binary: string;
  /** Path on disk. */
  readonly folder: string;
  readonly needles: readonly string[];
  /** What is left out, as lines of a .gitignore. */
  readonly excluded: readonly string[];
  /** Whether the .gitignore files of folders above count. */
  readonly useParentIgnores: boolean;
  /** Bytes of output after which it is ended. */
  readonly maxBytes: number;
  /** Takes a line; answers `enough` when no more are wanted. */
  readonly take: (...line: Parameters<TakeLine>) => 'more' | 'enough';
  readonly signal: AbortSignal;
}

/**
 * `whole`: the folder was searched. `enough`: `take` said so. `cut`: it took too long or wrote too much. Rejects with `Cancelled`, or
 * when ripgrep cannot be run.
 */
export function runRipgrep(run: RipgrepRun): Promise<'whole' | 'enough' | 'cut'> {
  if (run.signal.aborted) return Promise.reject(cancelled());
  return new Promise((resolve, reject) => {
    const child = spawn(run.binary, argumentsOf(run), { cwd: run.folder, windowsHide: true, stdio: ['pipe', 'pipe', 'pipe'] });
    let outcome: 'whole' | 'enough' | 'cut' = 'whole';
    let failure: Error | undefined;
    let problem = '';
    let bytes = 0;
    const end = (how: 'enough' | 'cut'): void => {
      outcome = how;
      child.kill();
    };
    const output = new RipgrepOutput((...line) => {
      if (outcome === 'whole' && run.take(...line) === 'enough') end('enough');
    });
    const timer = setTimeout(() => end('cut'), timeoutMs);
    const abort = (): void => {
      child.kill();
    };
    run.signal.addEventListener('abort', abort, { once: true });
    child.stdout.on('data', (chunk: Buffer) => {
      if (outcome !== 'whole' || run.signal.aborted) return;
      bytes += chunk.length;
      output.add(chunk);
      if (bytes > run.maxBytes && outcome === 'whole') end('cut');
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
    child.on('close', (code, signal) => {
      clearTimeout(timer);
      run.signal.removeEventListener('abort', abort);
      if (run.signal.aborted) reject(cancelled());
      else if (failure) reject(failure);
      // 0: found, 1: nothing found, 2: some files could not be read, or the arguments were not understood.
      else if (outcome === 'whole' && (signal !== null || (code === 2 && bytes === 0 && problem !== '')))
        reject(new Error(`ripgrep ended with ${signal ?? code}: ${problem.trim().slice(0, 500)}`));
      else resolve(outcome);
    });
    child.stdin.end(`${run.needles.join('\n')}\n`);
  });
}

function argumentsOf({ excluded, useParentIgnores }: RipgrepRun): string[] {
  return [
    '--no-config',
    '--fixed-strings',
    '--case-sensitive',
    '--no-heading',
    '--with-filename',
    '--line-number',
    '--null',
    '--color=never',
    '--path-separator=/',
    '--no-messages',
    '--no-require-git',
    '--no-ignore-global',
    '--no-ignore-dot',
    ...(useParentIgnores ? [] : ['--no-ignore-parent']),
    `--max-filesize=${maxFileBytes}`,
    `--max-columns=${maxLineBytes}`,
    `--max-count=${maxLinesPerFile}`,
    ...excluded.map((pattern) => `--glob=!${pattern}`),
    '--file=-',
    '--',
    '.',
  ];
}
