/**
 * Code that was compiled elsewhere and is not here: `/usr/src/app/dist/pricing.js` of a container, where the workspace has only
 * `src/pricing.ts`. Without the build there is no source map and the line means nothing, but the file of the same name is likely the source,
 * and the function that the frame names stands somewhere in it. A guess, and it says so.
 *
 * A minified bundle is made of many files, and `cart/main.js` is least of all `cart/main.ts`: there the name alone is no guess.
 */

import type { Context } from './context/context';
import { findDefinition } from './context/evidence';
import { confidence } from './model/confidence';
import type { StatedPlace } from './model/statedPlace';
import type { SourceCandidate } from './model/types';
import { locate, outputFolder, segmentsInWorkspace } from './paths/locate';
import { baseName, display, type SourcePath } from './uri/paths';

const sourceEndings: readonly string[] = ['ts', 'tsx', 'mts', 'cts'];

/** What is said of minified code whose build isn't here. */
export const buildMissing = 'it is minified, and the build that has its source map is not in the workspace';

/** Lines of code that a person wrote, or that was compiled line by line, are not that long; and nothing starts a span in its first. */
const longestLine = 300;

/** Whether a place is in minified code, as far as its name and its numbers tell. */
export function isMinified({ path, line, column }: StatedPlace): boolean {
  return /\.[cm]?js$/i.test(path) && line !== undefined && (line === 1 || (column ?? 0) > longestLine);
}

export async function findSourceOfOutput(
  place: StatedPlace,
  path: SourcePath,
  context: Context,
): Promise<SourceCandidate | undefined> {
  const stem = /^(.+)\.[cm]?jsx?$/i.exec(baseName(path))?.[1];
  if (stem === undefined) return undefined;
  const folders = path.segments.slice(0, -1).map((folder) => (outputFolder.test(folder) ? 'src' : folder));
  for (const ending of sourceEndings) {
    const name = `${stem}.${ending}`;
    const source = { ...path, text: `${path.text} from ${name}`, segments: [...folders, name] };
    const [hit] = (await locate(source, undefined, context)).found;
    // The name alone is no evidence: every project has an index.ts.
    if (!hit || hit.match.ties > 1 || hit.match.segments < 2) continue;
    const definition = place.functionName === undefined ? undefined : await findDefinition(hit.file, place.functionName, context);
    if (!definition && isMinified(place)) continue;
    const shown = display((segmentsInWorkspace(hit.file, context) ?? [name]).join('/'));
    const where = definition ? `${definition.name} is defined there` : 'its lines are others';
    return {
      file: hit.file,
      line: definition?.line ?? 0,
      rung: place.rung ?? 'pathMapping',
      confidence: definition ? confidence.sameStemFunction : confidence.sameStem,
      reason: `${place.from}, ${display(path.segments.slice(-2).join('/'))} is not in the workspace, ${shown} has its name, ${where}`,
      guessed: true,
      ...(definition ? {} : { lineUnknown: true }),
    };
  }
  return undefined;
}
