/** Errors in Problems: an entry at the line that threw, for each distinct error of the traces at hand. */

import { commands, type Disposable, extensions, languages, workspace } from 'vscode';
import type { App } from '../../app/app';
import { Errors } from '../../app/exceptions/errors';
import type { TraceViews } from '../../app/views/traceViews';
import { Disposables } from '../../base/disposables';
import { copyError, ErrorActions, errorCommands, openErrorTrace, showErrorTraces } from './codeActions';
import { Publisher, type ShownError } from './publisher';

export interface DiagnosticServices extends Pick<App, 'engine' | 'settings' | 'problems' | 'source'> {
  readonly views: TraceViews;
}

export function registerDiagnostics(services: DiagnosticServices): Disposable {
  const { engine, source, settings, problems } = services;
  const publisher = new Publisher(settings);
  const errors = new Errors({ engine, source, problems, enabled: () => settings.anyProblems });
  const publish = (only?: ReadonlySet<string>): void => publisher.publish(errors.placed(), only);
  const command = (id: string, run: (error: ShownError) => unknown): Disposable =>
    commands.registerCommand(id, (given?: unknown) => (isShownError(given) ? problems.guard(() => run(given)) : undefined));
  return new Disposables(
    publisher,
    errors,
    errors.onDidChange(publish),
    settings.onDidChangeOf(['problems'], () => {
      publisher.forgetSettings();
      publish();
      errors.reset();
    }),
    settings.onDidChangeOf(['redact'], () => errors.reset()),
    extensions.onDidChange(() => publisher.forgetSettings()),
    workspace.onDidChangeWorkspaceFolders(() => publisher.forgetSettings()),
    languages.registerCodeActionsProvider({ scheme: '*' }, new ErrorActions(publisher), {
      providedCodeActionKinds: ErrorActions.kinds,
    }),
    command(errorCommands.open, (error) => openErrorTrace(services, error)),
    command(errorCommands.choose, (error) => showErrorTraces(services, error)),
    command(errorCommands.copy, (error) => copyError(errors, error)),
    command(errorCommands.hide, ({ ids }) => errors.hide(ids)),
  );
}

function isShownError(value: unknown): value is ShownError {
  return typeof value === 'object' && value !== null && 'ids' in value && 'summary' in value && 'diagnostic' in value;
}
