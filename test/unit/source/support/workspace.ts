/** Workspaces for the tests of source resolution: one on disk under URIs of our choice, one in memory. */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { SourceMapConsumer } from 'source-map';
import type { SourcePorts, WorkspacePort } from '../../../../src/source';
import { SourceMaps } from '../../../../src/source/maps/sourceMaps';
import { joinUri, relativeSegments } from '../../../../src/source/uri/uri';

/** Files by URI, without their folders. */
export function memoryWorkspace(
  folders: readonly string[],
  files: Readonly<Record<string, string>>,
  caseSensitive = true,
): WorkspacePort {
  const find = (uri: string): string | undefined =>
    Object.keys(files).find((file) => file === uri || (!caseSensitive && file.toLowerCase() === uri.toLowerCase()));
  return {
    folders: () => folders,
    exists: async (uri) => find(uri) !== undefined,
    isInside: async (uri) => folders.some((folder) => relativeSegments(folder, uri, caseSensitive)),
    findByBaseName: async (name, anyCase) => {
      const fold = (text: string): string => (caseSensitive && !anyCase ? text : text.toLowerCase());
      return Object.keys(files).filter(
        (file) =>
          fold(decodeURIComponent(file.slice(file.lastIndexOf('/') + 1))) === fold(name) &&
          folders.some((folder) => file.startsWith(folder)),
      );
    },
    findByPath: async ({ passes }) =>
      Object.keys(files).filter((file) =>
        folders.some((folder) => passes(relativeSegments(folder, file, caseSensitive)?.join('/') ?? '')),
      ),
    readText: async (uri, maxBytes) => {
      const text = files[find(uri) ?? ''];
      return text === undefined || text.length > maxBytes ? undefined : text;
    },
    caseSensitive,
  };
}

/** Folders on disk, shown under other URIs: nothing may depend on where they really are. */
export function diskWorkspace(roots: Readonly<Record<string, string>>): WorkspacePort {
  const index = new Map<string, string[]>();
  const onDisk = (uri: string): string | undefined => {
    for (const [folder, root] of Object.entries(roots)) {
      const inside = relativeSegments(folder, uri, true);
      if (inside) return join(root, ...inside);
    }
    return undefined;
  };
  const walk = (folder: string, root: string, below: readonly string[]): void => {
    for (const entry of readdirSync(join(root, ...below), { withFileTypes: true })) {
      if (entry.isDirectory()) walk(folder, root, [...below, entry.name]);
      else index.set(entry.name, [...(index.get(entry.name) ?? []), joinUri(folder, [...below, entry.name])]);
    }
  };
  for (const [folder, root] of Object.entries(roots)) walk(folder, root, []);
  return {
    folders: () => Object.keys(roots),
    isInside: async (uri) => onDisk(uri) !== undefined,
    exists: async (uri) => {
      const path = onDisk(uri);
      return path !== undefined && existsSync(path) && statSync(path).isFile();
    },
    findByBaseName: async (name, anyCase) =>
      anyCase
        ? [...index].flatMap(([known, files]) => (known.toLowerCase() === name.toLowerCase() ? files : []))
        : (index.get(name) ?? []),
    findByPath: async ({ passes }) =>
      [...index.values()]
        .flat()
        .filter((file) => Object.keys(roots).some((folder) => passes(relativeSegments(folder, file, true)?.join('/') ?? ''))),
    readText: async (uri, maxBytes) => {
      const path = onDisk(uri);
      if (path === undefined || !existsSync(path)) return undefined;
      const text = readFileSync(path, 'utf8');
      return text.length > maxBytes ? undefined : text;
    },
    caseSensitive: true,
  };
}

/** A workspace with source maps read by the real `source-map` package. */
export function withSourceMaps(workspace: WorkspacePort): SourcePorts & { readonly sourceMaps: SourceMaps } {
  const sourceMaps = new SourceMaps({
    readText: workspace.readText,
    loadConsumer: (map) => new SourceMapConsumer(map),
  });
  return { workspace, sourceMaps };
}
