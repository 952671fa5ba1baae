/**
 * Searches one folder with ripgrep. A text that stands everywhere (`get`, `order`) would bury the others in output that nobody needs: when most of
 * what comes is of texts that have all the hits that are kept, the run is ended, and another looks for the other texts only.
 */

import { fileURLToPath } from 'node:url';
import { joinUri } from '../../../source/uri/uri';
import type { Workspace } from '../../ports/workspace';
import { statFile } from '../../workspace/rawFiles';
import { maxJsonBytes } from './exclusions';
import type { HitCollector } from './hitCollector';
import { maxLinesPerFile, searchLines } from './searchLines';
import type { SourceFolder } from './sourceFolders';

const maxRuns = 4;
/** Bytes of output without a new hit after which it is better to begin anew; about what ripgrep writes in a hundredth of a second. */
const uselessBytes = 512 << 10;
const maxBytes = 16 << 20;
/** Lines of JSON files that wait until their size is known. */
const maxJsonLines = 5000;

interface JsonLine {
  readonly line: number;
  readonly text: string;
}

/** Answers files that have more lines than ripgrep was told to print, which have to be read by ourselves. */
export async function searchFolder(
  binary: string,
  folder: SourceFolder,
  into: HitCollector,
  signal: AbortSignal,
  workspace: Workspace,
): Promise<readonly string[]> {
  const crowded = new Set<string>();
  const json = new Map<string, JsonLine[]>();
  const file = fileNames(folder.uri);
  let isNarrower = true;
  for (let run = 1; ; run++) {
    const needles = into.narrow();
    if (needles.length === 0) break;
    const isLast = run === maxRuns || !isNarrower;
    let useless = 0;
    let lastPath = '';
    let linesOfPath = 0;
    let jsonLines = 0;
    json.clear();
    const outcome = await searchLines({
      binary,
      folder: fileURLToPath(folder.uri),
      needles,
      excluded: folder.excluded,
      useParentIgnores: folder.useParentIgnores,
      maxBytes,
      signal,
      take(path, line, text, bytes) {
        linesOfPath = path === lastPath ? linesOfPath + 1 : 1;
        lastPath = path;
        if (linesOfPath === maxLinesPerFile) crowded.add(file(path));
        if (path.endsWith('.json')) {
          if (jsonLines++ < maxJsonLines) keep(json, path, { line, text });
        } else if (!into.add(file(path), line, text)) useless += bytes;
        return !isLast && useless > uselessBytes ? 'enough' : 'more';
      },
    });
    if (outcome === 'cut') into.truncate();
    if (outcome !== 'enough') break;
    isNarrower = into.narrow().length < needles.length;
  }
  for (const [path, lines] of json) {
    const found = await statFile(file(path), workspace);
    if (!found || found.size > maxJsonBytes) continue;
    for (const { line, text } of lines) into.add(file(path), line, text);
  }
  return [...crowded];
}

/** The lines of a file follow each other: its URI is made once for them. */
function fileNames(folder: string): (path: string) => string {
  let lastPath: string | undefined;
  let uri = '';
  return (path) => {
    if (path !== lastPath) {
      uri = joinUri(folder, path.split('/'));
      lastPath = path;
    }
    return uri;
  };
}

function keep(json: Map<string, JsonLine[]>, path: string, line: JsonLine): void {
  const lines = json.get(path);
  if (lines) lines.push(line);
  else json.set(path, [line]);
}
