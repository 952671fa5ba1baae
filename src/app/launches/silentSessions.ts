/**
 * Debug sessions that were given the environment and have sent nothing: said when they end, or after ten seconds, with what would help, until they
 * do send or nothing is captured any more. A session is one launch; the debugger may have several of its own for it.
 */

import type { Disposable } from '../../base/disposables';
import { Lru } from '../../base/lru';
import { visibleText } from '../../core/text/visibleText';
import type { CaptureService } from '../captures/captureService';
import type { Log } from '../ports/log';
import type { SessionEnd } from './sessionEnds';

/** Milliseconds until a session that runs has sent something. */
const waitMs = 10_000;
/** What a session sent last may be on its way when it ends. */
const graceMs = 1_000;
/** That are told at one time. */
const maxTold = 3;
const maxHeard = 1_000;
const maxName = 80;

/** A session of a debugger, with the id that its program was given. */
export interface LaunchedSession {
  /** Ours. */
  readonly id: string;
  /** Of the debugger. */
  readonly debugId: string;
  readonly name: string;
  /** `type` of its configuration. */
  readonly type: string;
}

interface Watched {
  readonly name: string;
  readonly startedAtMs: number;
  readonly type: string;
  readonly running: Set<string>;
  end?: SessionEnd;
  timer: NodeJS.Timeout;
}

export interface SilentSessionsOptions {
  readonly capture: Pick<CaptureService, 'state' | 'onDidHear' | 'onDidChange' | 'tellSilent'>;
  readonly log: Pick<Log, 'warn'>;
  /** What would help a session's program to send: sentences. */
  readonly adviceFor: (session: Pick<LaunchedSession, 'id' | 'type'>) => string;
}

/** A program that ends by an error sooner than this has not begun its work: what is wrong with it is not its tracing. */
const soonMs = 5_000;

export class SilentSessions implements Disposable {
  private readonly watched = new Map<string, Watched>();
  private readonly heard = new Lru<string, true>({ maxSize: maxHeard });
  /** What is told, by the name of the launch, so that one that is launched again and again is told once. */
  private readonly told = new Map<string, string>();
  private readonly listening: readonly Disposable[];

  constructor(private readonly own: SilentSessionsOptions) {
    const { capture } = own;
    this.listening = [
      capture.onDidHear((id) => this.hear(id)),
      capture.onDidChange(({ running }) => {
        if (!running && this.told.size + this.watched.size > 0) this.forget();
      }),
    ];
  }

  started({ id, debugId, name, type }: LaunchedSession): void {
    if (this.heard.has(id) || !this.own.capture.state.running) return;
    const known = this.watched.get(id);
    if (known) {
      known.running.add(debugId);
      return;
    }
    const shown = name.length > maxName ? `${name.slice(0, maxName)}…` : name;
    const timer = setTimeout(() => this.tell(id, 'has sent no spans in 10 seconds'), waitMs);
    this.watched.set(id, { name: shown, startedAtMs: Date.now(), type, running: new Set([debugId]), timer });
  }

  ended({ id, debugId, end }: Pick<LaunchedSession, 'id' | 'debugId'> & { readonly end?: SessionEnd }): void {
    const session = this.watched.get(id);
    if (!session?.running.delete(debugId)) return;
    if (end?.isStopped || end?.exitCode !== undefined) session.end = end;
    if (session.running.size > 0) return;
    clearTimeout(session.timer);
    const ranMs = Date.now() - session.startedAtMs;
    session.timer = setTimeout(() => {
      this.tell(id, endText(session.end, ranMs), isCutShort(session.end, ranMs));
      this.watched.delete(id);
    }, graceMs);
  }

  dispose(): void {
    for (const each of this.listening) each.dispose();
    for (const { timer } of this.watched.values()) clearTimeout(timer);
    this.watched.clear();
  }

  private hear(id: string): void {
    this.heard.set(id, true);
    const session = this.watched.get(id);
    if (!session) return;
    clearTimeout(session.timer);
    this.watched.delete(id);
    if (this.told.delete(session.name)) this.show();
  }

  private tell(id: string, what: string, isCut = false): void {
    const session = this.watched.get(id);
    if (!session || !this.own.capture.state.running) return;
    const { name, type } = session;
    const message = `"${name}" ${what}. ${isCut ? 'The debug console or its terminal says why.' : this.own.adviceFor({ id, type })}`;
    this.own.log.warn(visibleText(message));
    this.told.delete(session.name);
    this.told.set(session.name, message);
    for (const old of [...this.told.keys()].slice(0, -maxTold)) this.told.delete(old);
    this.show();
  }

  private show(): void {
    this.own.capture.tellSilent([...this.told.values()].reverse());
  }

  private forget(): void {
    for (const { timer } of this.watched.values()) clearTimeout(timer);
    this.watched.clear();
    this.told.clear();
    this.show();
  }
}

/** `ended with exit code 1 after 0.4 s and has sent no spans` */
function endText(end: SessionEnd | undefined, ranMs: number): string {
  const ran = `${Number((ranMs / 1000).toPrecision(2))} s`;
  if (end?.isStopped) return `was stopped after ${ran} and has sent no spans`;
  if (end?.exitCode) return `ended with exit code ${end.exitCode} after ${ran} and has sent no spans`;
  return 'ended and has sent no spans';
}

function isCutShort(end: SessionEnd | undefined, ranMs: number): boolean {
  return end?.isStopped !== true && Boolean(end?.exitCode) && ranMs < soonMs;
}
