/**
 * The object through which all copies of @opentelemetry/api 1.x in a program meet. Until the program registers something of its own, they are given ours:
 * spans of a program that has the API and no SDK are recorded, and in the right place. What the program registers stands before ours, as if ours were not
 * there: registering takes an object that is empty and of the caller's version. How a registering is told from a reading: it alone sets the global, and
 * what it looks at then comes before the global is read again.
 * Source: @opentelemetry/api, src/internal/global-utils.ts, the same from 1.0 to 1.9.
 */

import { callersVersion } from './callersVersion';

const apiKey = Symbol.for('opentelemetry.js.api.1');

/** Every 1.x reads from one that is not older than itself. */
const readByAll = '1.999.0';

/** What a copy of the API says of itself where nothing tells. */
const likely = '1.9.0';

/** What programs without an SDK get. */
export interface OfferedApis {
  readonly trace: unknown;
  readonly context: unknown;
  readonly propagation: unknown;
}

export interface ApiGlobal {
  /** What the program has registered by itself. */
  ofProgram(type: keyof OfferedApis): unknown;
}

/** @param registered hears what the program registers, before it is used */
export function installApiGlobal(offered: OfferedApis, registered: (type: PropertyKey, instance: unknown) => void): ApiGlobal {
  const scope = globalThis as unknown as Record<symbol, unknown>;
  const present = scope[apiKey];
  let registering = false;

  const offers: object = Object.create(null, {
    version: {
      get: function version() {
        return registering ? (callersVersion(version) ?? likely) : readByAll;
      },
    },
    ...Object.fromEntries(
      Object.entries(offered).map(([type, instance]) => [
        type,
        { get: () => (registering ? undefined : instance), set: (value: unknown) => own(type, value) },
      ]),
    ),
  });
  const shared: Record<PropertyKey, unknown> = Object.create(offers);

  /** As a value of its own it stands before ours, and deleting it brings ours back. */
  function own(type: PropertyKey, value: unknown): void {
    Object.defineProperty(shared, type, { value, writable: true, enumerable: true, configurable: true });
    registered(type, value);
  }

  if (typeof present === 'object' && present !== null) {
    for (const [type, value] of Object.entries(present)) if (type !== 'version') own(type, value);
  }
  Object.defineProperty(scope, apiKey, {
    configurable: true,
    enumerable: true,
    get: () => {
      registering = false;
      return shared;
    },
    set: (value: unknown) => {
      registering = value === shared;
      // Somebody starts anew (tests do).
      if (!registering) Object.defineProperty(scope, apiKey, { value, writable: true, configurable: true, enumerable: true });
    },
  });
  return { ofProgram: (type) => (Object.hasOwn(shared, type) ? shared[type] : undefined) };
}
