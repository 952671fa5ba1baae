/** A capture as its folder has it. */

import type { CaptureAbout } from './captureAbout';
import type { CaptureIndex } from './captureIndex';

export interface KeptCapture {
  readonly id: string;
  readonly path: string;
  /** Epoch milliseconds. */
  readonly startedAt: number;
  readonly bytes: number;
  /** Log of log records; undefined where there were none. */
  readonly logs: { readonly path: string; readonly bytes: number } | undefined;
  /** Files with damaged parts. */
  readonly aside: { readonly paths: readonly string[]; readonly bytes: number };
  /** Of all of its files. */
  readonly allBytes: number;
  /** Somebody writes it, this window or another. */
  readonly live: boolean;
  /** Undefined when there is none. It is current when its `bytes` are those of the log. */
  readonly index: CaptureIndex | undefined;
  readonly about: CaptureAbout;
  /** When the log was written last, epoch milliseconds. */
  readonly writtenAt: number;
}

/** When the last request of a capture came, or its log was written last: epoch milliseconds. */
export function endOf({ index, bytes, writtenAt, startedAt }: KeptCapture): number {
  return Math.max(startedAt, (index?.bytes === bytes ? index.endedAt : undefined) ?? Math.round(writtenAt));
}
