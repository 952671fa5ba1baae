/** The symbol providers of the installed language extensions. */

import { commands, type DocumentSymbol, extensions, type SymbolInformation, Uri, workspace } from 'vscode';
import type { SymbolProviders } from '../../app/ports/symbolProviders';
import { isDocumentSymbol, symbolsOfDocument, symbolsOfWorkspace } from './codeSymbols';
import { functionRanges } from './functionRanges';

/** After its extension is active, a provider may need a moment to register: times that it is asked, and milliseconds between. */
const attempts = 5;
const betweenMs = 150;

export const vsCodeSymbols: SymbolProviders = {
  async ofWorkspace(name) {
    const found = await commands.executeCommand<readonly SymbolInformation[] | undefined>(
      'vscode.executeWorkspaceSymbolProvider',
      name,
    );
    return found && symbolsOfWorkspace(found);
  },

  async ofDocument(file) {
    const uri = Uri.parse(file);
    // It is read, not shown, and VS Code closes it again by itself. This starts the extension of its language.
    const { languageId } = await workspace.openTextDocument(uri);
    const starting = extensions.all.filter(({ packageJSON }) => startsWith(packageJSON, languageId));
    for (let attempt = 1; ; attempt++) {
      const found = await commands.executeCommand<readonly (DocumentSymbol | SymbolInformation)[] | undefined>(
        'vscode.executeDocumentSymbolProvider',
        uri,
      );
      if (found?.length) {
        const nested = found.filter(isDocumentSymbol);
        const flat = found.filter((symbol): symbol is SymbolInformation => !isDocumentSymbol(symbol));
        return nested.length > 0 ? symbolsOfDocument(file, nested) : symbolsOfWorkspace(flat);
      }
      if (starting.length === 0) return 'none';
      if (attempt === attempts) return undefined;
      await Promise.allSettled(starting.filter(({ isActive }) => !isActive).map((extension) => extension.activate()));
      await new Promise((resolve) => setTimeout(resolve, betweenMs));
    }
  },

  async functionsIn(uri) {
    try {
      const symbols = await commands.executeCommand<unknown[] | undefined>(
        'vscode.executeDocumentSymbolProvider',
        Uri.parse(uri),
      );
      return symbols?.length ? functionRanges(symbols) : undefined;
    } catch {
      // A language without symbols: lenses stay at their lines.
      return undefined;
    }
  },

  onDidChange: extensions.onDidChange,
};

/** Whether an extension starts with documents of a language, so that it may have a provider. Those that start with any language have none. */
function startsWith(manifest: unknown, languageId: string): boolean {
  if (typeof manifest !== 'object' || manifest === null || !('activationEvents' in manifest)) return false;
  const events = manifest.activationEvents;
  return Array.isArray(events) && events.includes(`onLanguage:${languageId}`);
}
