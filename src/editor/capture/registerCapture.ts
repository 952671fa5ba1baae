/** Capturing: its commands, its status bar item, and the environment of debug sessions. */

import { commands, type Disposable, debug, env, window } from 'vscode';
import { Disposables } from '../services/disposables';
import type { Services } from '../services/services';
import { CaptureDebugProvider } from './debugProvider';
import type { DebugSessions } from './sessions';
import { registerStatusBar } from './statusBar';

export function registerCapture(services: Services, sessions: DebugSessions): Disposable {
  const { capture, settings, problems, context } = services;
  const register = (command: string, run: () => unknown): Disposable =>
    commands.registerCommand(command, () => problems.guard(run));
  const provider = new CaptureDebugProvider({ capture, settings, sessions, memento: context.workspaceState, problems });
  return new Disposables(
    registerStatusBar(capture, problems),
    debug.registerDebugConfigurationProvider('*', provider),
    register('spanhop.startCapture', () => capture.start()),
    register('spanhop.stopCapture', () => capture.stop()),
    register('spanhop.copyCaptureEndpoint', async () => {
      const { endpoint } = capture;
      if (endpoint === undefined) {
        void window.showInformationMessage('No capture is running. Start one first; its endpoint can be copied then.');
        return;
      }
      await env.clipboard.writeText(endpoint);
      window.setStatusBarMessage(`$(check) Copied ${endpoint}`, 3000);
    }),
  );
}
