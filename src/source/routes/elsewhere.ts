/** What other files say of the routes of a file: constants, and base classes of controllers. */

import { isCode } from '../search/languages';
import type { SourceSearch } from '../search/sourceSearch';
import { filesOfClass } from './importedFiles';
import type { ClassBase } from './markDeclarations';
import { plainWord } from './mounts';
import { parseRoute, type Route } from './route';
import { type ReadRouteFile, routeFileOf, routeFileWith } from './routeFiles';

/** A line that may declare a route, or put something before one. */
export const declares =
  /get|post|put|patch|delete|head|options|route|mapping|path|url|pattern|use|mount|nest|group|scope|resource|namespace|blueprint|register|include|handle|controller|\b(?:all|any|live|on|at)\b|prefix|match|map|method|\b(?:case|when)\s|^\s*(?:[\w.]+,\s*)?[rf]?["'`]|^\s*[\w.]+\((?:\w+,\s*)?["'`]|^\s*\(|\bdef \w+\(self, request/i;

/** Its fixed words, plain. */
export function wordsOf({ segments }: Route): ReadonlySet<string> {
  return new Set(segments.flatMap((segment) => segment?.split(/[^a-z0-9]+/).map(plainWord) ?? []));
}

const maxInherited = 4;

/** Classes of the program's own from which controllers of the route go on: what these declare is below what the controllers say. */
export async function inheritedBy(
  read: readonly ReadRouteFile[],
  route: Route,
  search: SourceSearch,
): Promise<readonly ReadRouteFile[]> {
  const words = wordsOf(route);
  const found: ReadRouteFile[] = [];
  for (const { source, file } of read) {
    for (const base of file.classes) {
      const isOf =
        source.standing === 'source' &&
        [base.name, ...base.paths.map(({ text }) => text)].some((each) => words.has(plainWord(each.split('/').at(-1) ?? '')));
      for (const parent of isOf ? parentsOf(file.lines, base) : []) {
        const [target] = found.length < maxInherited ? await filesOfClass([parent], source, search) : [];
        const one = target && target.file !== source.file ? await routeFileOf(target, search) : undefined;
        const head = new RegExp(`\\b(class|interface)\\s+${parent}\\b`);
        const line = one?.file.lines.findIndex((text) => text.length < 500 && head.test(text)) ?? -1;
        if (!one || line < 0) continue;
        // What an interface declares is answered by who implements it.
        const isInterface = head.exec(one.file.lines[line])?.[1] === 'interface';
        const own = { ...base, line, end: one.file.lines.length, ...(isInterface ? { name: parent, isInterface } : {}) };
        found.push({ ...one, file: { ...one.file, classes: [own] }, mounts: [] });
      }
    }
  }
  return found;
}

/** The class that it goes on from, and interfaces of Java. */
function parentsOf(lines: readonly string[], { line, name }: ClassBase): readonly string[] {
  let head = lines
    .slice(line, line + 12)
    .join(' ')
    .slice(0, 1_000);
  head = head.slice(head.indexOf(name) + name.length);
  for (let n = 0; n < 3; n++) head = head.replace(/\([^()]*\)|<[^<>]*>/g, ' ');
  const parent = /^[^{(]{0,200}?(?::|\bextends)\s+(?:\w+\.)*(\p{Lu}\w+)/u.exec(head)?.[1];
  const implemented = /^[^{(]{0,300}?\bimplements\s+([^{]{1,200})/.exec(head)?.[1].match(/\b\p{Lu}\w+/gu) ?? [];
  return [...(parent === undefined ? [] : [parent]), ...implemented.slice(0, 3)];
}

/** A constant whose text ends with a part of the route: `String TAGS = "tags"`, `Rate = $"{Base}/ratings"`. */
const constant =
  /([A-Za-z_]\w{2,60})\s*(?::\s*[\w&' ]{1,40})?=\s*(?:[\w.]{1,60}\s*\+\s*|[\w.:]{1,40}\()*[$@r]?["'`]([^"'`]{0,200})["'`]\s*[);,]*\s*$/;
const defined = /^\s*(?:[\w:]+\s+){0,6}[A-Za-z_]\w*\s*(?::\s*[\w&' ]{1,40})?=\s*[$@]?["'`\w/]/;
const maxConstants = 3;
const maxNamed = 6;
const maxConstantLines = 400;

/** Files that declare routes by constants of another file, with what these say. */
export async function withConstants(text: string, search: SourceSearch): Promise<readonly ReadRouteFile[]> {
  const last = parseRoute(text)?.segments.findLast((segment) => segment !== undefined);
  if (last === undefined || last.length < 3) return [];
  const written = text.split('/').findLast((part) => part.toLowerCase() === last) ?? last;
  const names = new Map<string, string>();
  for (const needle of search.begin([`/${written}`, `"${written}`, `'${written}`]))
    for (const hit of (await search.find(needle)).hits) {
      const [, name, value] = hit.text.length < 500 ? (constant.exec(hit.text) ?? []) : [];
      const isOf = value !== undefined && isCode(hit.language) && parseRoute(value)?.segments.at(-1) === last;
      if (isOf && search.file(hit.file)?.standing === 'source' && names.size < maxConstants) names.set(name, hit.file);
    }
  const read: ReadRouteFile[] = [];
  const seen = new Set<string>();
  for (const [name, file] of [...names]) {
    // `String TAGS_PATH = PREFIX + "/" + TAGS`
    const made = new RegExp(`(\\w{3,60})\\s*=.{0,200}\\W${name}\\s*[;,]?\\s*$`);
    for (const line of (await search.context.lines(file)) ?? []) {
      const longer = line.length < 300 && line.includes(name) ? made.exec(line)?.[1] : undefined;
      if (longer !== undefined && names.size < maxConstants * 2) names.set(longer, file);
    }
  }
  for (const [name, file] of names) {
    const used = new RegExp(`(?:[@[(.+,={]|\\b(?:case|if|when|elif)\\b|&&|\\|\\|)\\s{0,4}(?:\\w{1,60}(?:\\.|::)){0,4}${name}\\b`);
    const constants = ((await search.context.lines(file)) ?? [])
      .filter((line) => line.length < 300 && defined.test(line))
      .slice(0, maxConstantLines);
    for (const hit of (await search.find(name)).hits) {
      const source = search.file(hit.file);
      const isUsed = hit.file !== file && hit.text.length < 500 && used.test(hit.text) && declares.test(hit.text);
      if (!isUsed || source?.standing !== 'source' || !isCode(hit.language) || seen.has(hit.file) || seen.size >= maxNamed)
        continue;
      seen.add(hit.file);
      const one = await routeFileWith(source, constants, search);
      if (one) read.push(one);
    }
  }
  return read;
}
