/**
 * What people have at hand beside trace data, and take for it: recognised by its members, with what to get instead. Looked at before a format is
 * guessed by the names of members, for some have Jaeger's or Zipkin's.
 */

import { beginningOf } from './beginning';
import { isMembers, membersIn, membersOf, scalarOf } from './documents/kind';
import { type Members, parseDocument } from './documents/literal';

interface Foreign {
  /** Of the first object of the input, which may stand in a list. */
  is(document: Members, isInList: boolean): boolean;
  /** The rest of a sentence that begins with the name of the input. */
  readonly what: string;
}

const fromJaeger =
  'Download traces instead: the button Trace JSON above a trace, or /api/traces?service=<name>, or /api/traces/<trace id>.';
const fromTempo = 'Download a trace instead: /api/v2/traces/<trace id>.';

const documents: readonly Foreign[] = [
  {
    is: ({ results, schema, fields, series, frames }) =>
      Object.values(membersOf(results)).some((result) => Array.isArray(membersOf(result).frames)) ||
      Array.isArray(membersOf(schema).fields) ||
      [fields, membersOf(membersIn(series)[0]).fields, membersOf(membersIn(frames)[0]).fields].some(areColumns) ||
      Array.isArray(membersOf(membersOf(membersIn(frames)[0]).schema).fields),
    what: 'is a data frame of Grafana, as its query inspector shows it. Download the trace instead: in Explore, the export button above the trace, or /api/v2/traces/<trace id> of Tempo.',
  },
  {
    is: ({ traces, metrics, spanSets, rootServiceName }) =>
      membersIn(traces).some(
        (trace) => trace.rootServiceName !== undefined || trace.rootTraceName !== undefined || isSpanSets(trace),
      ) ||
      (Array.isArray(traces) && traces.length === 0 && isMembers(metrics)) ||
      (rootServiceName !== undefined && spanSets !== undefined),
    what: `is a list of search results of Tempo, which has no spans in it. ${fromTempo}`,
  },
  {
    is: ({ tagNames, tagValues, scopes }) =>
      Array.isArray(tagNames) || Array.isArray(tagValues) || membersIn(scopes).some(({ tags }) => Array.isArray(tags)),
    what: `is a list of tags of Tempo, without spans. ${fromTempo}`,
  },
  {
    is: ({ data, total }) =>
      Array.isArray(data) && typeof data[0] === 'string' && (total === undefined || typeof total === 'number'),
    what: `is a list of names, as Jaeger's /api/services answers. ${fromJaeger}`,
  },
  {
    is: ({ data }) => membersIn(data).some((one) => isDependency(one) || (one.name !== undefined && one.spanKind !== undefined)),
    what: `is a list of Jaeger's dependencies or operations, without spans. ${fromJaeger}`,
  },
  {
    is: (one, isInList) => isInList && isDependency(one),
    what: 'is a list of dependencies between services, as Zipkin answers it, without spans. Download traces instead: /api/v2/trace/<trace id>.',
  },
  {
    is: ({ summaries }) =>
      membersIn(summaries).some(({ traceId, spanCount }) => traceId !== undefined && spanCount !== undefined),
    what: "is a list of summaries of traces, as Jaeger's search answers. Download a trace instead: /api/v3/traces/<trace id>.",
  },
  {
    is: (one) =>
      Object.keys(one).length === 1 &&
      (isTexts(one.services) ||
        membersIn(one.operations).some(({ name, spanKind }) => name !== undefined && spanKind !== undefined)),
    what: `is a list of services or operations, as Jaeger's /api/v3 answers. ${fromJaeger}`,
  },
  {
    is: ({ body, Body, severity_number, severityNumber, Severity, SeverityText, severity_text }) =>
      (body ?? Body) !== undefined &&
      [severity_number, severityNumber, Severity, SeverityText, severity_text].some((one) => one !== undefined),
    what: 'is a log record, as console exporters of OpenTelemetry print them, without spans. Spans are printed by the exporter of traces (OTEL_TRACES_EXPORTER=console).',
  },
  {
    is: ({ ScopeMetrics, resource_metrics, descriptor, dataPoints }) =>
      Array.isArray(ScopeMetrics) || Array.isArray(resource_metrics) || (isMembers(descriptor) && Array.isArray(dataPoints)),
    what: 'is a metric, as console exporters of OpenTelemetry print them, without spans. Spans are printed by the exporter of traces (OTEL_TRACES_EXPORTER=console).',
  },
  {
    is: ({ data }) => Object.values(membersOf(data)).some((answer) => isMembers(membersOf(answer).debuggingTrace)),
    what: 'is an answer of Apache SkyWalking with the trace of its own query. Ask for a trace of a program instead: queryTrace(traceId) in its GraphQL.',
  },
  {
    is: ({ TraceSummaries, Traces }) => Array.isArray(TraceSummaries) && !Array.isArray(Traces),
    what: 'is a list of summaries of AWS X-Ray, without segments. Get the traces instead: aws xray batch-get-traces --trace-ids <id>.',
  },
  {
    is: ({ Traces }) => Array.isArray(Traces) && Traces.length === 0,
    what: 'is an answer of AWS X-Ray without a trace: it has none with these ids, or none any more after 30 days. The ids of others are listed by: aws xray get-trace-summaries.',
  },
  {
    is: ({ traces }) => Array.isArray(traces) && traces.length === 0,
    what: 'is a list of traces without any. Search again over a wider time range, and save that answer.',
  },
  {
    is: ({ traces }) =>
      membersIn(traces).some(
        ({ projectId, traceId, spans }) => projectId !== undefined && traceId !== undefined && spans === undefined,
      ),
    what: 'is a list of traces of Google Cloud Trace without their spans. Get them with view=COMPLETE, or one trace by its id.',
  },
  {
    is: ({ panels, schemaVersion, dashboard }) =>
      [panels, membersOf(dashboard).panels].some(Array.isArray) && (schemaVersion !== undefined || isMembers(dashboard)),
    what: 'is a dashboard of Grafana, which has queries and no spans. Download a trace instead: in Explore, the export button above it.',
  },
  {
    is: ({ log }) => Array.isArray(membersOf(log).entries) || isMembers(membersOf(log).creator),
    what: "is a HAR file, a recording of a browser's requests. It has no spans.",
  },
  {
    is: ({ traceEvents, ph, name, ts, pid }, isInList) =>
      Array.isArray(traceEvents) ||
      (isInList && typeof ph === 'string' && ph.length === 1 && [name, ts, pid].some((one) => one !== undefined)),
    what: "is a recording of Chrome's trace events, as its performance panel and profilers save them. It has no spans; open it in Chrome or in Perfetto.",
  },
  {
    is: ({ snapshot }) => isMembers(membersOf(snapshot).meta),
    what: 'is a heap snapshot, no trace data. Open it in the memory panel of Chrome.',
  },
  {
    is: ({ nodes, head }) => isMembers(membersOf(membersIn(nodes)[0]).callFrame) || isMembers(membersOf(head).callFrame),
    what: 'is a CPU or heap profile of V8, no trace data. VS Code opens it when its name ends with .cpuprofile or .heapprofile.',
  },
  {
    is: ({ $schema }) => typeof $schema === 'string' && $schema.includes('speedscope'),
    what: 'is a profile of speedscope, no trace data. Open it at speedscope.app.',
  },
  { is: ({ lighthouseVersion }) => lighthouseVersion !== undefined, what: 'is a report of Lighthouse, no trace data.' },
  {
    is: ({ version, mappings, sources, sections }) =>
      version === 3 && (typeof mappings === 'string' || Array.isArray(sources) || Array.isArray(sections)),
    what: 'is a source map, no trace data. Source maps are found where the program is built, and need not be opened.',
  },
  {
    is: (document) => document['trace.trace_id'] !== undefined || document['trace.span_id'] !== undefined,
    what: 'is data of Honeycomb without the time or the duration of its spans. Download the whole rows of a trace, or export it with OpenTelemetry.',
  },
  {
    is: ({ event_id: event, spans, contexts }) =>
      typeof event === 'string' && (Array.isArray(spans) || isMembers(membersOf(contexts).trace)),
    what: 'is an event of Sentry without spans. Download the JSON of a transaction instead.',
  },
  {
    is: (document) => isElastic(document) || hitsOf(document).some(({ _source }) => isElastic(membersOf(_source))),
    what: 'is data of Elastic APM without a transaction or a span as its indices have them. Search the indices traces-apm* for a trace.id instead.',
  },
  {
    is: (document) =>
      isMembers(document.hits) &&
      [document.took, document._shards, document.timed_out].some((one) => one !== undefined) &&
      !hitsOf(document).some(({ _source }) => membersOf(_source).spanID !== undefined),
    what: 'is an answer of Elasticsearch or OpenSearch without spans of Jaeger. Search an index whose name begins with jaeger-span.',
  },
  {
    is: ({ status, data }) => typeof status === 'string' && typeof membersOf(data).resultType === 'string',
    what: 'is an answer of Prometheus or Loki, which have no spans.',
  },
  {
    is: ({ name, dependencies, devDependencies, scripts, packages, lockfileVersion }) =>
      lockfileVersion !== undefined ||
      (typeof name === 'string' && packages === undefined && [dependencies, devDependencies, scripts].some(isMembers)),
    what: "is a package.json or a lock file of npm's, no trace data.",
  },
];

/** By what they have, of a text that is no JSON. */
const texts: readonly { readonly pattern: RegExp; readonly what: string }[] = [
  {
    pattern: /(?:^|\n)\{span,\d{1,39},\d{1,20},/,
    what: "is what the stdout exporter for Erlang and Elixir prints, whose times are no dates. Send the program's spans instead: traces_exporter otlp, to the port of the Captures view.",
  },
  {
    pattern: /"otelcol\.signal": "traces"|\bTraces(?:Exporter)?\t? *\{[^{}\n]{0,300}"spans": \d/,
    what: 'is what the debug exporter of an OpenTelemetry Collector prints without the times of spans. Set its verbosity to detailed, or take the file exporter.',
  },
  {
    pattern: /(?:^|\n)Span ID: \d{1,20}\r?\nParent ID: \d/,
    what: "is what an old tracer of Datadog's for Ruby printed. Newer ones log traces as JSON, which Spanhop reads.",
  },
  { pattern: /^# (?:HELP|TYPE) \w/, what: 'is a list of metrics for Prometheus, no trace data.' },
  {
    pattern: /^(?:[^\n,;\t{}[\]]{0,80}([,;\t]))(?:[^\n,;\t{}[\]]{0,80}\1)+[^\n,;\t{}[\]]{0,80}\r?\n[^\n{}[\]]{0,2000}\1/,
    what: 'is a table (CSV), no trace data. Download the trace as JSON instead.',
  },
];

/** What a text that begins like this is, other than trace data; undefined where nobody can tell. The beginning is without space before it. */
export function foreignText(text: string): string | undefined {
  const known = texts.find(({ pattern }) => pattern.test(text))?.what;
  if (known !== undefined) return known;
  // The command that got it may stand before.
  const from = /^[[{]/.test(text) ? 0 : text.search(/\n[ \t]*[[{]/);
  if (from < 0) return undefined;
  const json = text.slice(from).trimStart();
  const { first, isInList } = firstOf(beginningOf(json) ?? parseDocument(json));
  if (typeof first === 'string') {
    return 'is a list of names, as Zipkin answers it for services. Download traces instead: /api/v2/trace/<trace id>.';
  }
  return isMembers(first) ? documents.find((one) => one.is(first, isInList))?.what : undefined;
}

/** The first value that is no list. */
function firstOf(value: unknown): { readonly first: unknown; readonly isInList: boolean } {
  let first = value;
  while (Array.isArray(first)) first = first[0];
  return { first, isInList: Array.isArray(value) };
}

/** Fields of a frame, each with its values. */
function areColumns(fields: unknown): boolean {
  return membersIn(fields).some(({ name, type, values }) => name !== undefined && (values !== undefined || type !== undefined));
}

function isTexts(value: unknown): boolean {
  return Array.isArray(value) && value.length > 0 && value.every((text) => typeof text === 'string');
}

function isSpanSets({ spanSet, spanSets }: Members): boolean {
  return spanSet !== undefined || spanSets !== undefined;
}

function isDependency({ parent, child, callCount }: Members): boolean {
  return callCount !== undefined && parent !== undefined && child !== undefined;
}

function hitsOf(document: Members): readonly Members[] {
  return membersIn(membersOf(document.hits).hits);
}

/** A document of its indices, or a line that an agent sends. Source: elastic/apm-server docs, "Elastic APM events intake API". */
function isElastic({ processor, metadata }: Members): boolean {
  return (
    ['transaction', 'span', 'error'].includes(scalarOf(membersOf(processor).event)) ||
    isMembers(membersOf(membersOf(metadata).service).agent)
  );
}
