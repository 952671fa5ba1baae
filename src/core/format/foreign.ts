/**
 * What people have at hand beside trace data, and take for it: recognised by how it begins, with what to get instead. Looked at before a format is
 * guessed by the names of members, for some have Jaeger's or Zipkin's.
 */

/** Of the beginning of a text, and the rest of a sentence that begins with the name of the input. */
const texts: readonly { readonly pattern: RegExp; readonly what: string }[] = [
  {
    pattern:
      /^(?:\{\s*"results"\s*:\s*\{\s*"[^"]{0,100}"\s*:\s*\{[^[\]]{0,300}"frames"|\[?\s*\{\s*"schema"\s*:\s*\{[\s\S]{0,3000}?"fields"\s*:|\{\s*"(?:state|series|request)"\s*:[\s\S]{0,3000}?"(?:fields|frames)"\s*:\s*\[)/,
    what: 'is a data frame of Grafana, as its query inspector shows it. Download the trace instead: in Explore, the export button above the trace, or /api/v2/traces/<trace id> of Tempo.',
  },
  {
    pattern: /^\{\s*"traces"\s*:\s*\[\s*\{[^[\]]{0,600}"root(?:ServiceName|TraceName)"/,
    what: 'is a list of search results of Tempo, which has no spans in it. Download a trace instead: /api/v2/traces/<trace id>.',
  },
  {
    pattern: /^\{\s*"data"\s*:\s*\[\s*"/,
    what: "is a list of names, as Jaeger's /api/services answers. Download traces instead: the button Trace JSON above a trace, or /api/traces?service=<name>.",
  },
  {
    pattern: /^\{\s*"data"\s*:\s*\[\s*\{[^[\]{}]{0,400}"(?:callCount|spanKind)"/,
    what: "is a list of Jaeger's dependencies or operations, without spans. Download traces instead: the button Trace JSON above a trace, or /api/traces?service=<name>.",
  },
  {
    pattern: /^\{\s*"TraceSummaries"\s*:(?![\s\S]*"Segments"\s*:)/,
    what: 'is a list of summaries of AWS X-Ray, without segments. Get the traces instead: aws xray batch-get-traces --trace-ids <id>.',
  },
  {
    pattern: /^\{\s*"traces"\s*:\s*\[\s*\{\s*"projectId"\s*:\s*"[^"]{0,200}"\s*,\s*"traceId"\s*:\s*"[^"]{0,64}"\s*\}/,
    what: 'is a list of traces of Google Cloud Trace without their spans. Get them with view=COMPLETE, or one trace by its id.',
  },
  {
    pattern: /^\{\s*"log"\s*:\s*\{\s*"(?:version|creator|pages|entries)"/,
    what: "is a HAR file, a recording of a browser's requests. It has no spans.",
  },
  {
    pattern: /^(?:\{[^[\]]{0,2000}"traceEvents"\s*:\s*\[|\[\s*\{[^[\]]{0,600}"ph"\s*:\s*"[A-Za-z]")/,
    what: "is a recording of Chrome's trace events, as its performance panel saves them. It has no spans; open it in Chrome or in Perfetto.",
  },
  {
    pattern: /^\{\s*"snapshot"\s*:\s*\{\s*"meta"/,
    what: 'is a heap snapshot, no trace data. Open it in the memory panel of Chrome.',
  },
  {
    pattern: /^\{\s*"(?:nodes"\s*:\s*\[\s*\{[^[\]]{0,400}"callFrame"|head"\s*:\s*\{[^[\]]{0,400}"callFrame")/,
    what: 'is a CPU or heap profile of V8, no trace data. VS Code opens it when its name ends with .cpuprofile or .heapprofile.',
  },
  { pattern: /^\{[^[\]]{0,400}"lighthouseVersion"/, what: 'is a report of Lighthouse, no trace data.' },
  {
    pattern: /^\{[^{}]{0,600}"version"\s*:\s*3\s*,[\s\S]{0,2000}"(?:mappings|sources)"\s*:/,
    what: 'is a source map, no trace data.',
  },
  {
    pattern: /^\[?\s*\[?\s*\{[^[\]]{0,600}"(?:span_id|trace_id)"\s*:\s*\d+[^[\]]{0,600}"(?:resource|meta)"\s*:/,
    what: "is trace data of Datadog, which is no format that Spanhop reads. Send the program's spans with an OpenTelemetry SDK, or through the Collector's datadog receiver.",
  },
  {
    pattern: /^\{?[\s\S]{0,2000}"processor"\s*:\s*\{[^{}]{0,200}"event"\s*:\s*"(?:transaction|span)"/,
    what: 'is data of Elastic APM, which is no format that Spanhop reads. Export the trace with OpenTelemetry.',
  },
  {
    pattern: /^\{\s*"took"\s*:\s*\d+(?![\s\S]*"spanID"\s*:)[\s\S]{0,400}"hits"\s*:\s*\{/,
    what: 'is an answer of Elasticsearch or OpenSearch without spans of Jaeger. Search an index whose name begins with jaeger-span.',
  },
  { pattern: /^# (?:HELP|TYPE) \w/, what: 'is a list of metrics for Prometheus, no trace data.' },
];

/** What a text that begins like this is, other than trace data; undefined where nobody can tell. The beginning is without space before it. */
export function foreignText(text: string): string | undefined {
  return texts.find(({ pattern }) => pattern.test(text))?.what;
}
