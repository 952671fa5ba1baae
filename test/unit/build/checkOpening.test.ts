import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { checkOpening, openingProblems } from '../../../src/build/checkOpening.mjs';

describe('the law of the fence', () => {
  it('holds in the code', () => {
    expect(checkOpening(fileURLToPath(new URL('../../..', import.meta.url))).problems).toEqual([]);
  });

  it.each([
    ['await workspace.openTextDocument(uri);', 'loads a document (openTextDocument)'],
    ['const { openTextDocument: load } = workspace;', 'loads a document (openTextDocument)'],
    ["await workspace['openTextDocument'](uri);", 'loads a document (openTextDocument)'],
    ['await window.showTextDocument(uri);', 'shows a document (showTextDocument)'],
    ["commands.executeCommand('vscode.open', uri);", "has VS Code open something ('vscode.open')"],
    ['commands.executeCommand("vscode.diff", a, b);', 'has VS Code open something ("vscode.diff")'],
    ['return new Location(uri, position);', 'gives VS Code a place that it opens by itself (new Location)'],
    [
      "commands.executeCommand('editor.action.peekLocations', uri);",
      'gives VS Code a place that it opens by itself (peekLocations)',
    ],
    [
      'languages.registerDefinitionProvider(all, provider);',
      'gives VS Code a place that it opens by itself (registerDefinitionProvider)',
    ],
    ["import { readFile } from 'node:fs/promises';", "reads files by Node (from 'node:fs/promises')"],
    ['await workspace.fs.readFile(uri);', 'reads files by VS Code (workspace.fs)'],
    ['await readBytes(uri, workspace);', 'reads raw files (readBytes)'],
    ['await workspace.virtualFiles?.read(uri);', 'reads raw files (virtualFiles)'],
    ['const text = await readRegular(path, path, 1000);', 'reads raw files (readRegular)'],
  ])('catches %s', (code, problem) => {
    expect(openingProblems('editor/code/new.ts', `// a comment\n${code}\n`)).toEqual([
      `2 ${problem} around the gate: editor/opening/gate.ts opens, app/workspace/workspaceFiles.ts reads`,
    ]);
  });

  it('lets comments be, and an entry go that nobody needs', () => {
    expect(openingProblems('editor/code/new.ts', '/** As workspace.openTextDocument does. */\n// new Location\n')).toEqual([]);
    expect(openingProblems('editor/opening/showLine.ts', 'nothing')).toEqual([
      '1 shows a document no more; take it out of checkOpening.mjs',
    ]);
  });
});
