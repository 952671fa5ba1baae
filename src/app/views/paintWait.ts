/** Waiting until what a view is about now is on the screen. What was shown before, or in its place, is no answer. */

import type { Disposable } from '../../base/disposables';
import { SpanhopError } from '../../base/errors';

export interface PaintState {
  /** Reading may take any time. */
  readonly isReading: boolean;
  readonly isVisible: boolean;
}

type Waiter = (error: SpanhopError | undefined) => void;

const paintTimeoutMs = 60_000;

export class PaintWait implements Disposable {
  private readonly waiters = new Set<Waiter>();
  private isSettled = false;
  private problem: SpanhopError | undefined;
  private disposed = false;

  constructor(private readonly state: () => PaintState) {}

  /** What is on the screen is not, or not any more, what there will be. */
  begin(): void {
    this.isSettled = false;
    this.problem = undefined;
  }

  /** It is on the screen; or this problem is, in its place. */
  settle(problem: SpanhopError | undefined): void {
    this.isSettled = true;
    this.problem = problem;
    this.tell(problem);
  }

  /** The view is about something else: nobody will see what was waited for. */
  supersede(): void {
    this.tell(new SpanhopError('Cancelled', 'Another trace is shown in its place.'));
    this.begin();
  }

  /** Rejects with the problem; with `Timeout` when reading is over and nothing is drawn so long; with `Cancelled` when it is closed, hidden or superseded. */
  wait(timeoutMs = paintTimeoutMs): Promise<void> {
    if (this.disposed) return Promise.reject(closed());
    if (this.isSettled) return this.problem ? Promise.reject(this.problem) : Promise.resolve();
    return new Promise((resolve, reject) => {
      const waiter: Waiter = (error) => {
        clearTimeout(timer);
        this.waiters.delete(waiter);
        if (error) reject(error);
        else resolve();
      };
      const timeUp = (): void => {
        const { isReading, isVisible } = this.state();
        if (isReading) timer = setTimeout(timeUp, timeoutMs);
        else if (isVisible) waiter(new SpanhopError('Timeout', 'The trace was not drawn in time.'));
        else waiter(new SpanhopError('Cancelled', 'The trace was hidden before it was drawn.'));
      };
      let timer = setTimeout(timeUp, timeoutMs);
      this.waiters.add(waiter);
    });
  }

  dispose(): void {
    this.disposed = true;
    this.tell(closed());
  }

  private tell(error: SpanhopError | undefined): void {
    for (const waiter of [...this.waiters]) waiter(error);
  }
}

function closed(): SpanhopError {
  return new SpanhopError('Cancelled', 'The trace was closed.');
}
