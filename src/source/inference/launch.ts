/**
 * Debug configurations: whoever attaches a debugger to a container has written down which folder is which. Each kind of debugger has its own words
 * for it:
 *
 * | debugger                | words                                                                        |
 * |-------------------------|------------------------------------------------------------------------------|
 * | Node, older Python      | `localRoot`, `remoteRoot`                                                    |
 * | Python                  | `pathMappings: [{ localRoot, remoteRoot }]`                                  |
 * | PHP                     | `pathMappings: { "/remote": "local" }`                                       |
 * | Go                      | `substitutePath: [{ from: local, to: remote }]`, `remotePath` (with `cwd`)   |
 * | .NET, C++               | `sourceFileMap: { "/compiled": "local" }`                                    |
 * | LLDB                    | `sourceMap: { "/compiled": "local" }`                                        |
 * | JavaScript              | `sourceMapPathOverrides: { "webpack:///./src/*": "${webRoot}/src/*" }`       |
 * | browsers                | `url` or `urlFilter` with `webRoot` (`rootPath`), `pathMapping`              |
 */

import type { Node } from 'jsonc-parser';
import { parseUri, uriSegments } from '../uri/uri';
import { type ConfigFile, Findings, folderOf, lineAt, type Owner, resolveLocal, type WorkspaceFolderInfo } from './findings';
import { child, items, members, readJson, textOf } from './json';
import { replaceVscode } from './variables';

const maxConfigurations = 500;

/** `.vscode/launch.json`, or a `.code-workspace` file with its section `launch`. */
export function inferFromLaunch(file: ConfigFile, folders: readonly WorkspaceFolderInfo[]): Findings {
  const findings = new Findings(file.uri, 'launch', folders);
  const root = readJson(file.text, findings);
  const isWorkspace = file.uri.endsWith('.code-workspace');
  const list = items(isWorkspace ? child(root, 'launch', 'configurations') : child(root, 'configurations'));
  // A launch.json belongs to the folder above `.vscode`, also where that is opened as a part of something larger.
  const home = isWorkspace ? folders[0]?.uri : folderOf(folderOf(file.uri));
  if (home === undefined) return findings;
  for (const node of list.slice(0, maxConfigurations)) {
    const configuration = new Configuration(node, home, file.text, findings);
    configuration.read(node);
    // The type `docker` has the words of the language's debugger in a part of its own.
    for (const part of ['node', 'python', 'netCore']) configuration.read(child(node, part));
  }
  return findings;
}

/** One entry of `configurations`. */
class Configuration {
  private readonly owner: Owner;
  private readonly webRoot: string | undefined;

  constructor(
    node: Node,
    private readonly home: string,
    private readonly text: string,
    private readonly findings: Findings,
  ) {
    const service = textOf(child(node, 'env', 'OTEL_SERVICE_NAME'));
    this.owner = { name: `"${textOf(child(node, 'name')) ?? 'without a name'}"`, services: service ? [service] : [] };
    this.webRoot = textOf(child(node, 'webRoot')) ?? textOf(child(node, 'rootPath'));
  }

  read(node: Node | undefined): void {
    if (!node) return;
    const remoteRoot = child(node, 'remoteRoot');
    if (remoteRoot) this.add(textOf(remoteRoot), textOf(child(node, 'localRoot')) ?? '.', 'remoteRoot', remoteRoot);
    const remotePath = child(node, 'remotePath');
    if (textOf(remotePath)) this.add(textOf(remotePath), textOf(child(node, 'cwd')) ?? '.', 'remotePath', remotePath);
    this.pairs(child(node, 'pathMappings'), 'pathMappings', 'remoteRoot', 'localRoot');
    this.pairs(child(node, 'substitutePath'), 'substitutePath', 'to', 'from');
    for (const name of ['sourceFileMap', 'sourceMap', 'sourceMapPathOverrides']) {
      for (const [remote, local] of members(child(node, name))) this.pattern(remote, local, name);
    }
    this.browser(node);
  }

  /** A list of pairs, or an object from remote to local. */
  private pairs(node: Node | undefined, how: string, remoteKey: string, localKey: string): void {
    for (const item of items(node)) this.add(textOf(child(item, remoteKey)), textOf(child(item, localKey)), how, item);
    for (const [remote, local] of members(node)) this.add(remote, textOf(local), how, local);
  }

  /** A key may end in `*`, and the value with it. */
  private pattern(remote: string, local: Node, how: string): void {
    // `?:*` of js-debug's own patterns stands for any name.
    const prefix = remote.replace('?:*', '').replace(/\*$/, '');
    const target = (textOf(local) ?? textOf(child(local, 'editorPath')))?.replace(/\*$/, '');
    if (prefix.includes('*') || prefix === '' || target === undefined || target.includes('*')) this.findings.skipped++;
    else this.add(prefix, target, how, local);
  }

  private browser(node: Node): void {
    const origin = /^https?:\/\/[^/*?#]+/i.exec(textOf(child(node, 'url')) ?? textOf(child(node, 'urlFilter')) ?? '')?.[0];
    if (origin === undefined) return;
    if (this.webRoot !== undefined) this.add(`${origin}/`, this.webRoot, 'webRoot', child(node, 'webRoot') ?? node);
    for (const [path, local] of members(child(node, 'pathMapping'))) {
      this.add(`${origin}/${path.replace(/^\//, '')}`, textOf(local), 'pathMapping', local);
    }
  }

  private add(remote: string | undefined, local: string | undefined, how: string, node: Node | undefined): void {
    // Python's templates map `.`, which is every relative path, to itself.
    if (remote === undefined || local === undefined || remote === '.') return;
    const prefix = this.replaced(remote, false);
    const target = this.replaced(local, true);
    const uri = target === undefined ? undefined : resolveLocal(this.home, target);
    this.findings.add(prefix ?? '', uri, this.owner, how, lineAt(this.text, node?.offset ?? 0));
  }

  /** With variables replaced: here by URIs of folders, in a remote path by their names only. */
  private replaced(text: string, local: boolean): string | undefined {
    return replaceVscode(text, (name, argument) => {
      const named = this.findings.folders.find((folder) => folder.name === argument)?.uri;
      const folder = argument === undefined ? this.home : named;
      if (name === 'workspaceFolderBasename') return folder && uriSegments(folder).at(-1);
      if (name === 'workspaceFolder' || name === 'workspaceRoot') return local ? folder : folder && parseUri(folder)?.path;
      if (name === 'webRoot' && local && this.webRoot !== undefined && !this.webRoot.includes('webRoot'))
        return this.replaced(this.webRoot, true);
      return undefined;
    });
  }
}
