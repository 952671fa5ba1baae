/** Where a page of an X-Ray search begins, as text that may be kept. */

export interface XRayCursor {
  /** Epoch milliseconds: the start of the search. */
  readonly startMs: number;
  /** Epoch milliseconds: the end of the window that is asked for. */
  readonly endMs: number;
  /** Of the server's page in the window; undefined: its first. */
  readonly token?: string;
  /** Traces of that page that were listed before. */
  readonly offset: number;
}

export function writeCursor({ startMs, endMs, token, offset }: XRayCursor): string {
  return JSON.stringify([startMs, endMs, offset, ...(token === undefined ? [] : [token])]);
}

/** Undefined where the text is none of ours: the search begins anew. */
export function readCursor(text: string | undefined): XRayCursor | undefined {
  let parts: unknown;
  try {
    parts = JSON.parse(text ?? '');
  } catch {
    return undefined;
  }
  if (!Array.isArray(parts)) return undefined;
  const [startMs, endMs, offset, token]: unknown[] = parts;
  if (!isCount(startMs) || !isCount(endMs) || !isCount(offset)) return undefined;
  return { startMs, endMs, offset, ...(typeof token === 'string' ? { token } : {}) };
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0;
}
