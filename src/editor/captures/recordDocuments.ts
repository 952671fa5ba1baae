/** Log records of captures as read-only documents, which VS Code searches and folds as any text. That of a running capture is kept up to date. */

import { type Disposable, EventEmitter, languages, type TextDocumentContentProvider, Uri, window, workspace } from 'vscode';
import type { CaptureService } from '../../app/captures/captureService';
import { recordsText } from '../../app/captures/recordsText';
import { Disposables } from '../../base/disposables';
import { toErrorData } from '../../base/errors';
import { Throttle } from '../../base/throttle';
import { plainText } from '../../core/text/plainText';
import type { CaptureInfo } from '../../protocol/capture';
import type { Gate } from '../opening/gate';
import { recordsScheme } from '../opening/ownSchemes';

const maxName = 60;
/** How often what is shown is read anew, milliseconds. */
const refreshMs = 1_000;

export class RecordDocuments implements TextDocumentContentProvider, Disposable {
  private readonly disposables = new Disposables();
  private readonly emitter = this.disposables.own(new EventEmitter<Uri>());
  readonly onDidChange = this.emitter.event;
  private seen = 0;

  constructor(
    private readonly capture: CaptureService,
    private readonly gate: Pick<Gate, 'open'>,
  ) {
    const refresh = this.disposables.own(new Throttle(() => this.refresh(), { waitMs: refreshMs }));
    this.disposables.add(
      workspace.registerTextDocumentContentProvider(recordsScheme, this),
      capture.onDidChange(({ counts }) => {
        if (counts.logRequests === this.seen) return;
        this.seen = counts.logRequests;
        refresh.ask();
      }),
    );
  }

  /** @param name what a tab shows of the capture */
  async open({ id }: CaptureInfo, name: string): Promise<void> {
    const title = plainText(name, maxName).replace(/[/\\?#]/g, ' ');
    const uri = Uri.from({ scheme: recordsScheme, path: `/Logs of ${title}`, query: id });
    const isOpen = workspace.textDocuments.some((document) => document.uri.toString() === uri.toString());
    if (isOpen) this.emitter.fire(uri);
    const document = await this.gate.open(uri);
    if (!document) return;
    await languages.setTextDocumentLanguage(document, 'log');
    await window.showTextDocument(document, { preview: false });
  }

  async provideTextDocumentContent({ query }: Uri): Promise<string> {
    try {
      return recordsText(await this.capture.records(query));
    } catch (error) {
      return `The log records cannot be shown: ${toErrorData(error).message}\n`;
    }
  }

  dispose(): void {
    this.disposables.dispose();
  }

  private refresh(): void {
    for (const { uri } of workspace.textDocuments) if (uri.scheme === recordsScheme) this.emitter.fire(uri);
  }
}
