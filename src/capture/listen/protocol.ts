/**
 * A way in which programs send telemetry over HTTP: which addresses it has, how a body is read, what is answered. One file each; who may
 * connect and how much may be sent is the listener's (`listener.ts`).
 */

import type { IncomingHttpHeaders } from 'node:http';

export interface Answer {
  /** Of HTTP. */
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
  /** What follows the body (gRPC says there what became of a call). */
  readonly trailers?: Readonly<Record<string, string>>;
}

/** Why a request is not taken. */
export interface Failure {
  /** What HTTP says of it: 400 cannot be read, 413 too large, 415 in a type or encoding that is not known, 503 not now. */
  readonly status: 400 | 408 | 413 | 415 | 503;
  /** A sentence, its beginning in small letters where it goes on for a person. */
  readonly message: string;
  /** What is said to the program instead. */
  readonly advice?: string;
  /** Its body did not get to `take`. */
  readonly ofBody: boolean;
}

/** What a body is taken with. */
export interface BodyTools {
  /**
   * What is compressed by gzip inside of the body, counted like the body itself.
   * @throws BodyError
   */
  gunzip(bytes: Uint8Array): Promise<Uint8Array>;
}

/** A request that is being taken. */
export interface Exchange {
  /** Resolves with the answer when what the body holds is safe. Rejects when it is not. */
  take(body: Uint8Array, tools: BodyTools): Promise<Answer>;
  /** The answer where that failed, or the body could not be read. */
  refuse(failure: Failure): Answer;
}

/** What stands at an address. All are sent to by POST. */
export interface Route {
  /** Begins with a request's headers, before its body is read. A failure is told, and answered in plain text. */
  begin(headers: IncomingHttpHeaders): Exchange | Failure;
  /** The body is not read into memory, and `take` gets none. */
  readonly ignoresBody?: boolean;
}

export interface CaptureProtocol {
  /** As people call it: `OTLP/HTTP`. */
  readonly name: string;
  /** The version of HTTP that its programs speak. 2 is spoken without TLS and without upgrade, as gRPC does. */
  readonly http: 1 | 2;
  /** What stands at a path, which begins with a slash, ends with none and has no query; undefined: nothing. */
  routeTo(path: string): Route | undefined;
  /** Where to send instead, said to who asks for another path. A sentence. */
  readonly hint: string;
}
