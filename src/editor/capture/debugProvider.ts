/**
 * Gives launched programs of every debug type the environment that sends their traces to this window, while capture is on.
 *
 * The provider is one for `*` in the second step (variables replaced), which VS Code runs last: it sees the environment as the program
 * will get it, `envFile` included, and wins. Attached programs are left alone, and so are js-debug's child sessions (`__pendingTargetId`),
 * which inherit their parent's environment. Only while the receiver listens: a program whose endpoint does not answer hangs for eight
 * to ten seconds at its end.
 */

import { randomUUID } from 'node:crypto';
import type { CancellationToken, DebugConfiguration, DebugConfigurationProvider, WorkspaceFolder } from 'vscode';
import type { CaptureService } from '../../app/captures/captureService';
import type { DebugSessions } from '../../app/captures/debugSessions';
import type { Problems } from '../../app/messages/problems';
import type { Settings } from '../../app/settings/settings';
import { type LaunchEnvironment, launchEnvironment } from '../../capture/launchEnvironment';
import { showMessage } from '../plain/messages';
import type { LaunchQuestions } from './launchQuestions';

export interface DebugProviderOptions {
  readonly capture: CaptureService;
  readonly settings: Settings;
  readonly sessions: DebugSessions;
  readonly questions: LaunchQuestions;
  readonly problems: Problems;
}

export class CaptureDebugProvider implements DebugConfigurationProvider {
  /** Warnings that were shown already, by configuration and text: the same launch says it once. */
  private readonly warned = new Set<string>();

  constructor(private readonly options: DebugProviderOptions) {}

  async resolveDebugConfigurationWithSubstitutedVariables(
    folder: WorkspaceFolder | undefined,
    configuration: DebugConfiguration,
    token?: CancellationToken,
  ): Promise<DebugConfiguration> {
    const { capture, settings, sessions, questions } = this.options;
    if (capture.endpoint === undefined || settings.capture.debugSessions === 'off' || !isLaunch(configuration))
      return configuration;
    try {
      if (settings.capture.debugSessions === 'ask') {
        const { type, name } = configuration;
        if (!(await questions.ask({ folder: folder?.uri.toString() ?? '', type, name }, token))) return configuration;
      }
      // Capturing may have been stopped over the question.
      const { endpoint } = capture;
      if (endpoint === undefined) return configuration;
      const sessionId = randomUUID();
      const result = launchEnvironment({
        debugType: configuration.type,
        name: configuration.name,
        environment: environmentOf(configuration),
        endpoint,
        sessionId,
        inherited: process.env,
        windows: process.platform === 'win32',
      });
      if (result === undefined) return configuration;
      sessions.add(sessionId, configuration.name, Date.now());
      for (const warning of result.warnings) this.warn(configuration.name, warning);
      return withEnvironment(configuration, result.environment);
    } catch (error) {
      // A debug session must start, whatever is wrong with its traces.
      this.options.problems.record(error);
      return configuration;
    }
  }

  private warn(name: string, warning: string): void {
    const key = `${name}#${warning}`;
    if (this.warned.has(key)) return;
    this.warned.add(key);
    void showMessage('warning', `Traces of "${name}": ${warning}`);
  }
}

function isLaunch(configuration: DebugConfiguration): boolean {
  return configuration.request === 'launch' && !('__pendingTargetId' in configuration);
}

/** Debuggers of C and C++ take a list of names and values where all others take an object. */
const listTypes: readonly string[] = ['cppdbg', 'cppvsdbg'];

/** What a configuration sets: values may be numbers or, to remove a variable, null. */
function environmentOf({ type, env, environment }: DebugConfiguration): Record<string, string | null> {
  const result: Record<string, string | null> = {};
  if (listTypes.includes(type)) {
    for (const entry of Array.isArray(environment) ? environment : []) {
      if (typeof entry?.name === 'string') result[entry.name] = String(entry.value ?? '');
    }
    return result;
  }
  if (typeof env !== 'object' || env === null) return result;
  for (const [name, value] of Object.entries(env)) result[name] = value === null ? null : String(value);
  return result;
}

function withEnvironment(configuration: DebugConfiguration, environment: LaunchEnvironment): DebugConfiguration {
  if (!listTypes.includes(configuration.type)) return { ...configuration, env: environment };
  const list = Object.entries(environment).map(([name, value]) => ({ name, value: value ?? '' }));
  return { ...configuration, environment: list };
}
