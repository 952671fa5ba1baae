/** From code to spans: what a person sees of them in an editor, and the commands. */

import { commands, type Disposable, type DocumentSelector, languages, workspace } from 'vscode';
import { CodeTargets } from '../../app/code/codeTargets';
import { HoverTargets } from '../../app/code/hoverTargets';
import { ThrownLines } from '../../app/code/thrownLines';
import { Disposables } from '../../base/disposables';
import { reachScheme, sourceSchemes } from '../opening/ownSchemes';
import type { CodeContext, CodeServices } from './codeContext';
import { CodeMarks } from './codeMarks';
import { CodeHoverProvider } from './hoverProvider';
import { SpanLensProvider } from './lensProvider';
import { ReachDocuments } from './reachDocuments';
import { showReach } from './showReach';
import { showLastTrace, showSpans } from './spansAtCursor';

const source: DocumentSelector = [...sourceSchemes].map((scheme) => ({ scheme }));

export function registerCode(services: CodeServices): Disposable {
  const { code, settings, problems, enclosing } = services;
  const thrown = new ThrownLines(services.engine, services.source, code.lines);
  const targets = new CodeTargets(code, enclosing, thrown);
  const context: CodeContext = { services, thrown, targets, hovers: new HoverTargets() };
  const lenses = new SpanLensProvider(code, settings, enclosing);
  const hovers = new CodeHoverProvider(context);
  const pages = new ReachDocuments(services.gate);
  const hasCode = (): void => void commands.executeCommand('setContext', 'spanhop.hasCode', code.hasRows);
  const register = (id: string, run: (given: unknown) => Promise<void>): Disposable =>
    commands.registerCommand(id, (given?: unknown) => problems.guard(() => run(given)));
  return new Disposables(
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
