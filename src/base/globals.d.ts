// The few globals outside the language that Node, workers and webviews all have, and the layers below may use.

/** https://encoding.spec.whatwg.org/#interface-textdecoder */
declare class TextDecoder {
  constructor(label?: string, options?: { readonly fatal?: boolean; readonly ignoreBOM?: boolean });
  decode(input?: ArrayBuffer | ArrayBufferView, options?: { readonly stream?: boolean }): string;
}

/** https://encoding.spec.whatwg.org/#interface-textencoder */
declare class TextEncoder {
  encode(input?: string): Uint8Array<ArrayBuffer>;
  encodeInto(source: string, destination: Uint8Array): { readonly read: number; readonly written: number };
}

/** https://w3c.github.io/hr-time/#sec-performance */
declare const performance: { now(): number };

/** https://dom.spec.whatwg.org/#interface-abortsignal */
interface AbortSignal {
  readonly aborted: boolean;
  readonly reason: unknown;
  throwIfAborted(): void;
  addEventListener(type: 'abort', listener: () => void, options?: { readonly once?: boolean }): void;
  removeEventListener(type: 'abort', listener: () => void): void;
}

/** https://html.spec.whatwg.org/#dom-settimeout; what it returns differs, so nothing here may use it. */
declare function setTimeout(handler: (nothing?: undefined) => void, timeoutMs?: number): unknown;

/** https://html.spec.whatwg.org/#dom-atob */
declare function atob(data: string): string;

/** https://nodejs.org/api/timers.html#setimmediatecallback-args; a webview has none. */
declare const setImmediate: ((handler: (nothing?: undefined) => void) => unknown) | undefined;

/** https://dom.spec.whatwg.org/#abortcontroller */
declare class AbortController {
  readonly signal: AbortSignal;
  abort(reason?: unknown): void;
}

/** https://html.spec.whatwg.org/#dom-cleartimeout */
declare function clearTimeout(id: unknown): void;
