// @ts-check
// The law of texts as data, and its check. VS Code looks for orders in what it is given to show: links that run commands, Markdown, icons. So
// one folder gives it texts, after making them plain, and everybody else is caught by the name: as a member of `window`, under another
// name, taken apart, in brackets. What is looked at is what esbuild makes of a file, without types and comments and written one way.
// `node src/build/checkTexts.mjs` prints `file:line problem` and exits non-zero.

import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { transformSync } from 'esbuild';

/** The folder that gives texts to VS Code, and the file that gives them to the waterfall's page. */
const owners = { editor: 'src/editor/plain/', webview: 'webview/elements/dom.ts' };

/** They make elements of their own, with texts of ours: form controls and drawings. */
const makers = ['webview/elements/controls.ts', 'webview/elements/icons.ts'];

const words = (/** @type {TemplateStringsArray} */ text) => text.join('').trim().split(/\s+/);

/** Functions of VS Code that show a text, and properties of what is shown: named by the owner only. */
const showing = words`
  showInformationMessage showWarningMessage showErrorMessage showQuickPick showInputBox showWorkspaceFolderPick showOpenDialog
  showSaveDialog createQuickPick createInputBox withProgress withScmProgress createStatusBarItem setStatusBarMessage
  createLanguageStatusItem createWebviewPanel createTerminal createCommentController createSourceControl createTestController
  createChatParticipant registerFileDecorationProvider registerInlayHintsProvider registerCompletionItemProvider
  registerSignatureHelpProvider registerRenameProvider registerTreeDataProvider registerWebviewViewProvider insertSnippet sendText
  contentText hoverMessage supportHtml supportThemeIcons appendMarkdown validateInput badge accessibilityInformation`;

/** Classes of VS Code that carry a text: their types may be imported, they themselves by the owner only. */
const carrying = words`
  TreeItem CodeLens CodeAction Diagnostic DiagnosticRelatedInformation DocumentLink TerminalLink MarkdownString InlayHint
  InlayHintLabelPart CompletionItem SignatureInformation SnippetString FileDecoration DocumentSymbol SymbolInformation
  CallHierarchyItem TypeHierarchyItem InlineCompletionItem TaskGroup Task`;

/** Properties of VS Code's objects that are shown; on objects of others (not `this`) the owner sets them. */
const shownProperties = words`title tooltip label description detail message text placeholder placeHolder prompt command`;

/**
 * Functions through which VS Code comes for texts later. What is given then is an object that nothing tells from any other, so whoever adds a
 * provider looks whether the owner makes it, and writes it here.
 * @type {Readonly<Record<string, readonly string[]>>}
 */
const providers = {
  createTreeView: ['src/editor/captures/capturesView.ts', 'src/editor/traces/register.ts'],
  registerCodeLensProvider: ['src/editor/code/registerCode.ts'],
  registerHoverProvider: ['src/editor/code/registerCode.ts'],
  registerDocumentLinkProvider: ['src/editor/code/registerCode.ts', 'src/editor/links/registerLinks.ts'],
  registerTerminalLinkProvider: ['src/editor/links/registerLinks.ts'],
  registerCodeActionsProvider: ['src/editor/diagnostics/registerDiagnostics.ts'],
  createDiagnosticCollection: ['src/editor/diagnostics/publisher.ts'],
  createOutputChannel: ['src/composition.ts'],
  // Their links have arguments of ours: ids that are hexadecimal, numbers.
  'command:': ['src/app/code/hoverText.ts', 'src/editor/code/reachDocuments.ts', 'src/editor/links/documentLinks.ts'],
};

/** What would make markup of a text in the waterfall's page. */
const markup = words`
  innerHTML outerHTML insertAdjacentHTML createContextualFragment DOMParser parseFromString srcdoc setHTMLUnsafe`;

/** What a person or a screen reader gets of an element of the page. */
const readProperties = words`textContent innerText title ariaLabel ariaDescription ariaValueText alt`;
const readAttributes = words`title aria-label aria-description aria-valuetext aria-roledescription alt placeholder href src style`;

/** @typedef {{ readonly what: string, readonly name: string }} Found */

/**
 * The places of a name in a text: whole words.
 * @param {string} code @param {readonly string[]} names @param {(name: string) => string} what
 * @returns {Found[]}
 */
function named(code, names, what) {
  return names
    .filter((name) => new RegExp(`(?<![\\w$.-])${escaped(name)}(?![\\w$])|[.]${escaped(name)}(?![\\w$])`).test(code))
    .map((name) => ({ name, what: what(name) }));
}

/** @param {string} text */
const escaped = (text) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** Assignments to a property: `a.b = …`, `a["b"] ??= …`. @param {string} code @param {readonly string[]} names */
function assigned(code, names) {
  const pattern = new RegExp(
    `(?<!\\bthis)(?:\\??\\.(${names.join('|')})|\\["(${names.join('|')})"\\])\\s*(?:=(?![=>])|\\+=|\\?\\?=|\\|\\|=|&&=)`,
    'g',
  );
  return [...code.matchAll(pattern)].map((match) => match[1] ?? match[2] ?? '');
}

/** @param {string} file @param {string} code */
function editorProblems(file, code) {
  if (file.startsWith(owners.editor)) return [];
  const where = `only ${owners.editor} may`;
  /** @type {Found[]} */
  const found = [
    ...named(code, showing, (name) => `names ${name}; ${where} give VS Code texts`),
    ...assigned(code, shownProperties).map((name) => ({ name, what: `sets .${name}; ${where} set what VS Code shows` })),
  ];
  for (const match of code.matchAll(
    /\b(?:import|export)\b\s*(?<what>[^;"']*?)\s*from\s*"vscode"|\b(?:import|require)\(\s*"vscode"\s*\)/g,
  )) {
    const list = match.groups?.what ?? '*';
    const names = /^\{([^}]*)\}$/.exec(list)?.[1];
    if (names === undefined) {
      found.push({ name: 'vscode', what: 'takes all of vscode; import by name, so that it can be seen what is used' });
      continue;
    }
    for (const each of names
      .split(',')
      .map((part) => part.trim())
      .filter(Boolean)) {
      const [name, other] = each.split(/\s+as\s+/);
      if (carrying.includes(name)) found.push({ name, what: `imports ${name}; ${where} make one` });
      if (other !== undefined) found.push({ name, what: `imports ${name} under another name` });
    }
  }
  const body = code.replace(/\bimport\s*\{[^}]*\}\s*from\s*"vscode"/g, '');
  // As a word of a sentence it stands behind a space that no keyword stands before.
  if (/(?<![\w$.])(?<!(?<!\b(?:return|typeof|await|void|yield|of|in|case)) )window(?![\w$])(?!\??\.\w)/.test(body))
    found.push({ name: 'window', what: 'uses window otherwise than by its members' });
  if (/\bReflect\.(?:set|defineProperty)\(|\bObject\.(?:assign|defineProperty|defineProperties)\(/.test(body))
    found.push({ name: 'Object', what: 'sets properties that cannot be seen' });
  for (const [name, files] of Object.entries(providers)) {
    if (files.includes(file)) continue;
    const is = name.endsWith(':') ? new RegExp(`["'\`(]${name}`) : new RegExp(`\\b${name}\\b`);
    if (is.test(code)) found.push({ name, what: `names ${name}; only ${files.join(', ')} may (src/build/checkTexts.mjs)` });
  }
  return found;
}

/** @param {string} file @param {string} code */
function webviewProblems(file, code) {
  /** @type {Found[]} */
  const found = named(code, markup, (name) => `names ${name}; text must not become markup`);
  if (file === owners.webview) return found;
  const where = `; only ${owners.webview} may`;
  found.push(...assigned(code, readProperties).map((name) => ({ name, what: `sets .${name}${where}` })));
  const attribute = new RegExp(`\\.setAttribute\\(\\s*(?:"(${readAttributes.join('|')}|on\\w+)"|(?!"))`, 'g');
  for (const [, name] of code.matchAll(attribute))
    found.push({ name: name ?? 'setAttribute', what: `sets the attribute ${name ?? 'of a name that cannot be seen'}${where}` });
  if (!makers.includes(file) && /\bcreateElement(?:NS)?\(/.test(code))
    found.push({ name: 'createElement', what: `makes an element${where}` });
  return found;
}

/**
 * The problems of one file.
 * @param {string} file Path from the project's root, with slashes.
 * @param {string} text
 * @returns {string[]} `file:line text`
 */
export function textProblems(file, text) {
  const check =
    file.startsWith('src/editor/') || file === 'src/extension.ts'
      ? editorProblems
      : file.startsWith('webview/')
        ? webviewProblems
        : undefined;
  if (!check) return [];
  const { code } = transformSync(text, {
    loader: 'ts',
    format: 'esm',
    legalComments: 'none',
    charset: 'utf8',
    minifyWhitespace: true,
    tsconfigRaw: '{}',
  });
  const lines = text.split('\n');
  const lineOf = (/** @type {string} */ name) =>
    1 +
    Math.max(
      0,
      lines.findIndex((line) => line.includes(name) && !/^\s*(?:\/\/|\/?\*)/.test(line)),
    );
  return [...new Set(check(file, code).map(({ name, what }) => `${file}:${lineOf(name)} ${what}`))];
}

/**
 * Checks all of src/editor and webview.
 * @param {string} root The project's folder.
 * @returns {{ files: number, problems: string[] }}
 */
export function checkTexts(root) {
  const files = ['src', 'webview']
    .flatMap((folder) => readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map((file) => join(folder, file)))
    .map((file) => file.split(sep).join('/'))
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.d.ts'))
    .sort();
  const problems = files.flatMap((file) => textProblems(file, readFileSync(join(root, file), 'utf8')));
  return { files: files.length, problems };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
  const { files, problems } = checkTexts(root);
  for (const problem of problems) console.log(relative('.', join(root, problem)));
  console.log(`Texts: ${files} files, ${problems.length} problems.`);
  if (problems.length > 0) process.exitCode = 1;
}
