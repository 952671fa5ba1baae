/**
 * From a route to the file that it is, as the framework's own router would choose: asked of the index of the workspace's files, not of their text. A
 * text of the same words elsewhere (a link, a test) is no rival, because it is not what ran.
 */

import { throwIfAborted } from '../../base/errors';
import { importsOf } from '../callees/bindings';
import { filesOfModule } from '../callees/moduleFiles';
import { fileRouteConfidence } from '../model/confidence';
import type { Finding } from '../search/rankFindings';
import type { SourceFile, SourceSearch } from '../search/sourceSearch';
import { display } from '../uri/paths';
import { lineOfExport, lineOfMember, methodsOf } from './exports';
import { type FileRole, type FileRoute, routeFiles, routesOfFile } from './routeFile';
import { matchSegments, type SegmentMatch } from './segments';
import type { SpanRoute } from './spanRoute';

/** Files whose text is read. */
const maxRead = 12;
/** Of one name, where files are looked for by their names. */
const maxNamed = 200;
/** Files that may be a route; in more of them nobody is led by a path. */
const maxFiles = 20_000;

interface Fitting {
  readonly source: SourceFile;
  readonly route?: FileRoute;
  /** The better it fits. */
  readonly rank: number;
  readonly isRest: boolean;
}

export async function findFileRoutes(wanted: SpanRoute, search: SourceSearch): Promise<readonly Finding[]> {
  if (search.languages && !search.languages.has('javascript')) return [];
  const fitting = wanted.file === undefined ? await byAnyRoute(wanted, search) : await byFile(wanted.file, wanted, search);
  const best = Math.max(...fitting.map(({ rank }) => rank));
  // A router takes the route that fits best, and no other.
  const near = fitting.filter(({ rank }) => rank > best - 0.5).sort((a, b) => b.rank - a.rank);
  const findings: Finding[] = [];
  for (const each of near.slice(0, maxRead)) {
    throwIfAborted(search.context.signal);
    findings.push(await finding(each, wanted, search));
  }
  return findings;
}

/** Some versions of Next.js put the name of the file behind the route; so do others. */
async function byAnyRoute(wanted: SpanRoute, search: SourceSearch): Promise<readonly Fitting[]> {
  const found = await byRoute(wanted, search);
  const last = wanted.segments?.[wanted.segments.length - 1];
  if (found.length || last?.kind !== 'fixed' || !/^(?:route|page|index)$/.test(last.text)) return found;
  return byRoute({ ...wanted, segments: wanted.segments?.slice(0, -1) }, search);
}

async function byRoute(wanted: SpanRoute, search: SourceSearch): Promise<readonly Fitting[]> {
  const { segments = [] } = wanted;
  const fixed = segments.flatMap((segment) => (segment.kind === 'fixed' ? [segment.text] : []));
  const telling = wanted.isPath ? undefined : fixed[fixed.length - 1];
  const found: Fitting[] = [];
  for (const uri of await filesFor(wanted, search)) {
    // Cheap: most files have nothing of it.
    if (telling !== undefined && /^[\w-]+$/.test(telling) && !uri.includes(telling)) continue;
    const source = search.file(uri);
    if (source?.standing !== 'source') continue;
    for (const route of routesOfFile(source.path)) {
      if (wanted.roles && !wanted.roles.includes(route.role)) continue;
      if (!wanted.roles && (route.role === 'layout' || route.role === 'part')) continue;
      const match = matchSegments(route.segments, segments, wanted.isPath);
      if (!match || !isTold(match, wanted)) continue;
      found.push({ source, route, rank: rankOf(match, route, wanted), isRest: match.isRest });
      break;
    }
  }
  return found;
}

/** A path that only holes take says nothing. */
function isTold({ fixed, taken }: SegmentMatch, { isPath }: SpanRoute): boolean {
  return !isPath || fixed > 0 || taken === 0;
}

function rankOf({ fixed, taken, named, isRest }: SegmentMatch, route: FileRoute, { beside, roles }: SpanRoute): number {
  const shared = route.beside.filter((each) => beside.includes(each)).length;
  // A layout of a group is another one than that of the folder around it.
  const others = route.role === 'layout' ? route.beside.length + beside.length - 2 * shared : 0;
  const role = roles ? roles.indexOf(route.role) : orderOf(route.role);
  // A slot shows something beside the page.
  const slots = route.beside.some((each) => each.startsWith('@') && !beside.includes(each)) ? 0.1 : 0;
  return fixed + taken * 0.4 + named * 0.1 + shared * 0.2 - others - (isRest ? 0.6 : 0) - role * 0.02 - slots;
}

function orderOf(role: FileRole): number {
  const order: readonly FileRole[] = ['handler', 'any', 'load', 'page', 'metadata'];
  return order.indexOf(role);
}

async function filesFor(wanted: SpanRoute, search: SourceSearch): Promise<readonly string[]> {
  const { workspace } = search.context.ports;
  const listed = await workspace.findByPath?.(routeFiles);
  if (listed) return listed.slice(0, maxFiles);
  const found: string[] = [];
  for (const name of namesFor(wanted)) {
    throwIfAborted(search.context.signal);
    found.push(...(await workspace.findByBaseName(name)).slice(0, maxNamed));
  }
  return found;
}

const ofFolder: readonly string[] =
  'route.ts,route.js,page.tsx,page.jsx,page.js,layout.tsx,layout.jsx,layout.js,+server.ts,+server.js,+page.server.ts,+page.svelte,index.ts,index.tsx,index.js,index.vue,index.astro'.split(
    ',',
  );
const endings: readonly string[] = ['.ts', '.tsx', '.js', '.jsx', '.vue', '.astro'];

/** Where files are not listed: what a file of the route is called, as far as that can be told. */
function namesFor({ segments = [], parts, text }: SpanRoute): readonly string[] {
  const last = segments[segments.length - 1];
  if (last === undefined) return ofFolder;
  const written = text.split('/').filter((part) => /\w/.test(part));
  const stem = last.kind === 'fixed' ? last.text : last.isRest ? `[...${last.name}]` : `[${last.name}]`;
  const stems = new Set([stem, ...(written.length ? [written[written.length - 1]] : [])]);
  const verb = parts[0]?.toLowerCase();
  return [...ofFolder, ...[...stems].flatMap((each) => endings.flatMap((end) => [`${each}${end}`, `${each}.${verb}${end}`]))];
}

/** Of a path without its ending, as frameworks name their modules. */
async function byFile(file: string, wanted: SpanRoute, search: SourceSearch): Promise<readonly Fitting[]> {
  const segments = file.split('/').filter((part) => part !== '' && part !== '.' && part !== '..');
  const stem = segments[segments.length - 1];
  if (stem === undefined || file.length > 500) return [];
  const found: Fitting[] = [];
  const names = [stem, ...(stem === 'middleware' ? ['proxy'] : [])];
  for (const name of names.flatMap((each) => endings.slice(0, 4).map((end) => `${each}${end}`)).concat(`${stem}.svelte`)) {
    throwIfAborted(search.context.signal);
    for (const uri of (await search.context.ports.workspace.findByBaseName(name)).slice(0, maxNamed)) {
      const source = search.file(uri);
      if (source?.standing !== 'source') continue;
      const shared = sharedFolders(source.path, segments);
      // The framework's own is at the top of the project, or of its source.
      const folder = source.path[source.path.length - 2];
      const isTop = segments.length > 1 || source.path.length <= 2 || folder === 'src' || (stem === 'root' && folder === 'app');
      if (shared === segments.length - 1 && isTop) found.push({ source, rank: 1 + shared, isRest: false });
    }
  }
  if (found.length) return found;
  // Remix' `routes/orders.$id` may be a folder with `route.tsx` in it.
  return wanted.from === 'sveltekit.load.node_id' || stem === 'route' ? [] : byFile(`${file}/route`, wanted, search);
}

function sharedFolders(path: readonly string[], segments: readonly string[]): number {
  let count = 0;
  while (count + 2 <= segments.length && segments[segments.length - 2 - count] === path[path.length - 2 - count]) count++;
  return count;
}

/** What answers all paths below one has a router in it: tRPC's, Hono's. A page shows all of them itself. */
function handsOn(text: string, { path }: SourceFile): boolean {
  const isHandler = /^route\.[cm]?[jt]s$/.test(path[path.length - 1] ?? '') || path.includes('api');
  return isHandler && /\[(?:\.{3}\w{1,60}|trpc)\]{1,2}$/.test(text);
}

/**
 * What the file only hands on from elsewhere: `export { default } from '@shop/pages/orders'`, `export default OrdersPage` of an import. Null where that
 * is not found; undefined where the file has it itself.
 */
async function passedOn(
  file: string,
  lines: readonly string[],
  { line, name }: { readonly line: number; readonly name: string },
  parts: readonly string[],
  search: SourceSearch,
  hops = 0,
): Promise<{ readonly source: SourceFile; readonly line: number } | null | undefined> {
  const text = (line < 0 ? lines : lines.slice(line, line + 12)).slice(0, 400).join('\n').slice(0, 4_000);
  const given = /^export\s*\{([^{}]{0,2000})\}\s*from\s*["']([^"'\n]{1,200})["']/.exec(text);
  const all = line < 0 ? /^export\s*\*\s*from\s*["']([^"'\n]{1,200})["']/m.exec(text)?.[1] : undefined;
  const list = given?.[1] ?? /^export\s*\{([^{}]{0,2000})\}/.exec(text)?.[1];
  const alias = list?.split(',').find((part) => part.trim() === name || part.trim().endsWith(` as ${name}`));
  const inner = alias?.trim().split(/\s/, 1)[0];
  const imported = given ? undefined : (inner ?? /^export\s+default\s+([\w$]+)\s*;?\s*$/m.exec(text.split('\n', 1)[0])?.[1]);
  const bound = imported === undefined ? undefined : importsOf(lines).get(imported);
  const module = given?.[2] ?? all ?? bound?.module;
  if (module === undefined || hops > 2) return undefined;
  const wanted = given && inner !== undefined ? [inner] : bound ? [bound.name, 'default'] : parts;
  for (const each of (await filesOfModule(module, file, search.context)).slice(0, 6)) {
    const source = search.file(each);
    const other = source && each !== file ? await search.context.lines(each) : undefined;
    const place = other && lineOfExport(other, wanted);
    if (!source || !other) continue;
    const further = await passedOn(each, other, place ?? { line: -1, name: '' }, wanted, search, hops + 1);
    if (further) return further;
    if (place && further === undefined) return { source, line: place.line };
  }
  return null;
}

async function finding({ source, route, rank, isRest }: Fitting, wanted: SpanRoute, search: SourceSearch): Promise<Finding> {
  const lines = (await search.context.lines(source.file)) ?? [];
  const { parts, member, isOwn, isPath, isVague } = wanted;
  const place = lineOfExport(lines, parts);
  const inside = member === undefined || !place ? undefined : lineOfMember(lines, place.name, member);
  const isMarkup = /\.(?:vue|svelte|astro|mdx?)$/.test(source.file);
  const isVerb = place !== undefined && place.name === parts[0];
  // The file's name says another method than the request's.
  const isOther = (route?.verb !== undefined && route.verb !== parts[0]) || (wanted.isAnyMethod === true && methodsOf(lines) > 1);
  const figures = fileRouteConfidence;
  let sure: number = isOwn ? figures.own : isPath ? figures.path : figures.plain;
  if (!place && !isMarkup) sure = figures.noExport;
  else if (!isMarkup && (place?.name === 'fallback' || isOther)) sure = Math.min(sure, figures.otherMethod);
  else if (isVague || (isRest && isPath) || handsOn(wanted.text, source)) sure = Math.min(sure, figures.near);
  const behind =
    inside === undefined && !isMarkup
      ? await passedOn(source.file, lines, place ?? { line: -1, name: '' }, parts, search)
      : undefined;
  if (behind === null) sure = Math.min(sure, figures.near);
  else if (behind) sure = place ? Math.min(sure, figures.followed) : isOwn ? figures.followed : figures.plain;
  return {
    source: behind?.source ?? source,
    line: behind?.line ?? inside ?? place?.line ?? 0,
    rung: 'literal',
    fit: 3 + Math.min(rank, 20) / 10 + (isVerb ? 0.03 : 0) - (place || isMarkup ? 0 : 0.5) - (isOther ? 0.5 : 0),
    confidence: sure,
    reason: [
      `from ${wanted.from}`,
      wanted.file === undefined
        ? `the path of the file is the route ${display(wanted.text, 80)}`
        : `the file is ${display(wanted.text, 80)}`,
      place && !isMarkup ? `${display(place.name === 'default' ? 'its default export' : place.name, 40)} is there` : '',
    ]
      .filter((part) => part !== '')
      .join(', '),
  };
}
