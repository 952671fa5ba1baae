/**
 * What route a file is, by where it stands and what it is called. Frameworks agree on little but the folder that it begins at:
 *
 * | framework            | files                                                                                          |
 * |----------------------|------------------------------------------------------------------------------------------------|
 * | Next.js, app router  | `app/(shop)/orders/[id]/page.tsx`, `route.ts`, `layout.tsx`, `sitemap.ts` and other metadata        |
 * | Next.js, pages router; Astro; Nuxt | `pages/orders/[id].tsx`, `pages/api/orders.ts`, `src/pages/orders/[id].astro`, `pages/orders/[id].vue` |
 * | SvelteKit            | `src/routes/orders/[id=integer]/+page.server.ts`, `+server.ts`                                    |
 * | Nitro, Nuxt          | `server/api/orders/[id].get.ts`, `server/routes/feed.ts`                                          |
 * | Remix, React Router, TanStack | `app/routes/orders.$id.tsx`, `app/routes/orders.$id/route.tsx`, `app/routes/orders/$id.tsx`, `app/routes/_shop+/orders+/$id.tsx` |
 * | SolidStart, Qwik, Fresh | `src/routes/orders/[id].tsx`, `routes/orders/[id]/index.tsx`                                     |
 * | functions of clouds  | `api/orders/[id].ts`, `functions/orders/[id].ts`                                                  |
 */

import type { PathTest } from '../model/types';
import { bracketSegment, dollarSegment, type Segment } from './segments';

export interface FileRoute {
  readonly role: FileRole;
  readonly segments: readonly Segment[];
  /** In upper case, where the file's name says one. */
  readonly verb?: string;
  /** Groups and slots on the way, as they are written: `(shop)`, `@modal`. */
  readonly beside: readonly string[];
  /** The folder at which it begins, by its index in the path. */
  readonly root: number;
}

/**
 * `handler` answers requests, `page` renders, `load` gives a page its data, `layout` is around pages, `part` is shown in their place (loading,
 * error). `any`: the file's text tells.
 */
export type FileRole = 'handler' | 'page' | 'load' | 'layout' | 'part' | 'metadata' | 'any';

const ending = /\.(?:[cm]?[jt]sx?|vue|svelte|astro|mdx?)$/;
const noRoute = /\.(?:d|test|spec|stories|module|styles?|config|cy)\.\w+$/;
const verbs = /\.(get|post|put|patch|delete|head|options|connect|trace)$/;

/** Whether a path (with slashes between) may be a file's that is a route: what is cheap to tell of every file of a workspace. */
export const routeFiles: PathTest = {
  name: 'routes',
  passes(path) {
    if (!ending.test(path) || noRoute.test(path)) return false;
    const segments = path.split('/');
    for (let i = 0; i < segments.length - 1; i++) if (rootsByName.has(segments[i])) return true;
    return false;
  },
};

type Reader = (folders: readonly string[], name: string, path: readonly string[], root: number) => Read | undefined;
type Read = Omit<FileRoute, 'root'>;

const rootsByName: ReadonlyMap<string, Reader> = new Map<string, Reader>([
  ['app', ofApp],
  ['pages', ofPages],
  ['routes', ofRoutes],
  ['server', ofServer],
  ['api', ofFunctions],
  ['functions', ofFunctions],
]);

/** Roots that are tried; one folder of a path may be called like another framework's. */
const maxRoots = 4;

/** @param path below the workspace folder */
export function routesOfFile(path: readonly string[]): readonly FileRoute[] {
  const name = path[path.length - 1] ?? '';
  if (!ending.test(name) || noRoute.test(name)) return [];
  const found: FileRoute[] = [];
  for (let root = 0; root < path.length - 1 && found.length < maxRoots; root++) {
    const read = rootsByName.get(path[root])?.(path.slice(root + 1, -1), name.replace(ending, ''), path, root);
    if (read) found.push({ ...read, root });
  }
  return found;
}

const appRoles: Readonly<Record<string, FileRole>> = {
  page: 'page',
  route: 'handler',
  layout: 'layout',
  template: 'layout',
  default: 'page',
  loading: 'part',
  error: 'part',
  'not-found': 'part',
  'global-error': 'part',
  forbidden: 'part',
  unauthorized: 'part',
};

/** Files of the app router that answer at a path of their own, and what that path ends with. */
const metadata: Readonly<Record<string, string>> = {
  sitemap: 'sitemap.xml',
  robots: 'robots.txt',
  manifest: 'manifest.webmanifest',
  'opengraph-image': 'opengraph-image',
  'twitter-image': 'twitter-image',
  icon: 'icon',
  'apple-icon': 'apple-icon',
};

function ofApp(folders: readonly string[], name: string): Read | undefined {
  const role = Object.hasOwn(appRoles, name) ? appRoles[name] : undefined;
  const plain = name.replace(/\d$/, '');
  const own = Object.hasOwn(metadata, plain) ? metadata[plain] : undefined;
  if (role === undefined && own === undefined) return undefined;
  // A folder with an underscore before it is private; one with a dollar sign is Remix'.
  if (folders.some((folder) => /^_|^\$|\.\$/.test(folder))) return undefined;
  const read = bracketPath(folders.map((folder) => folder.replace(/^%5F/i, '_')));
  if (!read) return undefined;
  if (role !== undefined) return { role, ...read };
  return { role: 'metadata', segments: [...read.segments, { kind: 'fixed', text: own ?? '' }], beside: read.beside };
}

function ofPages(folders: readonly string[], name: string, path: readonly string[]): Read | undefined {
  if (/^_(?:app|document|error|middleware)$/.test(name)) return undefined;
  const isVue = path[path.length - 1].endsWith('.vue');
  // Nuxt 2 marks what changes by an underscore; files of Astro with one are no pages.
  const read = isVue ? nuxtPath([...folders, name]) : bracketPath([...folders, name].filter(isNoIndex));
  if (!read || (!isVue && [...folders, name].some((part) => part.startsWith('_')))) return undefined;
  const [first] = folders;
  return { role: first === 'api' ? 'handler' : isVue ? 'page' : 'any', ...read };
}

function isNoIndex(part: string, i: number, all: readonly string[]): boolean {
  return i < all.length - 1 || part !== 'index';
}

/** `orders/_id.vue` of Nuxt 2, `orders.[id].vue` of Nuxt 3 and Vue Router. */
function nuxtPath(parts: readonly string[]): Pick<Read, 'segments' | 'beside'> | undefined {
  const pieces = parts.flatMap((part, i) => (i === parts.length - 1 && !part.startsWith('[...') ? splitDots(part) : [part]));
  const read = bracketPath(pieces.filter(isNoIndex).map((piece) => piece.replace(/^_(?=\w)/, '\u0000')));
  if (!read) return undefined;
  const segments = read.segments.map((segment): Segment => {
    if (segment.kind !== 'fixed' || !segment.text.startsWith('\u0000')) return segment;
    return { kind: 'hole', name: segment.text.slice(1), isRest: false, isOptional: false };
  });
  return { segments, beside: read.beside };
}

function splitDots(part: string): readonly string[] {
  return part.includes('...') ? [part] : part.split('.').filter((piece) => piece !== '');
}

function ofRoutes(folders: readonly string[], name: string, path: readonly string[], root: number): Read | undefined {
  if (name.startsWith('+')) return ofSvelteKit(folders, name);
  const all = [...folders, name];
  const before = path[root - 1];
  if (
    all.some((part) => part.startsWith('$') || part.includes('.$') || part.endsWith('+')) ||
    (before === 'app' && !all.some(hasBracketName))
  )
    return ofFlat(folders, name);
  const verb = verbs.exec(name)?.[1];
  const read = bracketPath([...folders, name.replace(verbs, '')].filter(isNoIndex));
  if (!read || before === 'server') return undefined;
  return { role: 'any', ...read, ...(verb === undefined ? {} : { verb: verb.toUpperCase() }) };
}

/** `[id]`, not `[.]` of Remix, which only escapes. */
function hasBracketName(part: string): boolean {
  return /^\[+(?:\.\.\.)?\w+/.test(part) && part.endsWith(']');
}

const svelteRoles: Readonly<Record<string, FileRole>> = {
  '+server': 'handler',
  '+page': 'page',
  '+page.server': 'load',
  '+layout': 'layout',
  '+layout.server': 'layout',
  '+error': 'part',
};

function ofSvelteKit(folders: readonly string[], name: string): Read | undefined {
  const plain = name.replace(/@.*$/, '');
  const role = Object.hasOwn(svelteRoles, plain) ? svelteRoles[plain] : undefined;
  const read = role && bracketPath(folders);
  return role && read && { role, ...read };
}

/** Remix' files and folders, flat, nested, or nested where a `+` says so (remix-flat-routes); `route`, `index`, `_index` are of what is around them. */
function ofFlat(folders: readonly string[], name: string): Read | undefined {
  if (name.startsWith('__')) return undefined;
  const parts = name === 'route' && folders.length ? folders : [...folders, name];
  const segments = parts.flatMap((part) => outsideBrackets(part.replace(/\+$/, '')).flatMap(dollarSegment));
  const last = name === 'route' ? (folders[folders.length - 1] ?? '') : name;
  const isLayout = /^_[^.]*$/.test(last) && last !== '_index';
  return { role: isLayout ? 'layout' : 'any', segments, beside: parts.filter((part) => part.startsWith('_')) };
}

/** Parts between dots; one in brackets (`sitemap[.]xml`) is no end. */
function outsideBrackets(text: string): readonly string[] {
  const parts: string[] = [];
  let part = '';
  let depth = 0;
  for (const char of text) {
    if (char === '[') depth++;
    else if (char === ']') depth--;
    if (char === '.' && depth === 0) {
      parts.push(part);
      part = '';
    } else part += char;
  }
  return [...parts, part];
}

function ofServer(folders: readonly string[], name: string): Read | undefined {
  const [kind, ...below] = folders;
  if (kind !== 'api' && kind !== 'routes') return undefined;
  const verb = verbs.exec(name)?.[1];
  const inner = kind === 'api' ? ['api', ...below] : below;
  const read = bracketPath([...inner, name.replace(verbs, '')].filter(isNoIndex));
  return read && { role: 'any', ...read, ...(verb === undefined ? {} : { verb: verb.toUpperCase() }) };
}

/** Only at the top of a project; what is below `src` is somebody's own folder. */
function ofFunctions(folders: readonly string[], name: string, path: readonly string[], root: number): Read | undefined {
  if (path.slice(0, root).some((folder) => rootsByName.has(folder) || folder === 'src')) return undefined;
  const verb = verbs.exec(name)?.[1];
  const inner = path[root] === 'api' ? ['api', ...folders] : folders;
  const read = bracketPath([...inner, name.replace(verbs, '')].filter(isNoIndex));
  return read && { role: 'any', ...read, ...(verb === undefined ? {} : { verb: verb.toUpperCase() }) };
}

function bracketPath(parts: readonly string[]): Pick<Read, 'segments' | 'beside'> | undefined {
  const segments: Segment[] = [];
  const beside: string[] = [];
  for (const part of parts) {
    const found = bracketSegment(part);
    if (!found) return undefined;
    if (found.length) segments.push(...found);
    else beside.push(part);
  }
  return { segments, beside };
}
