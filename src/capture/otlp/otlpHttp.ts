/**
 * OTLP over HTTP: what SDKs and collectors send goes to the sink, and is answered when the sink has it safe. Where it goes decides less than what it
 * is: any path that ends in one of OTLP's is taken, for prefixes and doubled ends are what people's endpoints have; at others that exporters know
 * (`/`, Zipkin's) the body tells; and what came to another signal's path is put where it belongs.
 * Metrics are answered as taken and counted, because SDKs send them too and would print errors otherwise.
 * Sources: OpenTelemetry Protocol specification, "OTLP/HTTP"; Zipkin API, "/spans"; Jaeger, "APIs".
 */

import type { IncomingHttpHeaders } from 'node:http';
import type { Answer, CaptureProtocol, Exchange, Failure, Route } from '../listen/protocol';
import { shortened } from '../listen/refusal';
import type { Taken, TelemetrySink } from '../sink';
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

const METRICS = 'metrics';
type Signal = 'traces' | 'logs' | typeof METRICS;

const SIGNAL_PATH = /\/v1\/(traces|logs|metrics)$/;
/** Where exporters of other kinds send, below any prefix: Zipkin's, Jaeger's. And the root, where endpoints without a path lead. */
const OTHER_PATHS = /^\/$|\/api\/v[12]\/spans$|\/api\/traces$/;

export function otlpHttp(sink: TelemetrySink): CaptureProtocol {
  const routes = { traces: route('traces', sink), logs: route('logs', sink), metrics: route(METRICS, sink) };
  return {
    name: 'OTLP/HTTP',
    http: 1,
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
      const [kept, { rejected, message }] = await takeAs(signal, body, formOf(body, encoding), sink);
      const isWhole = kept === METRICS || (rejected === 0 && message === '');
      return answerOf(200, encoding, isWhole ? success(encoding) : partialSuccess(encoding, kept, rejected, message));
    },
    refuse(failure) {
      if (signal === 'traces' && failure.ofBody && failure.status !== 503) sink.refused(failure.message);
      const code = rpcCodeOf(failure);
      return answerOf(failure.status, encoding, status(encoding, code, failure.message), failure.status === 503);
    },
  };
}

const NOTHING: Taken = { rejected: 0, message: '' };

/** What became of a body, and as which signal: as what it holds, where that is another one than its path says. */
async function takeAs(
  signal: Signal,
  body: Uint8Array,
  encoding: Encoding,
  sink: TelemetrySink,
): Promise<readonly [Signal, Taken]> {
  if (signal === METRICS) {
    sink.metrics();
    return [METRICS, NOTHING];
  }
  if (body.length === 0) return [signal, NOTHING];
  if (signal === 'logs') {
    const records = await sink.records(recordExport(body, encoding));
    if (records.held !== 'nothing' && !(encoding === 'json' && namesSpans(body))) return ['logs', records];
    const spans = await sink.spans(spanExport(body, encoding));
    if (spans.beside?.metrics) sink.metrics();
    return records.held === 'nothing' ? ['traces', spans] : ['logs', withMessageOf(records, spans)];
  }
  const spans = await sink.spans(spanExport(body, encoding));
  if (spans.held === 'logs') return ['logs', await sink.records(recordExport(body, encoding))];
  if (spans.held === METRICS || spans.beside?.metrics) sink.metrics();
  if (spans.held === METRICS) return [METRICS, NOTHING];
  if (!spans.beside?.logs) return ['traces', spans];
  return ['traces', withMessageOf(spans, await sink.records(recordExport(body, encoding)))];
}

/** Several signals may be in one body; the answer has room for the count of one. */
function withMessageOf(asked: Taken, other: Taken): Taken {
  return { rejected: asked.rejected, message: [asked.message, other.message].filter((text) => text !== '').join(' ') };
}

function namesSpans(body: Uint8Array): boolean {
  const text = Buffer.from(body.buffer, body.byteOffset, body.length);
  return text.includes('"resourceSpans"') || text.includes('"resource_spans"');
}

const OPEN_OBJECT = 123;
const OPEN_LIST = 91;

/** No message of OTLP's begins with a bracket: that is JSON under a wrong name. */
function formOf(body: Uint8Array, encoding: Encoding): Encoding {
  return body[0] === OPEN_OBJECT || body[0] === OPEN_LIST ? 'json' : encoding;
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
