/**
 * The sessions that captures are of: what is known of each, whether it is over, and which capture it had. A session is what its program was given as an
 * attribute of its resource (`capture/launchEnvironment.ts`), and so may be anything that somebody sends: only ids of our form have captures of their
 * own, and of those that nobody announced not more than some.
 */

import type { CaptureAbout } from '../../capture/directory/captureAbout';
import type { KeptCapture } from '../../capture/directory/keptCapture';
import type { SessionAbout } from '../../protocol/capture';

/** Ours are a UUID, with a word before it where it is no debug session. */
const ID = /^(?:[a-z]{1,16}-)?[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
/** After a session's end, what is still under way arrives: exporters give up after ten seconds. */
const GRACE_MS = 12_000;
/** A session whose end nobody tells is over when it was silent for so long. */
const SILENT_MS = 120_000;
/** Sessions that were not announced here: programs of another window, or of one that was reloaded. */
const MOST_STRANGERS = 100;
const MOST_KNOWN = 1_000;

export class Sessions {
  private readonly announced = new Map<string, SessionAbout>();
  private readonly ended = new Map<string, number>();
  private readonly strangers = new Set<string>();
  /** Ids of captures that were closed, by session. */
  private readonly captures = new Map<string, string>();

  constructor(private readonly now: () => number) {}

  /** Capturing begins. @param kept captures that are there: their sessions may send on */
  begin(kept: readonly KeptCapture[]): void {
    this.strangers.clear();
    for (const { id, about } of [...kept].reverse()) if (about.session !== undefined) this.closed(about.session, id);
  }

  /** A program is about to be launched, or more is known of it. */
  announce(session: string, about: SessionAbout): void {
    if (!ID.test(session)) return;
    this.ended.delete(session);
    remember(this.announced, session, { ...this.announced.get(session), ...about });
  }

  end(session: string): void {
    remember(this.ended, session, this.now());
  }

  /** The session that a capture is kept for: the same, or none. */
  admit(session: string): string {
    if (session === '' || this.announced.has(session) || this.strangers.has(session)) return session;
    if (!ID.test(session) || this.strangers.size >= MOST_STRANGERS) return '';
    this.strangers.add(session);
    return session;
  }

  about(session: string): CaptureAbout {
    return session === '' ? {} : { ...this.announced.get(session), session };
  }

  /** @param lastAt when something of it came last */
  isOver(session: string, lastAt: number): boolean {
    const endedAt = this.ended.get(session);
    if (endedAt !== undefined) return this.now() - Math.max(endedAt, lastAt) > GRACE_MS;
    return !this.announced.has(session) && this.now() - lastAt > SILENT_MS;
  }

  closed(session: string, capture: string): void {
    remember(this.captures, session, capture);
  }

  captureOf(session: string): string | undefined {
    return this.captures.get(session);
  }

  /** All captures are gone. */
  forgetCaptures(): void {
    this.captures.clear();
  }
}

/** The oldest go. */
function remember<T>(map: Map<string, T>, key: string, value: T): void {
  map.delete(key);
  map.set(key, value);
  for (const oldest of map.keys()) {
    if (map.size <= MOST_KNOWN) break;
    map.delete(oldest);
  }
}
