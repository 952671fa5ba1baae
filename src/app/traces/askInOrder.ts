/**
 * Asks several for the same thing in their order: the next one when the one before does not have it, or has not answered for a moment. So nobody is asked
 * for what another gives at once, and one that does not answer keeps nobody from being asked. Whoever answers first wins, and the others are given up.
 */

import { SpanhopError, throwIfAborted, toErrorData } from '../../base/errors';

/** Before the next one is asked. */
const headStartMs = 1_000;

export interface Questions<Answer, Taken> {
  /** Rejects where one does not have it, or cannot be asked. */
  readonly ask: (name: string, signal: AbortSignal) => Promise<Answer>;
  /** Of the one that wins. Where it rejects, the others are asked on. */
  readonly take: (name: string, answer: Answer) => Promise<Taken>;
  readonly signal: AbortSignal;
}

interface Asked<Answer> {
  readonly name: string;
  answer?: { readonly value: Answer };
  error?: SpanhopError;
}

/** What was taken; where nobody has it, what each of them said, in order. Rejects with `Cancelled` when the signal aborts. */
export async function askInOrder<Answer, Taken>(
  names: readonly string[],
  { ask, take, signal }: Questions<Answer, Taken>,
): Promise<{ readonly taken: Taken } | { readonly errors: readonly SpanhopError[] }> {
  const over = new AbortController();
  const asking = AbortSignal.any([signal, over.signal]);
  const all: readonly Asked<Answer>[] = names.map((name) => ({ name }));
  let begun = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let wake: () => void = () => {};
  const next = (): void => {
    clearTimeout(timer);
    const one = all[begun];
    if (!one || asking.aborted) return;
    begun++;
    timer = setTimeout(next, headStartMs);
    ask(one.name, asking)
      .then(
        (value) => {
          one.answer = { value };
        },
        (error: unknown) => fail(one, error),
      )
      .finally(() => wake());
  };
  const fail = (one: Asked<Answer>, error: unknown): void => {
    one.error = SpanhopError.from(toErrorData(error));
    next();
  };
  signal.addEventListener('abort', () => wake(), { once: true });
  next();
  try {
    for (;;) {
      throwIfAborted(signal);
      const winner = all.find(({ answer, error }) => answer && !error);
      if (winner?.answer) {
        try {
          return { taken: await take(winner.name, winner.answer.value) };
        } catch (error) {
          fail(winner, error);
        }
      } else if (all.every(({ error }) => error)) {
        return { errors: all.flatMap(({ error }) => error ?? []) };
      } else {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    }
  } finally {
    clearTimeout(timer);
    over.abort();
  }
}
