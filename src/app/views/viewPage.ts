/** One load of a stage's page: the talk with it, and what it has on the screen. */

import type { Disposable } from '../../base/disposables';
import type { PageLoad } from '../../protocol/pages';
import { Connection, type EventHandlers, type Handlers } from '../../protocol/rpc';
import type { HostMethods, PictureKey, ViewEvents, ViewMethods } from '../../protocol/view';
import { piecePort } from './piecePort';

export class ViewPage implements Disposable {
  readonly connection: Connection<ViewMethods, HostMethods, ViewEvents>;
  private readonly leaving = new AbortController();
  /** The picture on its screen, and whether it has the ids of its spans. */
  picture: (PictureKey & { readonly hasIds: boolean }) | undefined;
  /** It knows that there is a list to go back to. */
  hasList = false;

  constructor(
    load: PageLoad,
    handlers: Handlers<HostMethods>,
    events: EventHandlers<ViewEvents>,
    onUnexpected: (error: unknown) => void,
  ) {
    this.connection = new Connection(piecePort(load.port, load.signal), handlers, events, onUnexpected);
    load.signal.addEventListener('abort', () => this.dispose(), { once: true });
  }

  /** Aborted when nothing can be shown on it any more. */
  get gone(): AbortSignal {
    return this.leaving.signal;
  }

  /**
   * The stage was hidden: the editor throws the page away without a word. What it still says is heard (it saves its state at the last moment), but
   * nobody waits for it.
   */
  leave(): void {
    this.leaving.abort();
  }

  dispose(): void {
    this.leave();
    this.connection.dispose();
  }
}
