/** Pages of callers and callees as read-only documents with links: to source, and to the trace of the last such span. */

import {
  type DocumentLink,
  type DocumentLinkProvider,
  Range,
  type TextDocument,
  type TextDocumentContentProvider,
  Uri,
} from 'vscode';
import type { ReachPage } from '../../app/code/reachText';
import { plainText } from '../../core/text/plainText';
import type { Gate } from '../opening/gate';
import { reachScheme } from '../opening/ownSchemes';
import { PlainLink } from '../plain/code';

const maxKept = 20;
const maxTitle = 120;

export interface KeptPage extends ReachPage {
  /** By the page's spans: their source. */
  readonly sources: readonly (Uri | undefined)[];
  /** By the page's spans. */
  readonly samples: readonly { readonly traceId: string; readonly spanId: string }[];
}

/** Its target is told when it is clicked. */
class SourceLink extends PlainLink {
  constructor(
    range: Range,
    readonly source: Uri | undefined,
  ) {
    super(range, 'Open source');
  }
}

export class ReachDocuments implements TextDocumentContentProvider, DocumentLinkProvider {
  private readonly pages = new Map<string, KeptPage>();
  private next = 1;

  constructor(private readonly gate: Pick<Gate, 'isInside'>) {}

  /** The address of a page; `title` is what a tab or a peek shows of it. */
  add(title: string, page: KeptPage): Uri {
    const uri = Uri.from({
      scheme: reachScheme,
      path: `/${plainText(title, maxTitle).replace(/[/\\?#]/g, ' ')}`,
      query: String(this.next++),
    });
    this.pages.set(uri.toString(), page);
    for (const oldest of this.pages.keys()) {
      if (this.pages.size <= maxKept) break;
      this.pages.delete(oldest);
    }
    return uri;
  }

  provideTextDocumentContent(uri: Uri): string {
    return this.pages.get(uri.toString())?.text ?? 'This list is gone. Ask for it again.\n';
  }

  provideDocumentLinks({ uri }: TextDocument): DocumentLink[] {
    const page = this.pages.get(uri.toString());
    if (!page) return [];
    return page.links.map(({ line, start, end, of, to }) => {
      const range = new Range(line, start, line, end);
      const link =
        to === 'source' ? new SourceLink(range, page.sources[of]) : new PlainLink(range, 'Open the trace of the last one');
      if (to === 'trace') {
        const argument = encodeURIComponent(JSON.stringify([page.samples[of]]));
        link.target = Uri.parse(`command:spanhop.openTraceBeside?${argument}`);
      }
      return link;
    });
  }

  /** VS Code opens what is clicked by itself: what is not in the workspace by then has no target. */
  async resolveDocumentLink(link: DocumentLink): Promise<DocumentLink> {
    if (link instanceof SourceLink && link.source && (await this.gate.isInside(link.source))) link.target = link.source;
    return link;
  }
}
