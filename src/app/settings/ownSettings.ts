/** Settings for which a person wants their own values although the workspace has others. Remembered for the workspace. */

import type { Disposable } from '../../base/disposables';
import { Emitter } from '../../base/emitter';
import type { Memento } from '../ports/memento';

const key = 'settings.mine';

export class OwnSettings implements Disposable {
  private readonly changed = new Emitter<readonly string[]>();
  /** Fires with the names that are the person's now, or no more. */
  readonly onDidChange = this.changed.event;
  private names: ReadonlySet<string>;

  constructor(private readonly memento: Memento) {
    const kept = memento.get(key);
    this.names = new Set(Array.isArray(kept) ? kept.filter((each): each is string => typeof each === 'string') : []);
  }

  /** @param name without `spanhop.` */
  has(name: string): boolean {
    return this.names.has(name);
  }

  async set(names: readonly string[], isMine: boolean): Promise<void> {
    const next = new Set(this.names);
    for (const name of names) {
      if (isMine) next.add(name);
      else next.delete(name);
    }
    this.names = next;
    await this.memento.update(key, next.size ? [...next] : undefined);
    this.changed.fire(names);
  }

  dispose(): void {
    this.changed.dispose();
  }
}
