/** Capturing: its commands, its status bar item, and the environment of debug sessions. */

import { commands, type DebugSession, type Disposable, debug, env, Uri } from 'vscode';
import type { App } from '../../app/app';
import type { CaptureService } from '../../app/captures/captureService';
import type { DebugSessions } from '../../app/captures/debugSessions';
import { EnvFiles } from '../../app/captures/envFiles';
import { LaunchAnswers } from '../../app/captures/launchAnswers';
import { Launches } from '../../app/captures/launches';
import { type LaunchedSession, SilentSessions } from '../../app/captures/silentSessions';
import { type InstrumentServices, instrumentations } from '../../app/instrument/instrumentations';
import { Instruments } from '../../app/instrument/instruments';
import { Disposables } from '../../base/disposables';
import { sessionIdOf } from '../../capture/launchEnvironment';
import { plain } from '../../core/text/plainText';
import { registerCommand } from '../adapters/registerCommand';
import { showMessage } from '../plain/messages';
import { showInStatusBar } from '../plain/statusBar';
import { registerStatusBar } from './captureStatus';
import { CaptureDebugProvider, environmentOf } from './debugProvider';
import { launchPrompt } from './launchPrompt';

export function registerCapture(
  services: Pick<App, 'capture' | 'settings' | 'problems' | 'memento' | 'ui' | 'log' | 'source'> &
    Pick<InstrumentServices, 'connect' | 'storage'> & { readonly extensionUri: Uri },
  sessions: DebugSessions,
): Disposable {
  const { capture, settings, problems, memento, ui, log, source, connect, storage } = services;
  const register = (command: string, run: () => unknown): Disposable => registerCommand(problems, command, run);
  const answers = new LaunchAnswers(launchPrompt, memento);
  const envFiles = new EnvFiles(source.files);
  const sources = Uri.joinPath(services.extensionUri, 'dist', 'instrument').fsPath;
  const all = instrumentations({ sources, settings, ui, memento, log, files: source.files, connect, storage });
  const instruments = new Instruments({ all, settings, log });
  const launches = new Launches({ capture, settings, sessions, answers, problems, ui, envFiles, log, instruments });
  const silent = new SilentSessions({ capture, log });
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
    debug.onDidStartDebugSession((session) => ofLaunched(session, (launched) => silent.started(launched))),
    debug.onDidTerminateDebugSession((session) => ofLaunched(session, (launched) => silent.ended(launched))),
    debug.registerDebugConfigurationProvider('*', new CaptureDebugProvider(launches)),
    register('spanhop.startCapture', () => capture.start()),
    register('spanhop.stopCapture', () => capture.stop()),
    register('spanhop.copyCaptureEndpoint', () => copy(capture.endpoint, (endpoint) => endpoint)),
    register('spanhop.copyCaptureVariables', () =>
      copy(capture.endpoint, (endpoint) => `OTEL_EXPORTER_OTLP_ENDPOINT=${endpoint} OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf`),
    ),
  );
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

async function copy(endpoint: string | undefined, textOf: (endpoint: string) => string): Promise<void> {
  if (endpoint === undefined) {
    void showMessage('info', 'No capture is running. Start one first; its endpoint can be copied then.');
    return;
  }
  const text = textOf(endpoint);
  await env.clipboard.writeText(text);
  showInStatusBar(plain`$(check) Copied ${text}`, 3000);
}
