/**
 * Routes, whatever notation they are written in: `/orders/:id`, `/orders/{id}`, `/orders/<int:order_id>`, `^orders/(?P<pk>\d+)/$`,
 * `GET /orders/{id}`, `/orders/:id(.:format)`. What counts are the fixed segments and where the changing ones are.
 */

export interface Route {
  /** In upper case, where the text begins with one (`http.ServeMux` of Go). */
  readonly method?: string;
  /** In lower case; undefined stands for one that changes. */
  readonly segments: readonly (string | undefined)[];
}

const methods = /^(GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS)\s+(?=\S)/;
const maxLength = 500;

/** A changing part, in any notation; those that hold brackets of another notation first. */
const holes: readonly RegExp[] = [
  /\(\?P?<\w+>(?:[^()]|\([^()]*\))*\)/g,
  /[$#]\{[^{}]*\}/g,
  /\{[^{}]*(?:\{[^{}]*\}[^{}]*)*\}/g,
  /<[^<>]*>/g,
  /\[[^[\]]*\]/g,
  /:[A-Za-z_]\w*(?:\((?:[^()]|\([^()]*\))*\))?[?*+]?/g,
  /%[sdvq]/g,
  /\*+\w*/g,
];

export function parseRoute(text: string): Route | undefined {
  if (text.length > maxLength) return undefined;
  const method = methods.exec(text)?.[1];
  let path = text
    .replace(methods, '')
    .replace(/^[a-z][a-z0-9+.-]*:\/\/[^/\s]*/i, '')
    .replace(/\(\.:format\)$/, '');
  path = withoutAnchors(path);
  if (/\s/.test(path.trim())) return undefined;
  for (const hole of holes) path = path.replace(hole, '\u0000');
  const segments = path
    .replace(/[?#][^/]*$/, '')
    .split('/')
    .filter((segment) => segment !== '')
    .map((segment) => (segment.includes('\u0000') ? undefined : segment.toLowerCase()));
  return { segments, ...(method === undefined ? {} : { method }) };
}

/** A route may be put together of expressions, each with its own beginning and end: `api/v2/^orders/(?P<pk>[^/.]+)/$` of Django REST framework. */
function withoutAnchors(path: string): string {
  return path.replace(/(^|\/)\^/g, '$1').replace(/\$(?=\/|$)/g, '');
}

/** The same, and groups as one changing part: theirs may hold a slash. */
function withoutGroups(path: string): string {
  return /\/\^|\(\?P?<\w{1,60}>[^()]{0,60}\//.test(path) ? withoutAnchors(path).replace(holes[0], '{part}') : path;
}

/** Segments from the end on that agree, if all of the literal's do; 0 where they don't. */
export function matchRoute(literal: Route, route: Route, isConcrete: boolean): number {
  const count = literal.segments.length;
  if (count === 0 || count > route.segments.length) return 0;
  for (let i = 1; i <= count; i++) {
    const written = literal.segments[count - i];
    const wanted = route.segments[route.segments.length - i];
    if (written === wanted) continue;
    if (written !== undefined || !isConcrete || wanted === undefined || !isValue(wanted, count)) return 0;
  }
  return count;
}

/** Of `/orders/42` the number came from a parameter; so may any segment in the middle of a longer path. */
function isValue(segment: string, count: number): boolean {
  return count > 1 || /\d/.test(segment);
}

/** What a search is asked for so that all lines come that may hold a route: its ends, and the longest run of fixed segments. */
export function routeNeedles(text: string): readonly string[] {
  const path = withoutGroups(
    text
      .replace(methods, '')
      .replace(/\(\.:format\)$/, '')
      .trim(),
  );
  const route = parseRoute(path);
  if (!route?.segments.length) return path === '/' ? rootNeedles : path.length >= 3 ? [path] : [];
  const parts = withoutAnchors(path)
    .replace(/^[a-z][a-z0-9+.-]*:\/\/[^/\s]*/i, '')
    .split('/')
    .filter((part) => part !== '');
  const needles = [path];
  // Written by another notation, only the fixed segments are the same.
  const aligned = parts.length === route.segments.length ? route.segments : parts.map(() => undefined);
  let longest: readonly string[] = [];
  for (let i = 0; i < parts.length; i++) {
    let end = i;
    while (end < parts.length && aligned[end] !== undefined && !isNumber(parts[end])) end++;
    if (end - i > 0 && parts.slice(i, end).join('/').length > longest.join('/').length) longest = parts.slice(i, end);
    i = Math.max(i, end - 1);
  }
  const last = parts[parts.length - 1];
  // The beginning may be said elsewhere: a blueprint, a controller, a group.
  // Constraints (`{id:int}`) may be said in one place only.
  const open = /^\{\w+/.exec(last)?.[0] ?? last;
  needles.push(aligned[parts.length - 1] === undefined || isNumber(last) ? open : `/${last}`);
  if (longest.length) needles.push(longest.length > 1 ? longest.join('/') : `/${longest[0]}`);
  if (aligned[parts.length - 1] !== undefined) needles.push(...(parts.length > 1 ? [last] : []), ...rootNeedles);
  return [...new Set(needles)].filter((needle) => needle.length >= 3);
}

/** The same, and what a part of the route may be said with elsewhere: a class, a group, a resource. */
export function declarationNeedles(text: string): readonly string[] {
  const segments = parseRoute(text)?.segments ?? [];
  const at = segments.findLastIndex((segment) => segment !== undefined && !isNumber(segment));
  const written =
    at < 0
      ? undefined
      : withoutAnchors(text)
          .split('/')
          .findLast((part) => part.toLowerCase() === segments[at]);
  const begins = text.includes('^') ? ['/', '"', "'", '^'] : ['/', '"', "'"];
  const more = written === undefined ? [] : begins.map((mark) => mark + written).filter((needle) => needle.length >= 3);
  // What an action of a resource's member is below: `orders` of `/orders/{pk}/close`.
  const set = at > 1 && segments[at - 1] === undefined ? segments[at - 2] : undefined;
  if (set !== undefined && set.length >= 3 && !isNumber(set)) more.push(`"${set}"`, `'${set}'`);
  // All of it as it stands in a string: its beginning alone may be in more lines than are looked at.
  const path = text.replace(methods, '').trim();
  const isFixed = segments.length > 1 && segments.every((segment) => segment !== undefined) && /^\/[\w./-]+$/.test(path);
  // The last of a path that was asked for may be a value: `@Put(':name')` of `@Controller('orders')`.
  const beforeLast = isFixed ? segments[segments.length - 2] : undefined;
  if (beforeLast !== undefined && beforeLast.length >= 4 && !isNumber(beforeLast))
    more.push(`"${beforeLast}"`, `'${beforeLast}'`, `/${beforeLast}/`, `'${beforeLast}/`);
  // Without what is usually put before it.
  const below = path.replace(/^\/?(?:(?:api|rest|v\d+)\/)+/, '/');
  const stated = [...(isFixed ? [path] : []), ...(below !== path && below.length >= 4 ? [below] : [])];
  const whole = stated.flatMap((each) => [`"${each}"`, `'${each}'`]);
  return [...new Set([...whole, ...routeNeedles(text), ...more, ...mountNeedles(text)])];
}

/** Where the last word of a path that was asked for is a value: what stands before it, `/orders/` of `/orders/summer`. */
export function valueNeedles({ segments }: Route): readonly string[] {
  const before = segments[segments.length - 2];
  return before !== undefined && before.length >= 2 && segments[segments.length - 1] !== undefined ? [`/${before}/`] : [];
}

const maxMounts = 2;

/** Where another file puts the beginning before the routes of one: `.nest("/api/reeds", reeds::router())`. */
function mountNeedles(text: string): readonly string[] {
  const fixed = parseRoute(text)?.segments.filter((part) => part !== undefined && !isNumber(part)) ?? [];
  const before = fixed.slice(0, -1).filter((part) => part !== undefined && !/^(?:api|rest|v\d+)$/.test(part));
  // `r.Group(base + "/reeds/admin/v1")`
  const [first, second] = parseRoute(text)?.segments ?? [];
  const begins = first !== undefined && second !== undefined && first === before[0] ? [`/${first}/${second}`] : [];
  return [...before.slice(-maxMounts).flatMap((part) => [`/${part}"`, `/${part}'`]), ...begins];
}

/** All of the route may be said elsewhere: `router.get('/', list)`. */
export const rootNeedles: readonly string[] = ['"/"', "'/'"];

/** Of a person's or a machine's counting: no word of a route. */
export function isNumber(part: string): boolean {
  return /^(?:\d+|[0-9a-f]{8,}|[0-9a-f-]{32,36})$/i.test(part);
}
