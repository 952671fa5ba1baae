/** Capturing: its commands, its status bar item, and the environment of debug sessions. */

import { commands, type DebugAdapterTracker, type DebugSession, type Disposable, debug, env } from 'vscode';
import type { App } from '../../app/app';
import type { CaptureService } from '../../app/captures/captureService';
import { adviceFor } from '../../app/launches/advice';
import { SessionEndWatch } from '../../app/launches/sessionEnds';
import type { SessionFacts } from '../../app/launches/sessionFacts';
import { type LaunchedSession, SilentSessions } from '../../app/launches/silentSessions';
import { Disposables } from '../../base/disposables';
import { sessionIdOf } from '../../capture/resourceAttributes';
import { plain } from '../../core/text/plainText';
import { registerCommand } from '../adapters/registerCommand';
import { showMessage } from '../plain/messages';
import { showInStatusBar } from '../plain/statusBar';
import { registerStatusBar } from './captureStatus';
import { registerFarPrograms } from './farPrograms';
import { environmentOf } from './launchConfiguration';
import type { Launching } from './launching';
import { createShared, type SharedServices } from './shared';
import { showVariables, stopGiving } from './showVariables';

export function registerCapture(
  services: Pick<App, 'capture' | 'settings' | 'problems' | 'log' | 'memento'> &
    SharedServices & { readonly facts: Pick<SessionFacts, 'debugged' | 'undebugged'> },
  launching: Launching,
): Disposable {
  const { capture, settings, problems, log, facts } = services;
  const { answers, provider, records } = launching;
  const ends = new WeakMap<DebugSession, SessionEndWatch>();
  const register = (command: string, run: () => unknown): Disposable => registerCommand(problems, command, run);
  const silent = new SilentSessions({
    capture,
    log,
    adviceFor: (session) => adviceFor(session, records.of(session.id), settings),
  });
  const shared = createShared(services, launching);
  provider.onOwnTerminal = () => shared.sessions.holdTerminals();
  // The way to take back "always" and "never": another value of the setting, and "ask" asks anew.
  const forget = (): void => {
    if (settings.capture.debugSessions !== 'ask') void problems.guard(() => answers.forget());
  };
  forget();
  return new Disposables(
    keepContext(capture),
    registerStatusBar(capture, problems),
    settings.onDidChangeOf(['capture.debugSessions'], forget),
    silent,
    shared,
    registerFarPrograms(services),
    debug.onDidStartDebugSession((session) =>
      ofLaunched(session, (launched) => {
        facts.debugged(launched.id, launched.debugId);
        silent.started(launched);
      }),
    ),
    debug.onDidTerminateDebugSession((session) =>
      ofLaunched(session, (launched) => {
        facts.undebugged(launched.id, launched.debugId);
        silent.ended({ ...launched, end: ends.get(session)?.end });
      }),
    ),
    debug.registerDebugAdapterTrackerFactory('*', { createDebugAdapterTracker: (session) => watchEnd(session, ends) }),
    debug.registerDebugConfigurationProvider('*', provider),
    register('spanhop.startCapture', () => capture.start()),
    register('spanhop.stopCapture', () => capture.stop()),
    register('spanhop.showLaunchVariables', () => showVariables({ ...services, ...launching, shared: shared.sessions })),
    register('spanhop.stopTerminalVariables', () => stopGiving({ settings, shared: shared.sessions }, 'terminals')),
    register('spanhop.copyCaptureEndpoint', () => copy(capture.endpoint, (endpoint) => endpoint)),
    register('spanhop.copyCaptureToken', () => copyForOthers(capture)),
    register('spanhop.renewCaptureToken', async () => {
      await capture.renewToken();
      showInStatusBar(plain`$(check) Programs of other machines need the new token`, 5000);
    }),
    register('spanhop.copyCaptureVariables', () =>
      copy(capture.endpoint, (endpoint) => `OTEL_EXPORTER_OTLP_ENDPOINT=${endpoint} OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf`),
    ),
  );
}

/** Listens to how the program of a session ends. */
function watchEnd(session: DebugSession, ends: WeakMap<DebugSession, SessionEndWatch>): DebugAdapterTracker {
  const watch = new SessionEndWatch();
  ends.set(session, watch);
  return {
    onWillReceiveMessage: (message: unknown) => watch.sent(message),
    onDidSendMessage: (message: unknown) => watch.received(message),
  };
}

/** Where the session's program was given the environment. */
function ofLaunched({ id: debugId, name, type, configuration }: DebugSession, then: (session: LaunchedSession) => void): void {
  const id = sessionIdOf(environmentOf(configuration));
  if (id !== undefined) then({ id, debugId, name, type });
}

/** Tells buttons and menus whether a capture runs. */
function keepContext(capture: CaptureService): Disposable {
  let wasRunning = false;
  return capture.onDidChange(({ running }) => {
    if (running === wasRunning) return;
    wasRunning = running;
    void commands.executeCommand('setContext', 'spanhop.capturing', running);
  });
}

/** What is copied has a secret in it, and is shown nowhere. */
async function copyForOthers(capture: CaptureService): Promise<void> {
  const text = await capture.variablesForOthers();
  if (text === undefined) {
    const message = capture.state.running
      ? 'Only programs of this machine may send to this capture. The setting spanhop.capture.host names another address; it takes effect when a capture starts.'
      : 'No capture is running. Start one first.';
    void showMessage('info', message);
    return;
  }
  await env.clipboard.writeText(text);
  showInStatusBar(plain`$(check) Copied the endpoint and the token for another machine`, 3000);
}

async function copy(endpoint: string | undefined, textOf: (endpoint: string) => string): Promise<void> {
  if (endpoint === undefined) {
    void showMessage('info', 'No capture is running. Start one first; its endpoint can be copied then.');
    return;
  }
  const text = textOf(endpoint);
  await env.clipboard.writeText(text);
  showInStatusBar(plain`$(check) Copied ${text}`, 3000);
}
