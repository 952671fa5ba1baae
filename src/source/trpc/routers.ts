/**
 * Through routers of tRPC as a call goes: from key to key of their objects, by names of the same file and by imports, to the procedure. One that
 * is written on the spot is at its key; one with a name of its own where that is defined.
 */

import { throwIfAborted } from '../../base/errors';
import { importsOf, passedOn } from '../callees/bindings';
import { filesOfImport } from '../routes/importedFiles';
import type { SourceFile, SourceSearch } from '../search/sourceSearch';
import { type Entry, entriesOf, openingAt, type Position } from './objectText';

export interface ProcedurePlace {
  readonly source: SourceFile;
  readonly line: number;
}

/** A value of the source: what stands at a place, by its first words. */
export interface Value {
  readonly source: SourceFile;
  readonly lines: readonly string[];
  readonly at: Position;
  readonly text: string;
  /** The line to show of it. */
  readonly line: number;
}

const maxDepth = 24;
const maxHops = 4;
const word = '[A-Za-z_$][\\w$]*';
const asRouter = /^(?:[\w$]{1,60}\.){0,4}\w{0,60}[rR]outer\s*\(\s*\{/;
const asMerge = /^(?:[\w$]{1,60}\.){0,4}mergeRouters\s*\(/i;
const asLazy =
  /^lazy\(\s*(?:async\s*)?\(\)\s*=>\s*import\(\s*['"]([^'"]{1,200})['"]\s*\)(?:.{0,40}?=>\s*[\w$]{1,40}\.([\w$]{1,80}))?/;
const asName = new RegExp(`^${word}(?:\\.${word}){0,4}$`);

/** The procedure at a path below a router; undefined where the path leads to none. */
export async function procedureBelow(
  router: Value,
  path: readonly string[],
  search: SourceSearch,
  depth = 0,
): Promise<ProcedurePlace | undefined> {
  if (depth > maxDepth || !path.length) return undefined;
  throwIfAborted(search.context.signal);
  const entries = entriesIn(router);
  const own = entries.find(({ key }) => key === path[0]);
  if (own) {
    const value = asValue(own, router);
    if (path.length > 1) {
      const inner = await routerOf(value, search, 0);
      return inner && procedureBelow(inner, path.slice(1), search, depth + 1);
    }
    return procedureOf(value, own, search);
  }
  for (const entry of entries) {
    if (entry.key !== undefined) continue;
    const spread = { ...entry, text: entry.text.replace(/\._def\.(?:record|procedures)$/, '') };
    const inner = await routerOf(asValue(spread, router), search, 0);
    const found = inner && (await procedureBelow(inner, path, search, depth + 1));
    if (found) return found;
  }
  return undefined;
}

/** Its entries; those of merged routers have no keys. */
export function entriesIn({ lines, at, text }: Value): readonly Entry[] {
  const open = openingAt(lines, at, asMerge.test(text) ? '(' : '{');
  return open ? entriesOf(lines, open) : [];
}

function asValue({ at, text, line }: Entry, { source, lines }: Value): Value {
  return { source, lines, at, text: text.replace(/\s+(?:satisfies|as)\s.*$/, ''), line };
}

async function procedureOf(value: Value, { line }: Entry, search: SourceSearch): Promise<ProcedurePlace | undefined> {
  if (isRouter(value)) return undefined;
  if (!asName.test(value.text)) return { source: value.source, line };
  const defined = await definitionOf(value.text.split('.'), value, search, 0);
  if (defined && isRouter(defined)) return undefined;
  return defined ? { source: defined.source, line: defined.line } : { source: value.source, line };
}

function isRouter({ text }: Value): boolean {
  return asRouter.test(text) || asMerge.test(text) || text.startsWith('{');
}

async function routerOf(value: Value, search: SourceSearch, hops: number): Promise<Value | undefined> {
  if (isRouter(value)) return value;
  if (hops > maxHops) return undefined;
  const [, module, name] = asLazy.exec(value.text) ?? [];
  if (module !== undefined) {
    const found = await inModule(module, name ?? 'default', value, search, 0);
    return found && routerOf(found, search, hops + 1);
  }
  if (!asName.test(value.text)) return undefined;
  const defined = await definitionOf(value.text.split('.'), value, search, 0);
  return defined && routerOf(defined, search, hops + 1);
}

/** What a name, or a member of one, is given in its file or where that has it from. */
async function definitionOf(
  names: readonly string[],
  { source, lines }: Value,
  search: SourceSearch,
  hops: number,
): Promise<Value | undefined> {
  const [first, ...rest] = names;
  const here = assignedIn(first, source, lines);
  if (here) return memberOf(here, rest, search);
  const bound = importsOf(lines).get(first);
  if (!bound || hops > maxHops) return undefined;
  const from = { source, lines };
  // `import * as orders` is all of a file.
  if (bound.name === '*') return rest.length ? inModule(bound.module, rest[0], from, search, hops) : undefined;
  const clause = new RegExp(`\\bimport\\s+(?:type\\s+)?${first.replace(/\$/g, '\\$')}\\b`);
  const isDefault = bound.name === first && lines.slice(0, 300).some((text) => text.length < 600 && clause.test(text));
  const found =
    (await inModule(bound.module, bound.name, from, search, hops)) ??
    (isDefault ? await inModule(bound.module, 'default', from, search, hops) : undefined);
  return found && memberOf(found, rest, search);
}

async function memberOf(value: Value, names: readonly string[], search: SourceSearch): Promise<Value | undefined> {
  if (!names.length) return value;
  const router = await routerOf(value, search, 0);
  const entry = router && entriesIn(router).find(({ key }) => key === names[0]);
  return router && entry && memberOf(asValue(entry, router), names.slice(1), search);
}

async function inModule(
  module: string,
  name: string,
  { source }: Pick<Value, 'source'>,
  search: SourceSearch,
  hops: number,
): Promise<Value | undefined> {
  if (hops > maxHops) return undefined;
  for (const file of await filesOfImport(module, source, search)) {
    throwIfAborted(search.context.signal);
    const lines = await search.context.lines(file.file);
    if (!lines) continue;
    const found = assignedIn(name, file, lines);
    if (found) {
      // `export default ordersRouter`
      if (name !== 'default' || !asName.test(found.text)) return found;
      return definitionOf(found.text.split('.'), found, search, hops + 1);
    }
    const given = importsOf(lines).get(name);
    for (const further of given ? [given.module] : passedOn(lines).slice(0, 12)) {
      const passed = await inModule(further, given?.name ?? name, { source: file }, search, hops + 1);
      if (passed) return passed;
    }
  }
  return undefined;
}

/** `export const orders = router({`; what is exported by default. */
function assignedIn(name: string, source: SourceFile, lines: readonly string[]): Value | undefined {
  const plain = name.replace(/\$/g, '\\$');
  const pattern =
    name === 'default'
      ? /^(?:export\s+default\s+|module\.exports\s*=\s*)(?=\S)/
      : new RegExp(`^\\s*(?:export\\s+)?(?:const|let|var)\\s+${plain}\\s*(?::[^=]{0,200})?=(?!=)\\s*`);
  for (const [line, text] of lines.slice(0, 5_000).entries()) {
    if (text.length > 1_000 || (name !== 'default' && !text.includes(name))) continue;
    const match = pattern.exec(text);
    if (!match) continue;
    const isBelow = text.slice(match[0].length).trim() === '';
    const at = isBelow
      ? { line: line + 1, column: Math.max(0, (lines[line + 1] ?? '').search(/\S/)) }
      : { line, column: match[0].length };
    // A call may open on one line and its object on the next.
    const said = [lines[at.line]?.slice(at.column) ?? '', lines[at.line + 1]?.trim() ?? ''].join(' ').slice(0, 400);
    const short = (lines[at.line] ?? '').slice(at.column, at.column + 400).replace(/;?\s*(?:\/\/.*)?$/, '');
    const bare = short.replace(/\s+(?:satisfies|as)\s.*$/, '');
    return { source, lines, at, text: asName.test(bare) && !/^\s*\./.test(lines[at.line + 1] ?? '') ? bare : said, line };
  }
  return undefined;
}
