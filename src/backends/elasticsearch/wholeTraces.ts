/**
 * Whole traces as answers of searches, each of which the server can give: it gives 10,000 documents at most. Spans are counted first, so that small
 * traces come together and a large one in slices of its time. One search asks for several traces rather than several searches at once: their status
 * tells when one was refused.
 */

import type { TraceOverview } from '../../core/model/table';
import { joined } from '../common/answerBody';
import { allOf, type Clause } from './clauses';
import { type DocumentServer, type Micros, partialOf, partsOf, type Search } from './documentServer';
import type { SpanFields } from './spanFields';
import { begunIn } from './timeClauses';

/** Spans that are asked for together, so that the first traces are there soon. */
const TOGETHER = 2_000;
/** Spans of a slice of a large trace; as many again may come meanwhile. */
const SLICE = 5_000;
/** Documents that servers give at most. */
const MOST = 10_000;

/** An index in which there are no spans yet does not know the field. */
const inTime = [{ startTime: { order: 'asc', unmapped_type: 'long' } }];

/** The spans that one trace has in a part of time. */
interface Counted {
  readonly traceId: string;
  /** As the server has it. */
  readonly id: string;
  readonly spans: number;
  readonly times: Micros;
  /** Undefined: of all times. */
  readonly part: Micros | undefined;
}

export interface CountedTraces {
  readonly counted: readonly Counted[];
  readonly partial: string | undefined;
}

/**
 * Counts the spans of traces.
 * @param ids in the ways in which documents may have them
 * @param range undefined: at any time
 */
export async function countSpans(
  server: DocumentServer,
  fields: SpanFields,
  ids: readonly string[],
  range: Micros | undefined,
  signal: AbortSignal | undefined,
): Promise<CountedTraces> {
  const counted: Counted[] = [];
  let partial: string | undefined;
  for (const part of range ? partsOf(server, range) : [undefined]) {
    const body = {
      size: 0,
      query: allOf(ofTraces(fields, ids, part)),
      aggs: {
        found: {
          terms: { field: fields.traceId, size: Math.min(server.mostIds, ids.length) },
          aggs: { first: { min: { field: 'startTime' } }, last: { max: { field: 'startTime' } } },
        },
      },
    };
    const answer = await server.ask({ body, times: part }, 'traces', signal);
    partial ??= partialOf(answer);
    for (const [i, trace] of answer.traces.entries()) counted.push(countedOf(trace, answer.ids?.[i] ?? trace.traceId, part));
  }
  return { counted, partial };
}

function countedOf(
  { traceId, spanCount = 0, startUnixNano, durationNs }: TraceOverview,
  id: string,
  part: Micros | undefined,
): Counted {
  const start = Number(startUnixNano / 1000n);
  return { traceId, id, spans: spanCount, times: { start, end: start + Math.round(durationNs / 1000) }, part };
}

function ofTraces(fields: SpanFields, ids: readonly string[], range: Micros | undefined): Clause[] {
  return [{ terms: { [fields.traceId]: ids } }, ...(range ? begunIn(fields, range) : [])];
}

/** Documents of all spans of the traces that were counted. No trace is in two of the bodies: the engine takes the last for all of it. */
export async function* documentsOf(
  server: DocumentServer,
  fields: SpanFields,
  { counted, partial }: CountedTraces,
  signal: AbortSignal | undefined,
): AsyncIterable<Uint8Array<ArrayBuffer>> {
  const get = (search: Search): Promise<Uint8Array<ArrayBuffer> | undefined> =>
    server.documents(search, partial !== undefined, signal);
  for (const group of groupsOf(counted)) {
    const bodies: Uint8Array<ArrayBuffer>[] = [];
    for (const part of new Set(group.map((one) => one.part))) {
      const here = group.filter((one) => one.part === part);
      for await (const times of slicesOf(server, fields, here, signal)) {
        const body = await get(searchFor(fields, idsOf(here), times));
        if (body) bodies.push(body);
      }
    }
    if (bodies.length === 1) yield bodies[0];
    else if (bodies.length > 1)
      yield await joined(
        bodies.flatMap((body) => [body, newLine]),
        signal,
      );
  }
}

const newLine = new Uint8Array([10]);

const idsOf = (counted: readonly Counted[]): string[] => counted.map(({ id }) => id);

/** Whole traces in their order, as many as are asked for together: small ones that lie in one part of time. */
function groupsOf(counted: readonly Counted[]): Counted[][] {
  const byTrace = new Map<string, Counted[]>();
  for (const one of counted) byTrace.set(one.traceId, [...(byTrace.get(one.traceId) ?? []), one]);
  const groups: Counted[][] = [];
  let spans = 0;
  for (const trace of byTrace.values()) {
    const own = trace.reduce((sum, one) => sum + one.spans, 0);
    const group = groups.at(-1);
    const fits = group && spans + own <= TOGETHER && [...group, ...trace].every(({ part }) => part === group[0].part);
    if (fits) group.push(...trace);
    else groups.push([...trace]);
    spans = fits ? spans + own : own;
  }
  return groups;
}

function searchFor(fields: SpanFields, ids: readonly string[], times: Micros | undefined): Search {
  const body = { size: MOST, query: allOf(ofTraces(fields, ids, times)), sort: inTime };
  return { body, times };
}

/** All of a part of time, or slices of it with so many spans that begin in each, or one microsecond with more. */
async function* slicesOf(
  server: DocumentServer,
  fields: SpanFields,
  counted: readonly Counted[],
  signal: AbortSignal | undefined,
): AsyncIterable<Micros | undefined> {
  const [{ part }] = counted;
  if (counted.reduce((sum, { spans }) => sum + spans, 0) <= SLICE) {
    yield part;
    return;
  }
  const end = part?.end ?? Math.max(...counted.map(({ times }) => times.end));
  for (let start = Math.min(...counted.map(({ times }) => times.start)); start <= end; ) {
    const rest = { start, end };
    const query = allOf(ofTraces(fields, idsOf(counted), rest));
    const body = { size: 1, from: SLICE, _source: false, query, sort: inTime };
    const { facts } = await server.ask({ body, times: rest }, 'time', signal);
    const next = typeof facts.micros === 'number' ? facts.micros : undefined;
    // The one after a slice's last begins with it: that microsecond is a slice of its own.
    const last = next === undefined ? end : next > start ? next - 1 : start;
    yield { start, end: last };
    start = last + 1;
  }
}
