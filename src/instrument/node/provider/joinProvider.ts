/**
 * Adds span processors to a provider of the program's own, SDK 1.x or 2.x, without its noticing: `addSpanProcessor` of 1.x would shut down the exporter
 * that `OTEL_TRACES_EXPORTER` gives, and 2.x has none.
 * Sources: `BasicTracerProvider` and `Tracer` of @opentelemetry/sdk-trace-base 1.0 to 1.30 and 2.0 to 2.11, `TracerProvider` of @opentelemetry/sdk-trace 2.12.
 */

import type { SpanProcessorLike } from '../spans/spanProcessor';
import { quietExporters } from './quietExporters';

type Processor = Partial<SpanProcessorLike> & { onEnding?: (span: never) => void };

interface Provider1 {
  /** Asked at each span's start. */
  getActiveSpanProcessor(): Processor;
}

interface Provider2 {
  /** Handed to tracers when they are made, so it stays the same. */
  readonly _activeSpanProcessor: { _spanProcessors: readonly Processor[] };
}

const joined = new WeakSet<object>();

/**
 * False where there is no way in: then its spans never come here.
 * @param ports Where its spans are handed over to by `ours`: what it exports to there itself is not sent.
 */
export function joinProvider(provider: unknown, ours: SpanProcessorLike, ports: readonly number[]): boolean {
  if (typeof provider !== 'object' || provider === null) return false;
  if (joined.has(provider)) return true;
  if (isProvider2(provider)) {
    const active = provider._activeSpanProcessor;
    quietExporters(active._spanProcessors, ports);
    // The list may be one that the program gave, and gives to others.
    active._spanProcessors = [ours, ...active._spanProcessors];
  } else if (isProvider1(provider)) {
    wrapActive(provider, ours, ports);
  } else {
    return false;
  }
  joined.add(provider);
  return true;
}

function isProvider2(provider: object): provider is Provider2 {
  const active = (provider as Partial<Provider2>)._activeSpanProcessor;
  return typeof active === 'object' && active !== null && Array.isArray(active._spanProcessors);
}

function isProvider1(provider: object): provider is Provider1 {
  return typeof (provider as Partial<Provider1>).getActiveSpanProcessor === 'function';
}

function wrapActive(provider: Provider1, ours: SpanProcessorLike, ports: readonly number[]): void {
  const original = provider.getActiveSpanProcessor;
  let last: Processor | undefined;
  let both: Processor | undefined;
  provider.getActiveSpanProcessor = function getActiveSpanProcessor(this: Provider1) {
    const theirs = original.call(this);
    if (both === undefined || last !== theirs) {
      last = theirs;
      quietExporters([theirs], ports);
      both = inFrontOf(theirs, ours);
    }
    return both;
  };
}

/** Whatever else the program's processor has is there as well. */
function inFrontOf(theirs: Processor, ours: SpanProcessorLike): Processor {
  const both: Processor = Object.create(theirs);
  return Object.assign(both, {
    onStart: (...given: Parameters<SpanProcessorLike['onStart']>) => {
      ours.onStart(...given);
      theirs.onStart?.(...given);
    },
    onEnd: (...given: Parameters<SpanProcessorLike['onEnd']>) => {
      ours.onEnd(...given);
      theirs.onEnd?.(...given);
    },
    forceFlush: () => Promise.all([ours.forceFlush(), theirs.forceFlush?.()]).then(() => undefined),
    shutdown: () => Promise.all([ours.forceFlush(), theirs.shutdown?.()]).then(() => undefined),
  });
}
