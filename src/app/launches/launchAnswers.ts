/**
 * Whether a launched program's traces are captured, where the person wants to be asked. A launch waits for the answer no longer than a time-out, and
 * never when it is cancelled; without an answer the program starts as it is. Launches of a compound ask one after the other.
 */

import { OneAtATime } from '../../base/limit';
import type { Memento } from '../ports/memento';

const answersKey = 'capture.debugAnswers';
const waitForAnswerMs = 30_000;

/** The launch that is asked about. */
export interface LaunchName {
  /** Address of its folder; empty without one. */
  readonly folder: string;
  /** Of the debugger. */
  readonly type: string;
  readonly name: string;
}

/** What is remembered of a launch goes by this. */
export function keyOfLaunch({ folder, type, name }: LaunchName): string {
  return `${folder}#${type}#${name}`;
}

export interface LaunchAnswer {
  readonly capture: boolean;
  /** For this configuration, from now on. */
  readonly remember: boolean;
}

/** How a person is asked. */
export interface LaunchPrompt {
  /**
   * Resolves with what they say; undefined when they do not, and when the signal aborts.
   * @param waitMs how long there is to answer, milliseconds
   */
  ask(name: string, waitMs: number, signal: AbortSignal): Promise<LaunchAnswer | undefined>;
  /** Says that the program starts without capture because nobody answered. */
  unanswered(name: string): void;
}

export class LaunchAnswers {
  /** One question at a time: a second one would take the first one's place. */
  private readonly turns = new OneAtATime();

  constructor(
    private readonly prompt: LaunchPrompt,
    private readonly memento: Memento,
    private readonly waitMs = waitForAnswerMs,
  ) {}

  /** What was answered for the configuration, else what a person says now. False without an answer. */
  ask(launch: LaunchName, signal: AbortSignal): Promise<boolean> {
    return this.turns.run(() => this.answer(launch, signal));
  }

  /** What was answered for good; undefined: it would be asked. */
  of(launch: LaunchName): boolean | undefined {
    const kept = this.kept.get(keyOfLaunch(launch));
    return typeof kept === 'boolean' ? kept : undefined;
  }

  /** Asks again for every configuration. */
  async forget(): Promise<void> {
    if (this.memento.get(answersKey) !== undefined) await this.memento.update(answersKey, undefined);
  }

  /** What was answered for good, by configuration. */
  private get kept(): ReadonlyMap<string, unknown> {
    return new Map(Object.entries(this.memento.get(answersKey) ?? {}));
  }

  private async answer(launch: LaunchName, cancelled: AbortSignal): Promise<boolean> {
    const { name } = launch;
    if (cancelled.aborted) return false;
    const key = keyOfLaunch(launch);
    const kept = this.of(launch);
    if (kept !== undefined) return kept;
    const timeUp = new AbortController();
    const timer = setTimeout(() => timeUp.abort(), this.waitMs);
    try {
      const answer = await this.prompt.ask(name, this.waitMs, AbortSignal.any([cancelled, timeUp.signal]));
      if (!answer) {
        if (timeUp.signal.aborted && !cancelled.aborted) this.prompt.unanswered(name);
        return false;
      }
      if (answer.remember) await this.memento.update(answersKey, { ...Object.fromEntries(this.kept), [key]: answer.capture });
      return answer.capture;
    } finally {
      clearTimeout(timer);
    }
  }
}
