/**
 * Source maps of files on disk. They are read and decoded here, because parsing one of ten megabytes takes longer than the extension host may
 * be held. What is kept is bounded (`core/source/maps/sourceMaps.ts`).
 */

import { readFile, stat } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { SourceMapConsumer } from 'source-map';
import type { OriginalPosition, SourceMapProblem } from '../core/source';
import { SourceMaps } from '../core/source/maps/sourceMaps';
import type { EngineMethods } from '../protocol/engineProtocol';
import type { Handlers } from '../protocol/rpc';

type SourceMapMethods = Pick<EngineMethods, 'originalPosition' | 'originalContent' | 'forgetSourceMaps' | 'prepareSourceMaps'>;

export function sourceMapHandlers(): Handlers<SourceMapMethods> {
  const maps = new SourceMaps({ readText, loadConsumer: (map) => new SourceMapConsumer(map) });
  return {
    originalPosition: ({ file, line, column }): Promise<OriginalPosition | SourceMapProblem | undefined> =>
      maps.originalPosition(file, line, column),
    originalContent: ({ file, source }) => maps.content(file, source),
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

/** Text of a file; undefined where it is no file, too large or cannot be read. */
async function readText(uri: string, maxBytes: number): Promise<string | undefined> {
  try {
    const path = fileURLToPath(uri);
    const found = await stat(path);
    if (!found.isFile() || found.size > maxBytes) return undefined;
    const text = await readFile(path, 'utf8');
    return text.startsWith('\ufeff') ? text.slice(1) : text;
  } catch {
    return undefined;
  }
}
