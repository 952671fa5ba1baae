/**
 * What people have at hand beside trace data, and take for it: recognised by its members, with what to get instead. Looked at before a format is
 * guessed by the names of members, for some have Jaeger's or Zipkin's.
 */

import { beginningOf } from './beginning';
import { isMembers, membersIn, membersOf, scalarOf } from './documents/kind';
import type { Members } from './documents/literal';

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
    is: ({ trace_id: trace, span_id: span, start, resource, meta }) =>
      typeof trace === 'number' && typeof span === 'number' && [start, resource, meta].some((one) => one !== undefined),
    what: "is trace data of Datadog, which is no format that Spanhop reads. Send the program's spans with an OpenTelemetry SDK, or through the Collector's datadog receiver.",
  },
  {
    is: (document) => document['trace.trace_id'] !== undefined || document['trace.span_id'] !== undefined,
    what: 'is data of Honeycomb, which is no format that Spanhop reads. Export the trace with OpenTelemetry.',
  },
  {
    is: ({ event_id: event, spans, contexts }) =>
      typeof event === 'string' && (Array.isArray(spans) || isMembers(membersOf(contexts).trace)),
    what: 'is an event of Sentry, which is no format that Spanhop reads. Export the trace with OpenTelemetry.',
  },
  {
    is: (document) => isElastic(document) || hitsOf(document).some(({ _source }) => isElastic(membersOf(_source))),
    what: 'is data of Elastic APM, which is no format that Spanhop reads. Export the trace with OpenTelemetry.',
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

/** By their beginning, of a text that is no JSON. */
const texts: readonly { readonly pattern: RegExp; readonly what: string }[] = [
  { pattern: /^# (?:HELP|TYPE) \w/, what: 'is a list of metrics for Prometheus, no trace data.' },
  {
    pattern: /^(?:[^\n,;\t{}[\]]{0,80}([,;\t]))(?:[^\n,;\t{}[\]]{0,80}\1)+[^\n,;\t{}[\]]{0,80}\r?\n[^\n{}[\]]{0,2000}\1/,
    what: 'is a table (CSV), no trace data. Download the trace as JSON instead.',
  },
];

/** What a text that begins like this is, other than trace data; undefined where nobody can tell. The beginning is without space before it. */
export function foreignText(text: string): string | undefined {
  if (!text.startsWith('{') && !text.startsWith('[')) return texts.find(({ pattern }) => pattern.test(text))?.what;
  const { first, isInList } = firstOf(beginningOf(text));
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
