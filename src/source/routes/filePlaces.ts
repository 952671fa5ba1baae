/** How likely a file is one that declares a route, by where it stands and what it is called. */

import type { SourceFile } from '../search/sourceSearch';

/** Source before tests; a file that is called like a part of the route before others. */
export function placeScore({ standing, path }: SourceFile, words: ReadonlySet<string>): number {
  const isNamed = path.slice(-2).some((part) =>
    part
      .toLowerCase()
      .split(/[^a-z0-9]+|(?<=[a-z])(?=[A-Z])/)
      .some((word) => words.has(word.replace(/s$/, ''))),
  );
  const isRouter = /route|url|controller|api|handler|endpoint|view|server|app|main|program/i.test(path[path.length - 1] ?? '');
  const isPage = /\.(?:vue|svelte|[jt]sx)$/.test(path[path.length - 1] ?? '');
  const folders = path.slice(0, -1).slice(-4);
  // Texts in other languages have the words of all routes for their keys.
  const isTexts = folders.some((folder) => /^(?:lang|languages?|locales?|i18n|l10n|translations?)$/i.test(folder));
  const isOfRoutes = folders.some((folder) => /^(?:routes?|routing|urls)$/i.test(folder));
  return (
    (standing === 'source' || standing === 'config' ? 6 : 0) +
    (isNamed ? 2 : 0) +
    (isRouter || isOfRoutes ? 1 : 0) +
    (isOfRoutes ? 1 : 0) -
    (isPage || isTexts ? 4 : 0)
  );
}
