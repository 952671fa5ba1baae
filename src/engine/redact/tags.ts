/** Keys of attributes of a dataset by where they stand, and the values of one: what a query may ask for. */

import type { Slices } from '../../base/slices';
import type { AttributeValue } from '../../core/model/attributeValue';
import type { SpanBatch } from '../../core/model/batch';
import { findAttribute, readValue } from '../../core/model/values';
import type { Dataset } from '../store/dataset';
import { redactedValues } from './redactedAnswer';
import type { Redactor } from './redactor';

/** Where attributes stand, as queries name it. */
const scopes = ['span', 'resource', 'event', 'link', 'instrumentation'] as const;
export type TagScope = (typeof scopes)[number];

/** Attributes that are looked at; the latest ones, enough to know what there is. */
const MOST_LOOKED_AT = 1_000_000;
const MOST_VALUES = 1_000;
/** Rows between two looks at the clock. */
const STEP = 4_096;

type Range = (start: number, end: number) => void;

/** Scoped keys, most frequent first: `span.http.route`. */
export async function tagsOf(dataset: Dataset, redactor: Redactor, slices: Slices): Promise<string[]> {
  const counts = new Map<string, number>();
  let looked = 0;
  for (const { batch } of [...dataset.store.batches()].reverse()) {
    const { key } = batch.attributes;
    for (const scope of scopes) {
      const ofIndex = new Map<number, number>();
      await eachRange(batch, scope, slices, (start, end) => {
        looked += end - start;
        for (let row = start; row < end; row++) ofIndex.set(key[row], (ofIndex.get(key[row]) ?? 0) + 1);
      });
      for (const [index, times] of ofIndex) {
        const name = `${scope}.${redactor.key(batch.strings.get(index))}`;
        counts.set(name, (counts.get(name) ?? 0) + times);
      }
    }
    if (looked > MOST_LOOKED_AT) break;
  }
  return mostFrequent(counts);
}

/**
 * Plain values of an attribute, most frequent first, the most frequent thousand of those that were looked at. Lists give their elements.
 * @param scope undefined: anywhere
 */
export async function tagValuesOf(
  dataset: Dataset,
  scope: TagScope | undefined,
  key: string,
  redactor: Redactor,
  slices: Slices,
): Promise<(string | number | boolean)[]> {
  const counts = new Map<string | number | boolean, number>();
  const count = (value: AttributeValue): void => {
    if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'boolean') return;
    // Of what has other values everywhere, the first are as good as any.
    if (counts.size < MOST_VALUES * 10 || counts.has(value)) counts.set(value, (counts.get(value) ?? 0) + 1);
  };
  let looked = 0;
  for (const { batch } of [...dataset.store.batches()].reverse()) {
    const index = batch.strings.find(key);
    if (index < 0) continue;
    for (const each of scope === undefined ? scopes : [scope]) {
      await eachRange(batch, each, slices, (start, end) => {
        looked += end - start;
        const at = findAttribute(batch, start, end, index);
        if (at < 0) return;
        const value = readValue(batch, at);
        if (Array.isArray(value)) value.forEach(count);
        else count(value);
      });
    }
    if (looked > MOST_LOOKED_AT) break;
  }
  return redactedValues(mostFrequent(counts).slice(0, MOST_VALUES), key, redactor);
}

/** The ranges of attribute rows of one scope. A resource counts once, whatever its spans. */
async function eachRange(batch: SpanBatch, scope: TagScope, slices: Slices, take: Range): Promise<void> {
  const { events, links } = batch;
  switch (scope) {
    case 'resource':
      for (const { attributeStart, attributeEnd } of batch.resources) take(attributeStart, attributeEnd);
      break;
    case 'instrumentation':
      for (const { attributeStart, attributeEnd } of batch.scopes) take(attributeStart, attributeEnd);
      break;
    default:
      for (let row = 0; row < batch.count; row++) {
        if (row % STEP === STEP - 1) await slices.maybePause();
        if (scope === 'span') take(batch.attributeStart[row], batch.attributeEnd[row]);
        else if (scope === 'event')
          for (let at = batch.eventStart[row]; at < batch.eventEnd[row]; at++)
            take(events.attributeStart[at], events.attributeEnd[at]);
        else
          for (let at = batch.linkStart[row]; at < batch.linkEnd[row]; at++)
            take(links.attributeStart[at], links.attributeEnd[at]);
      }
  }
  await slices.maybePause();
}

function mostFrequent<T>(counts: ReadonlyMap<T, number>): T[] {
  return [...counts].sort((a, b) => b[1] - a[1] || (String(a[0]) < String(b[0]) ? -1 : 1)).map(([value]) => value);
}
