/**
 * OTLP over HTTP: what SDKs and collectors send to `/v1/traces` and `/v1/logs` goes to the sink, and is answered when the sink has it safe.
 * Metrics are answered as taken and counted, because SDKs send them too and would print errors otherwise.
 * Source: OpenTelemetry Protocol specification, "OTLP/HTTP".
 */

import type { IncomingHttpHeaders } from 'node:http';
import type { Answer, CaptureProtocol, Exchange, Failure, Route } from '../listen/protocol';
import type { TelemetrySink } from '../sink';
import {
  CONTENT_TYPES,
  type Encoding,
  INVALID_ARGUMENT,
  partialSuccess,
  RESOURCE_EXHAUSTED,
  status,
  success,
  UNAVAILABLE,
} from './answers';
import { recordExport, spanExport } from './otlpExport';

const NOTHING = { rejected: 0, message: '' };
const METRICS = 'metrics';

export function otlpHttp(sink: TelemetrySink): CaptureProtocol {
  return {
    name: 'OTLP/HTTP',
    http: 1,
    hint: 'Send OTLP to /v1/traces, /v1/logs or /v1/metrics.',
    routes: {
      '/v1/traces': route('traces', sink, (body, encoding) =>
        body.length === 0 ? Promise.resolve(NOTHING) : sink.spans(spanExport(body, encoding)),
      ),
      '/v1/logs': route('logs', sink, (body, encoding) => sink.records(recordExport(body, encoding))),
      '/v1/metrics': route(METRICS, sink, async () => {
        sink.metrics();
        return NOTHING;
      }),
    },
  };
}

type Signal = 'traces' | 'logs' | typeof METRICS;
type Take = (body: Uint8Array, encoding: Encoding) => ReturnType<TelemetrySink['spans']>;

function route(signal: Signal, sink: TelemetrySink, take: Take): Route {
  return {
    ignoresBody: signal === METRICS,
    begin(headers) {
      const encoding = encodingOf(headers);
      if (encoding) return exchange(signal, encoding, sink, take);
      if (signal === 'traces') sink.refused('unknown content type');
      const type = (headers['content-type'] ?? '').slice(0, 80);
      const message = `its Content-Type is "${type}", not application/x-protobuf or application/json.`;
      const advice = 'Use Content-Type application/x-protobuf or application/json.';
      return { status: 415, message, advice, ofBody: true };
    },
  };
}

function exchange(signal: Signal, encoding: Encoding, sink: TelemetrySink, take: Take): Exchange {
  return {
    async take(body) {
      const { rejected, message } = await take(body, encoding);
      const isWhole = signal === METRICS || (rejected === 0 && message === '');
      return answerOf(200, encoding, isWhole ? success(encoding) : partialSuccess(encoding, signal, rejected, message));
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

function encodingOf(headers: IncomingHttpHeaders): Encoding | undefined {
  const type = (headers['content-type'] ?? '').split(';', 1)[0].trim().toLowerCase();
  if (type === 'application/x-protobuf' || type === 'application/protobuf') return 'protobuf';
  return type === 'application/json' ? 'json' : undefined;
}
