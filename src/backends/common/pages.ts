/** Searches as pages, made of a function that gets one of them, and bodies one after the other. */

import type { FindPage } from './backend';

/**
 * @param first where the first page begins; undefined: at the beginning
 * @param page gets the page that begins there
 */
export async function* pagesFrom(
  first: string | undefined,
  page: (cursor: string | undefined) => Promise<FindPage>,
): AsyncIterable<FindPage> {
  for (let cursor = first, isFirst = true; isFirst || cursor !== undefined; isFirst = false) {
    const found = await page(cursor);
    let told: { readonly cursor: string | undefined } | undefined;
    const next: FindPage['next'] = (seen) => {
      told = { cursor: found.next?.(seen) };
      return told.cursor;
    };
    yield { ...found, next };
    cursor = told ? told.cursor : found.next?.([found.traces]);
  }
}

/** Bodies that came together. Each is let go of when the next one is asked for. */
export async function* inTurn(bodies: Uint8Array<ArrayBuffer>[]): AsyncIterable<Uint8Array<ArrayBuffer>> {
  for (let next = bodies.shift(); next !== undefined; next = bodies.shift()) yield next;
}

/** What `get` gives for each item, in their order, with so many of them asked for at the same time. */
export async function* ahead<I, T>(items: readonly I[], places: number, get: (item: I) => Promise<T>): AsyncIterable<T> {
  const waiting: Promise<T>[] = [];
  let begun = 0;
  const begin = (): void => {
    for (; begun < items.length && waiting.length < places; begun++) {
      const one = get(items[begun]);
      // It may fail before its turn, or nobody may want it any more.
      one.catch(() => {});
      waiting.push(one);
    }
  };
  for (begin(); waiting.length > 0; begin()) {
    const first = waiting.shift();
    if (first) yield await first;
  }
}
