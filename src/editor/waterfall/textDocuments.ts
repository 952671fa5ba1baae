/** Texts of spans as read-only documents, in lines: a value of a megabyte is read, searched and folded in an editor. Asked of the engine by VS Code. */

import { commands, type TextDocumentContentProvider, Uri, workspace } from 'vscode';
import { firstPiece, readableText, type TextEngine } from '../../app/views/spanTexts';
import type { ViewColumn } from '../../app/views/stage';
import { toErrorData } from '../../base/errors';
import { plain, plainText } from '../../core/text/plainText';
import type { TextKey } from '../../protocol/texts';
import { textScheme } from '../opening/ownSchemes';
import type { ShowOptions } from '../opening/showLine';
import { showInStatusBar } from '../plain/statusBar';

const maxName = 60;
/** Documents of closed editors, of which the texts can be asked for again. */
const maxKept = 100;
/**
 * VS Code takes the language of a name's end. Never the name of a file that something else is said of, as of `package.json`; and no JSON, of which
 * its language server fetches the `$schema` that the text names, from wherever that is. Of lines of JSON there is none.
 */
const endings = { json: '.value.jsonl', sql: '.value.sql', plain: '.value.txt' } as const;

export interface TextDocumentsOptions {
  readonly engine: TextEngine;
  /** Shows a document where source belongs. */
  readonly show: (uri: Uri, line: number, options: ShowOptions) => Promise<void>;
}

export class TextDocuments implements TextDocumentContentProvider {
  private readonly keys = new Map<string, TextKey>();

  constructor(private readonly own: TextDocumentsOptions) {}

  /** @param name what a tab shows of it; @param keep the column of the view, which stays visible */
  async open(key: TextKey, name: string, keep: ViewColumn | undefined): Promise<void> {
    const { shape } = await firstPiece(this.own.engine, key);
    const title = plainText(name, maxName).replace(/[/\\?#]/g, ' ') || 'text';
    const uri = Uri.from({
      scheme: textScheme,
      path: `/${title}${endings[shape]}`,
      query: [key.traceId, key.spanId, JSON.stringify(key.address), key.dataset].join(' '),
    });
    const id = uri.toString();
    this.keys.delete(id);
    this.keys.set(id, key);
    for (const oldest of this.keys.keys()) {
      if (this.keys.size <= maxKept) break;
      this.keys.delete(oldest);
    }
    const wasOpen = workspace.textDocuments.some((document) => document.uri.toString() === id);
    await this.own.show(uri, 0, { keep, lineUnknown: true });
    // VS Code paints no more than the first characters of a very long line, unless lines are wrapped; the command turns that around.
    const wrap = workspace.getConfiguration('editor', { uri, languageId: languages[shape] }).get('wordWrap');
    if (!wasOpen && wrap === 'off') await commands.executeCommand('editor.action.toggleWordWrap');
  }

  async provideTextDocumentContent(uri: Uri): Promise<string> {
    const key = this.keys.get(uri.toString());
    if (!key) return 'This text is gone. Open it again from its span.\n';
    try {
      const { text, isCut } = await readableText(this.own.engine, key);
      if (isCut) showInStatusBar(plain`$(info) Only the beginning of this text is shown: it is too long for an editor`, 8000);
      return text;
    } catch (error) {
      return `${toErrorData(error).message}\n`;
    }
  }
}

const languages = { json: 'jsonl', sql: 'sql', plain: 'plaintext' } as const;
