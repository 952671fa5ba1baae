/**
 * From the address that a client called to the line that called it. The address is compared with what each call makes of strings and variables;
 * a name that an address has (a constant, a base, a function that makes it) is followed to the calls that use it. What a server declares in the
 * same words is no call.
 */

import { throwIfAborted } from '../../base/errors';
import type { Caller } from '../family/family';
import { callConfidence } from '../model/confidence';
import type { TextHint } from '../model/sourceHints';
import type { Question } from '../question/question';
import { isCommentLine } from '../search/literalFiles';
import type { Finding } from '../search/rankFindings';
import type { LanguageHit } from '../search/sourceSearch';
import { isInUnitTest } from '../search/unitTests';
import { type Address, addressNeedles, isPublic, isValue, parseAddress } from './address';
import { hasName, isImport } from './addressNames';
import { CallFile, type Place } from './callFile';
import { classAround, isUsedBelow } from './classOfAddress';
import { findGeneratedCalls, findProcedureCalls, findTypedCalls } from './generatedCalls';
import { findRequestsWithin, whereReached } from './requestsWithin';
import { findUses } from './uses';
import { isUsualBase } from './usualBase';
import { isHook } from './webhookCalls';
import { weigh } from './weigh';

/** Strings that are judged, and files that are read for it. */
const maxJudged = 60;
const maxFiles = 24;
/** Files more that use what has the address. */
const maxUsed = 12;
/** Classes whose users are looked for. */
const maxClasses = 4;
/** Lines with a needle that are looked at. */
const maxRough = 1_500;
/** After so many, a call that has all of the path is enough. */
const enough = 8;
const textBehind = 3;

export async function findCall(hint: TextHint, question: Question): Promise<readonly Finding[]> {
  const address = parseAddress(hint);
  if (!address) return [];
  const procedures = await findProcedureCalls(address, question);
  if (procedures.length) return procedures;
  const files = new Map<string, CallFile | undefined>();
  const open = async (uri: string, most = maxFiles): Promise<CallFile | undefined> => {
    if (!files.get(uri) && files.size < most) files.set(uri, await CallFile.read(uri, question));
    return files.get(uri);
  };
  const callers = await question.family.callers();
  const places: Place[] = [];
  const words = address.segments.filter((segment) => segment !== undefined && !isValue(segment)).length;
  let judged = 0;
  let last = 0;
  for (const { hit, needle, rank } of await roughly(hint, address, question, callers)) {
    if (judged >= maxJudged || (judged >= enough && rank < last && places.some((place) => isCall(place, words)))) break;
    last = rank;
    throwIfAborted(question.search.context.signal);
    const file = await open(hit.file);
    // Attributes of Rust describe; they ask for nothing.
    if (!file || isInUnitTest(file.source, file.lines, hit.line) || (hit.language === 'rust' && /^\s*#!?\[/.test(hit.text)))
      continue;
    judged++;
    for (let at = hit.text.indexOf(needle), n = 0; at >= 0 && n < 3; at = hit.text.indexOf(needle, at + needle.length), n++) {
      const place = file.placeAt(hit.line, at + (/^['"`}]/.test(needle) ? 1 : 0), address);
      if (place) places.push(place);
    }
  }
  const named = places.filter(
    (place) =>
      place.name !== undefined &&
      place.judgement.role !== 'client' &&
      place.judgement.role !== 'server' &&
      // A host among what a function gives back is one of its settings.
      (address.segments.length > 0 || hasName(place.file.lines[place.literalLine] ?? '', place.name)),
  );
  const use = (uri: string): Promise<CallFile | undefined> => open(uri, maxFiles + maxUsed);
  const given = new Set<Place>();
  for (const place of places
    .filter(({ match, judgement }) => match && match.fixed > 0 && judgement.role === 'unknown')
    .slice(0, maxClasses)) {
    // What a constant of the class is used for in it is told below.
    const { source, lines } = place.file;
    const isOwn = place.name !== undefined && isUsedBelow(lines, place.literalLine, place.name);
    const name =
      source.standing === 'source' && !isOwn ? classAround(lines, place.literalLine, place.name, source.language) : undefined;
    const found = name === undefined ? [] : await findUses([{ ...place, name }], address, use, question, true);
    const calls = found.filter(({ judgement }) => judgement.role === 'client' || judgement.role === 'likely');
    if (calls.length) given.add(place);
    places.push(...calls);
  }
  // Names of all of the path before those of a part of it.
  const others = named.filter((place) => !given.has(place)).sort((a, b) => (b.match?.fixed ?? 0) - (a.match?.fixed ?? 0));
  places.push(...(await findUses(others, address, use, question)));
  const weighed = weigh(
    // A host alone is in examples and settings as well.
    places
      .filter((place) => !given.has(place))
      .filter(({ match, judgement }) => match !== undefined && (address.segments.length > 0 || judgement.role !== 'unknown')),
    { hint, address, method: question.hints.method },
  );
  const calling = weighed.filter(
    ({ source, confidence, isCall }) => isCall && source.standing === 'source' && confidence >= callConfidence.oneOfCalls,
  );
  const findings = calling.length > 1 ? await whereReached(weighed, address, question) : weighed;
  const generated = await findGeneratedCalls(findings, question);
  if (generated.length) return [...generated, ...findings];
  if (weighed.some((each) => each.isCall && each.source.standing === 'source' && each.confidence >= callConfidence.least))
    return findings;
  const isGuessed = findings.some(
    ({ source, confidence }) => source.standing === 'source' && confidence >= callConfidence.oneOfCalls,
  );
  const typed = await findTypedCalls(hint, address, question);
  if (typed.length) return [...typed, ...findings.map((each) => ({ ...each, fit: each.fit - textBehind }))];
  const within = await findRequestsWithin(hint, address, question, isGuessed && !isHook(address));
  // Where an address only stands, it is set: a call says more.
  return within.length ? [...within, ...findings.map((each) => ({ ...each, fit: each.fit - textBehind }))] : findings;
}

/** Words of calls; of links. Both only tell which lines are looked at first. */
const asks = /fetch|axios|http|request|client|api|ajax|query|await|(?:get|post|put|patch|delete|del)\w*\s*[(<]/;
const leads = /href|<link|router\.|navigate|redirect|\.test\(|expect\(/;

interface Rough {
  readonly hit: LanguageHit;
  readonly needle: string;
  readonly rank: number;
}

function isCall({ file, judgement, match }: Place, words: number): boolean {
  return (
    file.source.standing === 'source' &&
    judgement.role === 'client' &&
    match !== undefined &&
    match.fixed >= words &&
    match.missing.every(isUsualBase)
  );
}

/** Lines with a needle, those first that have more of the path. */
async function roughly(
  hint: TextHint,
  address: Address,
  question: Question,
  callers: readonly Caller[],
): Promise<readonly Rough[]> {
  const { search } = question;
  const words = address.segments.filter((segment): segment is string => segment !== undefined && !isValue(segment));
  const telling = words.filter((word) => !isUsualBase(word));
  const last = telling[telling.length - 1]?.replace(/[^\w-]/g, '\\$&');
  const asPath = last === undefined ? undefined : new RegExp(`/${last}(?=["'\`?/#$])`);
  const { method } = question.hints;
  const verb = method === undefined || !/^\w+$/.test(method) ? undefined : new RegExp(`\\b${method}\\b`, 'i');
  const found = new Map<string, Rough>();
  // The host may be told in another line of the file.
  const hosting = new Set(isPublic(address.host) ? (await search.find(`//${address.host}`)).hits.map(({ file }) => file) : []);
  for (const needle of search.begin(addressNeedles(hint))) {
    if (needle.startsWith('//') && words.length) continue;
    for (const hit of (await search.find(needle)).hits) {
      const key = `${hit.file}:${hit.line}`;
      if (found.size >= maxRough) break;
      if (found.has(key) || hit.text.length > 5_000 || isCommentLine(hit.text) || isImport(hit.text)) continue;
      const source = search.file(hit.file);
      if (!source || source.standing === 'documentation' || source.standing === 'output') continue;
      const text = hit.text.toLowerCase();
      const rank =
        telling.filter((word) => text.includes(word)).length * 2 +
        (asPath?.test(text) ? 3 : 0) +
        (verb?.test(text) ? 1 : 0) -
        (source.standing === 'source' ? 0 : source.standing === 'test' ? 12 : 3) +
        (asks.test(text) ? 2 : 0) -
        (leads.test(text) ? 2 : 0) +
        (hosting.has(hit.file) ? 4 : 0) -
        // A longer word is another segment.
        (/\w/.test(hit.text[hit.text.indexOf(needle) + needle.length] ?? '') ? 6 : 0) +
        (callers.some(({ file, start, end }) => file === hit.file && hit.line >= start && hit.line < end) ? 20 : 0);
      found.set(key, { hit, needle, rank });
    }
  }
  return [...found.values()].sort((a, b) => b.rank - a.rank);
}
