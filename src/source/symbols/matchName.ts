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
  /** A part of the path is, and before it another stands than the one that is named: a package of the same words, or renamed. */
  'partly',
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
  /** The class that an extension function is for: it is called as if it were in there, and compiled into another. */
  readonly receiver?: string;
  /** What the runtime calls the class of a file's own functions. */
  readonly fileClass?: string;
  /** The package or namespace that is stated, as segments. */
  readonly stated: readonly string[] | undefined;
  /** Whole paths of the file's module, where they are known (modulePaths.ts). */
  readonly modules?: readonly (readonly string[])[];
  /** Segments of the file's path below the workspace folder. */
  readonly path: readonly string[];
}

export function matchName(name: FunctionName, around: Surroundings): MatchLevel {
  const { receiver, containers } = around;
  if (receiver === undefined) return matchIn(name, containers, around);
  const inside = matchIn(name, containers, around);
  const beside = matchIn(name, [...containers, receiver], around);
  return matchLevels.indexOf(inside) < matchLevels.indexOf(beside) ? inside : beside;
}

function matchIn(name: FunctionName, containers: readonly string[], around: Surroundings): MatchLevel {
  const wanted = name.qualifier;
  if (!wanted.length) return containers.length ? 'bareMethod' : 'bare';
  let left = wanted.length;
  let at = containers.length;
  while (left > 0 && at > 0 && sameName(wanted[left - 1], containers[at - 1])) {
    left--;
    at--;
  }
  const named = wanted.length - left;
  if (containers.length && named === 0) return withoutClass(name, around);
  const isOfFile = !containers.length && around.fileClass !== undefined && wanted[left - 1] === around.fileClass;
  if (isOfFile) left--;
  // These write the whole of a class's name where it is defined.
  const isNested = around.language === 'ruby' || around.language === 'elixir';
  if (left === 0) return isNested && at > 0 ? 'partly' : 'class';
  const rest = wanted.slice(0, left);
  if (isNested) return byPath(rest, around, false) === 'none' ? 'otherPackage' : 'module';
  if (around.modules?.length) return byModule(rest, around.modules, around.stated);
  return around.stated && isStating(around.language)
    ? byStatement(rest, around.stated)
    : byPath(rest, around, named > 0 || isOfFile);
}

/** Some name a method by its module alone, as Rust's `module_path!()` does. */
function withoutClass({ containers, qualifier }: FunctionName, around: Surroundings): MatchLevel {
  if (containers.length || (around.language !== 'rust' && around.language !== 'python')) return 'none';
  const level = around.modules?.length ? byModule(qualifier, around.modules, undefined) : byPath(qualifier, around, false);
  return level === 'package' || level === 'modules' ? 'module' : level === 'module' ? 'bareMethod' : 'none';
}

/** Go states a package as well, but only the last element of its path. */
function isStating(language: SourceLanguage): boolean {
  return language !== 'go';
}

function byModule(
  rest: readonly string[],
  modules: readonly (readonly string[])[],
  stated: readonly string[] | undefined,
): MatchLevel {
  // The package of a program is `main`, wherever it is.
  if (stated?.length === 1 && rest.length === 1 && rest[0] === stated[0]) return 'module';
  let best: MatchLevel = 'otherPackage';
  for (const module of modules) {
    const shared = sharedTail(rest, module);
    if (shared === rest.length && shared === module.length) return 'package';
    if (shared === rest.length && shared > 0) best = shared >= 2 ? 'modules' : 'module';
  }
  return best;
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
  const paths = [isModule(file, around.language) ? [...folders, file] : folders, folders];
  if (around.stated) paths.push([...folders.slice(0, -1), ...around.stated], around.stated.slice());
  let shared = 0;
  let isWhole = false;
  for (const path of paths) {
    const count = sharedTail(rest, path);
    if (count > shared) isWhole = false;
    shared = Math.max(shared, count);
    if (count === shared && (count === rest.length || count === path.length)) isWhole = true;
  }
  // A name of Python's is its whole path from where the program was started.
  if (around.language === 'python' && !isWhole)
    return shared >= 2 ? 'partly' : shared === 1 || hasClass ? 'otherPackage' : 'none';
  if (shared >= 2) return 'modules';
  if (shared === 1) return 'module';
  // A crate, a gem, a module of Go are no folders.
  return hasClass ? 'class' : 'none';
}

/** Whether a file is a module by its own name, not by its folder's. */
function isModule(stem: string, language: SourceLanguage): boolean {
  return language === 'python' ? !/^__(?:init|main)__$/.test(stem) : !/^(?:index|main|mod|lib)$/.test(stem);
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
