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

const pathKeys: readonly string[] = ['url.path', 'http.target', 'http.url'];

/** Attributes that `serverRouteHint` looks at. */
export const routeKeys: readonly string[] = ['uri', 'method', 'client.name', ...pathKeys];

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
  const [, verb, path] = named.exec(name.trim().slice(0, maxText)) ?? [];
  const uri = textAttribute(attributes, 'uri');
  if (uri?.startsWith('/')) {
    const method = verb ?? /^[A-Z]{3,7}$/.exec(textAttribute(attributes, 'method') ?? '')?.[0];
    return { kind: 'route', from: 'uri', text: `${method ? `${method.toUpperCase()} ` : ''}${uri.slice(0, maxText)}` };
  }
  if (verb !== undefined) return { kind: 'route', from: 'span name', text: `${verb.toUpperCase()} ${path}` };
  if (kind !== server) return undefined;
  for (const key of pathKeys) {
    const asked = textAttribute(attributes, key)
      ?.slice(0, maxText)
      .replace(/^[a-z][a-z0-9+.-]*:\/\/[^/]*/i, '')
      .replace(/[?#].*$/s, '');
    if (asked?.startsWith('/') && !asset.test(asked)) return { kind: 'route', from: key, text: asked };
  }
  return undefined;
}
