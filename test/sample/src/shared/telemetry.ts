// Starts OpenTelemetry for one process. Each entry file imports this first, because only what is loaded after it gets instrumented.
//
// The standard OTEL_* variables decide everything: without an endpoint nothing is started and every span is a no-op. Spans wait half a
// second at most, so that a trace can be read while one still remembers the click.
import { DiagConsoleLogger, DiagLogLevel, diag } from '@opentelemetry/api';
import { getNodeAutoInstrumentations } from '@opentelemetry/auto-instrumentations-node';
import { OTLPTraceExporter as GrpcExporter } from '@opentelemetry/exporter-trace-otlp-grpc';
import { OTLPTraceExporter as JsonExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { OTLPTraceExporter as ProtobufExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import { NodeSDK, tracing } from '@opentelemetry/sdk-node';
import { SpanDetailsProcessor } from './spanDetails';

/** How long a process waits at its end for an endpoint that may never answer. */
const SHUTDOWN_MS = 1500;

const env = process.env;
const sdk = env.OTEL_EXPORTER_OTLP_ENDPOINT || env.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT ? startSdk() : undefined;

function startSdk(): NodeSDK {
  diag.setLogger(new DiagConsoleLogger(), DiagLogLevel.ERROR);
  env.OTEL_SERVICE_NAME ??= 'shop';
  env.OTEL_METRICS_EXPORTER ??= 'none';
  env.OTEL_LOGS_EXPORTER ??= 'none';
  env.OTEL_BSP_SCHEDULE_DELAY ??= '500';
  runClockAhead(Number(env.SHOP_CLOCK_AHEAD_MS ?? 0));
  const started = new NodeSDK({
    spanProcessors: [new SpanDetailsProcessor(), new tracing.BatchSpanProcessor(otlpExporter())],
    instrumentations: getNodeAutoInstrumentations({
      // The route is in the name of the server's span; a span for every layer of Express would say it four times.
      '@opentelemetry/instrumentation-express': { ignoreLayers: [/.*/] },
      '@opentelemetry/instrumentation-router': { enabled: false },
      '@opentelemetry/instrumentation-net': { enabled: false },
      '@opentelemetry/instrumentation-dns': { enabled: false },
      '@opentelemetry/instrumentation-knex': { requireParentSpan: true },
      '@opentelemetry/instrumentation-undici': { requireParentforSpans: true },
    }),
  });
  started.start();
  return started;
}

function otlpExporter(): tracing.SpanExporter {
  switch (env.OTEL_EXPORTER_OTLP_TRACES_PROTOCOL ?? env.OTEL_EXPORTER_OTLP_PROTOCOL) {
    case 'grpc':
      return new GrpcExporter();
    case 'http/json':
      return new JsonExporter();
    default:
      return new ProtobufExporter();
  }
}

/** Clocks of real machines differ; here one process can be told to be ahead of the others. */
function runClockAhead(ms: number): void {
  const now = Date.now;
  if (ms !== 0) Date.now = () => now() + ms;
}

/** Hands over what has not been sent yet. Resolves in any case, also when nobody answers. */
export async function stopTelemetry(): Promise<void> {
  const deadline = new Promise((resolve) => setTimeout(resolve, SHUTDOWN_MS).unref());
  await Promise.race([sdk?.shutdown().catch(() => undefined), deadline]);
}
