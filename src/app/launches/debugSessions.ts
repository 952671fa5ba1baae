/**
 * Debug sessions that traces were captured under. The id is ours: it is given to the program as a resource attribute before VS Code has
 * an id for the session. Names are remembered, so that kept captures stay grouped after the session and the window are gone.
 */

import type { Disposable } from '../../base/disposables';
import { Emitter } from '../../base/emitter';
import type { Memento } from '../ports/memento';

const key = 'capture.sessions';
const most = 200;

/** What a session is of. */
export interface SessionOrigin {
  /** What is launched, as its configuration says it. */
  readonly program?: string;
  /** Path of the workspace folder. */
  readonly folder?: string;
}

export interface AddedSession extends SessionOrigin {
  readonly id: string;
  readonly name: string;
}

export class DebugSessions implements Disposable {
  private readonly names: Map<string, string>;
  private readonly changed = new Emitter<void>();
  readonly onDidChange = this.changed.event;
  private readonly added = new Emitter<AddedSession>();
  /** A session is about to begin. */
  readonly onDidAdd = this.added.event;

  constructor(private readonly memento: Memento) {
    const kept = memento.get(key);
    const pairs = Array.isArray(kept)
      ? kept.filter((pair): pair is [string, string] => Array.isArray(pair) && pair.length === 2)
      : [];
    this.names = new Map(pairs);
  }

  /** Remembers a session that is about to be launched. */
  add(id: string, name: string, startedAtMs: number, origin: SessionOrigin = {}): void {
    const time = new Date(startedAtMs).toLocaleTimeString(undefined, { hour: '2-digit', minute: '2-digit', second: '2-digit' });
    this.names.set(id, `${name} · ${time}`);
    for (const old of [...this.names.keys()].slice(0, Math.max(0, this.names.size - most))) this.names.delete(old);
    void this.memento.update(key, [...this.names]);
    this.changed.fire();
    this.added.fire({ id, name, ...origin });
  }

  /** `Launch shop · 14:02:11`; the id itself for one of another window. */
  nameOf(id: string): string {
    return this.names.get(id) ?? `Debug session ${id.slice(0, 8)}`;
  }

  dispose(): void {
    this.changed.dispose();
    this.added.dispose();
  }
}
