// A workspace on disk behind the fence, as the editor's, without an editor: what is asked of the disk is noted.
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { SourceMapConsumer } from 'source-map';
import { diskPaths } from '../../../../src/engine/disk/realPaths';
import type { SourcePorts } from '../../../../src/source';
import { SourceMaps } from '../../../../src/source/maps/sourceMaps';
import { mappedFolders } from '../../../../src/source/paths/mappings';
import { mayAsk, plainUri, type RealPathPort, readableAt, standingOf } from '../../../../src/source/uri/fence';

export interface FencedDisk {
  readonly ports: SourcePorts;
  /** URIs that the disk was asked about, or read. */
  readonly asked: string[];
}

export const uriOf = (path: string): string => pathToFileURL(path).toString();

export function fencedDisk(roots: readonly string[], mappings: Readonly<Record<string, string>> = {}): FencedDisk {
  const folders = roots.map(uriOf);
  const asked: string[] = [];
  const readable = [...folders, ...mappedFolders(mappings, folders)];
  const noting: RealPathPort = {
    ...diskPaths,
    realPath(uri) {
      asked.push(uri);
      return diskPaths.realPath(uri);
    },
  };
  const readText = async (uri: string, maxBytes: number): Promise<string | undefined> => {
    const real = await readableAt(uri, readable, noting);
    if (real === undefined) return undefined;
    const text = readFileSync(fileURLToPath(real), 'utf8');
    return text.length > maxBytes ? undefined : text;
  };
  const files = roots.flatMap((root) =>
    readdirSync(root, { recursive: true, encoding: 'utf8' }).map((name) => uriOf(`${root}/${name}`)),
  );
  const ports: SourcePorts = {
    workspace: {
      caseSensitive: true,
      folders: () => folders,
      exists: async (uri) => {
        if (!mayAsk(uri, readable, false, true)) return false;
        asked.push(uri);
        return statSync(new URL(plainUri(uri, false) ?? uri), { throwIfNoEntry: false })?.isFile() ?? false;
      },
      isInside: async (uri) => (await standingOf(uri, folders, noting)).inside,
      findByBaseName: async (name) => files.filter((file) => file.endsWith(`/${name}`)),
      readText,
    },
    sourceMaps: new SourceMaps({ readText, loadConsumer: (map) => new SourceMapConsumer(map) }),
  };
  return { ports, asked };
}
