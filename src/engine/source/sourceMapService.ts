/**
 * Source maps of files on disk. They are read and decoded here, because parsing one of ten megabytes takes longer than the extension host may
 * be held. What is kept is bounded (`source/maps/sourceMaps.ts`).
 */

import { fileURLToPath } from 'node:url';
import { SourceMapConsumer } from 'source-map';
import type { Handlers } from '../../protocol/rpc';
import type { SourceMethods } from '../../protocol/source';
import type { OriginalPosition, SourceMapProblem } from '../../source';
import { SourceMaps } from '../../source/maps/sourceMaps';
import { readableAt } from '../../source/uri/fence';
import { diskPaths } from '../disk/realPaths';
import { readRegular } from '../disk/regularFile';
import type { DerivedAccount } from '../store/memoryAccount';

/** Of a character of a map: its texts stay as they are, its mappings are decoded. */
const CHARACTER_BYTES = 2;

type SourceMapMethods = Pick<SourceMethods, 'originalPosition' | 'originalContent' | 'forgetSourceMaps' | 'prepareSourceMaps'>;

/** @param open counts the maps' memory */
export function sourceMapHandlers(open: (account: DerivedAccount) => void): Handlers<SourceMapMethods> {
  // Of the latest question; the host has everything forgotten when it names others.
  let folders: readonly string[] = [];
  let usedAt = 0;
  const maps = new SourceMaps({
    readText: (uri, maxBytes) => readText(uri, maxBytes, folders),
    loadConsumer: (map) => new SourceMapConsumer(map),
  });
  open({
    name: 'source maps',
    kind: 'derived',
    get bytes() {
      return maps.cached * CHARACTER_BYTES;
    },
    letGo(usedBefore) {
      if (usedAt < usedBefore && maps.cached > 0) maps.forget();
    },
  });
  return {
    originalPosition(params): Promise<OriginalPosition | SourceMapProblem | undefined> {
      folders = params.folders;
      usedAt = performance.now();
      return maps.originalPosition(params.file, params.line, params.column);
    },
    originalContent(params) {
      folders = params.folders;
      usedAt = performance.now();
      return maps.content(params.file, params.source);
    },
    forgetSourceMaps({ uris }) {
      if (!uris) maps.forget();
      else for (const uri of uris) maps.forget(uri);
    },
    // The first consumer compiles WebAssembly.
    async prepareSourceMaps() {
      (await new SourceMapConsumer({ version: 3, file: '', sources: [], names: [], mappings: '' })).destroy();
    },
  };
}

/** Text of a file; undefined where it is no file, too large, not in the folders or cannot be read. A map may be named anywhere. */
async function readText(uri: string, maxBytes: number, folders: readonly string[]): Promise<string | undefined> {
  try {
    const real = await readableAt(uri, folders, diskPaths);
    if (real === undefined) return undefined;
    const read = await readRegular(fileURLToPath(real), real, maxBytes);
    return read && new TextDecoder().decode(read.bytes);
  } catch {
    return undefined;
  }
}
