/**
 * Originals that exist only inside a source map (`sourcesContent`), shown as read-only documents. They live as long as the window; the
 * least recently opened leave first.
 */

import { basename } from 'node:path';
import { type TextDocumentContentProvider, Uri } from 'vscode';
import { originalScheme } from './ownSchemes';

const maxKept = 50;

export class Originals implements TextDocumentContentProvider {
  private readonly contents = new Map<string, string>();

  /** The address under which an original can be opened. `file` is its name as the source map has it. */
  add(file: string, content: string): Uri {
    const name = basename(file.replace(/[?#].*$/, '')) || 'original';
    const uri = Uri.from({ scheme: originalScheme, path: `/${name}`, query: file });
    const key = uri.toString();
    this.contents.delete(key);
    this.contents.set(key, content);
    for (const oldest of this.contents.keys()) {
      if (this.contents.size <= maxKept) break;
      this.contents.delete(oldest);
    }
    return uri;
  }

  provideTextDocumentContent(uri: Uri): string {
    return this.contents.get(uri.toString()) ?? '// This original was in a source map. Open it again from its span.\n';
  }
}
