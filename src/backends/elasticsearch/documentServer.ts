/** What the searches for spans' documents need of a server, whether it is an index that can be asked at will or a service that allows less. */

import { SpanhopError } from '../../base/errors';
import type { Answer } from '../../core/answers/answer';
import { looksLikeJson } from '../common/http';
import type { ServerClient } from '../common/serverClient';
import type { HttpResponse } from '../common/transport';
import type { Clause } from './clauses';
import type { SpanFields } from './spanFields';

/** Epoch microseconds, both ends included. */
export interface Micros {
  readonly start: number;
  readonly end: number;
}

export interface Search {
  /** As the server takes it. */
  readonly body: Clause;
  /** Of what times it is; undefined: all. */
  readonly times?: Micros;
}

export interface DocumentServer {
  /** As messages name it. */
  readonly who: string;
  /** Trace ids that one answer may count at most. */
  readonly mostIds: number;
  /** How far other spans of a trace are looked for from those that were found, microseconds. */
  readonly traceReach: number;
  /** Undefined: no span was stored yet. */
  fields(signal?: AbortSignal): Promise<SpanFields | undefined>;
  /** What is read of the answer to a search for spans. Rejects where it is none. */
  ask(search: Search, what: string, signal?: AbortSignal): Promise<Answer>;
  /** The documents that were found, for the engine. Rejects where it is no whole answer. @param mayLack it is known that some cannot be had */
  documents(search: Search, mayLack: boolean, signal?: AbortSignal): Promise<Uint8Array<ArrayBuffer> | undefined>;
  /** The newest part of a range that one search may be of. */
  newestOf(range: Micros): Micros;
}

/** The parts of a range of which one search each may be, newest first. */
export function partsOf(server: DocumentServer, range: Micros): Micros[] {
  const parts: Micros[] = [];
  for (let end = range.end; end >= range.start; ) {
    const part = server.newestOf({ start: range.start, end });
    parts.push(part);
    end = part.start - 1;
  }
  return parts;
}

/** Why an answer is not whole, as a sentence. */
export function partialOf({ facts }: Answer): string | undefined {
  const { failed, shards, reason, timedOut, skippedClusters } = facts;
  if (typeof failed === 'number' && failed > 0) {
    const why = typeof reason === 'string' && reason !== '' ? `: ${reason.replace(/[.\s]+$/, '')}` : '';
    return `${failed} of its ${shards} shards did not answer${why}. Traces and spans may be missing.`;
  }
  if (timedOut === true)
    return 'The server ended the search at a limit of its own. Traces and spans may be missing; ask for a shorter range.';
  if (skippedClusters !== undefined) return 'Some of its remote clusters did not answer. Traces and spans may be missing.';
  return undefined;
}

const decoder = new TextDecoder();

/** Bytes at the beginning of an answer in which what is said of it stands before what was found. */
const HEAD = 1 << 14;

/** The body, where it is the answer to a search and has documents in it; undefined where nothing was found. */
export async function documentsIn(
  client: ServerClient,
  response: HttpResponse,
  mayLack: boolean,
  signal: AbortSignal | undefined,
): Promise<Uint8Array<ArrayBuffer> | undefined> {
  const head = decoder.decode(response.body.subarray(0, HEAD));
  const hits = head.indexOf('"hits"');
  if (response.status !== 200 || !looksLikeJson(response.body) || hits < 0) throw await client.refused(response, signal);
  const before = head.slice(0, hits);
  const isWhole = !/"timed_out"\s*:\s*true/.test(before) && !/"failed"\s*:\s*[1-9]/.test(before);
  if (!isWhole && !mayLack) {
    const message = `${client.who} did not find all spans of the traces that it listed: a part of it did not answer in time. Try again.`;
    throw new SpanhopError('Unreachable', message, `partial answer: ${before.slice(0, 500)}`);
  }
  return head.includes('"_source"', hits) ? response.body : undefined;
}
