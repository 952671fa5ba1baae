/**
 * From places that rungs 5 and 6 found to candidates: of several that fit equally none is likely, unless something else tells them apart:
 * the module that the tracer is named after, the folder that is named like the service. Tests and documents come after source.
 */

import type { Context } from '../context/context';
import { confidence } from '../model/confidence';
import type { SourceCandidate, SourceRung } from '../model/types';
import { display } from '../uri/paths';
import { uriSegments } from '../uri/uri';
import { isCode, isGenerated } from './languages';
import type { SourceFile, SourceSearch } from './sourceSearch';

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
}

/** What of the span tells equal places apart. */
export interface Origin {
  readonly service?: string;
  readonly scope?: string;
}

const maxCandidates = 10;
/** What is less likely is no help beside a better one. */
const leastShown = 0.2;
/** A document that quotes a text well is no better than code that has it. */
const behindSource = 4;
/** Places whose files are read for whether they are generated. */
const maxRead = 60;
/** And for the tracer's name. */
const maxCompared = 12;
const later: Readonly<Record<SourceFile['standing'], number>> = {
  source: 0,
  config: 0.25,
  test: 0.25,
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
  const ranked = placed.map((finding) => ({
    finding,
    fit: finding.fit - behindSource * later[finding.source.standing],
    near: 0,
  }));
  ranked.sort((a, b) => b.fit - a.fit || (b.finding.clue ?? 0) - (a.finding.clue ?? 0));
  const best = ranked.filter(
    ({ fit, finding }) => fit === ranked[0].fit && (finding.clue ?? 0) === (ranked[0].finding.clue ?? 0),
  );
  let ties = best.length;
  if (best.length > 1 && best.length <= maxCompared) {
    for (const each of best) each.near = await nearness(each.finding.source, origin, search.context);
    best.sort((a, b) => b.near - a.near);
    ties = best.filter(({ near }) => near === best[0].near).length;
  }
  const order = [...best, ...ranked.filter((each) => !best.includes(each))].slice(0, maxCandidates);
  const [first] = order;
  const candidates: SourceCandidate[] = [];
  for (const { finding, fit, near } of order) {
    const { source, line, column, rung } = finding;
    const isTied = ties > 1 && best.some((each) => each.finding === finding);
    const isFirst = finding === first.finding;
    const isNearest = isFirst && best.length > 1 && ties === 1;
    const base = finding.confidence - later[source.standing];
    const limits = [base];
    if (isTied) limits.push(confidence.tie, 0.8 / ties);
    else if (isNearest) limits.push(confidence.nearest);
    // One that fits less is not offered as if it were as good.
    else if (!isFirst) limits.push(candidates[0].confidence - Math.max(confidence.behind, first.fit - fit));
    const sure = Math.round(Math.min(...limits) * 1000) / 1000;
    if (!isFirst && !isTied && sure < leastShown) continue;
    const notes = [
      finding.reason,
      isTied ? `one of ${ties} places that fit` : '',
      isNearest ? `the nearest of ${best.length} by ${near >= 2 ? 'its tracer' : 'its service'}` : '',
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

const standingNotes: Readonly<Record<SourceFile['standing'], string>> = {
  source: '',
  test: 'in a test',
  generated: 'in generated code',
  config: 'in a settings file',
  documentation: 'in a document',
  output: 'in build output',
};

/** Generated code is known when it was read. */
async function withStanding(finding: Finding, context: Context): Promise<Finding> {
  const { source } = finding;
  if (source.standing !== 'source' || !isCode(source.language)) return finding;
  const text = await context.text(source.file);
  return isGenerated(source.path[source.path.length - 1] ?? '', text)
    ? { ...finding, source: { ...source, standing: 'generated' } }
    : finding;
}

/** 2 and more: the file is the module that the scope names, or names the tracer; 1: it is in the folder of the service. */
async function nearness({ file, path }: SourceFile, { service, scope }: Origin, context: Context): Promise<number> {
  const inService = service !== undefined && isOfService(file, service, context) ? 1 : 0;
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

function isOfService(file: string, service: string, context: Context): boolean {
  const wanted = plain(service);
  const segments = uriSegments(file);
  const folder = context.ports.workspace.folders().find((each) => file.startsWith(`${each}/`));
  const from = folder === undefined ? 0 : Math.max(0, uriSegments(folder).length - 1);
  return wanted !== '' && segments.slice(from, -1).some((segment) => plain(segment) === wanted);
}

function plain(name: string): string {
  return name
    .toLowerCase()
    .replace(/[^a-z0-9]/g, '')
    .replace(/(?:service|svc|server|api|app)$/, '');
}
