/**
 * Git as a child process. It only ever reads: no hook, no pager, no external program, no lock, no question for a password and no network,
 * whatever the repository's configuration says; and it ends with its time. What comes from a trace goes to its standard input, never among
 * its arguments.
 */

import { spawn } from 'node:child_process';
import { devNull } from 'node:os';
import { Limit } from '../../../base/limit';

export interface GitQuestion {
  /** Folder to ask in. */
  readonly cwd: string;
  readonly args: readonly string[];
  readonly input?: string;
  readonly signal?: AbortSignal;
  /** Default 5000. */
  readonly timeoutMs?: number;
  /** Bytes of output after which Git is stopped. Default 16 MB. */
  readonly maxBytes?: number;
}

export interface GitAnswer {
  readonly kind: 'ended' | 'missing' | 'timeout' | 'tooLarge' | 'cancelled';
  /** Exit code 0. */
  readonly ok: boolean;
  readonly output: Buffer;
  /** The beginning of what it said, for telling why. */
  readonly error: string;
}

const settings: readonly string[] = [
  'core.fsmonitor=false',
  `core.hooksPath=${devNull}`,
  'core.pager=cat',
  'core.quotePath=false',
  'credential.helper=',
  // Before 2.44 Git knows no GIT_NO_LAZY_FETCH: a partial clone would fetch what it has not. So no way to fetch is left.
  'protocol.allow=never',
];
const maxAtOnce = 4;
const maxErrorChars = 2000;

export class GitProcesses {
  private readonly limit = new Limit(maxAtOnce);

  /** @param executable absolute path */
  constructor(private readonly executable: string) {}

  /** Never rejects. At most four at the same time. */
  ask(question: GitQuestion): Promise<GitAnswer> {
    return this.limit.run(() => (question.signal?.aborted ? failed('cancelled') : run(this.executable, question)));
  }
}

function run(executable: string, question: GitQuestion): Promise<GitAnswer> {
  const { cwd, args, input, signal, timeoutMs = 5000, maxBytes = 16 << 20 } = question;
  return new Promise((resolve) => {
    const child = spawn(executable, ['--no-pager', '--literal-pathspecs', ...settings.flatMap((each) => ['-c', each]), ...args], {
      cwd,
      env: environment(),
      stdio: 'pipe',
      windowsHide: true,
    });
    const parts: Buffer[] = [];
    let size = 0;
    let error = '';
    let stopped: GitAnswer['kind'] | undefined;
    const stop = (kind: GitAnswer['kind']): void => {
      stopped ??= kind;
      child.kill('SIGKILL');
    };
    const cancel = (): void => stop('cancelled');
    const timer = setTimeout(() => stop('timeout'), timeoutMs);
    const end = (kind: GitAnswer['kind'], ok: boolean): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', cancel);
      resolve({ kind: stopped ?? kind, ok: ok && !stopped, output: Buffer.concat(parts), error });
    };
    signal?.addEventListener('abort', cancel);
    child.stdout.on('data', (part: Buffer) => {
      size += part.length;
      if (size > maxBytes) stop('tooLarge');
      else parts.push(part);
    });
    child.stderr.on('data', (part: Buffer) => {
      if (error.length < maxErrorChars) error += part.toString('utf8');
    });
    child.on('error', () => end('missing', false));
    child.on('close', (code) => end('ended', code === 0));
    // Git may be gone before it has read everything.
    child.stdin.on('error', () => {});
    child.stdin.end(input ?? '');
  });
}

function failed(kind: GitAnswer['kind']): GitAnswer {
  return { kind, ok: false, output: Buffer.alloc(0), error: '' };
}

/** Without the variables of a Git that may have started this editor: they would name another repository. */
function environment(): NodeJS.ProcessEnv {
  const own: NodeJS.ProcessEnv = {};
  for (const [name, value] of Object.entries(process.env))
    if (!/^GIT_/i.test(name) || /^GIT_(?:EXEC_PATH|CONFIG_GLOBAL|CONFIG_NOSYSTEM)$/i.test(name)) own[name] = value;
  return {
    ...own,
    LC_ALL: 'C',
    GIT_OPTIONAL_LOCKS: '0',
    GIT_TERMINAL_PROMPT: '0',
    GIT_ASKPASS: '',
    SSH_ASKPASS: '',
    GIT_NO_LAZY_FETCH: '1',
  };
}
