/**
 * What answers where no Jaeger does: systems that people have at the address, named so that nobody has to guess. Each is known by one question that it
 * alone answers so. Sources: openzipkin/zipkin-api, zipkin2-api.yaml; Grafana Tempo's documentation, "HTTP API" (`/api/echo`); Grafana's, "Health API".
 */

import { SpanhopError } from '../../base/errors';
import { address, looksLikeJson } from './http';
import type { HttpResponse, Transport } from './transport';

interface Stranger {
  readonly name: string;
  readonly path: string;
  readonly isIt: (response: HttpResponse, text: string) => boolean;
  /** What can be done with its traces. */
  readonly help: string;
}

const strangers: readonly Stranger[] = [
  {
    name: 'Grafana',
    path: '/api/health',
    isIt: ({ body }, text) => looksLikeJson(body) && /"database"\s*:\s*"/.test(text) && /"(?:version|commit)"/.test(text),
    help: 'Download a trace in Explore and open the file.',
  },
  {
    name: 'Tempo',
    path: '/api/echo',
    isIt: (_, text) => text.trim() === 'echo',
    help: 'Its answer to /api/traces/<trace id> can be saved and opened as a file.',
  },
  {
    name: 'Zipkin',
    path: '/api/v2/services',
    isIt: ({ body }, text) => looksLikeJson(body) && text.trimStart().startsWith('['),
    help: 'Press "Download JSON" at a trace and open the file.',
  },
];

/** What answers, in a sentence; undefined where nobody knows it. Nothing is read of it but its beginning. Rejects with `Cancelled`. */
export async function nameStranger(url: string, transport: Transport, signal: AbortSignal): Promise<string | undefined> {
  const found = await Promise.all(strangers.map((each) => isThere(each, url, transport, signal)));
  const stranger = strangers.find((_, i) => found[i]);
  return stranger && `${stranger.name} answers at ${url}, and only Jaeger's traces can be listed. ${stranger.help}`;
}

async function isThere({ path, isIt }: Stranger, url: string, transport: Transport, signal: AbortSignal): Promise<boolean> {
  try {
    const response = await transport.request({ method: 'GET', url: address(url, path), maxBytes: 1 << 20 }, signal);
    return response.status === 200 && isIt(response, new TextDecoder().decode(response.body.subarray(0, 4096)));
  } catch (error) {
    if (error instanceof SpanhopError && error.kind === 'Cancelled') throw error;
    return false;
  }
}
