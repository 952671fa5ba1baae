/**
 * Functions that spans of frameworks name in attributes of their own:
 *
 * | framework       | attributes                                                                                        |
 * |-----------------|---------------------------------------------------------------------------------------------------|
 * | NestJS          | `nestjs.controller` or `nestjs.provider` with `nestjs.callback`; a handler's span has the callback alone |
 * | Express, Connect, Restify, Hapi | `express.name` of a middleware, `connect.name`, `restify.name`                                  |
 * | Action Mailer, Action Cable | `mailer` with `action`, `channel_class` with `action`                                      |
 * | Phoenix         | `phoenix.plug` with `phoenix.action`                                                                 |
 * | Tornado         | `tornado.handler`, a class whose method is called like the request's                                 |
 */

import { textAttribute } from '../model/attributes';
import type { NameHint } from '../model/sourceHints';
import type { Relative, SpanSource } from '../model/types';

type Attributes = SpanSource['attributes'];

/** A class, and its function. */
const pairs: readonly (readonly [string, string])[] = [
  ['nestjs.controller', 'nestjs.callback'],
  ['nestjs.provider', 'nestjs.callback'],
  ['nest.controller.instance', 'nestjs.callback'],
  ['mailer', 'action'],
  ['channel_class', 'action'],
  ['phoenix.plug', 'phoenix.action'],
];
const classes: readonly string[] = ['nestjs.guard', 'nestjs.pipe', 'nestjs.interceptor', 'nestjs.module'];
const methods: readonly string[] = ['http.request.method', 'http.method'];
const middleware: readonly string[] = ['express.name', 'connect.name', 'restify.name'];

/** Whether the span is of a handler, or of what a request passes on its way to one. */
const layerTypes: readonly string[] = ['express.type', 'koa.type', 'fastify.type', 'connect.type', 'restify.type'];

/** Attributes that `readFrameworkNames` and `isMiddleware` look at. */
export const frameworkNameKeys: readonly string[] = [
  ...new Set([...pairs.flat(), ...classes, ...middleware, ...layerTypes, 'nestjs.type', 'tornado.handler']),
];

/** The route of such a span is as much of the path as it was mounted at, or that of the handler behind it. */
export function isMiddleware(attributes: Attributes): boolean {
  return layerTypes.some((key) => /^(?:middleware|hook)$/.test(textAttribute(attributes, key)?.slice(0, 20) ?? ''));
}

/** Whether the framework answers by itself: with a file, with an error. */
export function isOfFramework(attributes: Attributes): boolean {
  return textAttribute(attributes, 'tornado.handler')?.startsWith('tornado.') === true;
}

const word = /^[\p{L}_$][\p{L}\p{N}_$]{0,99}$/u;
const type = /^[\p{L}_$][\p{L}\p{N}_$.:\\]{0,199}$/u;
const maxNear = 4;

/** @param ancestors of the span, nearest first */
export function readFrameworkNames(
  attributes: Attributes,
  ancestors: readonly Pick<Relative, 'attributes'>[] = [],
): readonly NameHint[] {
  const get = (key: string): string | undefined => textAttribute(attributes, key)?.trim();
  const stated = (name: string, from: string): readonly NameHint[] => [{ name, from, isStated: true }];
  for (const [ofClass, ofFunction] of pairs) {
    const owner = get(ofClass)?.replace(/^Elixir\./, '');
    const name = get(ofFunction)?.replace(/^:/, '');
    if (owner !== undefined && name !== undefined && type.test(owner) && word.test(name))
      return stated(`${owner}.${name}`, ofFunction);
  }
  const handler = get('tornado.handler');
  if (handler !== undefined && type.test(handler) && !isOfFramework(attributes)) {
    const method = methods.map(get).find((each) => each !== undefined && word.test(each));
    return stated(method === undefined ? handler : `${handler}.${method.toLowerCase()}`, 'tornado.handler');
  }
  const callback = get('nestjs.callback');
  if (callback !== undefined && word.test(callback)) {
    const owner = ancestors
      .slice(0, maxNear)
      .map((each) => textAttribute(each.attributes, 'nestjs.controller'))
      .find((each) => each !== undefined && type.test(each));
    return stated(owner === undefined ? callback : `${owner}.${callback}`, 'nestjs.callback');
  }
  for (const key of classes) {
    const name = get(key);
    if (name !== undefined && type.test(name)) return stated(name, key);
  }
  for (const key of middleware) {
    const name = get(key);
    // A handler is known by its route; a router by its path.
    if (name !== undefined && word.test(name) && get('express.type') !== 'request_handler' && !ofLibrary.test(name))
      return stated(name, key);
  }
  return [];
}

/** Functions of the frameworks themselves, and those without a name. */
const ofLibrary =
  /^(?:anonymous|router|query|expressInit|jsonParser|urlencodedParser|textParser|rawParser|bound|corsMiddleware|serveStatic|compression|logger|helmetMiddleware|session|cookieParser|next|handler|middleware|_?callee\$?)$/;
