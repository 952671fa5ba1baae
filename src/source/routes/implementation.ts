/** A route that an interface declares (written by hand, or generated from an API description) is answered by the class that implements it. */

import { indentOf } from '../outline/textLines';
import type { SourceFile, SourceSearch } from '../search/sourceSearch';
import { definitionsIn } from '../symbols/findDefinitions';
import type { HandlerPlace } from './handlerPlace';
import { type ClassBase, classHead } from './markDeclarations';

const maxFiles = 6;

/** The interface whose method a line is, where that has no mark of its own: what a generator makes of a description. */
export function interfaceAround(lines: readonly string[], target: number): Pick<ClassBase, 'name'> | undefined {
  const limit = indentOf(lines[target] ?? '');
  for (let i = target - 1; i >= Math.max(0, target - maxAbove); i--) {
    const head = lines[i].length < 500 && indentOf(lines[i]) < limit ? classHead.exec(lines[i]) : null;
    if (head) return head[1] === 'interface' ? { name: head[2] } : undefined;
  }
  return undefined;
}

const maxAbove = 2_000;

/** `target`: the line, from 0, of the interface's method. */
export async function implementationOf(
  { name }: Pick<ClassBase, 'name'>,
  target: number,
  lines: readonly string[],
  search: SourceSearch,
): Promise<HandlerPlace | undefined> {
  const method = /([\p{L}_$][\p{L}\p{N}_$]*)\s*\(/u.exec(lines[target] ?? '')?.[1];
  if (method === undefined || name.length < 3) return undefined;
  const implementing = new RegExp(
    `(?:\\bimplements\\b|:|\\bfor\\b|,)[^{]*(?<![\\w.])${name}(?![\\w])|\\bimpl\\s+${name}\\s+for\\b`,
  );
  const found: HandlerPlace[] = [];
  const seen = new Set<string>();
  for (const hit of (await search.find(name)).hits) {
    if (seen.size >= maxFiles) break;
    if (
      hit.text.length > 500 ||
      seen.has(hit.file) ||
      /^\s*(?:import|using|use)\b/.test(hit.text) ||
      !implementing.test(hit.text)
    )
      continue;
    const source = search.file(hit.file);
    if (!source || source.standing === 'test') continue;
    seen.add(hit.file);
    for (const each of (await definitionsIn(source, method, search)).filter(({ kind }) => kind === 'function').slice(0, 1))
      found.push({ source, line: each.line, by: 'class', ...(each.column === undefined ? {} : { column: each.column }) });
  }
  return found.length === 1 ? found[0] : undefined;
}

/** `func (c *Controller) Create(ctx context.Context, req *v1.CreateReq)` of GoFrame; of several, the one whose folders say the same. */
export async function takerOf(word: string, source: SourceFile, search: SourceSearch): Promise<HandlerPlace | undefined> {
  const taken = new RegExp(`^func \\([^)]*\\) \\w+\\([^)]*\\*(?:\\w+\\.)?${word}\\)`);
  const shared = ({ path }: SourceFile): number => path.slice(0, -1).filter((part) => source.path.includes(part)).length;
  const found = (await search.find(word)).hits
    .flatMap(({ file, line, text }) => {
      const one = text.length < 500 && taken.test(text) ? search.file(file) : undefined;
      return one?.language === 'go' && one.standing === 'source' ? [{ source: one, line }] : [];
    })
    .sort((a, b) => shared(b.source) - shared(a.source));
  const [best, second] = found;
  if (!best) return undefined;
  return { ...best, by: 'class', ...(second && shared(second.source) === shared(best.source) ? { isOneOf: true as const } : {}) };
}
