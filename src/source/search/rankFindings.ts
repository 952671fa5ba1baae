/**
 * From places that rungs 5 and 6 found to candidates: of several that fit equally none is likely, unless something else tells them apart:
 * the function that called, the module that the tracer is named after, the folder that is named like the service. Tests and documents come
 * after source.
 */

import type { Context } from '../context/context';
import type { Family } from '../family/family';
import { type Kinship, kinshipOf } from '../family/kinship';
import { textAttribute } from '../model/attributes';
import { confidence } from '../model/confidence';
import type { Relative, SourceCandidate, SourceRung } from '../model/types';
import { functionAt } from '../outline/functions';
import { display } from '../uri/paths';
import { isCode, isGenerated } from './languages';
import { fitsService } from './serviceFolder';
import type { SourceFile, SourceSearch } from './sourceSearch';
import { isInUnitTest } from './unitTests';

/** A place that fits. */
export interface Finding {
  readonly source: SourceFile;
  /** From 0. */
  readonly line: number;
  readonly column?: number;
  readonly rung: SourceRung;
  /** How well it fits: equal ones are of the same quality, and compete. */
  readonly fit: number;
  /** If it is the only one. */
  readonly confidence: number;
  /** Begins the reason. */
  readonly reason: string;
  /** A clue that tells equal ones apart: what receives the call, a nearby text. Higher is better. */
  readonly clue?: number;
  /** Who called is in its confidence already. */
  readonly ofFamily?: true;
  /** A span of the service leads there: what its folder is called says no more. */
  readonly isReached?: true;
}

/** What of the span tells equal places apart. */
export interface Origin {
  readonly service?: string;
  readonly scope?: string;
  /** Undefined: where it was called from says nothing. */
  readonly family?: Family;
  /** How many spans that say the same began before it, under the same parent. */
  readonly nth?: number;
}

const maxCandidates = 10;
/** What is less likely is no help beside a better one. */
const leastShown = 0.2;
/** A document that quotes a text well is no better than code that has it. */
const behindSource = 4;
/** Places whose files are read for whether they are generated. */
const maxRead = 60;
/** Places of which it is asked whether they are of the service and of the callers. */
const maxRelated = 24;
/** How much better a place fits that is in the service's own folder. */
const ofService = 0.25;
/** And one that is related to the functions of the spans around. */
const kinFit: Readonly<Record<Kinship, number>> = { inside: 0.5, called: 0.4, reached: 0.3, file: 0.1, none: 0 };
/** How much surer it is. */
const kinSure: Readonly<Record<Kinship, number>> = { inside: 0.2, called: 0.15, reached: 0.1, file: 0, none: 0 };
/** Places of the same kinship, of which it tells none apart. */
const nearlyAsGood = 0.3;
/** A word that stands anywhere gets no surer by standing there. */
const leastRaised = 0.4;
/** And for the tracer's name. */
const maxCompared = 12;
const later: Readonly<Record<SourceFile['standing'], number>> = {
  source: 0,
  config: 0.25,
  test: 0.25,
  sample: 0.25,
  generated: 0.3,
  documentation: 0.35,
  output: 0.35,
};

export async function rankFindings(
  findings: readonly Finding[],
  origin: Origin,
  search: SourceSearch,
): Promise<readonly SourceCandidate[]> {
  const unique = new Map<string, Finding>();
  for (const finding of findings) {
    const key = `${finding.source.file}:${finding.line}`;
    const known = unique.get(key);
    if (!known || known.confidence < finding.confidence) unique.set(key, finding);
  }
  const placed = await Promise.all(
    [...unique.values()].map((finding, i) => (i < maxRead ? withStanding(finding, search.context) : finding)),
  );
  const ranked: Ranked[] = placed.map((finding) => ({
    finding,
    fit: finding.fit - behindSource * later[finding.source.standing],
    near: 0,
    isOfService: false,
    isTurn: false,
    isAlike: false,
    kinship: undefined,
  }));
  const byFit = (a: Ranked, b: Ranked): number => b.fit - a.fit || (b.finding.clue ?? 0) - (a.finding.clue ?? 0);
  ranked.sort(byFit);
  favourService(ranked.slice(0, maxRelated), origin);
  await favourKin(ranked.slice(0, maxRelated), origin);
  ranked.sort(byFit);
  const best = ranked.filter(
    ({ fit, finding }) => fit === ranked[0].fit && (finding.clue ?? 0) === (ranked[0].finding.clue ?? 0),
  );
  let ties = best.length;
  if (best.length > 1 && best.length <= maxCompared) {
    for (const each of best) each.near = await nearness(each.finding.source, origin, search.context);
    inOrder(best, origin);
    best.sort((a, b) => b.near - a.near);
    ties = best.filter(({ near }) => near === best[0].near).length;
    if (ties > 1) ties = await byWords(best, ties, origin, search.context);
  }
  const order = [...best, ...ranked.filter((each) => !best.includes(each))].slice(0, maxCandidates);
  const [first] = order;
  const candidates: SourceCandidate[] = [];
  for (const each of order) {
    const { finding, fit, near, isOfService, isTurn, kinship } = each;
    const { source, line, column, rung } = finding;
    const isTied = ties > 1 && best.some((other) => other.finding === finding);
    const isFirst = finding === first.finding;
    const isNearest = isFirst && best.length > 1 && ties === 1;
    const isAlone = !order.some(
      (other) => other.finding !== finding && other.kinship === kinship && other.fit >= fit - nearlyAsGood,
    );
    const base =
      (isAlone && !finding.ofFamily ? raised(finding.confidence, kinship) : finding.confidence) - later[source.standing];
    const limits = [base];
    if (isTied) limits.push(confidence.tie, 0.8 / ties);
    else if (isFirst && each.isAlike) limits.push(confidence.alike);
    else if (isNearest || (isFirst && isOfService && !isKin(kinship))) limits.push(confidence.nearest);
    // One that fits less is not offered as if it were as good.
    else if (!isFirst) limits.push(candidates[0].confidence - Math.max(confidence.behind, first.fit - fit));
    const sure = Math.round(Math.min(...limits) * 1000) / 1000;
    if (!isFirst && !isTied && sure < leastShown) continue;
    const notes = [
      finding.reason,
      isTied ? `one of ${ties} places that fit` : '',
      isNearest
        ? `the nearest of ${best.length} by ${each.isAlike ? 'words of the spans around it' : isTurn ? 'its turn' : near >= 2 ? 'its tracer' : 'its service'}`
        : '',
      kinship === undefined ? '' : kinshipNotes[kinship],
      standingNotes[source.standing],
    ].filter((note) => note !== '');
    candidates.push({
      file: source.file,
      line,
      ...(column === undefined || column < 0 ? {} : { column }),
      rung,
      confidence: Math.max(0.05, sure),
      reason: display(notes.join(', '), 400),
    });
  }
  return candidates;
}

const kinshipNotes: Readonly<Record<Kinship, string>> = {
  inside: 'in the function of a span around it',
  called: 'in a function that the one of a span around it calls',
  reached: 'in a function that the one of a span around it leads to',
  file: '',
  none: '',
};

/** Two independent ways to the same function. */
function raised(base: number, kinship: Kinship | undefined): number {
  const more = kinship === undefined ? 0 : kinSure[kinship];
  return more > 0 && base >= leastRaised ? Math.max(base, Math.min(confidence.agreed, base + more)) : base;
}

function isKin(kinship: Kinship | undefined): boolean {
  return kinship !== undefined && kinSure[kinship] > 0;
}

interface Ranked {
  readonly finding: Finding;
  fit: number;
  near: number;
  /** Another place fits as well, and is not of the service. */
  isOfService: boolean;
  /** Of equal places in one function it is this span's. */
  isTurn: boolean;
  /** It bears words of the spans around. */
  isAlike: boolean;
  kinship: Kinship | undefined;
}

/** What is in the service's own folder goes first, where there is such a folder. */
function favourService(ranked: readonly Ranked[], { service }: Origin): void {
  if (service === undefined || service === '') return;
  const fits = ranked.map(({ finding }) => fitsService(finding.source.path, service));
  const best = Math.max(0, ...fits);
  if (best === 0) return;
  const equal = new Set(ranked.filter((_, i) => fits[i] < best).map(({ fit }) => fit));
  for (const [i, each] of ranked.entries()) {
    if (fits[i] < best && !each.finding.isReached) continue;
    each.isOfService = fits[i] === best && equal.has(each.fit);
    each.fit += ofService;
  }
}

async function favourKin(ranked: readonly Ranked[], { family }: Origin): Promise<void> {
  if (!family) return;
  for (const each of ranked) {
    const related = await kinshipOf({ file: each.finding.source.file, line: each.finding.line }, family);
    if (!related) return;
    each.kinship = related.kinship;
    if (!each.finding.ofFamily) each.fit += kinFit[related.kinship];
  }
}

/**
 * Of places that fit equally, the one whose folders, file and function are called most like what the spans around are about: `/products/7` and
 * `product/models.py`. @returns how many are as good
 */
async function byWords(best: Ranked[], ties: number, { family }: Origin, context: Context): Promise<number> {
  const around = wordsAround(family?.ancestors ?? []);
  if (!around.length) return ties;
  const scores = new Map<Ranked, number>();
  for (const each of best.slice(0, ties)) {
    const { source, line } = each.finding;
    const lines = await context.lines(source.file);
    const own = lines && functionAt(lines, line);
    const words = wordsIn([...source.path.slice(-4), ...(own?.containers.slice(-1) ?? []), own?.name ?? ''].join(' '));
    scores.set(each, around.filter((word) => words.some((other) => other === word)).length);
  }
  const first = best.slice(0, ties).sort((a, b) => (scores.get(b) ?? 0) - (scores.get(a) ?? 0));
  const most = scores.get(first[0]) ?? 0;
  const equal = first.filter((each) => scores.get(each) === most).length;
  best.splice(0, ties, ...first);
  if (most > 0 && equal === 1) first[0].isAlike = true;
  return most > 0 && equal < ties ? equal : ties;
}

const wordKeys: readonly string[] = [
  'http.route',
  'url.path',
  'http.target',
  'code.function.name',
  'code.function',
  'code.namespace',
  'messaging.message.job_name',
  'celery.task_name',
  'rpc.service',
  'rpc.method',
];
const anyWord =
  /^(?:http|post|head|patch|delete|options|process|publish|receive|send|apply|async|queue|worker|task|tasks|index|main|source|server|service|handler|name|case)$/;

function wordsAround(ancestors: readonly Relative[]): readonly string[] {
  const texts = ancestors
    .slice(0, 4)
    .flatMap(({ name, attributes }) => [name, ...wordKeys.map((key) => textAttribute(attributes, key) ?? '')]);
  return wordsIn(texts.map((text) => text.slice(0, 200).replace(/\?.*$/s, '')).join(' '));
}

/** In lower case, of one number, each once. */
function wordsIn(text: string): readonly string[] {
  const words = text
    .slice(0, 2_000)
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z]+/)
    .map((word) => word.replace(/(?:ing|er|ers|ies|es|s|ed|e|y)$/, ''));
  return [...new Set(words)].filter((word) => word.length >= 4 && !anyWord.test(word));
}

/** Of equal places in one function, the first span is made by the first, the second by the second. */
function inOrder(best: Ranked[], { nth, family }: Origin): void {
  const [first] = best;
  if (nth === undefined) return;
  if (
    !best.every(
      ({ finding, near, kinship }) =>
        kinship === 'inside' && near === first.near && finding.source.file === first.finding.source.file,
    )
  )
    return;
  if (family) family.isTurnTelling = true;
  if (nth >= best.length) return;
  const turn = [...best].sort((a, b) => a.finding.line - b.finding.line)[nth];
  best.splice(best.indexOf(turn), 1);
  best.unshift(turn);
  turn.near += 0.5;
  turn.isTurn = true;
}

const standingNotes: Readonly<Record<SourceFile['standing'], string>> = {
  source: '',
  test: 'in a test',
  sample: 'in data to begin with, or in a migration',
  generated: 'in generated code',
  config: 'in a settings file',
  documentation: 'in a document',
  output: 'in build output',
};

/** Libraries that answer requests in the place of who is asked, in the imports of a file. */
const mocks =
  /(?:^|\n)(?:import\b[^\n]{0,200}\bfrom|import|from|\S[^\n]{0,100}= require\() ?["'](?:msw|nock|fetch-mock|axios-mock-adapter|miragejs|pretender)["'/]|(?:^|\n)(?:import|from) (?:responses|requests_mock|respx|pytest_httpx|aioresponses)\b/;
const mockImports = 4_000;

/** Generated code, and tests beside what they test, are known when the file was read. */
async function withStanding(finding: Finding, context: Context): Promise<Finding> {
  const { source } = finding;
  if (source.standing !== 'source' || !isCode(source.language)) return finding;
  const lines = await context.lines(source.file);
  const text = await context.text(source.file);
  if (lines && (isInUnitTest(source, lines, finding.line) || mocks.test(text?.slice(0, mockImports) ?? '')))
    return { ...finding, source: { ...source, standing: 'test' } };
  return isGenerated(source.path[source.path.length - 1] ?? '', text)
    ? { ...finding, source: { ...source, standing: 'generated' } }
    : finding;
}

/** 2 and more: the file is the module that the scope names, or names the tracer; 1: it is in the folder of the service. */
async function nearness({ file, path }: SourceFile, { service, scope }: Origin, context: Context): Promise<number> {
  const inService = service === undefined ? 0 : fitsService(path, service) / 2;
  if (scope === undefined || scope === '') return inService;
  const shared = sharedWithScope(path, scope);
  if (shared > 0) return 2 * shared + inService;
  const text = scope.length >= 3 ? await context.text(file) : undefined;
  const names = text !== undefined && ["'", '"', '`'].some((quote) => text.includes(`${quote}${scope}${quote}`));
  return (names ? 2 : 0) + inService;
}

/** Trailing segments of a module's name or an import path that are the file's: `shop.pricing` of `shop/pricing.py`. */
export function sharedWithScope(path: readonly string[], scope: string): number {
  const names = (scope.includes('/') ? scope.split('/') : scope.split(/[.:\\]+/)).filter((name) => name !== '');
  const folders = path.slice(0, -1);
  const stem = (path[path.length - 1] ?? '').replace(/\..*$/, '');
  let best = 0;
  for (const place of [[...folders, stem], folders]) {
    let count = 0;
    while (count < names.length && count < place.length && names[names.length - 1 - count] === place[place.length - 1 - count])
      count++;
    best = Math.max(best, count);
  }
  return best;
}
