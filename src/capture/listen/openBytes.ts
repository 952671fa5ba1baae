/**
 * What requests that are being received have in memory, all together: bytes that came and were inflated, and the room made for them; never what
 * was only announced.
 */

export class OpenBytes {
  private taken = 0;

  /** @param most bytes */
  constructor(private readonly most: number) {}

  get bytes(): number {
    return this.taken;
  }

  /** Whether there was room for so many more; they count from now on. */
  take(bytes: number): boolean {
    if (this.taken + bytes > this.most) return false;
    this.taken += bytes;
    return true;
  }

  give(bytes: number): void {
    this.taken -= bytes;
  }
}

/** The bytes of one body while they come. */
export class Room {
  private held = 0;
  private isOver = false;

  /** @param makeRoom asked when there is none left; whether some may have been made */
  constructor(
    private readonly open: OpenBytes,
    private readonly makeRoom: () => boolean = () => false,
  ) {}

  get bytes(): number {
    return this.held;
  }

  take(bytes: number): boolean {
    if (this.isOver) return false;
    while (!this.open.take(bytes)) if (!this.makeRoom()) return false;
    this.held += bytes;
    return true;
  }

  /** Gives some of it back. */
  give(bytes: number): void {
    if (this.isOver) return;
    this.open.give(bytes);
    this.held -= bytes;
  }

  /** Gives all of it back; there is none for this body any more. */
  end(): void {
    this.give(this.held);
    this.isOver = true;
  }
}
