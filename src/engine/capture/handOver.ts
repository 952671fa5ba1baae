/** What is handed to a function one after the other, as something to iterate over: the next one is made when the one before was taken. */

import { cancelled } from '../../base/errors';

interface Offer<T> {
  readonly item: T;
  readonly taken: () => void;
  readonly refused: (error: Error) => void;
}

/** @param run hands its items to `take`, which rejects when nobody wants any more */
export async function* handedOver<T>(run: (take: (item: T) => Promise<void>) => Promise<unknown>): AsyncGenerator<T> {
  const offers: Offer<T>[] = [];
  let isWanted = true;
  let isOver = false;
  let failure: { readonly error: unknown } | undefined;
  let wake = (): void => {};
  const take = (item: T): Promise<void> =>
    new Promise((taken, refused) => {
      if (!isWanted) refused(cancelled());
      else offers.push({ item, taken, refused });
      wake();
    });
  const work = run(take)
    .catch((error: unknown) => {
      failure = { error };
    })
    .finally(() => {
      isOver = true;
      wake();
    });
  try {
    for (;;) {
      const next = offers.shift();
      if (next) {
        yield next.item;
        next.taken();
      } else if (isOver) break;
      else
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
    }
  } finally {
    isWanted = false;
    for (const { refused } of offers) refused(cancelled());
  }
  await work;
  if (failure) throw failure.error;
}
