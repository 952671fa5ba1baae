/**
 * What a program that is launched gets, so that its traces come to this window while capture is on. Only while the receiver listens: a program whose
 * endpoint does not answer hangs for eight to ten seconds at its end. A program must start, whatever is wrong with its traces.
 */

import { randomUUID } from 'node:crypto';
import { type LaunchChange, type LaunchEnvironment, launchEnvironment } from '../../capture/launchEnvironment';
import { visibleText } from '../../core/text/visibleText';
import type { Problems } from '../messages/problems';
import type { Log } from '../ports/log';
import type { UserInterface } from '../ports/userInterface';
import type { Settings } from '../settings/settings';
import type { CaptureService } from './captureService';
import type { DebugSessions } from './debugSessions';
import type { EnvFiles, LaunchEnvFiles } from './envFiles';
import type { LaunchAnswers, LaunchName } from './launchAnswers';

export interface Launch extends LaunchName {
  /** As the configuration has it; null removes a variable. */
  readonly environment: Readonly<LaunchEnvironment>;
  /** Files of variables that the debugger and the program read. */
  readonly envFiles: LaunchEnvFiles;
}

export interface LaunchesOptions {
  readonly capture: Pick<CaptureService, 'endpoint'>;
  readonly settings: { readonly capture: Pick<Settings['capture'], 'debugSessions'> };
  readonly sessions: Pick<DebugSessions, 'add'>;
  readonly answers: Pick<LaunchAnswers, 'ask'>;
  readonly problems: Pick<Problems, 'record'>;
  readonly ui: Pick<UserInterface, 'showMessage'>;
  readonly envFiles: Pick<EnvFiles, 'read'>;
  readonly log: Pick<Log, 'info'>;
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
      return await this.make(launch);
    } catch (error) {
      problems.record(error);
      return undefined;
    }
  }

  private async make({ type, name, environment, envFiles }: Launch): Promise<LaunchEnvironment | undefined> {
    const { capture, sessions } = this.own;
    const files = await this.own.envFiles.read(envFiles);
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
      inherited: { ...process.env, ...Object.fromEntries(files.debugger) },
      fallback: Object.fromEntries(files.program),
      windows: process.platform === 'win32',
    });
    if (result === undefined) return undefined;
    sessions.add(sessionId, name, Date.now());
    for (const warning of [...result.warnings, ...files.warnings]) this.warn(name, warning);
    this.tellChanges(name, type, sessionId, result.changes, files.read);
    return result.environment;
  }

  /** Names only: a value may be a secret. */
  private tellChanges(
    name: string,
    type: string,
    sessionId: string,
    changes: readonly LaunchChange[],
    read: readonly string[],
  ): void {
    const names = (isSet: boolean): string =>
      changes
        .filter(({ value }) => (value !== undefined) === isSet)
        .map((change) => change.name)
        .join(', ');
    const removed = names(false);
    const parts = [
      `"${name}" (${type}) is launched with capture, as session ${sessionId}.`,
      `Set: ${names(true) || 'nothing'}.`,
      ...(removed === '' ? [] : [`Taken away: ${removed}.`]),
      ...(read.length === 0 ? [] : [`Files of variables that were read: ${read.join(', ')}.`]),
    ];
    this.own.log.info(visibleText(parts.join(' ')));
  }

  private warn(name: string, warning: string): void {
    const key = `${name}#${warning}`;
    if (this.warned.has(key)) return;
    this.warned.add(key);
    void this.own.ui.showMessage('warning', `Traces of "${name}": ${warning}`);
  }
}
