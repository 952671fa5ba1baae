/**
 * The route of a server's span that has no `http.route`: Micrometer's `uri`, a name that holds it (`GET /orders/{id}`, `http get /orders/{id}`),
 * and where nothing else is said the path that was asked for, in which values stand for parameters.
 */

import { textAttribute } from '../model/attributes';
import type { TextHint } from '../model/sourceHints';
import type { SpanSource } from '../model/types';

/** As OTLP numbers them. */
const server = 2;
const client = 3;

const pathKeys: readonly string[] = ['url.path', 'http.target', 'http.url', 'url.full'];

/** Attributes that `serverRouteHint` looks at. */
export const routeKeys: readonly string[] = ['uri', 'method', 'client.name', 'url.template', 'url.full', ...pathKeys];

const maxText = 1_000;
const named = /^(?:http )?(get|post|put|patch|delete|head|options) (\/?[^\s/]*\/\S*)$/i;
/** Files that a server hands out are no routes. */
const asset = /\.(?:[cm]?js|css|map|png|jpe?g|gif|svg|ico|webp|woff2?|ttf|wasm|txt|html?|xml|webmanifest)$/i;

export function serverRouteHint({
  name,
  kind,
  attributes,
}: Pick<SpanSource, 'name' | 'kind' | 'attributes'>): TextHint | undefined {
  if (kind === client || textAttribute(attributes, 'client.name') !== undefined) return undefined;
  // Where a span's kind is not told: servers say neither.
  if (kind !== server && ['url.template', 'url.full'].some((key) => textAttribute(attributes, key) !== undefined))
    return undefined;
  const [, verb, path] = named.exec(name.trim().slice(0, maxText)) ?? [];
  const uri = textAttribute(attributes, 'uri');
  if (uri?.startsWith('/')) {
    const method = verb ?? /^[A-Z]{3,7}$/.exec(textAttribute(attributes, 'method') ?? '')?.[0];
    return { kind: 'route', from: 'uri', text: `${method ? `${method.toUpperCase()} ` : ''}${uri.slice(0, maxText)}` };
  }
  if (verb !== undefined) return { kind: 'route', from: 'span name', text: `${verb.toUpperCase()} ${path}` };
  if (kind !== server) return undefined;
  return askedPath(attributes);
}

/** What a router calls the route, where a server's span is called by it and not by its path: `GET order.list` of Slim. */
export function routeNameHint({ name, kind, scope }: Pick<SpanSource, 'name' | 'kind' | 'scope'>): TextHint | undefined {
  if (kind !== server || !/contrib\.php/.test(scope?.name ?? '')) return undefined;
  const text = /^(?:GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS) ([A-Za-z_]\w*(?:[.:-]\w+)*)$/.exec(name.trim().slice(0, 200))?.[1];
  return text === undefined ? undefined : { kind: 'route', from: 'span name', text };
}

/** What stands before the path where a server does not rewrite it, and before that of an app of Nextcloud. */
const frontController = /^(?:\/ocs)?\/(?:index|app(?:_\w{1,20})?|v\d)\.php(?:\/apps\/\w{1,60})?(?=\/)/;

/** The path of the request, where it may be a route's. */
export function askedPath(attributes: SpanSource['attributes']): TextHint | undefined {
  for (const key of pathKeys) {
    const asked = textAttribute(attributes, key)
      ?.slice(0, maxText)
      .replace(/^[a-z][a-z0-9+.-]*:\/\/[^/]*/i, '')
      .replace(/[?#].*$/s, '')
      .replace(frontController, '');
    if (asked?.startsWith('/') && !asset.test(asked)) return { kind: 'route', from: key, text: asked };
  }
  return undefined;
}

/** What a router takes all of: `/api/*`, `/**`, `/{*path}`, `/{path:.*}`, `/:rest*`, `/<path:rest>`, `/[...rest]`. */
const wildcard =
  /(?:^|\/)(?:\[{1,2}\.{3}\w{1,60}\]{1,2}|\*{1,2}\w{0,60}|\{\*{1,2}\w{0,60}\}|\{\w{1,60}:(?:\.\*|path)\}|:\w{1,60}(?:\*|\(\.\*\))|<path:\w{1,60}>)\/?$/;

/** Ways to say the route of a request for which another router decides, below one that takes all: its path, and that without the mount's. */
export function pathsBelowWildcard({ kind, attributes }: Pick<SpanSource, 'kind' | 'attributes'>): readonly TextHint[] {
  const route = textAttribute(attributes, 'http.route')?.slice(0, maxText);
  if (kind !== server || route === undefined || !wildcard.test(route)) return [];
  const asked = askedPath(attributes);
  if (!asked || asked.text === '/') return [];
  const before = route.replace(/^[A-Z]+ /, '').replace(wildcard, '');
  // One word below a longer path is more likely the value of a parameter than a route of its own.
  const isValue = before.split('/').length > 3 && !asked.text.slice(before.length + 1).includes('/');
  const isMounted = before.length > 1 && !isValue && asked.text.startsWith(`${before}/`);
  return isMounted ? [asked, { ...asked, text: asked.text.slice(before.length) }] : [asked];
}
