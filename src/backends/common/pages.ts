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
