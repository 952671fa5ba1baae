/**
 * Where routes were registered: no frame of the user's is on the stack when a request gets to its handler, so the place is noted when the route is made,
 * once, and told with each request. An inline handler stands there; of one that stands elsewhere it is the line that names it.
 * Sources: Fastify, "Hooks", `onRoute`, and its diagnostics channel; express 4 `lib/router/route.js`, express 5 and `router` 2 `lib/route.js`: a route's method makes a layer for each handler.
 */

import { subscribe } from 'node:diagnostics_channel';
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

interface MadeRoute {
  readonly method: string | readonly string[];
  readonly url: string;
}

/** An application of Fastify; those of its plugins have the same server. */
interface FastifyLike {
  readonly server: object;
  addHook(name: 'onRoute', hook: (route: MadeRoute) => void): unknown;
}

export interface FastifyRequest {
  readonly method?: string;
  readonly routeOptions?: { readonly url?: string };
  readonly server?: { readonly server: object };
}

type Spans = Pick<SpanLike, 'setAttribute'> & { readonly attributes?: object };

export class RoutePlaces {
  private readonly places = new WeakMap<object, Place>();
  private readonly ofServers = new WeakMap<object, Map<string, Place>>();
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

  /** Each application tells of itself before the program gets it. */
  watchFastify(): void {
    subscribe('fastify.initialization', (message) => {
      const { fastify } = message as { readonly fastify?: FastifyLike };
      if (!fastify?.server) return;
      const routes = new Map<string, Place>();
      this.ofServers.set(fastify.server, routes);
      const { files } = this;
      const noted = ({ method, url }: MadeRoute): void => {
        const place = callerPlace(noted, MOST, files);
        for (const one of [method].flat()) if (place) routes.set(`${one} ${url}`, place);
      };
      fastify.addHook('onRoute', noted);
    });
  }

  /** Says on spans of a request to Fastify where its route is, if they do not say where they are. */
  tellOfFastify({ method, routeOptions, server }: FastifyRequest, spans: readonly (Spans | undefined)[]): void {
    const routes = server?.server && this.ofServers.get(server.server);
    give(routes?.get(`${method} ${routeOptions?.url}`), spans);
  }

  /** Says on spans of a request to Express where its route is, if they do not say where they are. */
  tell(request: Routed, spans: readonly (Spans | undefined)[]): void {
    const method = request.method?.toLowerCase();
    const layer = request.route?.stack?.find((one) => one.method === undefined || one.method === method);
    give(layer && this.places.get(layer), spans);
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

function give(place: Place | undefined, spans: readonly (Spans | undefined)[]): void {
  if (!place) return;
  for (const span of spans) {
    // The function there is the one that registers.
    if (span && !saysPlace(span)) setPlace(span, { ...place, functionName: '' });
  }
}

function saysPlace({ attributes }: Spans): boolean {
  return attributes !== undefined && 'code.file.path' in attributes;
}
