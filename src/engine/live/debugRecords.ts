/** Keeps with each capture when debuggers held its programs, so that it can be told after the window was loaded anew. */

import { toErrorData } from '../../base/errors';
import { Throttle } from '../../base/throttle';
import type { CaptureDirectory } from '../../capture/directory/directory';
import type { DebugStop } from '../../protocol/debug';
import type { DebugStops } from './debugStops';

const WRITE_MS = 500;
const MAX_KEPT = 2_000;
const MAX_TEXT = 200;

export interface DebugRecordsOwner {
  directory(): CaptureDirectory | undefined;
  readonly stops: DebugStops;
  /** Capture of a debug session; undefined while nothing of it came. */
  captureOf(session: string): string | undefined;
  warn(message: string): void;
}

export class DebugRecords {
  /** What was written of each capture, to write no more than changed. */
  private readonly written = new Map<string, string>();
  private readonly writing = new Throttle(() => this.write(), { waitMs: WRITE_MS });
  private sessions = new Map<string, DebugStop[]>();

  constructor(private readonly owner: DebugRecordsOwner) {}

  /** What the host knows of this window's sessions now. */
  update(stops: readonly DebugStop[]): void {
    this.sessions = new Map();
    for (const stop of stops) {
      if (stop.session === undefined) continue;
      const known = this.sessions.get(stop.session);
      if (known) known.push(stop);
      else this.sessions.set(stop.session, [stop]);
    }
    if (this.sessions.size > 0) this.writing.ask();
  }

  /** A capture was read: what was kept with it is known again. */
  async read(id: string): Promise<void> {
    const kept = await this.owner
      .directory()
      ?.readBeside(id, 'debug')
      .catch(() => undefined);
    this.owner.stops.keep(parseStops(kept));
  }

  /** Writes what is not written yet: a capture may have begun after its program was held. Never rejects. */
  async write(): Promise<void> {
    const directory = this.owner.directory();
    if (!directory) return;
    for (const [session, stops] of this.sessions) {
      const id = this.owner.captureOf(session);
      if (id === undefined) continue;
      const ended = stops.filter(({ endMs }) => endMs !== undefined).slice(-MAX_KEPT);
      const text = JSON.stringify(ended);
      if (ended.length === 0 || this.written.get(id) === text) continue;
      this.written.set(id, text);
      await directory.writeBeside(id, 'debug', { stops: ended }).catch((error: unknown) => {
        this.written.delete(id);
        this.owner.warn(`When a debugger held the programs of a capture is not kept: ${toErrorData(error).message}`);
      });
    }
  }
}

/** Another version may have written it, or anybody. */
export function parseStops(value: unknown): DebugStop[] {
  if (typeof value !== 'object' || value === null || !('stops' in value) || !Array.isArray(value.stops)) return [];
  return value.stops.slice(-MAX_KEPT).flatMap((one: unknown): DebugStop[] => {
    if (typeof one !== 'object' || one === null) return [];
    const { session, pid, startMs, endMs, reason, place }: Record<string, unknown> = { ...one };
    if (typeof startMs !== 'number' || typeof endMs !== 'number' || !(endMs >= startMs) || typeof session !== 'string') return [];
    return [
      {
        session: session.slice(0, MAX_TEXT),
        ...(typeof pid === 'number' ? { pid } : {}),
        startMs,
        endMs,
        reason: typeof reason === 'string' ? reason.slice(0, MAX_TEXT) : 'pause',
        ...(typeof place === 'string' ? { place: place.slice(0, MAX_TEXT) } : {}),
      },
    ];
  });
}
