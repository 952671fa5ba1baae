/** What the engine tells of its memory: how much there is of what, and whether something left it. */

import { formatNumber } from '../core/text/formatText';

export interface MemoryState {
  /** All that is counted. */
  readonly bytes: number;
  readonly limitBytes: number;
  /** Captured traces that are not in memory, or not as a whole, and their spans that are not. */
  readonly leftTraces: number;
  readonly leftSpans: number;
  /** For a person, when captured traces left memory: the fact, the limit and its setting, and where the spans are. The same in all views. */
  readonly message?: string;
}

/** What `memory` answers. */
export interface MemoryReport extends MemoryState {
  /** In memory. */
  readonly spans: number;
  /** Of the process: its JavaScript heap (the engine's), buffers beside it, and all that it takes. */
  readonly heapUsed: number;
  readonly arrayBuffers: number;
  readonly rss: number;
  /** Largest first. */
  readonly accounts: readonly { readonly name: string; readonly kind: string; readonly bytes: number }[];
}

/** `2,048 MB`, of 2^20 bytes as the settings count them. */
export function formatMegabytes(bytes: number): string {
  return `${formatNumber(Math.round(bytes / (1 << 20)))} MB`;
}

export interface MemoryMethods {
  memory(params: Record<never, never>): MemoryReport;
}
