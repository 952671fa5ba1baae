/** The debug sessions whose programs have sent spans since the engine started: the window is told of each once. */

import { Lru } from '../../base/lru';
import type { Emit } from '../store/notifier';

/** Beyond so many, the oldest is told again when it sends. */
const MOST = 1_000;
/** Ids are ours: what else stands there is of no session, and no text of others leaves. */
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

export class HeardSessions {
  private readonly known = new Lru<string, true>({ maxSize: MOST });

  constructor(private readonly emit: Emit) {}

  heard(session: string): void {
    if (this.known.has(session) || !UUID.test(session)) return;
    this.known.set(session, true);
    this.emit('sessionHeard', { session });
  }
}
