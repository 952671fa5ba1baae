/** Trace ids in terminals. VS Code asks for the links of a line when the pointer is on it, with wrapped lines joined and colours removed. */

import type { TerminalLink, TerminalLinkContext, TerminalLinkProvider } from 'vscode';
import type { App } from '../../app/app';
import { type OpenServices, openFoundTrace } from '../../app/links/openFoundTrace';
import { linksOfLine, tooltipOf, worthLinking } from '../../app/links/traceLinks';
import { linkTooltip } from '../plain/code';

interface TraceTerminalLink extends TerminalLink {
  readonly traceId: string;
  readonly spanId?: string;
}

/** What links of terminals and documents need. */
export type LinkServices = Pick<App, 'traces' | 'backends' | 'settings'> & OpenServices;

export class TerminalTraceLinks implements TerminalLinkProvider<TraceTerminalLink> {
  constructor(private readonly services: LinkServices) {}

  async provideTerminalLinks({ line }: TerminalLinkContext): Promise<TraceTerminalLink[]> {
    if (!this.services.settings.terminalLinks) return [];
    const links = linksOfLine(line, 0);
    if (links.length === 0) return [];
    return (await worthLinking(links, this.services)).map((link) => ({
      startIndex: link.start,
      length: link.end - link.start,
      tooltip: linkTooltip(tooltipOf(link)),
      traceId: link.traceId,
      spanId: link.spanId,
    }));
  }

  handleTerminalLink({ traceId, spanId }: TraceTerminalLink): Promise<void> {
    return openFoundTrace(this.services, { traceId, spanId });
  }
}
