/**
 * Which line declares a route. Frameworks agree on little but that the method is a word near the path (`app.get(`, `@GetMapping`, `[HttpGet]`,
 * `get(handler)`, `methods=["GET"]`, `"GET /orders"`), and that a beginning may be said once for many (a blueprint, a controller, a group).
 */

import { literalConfidence } from '../model/confidence';
import type { TextHint } from '../model/sourceHints';
import { isCommentLine, type LiteralFiles, quotedAround } from '../search/literalFiles';
import type { Finding } from '../search/rankFindings';
import type { LanguageHit, SourceFile } from '../search/sourceSearch';
import { display } from '../uri/paths';
import { matchRoute, parseRoute, type Route, rootNeedles, routeNeedles } from './route';

interface Rough {
  readonly hit: LanguageHit;
  readonly column: number;
  readonly literal: Route;
  readonly shared: number;
  readonly rough: number;
}

/** Lines whose file is read. */
const maxRead = 16;

export async function findRoute(hint: TextHint, method: string | undefined, files: LiteralFiles): Promise<readonly Finding[]> {
  const route = parseRoute(hint.text);
  if (!route) return [];
  const wanted = route.method ?? method?.toUpperCase();
  const isConcrete = hint.from === 'span name';
  const rough = new Map<string, Rough>();
  // The same text stands in many lines.
  const shares = new Map<string, { readonly literal: Route; readonly shared: number } | undefined>();
  const shareOf = (text: string): { readonly literal: Route; readonly shared: number } | undefined => {
    if (shares.has(text)) return shares.get(text);
    const literal = parseRoute(text);
    const shared = literal ? matchRoute(literal, route, isConcrete) : 0;
    const share = literal && shared > 0 ? { literal, shared } : undefined;
    shares.set(text, share);
    return share;
  };
  for (const needle of files.search.begin(routeNeedles(hint.text))) {
    const { hits } = await files.search.find(needle);
    for (const hit of hits) {
      if (hit.text.length > 5_000 || isCommentLine(hit.text)) continue;
      if (rootNeedles.includes(needle)) {
        const key = `${hit.file}:${hit.line}`;
        const column = hit.text.indexOf(needle) + 1;
        if (
          rough.has(key) ||
          wanted === undefined ||
          (!verbsOf(withoutStrings(hit.text, column)).length && !/^\s*['"]\/['"]/.test(hit.text))
        )
          continue;
        rough.set(key, { hit, column, literal: { segments: [] }, shared: 0, rough: 0.5 + mention(hit.text, route) });
        continue;
      }
      for (const { text, column } of quotedAround(hit, needle)) {
        const share = shareOf(text);
        const key = `${hit.file}:${hit.line}`;
        if (!share || (rough.get(key)?.shared ?? 0) >= share.shared) continue;
        // A word without a slash is a route only beside a method.
        if (!text.includes('/') && !verbsOf(hit.text).length && !annotation.test(hit.text)) continue;
        // `auth="user"` of a route says something else of it.
        if (!text.includes('/') && option.test(hit.text.slice(Math.max(0, column - 40), column - 1))) continue;
        const { literal, shared } = share;
        rough.set(key, { hit, column, literal, shared, rough: shared * 2 + (verbsOf(hit.text).includes(wanted ?? '') ? 1 : 0) });
      }
    }
  }
  const best = [...rough.values()].sort((a, b) => b.rough - a.rough).slice(0, maxRead);
  const findings: Finding[] = [];
  for (const each of best) {
    const finding = await judge(each, route, wanted, hint, files);
    if (finding) findings.push(finding);
  }
  return findings;
}

async function judge(
  { hit, column, literal, shared }: Rough,
  route: Route,
  wanted: string | undefined,
  hint: TextHint,
  files: LiteralFiles,
): Promise<Finding | undefined> {
  const source = files.search.file(hit.file);
  const lines = source && (await files.search.context.lines(source.file));
  if (!source || !lines || !(await files.at(source, hit.line, column))) return undefined;
  const code = lines[hit.line] ?? '';
  const { verbs, isRouting, isClient, receiver } = surroundings(lines, hit.line, column);
  const verb = literal.method ?? (verbs.length ? undefined : 'ANY');
  const isVerb = wanted !== undefined && (literal.method === wanted || (literal.method === undefined && verbs.includes(wanted)));
  const isOther = wanted !== undefined && !isVerb && verb !== 'ANY';
  const isWhole = shared === route.segments.length;
  const fixed = literal.segments.filter((segment) => segment !== undefined).length;
  const isElsewhere = !isWhole && hasOtherPrefix(route, lines, hit.line);
  const isPrefixed =
    !isWhole &&
    !isElsewhere &&
    hasPrefix(route.segments.slice(0, route.segments.length - shared), lines, hit.line, source, receiver);
  const isRoute = isRouting || verbs.length > 0 || literal.method !== undefined;
  if (shared === 0 && (!isVerb || !(isWhole || isPrefixed))) return undefined;
  const compared = isComparedTo(code.slice(Math.max(0, column - 60), Math.max(0, column - 1)));
  // `path == "/"` is the root's.
  if (shared === 0 && compared) return undefined;
  // `/:id` alone is in every router.
  if (!isWhole && !isPrefixed && (fixed === 0 || !isRoute)) return undefined;
  let sure: number = isWhole
    ? literalConfidence.routeAnyMethod
    : isPrefixed
      ? literalConfidence.routeAnyMethod
      : literalConfidence.routeEnd;
  if (isVerb && (isWhole || isPrefixed)) sure = literalConfidence.route;
  if (!isRoute) sure -= 0.2;
  if (isOther || isClient || compared === 'part') sure = Math.min(sure, 0.3);
  if (shared === 0) sure = literalConfidence.routeEnd;
  // Where routes of a kind are put together is near, but no handler.
  const isMount = !isVerb && literal.method === undefined && mount.test(code);
  if (isMount || isElsewhere) sure = Math.min(sure, 0.45);
  // Who answers is named there, and not found: it is elsewhere.
  if (!onTheSpot.test(code)) sure = Math.min(sure, named);
  if (source.standing === 'test' || source.standing === 'documentation') sure = Math.min(sure, 0.6);
  const line = isWhole && !isVerb ? methodOfClass(lines, hit.line, wanted) : undefined;
  const fit =
    1 +
    (isWhole ? 1 : isPrefixed ? 0.9 : shared / route.segments.length / 2) +
    (isVerb || line !== undefined ? 0.3 : isOther ? -1 : 0) +
    (isRoute ? 0.1 : 0) -
    (isMount || isElsewhere ? 0.5 : 0) -
    (isClient || compared === 'part' ? 0.6 : compared === 'whole' ? 0.2 : 0);
  const what = isWhole ? 'the route' : 'the end of the route';
  return {
    source,
    line: line ?? hit.line,
    column: line === undefined ? column : undefined,
    rung: 'literal',
    fit,
    confidence: line === undefined ? sure : literalConfidence.route,
    clue: isWhole ? 0 : mention(code, route),
    reason: `from ${hint.from}, ${what} ${display(hint.text, 80)} stands in ${display(code.trim(), 80)}`,
  };
}

/** A mark of what stands below, or a function that begins there. */
const onTheSpot = /^\s*(?:[@[]|#\[|(?:value|path)\s*=)|=>|->|\bfunc(?:tion)?\b|\bfn\b|\blambda\b|\bdo\b|\{\s*(?:\|[^|]*\|\s*)?$/;
const named = 0.45;

/**
 * Code that asks what a path is, or how it begins, watches requests that others serve; only a server made by hand tells its routes apart by
 * whole paths.
 */
function isComparedTo(before: string): 'whole' | 'part' | undefined {
  if (
    /\b(?:starts?_?with\w*|ends?_?with|has_?prefix|has_?suffix|contains\w*|includes|index_?of|str_starts_with|str_contains|start_with\?)\s*\(\s*(?:[\w.$>-]{1,40},\s*)?@?$/i.test(
      before,
    )
  )
    return 'part';
  return /(?:[=!]==?|\bequals\w*\()\s*$/i.test(before) ? 'whole' : undefined;
}

const option = /[,(]\s*(?!(?:value|path|url|uri|rule|pattern|prefix|template|name)\b)[a-z_]{1,20}\s?=\s?$/;

const mount =
  /\b(?:map)?group\b|\.use\(|include_router|\binclude\(|\bmount\b|register_blueprint|\bblueprint\(|apirouter\(|\bnest\(|\bscope\b|pathprefix/i;

/** Whether the handler beside a literal is called like what comes before it: `router.GET("/", ArticleList)` of `/api/articles/`. */
function mention(code: string, route: Route): number {
  const fixed = route.segments.filter((segment): segment is string => segment !== undefined);
  const word = (fixed[fixed.length - 1] ?? '').replace(/[^a-z0-9]/g, '').replace(/s$/, '');
  return word.length >= 3 && code.toLowerCase().includes(word) ? 1 : 0;
}

interface Surroundings {
  /** In upper case; those of the line itself, else those of the lines beside it. */
  readonly verbs: readonly string[];
  readonly isRouting: boolean;
  readonly isClient: boolean;
  /** What the method is called on: `orders` of `orders.get(`. */
  readonly receiver: string | undefined;
}

const routing =
  /route|mapping|handle|path\b|\burl|endpoint|controller|resource|\bgroup|scope\b|blueprint|\bmatch\b|\bnamespace\b|\.(?:on|use|add|all|any|fallback)\b/i;
const client =
  /\b(?:fetch|axios|requests|httpx|httpclient|http_client|client|got|ky|supertest|rest_?template|web_?client|curl|faraday|mockmvc|page|cy|testclient|urlopen|agent|reqwest|guzzle|rest_?assured|playwright)\s*[.(:]|request\(app|requests?\.\w+\(|\b(?:get|post)forobject/i;

function surroundings(lines: readonly string[], line: number, column: number): Surroundings {
  const text = lines[line] ?? '';
  const code = withoutStrings(text, column);
  const receiver = /(?:@|\b)([\p{L}_$][\p{L}\p{N}_$]*)\s*(?:\.|::|->)\s*\w+\s*\(\s*r?$/u.exec(
    text.slice(0, Math.max(0, column - 1)),
  )?.[1];
  let verbs = verbsOf(code);
  const before = lines[line - 1] ?? '';
  const after = lines[line + 1] ?? '';
  if (!verbs.length) {
    const parts: string[] = [];
    // A call that goes on over lines, or an annotation of its own line (JAX-RS).
    if (/[([,]\s*$/.test(before) || /^\s*[@[]/.test(before)) parts.push(before);
    if (/,\s*$/.test(text) || /^\s*[@[.]/.test(after) || /,\s*$/.test(before)) parts.push(after, lines[line + 2] ?? '');
    verbs = verbsOf(parts.filter((part) => !/\bclass\b/.test(part)).join('\n'));
  }
  const isClient = client.test(code) && !/handle/i.test(code);
  return { verbs, isRouting: routing.test(code) || routing.test(/[([,]\s*$/.test(before) ? before : ''), isClient, receiver };
}

/** The path itself may have `get` in it; other strings (`methods=["POST"]`) count. */
function withoutStrings(text: string, column: number): string {
  const quote = text[column - 1];
  const end = quote === undefined ? -1 : text.indexOf(quote, column);
  return `${text.slice(0, column)} ${end < 0 ? '' : text.slice(end)}`;
}

const annotation = /^\s*(?:@|\[|#\[).*(?:route|mapping|path|controller)|\b(?:re_)?path\(/i;
const verbPattern =
  /(?:^|[^A-Za-z])(?:map|http|handle|add|do|method)?_?(get|post|put|patch|delete|head|options)(?:mapping|async)?(?![A-Za-z_\d])/gi;

function verbsOf(text: string): string[] {
  const found: string[] = [];
  for (const match of text.slice(0, 2_000).matchAll(verbPattern)) found.push(match[1].toUpperCase());
  return found;
}

/** Whether what comes before the literal's part is said where it would be: on the receiver, on the class, in the file or its name. */
function hasPrefix(
  prefix: readonly (string | undefined)[],
  lines: readonly string[],
  line: number,
  source: SourceFile,
  receiver: string | undefined,
): boolean {
  const fixed = prefix.filter((segment): segment is string => segment !== undefined && !/^(?:api|v\d+|rest)$/.test(segment));
  const last = fixed[fixed.length - 1];
  if (last === undefined) return prefix.length > 0;
  if (receiver !== undefined && isLike(receiver, last)) return true;
  if (mention(lines[line] ?? '', { segments: [last] }) > 0) return true;
  if (source.path.some((segment) => isLike(segment.replace(/\..*$/, ''), last))) return true;
  for (let i = line - 1, from = Math.max(0, line - 400); i >= from; i--) {
    const text = lines[i];
    if (text.length < 1_000 && text.toLowerCase().includes(last) && /['"`]/.test(text) && routeOn(text, last)) return true;
  }
  return false;
}

/** The router of the file states a beginning that the route doesn't have. */
function hasOtherPrefix(route: Route, lines: readonly string[], line: number): boolean {
  for (let i = line - 1, from = Math.max(0, line - 200); i >= from; i--) {
    const stated = lines[i].length < 1_000 ? /prefix\s*[=:]\s*['"]([^'"]+)['"]/i.exec(lines[i])?.[1] : undefined;
    const segments = stated === undefined ? [] : (parseRoute(stated)?.segments ?? []);
    if (segments.length) return !segments.every((segment) => segment === undefined || route.segments.includes(segment));
  }
  return false;
}

function routeOn(text: string, last: string): boolean {
  for (const [, , content] of text.matchAll(/(['"`])([^'"`]*)\1/g)) {
    const segments = parseRoute(content)?.segments;
    if (segments?.length && segments.includes(last)) return true;
  }
  return false;
}

/** `orders`, `ordersRouter`, `OrderController`, `order_routes`. */
function isLike(name: string, segment: string): boolean {
  const plain = name
    .toLowerCase()
    .replace(/[^a-z0-9]|router?s?|blueprint|controller|api|resource|handlers?|endpoints?|views?|group|app/g, '');
  const wanted = segment.replace(/[^a-z0-9]/g, '');
  return plain.length >= 3 && (plain === wanted || `${plain}s` === wanted || plain === `${wanted}s`);
}

/** The route is that of a class, and one of its methods adds nothing to it but the method's name. */
function methodOfClass(lines: readonly string[], line: number, wanted: string | undefined): number | undefined {
  if (wanted === undefined) return undefined;
  const head = lines.slice(line, line + 8).join('\n');
  if (!/@RequestMapping|@Controller|@Path|\[Route|@Route/.test(lines[line]) || !/\bclass\s+\w/.test(head)) return undefined;
  const bare = new RegExp(`^\\s*[@[](?:Http)?${wanted}(?:Mapping)?\\]?\\s*(?:\\(\\s*(?:['"]/?['"])?\\s*\\))?\\]?\\s*$`, 'i');
  for (let i = line + 1; i < Math.min(lines.length, line + 2_000); i++) if (bare.test(lines[i])) return i;
  return undefined;
}
