/** Texts that are looked for in one search, and who waits for it. When nobody does any more, it is ended. */

import { cancelled } from '../../../base/errors';
import type { SearchReach, TextSearchAnswer } from '../../../source';
import type { HitCollector } from './hitCollector';
import { answerOf } from './keptAnswers';

export class SearchBatch {
  readonly needles = new Set<string>();
  /** URIs of files that changed since it began, or whose text is not that on disk. */
  readonly touched = new Set<string>();
  private readonly controller = new AbortController();
  private waiting = 0;
  private settle: { resolve(collector: HitCollector): void; reject(error: unknown): void } | undefined;
  private readonly done = new Promise<HitCollector>((resolve, reject) => {
    this.settle = { resolve, reject };
  });

  constructor(readonly reach: SearchReach = 'usual') {
    // It may fail with nobody waiting.
    this.done.catch(() => {});
  }

  get signal(): AbortSignal {
    return this.controller.signal;
  }

  /** When it ended, in whatever way. */
  get settled(): Promise<void> {
    return this.done.then(
      () => {},
      () => {},
    );
  }

  resolve(collector: HitCollector): void {
    this.settle?.resolve(collector);
  }

  reject(error: unknown): void {
    this.settle?.reject(error);
  }

  abort(): void {
    this.controller.abort();
    this.settle?.reject(cancelled());
  }

  /** The answer for one text; a signal gives up waiting. */
  wait(needle: string, signal: AbortSignal | undefined): Promise<TextSearchAnswer> {
    this.waiting++;
    return new Promise((resolve, reject) => {
      const giveUp = (): void => {
        reject(cancelled());
        this.waiting--;
        if (this.waiting === 0) this.abort();
      };
      if (signal?.aborted) {
        giveUp();
        return;
      }
      signal?.addEventListener('abort', giveUp, { once: true });
      this.done
        .then(({ needles, found }) => resolve(answerOf(found[needles.indexOf(needle)])), reject)
        .finally(() => signal?.removeEventListener('abort', giveUp));
    });
  }

  /** Somebody wants all of it, whoever else gives up. */
  hold(): void {
    this.waiting++;
  }
}
