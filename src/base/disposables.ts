/** What is created is disposed; what is added after disposal is disposed at once. */

import { onUnexpectedError } from './unexpected';

/** VS Code's own shape (`vscode.Disposable`), without VS Code. */
export interface Disposable {
  dispose(): void;
}

export class Disposables implements Disposable {
  private readonly items = new Set<Disposable>();
  private disposed = false;

  constructor(...items: readonly Disposable[]) {
    this.add(...items);
  }

  get isDisposed(): boolean {
    return this.disposed;
  }

  /** Takes ownership. */
  add(...items: readonly Disposable[]): void {
    for (const item of items) {
      if (this.disposed) item.dispose();
      else this.items.add(item);
    }
  }

  /** Takes ownership and hands the item back. */
  own<T extends Disposable>(item: T): T {
    this.add(item);
    return item;
  }

  /** Lets go of an item that disposed itself. */
  forget(item: Disposable): void {
    this.items.delete(item);
  }

  dispose(): void {
    if (this.disposed) return;
    this.disposed = true;
    // In reverse: what was made last may use what was made first.
    const items = [...this.items].reverse();
    this.items.clear();
    for (const item of items) {
      try {
        item.dispose();
      } catch (error) {
        // The others are not left behind.
        onUnexpectedError(error);
      }
    }
  }
}
