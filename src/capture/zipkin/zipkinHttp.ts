/**
 * Zipkin's collector: spans in JSON of version 2 or 1 or in protobuf, told apart by what the body is, and answered as Zipkin answers. There is no partial
 * success in its answers: what could not be read of a request is told to the person alone.
 * Sources: openzipkin/zipkin-api zipkin2-api.yaml and zipkin-api.yaml; openzipkin/zipkin ZipkinHttpCollector.java.
 */

import { BodyError } from '../listen/body';
import type { Answer, CaptureProtocol, Exchange, Failure, Route } from '../listen/protocol';
import type { Encoding } from '../otlp/answers';
import { takeAs } from '../otlp/takeOtlp';
import type { TelemetrySink } from '../sink';

/** Below any prefix, which is `/zipkin` for some. */
const PATH = /\/api\/v[12]\/spans$/;
/** How JSON begins; white space may stand before it. */
const JSON_BEGINNING = /^[\s\uFEFF]*[[{]/;
/** Bytes in which it does. */
const BEGINNING = 64;
/** How a list in Thrift begins: of structures. */
const THRIFT_LIST = 0x0c;
const THRIFT_MESSAGE =
  'it is in Thrift, which is not taken. Have the sender use JSON or protobuf (Brave and zipkin-reporter: Encoding.JSON or Encoding.PROTO3).';
const EMPTY = new Uint8Array(0);

export function zipkinHttp(sink: TelemetrySink): CaptureProtocol {
  const route: Route = {
    begin(headers) {
      if (/thrift/i.test(headers['content-type'] ?? '')) {
        sink.refused(THRIFT_MESSAGE);
        return { status: 415, message: THRIFT_MESSAGE, ofBody: true };
      }
      return exchange(sink);
    },
  };
  return {
    name: 'Zipkin',
    hint: '',
    routeTo: (path) => (PATH.test(path) ? route : undefined),
  };
}

function exchange(sink: TelemetrySink): Exchange {
  return {
    async take(body) {
      if (body[0] === THRIFT_LIST) throw new BodyError(415, THRIFT_MESSAGE);
      if (body.length > 0) await takeAs('traces', body, encodingOf(body), sink);
      return { status: 202, headers: {}, body: EMPTY };
    },
    refuse(failure) {
      if (failure.ofBody && failure.status !== 503) sink.refused(failure.message);
      return refusal(failure);
    },
  };
}

function refusal({ status, message }: Failure): Answer {
  const headers = { 'content-type': 'text/plain; charset=utf-8', ...(status === 503 ? { 'retry-after': '1' } : {}) };
  return { status, headers, body: new TextEncoder().encode(`${message}\n`) };
}

/** Senders name the type of their body, wrongly at times: JSON is seen. */
function encodingOf(body: Uint8Array): Encoding {
  return JSON_BEGINNING.test(new TextDecoder().decode(body.subarray(0, BEGINNING))) ? 'json' : 'protobuf';
}
