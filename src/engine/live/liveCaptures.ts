/** What is known of the programs that captured spans come from: that they run, and when debuggers held them. */

import type { CaptureDirectory } from '../../capture/directory/directory';
import { StoppedTime } from '../../core/analysis/stoppedTime';
import type { SpanBatch } from '../../core/model/batch';
import type { DebugState } from '../../protocol/debug';
import { LOCAL_DATASET, type TraceKey } from '../../protocol/traces';
import type { Datasets } from '../store/dataset';
import type { Emit } from '../store/notifier';
import { DebugRecords } from './debugRecords';
import { isOfProgram, Programs } from './programs';

export interface LiveOwner {
  directory(): CaptureDirectory | undefined;
  capturing(): boolean;
  /** Capture of a debug session; undefined while nothing of it came. */
  captureOf(session: string): string | undefined;
  /** Traces changed, though nothing came. */
  changed(): void;
}

export class LiveCaptures {
  readonly programs: Programs;
  readonly records: DebugRecords;

  /** @param followed traces of which somebody is told whenever they change */
  constructor(
    private readonly datasets: Datasets,
    emit: Emit,
    private readonly followed: () => readonly TraceKey[],
    private readonly owner: LiveOwner,
  ) {
    this.programs = new Programs(
      () => owner.capturing(),
      () => this.runsChanged(),
    );
    datasets.runs = (batch, resource) => this.programs.stateOf(this.programs.of(batch, resource)).state === 'runs';
    this.records = new DebugRecords({
      directory: () => owner.directory(),
      stops: this.programs.stops,
      captureOf: (session) => owner.captureOf(session),
      warn: (message) => emit('log', { level: 'warn', message }),
    });
  }

  /** Nanoseconds for which rows of a batch waited for a debugger that held their program; undefined where none did. */
  heldIn(batch: SpanBatch): ((row: number) => number) | undefined {
    const { programs } = this;
    if (programs.stops.isEmpty) return undefined;
    const times = batch.resources.map((_, index) => heldTime(programs, batch, index));
    if (times.every((time) => time === undefined)) return undefined;
    return (row) => {
      const startNs = batch.start[row * 2 + 1] * 4294967296 + batch.start[row * 2];
      return times[batch.resource[row]]?.waited(startNs, startNs + (batch.durationNs[row] || 0)) ?? 0;
    };
  }

  /** What the host knows of debug sessions now. */
  debugState(state: DebugState): void {
    this.records.update(state.stops);
    this.programs.debugState(state);
  }

  /** Whether spans still run, or that a debugger held their programs, is told with the picture of a trace. */
  private runsChanged(): void {
    const { local } = this.datasets;
    if (!local) return;
    const { store, overviews } = local;
    for (const slot of [...overviews.running()]) store.touch(slot);
    for (const { dataset, traceId } of this.followed()) if (dataset === LOCAL_DATASET) store.touch(traceId);
    this.owner.changed();
  }
}

/** Epoch nanoseconds by the program's clock, exact to some hundred. */
function heldTime(programs: Programs, batch: SpanBatch, resource: number): StoppedTime | undefined {
  const program = programs.of(batch, resource);
  if (!program) return undefined;
  const stops = programs.stops.between(0, Number.POSITIVE_INFINITY, (stop) => isOfProgram(stop, program));
  if (stops.length === 0) return undefined;
  return new StoppedTime(
    stops.map(({ startMs, endMs = Number.MAX_SAFE_INTEGER }) => ({
      startNs: (startMs + program.aheadMs) * 1e6,
      endNs: (endMs + program.aheadMs) * 1e6,
    })),
  );
}
