/** What the launches of this window were given and why, the newest first, for who asks: "what did you set?". */

import type { LaunchChange } from '../../capture/environmentEditor';
import type { Obstacle } from '../../capture/obstacles';
import type { Prepared } from '../instrument/instrumentation';
import type { LaunchName } from './launchAnswers';

const most = 50;

export interface LaunchRecord {
  readonly launch: LaunchName;
  readonly sessionId: string;
  readonly startedAtMs: number;
  readonly changes: readonly LaunchChange[];
  /** What of its own variables keeps traces from coming. */
  readonly obstacles: readonly Obstacle[];
  readonly isCaptured: boolean;
  /** Of its language's instrumentation. */
  readonly prepared: Prepared | undefined;
}

export class LaunchRecords {
  private readonly records: LaunchRecord[] = [];

  add(record: LaunchRecord): void {
    this.records.unshift(record);
    this.records.length = Math.min(this.records.length, most);
  }

  get all(): readonly LaunchRecord[] {
    return this.records;
  }

  /** What a session of this window was given, a line each; names only, for a value may be a secret. */
  linesOf(sessionId: string): readonly string[] {
    const record = this.of(sessionId);
    if (!record) return [];
    const names = record.changes.map(({ name }) => name).join(', ');
    return [
      ...(names === '' ? [] : [`Variables that it was given: ${names} (Show Launch Variables says why)`]),
      ...record.obstacles.map(({ text }) => `It ${text}.`),
    ];
  }

  of(sessionId: string): LaunchRecord | undefined {
    return this.records.find((each) => each.sessionId === sessionId);
  }
}
