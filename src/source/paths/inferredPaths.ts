/**
 * Files that inferred mappings lead to. Unlike a user's, they are no one's word: a mapping whose file isn't there gives way without a
 * sound, and none may lead out of the workspace folders.
 *
 * Every second service of a compose file runs in `/app`. So the service decides first: mappings that bear the name of the span's service (or of
 * its container) are preferred to all others. Among mappings of one owner the longest prefix wins. What then still leads to several files
 * is a tie, for the function in the file, or the person, to decide.
 */

import { throwIfAborted } from '../../base/errors';
import type { Context } from '../context/context';
import type { Located } from '../model/located';
import type { InferredMapping } from '../model/types';
import { display, type SourcePath } from '../uri/paths';
import { joinUri, relativeSegments, uriSegments } from '../uri/uri';
import { type Fit, fitting } from './mappings';
import { alike, bestLikeness } from './serviceNames';

export interface InferredFiles {
  readonly found: readonly Located[];
  /** In words, where mappings fit and no file is there. */
  readonly missing?: string;
}

interface Hit {
  readonly file: string;
  readonly fit: Fit<InferredMapping>;
  /** -1: of a service of another name. 0: it doesn't say. 1: of a similar name. 2: of the same. */
  readonly level: number;
}

/** Mappings that are asked whether their file is there. */
const maxAsked = 200;
const maxFound = 10;

export async function byInferredMapping(path: SourcePath, context: Context): Promise<InferredFiles> {
  const { inferredMappings: all = [] } = context.options;
  if (!all.length) return { found: [] };
  const fits = fitting(path, all).filter(({ mapping }) => mapping.prefix !== '.' || levelOf(mapping, context) >= 1);
  if (!fits.length) return { found: [] };
  // What was learned is asked last: it rests on what the build files would have said better.
  for (const isLearned of [false, true]) {
    const hits = await existing(
      fits.filter(({ mapping }) => (mapping.kind === 'learned') === isLearned),
      context,
    );
    if (hits.length) return { found: choose(hits, all, context) };
  }
  const { mapping, rest } = fits[0];
  const target = [...uriSegments(mapping.target).slice(-1), ...rest].join('/');
  return { found: [], missing: `the mapping of ${describeMapping(mapping)} leads to ${display(target)}, which is not there` };
}

/** Of each owner the file of its longest prefix. */
async function existing(fits: readonly Fit<InferredMapping>[], context: Context): Promise<readonly Hit[]> {
  const { workspace } = context.ports;
  const hits: Hit[] = [];
  const owners = new Set<string>();
  for (const fit of fits.slice(0, maxAsked)) {
    throwIfAborted(context.signal);
    const { mapping, rest } = fit;
    const owner = mapping.owner ?? mapping.origin;
    if (owners.has(owner)) continue;
    const file = joinUri(mapping.target, rest);
    const isInside = workspace.folders().some((folder) => relativeSegments(folder, file, workspace.caseSensitive));
    if (!isInside || !(await workspace.exists(file))) continue;
    owners.add(owner);
    hits.push({ file, fit, level: levelOf(mapping, context) });
  }
  return hits;
}

function choose(hits: readonly Hit[], all: readonly InferredMapping[], context: Context): readonly Located[] {
  const best = Math.max(...hits.map(({ level }) => level));
  // A name decides; "another" and "doesn't say" are no reasons to choose between.
  const chosen = best >= 1 ? hits.filter(({ level }) => level === best) : hits;
  const byFile = new Map<string, Hit>();
  for (const hit of chosen) if (!byFile.has(hit.file)) byFile.set(hit.file, hit);
  const ties = byFile.size;
  const hasOwn = best < 0 && all.some((mapping) => levelOf(mapping, context) >= 1);
  const service = best >= 1 ? 'same' : hasOwn ? 'other' : undefined;
  return [...byFile.values()].slice(0, maxFound).map(({ file, fit: { mapping, rest } }) => ({
    file,
    match: { kind: 'inferred', segments: rest.length, whole: true, bare: false, ties, ...(service ? { service } : {}) },
    how: `${ties > 1 ? `as one of ${ties} files ` : ''}by the mapping of ${describeMapping(mapping)}${note(service, context)}`,
    mapping: { prefix: mapping.prefix, target: mapping.target, origin: mapping.origin },
  }));
}

function note(service: 'same' | 'other' | undefined, context: Context): string {
  return service === 'other' ? `, which is not of ${display(context.services[0], 60)}` : '';
}

function describeMapping({ prefix, origin, kind }: InferredMapping): string {
  const what = prefix === '.' ? 'its working directory' : prefix;
  return kind === 'learned' ? `${what}, ${origin}` : `${what} in ${origin}`;
}

/** Whether a mapping is of the service that the place is of. A mapping that says none is named after its folder. */
function levelOf(mapping: InferredMapping, context: Context): number {
  const { services } = context;
  if (!services.length) return 0;
  if (mapping.services?.length) return bestLikeness(services, mapping.services) || -1;
  const folder = uriSegments(mapping.target).at(-1) ?? '';
  return services.some((name) => alike(name, folder) > 0) ? 1 : 0;
}
