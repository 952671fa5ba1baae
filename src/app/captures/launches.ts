/**
 * What a program that is launched gets, so that its traces come to this window while capture is on. Only while the receiver listens: a program whose
 * endpoint does not answer hangs for eight to ten seconds at its end. A program must start, whatever is wrong with its traces.
 */

import { randomUUID } from 'node:crypto';
import { EnvironmentEditor, type LaunchChange, type LaunchEnvironment } from '../../capture/environmentEditor';
import { launchEnvironment } from '../../capture/launchEnvironment';
import { visibleText } from '../../core/text/visibleText';
import type { MissingStep } from '../instrument/instrumentation';
import type { Instruments } from '../instrument/instruments';
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
  /** The whole of it; variables are replaced. */
  readonly configuration: Readonly<Record<string, unknown>>;
}

/** What a launch gets. */
export interface PreparedLaunch {
  /** The whole environment of the program. */
  readonly environment: LaunchEnvironment;
  /** Members of the configuration that are replaced. */
  readonly configuration: Readonly<Record<string, unknown>>;
}

export interface LaunchesOptions {
  readonly capture: Pick<CaptureService, 'endpoint'>;
  readonly settings: { readonly capture: Pick<Settings['capture'], 'debugSessions'> };
  readonly sessions: Pick<DebugSessions, 'add'>;
  readonly answers: Pick<LaunchAnswers, 'ask'>;
  readonly problems: Pick<Problems, 'record' | 'tell' | 'guard'>;
  readonly instruments: Pick<Instruments, 'prepare'>;
  readonly ui: Pick<UserInterface, 'showMessage'>;
  readonly envFiles: Pick<EnvFiles, 'read'>;
  readonly log: Pick<Log, 'info'>;
}

export class Launches {
  /** Warnings that were shown already, by configuration and text: the same launch says it once. */
  private readonly warned = new Set<string>();
  private readonly offered = new Set<string>();

  constructor(private readonly own: LaunchesOptions) {}

  /** Undefined where the program starts as it is. Never rejects. */
  async prepare(launch: Launch, signal: AbortSignal): Promise<PreparedLaunch | undefined> {
    const { capture, settings, answers, problems } = this.own;
    const { debugSessions } = settings.capture;
    if (capture.endpoint === undefined || debugSessions === 'off') return undefined;
    try {
      if (debugSessions === 'ask' && !(await answers.ask(launch, signal))) return undefined;
      return await this.make(launch, signal);
    } catch (error) {
      problems.record(error);
      return undefined;
    }
  }

  private async make(launch: Launch, signal: AbortSignal): Promise<PreparedLaunch | undefined> {
    const { capture, sessions, instruments } = this.own;
    const { type, name, environment, envFiles } = launch;
    const files = await this.own.envFiles.read(envFiles);
    // Capturing may have been stopped over the question.
    const { endpoint } = capture;
    if (endpoint === undefined) return undefined;
    const sessionId = randomUUID();
    const windows = process.platform === 'win32';
    const seen = {
      inherited: { ...process.env, ...Object.fromEntries(files.debugger) },
      fallback: Object.fromEntries(files.program),
      windows,
    };
    const result = launchEnvironment({ debugType: type, name, environment, endpoint, sessionId, ...seen });
    if (result === undefined) return undefined;
    const editor = new EnvironmentEditor({ environment: result.environment, ...seen });
    const { folder } = envFiles;
    const { configuration } = launch;
    const get = (variable: string): string | undefined => editor.get(variable);
    const prepared = await instruments.prepare({ type, name, folder, configuration, get, endpoint, sessionId, windows }, signal);
    for (const change of prepared?.variables ?? []) editor.apply(change);
    sessions.add(sessionId, name, Date.now());
    for (const warning of [...result.warnings, ...files.warnings]) this.warn(name, warning);
    if (prepared?.missing) this.offer(launch, prepared.missing);
    this.tellChanges(name, type, sessionId, [...result.changes, ...editor.changes], files.read);
    return { environment: editor.environment, configuration: prepared?.configuration ?? {} };
  }

  /** Says what is missing, once for each configuration. */
  private offer({ folder, type, name }: Launch, { message, offers }: MissingStep): void {
    const key = `${folder}#${type}#${name}#${message}`;
    if (this.offered.has(key)) return;
    this.offered.add(key);
    void this.own.problems.tell(
      'info',
      `"${name}": ${message}`,
      offers.map((each) => ({ id: each.title, label: each.title, run: () => this.own.problems.guard(() => each.run()) })),
    );
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
