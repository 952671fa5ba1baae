/** Capturing: its commands, its status bar item, and the environment of debug sessions. */

import { commands, type Disposable, debug, env } from 'vscode';
import { Disposables } from '../../base/disposables';
import { plain } from '../../core/text/plainText';
import { showMessage } from '../plain/messages';
import { showInStatusBar } from '../plain/statusBar';
import type { Services } from '../services/services';
import { CaptureDebugProvider } from './debugProvider';
import { LaunchQuestions } from './launchQuestions';
import type { DebugSessions } from './sessions';
import { registerStatusBar } from './statusBar';

export function registerCapture(services: Services, sessions: DebugSessions): Disposable {
  const { capture, settings, problems, context } = services;
  const register = (command: string, run: () => unknown): Disposable =>
    commands.registerCommand(command, () => problems.guard(run));
  const questions = new LaunchQuestions(context.workspaceState);
  const provider = new CaptureDebugProvider({ capture, settings, sessions, questions, problems });
  // The way to take back "always" and "never": another value of the setting, and "ask" asks anew.
  const forget = (): void => {
    if (settings.capture.debugSessions !== 'ask') void problems.guard(() => questions.forget());
  };
  forget();
  return new Disposables(
    capture.onDidChange(({ running }) => void commands.executeCommand('setContext', 'spanhop.capturing', running)),
    registerStatusBar(capture, problems),
    settings.onDidChangeOf(['capture.debugSessions'], forget),
    debug.registerDebugConfigurationProvider('*', provider),
    register('spanhop.startCapture', () => capture.start()),
    register('spanhop.stopCapture', () => capture.stop()),
    register('spanhop.copyCaptureEndpoint', () => copy(capture.endpoint, (endpoint) => endpoint)),
    register('spanhop.copyCaptureVariables', () =>
      copy(capture.endpoint, (endpoint) => `OTEL_EXPORTER_OTLP_ENDPOINT=${endpoint} OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf`),
    ),
  );
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
