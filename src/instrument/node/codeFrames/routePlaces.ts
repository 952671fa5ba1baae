/**
 * Where routes were registered: no frame of the user's is on the stack when a request gets to its handler, so the place is noted when the route is made,
 * once, and told with each request. An inline handler stands there; of one that stands elsewhere it is the line that names it.
 * Source: express 4 `lib/router/route.js`, express 5 and `router` 2 `lib/route.js`: a route's method makes a layer for each handler.
 */

import { METHODS } from 'node:http';
import type { SpanLike } from '../spans/spanProcessor';
import { callerPlace, setPlace } from './callerPlace';
import type { Place } from './place';
import { UserFiles } from './userFile';

/** Frames between a route's method and the user's code: an application's, a router's. */
const MOST = 24;

interface Layer {
  readonly method?: string | undefined;
}

interface Route {
  readonly stack: readonly Layer[];
}

/** What a request of Express has of its route. */
export interface Routed {
  readonly method?: string;
  readonly route?: { readonly stack?: readonly Layer[] };
}

type Spans = Pick<SpanLike, 'setAttribute'> & { readonly attributes?: object };

export class RoutePlaces {
  private readonly places = new WeakMap<object, Place>();
  private readonly files: UserFiles;

  /** @param own folder of what is ours */
  constructor(own: string = __dirname) {
    this.files = new UserFiles(own);
  }

  /** @param exported what the package has for programs */
  watchExpress(exported: unknown): void {
    const route: unknown = typeof exported === 'function' ? Reflect.get(exported, 'Route') : undefined;
    const methods: unknown = typeof route === 'function' ? route.prototype : undefined;
    if (typeof methods !== 'object' || methods === null) return;
    for (const name of ['all', ...METHODS.map((method) => method.toLowerCase())]) this.watch(methods, name);
  }

  /** Says on spans of a request where its route is, if they do not say where they are. */
  tell(request: Routed, spans: readonly (Spans | undefined)[]): void {
    const method = request.method?.toLowerCase();
    const layer = request.route?.stack?.find((one) => one.method === undefined || one.method === method);
    const place = layer && this.places.get(layer);
    if (!place) return;
    for (const span of spans) {
      // The function there is the one that registers.
      if (span && !saysPlace(span)) setPlace(span, { ...place, functionName: '' });
    }
  }

  private watch(methods: object, name: string): void {
    const original: unknown = Reflect.get(methods, name);
    if (typeof original !== 'function') return;
    const { places, files } = this;
    const noted = function (this: Route, ...handlers: unknown[]): unknown {
      const before = this.stack?.length ?? 0;
      const result: unknown = Reflect.apply(original, this, handlers);
      const place = callerPlace(noted, MOST, files);
      if (place) for (const layer of this.stack?.slice(before) ?? []) places.set(layer, place);
      return result;
    };
    Object.defineProperty(noted, 'name', { value: original.name, configurable: true });
    Reflect.set(methods, name, noted);
  }
}

function saysPlace({ attributes }: Spans): boolean {
  return attributes !== undefined && 'code.file.path' in attributes;
}
