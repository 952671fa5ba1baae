/** Words of a dataset for completion: services, operations, keys of attributes. */

import type { Slices } from '../../base/slices';
import type { StringTable } from '../../core/model/strings';
import type { Dataset } from '../store/dataset';

/** Attribute rows that are looked at for keys; the latest ones, enough to know what is frequent. */
const MAX_ATTRIBUTES = 2_000_000;

/** Names of services, in order of the alphabet. */
export function servicesOf(dataset: Dataset): string[] {
  const found = new Set<string>();
  for (const { batch } of dataset.store.batches()) {
    for (const { service } of batch.resources) found.add(batch.strings.get(service));
  }
  found.delete('');
  return [...found].sort();
}

/** Names of spans, of one service or of all, in order of the alphabet. */
export async function operationsOf(dataset: Dataset, service: string | undefined, slices: Slices): Promise<string[]> {
  const seenIn = new Map<StringTable, Uint8Array>();
  for (const { batch } of dataset.store.batches()) {
    const { strings } = batch;
    const wanted = batch.resources.map((resource) => service === undefined || strings.get(resource.service) === service);
    if (!wanted.includes(true)) continue;
    let seen = seenIn.get(strings);
    // The table of a capture grows meanwhile.
    if (!seen || seen.length < strings.size) {
      const grown = new Uint8Array(strings.size * 2);
      if (seen) grown.set(seen);
      seen = grown;
      seenIn.set(strings, seen);
    }
    for (let row = 0; row < batch.count; row++) if (wanted[batch.resource[row]]) seen[batch.name[row]] = 1;
    await slices.maybePause();
  }
  const found = new Set<string>();
  for (const [strings, seen] of seenIn) {
    for (let name = 1; name < seen.length; name++) if (seen[name] === 1) found.add(strings.get(name));
  }
  return [...found].sort();
}

/** Keys of attributes of spans, events, links, resources and scopes, most frequent first. */
export async function attributeKeysOf(dataset: Dataset, slices: Slices): Promise<string[]> {
  const counts = new Map<string, number>();
  let looked = 0;
  for (const { batch } of [...dataset.store.batches()].reverse()) {
    const { key, count } = batch.attributes;
    const ofIndex = new Map<number, number>();
    for (let row = 0; row < count; row++) ofIndex.set(key[row], (ofIndex.get(key[row]) ?? 0) + 1);
    for (const [index, times] of ofIndex) {
      const text = batch.strings.get(index);
      counts.set(text, (counts.get(text) ?? 0) + times);
    }
    looked += count;
    if (looked > MAX_ATTRIBUTES) break;
    await slices.maybePause();
  }
  return [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).map(([key]) => key);
}
