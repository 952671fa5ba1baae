/**
 * Whether functions became slower: the latest capture against the one before it, or against a backend where there is none. Of the last calls
 * of each, and only where both are enough for a percentile to mean something.
 */

import type { OriginDurations } from '../../code/codeIndex';
import { percentiles } from '../../code/percentiles';
import type { CodeOrigin, CodeTrend } from '../../protocol/code';
import { LOCAL_DATASET } from '../../protocol/traces';
import type { CodeService } from './codeService';

const LEAST_CALLS = 5;
/** Calls of one origin that are compared; a function of a million calls must not cost a question a second. */
const MOST_CALLS = 5_000;
const backendPrefix = 'backend:';

/**
 * @param captureStart epoch milliseconds, by number of a capture
 * @param compared number of the capture that a person chose; 0: none
 */
export function trendsOf(
  groups: readonly (readonly number[])[],
  code: Pick<CodeService, 'origins' | 'durationsByOrigin'>,
  captureStart: (capture: number) => number | undefined,
  compared = 0,
): (CodeTrend | undefined)[] {
  const origins = code.origins.map(({ dataset, capture }) => originOf(dataset, captureStart(capture)));
  // Most of the time there is one capture, and nothing is looked at.
  if (origins.filter((origin) => origin !== undefined).length < 2) return groups.map(() => undefined);
  const all = groups.map((group) => code.durationsByOrigin(group, MOST_CALLS));
  const captures = [...new Set(all.flatMap((one) => [...one.keys()]))].filter((number) => origins[number]?.type === 'capture');
  captures.sort((a, b) => startOf(origins[b]) - startOf(origins[a]));
  if (captures.length === 0) return groups.map(() => undefined);
  const backends = origins.flatMap((origin, number) => (origin?.type === 'backend' ? [number] : []));
  return all.map((ofGroup) => {
    // Programs that run side by side have captures of their own: the latest is that of the function's program.
    const [latest, ...earlier] = captures.filter((number) => ofGroup.has(number));
    if (latest === undefined) return undefined;
    const chosen = earlier.filter((number) => compared !== 0 && code.origins[number].capture === compared);
    const before = [...chosen, ...earlier, ...backends].find((number) => (ofGroup.get(number)?.count ?? 0) >= LEAST_CALLS);
    const now = ofGroup.get(latest);
    const origin = before === undefined ? undefined : origins[before];
    const then = before === undefined ? undefined : ofGroup.get(before);
    if (!origin || !then || !now || now.count < LEAST_CALLS) return undefined;
    return { ...measure(now), before: { ...measure(then), origin } };
  });
}

function originOf(dataset: string, startedAt: number | undefined): CodeOrigin | undefined {
  if (dataset === LOCAL_DATASET) return startedAt === undefined ? undefined : { type: 'capture', startedAt };
  return dataset.startsWith(backendPrefix) ? { type: 'backend', name: dataset.slice(backendPrefix.length) } : undefined;
}

function startOf(origin: CodeOrigin | undefined): number {
  return origin?.type === 'capture' ? origin.startedAt : 0;
}

function measure({ count, parts }: OriginDurations): { readonly calls: number; readonly p95Ns: number } {
  const [p95Ns] = percentiles(
    parts.map((values) => ({ values })),
    [0.95],
  );
  return { calls: count, p95Ns };
}
