/**
 * What a program that is launched gets, so that its traces come to this window while capture is on. Only while the receiver listens: a program whose
 * endpoint does not answer hangs for eight to ten seconds at its end. A program must start, whatever is wrong with its traces.
 */

import { randomUUID } from 'node:crypto';
import { type LaunchEnvironment, launchEnvironment } from '../../capture/launchEnvironment';
import type { Problems } from '../messages/problems';
import type { UserInterface } from '../ports/userInterface';
import type { Settings } from '../settings/settings';
import type { CaptureService } from './captureService';
import type { DebugSessions } from './debugSessions';
import type { LaunchAnswers, LaunchName } from './launchAnswers';

export interface Launch extends LaunchName {
  /** As the program would get it, files of variables folded in; null removes a variable. */
  readonly environment: Readonly<LaunchEnvironment>;
}

export interface LaunchesOptions {
  readonly capture: Pick<CaptureService, 'endpoint'>;
  readonly settings: { readonly capture: Pick<Settings['capture'], 'debugSessions'> };
  readonly sessions: Pick<DebugSessions, 'add'>;
  readonly answers: Pick<LaunchAnswers, 'ask'>;
  readonly problems: Pick<Problems, 'record'>;
  readonly ui: Pick<UserInterface, 'showMessage'>;
}

export class Launches {
  /** Warnings that were shown already, by configuration and text: the same launch says it once. */
  private readonly warned = new Set<string>();

  constructor(private readonly own: LaunchesOptions) {}

  /** The whole environment of the program; undefined where it starts as it is. Never rejects. */
  async environmentOf(launch: Launch, signal: AbortSignal): Promise<LaunchEnvironment | undefined> {
    const { capture, settings, answers, problems } = this.own;
    const { debugSessions } = settings.capture;
    if (capture.endpoint === undefined || debugSessions === 'off') return undefined;
    try {
      if (debugSessions === 'ask' && !(await answers.ask(launch, signal))) return undefined;
      return this.make(launch);
    } catch (error) {
      problems.record(error);
      return undefined;
    }
  }

  private make({ type, name, environment }: Launch): LaunchEnvironment | undefined {
    const { capture, sessions } = this.own;
    // Capturing may have been stopped over the question.
    const { endpoint } = capture;
    if (endpoint === undefined) return undefined;
    const sessionId = randomUUID();
    const result = launchEnvironment({
      debugType: type,
      name,
      environment,
      endpoint,
      sessionId,
      inherited: process.env,
      windows: process.platform === 'win32',
    });
    if (result === undefined) return undefined;
    sessions.add(sessionId, name, Date.now());
    for (const warning of result.warnings) this.warn(name, warning);
    return result.environment;
  }

  private warn(name: string, warning: string): void {
    const key = `${name}#${warning}`;
    if (this.warned.has(key)) return;
    this.warned.add(key);
    void this.own.ui.showMessage('warning', `Traces of "${name}": ${warning}`);
  }
}
