/** Trace ids as links: in terminals, and in documents of every kind that has text of programs in it. */

import { type Disposable, type DocumentSelector, languages, window } from 'vscode';
import { Disposables } from '../../base/disposables';
import { DocumentTraceLinks } from './documentLinks';
import { type LinkServices, TerminalTraceLinks } from './terminalLinks';

/** Files wherever they are, output channels and logs, what was pasted into a new editor. */
const documents: DocumentSelector = ['file', 'vscode-remote', 'vscode-vfs', 'vscode-userdata', 'untitled', 'output'].map(
  (scheme) => ({
    scheme,
  }),
);

export function registerLinks(services: LinkServices): Disposable {
  return new Disposables(
    window.registerTerminalLinkProvider(new TerminalTraceLinks(services)),
    languages.registerDocumentLinkProvider(documents, new DocumentTraceLinks(services)),
  );
}
