/**
 * Callers of what begins in a later turn than the call: the stack of that turn has none of them. They go along with the asynchronous context.
 * `fetch` is wrapped, for it begins a request some turns later; a pool of pg makes a span at once and its query's in a later turn.
 */

import { AsyncLocalStorage } from 'node:async_hooks';
import type { Place } from './place';

type Below = (...args: never[]) => unknown;

interface Noted {
  readonly place: Place | undefined;
  /** The context in which spans have it as their caller. */
  readonly context: unknown;
  /** The scope whose spans have it, of any context. */
  readonly scope?: string;
}

/** Spans that begin in the turn of the call, of what goes on in later turns. Source: @opentelemetry/instrumentation-pg, enums/SpanNames. */
const FIRST = new Set(['pg-pool.connect']);
const FETCH_SCOPE = '@opentelemetry/instrumentation-undici';

export class Callers {
  private readonly storage = new AsyncLocalStorage<Noted>();

  /** A span began: notes where it was called, also that nobody knows, for what follows it. */
  began(name: string, context: unknown, place: Place | undefined): void {
    if (FIRST.has(name)) this.storage.enterWith({ place, context });
  }

  /** Of a span that has none of the user's code in its stack. A pool may go on with one call in the turn of another: then their contexts differ. */
  of(scope: string, context: unknown): Place | undefined {
    const noted = this.storage.getStore();
    return noted && (noted.scope === undefined ? noted.context === context : noted.scope === scope) ? noted.place : undefined;
  }

  /** @param find where a function is called */
  watchFetch(find: (below: Below) => Place | undefined): void {
    const property = Object.getOwnPropertyDescriptor(globalThis, 'fetch');
    const original: unknown = property?.configurable ? globalThis.fetch : undefined;
    if (typeof original !== 'function') return;
    const { storage } = this;
    const fetch = function (this: unknown, ...given: unknown[]): unknown {
      const call = (): unknown => Reflect.apply(original, this, given);
      const place = find(fetch);
      return place ? storage.run({ place, context: undefined, scope: FETCH_SCOPE }, call) : call();
    };
    // As it was to whoever looks at it.
    for (const name of ['name', 'length']) {
      Object.defineProperty(fetch, name, { ...Object.getOwnPropertyDescriptor(original, name) });
    }
    fetch.toString = () => String(original);
    Object.defineProperty(globalThis, 'fetch', {
      ...property,
      ...('value' in (property ?? {}) ? { value: fetch } : { get: () => fetch }),
    });
  }
}
