/** What the editor does for a view's page. */

import { commands, env, Uri } from 'vscode';
import type { ViewActions } from '../../app/views/viewContext';
import { plain } from '../../core/text/plainText';
import { showInStatusBar } from '../plain/statusBar';

export const viewActions: ViewActions = {
  async copy(text, what) {
    await env.clipboard.writeText(text);
    showInStatusBar(plain`$(check) Copied ${what}`, 2000);
  },
  search: (query) => void commands.executeCommand('spanhop.search', { text: query }),
  async openExternal(url) {
    // This command asks before it opens a domain that is not trusted; `env.openExternal` does not.
    await commands.executeCommand('vscode.open', Uri.parse(url));
  },
};
