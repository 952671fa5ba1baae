/**
 * The programs that spans come from, as far as that says whether a span that has not ended still runs: a program that ended, or is not heard of any
 * more, ends no span. A program is known by the debug session that it was launched in and by its process; its clock may differ from ours.
 */

import { Lru } from '../../base/lru';
import type { SpanBatch } from '../../core/model/batch';
import { readValue } from '../../core/model/values';
import type { DebugState, DebugStop } from '../../protocol/debug';
import { DebugStops } from './debugStops';

const SESSION_KEY = 'vscode.debug.session.id';
const PID_KEY = 'process.pid';
const INSTANCE_KEY = 'service.instance.id';
const MAX_PROGRAMS = 10_000;
/** Spans are sent some seconds after they ended, so a clock that is behind by less is not told from that. */
const BEHIND_MS = 15_000;
/** A span cannot come before it happened; clocks of one machine differ by less. */
const AHEAD_MS = 50;

export interface Program {
  readonly session: string | undefined;
  readonly pid: number | undefined;
  /** Epoch milliseconds of the last spans that were received; 0: all that is known was read from a log. */
  heardMs: number;
  /** Milliseconds that its clock is ahead of ours, as far as that can be told; negative: behind. */
  aheadMs: number;
  endedMs: number | undefined;
  /** Those that are open. */
  readonly streams: Set<object>;
  /** Least time that its newest spans took to come. */
  leastLagMs: number;
}

/** Whether spans of a program can still end. Since when not: epoch milliseconds of our clock, where that is known. */
export type ProgramState =
  | { readonly state: 'runs' }
  | { readonly state: 'ended'; readonly untilMs: number | undefined }
  /** Nothing is captured any more. */
  | { readonly state: 'unheard'; readonly untilMs: number };

const RUNS: ProgramState = { state: 'runs' };

/** What a program is known by to a debugger. */
export interface ProgramKey {
  readonly session?: string;
  readonly pid?: number;
}

export class Programs {
  readonly stops = new DebugStops();
  private readonly byKey = new Lru<string, Program>({ maxSize: MAX_PROGRAMS });
  private readonly byStream = new WeakMap<object, Set<Program>>();
  private readonly byBatch = new WeakMap<SpanBatch, (Program | undefined)[]>();
  /** Launches of this window: when they ended, or that they run. */
  private launches = new Map<string, number | undefined>();

  constructor(
    private readonly capturing: () => boolean,
    /** Spans of these programs run no more, or were held by a debugger. */
    private readonly changed: () => void,
    private readonly nowMs: () => number = Date.now,
  ) {}

  /** Spans were received just now. @param stream that they came by */
  heard(batch: SpanBatch, stream?: object): void {
    const nowMs = this.nowMs();
    for (let index = 0; index < batch.resources.length; index++) {
      const program = this.of(batch, index);
      if (!program) continue;
      program.heardMs = nowMs;
      program.endedMs = undefined;
      if (stream) this.cameBy(stream, program);
    }
    const last = batch.count - 1;
    const program = last >= 0 ? this.of(batch, batch.resource[last]) : undefined;
    if (program) noteClock(program, nowMs - newestMs(batch, last));
  }

  /** The program of a resource. */
  of(batch: SpanBatch, resource: number): Program | undefined {
    let programs = this.byBatch.get(batch);
    if (!programs) {
      programs = [];
      this.byBatch.set(batch, programs);
    }
    programs[resource] ??= this.find(batch, resource);
    return programs[resource];
  }

  stateOf(program: Program | undefined): ProgramState {
    if (!program) return { state: 'ended', untilMs: undefined };
    const { session, heardMs, endedMs } = program;
    if (endedMs !== undefined) return { state: 'ended', untilMs: endedMs };
    const launchEnd = session === undefined ? undefined : this.launches.get(session);
    if (launchEnd !== undefined) return { state: 'ended', untilMs: launchEnd };
    const isLaunched = session !== undefined && this.launches.has(session);
    // What was read from a log, and of which nobody knows a program.
    if (heardMs === 0 && !isLaunched) return { state: 'ended', untilMs: undefined };
    return this.capturing() ? RUNS : { state: 'unheard', untilMs: heardMs || this.nowMs() };
  }

  /** A stream is over: with the last one of a program it ended. Threads of one have their own. */
  streamOver(stream: object): void {
    const programs = this.byStream.get(stream);
    if (!programs || !this.capturing()) return;
    for (const program of programs) {
      program.streams.delete(stream);
      if (program.streams.size === 0) program.endedMs = this.nowMs();
    }
    this.changed();
  }

  /** What the host knows of debug sessions now. */
  debugState({ launches, stops }: DebugState): void {
    this.launches = new Map(launches.map(({ session, endMs }) => [session, endMs]));
    this.stops.update(stops);
    this.changed();
  }

  private cameBy(stream: object, program: Program): void {
    program.streams.add(stream);
    const known = this.byStream.get(stream);
    if (known) known.add(program);
    else this.byStream.set(stream, new Set([program]));
  }

  private find(batch: SpanBatch, index: number): Program | undefined {
    const session = valueAt(batch, index, SESSION_KEY);
    const pid = valueAt(batch, index, PID_KEY);
    const instance = valueAt(batch, index, INSTANCE_KEY);
    const resource = batch.resources[index];
    if (!resource) return undefined;
    // Without an id of any kind all processes of a service are one.
    const service = batch.strings.get(resource.service);
    const key = JSON.stringify([session, pid, instance, service]);
    const known = this.byKey.get(key);
    if (known) return known;
    const program: Program = {
      session: typeof session === 'string' && session !== '' ? session : undefined,
      pid: pidOf(pid),
      heardMs: 0,
      aheadMs: 0,
      endedMs: undefined,
      streams: new Set(),
      leastLagMs: Number.POSITIVE_INFINITY,
    };
    this.byKey.set(key, program);
    return program;
  }
}

/** Whether a debugger held this program: by its launch, and where both are known by its process. */
export function isOfProgram({ session, pid }: DebugStop, program: Program): boolean {
  if (session !== undefined && program.session !== session) return false;
  if (pid !== undefined && program.pid !== undefined && program.pid !== pid) return false;
  return session !== undefined || (pid !== undefined && program.pid === pid);
}

function pidOf(value: unknown): number | undefined {
  const pid = typeof value === 'bigint' || typeof value === 'string' ? Number(value) : value;
  return typeof pid === 'number' && Number.isSafeInteger(pid) && pid > 0 ? pid : undefined;
}

function valueAt(batch: SpanBatch, index: number, name: string): string | number | bigint | undefined {
  const resource = batch.resources[index];
  const key = batch.strings.find(name);
  if (!resource || key < 0) return undefined;
  for (let row = resource.attributeStart; row < resource.attributeEnd; row++) {
    if (batch.attributes.key[row] !== key) continue;
    const value = readValue(batch, row);
    return typeof value === 'string' || typeof value === 'number' || typeof value === 'bigint' ? value : undefined;
  }
  return undefined;
}

/** The latest time that a row tells of, epoch milliseconds. */
function newestMs({ start, durationNs }: SpanBatch, row: number): number {
  const startNs = start[row * 2 + 1] * 4294967296 + start[row * 2];
  return (startNs + Math.max(0, durationNs[row] || 0)) / 1e6;
}

function noteClock(program: Program, lagMs: number): void {
  if (!Number.isFinite(lagMs) || lagMs >= program.leastLagMs) return;
  program.leastLagMs = lagMs;
  program.aheadMs = lagMs < -AHEAD_MS || lagMs > BEHIND_MS ? -lagMs : 0;
}
