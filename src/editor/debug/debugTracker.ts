/** Listens to the adapters of all debug sessions: when they hold a program and let it go on. The engine is told, and told again when it was started anew. */

import { type DebugAdapterTracker, type DebugSession, type Disposable, debug } from 'vscode';
import type { DebugHolds } from '../../app/debugging/debugHolds';
import type { EngineService } from '../../app/engine/engineService';
import { Disposables } from '../../base/disposables';
import { Throttle } from '../../base/throttle';
import { sessionIdOf } from '../../capture/resourceAttributes';
import { environmentOf } from '../capture/launchConfiguration';

/** What happens together, as a step does, is told at once. */
const tellMs = 50;

export interface DebugTrackerServices {
  readonly engine: Pick<EngineService, 'call' | 'started' | 'onDidStart' | 'onDidRestart'>;
  readonly record: (error: unknown) => void;
}

export function trackDebugSessions(holds: DebugHolds, { engine, record }: DebugTrackerServices): Disposable {
  const telling = new Throttle(
    () => {
      if (engine.started) engine.call('debugState', holds.state).catch(record);
    },
    { waitMs: tellMs },
  );
  const tell = (): void => telling.ask();
  return new Disposables(
    telling,
    holds,
    holds.onDidChange(tell),
    engine.onDidStart(tell),
    engine.onDidRestart(tell),
    debug.registerDebugAdapterTrackerFactory('*', { createDebugAdapterTracker: (session) => trackerOf(session, holds) }),
  );
}

function trackerOf(session: DebugSession, holds: DebugHolds): DebugAdapterTracker {
  const hold = holds.begin({ launch: launchOf(session) });
  // The sessions of one launch end one by one; nothing comes of this one any more.
  const end = (): void => hold.end();
  return {
    onWillReceiveMessage: (message: unknown) => hold.sent(message),
    onDidSendMessage: (message: unknown) => hold.received(message),
    onWillStopSession: end,
    onError: end,
    onExit: end,
  };
}

/** The id that the launch was given; child sessions (processes, workers) are of their parent's. */
export function launchOf(session: DebugSession): string | undefined {
  for (let at: DebugSession | undefined = session; at; at = at.parentSession) {
    const id = sessionIdOf(environmentOf(at.configuration));
    if (id !== undefined) return id;
  }
  return undefined;
}
