/** What a page is told while something is read for it, seldom enough: each telling costs the host, the window and the page a turn. */

import type { Disposable } from '../../base/disposables';
import { Throttle } from '../../base/throttle';
import type { Params, Progress } from '../../protocol/rpc';
import type { ViewMethods } from '../../protocol/view';
import { progressText } from './progressText';

const progressMs = 120;
/** Progress is shown for what takes longer. */
const patienceMs = 100;

export class ReadingProgress implements Disposable {
  private reading: AbortController | undefined;
  private latest: Progress | undefined;
  private readonly telling = new Throttle(() => this.tell(), { waitMs: progressMs });

  constructor(private readonly send: (params: Params<ViewMethods, 'showProgress'>) => void) {}

  /** For whoever reads: cheap, may be called often. */
  readonly report = (progress: Progress): void => {
    this.latest = progress;
    if (this.reading) this.telling.ask();
  };

  /** Tells of the work while it lasts. Its signal is aborted by the caller's, and by `cancel`. */
  async during<T>(signal: AbortSignal, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const own = new AbortController();
    this.reading = own;
    this.latest = undefined;
    const impatience = setTimeout(() => this.tell(), patienceMs);
    try {
      return await work(AbortSignal.any([signal, own.signal]));
    } finally {
      clearTimeout(impatience);
      if (this.reading === own) {
        this.reading = undefined;
        this.telling.cancel();
        this.send({ cancellable: false });
      }
    }
  }

  /** The person has seen enough. */
  cancel(): void {
    this.reading?.abort();
  }

  /** For a page that was not there when it was told. */
  repeat(): void {
    if (this.reading) this.tell();
  }

  dispose(): void {
    this.telling.dispose();
  }

  private tell(): void {
    const { reading, latest } = this;
    if (!reading) return;
    if (!latest) this.send({ text: 'Reading…', cancellable: true });
    else {
      const fraction = latest.total > 0 ? latest.done / latest.total : undefined;
      this.send({ text: progressText(latest), fraction, cancellable: true });
    }
  }
}
