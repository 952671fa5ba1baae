/**
 * From a path and a line, as a span or a frame states them, to candidates: find the file (locate.ts), follow its source map
 * (rung 3), and weigh what the file itself says (evidence.ts). Attributes and stack frames both come through here.
 */

import { throwIfAborted } from '../base/errors';
import type { Context } from './context/context';
import { readEvidence } from './context/evidence';
import type { DriftedLine } from './drift/drifts';
import { readForeignLine } from './foreignLines';
import { followMap } from './maps/original';
import { confidence, type Match, matchConfidence } from './model/confidence';
import type { Located } from './model/located';
import type { StatedPlace } from './model/statedPlace';
import type { SourceCandidate } from './model/types';
import { parseFunctionName } from './names/functionName';
import { byAffinity, rivalOf } from './paths/affinity';
import { locate, segmentsInWorkspace } from './paths/locate';
import { SourceSearch } from './search/sourceSearch';
import { buildMissing, findSourceOfOutput, inOwnPackage, isMinified } from './sourceOfOutput';
import { findInFile, type InFile } from './symbols/inFile';
import { isOfModule } from './symbols/modulePaths';
import { isLibraryPath } from './uri/libraries';
import { display, parsePath } from './uri/paths';
import { uriSegments } from './uri/uri';

export interface PlaceResult {
  readonly candidates: readonly SourceCandidate[];
  /** In words, where there are no candidates. */
  readonly outcome: string;
  /** The code is no user's: a package, a runtime, or generated code that maps into one. */
  readonly isLibrary: boolean;
  /** Of the best candidate. */
  readonly witness?: Witness;
}

/** What one frame's place says for the others of its stack: the same folder elsewhere is the same folder here. */
export interface Witness {
  /** The folder elsewhere, of which the file's path here is below. */
  readonly root: string;
  /** The file here has the function that was named. */
  readonly evident: boolean;
  /** The confidence that the place has with evidence. */
  readonly confirmed: number;
}

const maxFiles = 5;
const minified = 'but without a column the line of minified code does not tell the place';

export async function resolvePlace(place: StatedPlace, context: Context): Promise<PlaceResult> {
  const stated = parsePath(place.path);
  if (!stated)
    return {
      candidates: [],
      outcome: `${display(place.path)} is no path that can be looked for`,
      isLibrary: isLibraryPath(place.path),
    };
  const printed = await locate(stated, place.qualifier, context);
  const own = printed.isLibrary && !printed.found.length ? await inOwnPackage(stated, context) : undefined;
  const path = own ?? stated;
  const located = own ? await locate(own, place.qualifier, context) : printed;
  let candidates: SourceCandidate[] = [];
  const kind = located.found[0]?.match.kind;
  if (!located.isLibrary && kind !== 'exact' && kind !== 'mapping' && kind !== 'relative') context.foreign(place.path);
  if (!located.found.length && !located.isLibrary) {
    const source = await findSourceOfOutput(place, path, context);
    if (source) return { candidates: [source], outcome: '', isLibrary: false };
    if (isMinified(place)) return { candidates: [], outcome: `${located.outcome} (${buildMissing})`, isLibrary: false };
  }
  const evident: SourceCandidate[] = [];
  let isLibrary = located.isLibrary;
  let outcome = located.outcome;
  let witness: Witness | undefined;
  for (const hit of located.found.slice(0, maxFiles)) {
    throwIfAborted(context.signal);
    const answer = await fromFile(place, hit, context);
    if (answer.candidate) candidates.push(answer.candidate);
    if (answer.candidate && answer.weight?.evident) evident.push(answer.candidate);
    if (answer.weight?.evident && hit.match.ties === 1 && kind !== 'exact' && !located.isLibrary) {
      context.vote({ path: place.path, file: hit.file, bySuffix: kind === 'suffix' });
    }
    if (answer.weight && !witness) {
      const { match, evident, confirmed } = answer.weight;
      witness = { root: path.segments.slice(0, -match.segments).join('/'), evident, confirmed };
    }
    if (answer.isLibrary) isLibrary = true;
    if (answer.outcome) outcome = answer.outcome;
  }
  const [only, another] = evident;
  const ties = located.found[0]?.match.ties ?? 0;
  // Of several files that fit, the function stands in one. Only if all were looked at.
  if (only && !another && ties > 1 && ties <= maxFiles) {
    const better = {
      ...only,
      confidence: isSameCode(only) ? Math.max(only.confidence, confidence.functionInOne) : only.confidence,
      reason: `${only.reason}, and in none of the others`,
    };
    candidates.splice(candidates.indexOf(only), 1, better);
  } else if (ties > 1 && ties <= maxFiles) candidates = [...byAffinity(candidates, evident, context)];
  candidates.sort((a, b) => b.confidence - a.confidence);
  return { candidates, outcome, isLibrary, witness };
}

interface FileAnswer {
  readonly candidate?: SourceCandidate;
  readonly weight?: { readonly match: Match; readonly evident: boolean; readonly confirmed: number };
  readonly isLibrary?: boolean;
  readonly outcome?: string;
}

async function fromFile(place: StatedPlace, hit: Located, context: Context): Promise<FileAnswer> {
  const { candidate, ...answer } = await weighFile(place, hit, context);
  if (!candidate) return answer;
  const { mapping } = hit;
  const stated = { ...candidate, statedPath: place.path, ...(mapping ? { mapping } : {}) };
  const rival = hit.match.ties === 1 ? rivalOf(place.path, hit.file, hit.match, context) : undefined;
  if (rival === undefined) return { ...answer, candidate: stated };
  const limited = { ...stated, confidence: Math.min(stated.confidence, confidence.rival), reason: `${stated.reason}, ${rival}` };
  // Other frames of the same stack are of the same service: they take no doubt away.
  const weight = answer.weight && { ...answer.weight, confirmed: limited.confidence };
  return { ...answer, weight, candidate: limited };
}

async function weighFile(place: StatedPlace, hit: Located, context: Context): Promise<FileAnswer> {
  const stated = place.line === undefined ? undefined : place.line - 1;
  const foreign =
    stated === undefined ? undefined : await readForeignLine(hit.file, place.path, stated, place.functionName, context);
  const line = foreign?.line ?? stated;
  const column = place.column === undefined || foreign ? undefined : place.column - 1;
  const mapped = line === undefined || foreign ? undefined : await followMap(hit.file, line, column, context);
  const name = shortName(hit.file, context);
  if (mapped?.kind === 'library') return { isLibrary: true, outcome: `${name} maps to ${display(mapped.source)}, a library` };
  if (mapped?.kind === 'original') {
    const drifted = mapped.content === undefined ? await driftOf(mapped.file, mapped.line, context) : undefined;
    const evidence = await readEvidence(mapped.file, mapped.line, place, context, drifted?.linesThen);
    const match = weakest(hit.match, mapped.match);
    const evident = evidence.found !== undefined;
    const limit = Math.min(mapped.content === undefined ? 1 : confidence.contentOnly, mapped.vague ? confidence.vague : 1);
    const weighed = weigh(Math.min(limit, matchConfidence(match, evident)), mapped.line, evidence.lineCount);
    const confirmed = weigh(Math.min(limit, matchConfidence(match, true)), mapped.line, evidence.lineCount).confidence;
    return {
      weight: { match: hit.match, evident, confirmed: driftedConfidence(confirmed, drifted) },
      candidate: {
        file: mapped.file,
        line: drifted?.line ?? mapped.line,
        column: mapped.column,
        rung: place.rung ?? 'sourceMap',
        confidence: driftedConfidence(weighed.confidence, drifted),
        reason: reason(place, [
          foundHow(name, hit),
          mapped.how,
          near(evidence.found),
          weighed.note,
          mapped.vague && minified,
          drifted?.drift.label,
        ]),
        ...(drifted ? { drift: drifted.drift } : {}),
        generated: { file: hit.file, line: line ?? 0, column },
        ...(mapped.content === undefined ? {} : { content: mapped.content }),
      },
    };
  }
  const defined = line === undefined ? await findInFile(hit.file, place.functionName, context) : undefined;
  if (defined) return fromDefinition(place, hit, defined, context);
  const unmapped = mapped?.kind === 'unmapped' ? mapped.problem : undefined;
  // The line of another text has no history here.
  const hasHistory = line !== undefined && unmapped === undefined && foreign === undefined;
  const drifted = hasHistory ? await driftOf(hit.file, line, context) : undefined;
  const evidence = await readEvidence(hit.file, line, place, context, drifted?.linesThen);
  const module = await moduleSays(place, hit.file, context);
  const evident = evidence.found !== undefined || module === 'same';
  const isUnlike = evidence.isUnlike === true && module !== 'same' && hit.match.kind !== 'exact' && hit.match.kind !== 'mapping';
  const doubt = Math.min(module === 'other' ? confidence.otherModule : 1, isUnlike ? confidence.unlike : 1);
  const limit = Math.min(unmapped === undefined ? 1 : confidence.unmapped, foreign?.limit ?? 1, doubt);
  const weighed = weigh(Math.min(limit, matchConfidence(hit.match, evident)), line, evidence.lineCount);
  const confirmed = weigh(Math.min(limit, matchConfidence(hit.match, true)), line, evidence.lineCount).confidence;
  return {
    weight: { match: hit.match, evident, confirmed: driftedConfidence(confirmed, drifted) },
    candidate: {
      file: hit.file,
      line: drifted?.line ?? line ?? 0,
      ...(column === undefined ? {} : { column }),
      rung: place.rung ?? (hit.match.kind === 'exact' || hit.match.kind === 'relative' ? 'attributes' : 'pathMapping'),
      confidence: driftedConfidence(weighed.confidence, drifted),
      reason: reason(place, [
        foundHow(name, hit),
        foreign ? foreign.note : near(evidence.found),
        module === 'same' && evidence.found === undefined && 'it is of the module that is named',
        module === 'other' && 'the module that is named is another',
        isUnlike && 'the function that is named is not in it',
        weighed.note,
        unmapped,
        drifted?.drift.label,
      ]),
      ...(drifted ? { drift: drifted.drift } : {}),
      ...(line === undefined ? { lineUnknown: true } : {}),
      ...(unmapped === undefined ? {} : { unmapped: true }),
    },
  };
}

/** The file was named and the line was not: the function's definition in it. */
function fromDefinition(place: StatedPlace, hit: Located, found: InFile, context: Context): FileAnswer {
  const { name, line, column, others, why } = found;
  const limit = others.length ? confidence.tie : found.limit;
  const sure = Math.min(confidence.definition, matchConfidence(hit.match, true), limit);
  const several = others.length ? `, one of ${others.length + 1} there` : why === undefined ? '' : `, ${why}`;
  const where = `${display(name, 60)} is defined there${several}`;
  return {
    weight: { match: hit.match, evident: true, confirmed: sure },
    candidate: {
      file: hit.file,
      line,
      ...(column === undefined ? {} : { column }),
      rung: 'symbol',
      confidence: sure,
      reason: reason(place, [foundHow(shortName(hit.file, context), hit), 'no line number', where]),
    },
  };
}

/** Whether the file is of the module that was named, as far as a manifest tells. */
async function moduleSays(
  { functionName, module }: StatedPlace,
  file: string,
  context: Context,
): Promise<'same' | 'other' | undefined> {
  const source = new SourceSearch(context, undefined).file(file);
  const names =
    functionName === undefined ? module?.split(module.includes('/') ? '/' : /::|\./) : parseFunctionName(functionName).qualifier;
  if (!source || !names?.length) return undefined;
  const isOf = await isOfModule(source, names, context);
  return isOf === undefined ? undefined : isOf ? 'same' : 'other';
}

/** The line of the traced program as a line of today, where the span says which commit that was. */
async function driftOf(file: string, line: number, context: Context): Promise<DriftedLine | undefined> {
  return context.drifts.named ? context.drifts.of(file, line, await context.text(file)) : undefined;
}

/** Which file it is may get surer, but not that it is the code that ran. */
function isSameCode({ drift }: SourceCandidate): boolean {
  return drift === undefined || drift.kind === 'same' || drift.kind === 'moved';
}

function driftedConfidence(base: number, drifted: DriftedLine | undefined): number {
  if (!drifted || drifted.drift.kind === 'same' || drifted.drift.kind === 'moved') return base;
  if (drifted.drift.kind === 'gone') return Math.min(base, confidence.gone);
  return Math.min(base, drifted.lineGone ? confidence.lineGone : confidence.changed);
}

/** What the number of lines says about a line. */
function weigh(base: number, line: number | undefined, lineCount: number | undefined): { confidence: number; note?: string } {
  if (line === undefined) return { confidence: Math.min(base, confidence.noLine), note: 'no line number' };
  if (lineCount !== undefined && line >= lineCount) {
    return { confidence: Math.min(base, confidence.staleLine), note: `the file has only ${lineCount} lines now` };
  }
  return { confidence: base };
}

function weakest(a: Match, b: Match | undefined): Match {
  return b && matchConfidence(b, false) < matchConfidence(a, false) ? b : a;
}

function foundHow(name: string, hit: Located): string {
  return `${name} found ${hit.how}`;
}

function near(name: string | undefined): string | undefined {
  return name === undefined ? undefined : `${display(name, 60)} stands near that line`;
}

function reason(place: StatedPlace, parts: readonly (string | false | undefined)[]): string {
  return [place.from, ...parts.filter((part) => part)].join(', ');
}

/** The path below the workspace folder, for a person. */
function shortName(file: string, context: Context): string {
  return display((segmentsInWorkspace(file, context) ?? uriSegments(file)).join('/'));
}
