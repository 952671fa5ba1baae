/**
 * How well a definition fits a name that a span or a frame writes: whether the class around it is the one that is named, and how much of
 * the package or the module path is. Compared from the inside out, because the outside (a module's path of Go, a crate) is often no folder.
 */

import type { FunctionName } from '../names/functionName';
import type { SourceLanguage } from '../search/languages';

/** Better ones first. */
export const matchLevels = [
  /** Class (or module) and the whole package that the file states. */
  'package',
  /** Two or more segments of the path, beside the class if one is named. */
  'modules',
  /** One segment of the path. */
  'module',
  /** The class; nothing was said of a package. */
  'class',
  /** Nothing but the name was said, and it is a function's. */
  'bare',
  /** Nothing but the name was said, and it is a method of some class. */
  'bareMethod',
  /** The class is right, what is named is not in it: inherited, or generated. */
  'inherited',
  /** The class is right, its package is another. */
  'otherPackage',
  'none',
] as const;

export type MatchLevel = (typeof matchLevels)[number];

export interface Surroundings {
  readonly language: SourceLanguage;
  /** Classes around the definition, outermost first. */
  readonly containers: readonly string[];
  /** The package or namespace that is stated, as segments. */
  readonly stated: readonly string[] | undefined;
  /** Segments of the file's path below the workspace folder. */
  readonly path: readonly string[];
}

export function matchName(name: FunctionName, around: Surroundings): MatchLevel {
  const { containers } = around;
  const wanted = name.qualifier;
  if (!wanted.length) return containers.length ? 'bareMethod' : 'bare';
  let left = wanted.length;
  let at = containers.length;
  while (left > 0 && at > 0 && sameName(wanted[left - 1], containers[at - 1])) {
    left--;
    at--;
  }
  const named = wanted.length - left;
  if (containers.length && named === 0) return 'none';
  // Kotlin puts functions of a file into a class of its name.
  if (!containers.length && around.language === 'kotlin' && wanted[left - 1] === `${stem(around)}Kt`) left--;
  if (left === 0) return 'class';
  const rest = wanted.slice(0, left);
  return around.stated && isStating(around.language) ? byStatement(rest, around.stated) : byPath(rest, around, named > 0);
}

/** Go states a package as well, but only the last element of its path. */
function isStating(language: SourceLanguage): boolean {
  return language !== 'go';
}

function byStatement(rest: readonly string[], stated: readonly string[]): MatchLevel {
  const shared = sharedTail(rest, stated);
  if (shared === rest.length) return shared === stated.length ? 'package' : 'modules';
  // A module of F# or an object may be the last of what is stated, or between it and the class.
  return shared > 0 && shared === stated.length ? 'modules' : 'otherPackage';
}

function byPath(rest: readonly string[], around: Surroundings, hasClass: boolean): MatchLevel {
  const folders = around.path.slice(0, -1).filter((folder) => folder !== 'src');
  const file = stem(around);
  const isModule = !/^(?:index|main|mod|lib|__init__|__main__)$/.test(file);
  const paths = [isModule ? [...folders, file] : folders, folders];
  if (around.stated) paths.push([...folders.slice(0, -1), ...around.stated], around.stated.slice());
  const shared = Math.max(...paths.map((path) => sharedTail(rest, path)));
  if (shared >= 2) return 'modules';
  if (shared === 1) return 'module';
  // A crate, a gem, a module of Go are no folders.
  return hasClass ? 'class' : 'none';
}

function stem({ path }: Surroundings): string {
  return (path[path.length - 1] ?? '').replace(/\..*$/, '');
}

function sharedTail(a: readonly string[], b: readonly string[]): number {
  let count = 0;
  while (count < a.length && count < b.length && sameName(a[a.length - 1 - count], b[b.length - 1 - count])) count++;
  return count;
}

/** A module is `order_items` in one place and `order-items` in another. */
function sameName(a: string, b: string): boolean {
  return a === b || (a.length === b.length && a.replaceAll('-', '_') === b.replaceAll('-', '_'));
}
