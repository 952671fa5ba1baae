/** Trace ids in documents: logs, output channels, source, anything that is text. */

import { type CancellationToken, type DocumentLinkProvider, Range, type TextDocument, Uri } from 'vscode';
import { linksOf } from '../../app/links/scanDocument';
import { type TraceLink, tooltipOf, worthLinking } from '../../app/links/traceLinks';
import { withSignal } from '../adapters/cancellation';
import { PlainLink } from '../plain/code';
import type { LinkServices } from './terminalLinks';

/** Leads nowhere until it is pressed: making an address for each of thousands takes longer than finding them. */
class TraceDocumentLink extends PlainLink {
  constructor(readonly found: TraceLink) {
    super(new Range(found.line, found.start, found.line, found.end), tooltipOf(found));
  }
}

export class DocumentTraceLinks implements DocumentLinkProvider<TraceDocumentLink> {
  constructor(private readonly services: LinkServices) {}

  async provideDocumentLinks(document: TextDocument, token: CancellationToken): Promise<TraceDocumentLink[]> {
    if (!this.services.settings.documentLinks(document)) return [];
    const found = await withSignal(token, (signal) => linksOf(document, signal));
    if (found.length === 0 || token.isCancellationRequested) return [];
    return (await worthLinking(found, this.services)).map((link) => new TraceDocumentLink(link));
  }

  resolveDocumentLink(link: TraceDocumentLink): TraceDocumentLink {
    const { traceId, spanId } = link.found;
    // Ids only, digits as they are: nothing of the text gets into the command.
    const argument = encodeURIComponent(JSON.stringify([{ traceId, spanId }]));
    link.target = Uri.parse(`command:spanhop.openTrace?${argument}`);
    return link;
  }
}
