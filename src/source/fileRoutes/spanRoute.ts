/**
 * What a span says of a route that is a file. Frameworks that route by files have spans of their own, which name the route as its folders are
 * called, the file itself, or the part of it that ran:
 *
 * | framework | spans                                                                                                       |
 * |-----------|-------------------------------------------------------------------------------------------------------------|
 * | Next.js   | `next.span_type` with `next.route` or `next.page`: packages/next/src/server/lib/trace/constants.ts; names `render route (app) /orders/[id]` |
 * | SvelteKit | `sveltekit.load` with `sveltekit.load.node_id` (a path), `sveltekit.form_action`, `http.route` with the id of the route |
 * | Remix     | `LOADER routes/orders.$id`, `match.route.id` (opentelemetry-instrumentation-remix)                               |
 * | React Router 7 | `loader`, `action`, `middleware` with `routeId` and `pattern` (reactrouter.com/how-to/instrumentation), `loader routes/orders` with `route.id` |
 *
 * All others come with `http.route`, or with no more than the path of the request.
 */

import { textAttribute } from '../model/attributes';
import type { SpanSource } from '../model/types';
import type { FileRole } from './routeFile';
import { routeSegments, type Segment } from './segments';

export interface SpanRoute {
  /** The attribute that it came from. */
  readonly from: string;
  /** As the span has it. */
  readonly text: string;
  /** Undefined where the file is named. */
  readonly segments?: readonly Segment[];
  /** Groups and slots that the span names. */
  readonly beside: readonly string[];
  /** The path of one request. */
  readonly isPath: boolean;
  /** The end of the file's path without its ending: `routes/orders.$id`. */
  readonly file?: string;
  /** Only files of these roles. */
  readonly roles?: readonly FileRole[];
  /** Exports in which it ran, the likeliest first. */
  readonly parts: readonly string[];
  /** The method of the request is not known: of several functions any may have run. */
  readonly isAnyMethod?: boolean;
  /** A member of the first of them: an action of a form. */
  readonly member?: string;
  /** The framework's own words: it is a route of files. */
  readonly isOwn: boolean;
  /** The span is about a part of the work that is nobody's line: the page is near. */
  readonly isVague?: true;
}

type Span = Pick<SpanSource, 'name' | 'attributes' | 'scope'>;

const remixIds: readonly string[] = ['match.route.id', 'routeId', 'route.id', 'remix.route.id', 'react_router.route.id'];
const remixPatterns: readonly string[] = ['pattern', 'route.pattern', 'react_router.route.pattern'];
const remixName =
  /^(?:[\w-]{1,40}[.:]|Executing Server )?((?:client|server)?(?:loader|action)|(?:client)?middleware)(?: (\S+))?$/i;
/** A longer name or id is none. */
const maxName = 500;

/** Attributes that `readSpanRoute` looks at. */
export const fileRouteKeys: readonly string[] = [
  'next.route',
  'next.page',
  'next.segment',
  'next.span_type',
  'sveltekit.load.node_id',
  'sveltekit.form_action.name',
  ...remixIds,
  ...remixPatterns,
];

/** @param near what a span around it says of its route, where it says nothing itself */
export function readSpanRoute(span: Span, method: string | undefined, near?: string): SpanRoute | undefined {
  return ofNext(span, method, near) ?? ofSvelteKit(span, method) ?? ofRemix(span) ?? ofBrackets(span, method);
}

/** A route in the notation of any framework, or a path. */
export function plainRoute(text: string, from: string, method: string | undefined, isPath: boolean): SpanRoute | undefined {
  const bare = isPath ? text.replace(/[?#].*$/s, '') : text.replace(/^[A-Z]+ /, '');
  const segments = routeSegments(bare);
  if (!segments) return undefined;
  return { from, text, segments, beside: besideOf(bare), isPath, parts: partsFor(method), isOwn: false };
}

/** Exports that answer a request, in the notations of all frameworks; a page's own last. */
export function partsFor(method: string | undefined): readonly string[] {
  const verb = method === undefined || !/^[A-Z]{3,7}$/.test(method) ? 'GET' : method === 'HEAD' ? 'GET' : method;
  const camel = verb[0] + verb.slice(1).toLowerCase();
  const isRead = verb === 'GET';
  return [
    verb,
    verb.toLowerCase(),
    verb === 'DELETE' ? 'del' : '',
    'ALL',
    isRead ? 'loader' : 'action',
    isRead ? 'load' : 'actions',
    `onRequest${camel}`,
    `on${camel}`,
    'onRequest',
    'handler',
    'default',
    'Route',
    'fallback',
  ].filter((part) => part !== '');
}

const nextName =
  /^(?:(?:RSC )?(?:GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS)|render route \((?:app|pages)\)|executing api route \((?:app|pages)\)|getServerSideProps|getStaticProps|generateMetadata|generateViewport) (\/\S*)$/;

function ofNext({ name, attributes, scope }: Span, method: string | undefined, near: string | undefined): SpanRoute | undefined {
  const type = textAttribute(attributes, 'next.span_type');
  const route = textAttribute(attributes, 'next.route');
  const page = textAttribute(attributes, 'next.page');
  if (type === undefined && route === undefined && page === undefined && scope?.name !== 'next.js') return undefined;
  // The program's own requests are no routes of its own.
  if (type === 'AppRender.fetch') return undefined;
  if (type === 'Middleware.execute' || /^middleware [A-Z]+\b/.test(name))
    return { ...own('next.span_type', 'middleware'), file: 'middleware', parts: ['middleware', 'proxy', 'default'] };
  if (page !== undefined) return ofPage(page, type ?? name);
  const segment = textAttribute(attributes, 'next.segment');
  if (segment !== undefined && near !== undefined) return ofNextSegment(segment, near);
  const [, inName] = nextName.exec(name) ?? [];
  const text = route ?? textAttribute(attributes, 'http.route') ?? inName;
  if (text === undefined) {
    const vague = near === undefined ? undefined : inFolders(near, 'next.route');
    return vague && { ...vague, roles: ['page', 'handler', 'any'], parts: partsFor(method), isVague: true };
  }
  const from = route !== undefined ? 'next.route' : text === inName ? 'span name' : 'http.route';
  const found = inFolders(text, from);
  if (!found) return undefined;
  const part = /^getServerSideProps|^Render\.getServerSideProps/.test(type ?? name)
    ? 'getServerSideProps'
    : /^getStaticProps|^Render\.getStaticProps/.test(type ?? name)
      ? 'getStaticProps'
      : undefined;
  const isApp = / \(app\) /.test(name);
  // Names of the server's spans begin with the method.
  const asked = method ?? /^(?:RSC )?([A-Z]{3,7}) \//.exec(name)?.[1];
  return {
    ...found,
    ...(part === undefined && asked === undefined ? { isAnyMethod: true } : {}),
    roles: isApp && name.startsWith('render') ? ['page'] : ['handler', 'page', 'metadata', 'any'],
    parts: part === undefined ? partsFor(asked) : [part, 'default'],
  };
}

const own = (from: string, text: string): Pick<SpanRoute, 'from' | 'text' | 'beside' | 'isPath' | 'isOwn'> => ({
  from,
  text,
  beside: [],
  isPath: false,
  isOwn: true,
});

function inFolders(text: string, from: string): (SpanRoute & { readonly segments: readonly Segment[] }) | undefined {
  const segments = routeSegments(text.replace(/\\/g, '/'));
  return segments && { ...own(from, text), segments, beside: besideOf(text), parts: [] };
}

/** `/orders/[id]/layout`: the file without its ending, as `generateMetadata` has it. */
function ofPage(page: string, type: string): SpanRoute | undefined {
  const [, folder, file] = /^(.*?)\/?(layout|page)$/.exec(page) ?? [];
  const found = inFolders(folder ?? page, 'next.page');
  const parts = /generateViewport/.test(type) ? ['generateViewport', 'viewport'] : ['generateMetadata', 'metadata'];
  return found && { ...found, roles: file === 'layout' ? ['layout'] : ['page', 'any'], parts: [...parts, 'default'] };
}

/** The module of a segment of the route that is rendered: its page, or the layout of the folder. */
function ofNextSegment(segment: string, route: string): SpanRoute | undefined {
  const parts = route.split('/').filter((part) => part !== '');
  if (segment.startsWith('__PAGE__')) {
    const found = inFolders(route, 'next.segment');
    return found && { ...found, roles: ['page'], parts: ['default'] };
  }
  const at = segment === '' ? 0 : parts.indexOf(segment) + 1;
  // A group stands in no route.
  if (segment !== '' && at === 0 && !/^\(.*\)$/.test(segment)) return undefined;
  const found = inFolders(`/${parts.slice(0, at).join('/')}`, 'next.segment');
  return found && { ...found, beside: at === 0 && segment !== '' ? [segment] : [], roles: ['layout'], parts: ['default'] };
}

function ofSvelteKit({ name, attributes }: Span, method: string | undefined): SpanRoute | undefined {
  const node = textAttribute(attributes, 'sveltekit.load.node_id');
  if (node !== undefined)
    return { ...own('sveltekit.load.node_id', node), file: node.replace(/\.[cm]?[jt]s$/, ''), parts: ['load'] };
  if (!name.startsWith('sveltekit.')) return undefined;
  const route = textAttribute(attributes, 'http.route');
  const found = route === undefined ? undefined : inFolders(route, 'http.route');
  if (!found) return undefined;
  const action = textAttribute(attributes, 'sveltekit.form_action.name');
  if (action !== undefined) return { ...found, roles: ['load'], parts: ['actions'], member: action.replace(/^\?\//, '') };
  return { ...found, roles: ['handler', 'load', 'page', 'any'], parts: partsFor(method) };
}

/** What instrumentations of Remix and of React Router call a part of a route, by the exports that it may be. */
function remixParts(part: string): readonly string[] {
  switch (part.toLowerCase()) {
    case 'loader':
    case 'serverloader':
      return ['loader', 'clientLoader'];
    case 'action':
    case 'serveraction':
      return ['action', 'clientAction'];
    case 'clientloader':
      return ['clientLoader', 'loader'];
    case 'clientaction':
      return ['clientAction', 'action'];
    case 'clientmiddleware':
      return ['clientMiddleware', 'middleware'];
    default:
      return ['middleware', 'unstable_middleware'];
  }
}

/** The id of a route of Remix and React Router is the path of its file below `app`. */
function ofRemix({ name, attributes }: Span): SpanRoute | undefined {
  const [, kind, inName] = remixName.exec(name.slice(0, maxName)) ?? [];
  const key = remixIds.find((each) => textAttribute(attributes, each) !== undefined);
  const id = (key === undefined ? undefined : textAttribute(attributes, key)) ?? (inName?.startsWith('/') ? undefined : inName);
  const parts = kind === undefined ? ['loader', 'action', 'default'] : [...remixParts(kind), 'default'];
  if (id !== undefined && isRouteFile(id) && (kind !== undefined || key === 'match.route.id' || /^(?:routes|pages)\//.test(id)))
    return { ...own(key ?? 'span name', id), file: id, parts };
  if (kind === undefined) return undefined;
  const from = remixPatterns.find((each) => textAttribute(attributes, each) !== undefined);
  const pattern = from === undefined ? undefined : textAttribute(attributes, from);
  const found = from === undefined || pattern === undefined ? undefined : inFolders(`/${pattern.replace(/^\/+/, '')}`, from);
  return found && { ...found, roles: ['any', 'layout'], parts };
}

/** `routes/orders.$id`, `root`; a number or a word alone may be anything's id. */
function isRouteFile(id: string): boolean {
  return id.length <= maxName && (id === 'root' || (/^(?!\/)[^\s:?#\\]+$/.test(id) && id.includes('/')));
}

/** Square brackets are the notation of folders alone. */
function ofBrackets({ attributes }: Span, method: string | undefined): SpanRoute | undefined {
  const route = textAttribute(attributes, 'http.route');
  if (route === undefined || !/(?:^|\/)\[{1,2}(?:\.\.\.)?\w+(?:=\w+)?\]{1,2}(?:\/|$)/.test(route.slice(0, 500))) return undefined;
  const found = plainRoute(route, 'http.route', method, false);
  return found && { ...found, isOwn: true };
}

function besideOf(text: string): readonly string[] {
  return text.split('/').filter((part) => part.startsWith('@') || /^\([^.].*\)$/.test(part));
}
