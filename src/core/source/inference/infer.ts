/**
 * Path mappings out of the files that say how programs are built and run: launch.json, compose files, Dockerfiles, development containers. Pure:
 * texts in, mappings out. It is slow for an extension host (a compose file of 100 kB takes a few hundred milliseconds to parse), so
 * the engine runs it.
 */

import type { InferredMapping } from '../types';
import { inferFromCompose } from './compose';
import { type ConfigKind, configKind } from './configFiles';
import { inferFromDevcontainer } from './devcontainer';
import { inferFromDockerfile } from './dockerfiles';
import { type ConfigFile, type Findings, type InferenceProblem, maxMappings, type WorkspaceFolderInfo } from './findings';
import { inferFromLaunch } from './launch';

export interface InferenceInput {
  readonly files: readonly ConfigFile[];
  readonly folders: readonly WorkspaceFolderInfo[];
}

export interface Inference {
  /** What a person wrote to map paths first, then what is mounted, then what is built. */
  readonly mappings: readonly InferredMapping[];
  readonly problems: readonly InferenceProblem[];
  /** Entries that name a variable without a value, or lead out of the workspace folders. */
  readonly skipped: number;
}

export function inferMappings({ files, folders }: InferenceInput): Inference {
  const texts = new Map(files.map(({ uri, text }) => [uri, text]));
  const of = (kind: ConfigKind): readonly ConfigFile[] => files.filter(({ uri }) => configKind(uri) === kind);
  const composed = of('compose').map((file) => inferFromCompose(file, folders, (uri) => texts.get(uri)));
  // A compose file says more of a Dockerfile than the file itself: its context, its target, the service.
  const told = new Set(composed.flatMap(({ dockerfiles }) => dockerfiles));
  const all: readonly Findings[] = [
    ...of('launch').map((file) => inferFromLaunch(file, folders)),
    ...composed.map(({ findings }) => findings),
    ...of('devcontainer').map((file) => inferFromDevcontainer(file, folders)),
    ...of('dockerfile').flatMap((file) => (told.has(file.uri) ? [] : [inferFromDockerfile(file, folders)])),
  ];
  return {
    mappings: all.flatMap(({ mappings }) => mappings).slice(0, maxMappings),
    problems: all.flatMap(({ problems }) => problems),
    skipped: all.reduce((sum, { skipped }) => sum + skipped, 0),
  };
}
