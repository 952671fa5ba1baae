/** The files with which a program of Django begins to read its routes. */

import type { SourceSearch } from '../search/sourceSearch';

/** What Django begins with, whose routes have no slash before them: the outermost of the files that say below which path another is. */
export async function rootUrls(text: string, search: SourceSearch): Promise<readonly string[]> {
  if (text.startsWith('/') || (search.languages && !search.languages.has('python'))) return [];
  const { workspace } = search.context.ports;
  const files = await workspace.findByBaseName('urls.py');
  const folderOf = (uri: string): string => uri.slice(0, uri.lastIndexOf('/'));
  // The project's own stands beside what serves it.
  const served = new Set(
    (await Promise.all(['wsgi.py', 'asgi.py'].map((name) => workspace.findByBaseName(name)))).flat().map(folderOf),
  );
  const rank = (uri: string): number => uri.split('/').length - (served.has(folderOf(uri)) ? 100 : 0);
  return [...files].sort((a, b) => rank(a) - rank(b)).slice(0, 3);
}
