/** What the editor does for a view's page. */

import { commands, env, Uri } from 'vscode';
import type { ViewActions } from '../../app/views/viewContext';
import { formatNumber } from '../../core/text/formatText';
import { plain } from '../../core/text/plainText';
import { askModal } from '../plain/messages';
import { showInStatusBar } from '../plain/statusBar';
import type { TextDocuments } from './textDocuments';

/** UTF-16 units of a text of which nobody wonders whether all of it was copied. */
const plainlyWhole = 1_000;

export function viewActions(texts: Pick<TextDocuments, 'open'>): ViewActions {
  return {
    async copy(text, what) {
      await env.clipboard.writeText(text);
      const size = text.length > plainlyWhole ? `, all ${formatNumber(text.length)} characters` : '';
      showInStatusBar(plain`$(check) Copied ${what}${size}`, size ? 4000 : 2000);
    },
    ask: (question, detail, ...buttons) => askModal('info', question, [detail], ...buttons),
    openText: (key, name, keep) => texts.open(key, name, keep),
    search: (query) => void commands.executeCommand('spanhop.search', { text: query }),
    async openExternal(url) {
      // This command asks before it opens a domain that is not trusted; `env.openExternal` does not.
      await commands.executeCommand('vscode.open', Uri.parse(url));
    },
  };
}
