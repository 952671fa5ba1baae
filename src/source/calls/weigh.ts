/** How well each place fits the call that a span tells of, and how sure that is. */

import { callConfidence } from '../model/confidence';
import type { TextHint } from '../model/sourceHints';
import { functionAt } from '../outline/functions';
import type { Finding } from '../search/rankFindings';
import { display } from '../uri/paths';
import { type Address, isValue } from './address';
import type { Place } from './callFile';
import type { Role } from './clients';
import { ownersOf } from './requestsByHost';
import { isUsualBase } from './usualBase';

interface Asked {
  readonly hint: TextHint;
  readonly address: Address;
  readonly method: string | undefined;
}

const roleFit: Readonly<Record<Role, number>> = { client: 0.4, likely: 0.25, unknown: -0.1, server: -0.7 };
/** Less than this between two places tells them apart by little. */
const margin = 0.2;

/** What is called there, and does not merely stand. */
export type Weighed = Finding & { readonly isCall?: boolean };

export function weigh(places: readonly Place[], asked: Asked): readonly Weighed[] {
  const findings = places.map((place) => finding(place, asked)).sort((a, b) => b.fit - a.fit);
  const [first] = findings;
  const rival = findings.find(
    ({ source, line, fit }) => fit < first.fit && (source.file !== first.source.file || line !== first.line),
  );
  if (!first || !rival || first.fit - rival.fit >= margin) return findings;
  return findings.map((each) => ({ ...each, confidence: Math.min(each.confidence, callConfidence.closeRival) }));
}

function finding(place: Place, { hint, address, method }: Asked): Weighed {
  const { file, line, match, judgement, written } = place;
  const { role, verbs, habit } = judgement;
  const words = address.segments.filter((segment) => segment !== undefined && !isValue(segment)).length;
  const fixed = match?.fixed ?? 0;
  const onWords = match?.onWords ?? 0;
  const missing = (match?.missing ?? []).filter((segment) => !isUsualBase(segment));
  const last = missing[missing.length - 1];
  // A client whose base address stands elsewhere in its file.
  const isOfHost = !match?.isHost && file.hasHost(address.host);
  // Of clients for programs that are alike, the one that is called like the host.
  const isNamed = ownersOf(address.host ?? '').some((owner) => tellsOf(file.source.path, written.holes, owner));
  // Or like what is put before the path.
  const isOfBase = last !== undefined && (match?.hasBase ?? false) && tellsOf(file.source.path, [], last);
  const isExplained =
    last === undefined || isOfHost || (match?.hasBase ?? false) || tellsOf(file.source.path, written.holes, last);
  const wanted = method?.toUpperCase();
  const isVerb = wanted !== undefined && verbs.includes(wanted);
  const isOther = wanted !== undefined && verbs.length > 0 && !isVerb;
  const isByHabit = wanted !== undefined && habit?.includes(wanted) === true;
  const isCall = role === 'client' || role === 'likely';
  const fit =
    1 +
    Math.min(1, fixed / Math.max(1, words)) +
    (match?.missing.length ? 0 : 0.2) +
    (match?.isHost ? 0.2 : isOfHost ? 0.4 : 0) +
    roleFit[role] +
    (isNamed ? margin : 0) +
    (isOfBase ? margin : 0) +
    (isVerb ? 0.3 : isOther ? -0.7 : isByHabit ? margin : wanted && habit ? -margin : 0) -
    Math.min(0.4, onWords * 0.15) -
    // It asks for something else, or for the very same.
    (address.query.size > 0 ? margin * Math.sign(-(match?.query ?? 0)) : 0) -
    // Who names the last word is nearer than who is given it.
    (match?.isLastOnWord ? 0.7 : 0) +
    (queryFit * Math.min(address.query.size, saidNear(place, address))) / Math.max(1, address.query.size) -
    (isExplained ? 0 : Math.min(0.3, missing.length * 0.1));
  const isKept = match?.isHost === true || (fixed >= 2 && keeps.test(file.lines[place.literalLine]?.slice(0, 400) ?? ''));
  const isWhole = role === 'unknown' && isExplained && isKept && fixed > 0;
  let sure: number = isWhole ? callConfidence.wholeText : callConfidence.text;
  if (isCall)
    sure = isVerb
      ? callConfidence.call
      : wanted === undefined
        ? callConfidence.untold
        : isByHabit
          ? callConfidence.byHabit
          : role === 'likely' || (fixed < 2 && !match?.isHost && !isOfHost)
            ? callConfidence.anyMethodVague
            : callConfidence.anyMethod;
  if (isCall && role === 'likely') sure -= callConfidence.likelyLess;
  if (isCall && !isExplained) sure -= callConfidence.unexplainedLess;
  if (isCall) sure -= onWords * callConfidence.wordLess;
  if (isOther || role === 'server') sure = Math.min(sure, callConfidence.other);
  // No service runs what only tests ask for.
  if (file.source.standing === 'test') sure = Math.min(sure, callConfidence.other);
  if (fixed === 0 && (words > 0 || !match?.isHost)) sure = Math.min(sure, callConfidence.hostOnly);
  const what = isCall ? 'the call of' : 'the address';
  return {
    source: file.source,
    line,
    isCall,
    rung: 'literal',
    fit: Math.round(fit * 100) / 100,
    clue: match?.query ?? 0,
    confidence: Math.max(0.1, sure),
    reason: `from ${hint.from}, ${what} ${display(address.path || (address.host ?? ''), 80)} stands in ${display((file.lines[line] ?? '').trim(), 80)}`,
  };
}

/** `const path = "/orders"`, `url: '/orders'`: what is asked for somewhere. */
const keeps = /(?:(?:ur[il]|endpoint|address|api)\w{0,20}\s*[:=]|path\w{0,20}\s*:?=|\breturn)\s*[$f@]*["'`]/i;

/** How much better a call fits beside which all names of the query are told. */
const queryFit = 0.5;
/** Lines above and below in which names of a query are told beside a call. */
const queryLines = 10;

/** How many names of the query are told around, in the same function. */
function saidNear({ file: { lines }, line }: Place, { query }: Address): number {
  const around = query.size ? functionAt(lines, line) : undefined;
  if (!around) return 0;
  const own = lines.slice(Math.max(around.start, line - queryLines), Math.min(around.end, line + queryLines));
  const code = own.join('\n').slice(0, 8_000).toLowerCase();
  const told = [...query].filter(
    (key) => key.length >= 3 && new RegExp(`["'\`:.]${key.replace(/\W/g, '.')}\\b`).test(code),
  ).length;
  return told || (/\b(?:params|searchparams)\b/.test(code) ? 0.5 : 0);
}

/** Whether the file, or what is put in front, is called like the part that is missing. */
function tellsOf(path: readonly string[], holes: readonly string[], word: string): boolean {
  const plain = word.replace(/[^a-z0-9]/g, '').replace(/s$/, '');
  return (
    plain.length >= 3 &&
    [...path, ...holes].some((each) =>
      each
        .toLowerCase()
        .replace(/[^a-z0-9]/g, '')
        .includes(plain),
    )
  );
}
