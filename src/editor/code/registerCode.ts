/** From code to spans: what a person sees of them in an editor, and the commands. */

import { commands, type Disposable, languages } from 'vscode';
import { Disposables } from '../services/disposables';
import type { Services } from '../services/services';
import { SpanLensProvider } from './lens/provider';
import { showLastTrace, showSpans } from './spansAtCursor';

export function registerCode(services: Services): Disposable {
  const { code, settings, problems } = services;
  const provider = new SpanLensProvider(code, settings);
  const hasCode = (): void => void commands.executeCommand('setContext', 'spanhop.hasCode', code.hasRows);
  return new Disposables(
    provider,
    languages.registerCodeLensProvider([{ scheme: 'file' }, { scheme: 'vscode-remote' }, { scheme: 'vscode-vfs' }], provider),
    code.onDidChange(hasCode),
    commands.registerCommand('spanhop.showSpansAtCursor', (given?: unknown) => problems.guard(() => showSpans(services, given))),
    commands.registerCommand('spanhop.showLastTrace', (given?: unknown) => problems.guard(() => showLastTrace(services, given))),
  );
}
