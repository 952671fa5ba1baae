/**
 * Spans made and sent by the real OpenTelemetry SDK for Node with its own exporters: the packages of the sample shop. Ids and times are those of the
 * spans given, everything else is the SDK's doing.
 */
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { AnyValueJson } from '../../../src/core/model/anyValue';
import type { Attributes, PlainSpan } from '../../support/plainSpans';
import { projectRoot } from '../../vscode/locations.mjs';

const fromSample = createRequire(join(projectRoot, 'test', 'sample', 'package.json'));

/** Whether the sample's packages are installed; `prepare` of `sample/prepare.mjs` does. */
export function hasSdk(): boolean {
  try {
    fromSample.resolve('@opentelemetry/sdk-trace-base');
    return true;
  } catch {
    return false;
  }
}

export interface Exporter {
  readonly package:
    | '@opentelemetry/exporter-trace-otlp-http'
    | '@opentelemetry/exporter-trace-otlp-proto'
    | '@opentelemetry/exporter-zipkin';
  readonly name: 'OTLPTraceExporter' | 'ZipkinExporter';
  /** The whole address of its requests. */
  readonly url: string;
}

const hrTime = (nano: bigint): [number, number] => [Number(nano / 1_000_000_000n), Number(nano % 1_000_000_000n)];

function plain({ stringValue, boolValue, intValue, doubleValue, arrayValue }: AnyValueJson): unknown {
  if (arrayValue) return arrayValue.values.map(plain);
  return stringValue ?? boolValue ?? (intValue === undefined ? Number(doubleValue) : Number(intValue));
}

const plainAttributes = (attributes: Attributes): Record<string, unknown> =>
  Object.fromEntries(Object.entries(attributes).map(([key, value]) => [key, plain(value)]));

/** Makes the spans with a provider for each service, and resolves when all are exported. */
export async function sendThroughSdk(traces: readonly (readonly PlainSpan[])[], exporter: Exporter): Promise<void> {
  const api = fromSample('@opentelemetry/api');
  const { BasicTracerProvider, BatchSpanProcessor } = fromSample('@opentelemetry/sdk-trace-base');
  const { resourceFromAttributes } = fromSample('@opentelemetry/resources');
  const Exporting = fromSample(exporter.package)[exporter.name];
  let ids = { traceId: '', spanId: '' };
  const idGenerator = { generateTraceId: () => ids.traceId, generateSpanId: () => ids.spanId };
  const spans = traces.flat();
  const serviceOf = ({ resource }: PlainSpan): string => resource['service.name']?.stringValue ?? '';
  for (const service of new Set(spans.map(serviceOf))) {
    const ofService = spans.filter((span) => serviceOf(span) === service);
    const resource = resourceFromAttributes(plainAttributes(ofService[0].resource));
    const processor = new BatchSpanProcessor(new Exporting({ url: exporter.url }), {
      maxQueueSize: ofService.length,
      maxExportBatchSize: 500,
    });
    const provider = new BasicTracerProvider({ idGenerator, resource, spanProcessors: [processor] });
    for (const span of ofService) {
      ids = span;
      const contextOf = (spanId: string, traceId: string): object => ({ traceId, spanId, traceFlags: 1, isRemote: true });
      const parent =
        span.parentSpanId === ''
          ? api.ROOT_CONTEXT
          : api.trace.setSpanContext(api.ROOT_CONTEXT, contextOf(span.parentSpanId, span.traceId));
      const links = span.links.map(({ traceId, spanId, attributes }) => ({
        context: contextOf(spanId, traceId),
        attributes: plainAttributes(attributes),
      }));
      const options = { kind: span.kind - 1, startTime: hrTime(span.start), attributes: plainAttributes(span.attributes), links };
      const made = provider.getTracer(span.scopeName, span.scopeVersion).startSpan(span.name, options, parent);
      for (const event of span.events) made.addEvent(event.name, plainAttributes(event.attributes), hrTime(event.time));
      if (span.status !== 0) made.setStatus({ code: span.status, message: span.statusMessage || undefined });
      made.end(hrTime(span.end));
    }
    await provider.forceFlush();
    await provider.shutdown();
  }
}
