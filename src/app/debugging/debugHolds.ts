/**
 * When debuggers hold the programs of this window, as their adapters tell it (Debug Adapter Protocol). A program is held while any of its threads is:
 * what waits for it is told apart by who was under way all the time (`core/analysis/stoppedTime.ts`). It is held from the event that says so, and goes
 * on with the moment at which that was asked for, so that what is told is never more than what was.
 * Source: Debug Adapter Protocol specification, events `stopped`, `continued`, `thread`, `process`; requests `continue`, `next`, `stepIn`, …
 */

import { Emitter } from '../../base/emitter';
import type { DebuggedLaunch, DebugState, DebugStop } from '../../protocol/debug';

/** What is kept of this window's sessions; the oldest go first. */
const mostStops = 2_000;
const mostLaunches = 200;
const mostPlace = 120;

/** Requests after which a program goes on. `goto` and `restartFrame` move within what is held. */
const goingOn: ReadonlySet<string> = new Set(['continue', 'next', 'stepIn', 'stepOut', 'stepBack', 'reverseContinue']);

/** A message of the protocol: only what is read of it. */
interface Message {
  readonly seq?: unknown;
  readonly type?: unknown;
  readonly event?: unknown;
  readonly command?: unknown;
  readonly request_seq?: unknown;
  readonly success?: unknown;
  readonly body?: unknown;
  readonly arguments?: unknown;
}

/** Of one session of a debugger. */
export interface AdapterSession {
  /** The id that the launch was given; undefined where it was given none. */
  readonly launch: string | undefined;
}

interface MutableStop {
  session?: string;
  pid?: number;
  startMs: number;
  endMs?: number;
  reason: string;
  place?: string;
}

export class DebugHolds {
  private readonly changedEmitter = new Emitter<void>();
  /** A program was held, or goes on; a launch began or ended. */
  readonly onDidChange = this.changedEmitter.event;
  private stops: MutableStop[] = [];
  private readonly launches = new Map<string, { sessions: number; endMs: number | undefined }>();

  constructor(private readonly nowMs: () => number = Date.now) {}

  /** All that is known, as the engine wants it. */
  get state(): DebugState {
    const launches: DebuggedLaunch[] = [...this.launches].map(([session, { endMs }]) => ({
      session,
      ...(endMs === undefined ? {} : { endMs }),
    }));
    return { launches, stops: this.stops.map((stop): DebugStop => ({ ...stop })) };
  }

  /** Those that are held just now. */
  get held(): readonly DebugStop[] {
    return this.stops.filter(({ endMs }) => endMs === undefined);
  }

  /** A session of a debugger began. Several may be of one launch. */
  begin(session: AdapterSession): AdapterHold {
    const { launch } = session;
    if (launch !== undefined) {
      const known = this.launches.get(launch);
      this.launches.delete(launch);
      this.launches.set(launch, { sessions: (known?.sessions ?? 0) + 1, endMs: undefined });
      for (const oldest of this.launches.keys()) {
        if (this.launches.size <= mostLaunches) break;
        this.launches.delete(oldest);
      }
      this.changedEmitter.fire();
    }
    return new AdapterHold(
      launch,
      this.nowMs,
      (stop) => this.add(stop),
      () => this.changedEmitter.fire(),
      () => this.ended(launch),
    );
  }

  dispose(): void {
    this.changedEmitter.dispose();
  }

  private add(stop: MutableStop): void {
    this.stops.push(stop);
    if (this.stops.length > mostStops) this.stops = this.stops.slice(-mostStops);
    this.changedEmitter.fire();
  }

  private ended(launch: string | undefined): void {
    const known = launch === undefined ? undefined : this.launches.get(launch);
    if (known && --known.sessions === 0) known.endMs = this.nowMs();
    this.changedEmitter.fire();
  }
}

/** What one session of a debugger tells. */
export class AdapterHold {
  private pid: number | undefined;
  private allStopped = false;
  private readonly threads = new Set<number>();
  /** Of all that were held, those that go on. */
  private readonly released = new Set<number>();
  /** As far as the adapter was asked for them. */
  private threadCount = 1;
  /** The time that goes on. */
  private open: MutableStop | undefined;
  /** Counts what happened, to tell what came first. */
  private order = 0;
  /** When each thread was said to be held, by that count; `-1`: any. */
  private readonly stoppedAt = new Map<number, number>();
  /** Requests to go on that were not answered yet, by their number. */
  private readonly asked = new Map<
    number,
    { readonly atMs: number; readonly order: number; readonly threadId: number | undefined; readonly single: boolean }
  >();
  /** Requests for the stack of a thread, by their number. */
  private readonly stacks = new Set<number>();
  private over = false;

  constructor(
    private readonly launch: string | undefined,
    private readonly nowMs: () => number,
    private readonly began: (stop: MutableStop) => void,
    private readonly changed: () => void,
    private readonly ended: () => void,
  ) {}

  /** A message to the adapter. */
  sent(message: unknown): void {
    if (this.over || !isMessage(message) || message.type !== 'request') return;
    const { seq, command } = message;
    if (typeof seq !== 'number' || typeof command !== 'string') return;
    const { threadId, singleThread } = recordOf(message.arguments);
    if (goingOn.has(command)) {
      const thread = typeof threadId === 'number' ? threadId : undefined;
      this.asked.set(seq, { atMs: this.nowMs(), order: ++this.order, threadId: thread, single: singleThread === true });
    } else if (command === 'stackTrace' && this.open && this.open.place === undefined) this.stacks.add(seq);
  }

  /** A message of the adapter. */
  received(message: unknown): void {
    if (this.over || !isMessage(message)) return;
    if (message.type === 'event') this.event(message.event, recordOf(message.body));
    else if (message.type === 'response') this.response(message);
  }

  /** The session is over, in whatever state it was. */
  end(): void {
    if (this.over) return;
    this.goOn(this.nowMs());
    this.over = true;
    this.ended();
  }

  private event(name: unknown, body: Readonly<Record<string, unknown>>): void {
    const threadId = typeof body.threadId === 'number' ? body.threadId : undefined;
    switch (name) {
      case 'process':
        if (typeof body.systemProcessId === 'number') this.pid = body.systemProcessId;
        if (this.open) this.open.pid ??= this.pid;
        return;
      case 'stopped':
        this.stop(threadId, body.allThreadsStopped === true, body.reason);
        return;
      case 'continued':
        this.release(body.allThreadsContinued === true ? undefined : threadId, this.askedMs, Number.POSITIVE_INFINITY);
        return;
      case 'thread':
        if (body.reason === 'exited' && threadId !== undefined) {
          this.threads.delete(threadId);
          if (!this.allStopped && this.threads.size === 0) this.goOn(this.nowMs());
        }
        return;
      case 'exited':
      case 'terminated':
        this.goOn(this.nowMs());
        return;
    }
  }

  /** When it was asked to go on, where that is not answered yet: adapters tell that it does before they answer. */
  private get askedMs(): number {
    const lastStop = Math.max(0, ...this.stoppedAt.values());
    let atMs = this.nowMs();
    for (const asked of this.asked.values()) if (asked.order > lastStop) atMs = Math.min(atMs, asked.atMs);
    return atMs;
  }

  private response({ request_seq: number, command, success, body }: Message): void {
    if (typeof number !== 'number') return;
    const asked = this.asked.get(number);
    this.asked.delete(number);
    if (this.stacks.delete(number)) this.place(body);
    const { threads } = recordOf(body);
    if (command === 'threads' && Array.isArray(threads)) this.threadCount = Math.max(1, threads.length);
    if (!asked || success === false) return;
    const { allThreadsContinued } = recordOf(body);
    // Without a word all go on.
    const one = asked.single || (command === 'continue' && allThreadsContinued === false);
    this.release(one ? asked.threadId : undefined, asked.atMs, asked.order);
  }

  private stop(threadId: number | undefined, all: boolean, reason: unknown): void {
    this.stoppedAt.set(threadId ?? -1, ++this.order);
    if (all || threadId === undefined) this.allStopped = true;
    if (threadId !== undefined) {
      this.threads.add(threadId);
      this.released.delete(threadId);
    }
    if (this.open) return;
    const stop: MutableStop = { startMs: this.nowMs(), reason: reasonOf(reason) };
    if (this.launch !== undefined) stop.session = this.launch;
    if (this.pid !== undefined) stop.pid = this.pid;
    this.open = stop;
    this.began(stop);
  }

  /**
   * A thread goes on, or all.
   * @param order of the request: what was held after it, as a quick step is, stays so
   */
  private release(threadId: number | undefined, atMs: number, order: number): void {
    const isLater = (thread: number): boolean => (this.stoppedAt.get(thread) ?? 0) > order;
    if (threadId === undefined) {
      if ([...this.stoppedAt.values()].some((at) => at > order)) return;
      this.goOn(atMs);
      return;
    }
    if (isLater(threadId)) return;
    this.threads.delete(threadId);
    this.released.add(threadId);
    // Where all were held, the others still are; of a program with one thread there are none.
    const stillHeld = this.allStopped ? this.released.size < this.threadCount : this.threads.size > 0;
    if (!stillHeld) this.goOn(atMs);
  }

  private goOn(atMs: number): void {
    this.threads.clear();
    this.released.clear();
    this.stoppedAt.clear();
    this.asked.clear();
    this.stacks.clear();
    this.allStopped = false;
    const { open } = this;
    this.open = undefined;
    if (!open) return;
    open.endMs = Math.max(open.startMs, atMs);
    this.changed();
  }

  /** The first frame of a stack that was asked for while it is held. */
  private place(body: unknown): void {
    const { stackFrames } = recordOf(body);
    const first = recordOf(Array.isArray(stackFrames) ? stackFrames[0] : undefined);
    const { path, name } = recordOf(first.source);
    const file = typeof name === 'string' && name !== '' ? name : typeof path === 'string' ? path : undefined;
    if (!this.open || this.open.place !== undefined || file === undefined || typeof first.line !== 'number') return;
    this.open.place = `${baseName(file).slice(0, mostPlace)}:${first.line}`;
    this.changed();
  }
}

function isMessage(value: unknown): value is Message {
  return typeof value === 'object' && value !== null;
}

function recordOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}

function baseName(path: string): string {
  return path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);
}

/** The words of the specification; others are an adapter's own, and not shown. */
function reasonOf(reason: unknown): string {
  switch (reason) {
    case 'breakpoint':
    case 'function breakpoint':
    case 'data breakpoint':
    case 'instruction breakpoint':
    case 'debugger_statement':
      return 'breakpoint';
    case 'step':
    case 'exception':
    case 'entry':
      return reason;
    default:
      return 'pause';
  }
}
