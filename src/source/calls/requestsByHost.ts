/**
 * Where a client's span tells its host and method only, and nobody who called: files that are called like the host, or whose text has it, and in
 * them the calls of clients. `hooks.slack.com` leads to the `requests.post` of `destinations/slack.py`.
 */

import { throwIfAborted } from '../../base/errors';
import type { Callees } from '../callees/callees';
import type { Call } from '../outline/calls';
import { fileNamesOf, isCode, type SourceLanguage } from '../search/languages';
import { isCommentLine } from '../search/literalFiles';
import type { SourceSearch } from '../search/sourceSearch';

export interface HostCall {
  readonly file: string;
  readonly call: Call;
  /** The file is called like the host, or its text has the host's domain. */
  readonly isOfHost: boolean;
}

const maxFiles = 16;
const maxLines = 3_000;
const anyLanguage: readonly SourceLanguage[] = [
  'javascript',
  'python',
  'java',
  'go',
  'csharp',
  'ruby',
  'php',
  'rust',
  'elixir',
  'dart',
];
/** Among many files of a host, what those that ask are called. */
const mayAsk = /(?:client|api|provider|service|handler|gateway|connector|adapter)[^/]{0,20}$/i;
/** What hosts of anybody are called. */
const usual =
  /^(?:www|api|apis|app|web|hooks?|webhooks?|gateway|service|services|server|internal|localhost|local|example|test|dev|prod|staging|proxy|cloud|data|auth|public|backend|host|http|https|amazonaws|googleapis|herokuapp|azurewebsites|cluster|default|svc)$/;

/** The words of a host that stand for whose it is, and for which of theirs: `slack` of `hooks.slack.com`. */
export function ownersOf(host: string): readonly string[] {
  const bare = host.replace(/:\d+$/, '');
  if (/^[\d.]+$|[[\]]/.test(bare)) return [];
  const labels = bare.split('.');
  const names = labels.length > 1 ? labels.slice(0, -1).reverse() : labels;
  return names.filter((name) => name.length >= 4 && !usual.test(name) && /^[a-z][\w-]*$/.test(name)).slice(0, 2);
}

/** Files by the name of the owner alone, or of a client for it; the index of file names tells. */
async function namedAfter(owner: string, search: SourceSearch): Promise<readonly string[]> {
  const type = owner.slice(0, 1).toUpperCase() + owner.slice(1);
  const stems = [owner, type, `${owner}_client`, `${owner}-client`, `${type}Client`, `${type}Service`, `${owner}.service`];
  const found = new Set<string>();
  for (const language of search.languages?.size ? search.languages : anyLanguage) {
    const lists = await Promise.all(
      stems.flatMap((stem) => fileNamesOf(stem, language)).map((name) => search.context.ports.workspace.findByBaseName(name)),
    );
    for (const file of lists.flat()) if (found.size < maxFiles && search.file(file)?.standing === 'source') found.add(file);
  }
  return [...found];
}

type Test = (call: Call, file: string) => boolean | Promise<boolean>;

/** @param tests whether a call of a file is a client's, of the span's method; whether it is the very one, where that can be told; what that is done to */
export async function callsByHost(
  host: string,
  { isCall, isSure, resource }: { readonly isCall: Test; readonly isSure?: Test; readonly resource?: string },
  callees: Callees,
  search: SourceSearch,
): Promise<readonly HostCall[]> {
  const owners = ownersOf(host);
  if (!owners.length) return [];
  const bare = host.replace(/:\d+$/, '');
  const at = bare.indexOf(owners[0]);
  const domain = bare.includes('.') ? bare.slice(at) : `//${bare}`;
  const files = new Map<string, boolean>();
  for (const owner of owners) for (const file of await namedAfter(owner, search)) files.set(file, true);
  // `Stripe::Invoice.list` of Ruby, `StripeClient` of Java.
  const written = owners.flatMap((owner) => [owner, owner[0].toUpperCase() + owner.slice(1)]);
  const told = new Set<string>();
  for (const { file, text } of (await Promise.all(written.map(async (owner) => (await search.find(owner)).hits))).flat()) {
    const source = search.file(file);
    if (source?.standing !== 'source' || !isCode(source.language) || text.length > 2_000) continue;
    const name = (source.path[source.path.length - 1] ?? '').toLowerCase();
    const isNamed = owners.some((owner) => name.includes(owner));
    const isTold = text.includes(domain) && !isCommentLine(text);
    if (resource !== undefined && text.toLowerCase().includes(resource)) told.add(file);
    if (isNamed || isTold) files.set(file, true);
    else if (!files.has(file)) files.set(file, false);
  }
  const order = [...files]
    .sort(
      ([one, a], [other, b]) =>
        Number(told.has(other)) - Number(told.has(one)) ||
        Number(b) - Number(a) ||
        Number(mayAsk.test(other)) - Number(mayAsk.test(one)),
    )
    .slice(0, maxFiles);
  const found: HostCall[] = [];
  let isSureFound = false;
  for (const [file, isOfHost] of order) {
    if (!isOfHost && !told.has(file) && found.length && (isSureFound || !isSure)) break;
    throwIfAborted(search.context.signal);
    const lines = await callees.lines(file);
    for (const call of lines ? await callees.callsOf(file, 0, Math.min(lines.length, maxLines)) : [])
      if (await isCall(call, file)) {
        const isIt = (await isSure?.(call, file)) === true;
        isSureFound ||= isIt;
        if (isOfHost || isIt || !found.length || !isSure) found.push({ file, call, isOfHost: isOfHost || isIt });
      }
  }
  return found;
}
