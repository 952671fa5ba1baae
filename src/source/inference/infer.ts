/**
 * Path mappings out of the files that say how programs are built and run: launch.json, compose files, Dockerfiles, development containers. Pure:
 * texts in, mappings out. It is slow for an extension host (a compose file of 100 kB takes a few hundred milliseconds to parse), so
 * the engine runs it.
 */

import type { Steps } from '../../base/steps';
import type { InferredMapping } from '../model/types';
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

/** A step a file. */
export function* inferring({ files, folders }: InferenceInput): Steps<Inference> {
  const texts = new Map(files.map(({ uri, text }) => [uri, text]));
  const all: Findings[] = [];
  // A compose file says more of a Dockerfile than the file itself: its context, its target, the service.
  const covered = new Set<string>();
  for (const kind of order) {
    for (const file of files) {
      if (configKind(file.uri) !== kind || covered.has(file.uri)) continue;
      if (kind === 'compose') {
        const { findings, dockerfiles } = inferFromCompose(file, folders, (uri) => texts.get(uri));
        for (const each of dockerfiles) covered.add(each);
        all.push(findings);
      } else all.push(read[kind](file, folders));
      yield;
    }
  }
  return {
    mappings: all.flatMap(({ mappings }) => mappings).slice(0, maxMappings),
    problems: all.flatMap(({ problems }) => problems),
    skipped: all.reduce((sum, { skipped }) => sum + skipped, 0),
  };
}

const order: readonly ConfigKind[] = ['launch', 'compose', 'devcontainer', 'dockerfile'];

const read = { launch: inferFromLaunch, devcontainer: inferFromDevcontainer, dockerfile: inferFromDockerfile } as const;
