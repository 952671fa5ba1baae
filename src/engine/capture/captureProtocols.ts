/** What a capture takes, and on which ports of its own choice programs look for it. */

import { otlpGrpc } from '../../capture/grpc/otlpGrpc';
import { anyOf } from '../../capture/listen/protocol';
import { otlpHttp } from '../../capture/otlp/otlpHttp';
import type { TelemetrySink } from '../../capture/sink';
import type { ProtocolPort } from './capturePorts';

/** Registered for OTLP/HTTP. Source: IANA service names; OpenTelemetry Protocol specification, "OTLP/HTTP Default Port". */
const OTLP_HTTP_PORT = 4318;

export function captureProtocols(sink: TelemetrySink): readonly ProtocolPort[] {
  return [{ protocol: anyOf([otlpGrpc(sink), otlpHttp(sink)]), registered: OTLP_HTTP_PORT }];
}
