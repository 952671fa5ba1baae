/**
 * OTLP over gRPC: the unary `Export` of traces, logs and metrics. What is answered when is that of OTLP/HTTP, in gRPC's words.
 * Sources: OpenTelemetry Protocol specification, "OTLP/gRPC"; opentelemetry/proto/collector/{trace,logs,metrics}/v1/*_service.proto.
 */

import type { IncomingHttpHeaders } from 'node:http';
import { GRPC_ENCODINGS, GRPC_STATUS, GRPC_TYPE, type GrpcCode, grpcFailure, isGrpc } from '../listen/grpcStatus';
import type { CaptureProtocol, Exchange, Failure, Route } from '../listen/protocol';
import { shortened } from '../listen/refusal';
import { exportAnswer } from '../otlp/answers';
import { METRICS, type Signal, takeAs } from '../otlp/takeOtlp';
import type { TelemetrySink } from '../sink';
import { framed, messageIn, patienceOf } from './grpcMessage';

const METHOD = /^\/opentelemetry\.proto\.collector\.(trace|logs|metrics)\.v1\.(?:Trace|Logs|Metrics)Service\/Export$/;
const SIGNALS: Readonly<Record<string, Signal>> = { trace: 'traces', logs: 'logs', metrics: METRICS };
const HINT = 'Use an OTLP exporter.';

export function otlpGrpc(sink: TelemetrySink): CaptureProtocol {
  const routes = { traces: route('traces', sink), logs: route('logs', sink), metrics: route(METRICS, sink) };
  return {
    name: 'OTLP/gRPC',
    hint: '',
    routeTo(path, headers) {
      if (!isGrpc(headers['content-type'])) return undefined;
      const service = METHOD.exec(path)?.[1];
      return service === undefined ? unknownMethod(path) : routes[SIGNALS[service]];
    },
  };
}

function route(signal: Signal, sink: TelemetrySink): Route {
  return {
    ignoresBody: signal === METRICS,
    begin(headers) {
      const type = headers['content-type'] ?? '';
      if (/^application\/grpc(?:\+proto)?(?:;|$)/i.test(type)) return exchange(signal, headers, sink);
      if (signal === 'traces') sink.refused('unknown content type');
      return unimplemented(415, `its Content-Type is "${shortened(type)}", not ${GRPC_TYPE}.`);
    },
  };
}

function unknownMethod(path: string): Route {
  const asked = shortened(path);
  return { begin: () => unimplemented(404, `it called ${asked}, which is nothing of OTLP's here. ${HINT}`) };
}

function unimplemented(status: 404 | 415, message: string): Failure {
  return { status, message, answer: grpcFailure(GRPC_STATUS.unimplemented, message), ofBody: true };
}

function exchange(signal: Signal, headers: IncomingHttpHeaders, sink: TelemetrySink): Exchange {
  const patienceMs = patienceOf(headers);
  return {
    ...(patienceMs === undefined ? {} : { patienceMs }),
    async take(body, tools) {
      const message = signal === METRICS ? body : await messageIn(body, headers, tools);
      const answer = exportAnswer('protobuf', ...(await takeAs(signal, message, 'protobuf', sink)));
      return {
        status: 200,
        headers: { 'content-type': GRPC_TYPE, 'grpc-accept-encoding': GRPC_ENCODINGS },
        body: framed(answer),
        trailers: { 'grpc-status': '0' },
      };
    },
    refuse(failure) {
      if (signal === 'traces' && failure.ofBody && failure.status !== 503) sink.refused(failure.message);
      return grpcFailure(codeOf(failure), failure.message);
    },
  };
}

function codeOf({ status }: Failure): GrpcCode {
  switch (status) {
    case 503:
      return GRPC_STATUS.unavailable;
    case 413:
      return GRPC_STATUS.resourceExhausted;
    case 408:
      return GRPC_STATUS.deadlineExceeded;
    case 404:
    case 415:
      return GRPC_STATUS.unimplemented;
    case 400:
      return GRPC_STATUS.invalidArgument;
  }
}
