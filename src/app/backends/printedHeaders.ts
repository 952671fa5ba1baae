/**
 * What a command prints that makes headers: lines `Name: value`, a JSON object of names and values, `{ "headers": {…}, "expiresInSeconds": 300 }`, or what
 * plug-ins of kubectl print. Pure. Source: Kubernetes, client-go credential plugins, `ExecCredential` (client.authentication.k8s.io/v1).
 */

import type { HttpHeaders } from '../../backends/common/transport';

export interface PrintedHeaders {
  readonly headers: HttpHeaders;
  /** Milliseconds since the epoch; undefined: they hold until they are refused. */
  readonly expiresAtMs?: number;
}

const headerName = /^[A-Za-z0-9!#$%&'*+.^_`|~-]+$/;
/** As they are sent: one line, of characters that have one byte. */
const headerValue = /^[\t\x20-\x7e\x80-\xff]*$/;

/** In words what is wrong: never what was printed. */
export function readPrintedHeaders(text: string, nowMs: number): PrintedHeaders | string {
  const trimmed = text.trim();
  if (trimmed === '') return 'printed nothing';
  return trimmed.startsWith('{') ? ofJson(trimmed, nowMs) : ofPairs(linesOf(trimmed));
}

function ofJson(text: string, nowMs: number): PrintedHeaders | string {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return 'printed JSON that is damaged';
  }
  const status = memberOf(value, 'status');
  const token = memberOf(status, 'token');
  if (typeof token === 'string') {
    const expiresAtMs = dateOf(memberOf(status, 'expirationTimestamp'));
    return withEnd(ofPairs([['authorization', `Bearer ${token}`]]), expiresAtMs);
  }
  const headers = memberOf(value, 'headers');
  if (headers === undefined) return ofPairs(Object.entries(Object(value)));
  const seconds = memberOf(value, 'expiresInSeconds');
  const expiresAtMs =
    typeof seconds === 'number' && Number.isFinite(seconds) ? nowMs + seconds * 1000 : dateOf(memberOf(value, 'expiration'));
  return withEnd(ofPairs(Object.entries(Object(headers))), expiresAtMs);
}

function linesOf(text: string): readonly (readonly [string, unknown])[] {
  return text
    .split(/\r?\n/)
    .filter((line) => line.trim() !== '')
    .map((line) => {
      const colon = line.indexOf(':');
      return colon < 0 ? ['', undefined] : [line.slice(0, colon).trim(), line.slice(colon + 1).trim()];
    });
}

function ofPairs(pairs: readonly (readonly [string, unknown])[]): PrintedHeaders | string {
  const headers: Record<string, string> = {};
  for (const [name, value] of pairs) {
    if (!headerName.test(name)) return 'printed something that is no header';
    if (typeof value !== 'string' || !headerValue.test(value)) return `printed no usable value for the header ${name}`;
    headers[name.toLowerCase()] = value;
  }
  return Object.keys(headers).length === 0 ? 'printed no header' : { headers };
}

function withEnd(read: PrintedHeaders | string, expiresAtMs: number | undefined): PrintedHeaders | string {
  return typeof read === 'string' || expiresAtMs === undefined ? read : { ...read, expiresAtMs };
}

function dateOf(value: unknown): number | undefined {
  const ms = typeof value === 'string' ? Date.parse(value) : Number.NaN;
  return Number.isNaN(ms) ? undefined : ms;
}

function memberOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name) ? Reflect.get(value, name) : undefined;
}
