/** The source of spans that lead to some code, or that it makes, each by the last of its kind. */

import { Limit } from '../../base/limit';
import type { ReachedSpan } from '../../protocol/code';
import type { SourceCandidate } from '../../source';
import type { Problems } from '../messages/problems';
import type { SourceService } from '../source/sourceService';

/** Spans whose source is looked for, and at the same time. */
const maxLookedFor = 60;
const together = 8;
/** What is less sure is told without a place rather than with a wrong one. */
const leastConfidence = 0.5;

type Lookup = Pick<SourceService, 'resolveMade' | 'files'>;

/** In the order of the spans; undefined where none was found. What is given is in the workspace now. */
export async function sourcesOfReached(
  spans: readonly ReachedSpan[],
  source: Lookup,
  problems: Pick<Problems, 'record'>,
): Promise<readonly (SourceCandidate | undefined)[]> {
  const limit = new Limit(together);
  return Promise.all(spans.map((span, i) => (i < maxLookedFor ? limit.run(() => sourceOf(span, source, problems)) : undefined)));
}

async function sourceOf(
  { sample }: ReachedSpan,
  source: Lookup,
  problems: Pick<Problems, 'record'>,
): Promise<SourceCandidate | undefined> {
  try {
    const [best] = (await source.resolveMade(sample)).candidates;
    const isGood = best && !best.lineUnknown && !best.outsideWorkspace && best.content === undefined;
    if (!isGood || best.confidence < leastConfidence) return undefined;
    // VS Code opens from a peek by itself.
    return (await source.files.fence.now(best.file)).inside ? best : undefined;
  } catch (error) {
    // Its trace left memory meanwhile.
    problems.record(error);
    return undefined;
  }
}
