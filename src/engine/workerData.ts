/** What a new engine is told at its birth. */

export interface EngineWorkerData {
  /** Threads of this process that held an engine and died: their locks on captures are void. */
  readonly deadThreads: readonly number[];
  /** Where it shows that it lives (`watchdog.ts`). */
  readonly beats: SharedArrayBuffer;
}

export function isEngineWorkerData(value: unknown): value is EngineWorkerData {
  return (
    typeof value === 'object' &&
    value !== null &&
    'deadThreads' in value &&
    Array.isArray(value.deadThreads) &&
    'beats' in value &&
    value.beats instanceof SharedArrayBuffer
  );
}
