/**
 * Clients that a generator made of a description of an API have each path in a function that is called like the operation (`listOrders`): the call
 * of that function in code that a person wrote is what is looked for.
 */

import { throwIfAborted } from '../../base/errors';
import { callConfidence } from '../model/confidence';
import type { TextHint } from '../model/sourceHints';
import { functionAt } from '../outline/functions';
import type { Question } from '../question/question';
import { isGenerated } from '../search/languages';
import { isCommentLine } from '../search/literalFiles';
import type { Finding } from '../search/rankFindings';
import { display } from '../uri/paths';
import { type Address, parseAddress } from './address';
import { isImport } from './addressNames';
import { isUsualBase } from './usualBase';

const procedure = /\/trpc\/((?:[\w-]{1,60}\.){0,6}[\w-]{1,60})(?:,|$)/;
const asked =
  /^(?:use(?:Suspense|Infinite|SuspenseInfinite)?Query|query|queryOptions|fetch|prefetch|ensureData|infiniteQueryOptions|useSubscription)$/;
const changed = /^(?:useMutation|mutate|mutateAsync|mutationOptions)$/;

/** Clients of tRPC call a procedure by its keys: `trpc.orders.add.useMutation(` for `/trpc/orders.add`. */
export async function findProcedureCalls({ path }: Address, { search, hints }: Question): Promise<readonly Finding[]> {
  const name = procedure.exec(path.slice(0, 1_000))?.[1];
  if (name === undefined || !name.includes('.')) return [];
  const done = hints.method?.toUpperCase() === 'POST' ? changed : asked;
  const found: Finding[] = [];
  for (const hit of (await search.find(`.${name}.`)).hits) {
    const at = hit.text.indexOf(`.${name}.`) + name.length + 2;
    const source = search.file(hit.file);
    const member = /^\w{1,40}(?=[(<])/.exec(hit.text.slice(at, at + 50))?.[0];
    if (source?.standing !== 'source' || member === undefined || !done.test(member) || isCommentLine(hit.text)) continue;
    const reason = `the procedure ${display(name, 60)} is called here`;
    if (found.length < maxFound)
      found.push({ source, line: hit.line, column: at, rung: 'literal', fit: 2, confidence: callConfidence.call, reason });
  }
  return found;
}

/** What a typed client calls: `client.orders[':id'].lines`, `api.orders({ id }).lines`. */
const typedPath = /[\w$]+((?:\.[\w$]+|\[['"`][^'"`\]]{1,80}['"`]\]|\(\{[^{}()]{0,120}\}\))+)$/;
const typedPart = /\.([\w$]+)|\[['"`]([^'"`\]]+)['"`]\]|\(/g;

/** What a search is asked for: `.$get(`, `.lines.get(`. */
export function typedNeedles(hint: TextHint, method: string): readonly string[] {
  const verb = method.toLowerCase();
  const last = parseAddress(hint)?.segments.at(-1);
  return last !== undefined && /^[a-z]{3,7}$/.test(verb)
    ? [`.$${verb}(`, ...(/^[\w$]+$/.test(last) ? [`.${last}.${verb}(`] : [])]
    : [];
}

/** Clients that know the routes of a server by their types call them by the keys of objects: `client.orders[':id'].$get(` of Hono, `api.orders({ id }).get(` of Elysia. */
export async function findTypedCalls(
  hint: TextHint,
  { segments }: Address,
  { search, hints }: Question,
): Promise<readonly Finding[]> {
  const verb = hints.method?.toLowerCase();
  if (verb === undefined || !/^[a-z]{3,7}$/.test(verb)) return [];
  const found: Finding[] = [];
  for (const needle of search.begin(typedNeedles(hint, verb)))
    for (const { file, line, text } of (await search.find(needle)).hits) {
      const source = search.file(file);
      if (found.length >= maxFound || source?.standing !== 'source' || source.language !== 'javascript') continue;
      if (text.length > 2_000 || isCommentLine(text)) continue;
      const above = ((await search.context.lines(file)) ?? []).slice(Math.max(0, line - 2), line);
      const column = text.indexOf(needle) + 1;
      const code = [...above.map((each) => each.trim()), text.slice(0, text.indexOf(needle) + needle.lastIndexOf('.'))]
        .join('')
        .slice(-400);
      const parts = [...(typedPath.exec(code)?.[1] ?? '').matchAll(typedPart)].map(([, name, key]) => name ?? key ?? ':');
      const own = parts[parts.length - 1] === 'index' ? parts.slice(0, -1) : parts;
      const asked = segments.slice(-own.length);
      const isOf =
        own.length > 0 &&
        own.length <= segments.length &&
        own.every((part, i) => part.startsWith(':') || part.toLowerCase() === asked[i]);
      const isWhole = segments.slice(0, -own.length).every((each) => each !== undefined && isUsualBase(each));
      // Without a mark of its own, one word on any object is none.
      const isTold = needle.startsWith('.$') || (isWhole && own.length > 1);
      if (!isOf || !isTold || own.every((part) => part.startsWith(':'))) continue;
      const reason = 'a client that knows the route by its type calls it here';
      found.push({
        source,
        line,
        column,
        rung: 'literal',
        fit: 1 + own.length / 10,
        confidence: isWhole ? callConfidence.call : callConfidence.untold,
        reason,
      });
    }
  return found;
}

const maxPlaces = 4;
const maxFiles = 24;
const maxFound = 8;
/** A call, and not merely the address. */
const written = 0.5;
/** What generators call the parameters and the parts of a request. */
const marks = /\binitContract\(|\blocalVarPath\b|\b__request\(|\burl_\s*=|\bRequestParams\b/;

/** Of a contract of ts-rest a client has a function for each key: `client.getOrder({ params })`, `client.getOrder.useQuery(`. */
function contractKey(lines: readonly string[], line: number): string | undefined {
  if (!lines.slice(0, 80).some((text) => text.length < 500 && /\binitContract\(/.test(text))) return undefined;
  for (let at = line; at >= Math.max(0, line - 6); at--) {
    const key = /^\s*['"]?([\w$]{2,80})['"]?\s*:\s*\{/.exec(lines[at].slice(0, 300))?.[1];
    if (key !== undefined) return key;
  }
  return undefined;
}

/** @param found the addresses, best first; those of generated clients are followed */
export async function findGeneratedCalls(found: readonly Finding[], { search }: Question): Promise<readonly Finding[]> {
  const calls: Finding[] = [];
  const known = new Map<string, boolean>();
  const isMade = async (file: string): Promise<boolean> => {
    let made = known.get(file);
    if (made === undefined) {
      const text = known.size < maxFiles ? await search.context.text(file) : undefined;
      made =
        text !== undefined && (isGenerated(file.slice(file.lastIndexOf('/') + 1), text) || marks.test(text.slice(0, 100_000)));
      known.set(file, made);
    }
    return made;
  };
  // What a person wrote needs no other's.
  for (const { source, confidence } of found.slice(0, maxPlaces))
    if (confidence >= written && source.standing === 'source' && !(await isMade(source.file))) return [];
  for (const { source, line, fit } of found.slice(0, maxPlaces)) {
    throwIfAborted(search.context.signal);
    const lines = (await isMade(source.file)) ? await search.context.lines(source.file) : undefined;
    const name =
      lines &&
      (contractKey(lines, line) ?? functionAt(lines, line)?.name)?.replace(/(?:Raw|RequestOpts|HttpInfo|WithResponse)$/, '');
    if (name === undefined || name.length < 4) continue;
    const hook = `use${name[0].toUpperCase()}${name.slice(1)}`;
    for (const called of [name, hook]) {
      for (const hit of (await search.find(`${called}(`)).hits) {
        const at = hit.text.indexOf(`${called}(`);
        const file = search.file(hit.file);
        if (calls.length >= maxFound) break;
        if (
          hit.text.length > 2_000 ||
          /[\w$]$|\b(?:function|async|def|func|fun|public|static)\s+$/.test(hit.text.slice(0, at)) ||
          isCommentLine(hit.text) ||
          isImport(hit.text)
        )
          continue;
        if (file?.standing !== 'source' || (await isMade(hit.file))) continue;
        calls.push({
          source: file,
          line: hit.line,
          column: at,
          rung: 'literal',
          fit: fit + 1,
          confidence: callConfidence.untold,
          reason: `the generated ${display(name, 60)} that has the path is called here`,
        });
      }
      if (calls.length) break;
    }
    if (calls.length) break;
  }
  return calls;
}
