/** The head of a request: whom it asks for, and where it goes. */

import { addressesOf, isLoopback, namesAddress } from './admission';
import type { Incoming } from './exchanges';
import { isLocalHost, isLocalOrigin } from './guard';
import { shortened } from './refusal';

/** Headers that decide what a request is; with two of them, two readers may see two requests. Source: RFC 9112, 3.2; RFC 9110, 5.3. */
const SINGLE = new Set(['host', ':authority', 'origin', 'content-type', 'content-encoding', 'content-length']);

/** Its name. */
export function doubledHeader(raw: readonly string[]): string | undefined {
  const seen = new Set<string>();
  for (let i = 0; i < raw.length; i += 2) {
    const name = raw[i].toLowerCase();
    if (!SINGLE.has(name)) continue;
    if (seen.has(name)) return raw[i];
    seen.add(name);
  }
  return undefined;
}

/** Why a request may not be from a program that was told to send here; undefined where it may. */
export function foreignness(request: Incoming): string | undefined {
  const { origin } = request.headers;
  if (origin !== undefined && !isLocalOrigin(origin)) {
    return `a page of ${shortened(origin)} sent it, and only pages of this machine may: open yours at http://localhost.`;
  }
  const host = hostOf(request);
  // Version 1.0 knows no hosts. No browser speaks it, and only a browser can be led here by a foreign name.
  if (host === undefined && request.httpVersion === '1.0') return undefined;
  if (isLocalHost(host)) return undefined;
  const { from, to } = addressesOf(request);
  if (!isLoopback(from) && namesAddress(host, to)) return undefined;
  return host === undefined
    ? 'it names no host.'
    : `it asked for the host "${shortened(host)}", which is no name of this machine. Use 127.0.0.1 or localhost in OTEL_EXPORTER_OTLP_ENDPOINT (host.docker.internal in a container).`;
}

/** Of HTTP/2, the host is no header but the authority; a whole address in place of a path wins. Source: RFC 9113, 8.3.1; RFC 9112, 3.2.2. */
function hostOf({ headers, url }: Incoming): string | undefined {
  const { [':authority']: authority, host } = headers;
  return (typeof authority === 'string' ? authority : undefined) ?? /^https?:\/\/([^/?#]*)/i.exec(url ?? '')?.[1] ?? host;
}

/** Without an address before it, a query behind it, and slashes that say nothing. */
export function pathOf(url: string | undefined): string {
  const path = (url ?? '').replace(/^https?:\/\/[^/?#]*/i, '').split(/[?#]/, 1)[0];
  return `/${path
    .split('/')
    .filter((part) => part !== '')
    .join('/')}`;
}
