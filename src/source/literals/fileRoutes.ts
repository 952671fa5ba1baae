/**
 * Routes that are no text but a file's path: `app/api/orders/[id]/route.ts` and `pages/orders/[id].tsx` of Next.js, `+server.ts` of SvelteKit,
 * `server/api/orders/[id].get.ts` of Nuxt. Asked of the index of file names, not of the source.
 */

import { throwIfAborted } from '../../base/errors';
import { literalConfidence } from '../model/confidence';
import type { TextHint } from '../model/sourceHints';
import { parseRoute } from '../routes/route';
import type { Finding } from '../search/rankFindings';
import type { SourceSearch } from '../search/sourceSearch';
import { display } from '../uri/paths';

const folders = /^(?:pages|app|routes|server)$/;
/** Files of a folder's own route. */
const ofFolder: readonly string[] = [
  'route.ts',
  'route.js',
  'page.tsx',
  'page.jsx',
  'page.js',
  '+server.ts',
  '+server.js',
  '+page.server.ts',
  '+page.svelte',
  'index.ts',
  'index.tsx',
  'index.js',
  'index.vue',
];
const endings: readonly string[] = ['.ts', '.tsx', '.js', '.jsx', '.vue'];
const maxFiles = 200;

export async function findFileRoute(
  hint: TextHint,
  method: string | undefined,
  search: SourceSearch,
): Promise<readonly Finding[]> {
  const { workspace } = search.context.ports;
  if (search.languages && !search.languages.has('javascript')) return [];
  const parts = pathOf(hint.text);
  const last = parts[parts.length - 1];
  if (last === undefined || !parseRoute(hint.text)) return [];
  const verb = method?.toLowerCase();
  const named = endings.flatMap((ending) => [`${last}${ending}`, ...(verb === undefined ? [] : [`${last}.${verb}${ending}`])]);
  const findings: Finding[] = [];
  for (const name of [...ofFolder, ...named]) {
    throwIfAborted(search.context.signal);
    for (const file of (await workspace.findByBaseName(name)).slice(0, maxFiles)) {
      const source = search.file(file);
      if (source?.standing !== 'source' || !isRoute(source.path, parts, named.includes(name))) continue;
      const line = await handlerOf(file, method, search);
      const reason = `from ${hint.from}, the path of the file is the route ${display(hint.text, 80)}`;
      findings.push({ source, line, rung: 'literal', fit: 1, confidence: literalConfidence.routeAnyMethod, reason });
    }
  }
  return findings;
}

function pathOf(route: string): readonly string[] {
  const parts = route
    .replace(/^[A-Z]+ /, '')
    .split('/')
    .filter((part) => part !== '');
  // Some instrumentations keep the file's name.
  return /^(?:index|route|page)$/.test(parts[parts.length - 1] ?? '') ? parts.slice(0, -1) : parts;
}

/** The folders (without groups, `(shop)`) end in the route, and begin where a framework's do. */
function isRoute(path: readonly string[], parts: readonly string[], isNamed: boolean): boolean {
  const place = path.slice(0, -1).filter((folder) => !/^\(.*\)$/.test(folder));
  const wanted = isNamed ? parts.slice(0, -1) : parts;
  const from = place.length - wanted.length;
  return from > 0 && wanted.every((part, i) => isSame(part, place[from + i])) && folders.test(place[from - 1]);
}

function isSame(part: string, folder: string): boolean {
  const isHole = (text: string): boolean => parseRoute(text)?.segments[0] === undefined;
  return part === folder || (isHole(part) && isHole(folder));
}

/** The line of the function for the method, else of the file's own. */
async function handlerOf(file: string, method: string | undefined, search: SourceSearch): Promise<number> {
  const lines = (await search.context.lines(file)) ?? [];
  const verb = /^[A-Z]+$/.test(method ?? '') ? method : 'GET';
  const ofVerb = new RegExp(`^export\\s+(?:async\\s+)?(?:function|const)\\s+${verb}\\b`);
  const found = lines.findIndex((line) => ofVerb.test(line));
  return Math.max(0, found >= 0 ? found : lines.findIndex((line) => /^export\s+default\b|^const handler\b/.test(line)));
}
