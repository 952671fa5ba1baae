/** Trace ids in documents: logs, output channels, source, anything that is text. */

import { type CancellationToken, DocumentLink, type DocumentLinkProvider, Range, type TextDocument, Uri } from 'vscode';
import { type LinkServices, type TraceLink, tooltipOf, worthLinking } from './linkText';
import { linksOf } from './scanDocument';

export class DocumentTraceLinks implements DocumentLinkProvider {
  constructor(private readonly services: LinkServices) {}

  async provideDocumentLinks(document: TextDocument, token: CancellationToken): Promise<DocumentLink[]> {
    if (!this.services.settings.documentLinks(document)) return [];
    const found = await linksOf(document, token);
    if (found.length === 0 || token.isCancellationRequested) return [];
    return (await worthLinking(found, this.services)).map(toDocumentLink);
  }
}

function toDocumentLink(link: TraceLink): DocumentLink {
  const { line, start, end, traceId, spanId } = link;
  // Ids only, digits as they are: nothing of the text gets into the command.
  const argument = encodeURIComponent(JSON.stringify([{ traceId, spanId }]));
  const shown = new DocumentLink(new Range(line, start, line, end), Uri.parse(`command:spanhop.openTrace?${argument}`));
  shown.tooltip = tooltipOf(link);
  return shown;
}
