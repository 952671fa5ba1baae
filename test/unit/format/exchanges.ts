/** Recorded exchanges with trace servers (`recorded/README.md` of the sample data). */

import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { sharedPath } from '../../support/sharedData';

interface Exchange {
  readonly response: {
    readonly status: number;
    readonly headers: Record<string, string>;
    readonly body?: string;
    readonly bodyBase64?: string;
  };
}

/** The body of an answer, unpacked. */
export function answer(server: string, name: string): Uint8Array {
  const exchange: Exchange = JSON.parse(readFileSync(sharedPath('recorded', server, `${name}.json`), 'utf8'));
  const { body, bodyBase64 } = exchange.response;
  const bytes = body === undefined ? Buffer.from(bodyBase64 ?? '', 'base64') : Buffer.from(body);
  return new Uint8Array(bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzipSync(bytes) : bytes);
}

export interface CatalogueEntry {
  readonly name: string;
  readonly traceId: string;
  readonly spans: number;
}
