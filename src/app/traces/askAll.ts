/**
 * Asks several for the same thing at the same time, a few at once. Of those that have it the first in order wins; one that answers waits a moment for
 * those before it, and not for one that does not answer at all. When somebody has won, nobody else is waited for.
 */

import { SpanhopError, throwIfAborted, toErrorData } from '../../base/errors';
import { Limit } from '../../base/limit';

/** At once. */
const most = 4;
/** Who has it waits so long for those before it. */
const patienceMs = 1_000;

export interface Questions<Answer, Taken> {
  /** Rejects where one does not have it, or cannot be asked. */
  readonly ask: (name: string, signal: AbortSignal) => Promise<Answer>;
  /** Of the one that wins. Where it rejects, the next one wins. */
  readonly take: (name: string, answer: Answer) => Promise<Taken>;
  readonly signal: AbortSignal;
}

interface Asked<Answer> {
  readonly name: string;
  answer?: { readonly value: Answer };
  error?: SpanhopError;
}

/** What was taken; where nobody has it, what each of them said, in order. Rejects with `Cancelled` when the signal aborts. */
export async function askAll<Answer, Taken>(
  names: readonly string[],
  { ask, take, signal }: Questions<Answer, Taken>,
): Promise<{ readonly taken: Taken } | { readonly errors: readonly SpanhopError[] }> {
  const over = new AbortController();
  const asking = AbortSignal.any([signal, over.signal]);
  const limit = new Limit(most);
  const all: readonly Asked<Answer>[] = names.map((name) => ({ name }));
  let patience: ReturnType<typeof setTimeout> | undefined;
  let isPatient = true;
  let wake: () => void = () => {};
  for (const one of all) {
    limit
      .run(() => ask(one.name, asking), asking)
      .then(
        (value) => {
          one.answer = { value };
          if (over.signal.aborted) return;
          patience ??= setTimeout(() => {
            isPatient = false;
            wake();
          }, patienceMs);
        },
        (error: unknown) => {
          one.error = SpanhopError.from(toErrorData(error));
        },
      )
      .finally(() => wake());
  }
  signal.addEventListener('abort', () => wake(), { once: true });
  try {
    for (;;) {
      throwIfAborted(signal);
      const left = all.filter(({ error }) => error === undefined);
      if (left.length === 0) return { errors: all.flatMap(({ error }) => error ?? []) };
      const winner = isPatient ? left[0] : (left.find(({ answer }) => answer) ?? left[0]);
      if (winner.answer) {
        try {
          return { taken: await take(winner.name, winner.answer.value) };
        } catch (error) {
          winner.error = SpanhopError.from(toErrorData(error));
        }
      } else {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    }
  } finally {
    clearTimeout(patience);
    over.abort();
  }
}
