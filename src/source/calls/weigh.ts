/** How well each place fits the call that a span tells of, and how sure that is. */

import { callConfidence } from '../model/confidence';
import type { TextHint } from '../model/sourceHints';
import type { Finding } from '../search/rankFindings';
import { display } from '../uri/paths';
import { type Address, isValue } from './address';
import type { Place } from './callFile';
import type { Role } from './clients';
import { ownersOf } from './requestsByHost';

interface Asked {
  readonly hint: TextHint;
  readonly address: Address;
  readonly method: string | undefined;
}

const roleFit: Readonly<Record<Role, number>> = { client: 0.4, likely: 0.25, unknown: -0.1, server: -0.7 };
/** Segments that a base address has. */
const usualBase = /^(?:api|rest|v\d+|public|internal|admin)$/;

/** Of what stands before a path that a call has: nothing else has to tell of it. */
export function isUsualBase(segment: string | undefined): boolean {
  return segment === undefined || usualBase.test(segment);
}

/** Less than this between two places tells them apart by little. */
const margin = 0.2;

export function weigh(places: readonly Place[], asked: Asked): readonly Finding[] {
  const findings = places.map((place) => finding(place, asked)).sort((a, b) => b.fit - a.fit);
  const [first] = findings;
  const rival = findings.find(
    ({ source, line, fit }) => fit < first.fit && (source.file !== first.source.file || line !== first.line),
  );
  if (!first || !rival || first.fit - rival.fit >= margin) return findings;
  return findings.map((each) => ({ ...each, confidence: Math.min(each.confidence, callConfidence.closeRival) }));
}

function finding({ file, line, match, judgement, written }: Place, { hint, address, method }: Asked): Finding {
  const { role, verbs } = judgement;
  const words = address.segments.filter((segment) => segment !== undefined && !isValue(segment)).length;
  const fixed = match?.fixed ?? 0;
  const onWords = match?.onWords ?? 0;
  const missing = (match?.missing ?? []).filter((segment) => !isUsualBase(segment));
  const last = missing[missing.length - 1];
  // A client whose base address stands elsewhere in its file.
  const isOfHost = !match?.isHost && file.hasHost(address.host);
  // Of clients for programs that are alike, the one that is called like the host.
  const isNamed = ownersOf(address.host ?? '').some((owner) => tellsOf(file.source.path, written.holes, owner));
  const isExplained =
    last === undefined || isOfHost || (match?.hasBase ?? false) || tellsOf(file.source.path, written.holes, last);
  const wanted = method?.toUpperCase();
  const isVerb = wanted !== undefined && verbs.includes(wanted);
  const isOther = wanted !== undefined && verbs.length > 0 && !isVerb;
  const isCall = role === 'client' || role === 'likely';
  const fit =
    1 +
    Math.min(1, fixed / Math.max(1, words)) +
    (match?.missing.length ? 0 : 0.2) +
    (match?.isHost ? 0.2 : isOfHost ? 0.4 : 0) +
    roleFit[role] +
    (isNamed ? margin : 0) +
    (isVerb ? 0.3 : isOther ? -0.7 : 0) -
    Math.min(0.4, onWords * 0.15) -
    (isExplained ? 0 : Math.min(0.3, missing.length * 0.1));
  let sure: number = callConfidence.text;
  if (isCall) sure = isVerb ? callConfidence.call : wanted === undefined ? callConfidence.untold : callConfidence.anyMethod;
  if (isCall && role === 'likely') sure -= callConfidence.likelyLess;
  if (isCall && !isExplained) sure -= callConfidence.unexplainedLess;
  if (isCall) sure -= onWords * callConfidence.wordLess;
  if (isOther || role === 'server') sure = Math.min(sure, callConfidence.other);
  if (fixed === 0) sure = Math.min(sure, callConfidence.hostOnly);
  const what = isCall ? 'the call of' : 'the address';
  return {
    source: file.source,
    line,
    rung: 'literal',
    fit: Math.round(fit * 100) / 100,
    clue: match?.query ?? 0,
    confidence: Math.max(0.1, sure),
    reason: `from ${hint.from}, ${what} ${display(address.path || (address.host ?? ''), 80)} stands in ${display((file.lines[line] ?? '').trim(), 80)}`,
  };
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
