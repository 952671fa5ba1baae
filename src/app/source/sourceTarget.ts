/** What is shown of a source that was found: a few letters for a row, why, and what became of the line since the trace. */

import type { SourceTarget } from '../../protocol/view';
import type { ResolveResult, SourceCandidate } from '../../source';
import { isOnlyOffered } from '../../source/advice';
import { uriSegments } from '../../source/uri/uri';

/** `cartStore.ts:31` */
export function labelOfCandidate(candidate: SourceCandidate): string {
  const name = uriSegments(candidate.file).at(-1) ?? candidate.file;
  return candidate.lineUnknown ? name : `${name}:${candidate.line + 1}`;
}

/** `tellUnknown`: say also where a commit is named and its lines could not be compared. */
export function targetOf(result: ResolveResult, tellUnknown: boolean): SourceTarget | undefined {
  const [best] = result.candidates;
  const drift = best && (shownDrift(best) ?? (tellUnknown ? unknownDrift(best, result) : undefined));
  return (
    best && {
      label: labelOfCandidate(best),
      // What became of the line stands in a line of its own.
      reason: best.drift?.label ? best.reason.replace(`, ${best.drift.label}`, '') : best.reason,
      rung: best.rung,
      confidence: best.confidence,
      candidates: result.candidates.length,
      ...(isOnlyOffered(best) ? { isOnlyOffered: true } : {}),
      ...(drift ? { drift } : {}),
    }
  );
}

function shownDrift({ drift }: SourceCandidate): SourceTarget['drift'] {
  return drift && drift.kind !== 'same' ? { kind: drift.kind, text: drift.label, note: drift.note } : undefined;
}

/** Lines that rungs 5 and 6 found are today's anyway; a version that no tag has says nothing. */
function unknownDrift(best: SourceCandidate, { revision }: ResolveResult): SourceTarget['drift'] {
  if (best.drift || best.lineUnknown || best.guessed || best.rung === 'symbol' || best.rung === 'literal') return undefined;
  if (revision?.kind !== 'commit' || revision.problem === undefined) return undefined;
  return { kind: 'unknown', text: `the line is that of ${revision.name}`, note: revision.problem };
}
