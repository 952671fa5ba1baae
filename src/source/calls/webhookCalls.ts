/**
 * What a program delivers to addresses that its users typed in: they stand in no string of the source. `https://hooks.example.com/x` leads to the request
 * that a file or a function sends that is called after webhooks, to an address that a variable has.
 */

import { throwIfAborted } from '../../base/errors';
import type { Callees } from '../callees/callees';
import type { PathTest } from '../model/types';
import type { Call } from '../outline/calls';
import { functionAt } from '../outline/functions';
import { isCode, isGenerated } from '../search/languages';
import { isCommentLine } from '../search/literalFiles';
import type { SourceSearch } from '../search/sourceSearch';
import type { Address } from './address';
import type { HostCall } from './requestsByHost';

const maxFiles = 40;
const maxNamed = 200;
const maxLines = 3_000;
const hook = /hook/i;
const namedSo: PathTest = { name: 'webhooks', passes: (path) => /web[-_]?hooks?[^/]{0,60}\.\w{1,6}$/i.test(path.slice(-100)) };
const written = /^[^(]{0,80}\(\s*(?:[\w.]{1,40},\s*)?(?:["'`]\w{3,7}["'`],\s*)?[$f@]?["'`](?:https?:|\/)/;
/** What a function does that delivers, and one that tries whether it would. */
const delivers = /deliver|send|dispatch|trigger|execute|notify|publish|call|post|fire|process/i;

/** Where a request is sent, and where it is but made. */
const sends = /^(?:do|send\w*|execute|exec|exchange|fetch\w*|call)$/i;
const ofPage = /\.(?:tsx|jsx|vue|svelte|astro)$/;

/** Whether an address is one that webhooks are sent to, by its words. */
export function isHook({ host, path }: Pick<Address, 'host' | 'path'>): boolean {
  return hook.test(`${host ?? ''}${path}`);
}

/** @returns the calls, those of functions first that deliver */
export async function callsOfHooks(
  isCall: (call: Call, file: string) => boolean | Promise<boolean>,
  callees: Callees,
  search: SourceSearch,
): Promise<readonly HostCall[]> {
  const hits = new Map<string, number>();
  // In a program that is about them the word stands everywhere, and only some lines with it are known.
  for (const file of (await search.context.ports.workspace.findByPath?.(namedSo))?.slice(0, maxNamed) ?? [])
    if (!ofPage.test(file) && search.file(file)?.standing === 'source') hits.set(file, 100);
  for (const { file, text } of (await search.find('ebhook')).hits) {
    const source = ofPage.test(file) ? undefined : search.file(file);
    if (source?.standing !== 'source' || !isCode(source.language) || text.length > 2_000 || isCommentLine(text)) continue;
    hits.set(file, (hits.get(file) ?? 0) + (hook.test(source.path[source.path.length - 1]) && !hits.has(file) ? 100 : 1));
  }
  const files = [...hits].sort(([one, a], [other, b]) => b - a || (one < other ? -1 : 1)).slice(0, maxFiles);
  const found: (HostCall & { readonly rank: number })[] = [];
  for (const [file, count] of files) {
    throwIfAborted(search.context.signal);
    const lines = await callees.lines(file);
    if (isGenerated(file.slice(file.lastIndexOf('/') + 1), lines?.slice(0, 40).join('\n'))) continue;
    for (const call of lines ? await callees.callsOf(file, 0, Math.min(lines.length, maxLines)) : []) {
      if (written.test(lines?.[call.line]?.slice(call.column, call.column + 200) ?? '') || !(await isCall(call, file))) continue;
      const own = lines && functionAt(lines, call.line);
      const name = [own?.containers.at(-1) ?? '', own?.name ?? ''].join(' ');
      if (count < 100 && !hook.test(name)) continue;
      const rank =
        Number(count >= 100 || hook.test(name)) +
        Number(delivers.test(name)) +
        0.5 * Number(sends.test(call.name)) -
        2 * Number(/test|check|valid/i.test(name));
      found.push({ file, call, isOfHost: true, rank });
    }
  }
  const best = Math.max(...found.map(({ rank }) => rank));
  return found.filter(({ rank }) => rank === best);
}
