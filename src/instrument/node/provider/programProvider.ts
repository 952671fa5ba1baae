/** Which provider a program registers, and which tracers it asks for. */

import type { TracerProvider } from '@opentelemetry/api';

/** `ProxyTracerProvider` of any copy of the API. */
interface Proxy extends TracerProvider {
  setDelegate(provider: TracerProvider): void;
}

/**
 * @param registered What stands in the API's global: a proxy, which gets the provider right after.
 * @param then is called before anybody gets a tracer of it
 */
export function onProvider(registered: unknown, then: (provider: TracerProvider) => void): void {
  if (typeof registered !== 'object' || registered === null) return;
  if (!isProxy(registered)) {
    then(registered as TracerProvider);
    return;
  }
  const { setDelegate } = registered;
  const known = delegateOf(registered);
  if (known !== undefined) guarded(() => then(known));
  registered.setDelegate = function (this: Proxy, provider: TracerProvider) {
    guarded(() => then(provider));
    setDelegate.call(this, provider);
  };
}

/** What programs without an SDK get; tells the names of the tracers that they ask for. */
export function onTracer(provider: TracerProvider, asked: (name: string) => void): TracerProvider {
  return {
    getTracer: (...given) => {
      guarded(() => asked(given[0]));
      return provider.getTracer(...given);
    },
  };
}

function isProxy(provider: object): provider is Proxy {
  return typeof (provider as Partial<Proxy>).setDelegate === 'function';
}

/** Registered before us, it has one already. */
function delegateOf(proxy: object): TracerProvider | undefined {
  const own = (proxy as { _delegate?: unknown })._delegate;
  return typeof own === 'object' && own !== null ? (own as TracerProvider) : undefined;
}

function guarded(run: () => void): void {
  try {
    run();
  } catch {
    // The program's own set-up goes on as it is.
  }
}
