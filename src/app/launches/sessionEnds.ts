/**
 * How the program of a debug session ended, as its adapter tells: by itself, with which code, or stopped by the person.
 * Source: Debug Adapter Protocol specification, events `exited`, `terminated`, `output`, requests `terminate`, `disconnect`. VS Code's debugger for
 * JavaScript sends no `exited`: it writes `Process exited with code 1` to the console.
 */

export interface SessionEnd {
  /** Undefined where nobody told. */
  readonly exitCode?: number;
  /** The person stopped it. */
  readonly isStopped: boolean;
}

interface Message {
  readonly type?: unknown;
  readonly event?: unknown;
  readonly command?: unknown;
  readonly body?: unknown;
  readonly arguments?: unknown;
}

const exitLine = /^Process exited with code (\d{1,10})\s*$/;

export class SessionEndWatch {
  private exitCode: number | undefined;
  private isStopped = false;
  private isOver = false;

  /** A message to the adapter. */
  sent(message: unknown): void {
    const { type, command, arguments: given } = asMessage(message);
    if (type !== 'request' || this.isOver) return;
    if (
      command === 'terminate' ||
      (command === 'disconnect' && member(given, 'terminateDebuggee') === true && !member(given, 'restart'))
    )
      this.isStopped = true;
  }

  /** A message of the adapter. */
  received(message: unknown): void {
    const { type, event, body } = asMessage(message);
    if (type !== 'event') return;
    if (event === 'exited') this.exit(member(body, 'exitCode'));
    else if (event === 'output' && typeof member(body, 'output') === 'string') {
      const code = exitLine.exec(String(member(body, 'output')).slice(0, 100))?.[1];
      if (code !== undefined) this.exit(Number(code));
    } else if (event === 'terminated') this.isOver = true;
  }

  get end(): SessionEnd {
    const { exitCode, isStopped } = this;
    return exitCode === undefined ? { isStopped } : { exitCode, isStopped };
  }

  private exit(code: unknown): void {
    if (typeof code !== 'number' || !Number.isInteger(code)) return;
    this.exitCode ??= code;
    this.isOver = true;
  }
}

function asMessage(value: unknown): Message {
  return typeof value === 'object' && value !== null ? value : {};
}

function member(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}
