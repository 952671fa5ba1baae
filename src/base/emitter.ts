/** Events in VS Code's own shape (`vscode.Event`, `vscode.EventEmitter`), without VS Code. */

import type { Disposable } from './disposables';
import { onUnexpectedError } from './unexpected';

/** Subscribes a listener; assignable to `vscode.Event`. */
export type Event<T> = (listener: (event: T) => unknown, thisArgs?: unknown, disposables?: Disposable[]) => Disposable;

export class Emitter<T> implements Disposable {
  private listeners: ReadonlySet<(event: T) => unknown> = new Set();
  private disposed = false;

  /** Listeners are told in the order in which they came. The same function may be given twice, and then is called twice. */
  readonly event: Event<T> = (listener, thisArgs, disposables) => {
    const own = (event: T): unknown => listener.call(thisArgs, event);
    // A copy, so that `fire` goes through those that were there when it began.
    if (!this.disposed) this.listeners = new Set(this.listeners).add(own);
    const subscription: Disposable = {
      dispose: () => {
        if (!this.listeners.has(own)) return;
        const left = new Set(this.listeners);
        left.delete(own);
        this.listeners = left;
      },
    };
    disposables?.push(subscription);
    return subscription;
  };

  /** Calls all listeners now. One that throws does not silence the others. One that was taken away meanwhile is not called. */
  fire(event: T): void {
    for (const listener of this.listeners) {
      if (!this.listeners.has(listener)) continue;
      try {
        listener(event);
      } catch (error) {
        onUnexpectedError(error);
      }
    }
  }

  dispose(): void {
    this.disposed = true;
    this.listeners = new Set();
  }
}
