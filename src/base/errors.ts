/**
 * Expected failures. Everything that can go wrong for a reason that a user can act on is a `SpanhopError` with a kind; one module
 * of the editor layer turns kinds into messages and next steps. Errors cross process borders as plain data (`ErrorData`).
 */

/** Also the `name` of the errors with which promises of the exported API reject. */
export type ErrorKind =
  | 'NotFound'
  | 'Unreachable'
  | 'Unauthorized'
  | 'Timeout'
  | 'BadData'
  | 'Cancelled'
  | 'TooLarge'
  | 'BadQuery'
  | 'NotSupported';

const kinds: readonly string[] = [
  'NotFound',
  'Unreachable',
  'Unauthorized',
  'Timeout',
  'BadData',
  'Cancelled',
  'TooLarge',
  'BadQuery',
  'NotSupported',
];

export interface ErrorData {
  readonly kind: ErrorKind;
  /** A sentence for a user: the thing, the fact, the next step. */
  readonly message: string;
  /** More for the log: status line, first bytes of a body, byte offset. Never a stack trace. */
  readonly detail?: string;
}

/** A failure that a user can read and act on. `name` is its kind. */
export class SpanhopError extends Error {
  readonly kind: ErrorKind;
  readonly detail: string | undefined;

  constructor(kind: ErrorKind, message: string, detail?: string) {
    super(message);
    this.kind = kind;
    this.name = kind;
    this.detail = detail;
  }

  static from(data: ErrorData): SpanhopError {
    return new SpanhopError(data.kind, data.message, data.detail);
  }
}

function isErrorKind(name: string): name is ErrorKind {
  return kinds.includes(name);
}

/** Whether something that crossed is an error. */
export function isErrorData(value: unknown): value is ErrorData {
  if (typeof value !== 'object' || value === null || !('kind' in value && 'message' in value)) return false;
  return typeof value.kind === 'string' && isErrorKind(value.kind) && typeof value.message === 'string';
}

/** Any thrown value as data. What is not ours becomes `BadData` with its message; an aborted signal becomes `Cancelled`. */
export function toErrorData(error: unknown): ErrorData {
  if (error instanceof SpanhopError) return { kind: error.kind, message: error.message, detail: error.detail };
  if (error instanceof Error) {
    if (error.name === 'AbortError') return { kind: 'Cancelled', message: 'Cancelled.' };
    return { kind: isErrorKind(error.name) ? error.name : 'BadData', message: error.message, detail: error.name };
  }
  return { kind: 'BadData', message: String(error) };
}

/** The error for an operation whose signal was aborted. */
export function cancelled(): SpanhopError {
  return new SpanhopError('Cancelled', 'Cancelled.');
}

export function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw cancelled();
}
