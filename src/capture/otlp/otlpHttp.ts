/**
 * OTLP over HTTP: what SDKs and collectors send goes to the sink, and is answered when the sink has it safe. Where it goes decides less than what it
 * is: any path that ends in one of OTLP's is taken, for prefixes and doubled ends are what people's endpoints have; at others that exporters know
 * (`/`, Jaeger's) the body tells; and what came to another signal's path is put where it belongs.
 * Metrics are answered as taken and counted, because SDKs send them too and would print errors otherwise.
 * Sources: OpenTelemetry Protocol specification, "OTLP/HTTP"; Jaeger, "APIs".
 */

import type { IncomingHttpHeaders } from 'node:http';
import type { Answer, CaptureProtocol, Exchange, Failure, Route } from '../listen/protocol';
import { shortened } from '../listen/refusal';
import type { TelemetrySink } from '../sink';
import { CONTENT_TYPES, type Encoding, exportAnswer, INVALID_ARGUMENT, RESOURCE_EXHAUSTED, status, UNAVAILABLE } from './answers';
import { METRICS, type Signal, takeAs } from './takeOtlp';

const SIGNAL_PATH = /\/v1\/(traces|logs|metrics)$/;
/** Where exporters of Jaeger send, below any prefix. And the root, where endpoints without a path lead. */
const OTHER_PATHS = /^\/$|\/api\/traces$/;

export function otlpHttp(sink: TelemetrySink): CaptureProtocol {
  const routes = { traces: route('traces', sink), logs: route('logs', sink), metrics: route(METRICS, sink) };
  return {
    name: 'OTLP/HTTP',
    hint: 'Send OTLP to /v1/traces, /v1/logs or /v1/metrics.',
    routeTo(path) {
      const signal = SIGNAL_PATH.exec(path)?.[1];
      if (signal === 'logs' || signal === METRICS) return routes[signal];
      return signal !== undefined || OTHER_PATHS.test(path) ? routes.traces : undefined;
    },
  };
}

function route(signal: Signal, sink: TelemetrySink): Route {
  return {
    ignoresBody: signal === METRICS,
    begin(headers) {
      const encoding = encodingOf(headers);
      if (encoding) return exchange(signal, encoding, sink);
      if (signal === 'traces') sink.refused('unknown content type');
      const type = shortened(headers['content-type'] ?? '');
      const instead = /thrift/i.test(type)
        ? "It is Jaeger's own protocol; use the OTLP exporter in place of it."
        : 'Use Content-Type application/x-protobuf or application/json.';
      const message =
        type === ''
          ? 'it has no Content-Type.'
          : `its Content-Type is "${type}", not application/x-protobuf or application/json.`;
      return { status: 415, message, advice: instead, ofBody: true };
    },
  };
}

function exchange(signal: Signal, encoding: Encoding, sink: TelemetrySink): Exchange {
  return {
    async take(body) {
      return answerOf(200, encoding, exportAnswer(encoding, ...(await takeAs(signal, body, encoding, sink))));
    },
    refuse(failure) {
      if (signal === 'traces' && failure.ofBody && failure.status !== 503) sink.refused(failure.message);
      const code = rpcCodeOf(failure);
      return answerOf(failure.status, encoding, status(encoding, code, failure.message), failure.status === 503);
    },
  };
}

function answerOf(code: number, encoding: Encoding, body: Uint8Array, later = false): Answer {
  const headers = { 'content-type': CONTENT_TYPES[encoding], ...(later ? { 'retry-after': '1' } : {}) };
  return { status: code, headers, body };
}

function rpcCodeOf({ status: code }: Failure): number {
  return code === 503 ? UNAVAILABLE : code === 413 ? RESOURCE_EXHAUSTED : INVALID_ARGUMENT;
}

/** Of JSON and protobuf in their various names. Sources: RFC 6839, 3.1; the registrations and habits of protobuf's users. */
function encodingOf(headers: IncomingHttpHeaders): Encoding | undefined {
  const type = (headers['content-type'] ?? '').split(';', 1)[0].trim().toLowerCase();
  if (/^application\/(?:x-protobuf|protobuf|x-google-protobuf|vnd\.google\.protobuf)$/.test(type)) return 'protobuf';
  return /^application\/(?:json|x-ndjson|jsonl|(?:[\w.-]+\+)json)$/.test(type) ? 'json' : undefined;
}
