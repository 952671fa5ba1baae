/**
 * From a route that a server span reports to the function that answers it. The texts of the route lead to files; what those declare is read
 * and put together with what stands before it, in them and elsewhere; the declaration that accounts for most of the route leads on to its handler.
 */

import { Slices } from '../../base/slices';
import { routeConfidence } from '../model/confidence';
import type { TextHint } from '../model/sourceHints';
import type { Question } from '../question/question';
import { isCode, isGenerated } from '../search/languages';
import { isCommentLine } from '../search/literalFiles';
import type { Finding } from '../search/rankFindings';
import type { SourceFile, SourceSearch } from '../search/sourceSearch';
import { display } from '../uri/paths';
import { findCatchAll, isCatchAll, isRootOfOther } from './catchAll';
import { findConventional, isConventional, mayNameAction } from './conventional';
import { rootUrls } from './djangoUrls';
import { declares, inheritedBy, withConstants, wordsOf } from './elsewhere';
import { placeScore } from './filePlaces';
import type { HandlerPlace } from './handlerPlace';
import { implementationOf, interfaceAround } from './implementation';
import { filesOfImport } from './importedFiles';
import { lineScore, weightOf } from './lineScores';
import { filler, type Mount, plainWord } from './mounts';
import { resolveHandler } from './resolveHandler';
import { declarationNeedles, parseRoute, type Route, valueNeedles } from './route';
import { type ReadRouteFile, routeFileOf } from './routeFiles';
import { type Fit, fitOf, isClient, spelledSegments, type Wanted } from './routeFit';

/** Files whose declarations are read; the first of them, and the others where those leave something of the route open. */
const maxFiles = 24;
const firstFiles = 8;
/** Files of which it is asked who wrote them. */
const maxSorted = 64;
const maxMounted = 8;
/** Files of a name whose folders are looked at. */
const maxNamed = 1_000;
/** Declarations that are followed to their handlers. */
const maxFollowed = 6;
/** A declaration that accounts for so much less is no second choice. */
const farBehind = 0.7;
/** What is usually put before a route, and asked for in tests, takes as much from a declaration. */
const usualBefore = 0.4;
const maxLine = 2_000;
/** Lines that hold a text that is hardly anywhere. */
const few = 8;

export async function findServerRoute(
  hint: TextHint,
  method: string | undefined,
  question: Question,
): Promise<readonly Finding[]> {
  const { search } = question;
  if (isConventional(hint.text)) return findConventional(hint, method, question);
  if (mayNameAction(hint.text, search)) {
    const actions = await findConventional(hint, method, question);
    if (actions.length) return actions;
  }
  // Express tells `/*` as `/`.
  if (isRootOfOther(hint.text, question)) {
    const all = await findCatchAll({ ...hint, text: '/*' }, method, search);
    if (all.length) return all;
  }
  const route = parseRoute(hint.text);
  if (!route) return [];
  const wanted: Wanted = {
    route,
    method: (route.method ?? method)?.toUpperCase(),
    isConcrete: hint.from !== 'http.route' && hint.from !== 'url.template' && !/[{<:[*]/.test(hint.text),
    text: hint.text.replace(/\(\.:format\)$|\/$/, ''),
    hasSlash: hint.text.endsWith('/'),
    ...namespaceOf(question),
  };
  const sources = await filesFor(hint.text, route, search);
  let read = await readAll(sources.slice(0, firstFiles), search);
  let fits = await fitsIn(read, wanted, search);
  if (!fits.some(({ known, verb }) => known !== 'part' && verb === 'same')) {
    read = [...read, ...(await readAll(sources.slice(firstFiles), search))];
    fits = await fitsIn(read, wanted, search);
  }
  if (!fits.some(({ known, verb }) => known !== 'part' && verb === 'same')) {
    const above = await inheritedBy(read, route, search);
    if (above.length) fits = [...(await fitsIn(above, wanted, search)), ...fits].sort((a, b) => b.score - a.score);
  }
  const isPath = wanted.isConcrete && ['url.path', 'http.target'].some((key) => question.span.attributes[key] !== undefined);
  if (search.languages && isPath && !fits.some(({ known }) => known !== 'part')) {
    const known = new Set(sources.map(({ file }) => file));
    const more = (await filesFor(hint.text, route, search, valueNeedles(route))).filter(({ file }) => !known.has(file));
    if (more.length) fits = await fitsIn([...read, ...(await readAll(more.slice(0, firstFiles), search))], wanted, search);
  }
  if (!fits.some(({ known }) => known !== 'part')) {
    const named = await withConstants(hint.text, search);
    if (named.length) fits = [...(await fitsIn(named, wanted, search)), ...fits].sort((a, b) => b.score - a.score);
  }
  if (!fits.length && isCatchAll(hint.text)) return findCatchAll(hint, method, search);
  const findings: Finding[] = [];
  // What a test puts up as a server is none where the program declares the same.
  const isDeclared = fits.some(({ source, score }) => source.standing === 'source' && score >= fits[0].score - usualBefore);
  const near = ofOneEach(fits, wanted).filter(
    ({ source, score }) => score > fits[0].score - farBehind && !(isDeclared && source.standing === 'test'),
  );
  // Where only what files are called tells which, none is sure.
  const isLikened = near.some((fit) => fit.score === near[0].score && clueOf(fit, wanted) !== clueOf(near[0], wanted));
  for (const fit of near.slice(0, maxFollowed)) {
    const isTied = isLikened && fit.score === near[0].score;
    for (const finding of await follow(fit, hint, wanted, search))
      findings.push(isTied ? { ...finding, confidence: Math.min(finding.confidence, routeConfidence.likened) } : finding);
  }
  return findings;
}

/** `[HttpHead("x")]` above `[HttpGet("x")]` of one action are no two places: the one of the method goes on. */
function ofOneEach(fits: readonly Fit[], { method }: Wanted): readonly Fit[] {
  const best = new Map<string, Fit>();
  const isOfMethod = ({ declaration, file }: Fit): boolean =>
    method !== undefined && (file.lines[declaration.line] ?? '').toUpperCase().includes(`HTTP${method}`);
  const keyOf = ({ source, declaration, score }: Fit): string => `${source.file}:${declaration.target}:${score}`;
  for (const fit of fits) {
    const known = best.get(keyOf(fit));
    if (!known || (!isOfMethod(known) && isOfMethod(fit))) best.set(keyOf(fit), fit);
  }
  return fits.filter((fit) => fit.declaration.target === undefined || best.get(keyOf(fit)) === fit);
}

/** `API::V2::Orders` of Grape is `/api/v2/orders`. */
function namespaceOf({ span }: Question): Pick<Wanted, 'namespace'> {
  const type = span.attributes['code.namespace'];
  if (typeof type !== 'string' || !/^\w+(?:(?:::|\.|\\)\w+)+$/.test(type.slice(0, 200))) return {};
  const parts = type.split(/::|\.|\\/).map((part) => part.replace(/([a-z0-9])([A-Z])/g, '$1_$2').toLowerCase());
  return { namespace: `/${parts.join('/')}.` };
}

/** Best first; files that those given mount below a part of the route are read as well. */
async function fitsIn(read: readonly ReadRouteFile[], wanted: Wanted, search: SourceSearch): Promise<readonly Fit[]> {
  const given: Mount[] = read.flatMap((each) => each.mounts);
  const more = await readAll(await mountedFiles(given, wanted.route, read, search), search);
  const mounts = [...given, ...more.flatMap((each) => each.mounts)];
  const fits: Fit[] = [];
  const slices = new Slices(search.context.signal);
  for (const { source, file } of [...read, ...more]) {
    await slices.maybePause();
    for (const declaration of file.declarations) {
      const fit = fitOf(declaration, source, file, wanted, mounts);
      if (!fit || fit.verb === 'other') continue;
      // Where paths have names, those with a slash at their end and those without are two.
      const isOther = declaration.handler.kind === 'named' && declaration.path.endsWith('/') !== wanted.hasSlash;
      fits.push(isOther ? { ...fit, known: 'part', coverage: 0, score: fit.score - usualBefore } : fit);
    }
  }
  return fits.sort((a, b) => b.score - a.score);
}

/** One after the other: the host may do other things between two. */
async function readAll(sources: readonly SourceFile[], search: SourceSearch): Promise<readonly ReadRouteFile[]> {
  const read: ReadRouteFile[] = [];
  const slices = new Slices(search.context.signal);
  for (const source of sources) {
    await slices.maybePause();
    const one = await routeFileOf(source, search);
    if (one) read.push(one);
  }
  return read;
}

/** Files that may declare a route, best first. */
async function filesFor(
  text: string,
  route: Route,
  search: SourceSearch,
  needles = declarationNeedles(text),
): Promise<readonly SourceFile[]> {
  const scores = new Map<string, number>();
  for (const needle of search.begin(needles)) {
    const weight = weightOf(needle, text);
    const counted = new Map<string, number>();
    const { hits } = await search.find(needle);
    // What hardly a file says tells more than `/delete`.
    const rare = hits.length <= few ? 1 : 0;
    for (const hit of hits) {
      // Tables of routes that a program reads as it starts.
      const isTable = hit.language === 'config' && /(?:rout[^/]*\.(?:json|ya?ml|xml)|webapi\.xml)$/i.test(hit.file);
      if (!(isCode(hit.language) || isTable) || hit.text.length > maxLine || isCommentLine(hit.text) || !declares.test(hit.text))
        continue;
      const count = (counted.get(hit.file) ?? 0) + 1;
      counted.set(hit.file, count);
      const more = lineScore(hit.text, hit.language);
      const goesOn = /^\/?[\w{:<]/.test(hit.text.slice(hit.text.indexOf(needle) + needle.length)) && text.endsWith(needle);
      const score = Math.max(0, (goesOn ? Math.min(1, weight) : weight) + more + rare);
      if (count === 1) scores.set(hit.file, (scores.get(hit.file) ?? 0) + score);
    }
  }
  for (const uri of [...(await routerFiles(search)), ...(await controllerFiles(text, search))])
    scores.set(uri, (scores.get(uri) ?? 0) + 3);
  for (const uri of await spelledFiles(route, search)) scores.set(uri, (scores.get(uri) ?? 0) + 5);
  for (const uri of await rootUrls(text, search)) scores.set(uri, (scores.get(uri) ?? 0) + 6);
  const words = new Set(route.segments.filter((segment) => segment !== undefined).map((segment) => segment.replace(/s$/, '')));
  const sorted = [...scores]
    .map(([uri, score]) => ({ source: search.file(uri), score }))
    .flatMap(({ source, score }) => (source ? [{ source, score: score + placeScore(source, words) }] : []))
    .sort((a, b) => b.score - a.score)
    .map(({ source }) => source);
  return (await generatedLast(sorted.slice(0, maxSorted), search)).slice(0, maxFiles);
}

/** Clients that were made of a description have every route there is. */
async function generatedLast(sources: readonly SourceFile[], { context }: SourceSearch): Promise<readonly SourceFile[]> {
  const written: SourceFile[] = [];
  const made: SourceFile[] = [];
  for (const source of sources.length > maxFiles ? sources : []) {
    const text = written.length < maxFiles ? await context.text(source.file) : undefined;
    (isGenerated(source.path[source.path.length - 1] ?? '', text) ? made : written).push(source);
  }
  return sources.length > maxFiles ? [...written, ...made] : sources;
}

/** Files in which routes stand that no text of theirs leads to. */
async function routerFiles(search: SourceSearch): Promise<readonly string[]> {
  if (search.languages && !search.languages.has('ruby')) return [];
  const { workspace } = search.context.ports;
  const files = await workspace.findByBaseName('routes.rb');
  const drawn: string[] = [];
  for (const file of files.slice(0, 8)) {
    for (const text of (await search.context.lines(file)) ?? []) {
      const name = text.length < 200 ? /^\s*draw[ (]+:?['"]?(\w+)/.exec(text)?.[1] : undefined;
      if (name !== undefined && drawn.length < 40)
        drawn.push(...(await workspace.findByBaseName(`${name}.rb`)).filter((uri) => uri.includes('/routes/')));
    }
  }
  return [...files.slice(0, 8), ...drawn];
}

/** Files that say of a route no more than its method: their folders spell it. */
async function spelledFiles({ segments }: Route, search: SourceSearch): Promise<readonly string[]> {
  if (search.languages && !search.languages.has('javascript')) return [];
  const last = segments[segments.length - 1];
  const stems = last === undefined ? ['index'] : ['index', last];
  const found = await Promise.all(
    stems.flatMap((stem) => ['ts', 'js'].map((ending) => search.context.ports.workspace.findByBaseName(`${stem}.${ending}`))),
  );
  const isSpelled = (uri: string): boolean => {
    const source = search.file(uri);
    return source?.standing === 'source' && spelledSegments(source, segments) > 0;
  };
  return found
    .flatMap((files) => files.slice(0, maxNamed))
    .filter(isSpelled)
    .slice(0, 8);
}

/** `[controller]` of ASP.NET is no text of the route: the class is called like a part of it. */
async function controllerFiles(text: string, search: SourceSearch): Promise<readonly string[]> {
  if (search.languages && !search.languages.has('csharp')) return [];
  const names = text.split('/').filter((part) => /^\w{3,60}$/.test(part));
  const found = await Promise.all(
    names.slice(0, 6).map((name) => search.context.ports.workspace.findByBaseName(`${name}Controller.cs`, true)),
  );
  return found.flatMap((files) => files.slice(0, 4));
}

/** Files that a found file mounts below a part of the route. */
async function mountedFiles(
  mounts: readonly Mount[],
  route: Route,
  read: readonly ReadRouteFile[],
  search: SourceSearch,
): Promise<readonly SourceFile[]> {
  const known = new Set(read.map(({ source }) => source.file));
  const found: SourceFile[] = [];
  for (const mount of mounts) {
    const last = mount.segments.findLast((segment) => segment !== undefined);
    if (last === undefined || !route.segments.includes(last)) continue;
    for (const target of mount.targets) {
      for (const file of await filesOfImport(target, mount.source, search)) {
        if (known.has(file.file) || found.length >= maxMounted) continue;
        known.add(file.file);
        found.push(file);
      }
    }
  }
  return found;
}

async function follow(fit: Fit, hint: TextHint, wanted: Wanted, search: SourceSearch): Promise<readonly Finding[]> {
  const { declaration, source, file } = fit;
  const code = (file.lines[declaration.line] ?? '').trim();
  const what = fit.known === 'part' ? 'the end of the route' : 'the route';
  const reason = `from ${hint.from}, ${what} ${display(hint.text, 80)} is declared by ${display(code, 80)}`;
  // A word where a parameter is may be a route of its own, declared in a way that nobody reads.
  const isWord =
    wanted.isConcrete && /^[a-z-]+$/.test(wanted.route.segments.at(-1) ?? '') && /[}>)\]]$|[:*$][\w?]+$/.test(declaration.path);
  const sure = isWord ? Math.min(sureOf(fit), routeConfidence.likened) : sureOf(fit);
  const clue = clueOf(fit, wanted);
  const registered: Finding = {
    clue,
    source,
    line: declaration.line,
    column: declaration.column,
    rung: 'literal',
    fit: fit.score,
    confidence: sure,
    reason,
  };
  const { target } = declaration;
  const around = fit.prefix.base ?? (target === undefined ? undefined : interfaceAround(file.lines, target));
  const type = fit.prefix.base && !fit.prefix.base.isInterface ? undefined : around;
  const place =
    type && !isClient(fit) && target !== undefined
      ? await implementationOf(type, target, file.lines, search)
      : await resolveHandler(declaration, wanted.method, source, search, wordsOf(wanted.route));
  if (!place && declaration.needsHandler) return [];
  // Who answers is named there, and not found: it is elsewhere.
  const { handler: given } = declaration;
  const isElsewhere = /^(?:function|class|member|action)$/.test(given.kind) && !('or' in given && given.or?.kind === 'inline');
  if (!place && isElsewhere) return [{ ...registered, confidence: Math.min(sure, routeConfidence.unfound) }];
  if (!place || (place.source.file === source.file && place.line === declaration.line)) return [registered];
  const handler: Finding = {
    clue,
    source: place.source,
    line: place.line,
    column: place.column,
    rung: 'literal',
    fit: fit.score,
    confidence: isWord ? sure : handlerSure(sure, fit, place),
    reason: `${reason}, whose handler is defined here`,
  };
  return [handler, { ...registered, fit: fit.score - 0.3, confidence: Math.min(sure, routeConfidence.registration) }];
}

function clueOf({ file, declaration, source }: Fit, { route, namespace }: Wanted): number {
  const isNamed = namespace !== undefined && `/${source.path.join('/').toLowerCase()}`.includes(namespace);
  const words = mentions(file.lines[declaration.line] ?? '', route) + kinship(source, route);
  return words + sameVersion(source, route) + sameSide(source, route) + (isNamed ? 3 : 0);
}

/** `routes/api.php` and `web/api/orders.go` are of what is below `/api`, and of no page. */
function sameSide({ path }: SourceFile, { segments }: Route): number {
  const isOfApi = path.some((part) => /^api(?:\.\w+)?$/i.test(part));
  return isOfApi ? (segments.includes('api') ? 0.4 : -0.4) : 0;
}

/** `Api/V2/OrdersController.cs` is of another version than `/api/v3/orders`. */
function sameVersion({ path }: SourceFile, { segments }: Route): number {
  const asked = segments.find((segment) => segment !== undefined && /^v\d+$/.test(segment));
  const own =
    asked === undefined ? [] : path.slice(0, -1).flatMap((part) => /(?:^|[._-])(v\d+)$/i.exec(part)?.[1].toLowerCase() ?? []);
  return own.length ? (own.includes(asked ?? '') ? 0.5 : -0.5) : 0;
}

/** Whether a line names what the route is about, beside its path: tells the routers of one file apart. */
function mentions(code: string, { segments }: Route): number {
  const last =
    segments
      .findLast((segment) => segment !== undefined)
      ?.replace(/[^a-z0-9]/g, '')
      .replace(/s$/, '') ?? '';
  return last.length >= 3 && code.toLowerCase().includes(last) ? 1 : 0;
}

/** How much of what a file and its folders are called is said by the route: `explore/recipes` is of another than `/api/recipes`. */
function kinship({ path }: SourceFile, route: Route): number {
  const words = wordsOf(route);
  const own = path
    .slice(-3)
    .flatMap((part) => part.replace(/\.\w+$/, '').split(/[^\p{L}\p{N}]+|(?<=[a-z0-9])(?=[A-Z])/u))
    .filter((part) => part.length >= 3 && !filler.test(part))
    .map(plainWord);
  if (!own.length) return 0;
  return Math.round((own.filter((word) => words.has(word)).length / own.length) * 10) / 10;
}

function sureOf(fit: Fit): number {
  if (isClient(fit)) return routeConfidence.client;
  if (fit.known === 'part') return fit.coverage >= 0.5 ? routeConfidence.end : routeConfidence.registration;
  const base = fit.known === 'all' ? routeConfidence.whole : routeConfidence.likely;
  return fit.verb === 'same' && !fit.declaration.isDescription ? base : base - routeConfidence.anyMethod;
}

function handlerSure(sure: number, { known }: Fit, place: HandlerPlace): number {
  if (place.isOneOf) return Math.min(sure, routeConfidence.named);
  if (place.isClass) return Math.min(sure, routeConfidence.handlerClass);
  if (place.by === 'name') return Math.min(sure, routeConfidence.handlerName);
  return known === 'part' ? sure : Math.min(routeConfidence.handler, sure + 0.05);
}
