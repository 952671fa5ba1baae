/** The limits of memory, and how a person is told of them. */

import { formatNumber } from '../../core/text/formatText';
import { formatMegabytes, type MemoryState } from '../../protocol/memory';
import type { LeftCounts } from './evicted';

/** A number of bytes, and the setting that it comes from. */
export interface MemoryLimit {
  readonly bytes: number;
  readonly setting: string;
}

export interface MemoryLimits {
  readonly all: MemoryLimit;
  /** Of captured traces alone: a setting of before; else the same as `all`. */
  readonly captures: MemoryLimit;
}

const ALL_SETTING = 'spanhop.memoryMegabytes';
const CAPTURES_SETTING = 'spanhop.capture.memoryMegabytes';

/** @param capturesBytes undefined: captures have no limit of their own */
export function memoryLimits(allBytes: number, capturesBytes: number | undefined): MemoryLimits {
  const all: MemoryLimit = { bytes: allBytes, setting: ALL_SETTING };
  const isOwn = capturesBytes !== undefined && capturesBytes < allBytes;
  return { all, captures: isOwn ? { bytes: capturesBytes, setting: CAPTURES_SETTING } : all };
}

/** `512 MB (setting spanhop.memoryMegabytes)` */
export function describeLimit({ bytes, setting }: MemoryLimit): string {
  return `${formatMegabytes(bytes)} (setting ${setting})`;
}

export function memoryStateOf(bytes: number, { all, captures }: MemoryLimits, left: LeftCounts | undefined): MemoryState {
  const state = { bytes, limitBytes: all.bytes, leftTraces: left?.traces ?? 0, leftSpans: left?.spans ?? 0 };
  if (state.leftSpans === 0) return state;
  const message = `The oldest captured traces left memory, which holds ${describeLimit(captures)}. Their spans are still in the captures' logs.`;
  return { ...state, message };
}

/** Of a whole trace that left. */
export function describeLeft(traceId: string, kind: 'captures' | 'files' | 'answers', limit: MemoryLimit): string {
  const rest = kind === 'captures' ? "Its spans are still in its capture's log." : 'Ask its backend for it again.';
  return `Trace ${traceId} left memory, which holds ${describeLimit(limit)}. ${rest}`;
}

/** Of a trace of which spans left: `Only 20 of 1,000 spans …`. */
export function describePart(here: number, missing: number, kind: 'captures' | 'files' | 'answers', limit: MemoryLimit): string {
  const rest = kind === 'captures' ? "The others are still in the capture's log." : 'The others left.';
  return `Only ${formatNumber(here)} of ${formatNumber(here + missing)} spans of this trace are in memory, which holds ${describeLimit(limit)}. ${rest}`;
}
