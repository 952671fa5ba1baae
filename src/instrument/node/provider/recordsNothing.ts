/**
 * Whether a program's provider makes no spans at all: Sentry sets one up for its errors as well, where no tracing is wanted of it.
 * Source: getsentry/sentry-javascript 8 to 10, packages/opentelemetry/src/sampler.ts and `hasSpansEnabled` of packages/core.
 */

interface SentryOptions {
  readonly tracesSampleRate?: unknown;
  readonly tracesSampler?: unknown;
  readonly enableTracing?: unknown;
}

interface SamplerLike {
  readonly _client?: { getOptions?(): SentryOptions };
}

interface ProviderLike {
  /** SDK 1.x, and 2.x before 2.12. */
  readonly _config?: { readonly sampler?: SamplerLike };
  readonly _tracerOptions?: { readonly sampler?: SamplerLike };
}

export function recordsNothing(provider: object): boolean {
  const { _config, _tracerOptions } = provider as ProviderLike;
  const sampler = _config?.sampler ?? _tracerOptions?.sampler;
  if (sampler === undefined || String(sampler) !== 'SentrySampler') return false;
  const options = sampler._client?.getOptions?.();
  if (options === undefined) return false;
  const { tracesSampleRate, tracesSampler, enableTracing } = options;
  return (tracesSampleRate ?? undefined) === undefined && tracesSampler === undefined && enableTracing !== true;
}
