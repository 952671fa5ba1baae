/** Each way to give VS Code a text past the folder that makes it plain has to be seen. */

import { describe, expect, it } from 'vitest';
import { checkTexts, textProblems } from '../../../src/build/checkTexts.mjs';
import { projectRoot } from '../../vscode/locations.mjs';

const file = 'src/editor/a.ts';

describe('the law of texts', () => {
  it('holds', () => {
    const { files, problems } = checkTexts(projectRoot);
    expect(problems).toEqual([]);
    expect(files).toBeGreaterThan(300);
  });

  it.each([
    ["import { window } from 'vscode';\nvoid window.showErrorMessage(text);", 'src/editor/a.ts:2 names showErrorMessage'],
    ["import { window } from 'vscode';\nvoid window?.showErrorMessage?.(text);", 'src/editor/a.ts:2 names showErrorMessage'],
    ["import { window } from 'vscode';\nconst { showErrorMessage } = window;", 'src/editor/a.ts:2 names showErrorMessage'],
    ["import { window } from 'vscode';\nconst { showErrorMessage: say } = window;", 'src/editor/a.ts:2 names showErrorMessage'],
    ["import { window } from 'vscode';\nvoid window['showErrorMessage'](text);", 'src/editor/a.ts:2 names showErrorMessage'],
    ["import { window } from 'vscode';\nvoid window['show' + kind](text);", 'src/editor/a.ts:1 uses window otherwise'],
    ["import { window } from 'vscode';\nconst other = window;", 'src/editor/a.ts:1 uses window otherwise'],
    ["import { window } from 'vscode';\nexport const get = () => { return window; };", 'src/editor/a.ts:1 uses window otherwise'],
    ["import { window } from 'vscode';\nsay(window);", 'src/editor/a.ts:1 uses window otherwise'],
    ["import { window as w } from 'vscode';\nw.anything();", 'src/editor/a.ts:1 imports window under another name'],
    [
      "import * as vscode from 'vscode';\nvscode.window.setStatusBarMessage(text);",
      'src/editor/a.ts:2 names setStatusBarMessage',
    ],
    ["import * as vscode from 'vscode';\nnew vscode.TreeItem(text);", 'src/editor/a.ts:1 takes all of vscode'],
    ["import vscode from 'vscode';\nnew vscode.TreeItem(text);", 'src/editor/a.ts:1 takes all of vscode'],
    ["const { TreeItem } = await import('vscode');", 'src/editor/a.ts:1 takes all of vscode'],
    ["const { TreeItem } = require('vscode');", 'src/editor/a.ts:1 takes all of vscode'],
    ["export * from 'vscode';", 'src/editor/a.ts:1 takes all of vscode'],
    ["export { TreeItem } from 'vscode';", 'src/editor/a.ts:1 imports TreeItem'],
    ["import { TreeItem } from 'vscode';\nnew TreeItem(text);", 'src/editor/a.ts:1 imports TreeItem'],
    ["import { TreeItem } from 'vscode';\nclass Row extends TreeItem {}", 'src/editor/a.ts:1 imports TreeItem'],
    ["import { MarkdownString as M } from 'vscode';\nnew M(text);", 'src/editor/a.ts:1 imports MarkdownString'],
    ["import { CodeLens, Range } from 'vscode';\nnew CodeLens(new Range(0, 0, 0, 0));", 'src/editor/a.ts:1 imports CodeLens'],
    ['\npanel.title = text;', 'src/editor/a.ts:2 sets .title'],
    ["panel['title'] = text;", 'src/editor/a.ts:1 sets .title'],
    ['view.message ??= text;', 'src/editor/a.ts:1 sets .message'],
    ['item.description += text;', 'src/editor/a.ts:1 sets .description'],
    ['Object.assign(item, { label });', 'src/editor/a.ts:1 sets properties that cannot be seen'],
    ['const look = { after: { contentText: text } };', 'src/editor/a.ts:1 names contentText'],
    [
      "import { languages } from 'vscode';\nlanguages.registerHoverProvider(all, mine);",
      'src/editor/a.ts:2 names registerHoverProvider',
    ],
    ['const link = `[x](command:spanhop.openTrace?${text})`;', 'src/editor/a.ts:1 names command:'],
    ["const link = Uri.parse('command:x');", 'src/editor/a.ts:1 names command:'],
  ])('%s', (text, problem) => {
    expect(textProblems(file, text).map((each) => each.slice(0, problem.length))).toContain(problem);
  });

  it.each([
    ['element.innerHTML = text;', 'webview/a.ts:1 names innerHTML'],
    ["element.insertAdjacentHTML('beforeend', text);", 'webview/a.ts:1 names insertAdjacentHTML'],
    ['element.textContent = text;', 'webview/a.ts:1 sets .textContent'],
    ['cell.title = text;', 'webview/a.ts:1 sets .title'],
    ["cell.setAttribute('aria-label', text);", 'webview/a.ts:1 sets the attribute aria-label'],
    ["cell.setAttribute('onclick', text);", 'webview/a.ts:1 sets the attribute onclick'],
    ['cell.setAttribute(name, text);', 'webview/a.ts:1 sets the attribute of a name'],
    ["document.createElement('a');", 'webview/a.ts:1 makes an element'],
  ])('in the page: %s', (text, problem) => {
    expect(textProblems('webview/a.ts', text).map((each) => each.slice(0, problem.length))).toContain(problem);
  });

  it('leaves alone what gives VS Code no text, types, comments and sentences', () => {
    const text = [
      "import { type TreeItem, window, type MarkdownString } from 'vscode';",
      "import type { CodeLens } from 'vscode';",
      '// window.showErrorMessage(text); item.title = text',
      '/** With showQuickPick. */',
      "export const sentence = 'No window is open';",
      'export class Row { title = 1; constructor(readonly label: string) { this.title = 2; } }',
      'export const same = (item: TreeItem, lens: CodeLens, text: MarkdownString) => item.label === lens.command?.title && text.value;',
      'export const visible = window.visibleTextEditors;',
    ].join('\n');
    expect(textProblems(file, text)).toEqual([]);
    expect(textProblems('src/editor/plain/a.ts', "import { window } from 'vscode';\nwindow.showErrorMessage(text);")).toEqual([]);
  });
});
