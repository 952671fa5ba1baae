/** Globs as VS Code writes them, as lines of a .gitignore: ripgrep takes those as they are, and so does the package `ignore`. */

import type { Globs } from '../ports/workspace';

/** Alternatives that one glob may stand for. */
const maxAlternatives = 200;

/** Globs of a setting of VS Code as lines of a .gitignore. */
export function patternsOf(settings: Globs): readonly string[] {
  return (
    Object.entries(settings)
      // `{ "when": "$(basename).ts" }` leaves out some files only.
      .filter(([glob, value]) => value === true && glob.trim() !== '')
      .flatMap(([glob]) => withoutBraces(glob))
      .map(anchored)
  );
}

/** A glob of VS Code begins at the workspace folder, unless it says `**`; a line of a .gitignore without a slash means any folder. */
function anchored(glob: string): string {
  return glob.startsWith('**') || glob.startsWith('/') ? glob : `/${glob.replace(/^\.\//, '')}`;
}

/** `*.{a,b}` is `*.a` and `*.b`: a .gitignore knows no braces. */
export function withoutBraces(glob: string, most = maxAlternatives): readonly string[] {
  let all = [glob];
  for (;;) {
    const next = all.flatMap((each) => {
      const group = /\{([^{}]*)\}/.exec(each);
      if (!group) return [each];
      const [before, after] = [each.slice(0, group.index), each.slice(group.index + group[0].length)];
      return group[1].split(',').map((choice) => `${before}${choice}${after}`);
    });
    if (next.length > most) return [];
    if (next.every((each, index) => each === all[index])) return next;
    all = next;
  }
}
