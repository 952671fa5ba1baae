/**
 * The queries that are run over every connector and over the local store: by what of TraceQL they have in them. Together they ask for each part that a
 * connector may hand to its server, and for what none can be asked.
 */

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
  readonly needs?: readonly Feature[];
  /** First and last minute of the system that are looked at; default: all ten. */
  readonly minutes?: readonly [number, number];
  /** How many at most; default: more than there are. */
  readonly limit?: number;
}

/** How many traces are asked for where a query names no limit: more than there are. */
export const ALL = 1500;

export const conformanceQueries: readonly ConformanceQuery[] = [
  // Everything, windows, limits.
  { query: '{ }' },
  { query: '{ }', minutes: [0, 0] },
  { query: '{ }', minutes: [3, 6] },
  { query: '{ }', limit: 7 },
  { query: '{ resource.service.name = "frontend" }', limit: 25, needs: [] },
  { query: '{ status = error }', minutes: [8, 9] },
  // Services and names.
  { query: '{ resource.service.name = "frontend" }' },
  { query: '{ resource.service.name = "payment" }' },
  { query: '{ resource.service.name = "Mailer EU" }', needs: ['case'] },
  { query: '{ .service.name = "legacy-bridge" }' },
  { query: '{ resource.service.name = "nobody" }' },
  { query: '{ resource.service.name =~ "(cart|checkout)" }' },
  { query: '{ resource.service.name != "frontend" }' },
  { query: '{ name = "SELECT products" }', needs: ['names', 'case'] },
  { query: '{ name = "charge" && resource.service.name = "payment" }', needs: ['names'] },
  { query: '{ name =~ "step [2-4]" }', needs: ['names'] },
  { query: '{ name = "no such name" }' },
  { query: '{ rootServiceName = "reports" }' },
  // Durations.
  { query: '{ duration > 1s }' },
  { query: '{ duration < 400us && resource.service.name = "frontend" }', needs: ['spans'] },
  { query: '{ duration >= 2ms && duration <= 20ms }' },
  { query: '{ resource.service.name = "payment" && duration > 5ms }' },
  { query: '{ traceDuration > 3s }', needs: ['nanoseconds'] },
  // Status and kind.
  { query: '{ status = error }' },
  { query: '{ status = error && resource.service.name = "payment" }' },
  { query: '{ status = ok }', needs: ['ok'] },
  { query: '{ status != error && resource.service.name = "payment" }' },
  { query: '{ statusMessage = "too many steps" }', needs: ['status message'] },
  { query: '{ kind = consumer }', needs: ['kinds'] },
  { query: '{ kind = client && resource.service.name = "cart" }', needs: ['kinds'] },
  { query: '{ kind = internal }', needs: ['kinds'] },
  // Attributes of every type and scope.
  { query: '{ span.http.route = "/checkout" }', needs: ['keys'] },
  { query: '{ span.http.response.status_code = 404 }', needs: ['types', 'keys'] },
  { query: '{ span.http.response.status_code >= 400 }', needs: ['types', 'keys'] },
  { query: '{ span.cache.hit = true }', needs: ['types', 'keys'] },
  { query: '{ .cart.items > 8 }', needs: ['types', 'keys'] },
  { query: '{ span.job.ratio = 0.625 }', needs: ['types', 'keys'] },
  { query: '{ span.user.city = "Zürich" }', needs: ['keys'] },
  { query: '{ span.user.city = "say \\"hi\\" \\\\o/" }', needs: ['keys'] },
  { query: '{ span."job id" = "night 3" }', needs: ['keys'] },
  { query: '{ .messaging.system = "kafka" && kind = producer }', needs: ['keys', 'kinds'] },
  { query: '{ resource.deployment.environment.name = "staging" }', needs: ['resource'] },
  { query: '{ resource.service.version =~ ".*-rc.*" }', needs: ['resource'] },
  { query: '{ event:name = "cache miss" }', needs: ['events'] },
  { query: '{ event.exception.type = "TimeoutError" }', needs: ['event attributes'] },
  { query: '{ event.exception.message =~ ".*declined.*" }', needs: ['event attributes'] },
  { query: '{ link.messaging.offset > 500 }', needs: ['links', 'link attributes', 'types'] },
  { query: '{ instrumentation:name = "@shop/payments" }', needs: ['scope'] },
  { query: '{ span.user.tier != nil && span.user.tier != "none" }', needs: ['keys'] },
  // Boolean algebra and arithmetic.
  { query: '{ resource.service.name = "cart" || resource.service.name = "reports" }' },
  {
    query: '{ resource.service.name = "frontend" && (span.user.tier = "gold" || span.http.route = "/checkout") }',
    needs: ['keys'],
  },
  { query: '{ !(resource.service.name = "frontend") && status = error }' },
  { query: '{ span.step.number * 2 + 1 > 15 }', needs: ['types', 'keys'] },
  { query: '{ resource.service.name = "cart" } && { resource.service.name = "frontend" }' },
  // Structure and aggregates.
  { query: '{ resource.service.name = "frontend" } >> { resource.service.name = "payment" && status = error }' },
  { query: '{ name = "place order" } > { name = "send orders" }', needs: ['names', 'spans'] },
  {
    query: '{ resource.service.name = "frontend" && kind = server } !> { resource.service.name = "cart" && kind = server }',
    needs: ['kinds', 'spans'],
  },
  { query: '{ resource.service.name = "reports" } | count() > 7', needs: ['spans'] },
  { query: '{ span.step.rows > 0 } | max(span.step.rows) > 95000', needs: ['types', 'keys'] },
  { query: '{ resource.service.name = "payment" } | avg(duration) > 10ms' },
];
