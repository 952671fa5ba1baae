/** Mappings of a Dockerfile: alone, or as a compose file says how it is built. */

import { relativeSegments } from '../uri/uri';
import { parseDockerfile } from './dockerfile';
import { type ConfigFile, Findings, folderOf, type Owner, resolveLocal, type WorkspaceFolderInfo } from './findings';
import { type BuildOptions, type Image, imageOf } from './imageFiles';

/** Folders that hold Dockerfiles for what is beside them. */
const besideFolder = /\/\.?(?:docker|dockerfiles?|containers?|build|deploy|deployment|ci)$/i;

/** A Dockerfile that no compose file names. */
export function inferFromDockerfile(file: ConfigFile, folders: readonly WorkspaceFolderInfo[]): Findings {
  const findings = new Findings(file.uri, 'dockerfile', folders);
  const image = imageOf(parseDockerfile(file.text));
  const owner = { name: '', services: image.service === undefined ? [] : [image.service] };
  addImage(image, contextOf(file.uri, image, folders), owner, findings);
  return findings;
}

/** The image that a compose file's service builds. `line`: where it says so; its mappings lead to the compose file. */
export function addBuild(
  dockerfile: string,
  context: string,
  options: BuildOptions,
  owner: Owner,
  line: number,
  findings: Findings,
): Image {
  const image = imageOf(parseDockerfile(dockerfile), options);
  const services = image.service === undefined ? owner.services : [...owner.services, image.service];
  addImage(image, context, { ...owner, services }, findings, line);
  return image;
}

function addImage(image: Image, context: string, owner: Owner, findings: Findings, line?: number): void {
  findings.skipped += image.skipped;
  for (const { path, source, how, line: own } of image.files) {
    findings.add(path, resolveLocal(context, source), owner, how, line ?? own);
  }
  addWorkingDirectory(image.workdir, owner, line ?? 0, findings);
}

/** Relative paths of a program begin in its working directory. They say so little that the mapping serves its own service only. */
export function addWorkingDirectory(workdir: string, owner: Owner, line: number, findings: Findings): void {
  const fits = findings.mappings
    .filter(({ prefix, services = [] }) => services.join() === owner.services.join() && isAtOrAbove(prefix, workdir))
    .sort((a, b) => b.prefix.length - a.prefix.length);
  const [best] = fits;
  if (!best) return;
  const target = resolveLocal(best.target, `./${workdir.slice(best.prefix.length)}`);
  // Below the workspace folder they are looked for anyway.
  if (target !== undefined && !findings.folders.some(({ uri }) => uri === target))
    findings.add('.', target, owner, 'working directory', line);
}

function isAtOrAbove(prefix: string, path: string): boolean {
  return path === prefix || path.startsWith(prefix.endsWith('/') ? prefix : `${prefix}/`);
}

/**
 * The folder that was the build's context. Mostly the Dockerfile's own; where its sources begin with the path of that folder, it is
 * built from further above (`docker build -f services/cart/Dockerfile .`).
 */
function contextOf(uri: string, image: Image, folders: readonly WorkspaceFolderInfo[]): string {
  const own = folderOf(uri);
  const inside = folders.map((folder) => relativeSegments(folder.uri, own, true)).find((each) => each !== undefined) ?? [];
  for (let up = inside.length; up > 0; up--) {
    const path = inside.slice(-up).join('/');
    if (image.files.some(({ source }) => source === path || source.startsWith(`${path}/`))) {
      return resolveLocal(own, '../'.repeat(up)) ?? own;
    }
  }
  return besideFolder.test(own) && inside.length ? folderOf(own) : own;
}
