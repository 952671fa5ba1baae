/**
 * The connections of the receiver, of which there may be so many. A new one is always let in: when there are too many, the one gives way that has
 * been silent longest, whether it never said anything, waits between two requests, or announced a body and hardly sends it. One that waits
 * for our answer never does.
 */

interface Connection<T> {
  readonly socket: T;
  /** When it was opened, or enough last came from it, or something went to it. */
  lastAt: number;
  /** Bytes of a body since then. */
  since: number;
  /** Requests that came in full, and are not answered. */
  answering: number;
}

/** Who sends less of a body than this counts as silent: a byte now and then would hold a place, and all that was sent before, for ever. */
const HEARD_BYTES = 8 << 10;

export class Connections<T extends object> {
  private readonly all = new Map<T, Connection<T>>();

  /**
   * @param most connections
   * @param close ends one that gives way
   * @param now milliseconds
   */
  constructor(
    private readonly most: number,
    private readonly close: (socket: T) => void,
    private readonly now: () => number = () => performance.now(),
  ) {}

  get count(): number {
    return this.all.size;
  }

  opened(socket: T): void {
    if (this.all.size >= this.most) this.giveWay();
    this.all.set(socket, { socket, lastAt: this.now(), since: 0, answering: 0 });
  }

  closed(socket: T): void {
    this.all.delete(socket);
  }

  /** A request came. */
  heard(socket: T): void {
    const connection = this.all.get(socket);
    if (connection) this.touch(connection);
  }

  /** So many bytes of a body came. */
  sent(socket: T, bytes: number): void {
    const connection = this.all.get(socket);
    if (!connection) return;
    connection.since += bytes;
    if (connection.since >= HEARD_BYTES) this.touch(connection);
  }

  /** A request is whole, and waits for its answer; or it has it. */
  answering(socket: T, answering: boolean): void {
    const connection = this.all.get(socket);
    if (!connection) return;
    connection.answering = Math.max(0, connection.answering + (answering ? 1 : -1));
    this.touch(connection);
  }

  /** Ends all of them. */
  closeAll(): void {
    for (const { socket } of this.all.values()) this.close(socket);
    this.all.clear();
  }

  /** The order of the map is that of silence: the longest silent comes first. */
  private touch(connection: Connection<T>): void {
    connection.lastAt = this.now();
    connection.since = 0;
    this.all.delete(connection.socket);
    this.all.set(connection.socket, connection);
  }

  /**
   * Ends the connection that has been silent longest, of those that `mayGo`, for at least `silentMs`. Returns whether there was one. One whose
   * request we are answering stays.
   */
  giveWay(mayGo: (socket: T) => boolean = () => true, silentMs = 0): boolean {
    const since = this.now() - silentMs;
    for (const { socket, lastAt, answering } of this.all.values()) {
      if (lastAt > since) return false;
      if (answering > 0 || !mayGo(socket)) continue;
      this.all.delete(socket);
      this.close(socket);
      return true;
    }
    return false;
  }
}
