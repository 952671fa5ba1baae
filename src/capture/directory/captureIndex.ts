/** What the index of a capture says. It is worked out of the log: without it, or when it is older than the log, it is made anew. */

export interface CaptureIndex {
  /** As they stand in the log. */
  readonly spans: number;
  /** Spans of those that were in progress first, and came again when they ended. */
  readonly again?: number;
  readonly traces: number;
  /** Spans whose status is an error. */
  readonly errors: number;
  readonly services: readonly string[];
  /** Length of the log when the index was written. */
  readonly bytes: number;
  /** Length of the log of log records, where it was closed; undefined: there is none, or it is not known. */
  readonly recordBytes?: number;
  /** When its last request came, epoch milliseconds; undefined where that is not known. */
  readonly endedAt?: number;
  /** What was damaged and is missing. */
  readonly damage?: IndexedDamage;
}

export interface IndexedDamage {
  /** Places of the logs, and their bytes. */
  readonly parts: number;
  readonly bytes: number;
  /** Spans that were in the log and are not any more; undefined when it is not known how many were there. */
  readonly spans?: number;
}

/** Names that are listed; a file may say more. */
const MAX_SERVICES = 1_000;
const MAX_NAME = 1_000;

/** Undefined for what is none: a file beside a log may hold anything. */
export function parseIndex(value: unknown): CaptureIndex | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const {
    spans,
    again,
    traces,
    bytes,
    services,
    errors,
    recordBytes,
    endedAt,
    damage,
  }: Partial<Record<keyof CaptureIndex, unknown>> = value;
  if (!isCount(spans) || !isCount(traces) || !isCount(bytes) || !Array.isArray(services)) return undefined;
  const names = services.filter((service): service is string => typeof service === 'string' && service.length <= MAX_NAME);
  const damaged = parseDamage(damage);
  return {
    spans,
    traces,
    bytes,
    errors: isCount(errors) ? errors : 0,
    services: names.slice(0, MAX_SERVICES),
    ...(isCount(again) && again > 0 ? { again: Math.min(again, spans) } : {}),
    ...(isCount(recordBytes) ? { recordBytes } : {}),
    ...(isCount(endedAt) ? { endedAt } : {}),
    ...(damaged ? { damage: damaged } : {}),
  };
}

function parseDamage(value: unknown): IndexedDamage | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { parts, bytes, spans }: Partial<Record<keyof IndexedDamage, unknown>> = value;
  if (!isCount(parts) || !isCount(bytes)) return undefined;
  return { parts, bytes, ...(isCount(spans) ? { spans } : {}) };
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}
