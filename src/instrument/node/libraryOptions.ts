/**
 * What the instrumentations are told: layers of a framework's own are left out, spans have the names of what people wrote, and say which of their functions
 * they are of where that has a name: no frame of it is on the stack when its span starts.
 */

import { context, type Span } from '@opentelemetry/api';
import { getRPCMetadata } from '@opentelemetry/core';
import { type FastifyRequest, type Routed, RoutePlaces } from './codeFrames/routePlaces';

const FUNCTION = 'code.function.name';

/** Functions of packages that are in many programs: no code of the user's. */
const ofPackages =
  /^(?:bound |json|jsonParser|urlencoded|urlencodedParser|rawParser|textParser|multerMiddleware|serveStatic|cors|corsMiddleware|helmet\w*|compression|session|logger|cookieParser|csrf|initialize|authenticate|dispatch|bodyParser|router|routerMiddleware|anonymous)/;

/** Names the function of a span that has no place yet. */
function setFunction(span: Span, name: string | undefined): void {
  if (name === undefined || !/^[\p{L}_$][\p{L}\p{N}_$]*$/u.test(name) || ofPackages.test(name)) return;
  if (process.env.SPANHOP_CODE_ATTRIBUTES === '0') return;
  if ((span as { attributes?: Record<string, unknown> }).attributes?.[FUNCTION] === undefined) span.setAttribute(FUNCTION, name);
}

/** Of routes whose making was watched. */
export const routePlaces = new RoutePlaces();

interface ExpressLayer {
  readonly request: Routed;
  readonly layerType: string;
  readonly route: string;
}

interface KoaLayer {
  readonly middlewareLayer: { readonly name?: string };
}

interface FastifyHandler {
  readonly hookName: string;
  readonly request: FastifyRequest;
  /** The function's name, or its plugin's where it has none. */
  readonly handler: string;
}

export const libraryOptions: Readonly<Record<string, object>> = {
  express: {
    // Express 4 has them in each application.
    ignoreLayers: ['middleware - query', 'middleware - expressInit'],
    spanNameHook: ({ layerType, route }: ExpressLayer, name: string) =>
      layerType === 'request_handler' && route ? `request handler - ${route}` : name,
    requestHook: (span: Span, { request, layerType }: ExpressLayer) => {
      if (layerType === 'request_handler') routePlaces.tell(request, [span, getRPCMetadata(context.active())?.span]);
      if (layerType === 'middleware') setFunction(span, /^middleware - (.*)$/.exec(nameOf(span))?.[1]);
    },
  },
  koa: {
    requestHook: (span: Span, { middlewareLayer }: KoaLayer) => setFunction(span, middlewareLayer.name),
  },
  fastify: {
    registerOnInitialization: true,
    lifecycleHook: (span: Span, { hookName, request, handler }: FastifyHandler) => {
      if (hookName === 'handler') routePlaces.tellOfFastify(request, [span, getRPCMetadata(context.active())?.span]);
      // The plugin that has instrumented it has put its own name behind that of the plugin.
      if (!handler.includes(' ') && handler !== 'fastify') setFunction(span, handler);
      else span.updateName(hookName === 'handler' ? `handler - ${request.routeOptions?.url ?? ''}` : hookName);
    },
  },
};

const nameOf = (span: Span): string => (span as { name?: string }).name ?? '';
