/** What is remembered beyond the window: plain values by key. VS Code's `Memento` is one. */
export interface Memento {
  get(key: string): unknown;
  /** Undefined forgets the key. */
  update(key: string, value: unknown): PromiseLike<void>;
}
