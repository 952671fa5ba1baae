/**
 * Routes that stand in an OpenAPI description alone: code was generated from it, or a router reads it as the program starts, and the operation's
 * id is the name of the method that answers. https://spec.openapis.org/oas/v3.1.0.html (Paths, Operation and Server Objects); `basePath` is of 2.0
 */

import { indentOf } from '../outline/textLines';
import type { SourceSearch } from '../search/sourceSearch';
import { declarationNeedles, parseRoute, type Route } from './route';

/** An operation that a route is of. */
export interface DescribedOperation {
  /** As a definition may have it: `listReeds`, `ListReeds`, `list_reeds`. */
  readonly names: readonly string[];
  /** All of the route is accounted for. */
  readonly isWhole: boolean;
}

const maxHits = 400;
const maxFiles = 6;
const maxPaths = 60;
/** Fixed segments of a path that is not all of the route: fewer are many an interface's. */
const leastFixed = 2;
const maxLine = 1_000;
/** Lines that one path has, and lines before the paths that tell of servers. */
const maxLines = 1_500;
const maxHead = 200;

/** Those whose path says most of the route. */
export async function describedOperations(
  text: string,
  method: string | undefined,
  search: SourceSearch,
): Promise<readonly DescribedOperation[]> {
  const route = parseRoute(text);
  const verb = (route?.method ?? method)?.toLowerCase();
  if (!route?.segments.length || verb === undefined) return [];
  const found: { readonly operation: DescribedOperation; readonly share: number }[] = [];
  const seen = new Set<string>();
  const files = new Set<string>();
  const isVerb = new RegExp(`^\\s*["']?${verb.replace(/\W/g, '')}["']?\\s*:`);
  let looked = 0;
  for (const needle of search.begin(declarationNeedles(text))) {
    for (const { file, line, text: code } of (await search.find(needle)).hits.slice(0, maxHits)) {
      const path = /\.(?:ya?ml|json)$/.test(file) && !seen.has(`${file}:${line}`) ? pathKey(code) : undefined;
      if (path === undefined) continue;
      seen.add(`${file}:${line}`);
      const segments = parseRoute(path)?.segments ?? [];
      const before = route.segments.length - segments.length;
      if (before < 0 || segments.some((each, i) => each !== route.segments[before + i])) continue;
      const fixed = segments.filter((each) => each !== undefined).length;
      if (fixed === 0 || looked++ >= maxPaths || (!files.has(file) && files.size >= maxFiles)) continue;
      files.add(file);
      const lines = await search.context.lines(file);
      if (!lines) continue;
      const isWhole = before === 0 || basesOf(lines).some((base) => isBase(base, route, before));
      if (!isWhole && fixed < leastFixed) continue;
      const own = operationIn(lines.slice(line + 1, line + maxLines), indentOf(lines[line]), isVerb);
      const id = own ?? (await referred(lines[line + 1] ?? '', isVerb, search));
      if (id === undefined) continue;
      found.push({ operation: { names: namesOf(id), isWhole }, share: segments.length + (isWhole ? 100 : 0) });
    }
  }
  const most = Math.max(...found.map(({ share }) => share));
  return found.filter(({ share }) => share === most).map(({ operation }) => operation);
}

/** `/reeds/{id}:` and `"/reeds/{id}": {` at the begin of a line. */
function pathKey(text: string): string | undefined {
  return text.length > maxLine ? undefined : /^\s*(["']?)(\/[^\s"':]{0,400})\1\s*:\s*(?:\{\s*|#.*)?$/.exec(text)?.[2];
}

/** A path may stand in a file of its own: `$ref: "resources/reeds/reed.yaml"`. */
async function referred(text: string, isVerb: RegExp, { context }: SourceSearch): Promise<string | undefined> {
  const path = /^\s*["']?\$ref["']?\s*:\s*["']?(?:\.{0,2}\/)*([\w./-]{1,200}\.(?:ya?ml|json))["']?/.exec(
    text.slice(0, maxLine),
  )?.[1];
  const files = path === undefined ? [] : await context.ports.workspace.findByBaseName(path.slice(path.lastIndexOf('/') + 1));
  const file = files.find((uri) => uri.endsWith(`/${path}`));
  const lines = file === undefined ? undefined : await context.lines(file);
  return lines && operationIn(lines.slice(0, maxLines), -1, isVerb);
}

/** The id of an operation among the lines that are further in than a path's, by the indentation, which JSON that people read has as well. */
function operationIn(lines: readonly string[], outer: number, isVerb: RegExp): string | undefined {
  let inner = -1;
  let isAsked = false;
  for (const line of lines) {
    if (line.length > maxLine || /^\s*(?:#.*)?$/.test(line)) continue;
    const indent = indentOf(line);
    if (indent <= outer) return undefined;
    if (inner < 0) inner = indent;
    if (indent === inner) isAsked = isVerb.test(line);
    const id = isAsked ? /^\s*["']?operationId["']?\s*:\s*["']?([\w.\-/]{1,200})/.exec(line)?.[1] : undefined;
    if (id !== undefined) return id;
  }
  return undefined;
}

/** What stands before all paths: of each server, and of 2.0. */
function basesOf(lines: readonly string[]): readonly string[] {
  return lines.slice(0, maxHead).flatMap((line) => {
    const base =
      line.length > maxLine ? undefined : /^\s*(?:-\s*)?["']?(?:url|basePath)["']?\s*:\s*["']?([^\s"',]{1,300})/.exec(line)?.[1];
    return base === undefined ? [] : [base.replace(/^[a-z]+:\/\/[^/]*/i, '')];
  });
}

function isBase(base: string, { segments }: Route, count: number): boolean {
  const own = parseRoute(base)?.segments ?? [];
  return own.length === count && own.every((each, i) => each === segments[i]);
}

/** `api.reeds.list_reeds` of a router that reads the description is a function of a module. */
function namesOf(id: string): readonly string[] {
  const words = (id.split(/[./]/).pop() ?? '')
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .split(/[_-]+/)
    .filter((word) => word !== '');
  const upper = words.map((word) => word[0].toUpperCase() + word.slice(1)).join('');
  const lower = upper.charAt(0).toLowerCase() + upper.slice(1);
  return [...new Set([id.split(/[./]/).pop() ?? '', lower, upper, words.join('_').toLowerCase()])].filter(
    (name) => name.length >= 3,
  );
}
