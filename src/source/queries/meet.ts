/**
 * From queries that were found in all of the source back towards the spans around: what is called on an object of which nobody knows the class leads
 * nowhere, but the function of the query has a name, and so has who calls it.
 */

import type { Caller } from '../family/family';
import { mayBeOn } from '../family/kinship';
import { textAttribute } from '../model/attributes';
import { type FunctionText, functionAt } from '../outline/functions';
import type { Question } from '../question/question';
import { isCommonName } from '../search/commonNames';
import type { SourceSearch } from '../search/sourceSearch';
import type { ModelNames } from './models';
import { singular, wordsOf } from './nouns';
import { maxDepth, type Reach } from './reach';
import { fitsOperation } from './verbs';

interface Judged extends Place {
  readonly score: number;
  readonly depth: number | undefined;
}

interface Place {
  /** URI. */
  readonly file: string;
  readonly line: number;
}

/** Functions whose callers are looked for: each may be a search. */
const maxSearches = 6;
const maxHits = 60;
const maxLevels = 3;
/** What a class calls of its own is in no other. */
const ofSelf = /^(?:\$?this|self|cls|super|static|parent|@)$/;
const operations = ['select', 'insert', 'update', 'delete'] as const;

/** How many calls away from the spans' functions each place is that can be met at all. */
async function meet(places: readonly Place[], reach: Reach, search: SourceSearch): Promise<readonly (number | undefined)[]> {
  let searches = 0;
  const known = new Map<string, number | undefined>();
  const functionOf = async ({ file, line }: Place): Promise<FunctionText | undefined> => {
    const lines = await search.context.lines(file);
    return lines && functionAt(lines, line);
  };
  const depthOf = async (place: Place, level: number): Promise<number | undefined> => {
    const within = reach.functions.filter(
      ({ file, start, end }) => file === place.file && place.line >= start && place.line < end,
    );
    // What is called there is known to lead elsewhere, or nowhere; but for those whose calls were not followed.
    const last = within.filter(({ depth }) => depth >= maxDepth);
    if (within.length) return level === 0 || !last.length ? undefined : maxDepth;
    const own = await functionOf(place);
    if (own?.name === undefined) return undefined;
    const key = `${place.file}:${own.start}`;
    if (known.has(key)) return known.get(key);
    // Functions that call one another lead nowhere by that.
    known.set(key, undefined);
    const answer = await calledFrom(own, own.name, place, level);
    known.set(key, answer);
    return answer;
  };
  const calledFrom = async (own: FunctionText, name: string, place: Place, level: number): Promise<number | undefined> => {
    // What all models have is called everywhere.
    if (operations.some((operation) => fitsOperation(name, operation) >= 2)) return undefined;
    const open = reach.unknown.filter(
      (call) =>
        call.name === name &&
        (call.receiver === '' ? !own.containers.length : !ofSelf.test(call.receiver)) &&
        mayBeOn(call, own, place),
    );
    if (open.length) return Math.min(...open.map(({ depth }) => depth)) + 1;
    if (level >= maxLevels || searches >= maxSearches || name.length < 5 || isCommonName(name)) return undefined;
    searches++;
    const { hits } = await search.find(`${name}(`);
    let best: number | undefined;
    for (const hit of hits.slice(0, maxHits)) {
      if (search.file(hit.file)?.standing !== 'source' || (hit.file === place.file && hit.line === own.start)) continue;
      const depth = await depthOf(hit, level + 1);
      if (depth !== undefined && (best === undefined || depth + 1 < best)) best = depth + 1;
    }
    return best;
  };
  const found: (number | undefined)[] = [];
  for (const place of places) found.push(await depthOf(place, 0));
  return found;
}

/** Of the best that were found anywhere, those from which calls lead back to the functions of the spans around. */
export async function met<T extends Judged>(
  found: readonly T[],
  reach: Reach,
  search: SourceSearch,
): Promise<readonly (T & { readonly isMet?: true })[]> {
  const best = [...found].sort((a, b) => b.score - a.score).slice(0, maxMet);
  const depths = await meet(best, reach, search);
  return found.map((each) => {
    const depth = depths[best.indexOf(each)];
    return depth === undefined ? each : { ...each, depth, isMet: true as const };
  });
}

const maxMet = 8;
const maxLikened = 24;

/** What functions are called that answer a request's method. */
const byMethod: readonly (readonly [method: RegExp, words: readonly string[]])[] = [
  [/^(?:POST|PUT)\b/, ['create', 'save', 'insert', 'register', 'send']],
  [/^(?:PUT|PATCH)\b/, ['update', 'edit', 'modify', 'change']],
  [/^DELETE\b/, ['delete', 'remove', 'destroy']],
  [/^GET\b/, ['list', 'show', 'index', 'view', 'find', 'load']],
];

/** Of equal ones that no call leads to, who is in the folders of the span's function, and called like it or like the request, is likelier. */
export async function likened<T extends Judged>(
  found: readonly T[],
  [caller]: readonly Caller[],
  names: ModelNames,
  { family: { ancestors }, search }: Question,
): Promise<readonly T[]> {
  const pathOf = (file: string): readonly string[] => search.file(file)?.path ?? [];
  const told = (texts: readonly string[]): ReadonlySet<string> =>
    new Set(
      texts
        .flatMap(wordsOf)
        .map(singular)
        .filter((word) => word.length >= 4 && !names.mayBeIn(word)),
    );
  const path = caller ? pathOf(caller.file) : [];
  const folders = path.slice(0, -1);
  const around = ancestors.slice(0, 3);
  const called = around.flatMap(({ name, attributes }) => [
    name,
    ...['url.path', 'http.target', 'http.request.method', 'http.method'].flatMap(
      (key) => textAttribute(attributes, key)?.slice(0, 200) ?? [],
    ),
  ]);
  const verbs = byMethod.flatMap(([method, words]) => (called.some((each) => method.test(each)) ? words : []));
  const asked = told([...called, ...verbs, caller?.name ?? '', ...path.slice(-2)]);
  const best = new Set([...found].sort((a, b) => b.score - a.score).slice(0, maxLikened));
  return Promise.all(
    found.map(async (each) => {
      if (each.depth !== undefined || !best.has(each)) return each;
      const path = pathOf(each.file);
      const shared = folders.findIndex((folder, i) => folder !== path[i]);
      const lines = await search.context.lines(each.file);
      const own = told([...path.slice(-2), (lines && functionAt(lines, each.line)?.name) ?? '']);
      const same = [...own].filter((word) => asked.has(word)).length;
      const near = !folders.length ? 0 : (0.4 * (shared < 0 ? folders.length : shared)) / Math.max(1, folders.length);
      return { ...each, score: each.score + near + Math.min(0.45, 0.15 * same) };
    }),
  );
}
