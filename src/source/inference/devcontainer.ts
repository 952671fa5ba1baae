/**
 * Development containers, for whoever looks from outside at what runs in one: `workspaceMount` and `workspaceFolder`, `mounts`, or
 * what is usual, the folder in `/workspaces`. With a compose file the mounts are said there.
 * https://containers.dev/implementors/json_reference/
 */

import type { Node } from 'jsonc-parser';
import { uriSegments } from '../uri/uri';
import { type ConfigFile, Findings, folderOf, joinRemote, lineAt, resolveLocal, type WorkspaceFolderInfo } from './findings';
import { child, items, readJson, textOf } from './json';
import { replaceVscode } from './variables';

const maxMounts = 100;

export function inferFromDevcontainer(file: ConfigFile, folders: readonly WorkspaceFolderInfo[]): Findings {
  const findings = new Findings(file.uri, 'devcontainer', folders);
  const root = readJson(file.text, findings);
  if (!root) return findings;
  const home = homeOf(file.uri);
  const name = uriSegments(home).at(-1) ?? '';
  const inside = textOf(child(root, 'workspaceFolder'));
  const remote = (inside && replaced(inside, home, name, undefined, false)) || `/workspaces/${name}`;
  const owner = { name: '', services: [] };
  const add = (source: string | undefined, target: string | undefined, how: string, node: Node | undefined): void => {
    const from = source === undefined ? undefined : replaced(source, home, name, remote, true);
    const to = target === undefined ? undefined : replaced(target, home, name, remote, false);
    findings.add(
      to === undefined ? '' : joinRemote('/', to),
      from === undefined ? undefined : resolveLocal(home, from),
      owner,
      how,
      lineAt(file.text, node?.offset ?? 0),
    );
  };
  const mount = child(root, 'workspaceMount');
  if (textOf(mount)) addMount(mount, 'workspaceMount', add);
  else if (!child(root, 'dockerComposeFile')) add('.', remote, 'workspaceFolder', child(root, 'workspaceFolder') ?? root);
  for (const each of items(child(root, 'mounts')).slice(0, maxMounts)) addMount(each, 'mounts', add);
  return findings;
}

type Add = (source: string | undefined, target: string | undefined, how: string, node: Node | undefined) => void;

/** `source=…,target=…,type=bind` or an object of the same words. */
function addMount(node: Node | undefined, how: string, add: Add): void {
  const text = textOf(node);
  const pairs = (text ?? '').split(',').map((each) => [each.split('=')[0].trim(), each.slice(each.indexOf('=') + 1).trim()]);
  const words = new Map(pairs.map(([key, value]) => [key, value] as const));
  const get = (...names: string[]): string | undefined =>
    names.map((name) => (text === undefined ? textOf(child(node, name)) : words.get(name))).find((each) => each !== undefined);
  if (get('type') === 'bind') add(get('source', 'src'), get('target', 'destination', 'dst'), how, node);
}

/** The folder that the container is of: above `.devcontainer`, or the file's own. */
function homeOf(uri: string): string {
  const at = uri.indexOf('/.devcontainer/');
  return at < 0 ? folderOf(uri) : uri.slice(0, at);
}

function replaced(text: string, home: string, name: string, remote: string | undefined, local: boolean): string | undefined {
  return replaceVscode(text, (variable) => {
    if (variable === 'localWorkspaceFolder') return local ? home : undefined;
    if (variable === 'localWorkspaceFolderBasename') return name;
    if (variable === 'containerWorkspaceFolder') return remote;
    if (variable === 'containerWorkspaceFolderBasename') return remote?.split('/').at(-1);
    return undefined;
  });
}
