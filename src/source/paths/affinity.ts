/**
 * Where a service's other spans were found, as a reason for or against a file. It only tells files apart that fit equally, and makes an
 * answer less sure that leads into another service's folder: two services of one template have the same `src/index.ts`
 * with the same functions in it, and the one that isn't in the workspace must not pass for the one that is.
 */

import type { Context } from '../context/context';
import type { Match } from '../model/confidence';
import { confidence } from '../model/confidence';
import type { ServiceFolder, SourceCandidate } from '../model/types';
import { display } from '../uri/paths';
import { relativeSegments, uriSegments } from '../uri/uri';
import { alike, bestLikeness } from './serviceNames';
import { shortestMapping } from './shortestMapping';

/** Files of a service that must have been found in a folder for it to count as the service's: one may be a coincidence. */
const leastFiles = 2;
/** And to speak against a file, or against what speaks against it. */
const leastClaimed = 3;

/** Of candidates that fit equally the one in the service's folder; `evident`: those whose function stands there. Changes nothing where it can't tell. */
export function byAffinity(
  candidates: readonly SourceCandidate[],
  evident: readonly SourceCandidate[],
  context: Context,
): readonly SourceCandidate[] {
  const own = ownFolders(context);
  const asked = evident.length ? evident : candidates;
  const near = asked.filter((each) => own.some(({ folder }) => isBelow(folder, foundFile(each), context)));
  const [one, another] = near;
  if (!one || another || near.length === candidates.length) return candidates;
  const least = evident.includes(one) ? confidence.affinityWithFunction : confidence.affinity;
  const chosen: SourceCandidate = {
    ...one,
    confidence: Math.max(one.confidence, least),
    reason: `${one.reason}, where other spans of ${display(context.services[0], 60)} are`,
  };
  return candidates.map((each) => (each === one ? chosen : each));
}

/** Why the only file that fits may be another service's, in words; undefined: nothing speaks against it. */
export function rivalOf(path: string, file: string, match: Match, context: Context): string | undefined {
  if (match.kind !== 'suffix' && match.kind !== 'relative') return undefined;
  const { workspace } = context.ports;
  const [service] = context.services;
  if (service === undefined) return undefined;
  const found = shortestMapping(path, file, workspace.folders(), workspace.caseSensitive);
  if (!found) return undefined;
  const own = ownFolders(context);
  if (own.some(({ folder, files }) => files >= leastClaimed && isBelow(folder, file, context))) return undefined;
  if (own.some(({ root, folder }) => root === found.prefix && folder !== found.target))
    return `but other spans of ${display(service, 60)} are elsewhere`;
  for (const [name, folders] of Object.entries(context.options.affinity ?? {})) {
    if (bestLikeness([name], context.services) > 0) continue;
    for (const { folder, files } of folders) {
      const isNamed = alike(uriSegments(folder).at(-1) ?? '', name) > 0;
      if (files >= leastClaimed && isNamed && isBelow(folder, file, context))
        return `but spans of ${display(name, 60)} are there`;
    }
  }
  // Build files that know both services say whose folder it is.
  const mappings = context.options.inferredMappings ?? [];
  const isKnown = mappings.some(({ services }) => services && bestLikeness(services, context.services) > 0);
  const claims = mappings.filter(({ target, services }) => services?.length && isBelow(target, file, context));
  const isOthers = claims.length > 0 && claims.every(({ services = [] }) => bestLikeness(services, context.services) === 0);
  return isKnown && isOthers ? `but it is of ${display(claims[0].services?.[0] ?? '', 60)}` : undefined;
}

function ownFolders({ options, services }: Context): readonly ServiceFolder[] {
  const [service] = services;
  const { affinity } = options;
  if (service === undefined || !affinity || !Object.hasOwn(affinity, service)) return [];
  return affinity[service].filter(({ files }) => files >= leastFiles);
}

/** The file that was looked for: of a source map's answer the generated one. */
function foundFile({ file, generated }: SourceCandidate): string {
  return generated?.file ?? file;
}

function isBelow(folder: string, file: string, context: Context): boolean {
  return relativeSegments(folder, file, context.ports.workspace.caseSensitive) !== undefined;
}
