/**
 * The captures that run: one for all that comes without a session, while something is captured, and one for each session that sends (a debug session, a
 * task, a terminal), from its first spans until it is over. Each has a log, and the next one where it became too long, was cleared, or was taken away by
 * another. A capture whose session is over is closed; what comes late opens it again. Whoever sends need not know; what was acknowledged stands in one
 * of them.
 */

import { randomUUID } from 'node:crypto';
import { SpanhopError, toErrorData } from '../../base/errors';
import type { CaptureAbout } from '../../capture/directory/captureAbout';
import type { CaptureIndex } from '../../capture/directory/captureIndex';
import type { CaptureDirectory, OpenCapture } from '../../capture/directory/directory';
import type { KeptCapture } from '../../capture/directory/keptCapture';
import type { LogFailure } from '../../capture/log/diskFailure';
import type { Emit } from '../store/notifier';
import { BegunSpans } from './captureCounts';
import type { CurrentCapture } from './intakeOwner';
import { Sessions } from './sessions';

/** Logs that are open at one time; the one that was silent longest is closed for another. */
const MOST_OPEN = 32;

export interface RunningOwner {
  readonly directory: CaptureDirectory | undefined;
  /** Whether programs can send. */
  readonly receiving: boolean;
  /** Bytes of all logs on disk. */
  readonly limitBytes: number;
  readonly emit: Emit;
  /** Number in the store of a new capture. */
  add(id: string): number;
  /** Number in the store of one of which spans may be on disk alone. */
  number(id: string): number;
  /** Deletes the oldest captures over the limit. */
  prune(): Promise<void>;
  /** There are other captures than before. */
  changed(): void;
  /** Runs one change of the captures at a time. */
  inTurn<T>(work: () => Promise<T>): Promise<T>;
}

interface Running extends CurrentCapture {
  readonly open: OpenCapture;
}

export class RunningCaptures {
  /** By session. */
  private readonly running = new Map<string, Running>();
  /** Captures of sessions that are begun just now. */
  private readonly beginning = new Map<string, Promise<CurrentCapture | undefined>>();
  readonly sessions: Sessions;
  private rotating = false;
  private run = '';

  constructor(
    private readonly owner: RunningOwner,
    private readonly now: () => number = Date.now,
  ) {
    this.sessions = new Sessions(now);
  }

  /** The capture of what comes without a session; there is one as long as something is captured. */
  get current(): CurrentCapture | undefined {
    return this.running.get('');
  }

  /** A capture that runs, by its id. */
  get(id: string): CurrentCapture | undefined {
    return this.find(id);
  }

  /** Id of a session's capture, also where it is closed. */
  idOf(session: string): string | undefined {
    return this.running.get(session)?.id ?? this.sessions.captureOf(session);
  }

  /** Whether a capture with this number in the store runs. */
  hasNumber(number: number): boolean {
    for (const running of this.running.values()) if (running.number === number) return true;
    return false;
  }

  /** Of both logs of a capture that runs. */
  bytesOf(id: string): number {
    return this.find(id)?.open.bytes ?? 0;
  }

  /** What the index of a capture that runs says by now. */
  indexOf(id: string): CaptureIndex | undefined {
    const running = this.find(id);
    return running && indexOf(running);
  }

  /** Begins the capture of what comes without a session. In turn. Rejects when none can be kept, and then leaves nothing behind. */
  async begin(kept: readonly KeptCapture[]): Promise<void> {
    this.run = randomUUID();
    this.sessions.begin(kept);
    this.running.set('', await this.make(''));
  }

  /** Ends all; what was appended stays. In turn. */
  async end(): Promise<void> {
    const all = [...this.running.values()];
    this.running.clear();
    for (const running of all) await this.close(running);
  }

  /** The capture of a session, as `IntakeOwner` has it. */
  take(given: string): CurrentCapture | Promise<CurrentCapture | undefined> | undefined {
    const session = this.sessions.admit(given);
    const running = this.running.get(session);
    if (running) return running;
    if (!this.running.has('')) return undefined;
    let beginning = this.beginning.get(session);
    if (!beginning) {
      beginning = this.owner.inTurn(() => this.beginSession(session)).finally(() => this.beginning.delete(session));
      this.beginning.set(session, beginning);
    }
    return beginning;
  }

  /**
   * Begins others and deletes these. In turn.
   * @param id undefined: all that run
   * @param switched runs in the moment from which on all that is acknowledged is in the new ones
   */
  async clear(id: string | undefined, switched: () => void): Promise<void> {
    const cleared = [...this.running.values()].filter((running) => id === undefined || running.id === id);
    // The capture of a session begins anew with the next that it sends.
    const next = cleared.some(({ session }) => session === '') ? await this.make('') : undefined;
    for (const running of cleared) {
      running.cleared = true;
      this.running.delete(running.session);
    }
    if (next) this.running.set('', next);
    if (id === undefined) this.sessions.forgetCaptures();
    switched();
    for (const running of cleared) await running.open.discard().catch((error: unknown) => this.warn(error));
  }

  /** Begins a new log in place of one that takes nothing any more. Resolves with whether there is one to write to, or will be. */
  async follow(ended: CurrentCapture, why: LogFailure): Promise<boolean> {
    const { session } = ended;
    if (this.running.has('') && this.running.get(session) !== ended) return true;
    return this.owner.inTurn(async () => {
      const { owner } = this;
      const running = this.running.get(session);
      if (running !== ended || why.ended !== 'lost') return this.running.has('') && running !== ended;
      // While it stops, programs are told to come again.
      if (!owner.receiving) return false;
      this.running.set(session, await this.make(session));
      await this.close(running);
      const message = `${why.message} Traces captured before are in memory only, as far as the log was deleted; capturing goes on in a new log.`;
      owner.emit('notice', { key: `capture.lost:${running.id}`, level: 'warning', message });
      owner.emit('log', { level: 'warn', message });
      owner.changed();
      return true;
    });
  }

  /** Begins a new log when the present ones take half of what all may take, so that there is an older one to delete. */
  async rotate(): Promise<void> {
    if (this.rotating || !this.areTooLong()) return;
    this.rotating = true;
    try {
      // The new one may be too long as well by the time that it is there, and nobody asks again until the next request.
      while (await this.owner.inTurn(() => this.beginAnother()));
    } catch (error) {
      this.warn(error);
    } finally {
      this.rotating = false;
    }
  }

  async writeIndices(): Promise<void> {
    for (const running of this.running.values())
      if (running.log.bytes > 0) await this.owner.directory?.writeIndex(running.id, indexOf(running));
  }

  /** Closes the captures of sessions that are over. In turn. */
  async closeOver(): Promise<void> {
    const over = [...this.running.values()].filter(
      ({ session, lastAt }) => session !== '' && this.sessions.isOver(session, lastAt),
    );
    for (const running of over) await this.closeSession(running);
    if (over.length > 0) this.owner.changed();
  }

  private find(id: string): Running | undefined {
    for (const running of this.running.values()) if (running.id === id) return running;
    return undefined;
  }

  private async beginSession(session: string): Promise<CurrentCapture | undefined> {
    const known = this.running.get(session);
    const without = this.running.get('');
    if (known || !without || !this.owner.receiving) return known;
    try {
      if (this.running.size >= MOST_OPEN) await this.closeSilent();
      const running = (await this.reopen(session)) ?? (await this.make(session));
      this.running.set(session, running);
      this.owner.changed();
      return running;
    } catch (error) {
      // Too many files are open, say. Nothing is lost: it goes where all goes that has no session.
      this.warn(error);
      return without;
    }
  }

  private async closeSilent(): Promise<void> {
    let silent: Running | undefined;
    for (const running of this.running.values())
      if (running.session !== '' && (!silent || running.lastAt < silent.lastAt)) silent = running;
    if (silent) await this.closeSession(silent);
  }

  private async closeSession(running: Running): Promise<void> {
    this.running.delete(running.session);
    this.sessions.closed(running.session, running.id);
    await this.close(running);
  }

  private areTooLong(): boolean {
    let bytes = 0;
    for (const { open } of this.running.values()) bytes += open.bytes;
    return bytes > this.owner.limitBytes / 2;
  }

  private async beginAnother(): Promise<boolean> {
    const { owner } = this;
    if (!this.areTooLong() || !owner.receiving) return false;
    const longest = [...this.running.values()].reduce((most, one) => (one.open.bytes > most.open.bytes ? one : most));
    this.running.set(longest.session, await this.make(longest.session));
    await this.close(longest);
    await owner.prune();
    owner.changed();
    return true;
  }

  private async make(session: string): Promise<Running> {
    const { owner, run } = this;
    if (!owner.directory)
      throw new SpanhopError('NotFound', 'No place for captures is known yet; open a folder or a window first.');
    // What keeps the old ones from being listed keeps a new one from being made, and that says more.
    await owner.prune().catch((error: unknown) => this.warn(error));
    const about: CaptureAbout = { ...this.sessions.about(session), run };
    const open = await owner.directory.create(this.now(), about);
    return this.runningOf(open, session, owner.add(open.id), undefined);
  }

  /** The capture that a session had; undefined where it cannot be gone on with. */
  private async reopen(session: string): Promise<Running | undefined> {
    const { owner } = this;
    const id = this.sessions.captureOf(session);
    const kept = id === undefined ? undefined : await owner.directory?.find(id);
    if (!kept || kept.about.session !== session) return undefined;
    const open = await owner.directory?.reopen(kept.id);
    return open && this.runningOf(open, session, owner.number(open.id), kept);
  }

  private runningOf(open: OpenCapture, session: string, number: number, kept: KeptCapture | undefined): Running {
    const { id, startedAt, log, logs } = open;
    const { spans = 0, again = 0, traces = 0, errors = 0, services = [] } = kept?.index ?? {};
    const keptTo = log.bytes;
    const recordsKeptTo = kept?.logs?.bytes ?? 0;
    const counts = {
      spans,
      again,
      begun: new BegunSpans(),
      traces,
      errors,
      lastAt: this.now(),
      keptTo,
      recordsKeptTo,
      cleared: false,
    };
    return { id, session, startedAt, log, logs, open, number, services: new Set(services), ...counts };
  }

  /** What could not be closed was appended all the same. */
  private async close(running: Running): Promise<void> {
    await running.open.close(() => indexOf(running)).catch((error: unknown) => this.warn(error));
  }

  private warn(error: unknown): void {
    this.owner.emit('log', { level: 'warn', message: toErrorData(error).message });
  }
}

function indexOf({ spans, again, traces, errors, services, log, lastAt }: Running): CaptureIndex {
  return { spans, again, traces, errors, services: [...services], bytes: log.bytes, endedAt: lastAt };
}
