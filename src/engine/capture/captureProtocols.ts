/** What a capture takes, and on which ports of its own choice programs look for it. */

import { otlpGrpc } from '../../capture/grpc/otlpGrpc';
import { anyOf, type CaptureProtocol } from '../../capture/listen/protocol';
import { otlpHttp } from '../../capture/otlp/otlpHttp';
import type { TelemetrySink } from '../../capture/sink';
import { zipkinHttp } from '../../capture/zipkin/zipkinHttp';
import type { CaptureStart } from '../../protocol/capture';

/** Registered for OTLP over HTTP and over gRPC. Source: IANA service names; OpenTelemetry Protocol specification, "Default Port". */
const OTLP_PORTS = [4318, 4317] as const;
/** Where exporters of Zipkin send by default. Source: Zipkin, "Quickstart". */
const ZIPKIN_PORT = 9411;

export function captureProtocol(sink: TelemetrySink): CaptureProtocol {
  return anyOf([otlpGrpc(sink), zipkinHttp(sink), otlpHttp(sink)]);
}

/** Ports where programs send that were told nothing else. */
export function registeredPorts({ wellKnownPort, zipkinPort }: CaptureStart): readonly number[] {
  return [...(wellKnownPort ? OTLP_PORTS : []), ...(zipkinPort === true ? [ZIPKIN_PORT] : [])];
}
