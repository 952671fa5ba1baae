/** What waits to be forwarded, in the order in which it came, bounded in bytes: what does not fit is dropped and counted. */

export type ForwardedSignal = 'traces' | 'logs';

/** A request that is safe here, or what of it goes on. */
export interface Waiting {
  readonly signal: ForwardedSignal;
  /** What it takes. */
  readonly bytes: number;
  /** Spans or log records. */
  readonly items: number;
  /** Makes it: protobuf of an export request. Several of them, one behind the other, are one request (protobuf.dev, "Encoding", "Last One Wins"). */
  encode(): readonly Uint8Array[];
}

/** Requests that are sent as one. */
export interface Gathered {
  readonly signal: ForwardedSignal;
  readonly items: number;
  readonly parts: readonly Uint8Array[];
}

export class ForwardQueue {
  private waiting: Waiting[] = [];
  private first = 0;
  private bytesHeld = 0;
  private itemsHeld = 0;
  private droppedItems = 0;

  /** @param mostBytes that may wait */
  constructor(private readonly mostBytes: number) {}

  get bytes(): number {
    return this.bytesHeld;
  }

  /** Spans and log records that wait. */
  get items(): number {
    return this.itemsHeld;
  }

  /** Those that did not fit, since the beginning. */
  get dropped(): number {
    return this.droppedItems;
  }

  get isEmpty(): boolean {
    return this.first === this.waiting.length;
  }

  /** False: it did not fit. One that is larger than all of the room may wait alone. */
  add(one: Waiting): boolean {
    if (!this.isEmpty && this.bytesHeld + one.bytes > this.mostBytes) {
      this.droppedItems += one.items;
      return false;
    }
    this.waiting.push(one);
    this.bytesHeld += one.bytes;
    this.itemsHeld += one.items;
    return true;
  }

  /**
   * Takes the next ones of one signal, about so many bytes but at least one of them. Undefined: nothing waits. What cannot be encoded is dropped.
   * @param mostBytes of one request
   */
  take(mostBytes: number): Gathered | undefined {
    while (!this.isEmpty) {
      const { signal } = this.waiting[this.first];
      const parts: Uint8Array[] = [];
      let [bytes, items] = [0, 0];
      for (let next = this.waiting[this.first]; next?.signal === signal; next = this.waiting[this.first]) {
        if (parts.length > 0 && bytes + next.bytes > mostBytes) break;
        this.remove(next);
        try {
          parts.push(...next.encode());
        } catch {
          this.droppedItems += next.items;
          continue;
        }
        bytes += next.bytes;
        items += next.items;
      }
      if (items > 0) return { signal, items, parts };
    }
    return undefined;
  }

  /** Counts items that were taken and cannot go on. */
  drop(items: number): void {
    this.droppedItems += items;
  }

  clear(): void {
    this.waiting = [];
    this.first = 0;
    this.bytesHeld = 0;
    this.itemsHeld = 0;
  }

  private remove(one: Waiting): void {
    this.first++;
    this.bytesHeld -= one.bytes;
    this.itemsHeld -= one.items;
    // The array is made short now and then: a shift of each would move all others.
    if (this.first < 1024 && !this.isEmpty) return;
    this.waiting = this.waiting.slice(this.first);
    this.first = 0;
  }
}
