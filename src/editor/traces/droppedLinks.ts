/**
 * Traces dragged into the editor area. VS Code opens what is dropped there as resources, and a row gives its link, so this is an editor for
 * links: it opens the trace where it was dropped and goes. That way a row gives one thing wherever it is dropped, and the
 * waterfall is the same panel as ever.
 */

import {
  type CustomDocument,
  type CustomReadonlyEditorProvider,
  type Disposable,
  type Uri,
  type WebviewPanel,
  window,
} from 'vscode';
import type { SpanArgument } from '../../app/links/spanArgument';

import type { TracesServices } from './tracesServices';

/** In package.json its pattern is any scheme (each kind of VS Code has its own) and a trace id's 32 places. */
const linkEditorType = 'spanhop.traceLink';

export function registerDroppedLinks({ views, problems }: TracesServices, readLink: (uri: Uri) => SpanArgument): Disposable {
  const provider: CustomReadonlyEditorProvider = {
    openCustomDocument: (uri): CustomDocument => ({ uri, dispose() {} }),
    async resolveCustomEditor({ uri }, panel: WebviewPanel): Promise<void> {
      await problems.guard(async () => {
        const link = readLink(uri);
        const opening = views.openTrace(link.traceId, { ...link, viewColumn: panel.viewColumn });
        // After the waterfall has its place: a group that the drop made would close with its only editor.
        panel.dispose();
        await opening;
      });
    },
  };
  return window.registerCustomEditorProvider(linkEditorType, provider);
}
