/**
 * What every backend offers, whatever it speaks. A backend knows its protocol and nothing of the editor: it gets a `Transport` for HTTP
 * (with proxy, certificates, credentials, retries, time-out and size cap) and an `AnswerReader` for lists and errors, and gives back
 * either overviews or a trace's bytes in a format that the engine decodes. Nothing of a trace is decoded here.
 */

import type { Answer, AnswerWant, Dependency } from '../../core/answers/answer';
import type { TraceOverview } from '../../core/model/table';
import type { Query } from '../../core/query/query';
import type { PushDown } from './pushDown';
import type { Transport } from './transport';

export interface BackendSettings {
  /** Unique among the configured backends; shown. 'local' is taken. */
  readonly name: string;
  /** One of `backendKinds`. */
  readonly type: string;
  /** Base address, with a base path where there is one: `http://localhost:16686/jaeger`. Of a kind that needs none: where its requests go. */
  readonly url: string;
  /** A user name or password stood in the address: it is no part of `url`, and nothing is asked until it is removed. */
  readonly hasUserInfo?: boolean;
  /** Sent with each request. Secrets do not belong here; they are kept in the secret storage. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Values of the kind's own fields, by name, each of its field's type; what was left out is not there. */
  readonly options: Readonly<Record<string, OptionValue>>;
}

export type OptionValue = string | number | boolean;

/**
 * Reads answers outside of the extension host, which must not be held, and hides in them what is to be hidden. Takes the bytes away: they are empty
 * afterwards. Undefined: they are no JSON.
 * Rejects with SpanhopError: TooLarge (denser or deeper than any server writes), Cancelled, Unreachable.
 */
export interface AnswerReader {
  readAnswer(bytes: Uint8Array<ArrayBuffer>, want: AnswerWant, signal?: AbortSignal): Promise<Answer | undefined>;
}

/** What of a folder the engine has. */
export interface ReadFolder {
  /** That were read whole. */
  readonly files: number;
  /** Files that could not be read, or not whole, each as a sentence that names it. */
  readonly problems: readonly string[];
  /** Files for which there was no room. */
  readonly unread: number;
  /** The folder holds more than is looked at. */
  readonly isCut: boolean;
  /** The limit of memory that was reached, in words. */
  readonly memoryLimit?: string;
}

/** Reads the trace files of the backend's folder into the engine. */
export interface FolderReader {
  /** Reads what is new, and lets go of what is gone. Rejects with SpanhopError: NotFound, BadData, Unauthorized, Cancelled. */
  read(signal?: AbortSignal): Promise<ReadFolder>;
  /** How many files there are; nothing is read. Rejects as `read`. */
  count(signal?: AbortSignal): Promise<number>;
  /** Of the traces that were read. */
  services(signal?: AbortSignal): Promise<readonly string[]>;
  operations(service: string, signal?: AbortSignal): Promise<readonly string[]>;
}

/** What a backend is made with. */
export interface BackendContext {
  /** How far a search looks back that names no start, in milliseconds. */
  readonly windowMs: number;
  readonly settings: BackendSettings;
  readonly transport: Transport;
  readonly reader: AnswerReader;
  /** Of a kind with a field that names a folder. */
  readonly folder?: FolderReader;
  /** Epoch milliseconds. */
  readonly nowMs: () => number;
}

export interface FindOptions {
  /** Traces of a page. What the server gives may be fewer, or more where it cannot do otherwise. */
  readonly pageSize: number;
  /** Of an earlier page of the same query: goes on behind it. */
  readonly cursor?: string;
}

/** A part of an answer. Pages come newest first as far as the server has that order. */
export interface FindPage {
  /** As the server tells them, newest first. They are the answer, unless there are `bodies`. */
  readonly traces: readonly TraceOverview[];
  /**
   * Whole traces, for the engine: it makes overviews of them, and filters by what of the query the server did not apply exactly. The next one is asked
   * for when the one before was read.
   */
  readonly bodies?: AsyncIterable<Uint8Array<ArrayBuffer>>;
  /** The engine has all traces of the backend: the search is its own, as that of captures, and this the only page. */
  readonly inEngine?: true;
  /** What the server did with the query. */
  readonly pushDown: PushDown;
  /** Some of the whole traces may lie outside of the time range: they are filtered by it, whatever else the server did. */
  readonly mayBeOutside?: boolean;
  /** The query in the words of this server's data, which the engine filters by; undefined: the one that was asked. */
  readonly filter?: Query;
  /**
   * Where the next page begins, as text that may be kept; undefined: this was the last. Asked for when the bodies of this page were read.
   * @param seen all traces of the answer, before anything was filtered here: of each body, or those of `traces`
   */
  readonly next?: (seen: readonly (readonly TraceOverview[])[]) => string | undefined;
  /** Traces of the answer that are not listed, because their ids are none. */
  readonly leftOut?: number;
  /** Why the answer is not whole, as a sentence: the server said so, or a part of it did not answer. */
  readonly partial?: string;
}

/** One trace as the server has it. */
export interface FoundTrace {
  /** Documents in formats of the engine: all spans of a trace are in one, log records of it may be in another. */
  readonly bodies: readonly Uint8Array<ArrayBuffer>[];
  /** The id that its spans have, of 32 digits, where the server gives them for another one. */
  readonly traceId?: string;
  /** Why it is not whole, as a sentence. */
  readonly partial?: string;
}

/** What answers at the address. */
export interface ServerFacts {
  /** As people name it, where it is not the kind's label: `VictoriaTraces`. */
  readonly product?: string;
  readonly version?: string;
  /** How many services it knows; undefined where it cannot tell. */
  readonly services?: number;
}

/** Epoch milliseconds. */
export interface TimeRange {
  readonly startMs: number;
  readonly endMs: number;
}

/** All reject with SpanhopError. What a descriptor's capabilities do not name is not there. */
export interface Backend {
  readonly settings: BackendSettings;
  /** Asked once before it is saved, and to say what is there. */
  describe(signal?: AbortSignal): Promise<ServerFacts>;
  services(signal?: AbortSignal): Promise<readonly string[]>;
  operations(service: string, signal?: AbortSignal): Promise<readonly string[]>;
  /** Pages until nothing is left, or whoever reads them has enough and returns. */
  find(query: Query, options: FindOptions, signal?: AbortSignal): AsyncIterable<FindPage>;
  /** Rejects with NotFound when there is none. */
  get(traceId: string, signal?: AbortSignal): Promise<FoundTrace>;
  /** Keys of attributes, scoped as in a query: `span.http.route`, `resource.service.name`. */
  tags?(signal?: AbortSignal): Promise<readonly string[]>;
  /** Values of one of `tags`. */
  tagValues?(key: string, signal?: AbortSignal): Promise<readonly (string | number | boolean)[]>;
  /** Puts a trace aside, where it does not expire with the others. Rejects with NotFound, and with NotSupported where the server has no such place. */
  archiveTrace?(traceId: string, signal?: AbortSignal): Promise<void>;
  /** Who calls whom, as the server tells. */
  dependencies?(range: TimeRange, signal?: AbortSignal): Promise<readonly Dependency[]>;
}
