/**
 * How often each server is asked, whoever asks: so many requests at once, so many a second where it has such a limit, and none while it asks for patience. A
 * server is an origin (`http://host:port`).
 */

import { abortable } from '../../base/abortable';
import { throwIfAborted } from '../../base/errors';
import { Limit } from '../../base/limit';
import { wait } from '../../base/wait';
import type { RateLimit } from './transport';

/** As browsers and proxies have it, and enough for a search that asks for each service. */
const usualAtOnce = 8;

export class Traffic {
  private readonly lanes = new Map<string, Lane>();

  /** @param nowMs milliseconds of a clock that only goes on */
  constructor(private readonly nowMs: () => number = () => performance.now()) {}

  /** The lane to a server. Who names another limit for the same server gets the lane that is there, with that limit. */
  to(origin: string, limit: RateLimit = {}): Lane {
    const known = this.lanes.get(origin);
    const atOnce = limit.atOnce ?? known?.atOnce ?? usualAtOnce;
    const perSecond = limit.perSecond ?? known?.perSecond;
    if (known && known.atOnce === atOnce && known.perSecond === perSecond) return known;
    const lane = new Lane(atOnce, perSecond, this.nowMs, known);
    this.lanes.set(origin, lane);
    return lane;
  }
}

export class Lane {
  private readonly places: Limit;
  private pausedUntil: number;
  /** When the next request would be due if all came evenly. */
  private dueAt: number;

  /** @param before what was asked for on it holds on */
  constructor(
    readonly atOnce: number,
    readonly perSecond: number | undefined,
    private readonly nowMs: () => number,
    before?: Lane,
  ) {
    this.places = new Limit(atOnce);
    this.pausedUntil = before?.pausedUntil ?? 0;
    this.dueAt = before?.dueAt ?? 0;
  }

  /** Milliseconds for which the server wants to be left alone. */
  get pauseMs(): number {
    return Math.max(0, this.pausedUntil - this.nowMs());
  }

  /** Lets nobody ask for so long. */
  pause(ms: number): void {
    this.pausedUntil = Math.max(this.pausedUntil, this.nowMs() + ms);
  }

  /**
   * Runs the work when its turn has come. Rejects with what that rejects with, and with `Cancelled` at once.
   * @param turn called when its turn comes, with the milliseconds that the server wants to be left alone; where it throws, nothing is run
   */
  run<T>(work: () => Promise<T>, turn: (pauseMs: number) => void, signal: AbortSignal): Promise<T> {
    const inTurn = async (): Promise<T> => {
      turn(this.pauseMs);
      for (let ms = this.pauseMs; ms > 0; ms = this.pauseMs) {
        await wait(ms, signal);
        turn(this.pauseMs);
      }
      const ms = this.takeTurn();
      if (ms > 0) await wait(ms, signal);
      throwIfAborted(signal);
      return work();
    };
    return abortable(this.places.run(inTurn, signal), signal);
  }

  /** Milliseconds until the limit of requests a second lets this one go: it counts already. Source: ITU-T I.371, the generic cell rate algorithm. */
  private takeTurn(): number {
    if (this.perSecond === undefined) return 0;
    const now = this.nowMs();
    const apart = 1000 / this.perSecond;
    const earliest = Math.max(now, this.dueAt);
    this.dueAt = earliest + apart;
    return Math.max(0, earliest - Math.max(0, 1000 - apart) - now);
  }
}
