/** The custom editor: a trace file as a waterfall, or as the list of its traces. Read-only; it follows the file when that changes. */

import type { CustomDocument, CustomReadonlyEditorProvider, Disposable, Uri, WebviewPanel } from 'vscode';
import type { TraceFiles } from '../../app/files/traceFiles';
import type { TraceViews } from '../../app/views/traceViews';
import type { WebviewPanels } from './panels';

/** An open trace file: it is held as long as an editor shows it, however many do. */
class TraceDocument implements CustomDocument {
  private readonly held: Disposable;

  constructor(
    readonly uri: Uri,
    files: TraceFiles,
  ) {
    this.held = files.hold(uri);
  }

  dispose(): void {
    this.held.dispose();
  }
}

export class TraceEditorProvider implements CustomReadonlyEditorProvider<TraceDocument>, Disposable {
  constructor(
    private readonly views: TraceViews,
    private readonly panels: WebviewPanels,
    private readonly files: TraceFiles,
  ) {}

  openCustomDocument(uri: Uri): TraceDocument {
    // The editor that shows it reads it, so that whoever sees the progress can stop it.
    return new TraceDocument(uri, this.files);
  }

  resolveCustomEditor(document: TraceDocument, panel: WebviewPanel): void {
    this.views.createSession(this.panels.ofFile(panel), { type: 'file', uri: document.uri });
  }

  dispose(): void {}
}
