/**
 * Where the OpenTelemetry agent for Java may be on this machine: what the person set, the workspace, what was downloaded from here, where Maven and
 * Gradle keep what they fetched, the home folder. Only names and sizes are looked at.
 */

import { readdir, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { uriOfPath } from '../workspace/rawFiles';
import type { WorkspaceFiles } from '../workspace/workspaceFiles';

/** The agent and distributions of it, as they are released. */
const AGENT =
  /^(?:opentelemetry-javaagent|splunk-otel-javaagent|aws-opentelemetry-agent|grafana-opentelemetry-java|elastic-otel-javaagent)(?:-(\d[\w.-]*?))?(?:-all)?\.jar$/i;

/** Folders of a project in which builds and people put it. */
const FOLDERS: readonly string[] =
  '.,agent,agents,otel,opentelemetry,lib,libs,build,build/agent,build/libs,build/otel,target,target/agent,target/dependency,target/javaagents'.split(
    ',',
  );

/** Bytes: one that is not whole, or something else. */
const SMALLEST = 1 << 20;
const LARGEST = 256 << 20;
/** Entries of a folder that are looked at. */
const maxEntries = 5_000;

export interface AgentPlaces {
  /** The setting; empty where there is none. */
  readonly chosen: string;
  /** Folders of the workspace in which the program may be, the nearest first. */
  readonly folders: readonly string[];
  /** What was downloaded. */
  readonly downloaded: string;
}

export class JavaAgents {
  constructor(
    private readonly files: Pick<WorkspaceFiles, 'isInside'>,
    private readonly home = homedir(),
  ) {}

  /** Path of the agent; undefined where there is none. */
  async find({ chosen, folders, downloaded }: AgentPlaces): Promise<string | undefined> {
    if (chosen !== '') {
      const paths = isAbsolute(chosen) ? [chosen] : chosen.startsWith('~/') ? [join(this.home, chosen.slice(2))] : [];
      const all = [...paths, ...folders.map((folder) => join(folder, chosen))];
      return firstOf(all, isJar);
    }
    return (
      (await firstOf(folders, (folder) => this.inProject(folder))) ??
      (await isJar(downloaded)) ??
      (await this.inRepository(
        join(this.home, '.m2', 'repository', 'io', 'opentelemetry', 'javaagent', 'opentelemetry-javaagent'),
      )) ??
      (await this.inRepository(
        join(this.home, '.gradle', 'caches', 'modules-2', 'files-2.1', 'io.opentelemetry.javaagent', 'opentelemetry-javaagent'),
      )) ??
      (await inFolder(this.home))
    );
  }

  private async inProject(folder: string): Promise<string | undefined> {
    return firstOf(FOLDERS, async (each) => {
      const found = await inFolder(join(folder, each));
      return found !== undefined && (await this.files.isInside(uriOfPath(found))) ? found : undefined;
    });
  }

  /** The newest release in a folder that has a folder for each version; Gradle has another one for each sum below. */
  private async inRepository(folder: string): Promise<string | undefined> {
    const versions = (await namesIn(folder)).filter((name) => /^\d+(?:\.\d+)+$/.test(name)).sort(byVersion);
    return firstOf(versions.reverse(), async (version) => {
      const at = join(folder, version);
      return (await inFolder(at)) ?? firstOf(await namesIn(at), (sum) => inFolder(join(at, sum)));
    });
  }
}

/** The newest of a folder. */
async function inFolder(folder: string): Promise<string | undefined> {
  const found = (await namesIn(folder)).filter((name) => AGENT.test(name)).sort((a, b) => byVersion(versionOf(a), versionOf(b)));
  return firstOf(found.reverse(), (name) => isJar(join(folder, name)));
}

function versionOf(name: string): string {
  return AGENT.exec(name)?.[1] ?? '';
}

/** Older first. */
function byVersion(a: string, b: string): number {
  return a.localeCompare(b, 'en', { numeric: true });
}

async function namesIn(folder: string): Promise<readonly string[]> {
  try {
    return (await readdir(folder)).slice(0, maxEntries);
  } catch {
    return [];
  }
}

async function isJar(path: string): Promise<string | undefined> {
  try {
    const found = await stat(path);
    return found.isFile() && found.size >= SMALLEST && found.size <= LARGEST && path.toLowerCase().endsWith('.jar')
      ? path
      : undefined;
  } catch {
    return undefined;
  }
}

async function firstOf<T>(all: readonly T[], find: (each: T) => Promise<string | undefined>): Promise<string | undefined> {
  for (const each of all) {
    const found = await find(each);
    if (found !== undefined) return found;
  }
  return undefined;
}
