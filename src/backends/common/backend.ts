/**
 * What every backend offers, whatever it speaks. A backend knows its protocol and nothing of the editor: it gets a `Transport` for HTTP
 * (the host's `fetch`, with proxy, certificates, credentials, time-out and size cap) and an `AnswerReader` for lists and errors, and gives back
 * either overviews or a trace's bytes in a format that the engine decodes. Nothing of a trace is decoded here.
 */

import type { JaegerAnswer, JaegerWant } from '../../core/answers/jaegerAnswer';
import type { TraceOverview } from '../../core/model/table';
import type { Query } from '../../core/query/query';

export interface BackendSettings {
  /** Unique among the configured backends; shown. 'local' is taken. */
  readonly name: string;
  /** One of `backendKinds`. */
  readonly type: string;
  /** Base address, with a base path where there is one: `http://localhost:16686/jaeger`. */
  readonly url: string;
  /** A user name or password stood in the address: it is no part of `url`, and nothing is asked until it is removed. */
  readonly hasUserInfo?: boolean;
  /** Sent with each request. Secrets do not belong here; they are kept in the secret storage. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Which API to speak; `auto` finds out. */
  readonly api?: 'auto' | 'v3' | 'legacy';
}

/**
 * Reads answers outside of the extension host, which must not be held, and hides in them what is to be hidden. Takes the bytes away: they are empty
 * afterwards. Undefined: they are no JSON object.
 * Rejects with SpanhopError: TooLarge (denser or deeper than any server writes), Cancelled, Unreachable.
 */
export interface AnswerReader {
  readAnswer(bytes: Uint8Array<ArrayBuffer>, want: JaegerWant, signal?: AbortSignal): Promise<JaegerAnswer | undefined>;
}

export interface FindResult {
  /** Newest first, filtered as far as the backend could. */
  readonly traces: readonly TraceOverview[];
  /** Whole traces came with the answers: bodies for the engine, one by one, which makes overviews and filters what was not pushed down. */
  readonly bodies?: readonly Uint8Array<ArrayBuffer>[];
  /** Traces that each body holds at most: one with fewer left none out. */
  readonly tracesPerBody?: number;
  /** There may be more than `limit`. */
  readonly more: boolean;
  /** Traces of the answer that are not listed, because their ids are none. */
  readonly leftOut?: number;
  /** Parts of the query that the backend did not take, as text: the engine filters them when `bodies` are there. */
  readonly notPushedDown: readonly string[];
}

export interface FindOptions {
  readonly limit: number;
}

export interface Backend {
  readonly settings: BackendSettings;
  services(signal?: AbortSignal): Promise<readonly string[]>;
  operations(service: string, signal?: AbortSignal): Promise<readonly string[]>;
  find(query: Query, options: FindOptions, signal?: AbortSignal): Promise<FindResult>;
  /** The bytes of one trace in one of the engine's formats. Rejects with NotFound when there is none. */
  get(traceId: string, signal?: AbortSignal): Promise<Uint8Array<ArrayBuffer>>;
}
