// @ts-check
// The law of the fence as data, and its check: what opens, shows or reads a file of the workspace does so through `src/editor/opening/gate.ts` (open)
// or `src/app/workspace/workspaceFiles.ts` (read), or is named here with the reason why it need not. Reads the code as text. An entry that is used
// no more is a problem too. `node src/build/checkOpening.mjs` prints `file:line problem` and exits non-zero.

import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * @typedef {object} Rule
 * @property {string} what Begins the sentence.
 * @property {RegExp} pattern
 * @property {Readonly<Record<string, string>>} files Below src, and why they may.
 */

/** @type {readonly Rule[]} */
const openingLaw = [
  {
    what: 'loads a document',
    pattern: /\bopen(?:Text|Notebook)Document\b/g,
    files: {
      'editor/opening/gate.ts': 'the gate',
      'editor/adapters/userInterface.ts': 'a new text, which is on no disk',
      'editor/adapters/symbolProviders.ts': 'a file of the workspace, by its real path, for its symbols; it is not shown',
    },
  },
  {
    what: 'shows a document',
    pattern: /\bshow(?:Text|Notebook)Document\b/g,
    files: {
      'editor/opening/showLine.ts': 'what the gate opened',
      'editor/adapters/userInterface.ts': 'a new text, which is on no disk',
      'editor/live/lineFollower.ts': 'what the gate opened',
      'editor/captures/recordDocuments.ts': 'what the gate opened',
      'editor/code/showReach.ts': 'what the gate opened, or can be seen',
      'editor/code/tracePreview.ts': 'the tab that was active before',
    },
  },
  {
    what: 'has VS Code open something',
    pattern:
      /['"`](?:vscode\.(?:open|openWith|diff|changes)|revealFileInOS|revealInExplorer|workbench\.action\.files\.[\w.]+)['"`]/g,
    files: {
      'editor/captures/captureCommands.ts': 'the folder of our own captures',
      'editor/adapters/userInterface.ts': 'the trace file that the person opened; addresses of the web, which VS Code asks about',
      'editor/waterfall/viewActions.ts': 'an address of the web, which VS Code asks about',
      'editor/waterfall/panels.ts': 'the trace file that the person opened',
    },
  },
  {
    what: 'gives VS Code a place that it opens by itself',
    pattern:
      /\bnew (?:Location|LocationLink)\b|\b(?:peek|goTo)Locations\b|\bregister(?:Definition|Declaration|TypeDefinition|Implementation|Reference)Provider\b/g,
    files: {
      'editor/code/showReach.ts': 'what the gate said is inside a moment ago',
      'editor/diagnostics/publisher.ts': 'what the gate said is inside when it was found',
    },
  },
  {
    what: 'reads files by Node',
    pattern: /\bfrom ['"](?:node:)?fs(?:\/promises)?['"]/g,
    files: {
      'app/workspace/rawFiles.ts': 'files of a disk, for those that the next rule names',
      'app/workspace/nodeWorkspace.ts': 'lists and watches the folders that a program was given, and reads nothing',
      'app/captures/captureService.ts': 'whether there is anything in the folder of our own captures',
      'app/instrument/javaAgents.ts': 'where agents are: names and sizes',
      'app/instrument/javaAgentDownload.ts': 'puts an agent where it is kept',
      'app/instrument/dotnet.ts': 'whether the automatic instrumentation is installed',
      'app/source/git/findGit.ts': 'the program',
      'app/source/git/renames.ts': 'files that Git lists in a repository; links are left out',
      'app/source/git/repositories.ts': 'looks for `.git` above a file that may be read',
      'app/workspace/ripgrep/ripgrepBinary.ts': 'the program',
      'editor/waterfall/html.ts': 'script and styles of the page',
    },
  },
  {
    what: 'reads raw files',
    pattern: /\b(?:statFile|readBytes|virtualFiles|isFileOnDisk|readRegular)\b/g,
    files: {
      'app/ports/workspace.ts': 'the port',
      'app/workspace/rawFiles.ts': 'where they are read',
      'app/workspace/nodeWorkspace.ts': 'the port of a program, which has none but those of a disk',
      'editor/adapters/workspace.ts': 'the port of VS Code',
      'app/sample/sampleWorkspace.ts': 'hands on the port, for files that we serve ourselves',
      'app/workspace/workspaceFiles.ts': 'reads what the fence lets be read',
      'app/workspace/workspaceFence.ts': 'the fence of file systems that are on no disk',
      'app/workspace/fileIndex.ts': 'asks whether what a watcher told of is a folder',
      'app/source/symbols/workspaceSymbols.ts': 'the size of a file of the workspace, by its real path',
      'app/source/textSearch/searchFolder.ts': 'asks for the size of what ripgrep found, which follows no links',
      'app/source/textSearch/sourceFolders.ts': '.gitignore files of workspace folders and above',
      'app/source/textSearch/textSearch.ts': 'asks whether what a watcher told of is a folder',
      'app/backends/tlsFiles.ts':
        'certificates and keys that a setting of the person, or of a trusted workspace, names; they are not shown',
      'app/exceptions/fileLines.ts': 'what the fence said is inside a moment ago',
    },
  },
  {
    what: 'reads files by VS Code',
    pattern: /\bworkspace\.fs\b/g,
    files: {
      'editor/adapters/workspace.ts': 'files that are on no disk, for those that the rule of raw files names',
      'editor/sample/sampleFiles.ts': 'the files of the sample trace, in our own folder',
      'editor/captures/exportCapture.ts': 'copies what was exported to where the person said',
      'editor/commands/exportTrace.ts': 'writes where the person chose',
      'editor/adapters/fileSystem.ts': 'the trace file that the person opened',
    },
  },
];

/**
 * What is wrong with one file.
 * @param {string} file Below src, with slashes.
 * @param {string} text
 * @param {readonly Rule[]} [law]
 * @returns {string[]} `line text`
 */
export function openingProblems(file, text, law = openingLaw) {
  // Comments become blanks of the same length, so that lines stay.
  const code = text.replace(/^[ \t]*(?:\/\/[^\n]*|\/\*[\s\S]*?\*\/)/gm, (comment) => comment.replace(/[^\n]/g, ' '));
  return law.flatMap(({ what, pattern, files }) => {
    if (files[file] !== undefined) return code.search(pattern) < 0 ? [`1 ${what} no more; take it out of checkOpening.mjs`] : [];
    return [...code.matchAll(pattern)].map((match) => {
      const line = code.slice(0, match.index).split('\n').length;
      return `${line} ${what} (${match[0]}) around the gate: editor/opening/gate.ts opens, app/workspace/workspaceFiles.ts reads`;
    });
  });
}

/** Where it holds: what runs on the thread of the editor, with the rights of the person. */
const governed = ['app', 'editor'];

/**
 * Checks all of src/app and src/editor.
 * @param {string} root The project's folder.
 * @returns {{ files: number, problems: string[] }} Problems as `file:line text`.
 */
export function checkOpening(root) {
  const folder = join(root, 'src');
  const files = governed
    .flatMap((part) => readdirSync(join(folder, part), { recursive: true, encoding: 'utf8' }).map((file) => join(part, file)))
    .map((file) => file.split(sep).join('/'))
    .filter((file) => file.endsWith('.ts'))
    .sort();
  const problems = files.flatMap((file) =>
    openingProblems(file, readFileSync(join(folder, file), 'utf8')).map((problem) => `src/${file}:${problem}`),
  );
  for (const { what, files: named } of openingLaw)
    for (const file of Object.keys(named)) if (!files.includes(file)) problems.push(`src/${file}:1 is not there, but ${what}`);
  return { files: files.length, problems };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
  const { files, problems } = checkOpening(root);
  for (const problem of problems) console.log(relative('.', join(root, problem)));
  console.log(`Opening: ${files} files, ${problems.length} problems.`);
  if (problems.length > 0) process.exitCode = 1;
}
