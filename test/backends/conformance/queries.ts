/**
 * The queries that are run over every connector and over the local store: by what of TraceQL they have in them. Together they ask for each part that a
 * connector may hand to its server, and for what none can be asked.
 */
import type { PlainSpan } from '../../support/plainSpans';

type Trace = readonly PlainSpan[];

/** What a server has to have kept of a span for a query to find what it should. */
export type Feature =
  /** Numbers and booleans as such. */
  | 'types'
  /** Lists. */
  | 'lists'
  /** Resource attributes other than the service. */
  | 'resource'
  /** Attributes of events. */
  | 'event attributes'
  /** Names of events. */
  | 'events'
  | 'links'
  | 'link attributes'
  /** Name and version of the instrumentation scope. */
  | 'scope'
  /** Letter case of the names of spans and services. */
  | 'case'
  /** Kinds, `internal` told from none. */
  | 'kinds'
  /** `ok` told from unset. */
  | 'ok'
  | 'status message'
  /** Keys as they are, whatever characters they have. */
  | 'keys'
  /** One span for each side of a call, each with its own id. */
  | 'spans'
  /** Names of spans. */
  | 'names'
  /** Durations below a microsecond. */
  | 'nanoseconds';

export interface ConformanceQuery {
  readonly query: string;
  /** The same said in plain words of a trace, its root first: what the query is to find. */
  readonly holds: (trace: Trace) => boolean;
  readonly needs?: readonly Feature[];
  /** First and last minute of the system that are looked at; default: all ten. */
  readonly minutes?: readonly [number, number];
  /** How many at most; default: more than there are. */
  readonly limit?: number;
}

const MILLI = 1e6;
const SECOND = 1e9;

const some =
  (is: (span: PlainSpan) => boolean) =>
  (trace: Trace): boolean =>
    trace.some(is);
const of =
  (service: string) =>
  ({ resource }: PlainSpan): boolean =>
    resource['service.name'].stringValue === service;
const named =
  (wanted: string) =>
  ({ name }: PlainSpan): boolean =>
    name === wanted;
const isServer =
  (service: string) =>
  (span: PlainSpan): boolean =>
    of(service)(span) && span.kind === 2;
/** Nanoseconds. */
const lasts = ({ start, end }: PlainSpan): number => Number(end - start);
const ofText = ({ attributes }: PlainSpan, key: string): string | undefined => attributes[key]?.stringValue;
const number = ({ attributes }: PlainSpan, key: string): number =>
  Number(attributes[key]?.intValue ?? attributes[key]?.doubleValue ?? Number.NaN);
const ofEvent = ({ events }: PlainSpan, key: string): string | undefined =>
  events.find(({ attributes }) => key in attributes)?.attributes[key].stringValue;
const parentOf = (trace: Trace, { parentSpanId }: PlainSpan): PlainSpan | undefined =>
  trace.find(({ spanId }) => spanId === parentSpanId);
const average = (numbers: readonly number[]): number => numbers.reduce((sum, one) => sum + one, 0) / numbers.length;

/** A text, a number or a boolean. */
function value(span: PlainSpan, key: string): unknown {
  const { stringValue, boolValue } = span.attributes[key] ?? {};
  return stringValue ?? boolValue ?? number(span, key);
}

/** From the first to the last moment, in nanoseconds. */
function wholeOf(trace: Trace): number {
  const first = trace.reduce((least, { start }) => (start < least ? start : least), trace[0].start);
  const last = trace.reduce((most, { end }) => (end > most ? end : most), trace[0].end);
  return Number(last - first);
}

function ancestors(trace: Trace, span: PlainSpan): PlainSpan[] {
  const parent = parentOf(trace, span);
  return parent ? [parent, ...ancestors(trace, parent)] : [];
}

/** How many traces are asked for where a query names no limit: more than there are. */
export const ALL = 1500;

export const conformanceQueries: readonly ConformanceQuery[] = [
  // Everything, windows, limits.
  { query: '{ }', holds: () => true },
  { query: '{ }', holds: () => true, minutes: [0, 0] },
  { query: '{ }', holds: () => true, minutes: [3, 6] },
  { query: '{ }', holds: () => true, limit: 7 },
  { query: '{ resource.service.name = "frontend" }', holds: some(of('frontend')), limit: 25, needs: [] },
  { query: '{ status = error }', holds: some((span) => span.status === 2), minutes: [8, 9] },
  // Services and names.
  { query: '{ resource.service.name = "frontend" }', holds: some(of('frontend')) },
  { query: '{ resource.service.name = "payment" }', holds: some(of('payment')) },
  { query: '{ resource.service.name = "Mailer EU" }', holds: some(of('Mailer EU')), needs: ['case'] },
  { query: '{ .service.name = "legacy-bridge" }', holds: some(of('legacy-bridge')) },
  { query: '{ resource.service.name = "nobody" }', holds: () => false },
  { query: '{ resource.service.name =~ "(cart|checkout)" }', holds: some((span) => of('cart')(span) || of('checkout')(span)) },
  { query: '{ resource.service.name != "frontend" }', holds: some((span) => !of('frontend')(span)) },
  { query: '{ name = "SELECT products" }', holds: some(named('SELECT products')), needs: ['names', 'case'] },
  {
    query: '{ name = "charge" && resource.service.name = "payment" }',
    holds: some((span) => named('charge')(span) && of('payment')(span)),
    needs: ['names'],
  },
  {
    query: '{ name =~ "step [2-4]" }',
    holds: some(({ name }) => ['step 2', 'step 3', 'step 4'].includes(name)),
    needs: ['names'],
  },
  { query: '{ name = "no such name" }', holds: () => false },
  { query: '{ rootServiceName = "reports" }', holds: (trace) => of('reports')(trace[0]) },
  // Durations.
  { query: '{ duration > 1s }', holds: some((span) => lasts(span) > SECOND) },
  {
    query: '{ duration < 400us && resource.service.name = "frontend" }',
    holds: some((span) => lasts(span) < 0.4 * MILLI && of('frontend')(span)),
    needs: ['spans'],
  },
  {
    query: '{ duration >= 2ms && duration <= 20ms }',
    holds: some((span) => lasts(span) >= 2 * MILLI && lasts(span) <= 20 * MILLI),
  },
  {
    query: '{ resource.service.name = "payment" && duration > 5ms }',
    holds: some((span) => of('payment')(span) && lasts(span) > 5 * MILLI),
  },
  { query: '{ traceDuration > 3s }', holds: (trace) => wholeOf(trace) > 3 * SECOND, needs: ['nanoseconds'] },
  // Status and kind.
  { query: '{ status = error }', holds: some((span) => span.status === 2) },
  {
    query: '{ status = error && resource.service.name = "payment" }',
    holds: some((span) => span.status === 2 && of('payment')(span)),
  },
  { query: '{ status = ok }', holds: some((span) => span.status === 1), needs: ['ok'] },
  {
    query: '{ status != error && resource.service.name = "payment" }',
    holds: some((span) => span.status !== 2 && of('payment')(span)),
  },
  {
    query: '{ statusMessage = "too many steps" }',
    holds: some((span) => span.statusMessage === 'too many steps'),
    needs: ['status message'],
  },
  { query: '{ kind = consumer }', holds: some((span) => span.kind === 5), needs: ['kinds'] },
  {
    query: '{ kind = client && resource.service.name = "cart" }',
    holds: some((span) => span.kind === 3 && of('cart')(span)),
    needs: ['kinds'],
  },
  { query: '{ kind = internal }', holds: some((span) => span.kind === 1), needs: ['kinds'] },
  // Attributes of every type and scope.
  {
    query: '{ span.http.route = "/checkout" }',
    holds: some((span) => value(span, 'http.route') === '/checkout'),
    needs: ['keys'],
  },
  {
    query: '{ span.http.response.status_code = 404 }',
    holds: some((span) => value(span, 'http.response.status_code') === 404),
    needs: ['types', 'keys'],
  },
  {
    query: '{ span.http.response.status_code >= 400 }',
    holds: some((span) => number(span, 'http.response.status_code') >= 400),
    needs: ['types', 'keys'],
  },
  { query: '{ span.cache.hit = true }', holds: some((span) => value(span, 'cache.hit') === true), needs: ['types', 'keys'] },
  { query: '{ .cart.items > 8 }', holds: some((span) => number(span, 'cart.items') > 8), needs: ['types', 'keys'] },
  { query: '{ span.job.ratio = 0.625 }', holds: some((span) => value(span, 'job.ratio') === 0.625), needs: ['types', 'keys'] },
  { query: '{ span.user.city = "Zürich" }', holds: some((span) => value(span, 'user.city') === 'Zürich'), needs: ['keys'] },
  {
    query: '{ span.user.city = "say \\"hi\\" \\\\o/" }',
    holds: some((span) => value(span, 'user.city') === 'say "hi" \\o/'),
    needs: ['keys'],
  },
  { query: '{ span."job id" = "night 3" }', holds: some((span) => value(span, 'job id') === 'night 3'), needs: ['keys'] },
  {
    query: '{ .messaging.system = "kafka" && kind = producer }',
    holds: some((span) => value(span, 'messaging.system') === 'kafka' && span.kind === 4),
    needs: ['keys', 'kinds'],
  },
  {
    query: '{ resource.deployment.environment.name = "staging" }',
    holds: some(({ resource }) => resource['deployment.environment.name'].stringValue === 'staging'),
    needs: ['resource'],
  },
  {
    query: '{ resource.service.version =~ ".*-rc.*" }',
    holds: some(({ resource }) => resource['service.version'].stringValue?.includes('-rc') === true),
    needs: ['resource'],
  },
  {
    query: '{ event:name = "cache miss" }',
    holds: some(({ events }) => events.some(({ name }) => name === 'cache miss')),
    needs: ['events'],
  },
  {
    query: '{ event.exception.type = "TimeoutError" }',
    holds: some((span) => ofEvent(span, 'exception.type') === 'TimeoutError'),
    needs: ['event attributes'],
  },
  {
    query: '{ event.exception.message =~ ".*declined.*" }',
    holds: some((span) => ofEvent(span, 'exception.message')?.includes('declined') === true),
    needs: ['event attributes'],
  },
  {
    query: '{ link.messaging.offset > 500 }',
    holds: some(({ links }) => links.some(({ attributes }) => Number(attributes['messaging.offset'].intValue) > 500)),
    needs: ['links', 'link attributes', 'types'],
  },
  {
    query: '{ instrumentation:name = "@shop/payments" }',
    holds: some(({ scopeName }) => scopeName === '@shop/payments'),
    needs: ['scope'],
  },
  {
    query: '{ span.user.tier != nil && span.user.tier != "none" }',
    holds: some((span) => ![undefined, 'none'].includes(ofText(span, 'user.tier'))),
    needs: ['keys'],
  },
  // Boolean algebra and arithmetic.
  {
    query: '{ resource.service.name = "cart" || resource.service.name = "reports" }',
    holds: some((span) => of('cart')(span) || of('reports')(span)),
  },
  {
    query: '{ resource.service.name = "frontend" && (span.user.tier = "gold" || span.http.route = "/checkout") }',
    holds: some(
      (span) => of('frontend')(span) && (value(span, 'user.tier') === 'gold' || value(span, 'http.route') === '/checkout'),
    ),
    needs: ['keys'],
  },
  {
    query: '{ !(resource.service.name = "frontend") && status = error }',
    holds: some((span) => !of('frontend')(span) && span.status === 2),
  },
  {
    query: '{ span.step.number * 2 + 1 > 15 }',
    holds: some((span) => number(span, 'step.number') * 2 + 1 > 15),
    needs: ['types', 'keys'],
  },
  {
    query: '{ resource.service.name = "cart" } && { resource.service.name = "frontend" }',
    holds: (trace) => trace.some(of('cart')) && trace.some(of('frontend')),
  },
  // Structure and aggregates.
  {
    query: '{ resource.service.name = "frontend" } >> { resource.service.name = "payment" && status = error }',
    holds: (trace) =>
      trace.some((span) => of('payment')(span) && span.status === 2 && ancestors(trace, span).some(of('frontend'))),
  },
  {
    query: '{ name = "place order" } > { name = "send orders" }',
    holds: (trace) => trace.some((span) => span.name === 'send orders' && parentOf(trace, span)?.name === 'place order'),
    needs: ['names', 'spans'],
  },
  {
    query: '{ resource.service.name = "frontend" && kind = server } !> { resource.service.name = "cart" && kind = server }',
    holds: (trace) =>
      trace.some((span) => {
        const parent = parentOf(trace, span);
        return isServer('cart')(span) && !(parent && isServer('frontend')(parent));
      }),
    needs: ['kinds', 'spans'],
  },
  {
    query: '{ resource.service.name = "reports" } | count() > 7',
    holds: (trace) => trace.filter(of('reports')).length > 7,
    needs: ['spans'],
  },
  {
    query: '{ span.step.rows > 0 } | max(span.step.rows) > 95000',
    holds: some((span) => number(span, 'step.rows') > 95_000),
    needs: ['types', 'keys'],
  },
  {
    query: '{ resource.service.name = "payment" } | avg(duration) > 10ms',
    holds: (trace) => average(trace.filter(of('payment')).map(lasts)) > 10 * MILLI,
  },
];
