/** The kinds of documents, in the order in which a document is looked at. A further kind is a file and a line here. */

import { cloudTrace } from '../clouds/cloudTrace';
import { xray } from '../clouds/xray';
import { collectorDebug } from '../console/collectorDebug';
import { cppConsole, cppDocument } from '../console/cppConsole';
import { dotnetConsole } from '../console/dotnetConsole';
import { goStdout } from '../console/goStdout';
import { javaLine } from '../console/javaLine';
import { jsConsole } from '../console/jsConsole';
import { jsSpan } from '../console/jsSpan';
import { phpConsole } from '../console/phpConsole';
import { pythonConsole } from '../console/pythonConsole';
import { rubyConsole } from '../console/rubyConsole';
import { rustConsole } from '../console/rustConsole';
import { swiftConsole } from '../console/swiftConsole';
import { bareSpan } from '../documents/bareSpan';
import { type DocumentKind, isMembers, type LineKind, type Translation } from '../documents/kind';
import type { Members } from '../documents/literal';
import { jaegerBareSpan } from '../jaeger/jaegerBareSpan';
import { jaegerDocument } from '../jaeger/jaegerDocument';
import { jaegerModel } from '../jaeger/jaegerModel';
import { applicationInsights } from '../products/applicationInsights';
import { datadog } from '../products/datadog';
import { elasticApm } from '../products/elasticApm';
import { langfuse } from '../products/langfuse';
import { langsmith } from '../products/langsmith';
import { openaiAgents } from '../products/openaiAgents';
import { sentry } from '../products/sentry';
import { skywalking } from '../products/skywalking';
import { spanRows } from '../products/spanRows';
import type { TraceFormat } from '../sink/layout';
import { zipkinV1 } from '../zipkin/zipkinV1';

export const documentKinds: readonly DocumentKind[] = [
  pythonConsole,
  phpConsole,
  goStdout,
  jsConsole,
  jsSpan,
  zipkinV1,
  jaegerDocument,
  jaegerBareSpan,
  jaegerModel,
  xray,
  cloudTrace,
  swiftConsole,
  cppDocument,
  datadog,
  elasticApm,
  sentry,
  langfuse,
  langsmith,
  openaiAgents,
  skywalking,
  applicationInsights,
  bareSpan,
  // Their names are the plainest.
  spanRows,
];

/** Each reads one text, from where its mark stands in it on. Other text is not looked at line by line. */
export const lineKinds: readonly { readonly mark: RegExp; make(): LineKind }[] = [
  { mark: /AttributesMap\{|\[tracer: /, make: javaLine },
  { mark: /Activity\.TraceId:/, make: dotnetConsole },
  { mark: /ResourceSpans #|Trace ID +:/, make: collectorDebug },
  { mark: /#<struct OpenTelemetry::SDK::Trace::SpanData/, make: rubyConsole },
  { mark: /TraceId +:/, make: rustConsole },
  { mark: /trace_id +:/, make: cppConsole },
];

/** Lines of one of them in braces, which look like a document. */
export const lineBlock = /^\{\s*name {2,}:/;

/** A format that has a reader of its own, as it is recognised among other documents. */
export interface KnownFormat {
  readonly format: TraceFormat & Translation['as'];
  is(document: Members): boolean;
}

const otlpNames: readonly string[] = [
  'resourceSpans',
  'resource_spans',
  'scopeSpans',
  'scope_spans',
  'instrumentationLibrarySpans',
  'batches',
  'resourceLogs',
  'resource_logs',
  'scopeLogs',
  'resourceMetrics',
  'resource_metrics',
  'scopeMetrics',
];

function isRequest(value: unknown): boolean {
  return isMembers(value) && otlpNames.some((name) => Array.isArray(value[name]));
}

/** Asked when no kind knows the document. */
export const knownFormats: readonly KnownFormat[] = [
  // An answer of Jaeger's version 3, or of Tempo's, has the request in it.
  { format: 'otlp-json', is: (document) => [document, document.result, document.trace].some(isRequest) },
  {
    format: 'jaeger',
    is: ({ data, spans, traceID }) =>
      (Array.isArray(spans) && traceID !== undefined) ||
      (Array.isArray(data) &&
        data.length > 0 &&
        isMembers(data[0]) &&
        Array.isArray(data[0].spans) &&
        data[0].traceID !== undefined),
  },
  {
    format: 'zipkin',
    is: ({ traceId, id, localEndpoint, remoteEndpoint, kind, timestamp, duration, tags, annotations }) =>
      typeof traceId === 'string' &&
      typeof id === 'string' &&
      typeof kind !== 'number' &&
      [localEndpoint, remoteEndpoint, timestamp, duration, tags, annotations, kind].some((member) => member !== undefined),
  },
];
