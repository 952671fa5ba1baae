/** From the path of a procedure of tRPC to where it is written: every router of the workspace that has the first key may be the one that serves it. */

import { Slices } from '../../base/slices';
import { procedureConfidence } from '../model/confidence';
import type { Finding } from '../search/rankFindings';
import type { SourceSearch } from '../search/sourceSearch';
import { display } from '../uri/paths';
import { type ProcedureHint, routerNeedles } from './procedureHints';
import { entriesIn, type ProcedurePlace, procedureBelow, type Value } from './routers';

/** Files with routers whose text is read, and routers that are followed. */
const maxFiles = 60;
const maxRouters = 200;
const maxLine = 1_000;

interface Router {
  readonly value: Value;
  /** The name that it is given, or its file's. */
  readonly name: string;
}

export async function findProcedure(hint: ProcedureHint, search: SourceSearch): Promise<readonly Finding[]> {
  if (search.languages && !search.languages.has('javascript')) return [];
  const routers = await routersFor(hint, search);
  const slices = new Slices(search.context.signal);
  for (const path of hint.paths) {
    const found: { readonly place: ProcedurePlace; readonly isRoot: boolean }[] = [];
    for (const { value, name } of routers) {
      await slices.maybePause();
      const place = await procedureBelow(value, path, search);
      if (place) found.push({ place, isRoot: isRootName(name) });
    }
    const roots = found.some(({ isRoot }) => isRoot) ? found.filter(({ isRoot }) => isRoot) : found;
    if (roots.length) return distinct(roots.map(({ place }) => findingOf(place, hint, procedureConfidence.whole)));
  }
  return byRouterName(hint, routers, search);
}

/** The root is built in a way that is not understood: a router that is called like the last but one of the keys. */
async function byRouterName(hint: ProcedureHint, routers: readonly Router[], search: SourceSearch): Promise<readonly Finding[]> {
  const path = hint.paths[0];
  if (path.length < 2) return [];
  const [owner, last] = path.slice(-2);
  const found: Finding[] = [];
  for (const { value, name } of routers) {
    if (plain(name) !== plain(owner)) continue;
    const place = await procedureBelow(value, [last], search);
    if (place) found.push(findingOf(place, hint, procedureConfidence.named));
  }
  return distinct(found);
}

function isRootName(name: string): boolean {
  return /^_?(?:app|root|api|trpc|main|server)?_?routers?$/i.test(name);
}

function plain(name: string): string {
  return name
    .toLowerCase()
    .replace(/[^a-z0-9]|routers?|procedures?|routes?|trpc/g, '')
    .replace(/s$/, '');
}

/** Those of files that have the first key, or look like the place of the root, first. */
async function routersFor(hint: ProcedureHint, search: SourceSearch): Promise<readonly Router[]> {
  const lines = new Map<string, number[]>();
  for (const needle of search.begin(routerNeedles)) {
    for (const hit of (await search.find(needle)).hits) {
      if (hit.language !== 'javascript' || hit.text.length > maxLine || !/outers?\s*\(/.test(hit.text)) continue;
      if (/\b(?:useRouter|express\.Router|createBrowserRouter|import)\b/.test(hit.text)) continue;
      lines.set(hit.file, [...(lines.get(hit.file) ?? []), hit.line]);
    }
  }
  const keys = new Set(hint.paths.map(([first]) => `${first}:`));
  const telling = new Set<string>();
  for (const key of keys) for (const { file } of (await search.find(key)).hits) telling.add(file);
  const score = (file: string): number =>
    (telling.has(file) ? 2 : 0) + (/(?:^|[/._-])(?:_app|app|root|index|router|trpc)\b[^/]*$/i.test(file) ? 1 : 0);
  const files = [...lines.keys()].sort((a, b) => score(b) - score(a)).slice(0, maxFiles);
  const routers: Router[] = [];
  const slices = new Slices(search.context.signal);
  for (const file of files) {
    await slices.maybePause();
    const source = search.file(file);
    const text = source?.standing === 'source' ? await search.context.lines(file) : undefined;
    if (!source || !text) continue;
    for (const line of lines.get(file) ?? []) {
      const router = routerAt(text, line);
      if (router && routers.length < maxRouters)
        routers.push({
          value: { source, lines: text, at: { line, column: router.column }, text: router.text, line },
          name: router.name ?? (source.path[source.path.length - 1] ?? '').replace(/\.\w+$/, ''),
        });
    }
  }
  return routers.filter(({ value }) => entriesIn(value).length > 0);
}

/** One that stands by itself: a router in another's object is reached from there. */
function routerAt(
  lines: readonly string[],
  line: number,
): { readonly column: number; readonly text: string; readonly name?: string } | undefined {
  const text = (lines[line] ?? '').slice(0, maxLine);
  const [head, name] =
    /^\s*(?:export\s+)?(?:const|let|var)\s+([\w$]{1,80})\s*(?::[^=]{0,200})?=\s*/.exec(text) ??
    /^\s*(?:export\s+default|module\.exports\s*=|return)\s+/.exec(text) ??
    /^\s*(?=[\w$.]{0,80}outers?\s*\()/.exec(text) ??
    [];
  if (head === undefined || (name === undefined && head.trim() === '' && !isBelowAssignment(lines, line))) return undefined;
  return { column: head.length, text: text.slice(head.length), ...(name === undefined ? {} : { name }) };
}

function isBelowAssignment(lines: readonly string[], line: number): boolean {
  return /=\s*$/.test((lines[line - 1] ?? '').slice(-20));
}

function findingOf({ source, line }: ProcedurePlace, { from, text }: ProcedureHint, sure: number): Finding {
  return {
    source,
    line,
    rung: 'literal',
    fit: 2 + sure,
    confidence: sure,
    reason: `from ${from}, the routers lead to the procedure ${display(text, 80)} here`,
  };
}

function distinct(findings: readonly Finding[]): readonly Finding[] {
  const known = new Set<string>();
  return findings.filter(({ source, line }) => {
    const key = `${source.file}\n${line}`;
    return known.has(key) ? false : Boolean(known.add(key));
  });
}
