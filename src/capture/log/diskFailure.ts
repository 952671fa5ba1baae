/** What a file system answers, in words for a person. Sources: errno(3), libuv's list of errors. */

import { SpanhopError } from '../../base/errors';

const REASONS: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk quota is used up',
  EFBIG: 'the file would be longer than the file system allows',
  EROFS: 'the file system is read-only',
  EACCES: 'there is no permission to write there',
  EPERM: 'there is no permission to write there',
  EIO: 'the disk reports an error',
  EMFILE: 'too many files are open',
  ENFILE: 'too many files are open',
  ENOENT: 'the folder is not there',
  ENOTDIR: 'something else is in its place',
  EEXIST: 'something else is in its place',
  ELOOP: 'its links lead in a circle',
};

export function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
}

/** Part of a sentence. */
export function diskReason(error: unknown): string {
  return REASONS[codeOf(error)] ?? (error instanceof Error ? error.message : String(error));
}

/** A request does not stand in the log. */
export class LogFailure extends SpanhopError {
  /**
   * @param ended `stopped`: the log was closed. `lost`: what stands at its path is not, or not any more, what was written. Undefined: the next
   * request may be taken.
   */
  constructor(
    message: string,
    readonly ended?: 'stopped' | 'lost',
  ) {
    super(ended === 'stopped' ? 'NotFound' : 'Unreachable', message);
  }
}
