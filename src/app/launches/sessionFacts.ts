/**
 * Tells the engine what captures of sessions are called: the name of the launch and its program at once, the commit when Git has said it. Nothing waits for
 * that: a program starts as promptly as without it. An engine that took over is told again of the sessions that go on.
 */

import { type Disposable, Disposables } from '../../base/disposables';
import type { SessionAbout } from '../../protocol/capture';
import type { EngineService } from '../engine/engineService';
import type { Problems } from '../messages/problems';
import type { AddedSession, DebugSessions } from './debugSessions';

/** HEAD of a folder's repository. */
export interface Head {
  readonly commit: string;
  /** Files that Git knows of were changed since. */
  readonly changes: boolean;
}

export interface SessionFactsOptions {
  readonly engine: Pick<EngineService, 'call' | 'onDidRestart'>;
  readonly sessions: Pick<DebugSessions, 'onDidAdd'>;
  readonly problems: Pick<Problems, 'record'>;
  /** Undefined where the folder is in no repository, or Git is not to be asked. */
  readonly head: (folder: string) => Promise<Head | undefined>;
}

/** Sessions whose end nobody told, of a program that was let go. */
const most = 200;

export class SessionFacts implements Disposable {
  private readonly disposables = new Disposables();
  private readonly running = new Map<string, SessionAbout>();
  private readonly debuggers = new Map<string, Set<string>>();

  constructor(private readonly own: SessionFactsOptions) {
    this.disposables.add(
      own.sessions.onDidAdd((session) => void this.begin(session)),
      own.engine.onDidRestart(() => {
        for (const [id, about] of this.running) this.tell(id, about);
      }),
    );
  }

  /** Resolves when all is told that can be. */
  async begin({ id, name, program, folder }: AddedSession): Promise<void> {
    const about = { name, ...(program === undefined ? {} : { program }) };
    this.tell(id, about);
    const head = folder === undefined ? undefined : await this.own.head(folder).catch(() => undefined);
    if (head && !this.disposables.isDisposed) this.tell(id, { ...about, ...head });
  }

  /** A debugger began to debug the program of a session: there may be several of its own for one launch. */
  debugged(id: string, debugId: string): void {
    const debuggers = this.debuggers.get(id) ?? new Set();
    this.debuggers.set(id, debuggers.add(debugId));
  }

  /** It ended. With the last of them the session is over. */
  undebugged(id: string, debugId: string): void {
    const debuggers = this.debuggers.get(id);
    debuggers?.delete(debugId);
    if (debuggers && debuggers.size > 0) return;
    this.debuggers.delete(id);
    this.end(id);
  }

  private end(id: string): void {
    if (!this.running.delete(id)) return;
    this.own.engine.call('endSession', { session: id }).catch((error: unknown) => this.own.problems.record(error));
  }

  dispose(): void {
    this.disposables.dispose();
  }

  private tell(id: string, about: SessionAbout): void {
    this.running.set(id, about);
    for (const oldest of this.running.keys()) {
      if (this.running.size <= most) break;
      this.running.delete(oldest);
    }
    this.own.engine.call('beginSession', { session: id, about }).catch((error: unknown) => this.own.problems.record(error));
  }
}
