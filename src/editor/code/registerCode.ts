/** From code to spans: what a person sees of them in an editor, and the commands. */

import { commands, type Disposable, type DocumentSelector, languages, workspace } from 'vscode';
import { Disposables } from '../../base/disposables';
import type { CodeContext, CodeServices } from './codeContext';
import { EnclosingFunctions } from './enclosing';
import { CodeHoverProvider } from './hover/provider';
import { SpanLensProvider } from './lens/provider';
import { CodeMarks } from './marks/marks';
import { ThrownLines } from './marks/thrownLines';
import { ReachDocuments, reachScheme } from './reach/reachDocuments';
import { showReach } from './reach/showReach';
import { showLastTrace, showSpans } from './spans/spansAtCursor';
import { HoverTargets } from './target';

/** Where source is: files of the workspace, local, remote or virtual. */
const source: DocumentSelector = [{ scheme: 'file' }, { scheme: 'vscode-remote' }, { scheme: 'vscode-vfs' }];

export function registerCode(services: CodeServices): Disposable {
  const { code, settings, problems } = services;
  const enclosing = new EnclosingFunctions();
  const thrown = new ThrownLines(services.engine, services.source, code.lines);
  const context: CodeContext = { services, enclosing, thrown, targets: new HoverTargets() };
  const lenses = new SpanLensProvider(code, settings, enclosing);
  const hovers = new CodeHoverProvider(context);
  const pages = new ReachDocuments(services.source.gate);
  const hasCode = (): void => void commands.executeCommand('setContext', 'spanhop.hasCode', code.hasRows);
  const register = (id: string, run: (given: unknown) => Promise<void>): Disposable =>
    commands.registerCommand(id, (given?: unknown) => problems.guard(() => run(given)));
  return new Disposables(
    enclosing,
    thrown,
    lenses,
    languages.registerCodeLensProvider(source, lenses),
    hovers,
    languages.registerHoverProvider(source, hovers),
    new CodeMarks(context),
    workspace.registerTextDocumentContentProvider(reachScheme, pages),
    languages.registerDocumentLinkProvider({ scheme: reachScheme }, pages),
    code.onDidChange(hasCode),
    register('spanhop.showSpansAtCursor', (given) => showSpans(context, given)),
    register('spanhop.showLastTrace', (given) => showLastTrace(context, given)),
    register('spanhop.showCallers', (given) => showReach(context, pages, 'callers', given)),
    register('spanhop.showCallees', (given) => showReach(context, pages, 'callees', given)),
  );
}
