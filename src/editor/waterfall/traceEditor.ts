/** The custom editor: a trace file as a waterfall, or as the list of its traces. Read-only; it follows the file when that changes. */

import { basename, dirname } from 'node:path';
import {
  type CustomDocument,
  type CustomReadonlyEditorProvider,
  type Disposable,
  RelativePattern,
  type Uri,
  type WebviewPanel,
  workspace,
} from 'vscode';
import type { TraceFiles } from '../../app/files/traceFiles';
import type { TraceViews } from '../../app/views/traceViews';
import { Disposables } from '../../base/disposables';
import { Throttle } from '../../base/throttle';
import type { WebviewPanels } from './panels';

/** A file that is being written is read again when it has been quiet for so long. */
const quietMs = 500;

/** An open trace file: holds it in the engine and watches it, however many editors show it. */
class TraceDocument implements CustomDocument {
  private readonly disposables = new Disposables();

  constructor(
    readonly uri: Uri,
    files: TraceFiles,
  ) {
    const watcher = workspace.createFileSystemWatcher(
      new RelativePattern(uri.with({ path: dirname(uri.path) }), basename(uri.path).replace(/[[\]{}*?]/g, '?')),
    );
    const reload = new Throttle(() => files.reload(uri), { waitMs: quietMs, after: 'last' });
    const changed = (): void => reload.ask();
    this.disposables.add(files.hold(uri), watcher, watcher.onDidChange(changed), watcher.onDidCreate(changed), reload);
  }

  dispose(): void {
    this.disposables.dispose();
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
