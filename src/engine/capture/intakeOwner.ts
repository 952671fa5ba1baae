/** What intakes of spans and of log records share. */

import type { LogFailure } from '../../capture/log/diskFailure';
import type { CaptureLog } from '../../capture/log/log';
import type { Programs } from '../live/programs';
import type { StoredRedactor } from '../redact/storedRedactor';
import type { Dataset } from '../store/dataset';
import type { BegunSpans } from './captureCounts';
import type { DiskTrouble } from './diskTrouble';
import type { ForwardSink } from './forwarding';

/** A capture that requests go to, and what it holds. */
export interface CurrentCapture {
  readonly id: string;
  /** The session that it is of; empty: of what comes without one. */
  readonly session: string;
  /** Its number in the store. */
  readonly number: number;
  readonly startedAt: number;
  readonly log: CaptureLog;
  /** Where requests of logs go; made with the first one. */
  logs(): Promise<CaptureLog>;
  readonly services: Set<string>;
  /** As they stand in the log. */
  spans: number;
  /** Of those, spans that were in progress first, and came again when they ended. */
  again: number;
  readonly begun: BegunSpans;
  traces: number;
  /** Spans whose status is an error. */
  errors: number;
  /** When its last request came, epoch milliseconds. */
  lastAt: number;
  /** How far the logs are in memory as well, or were: bytes. */
  keptTo: number;
  recordsKeptTo: number;
  /** Nothing more may be kept in it. */
  cleared: boolean;
}

export interface IntakeOwner {
  readonly capturing: boolean;
  /**
   * The capture of what a session sends (empty: of what comes without one), begun where there is none yet; undefined: nothing is captured. Rejects when
   * none can be made.
   */
  take(session: string): CurrentCapture | Promise<CurrentCapture | undefined> | undefined;
  /** What hides secrets before anything is stored; undefined: all is stored as it comes. */
  readonly redactor: StoredRedactor | undefined;
  readonly dataset: Dataset;
  /** Where the store notes which traces were touched. */
  readonly touched: Set<number> | undefined;
  /** Told of what was kept and what was not. */
  readonly disk: Pick<DiskTrouble, 'failed' | 'succeeded'>;
  /** The log of this capture takes nothing any more. Resolves when another one does; false when there will be none. Rejects when none can be made. */
  follow(ended: CurrentCapture, why: LogFailure): Promise<boolean>;
  /** Tells a person something that is no failure, once while the capture runs: in the window, or in the log. */
  tellOnce(where: 'notice' | 'info', message: string): void;
  /** Tells that some records of a request are not kept (`part`), or not as they were sent (`flaw`). A sentence. */
  tellLoss(kind: 'part' | 'flaw', message: string): void;
  /** Told of what is kept, to hand it on. */
  readonly forward?: ForwardSink;
  /** Spans of this debug session came. */
  heard(session: string): void;
  /** Which programs spans come from, and that these run. */
  readonly programs: Pick<Programs, 'heard' | 'streamOver'>;
  /** Memory has more in it than before. */
  grew(): void;
  /** After spans came (or were refused). */
  received(spans: number): void;
}
