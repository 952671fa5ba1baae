/**
 * Headers that a command of the person's makes: a helper that knows how to get a token. It is run without a shell when headers are first needed, and
 * again when they are refused or their time is over. What it prints is neither kept on disk nor told anybody; that it failed is.
 */

import { spawn } from 'node:child_process';
import { basename } from 'node:path';
import type { HttpHeaders } from '../../backends/common/transport';
import { cancelled, SpanhopError } from '../../base/errors';
import { SharedWork } from '../../base/sharedWork';
import type { Connection } from '../settings/connection';
import { type PrintedHeaders, readPrintedHeaders } from './printedHeaders';

/** Milliseconds: it may ask a person. Who waits gives up with the time-out of the request. */
const timeoutMs = 60_000;

const maxPrinted = 64 << 10;

/** Milliseconds before their end that headers are got anew, so that they do not end on the way. */
const aheadMs = 10_000;

export interface CommandOptions extends Pick<Connection, 'folder'> {
  readonly command: readonly [string, ...string[]];
  /** The backend's name and address. */
  readonly name: string;
  readonly url: string;
  readonly nowMs?: () => number;
}

export class HeadersCommand {
  private known: PrintedHeaders | undefined;
  private readonly running = new SharedWork((refused: boolean, signal) => this.run(refused, signal));

  constructor(private readonly options: CommandOptions) {}

  /** Rejects with Unauthorized where the command makes none. @param refused headers that were sent and refused */
  async headers(refused: HttpHeaders | undefined, signal: AbortSignal): Promise<HttpHeaders> {
    const { known } = this;
    // Those of several requests are refused together; they are made anew once.
    const isRefused = refused !== undefined && known !== undefined && isAmong(known.headers, refused);
    if (isRefused || !known || this.isOver(known)) this.known = await this.running.get(refused !== undefined, signal);
    return this.known?.headers ?? {};
  }

  private isOver({ expiresAtMs }: PrintedHeaders): boolean {
    return expiresAtMs !== undefined && this.now() >= expiresAtMs - aheadMs;
  }

  private now(): number {
    return (this.options.nowMs ?? Date.now)();
  }

  private async run(refused: boolean, signal: AbortSignal): Promise<PrintedHeaders> {
    const printed = readPrintedHeaders(await this.output(refused, signal), this.now());
    if (typeof printed === 'string') throw this.failed(printed);
    return printed;
  }

  private failed(what: string): SpanhopError {
    const { command, name } = this.options;
    const program = basename(command[0]);
    return new SpanhopError(
      'Unauthorized',
      `The command that makes headers for "${name}" (${program}) ${what}. Run it in a terminal, or look at headersCommand in the settings.`,
    );
  }

  private output(refused: boolean, signal: AbortSignal): Promise<string> {
    const { command, folder, name, url } = this.options;
    const [program, ...args] = command;
    return new Promise((resolve, reject) => {
      const child = spawn(program, args, {
        cwd: folder,
        env: { ...process.env, SPANHOP_BACKEND: name, SPANHOP_URL: url, SPANHOP_REFUSED: refused ? '1' : '' },
        // What it complains of may name a secret.
        stdio: ['ignore', 'pipe', 'ignore'],
        windowsHide: true,
      });
      const parts: Buffer[] = [];
      let size = 0;
      let stopped: string | undefined;
      const stop = (why: string): void => {
        stopped ??= why;
        child.kill('SIGKILL');
        // Children of its own may hold the pipe open.
        child.stdout.destroy();
      };
      const timer = setTimeout(() => stop(`printed nothing within ${timeoutMs / 1000} s`), timeoutMs);
      const abort = (): void => stop('was stopped');
      const end = (): void => {
        clearTimeout(timer);
        signal.removeEventListener('abort', abort);
      };
      if (signal.aborted) abort();
      else signal.addEventListener('abort', abort);
      child.stdout.on('data', (part: Buffer) => {
        size += part.length;
        if (size > maxPrinted) stop('printed too much');
        else parts.push(part);
      });
      child.on('error', (error) => {
        end();
        const code = 'code' in error ? error.code : undefined;
        reject(this.failed(code === 'ENOENT' ? 'is not there' : 'cannot be run'));
      });
      child.on('close', (code) => {
        end();
        if (signal.aborted) reject(cancelled());
        else if (stopped !== undefined) reject(this.failed(stopped));
        else if (code !== 0) reject(this.failed(code === null ? 'was ended' : `ended with code ${code}`));
        else resolve(Buffer.concat(parts).toString('utf8'));
      });
    });
  }
}

function isAmong(some: HttpHeaders, all: HttpHeaders): boolean {
  return Object.entries(some).every(([name, value]) => all[name] === value);
}
