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
  /** What HTTP says of it: 400 cannot be read, 404 not here, 408 too slow, 413 too large, 415 in a type or encoding that is not known, 503 not now. */
  readonly status: 400 | 404 | 408 | 413 | 415 | 503;
  /** A sentence, its beginning in small letters where it goes on for a person. */
  readonly message: string;
  /** What is said to the program instead. */
  readonly advice?: string;
  /** What is answered where that is no plain text. */
  readonly answer?: Answer;
  /** Its body did not get to `take`. */
  readonly ofBody: boolean;
}

/** What a body is taken with. */
export interface BodyTools {
  /**
   * What is compressed inside of the body, counted like the body itself.
   * @param encoding as `Content-Encoding` names it
   * @throws BodyError
   */
  inflate(bytes: Uint8Array, encoding: string): Promise<Uint8Array>;
}

/** A request that is being taken. */
export interface Exchange {
  /** Milliseconds that the client waits for its answer, where it says so. */
  readonly patienceMs?: number;
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

/** Every port takes every protocol, over either version of HTTP: what a request is, is told by its path and its headers. */
export interface CaptureProtocol {
  /** As people call it: `OTLP/HTTP`. */
  readonly name: string;
  /** What stands at a path, which begins with a slash, ends with none and has no query; undefined: nothing of this protocol. */
  routeTo(path: string, headers: IncomingHttpHeaders): Route | undefined;
  /** Where to send instead, said to who asks for another path: a sentence, or nothing. */
  readonly hint: string;
}

/** Several as one: the first that has something at a path gets what comes there. */
export function anyOf(protocols: readonly CaptureProtocol[]): CaptureProtocol {
  return {
    name: protocols.map(({ name }) => name).join(', '),
    hint: protocols.flatMap(({ hint }) => (hint === '' ? [] : [hint])).join(' '),
    routeTo(path, headers) {
      for (const protocol of protocols) {
        const route = protocol.routeTo(path, headers);
        if (route) return route;
      }
      return undefined;
    },
  };
}
