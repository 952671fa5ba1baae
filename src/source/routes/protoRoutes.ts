/**
 * Routes that a description of a service binds to its methods, `option (google.api.http) = { get: "/v1/{name=reeds/*}" }`: a gateway in front
 * answers them, and whoever implements the method. https://github.com/googleapis/googleapis/blob/master/google/api/http.proto
 */

import type { Context } from '../context/context';
import type { SourceSearch } from '../search/sourceSearch';

/** A method of a service, without its package. */
export interface BoundMethod {
  readonly service: string;
  readonly method: string;
}

interface Binding extends BoundMethod {
  readonly verb: string;
  /** Undefined: one that changes. */
  readonly segments: readonly (string | undefined)[];
  /** `publish` of `/v1/{name=reeds/*}:publish`. */
  readonly action: string | undefined;
  /** The last one stands for any number. */
  readonly isOpen: boolean;
}

const maxFiles = 60;
const maxLines = 10_000;
const maxBindings = 3_000;
const maxPath = 500;
/** What stands in the line of each. */
export const bindingNeedle = 'google.api.http';

const known = new WeakMap<Context, Promise<readonly Binding[]>>();

/** Those that a request's path or route fits, the best first. */
export async function boundMethods(
  path: string,
  verb: string | undefined,
  search: SourceSearch,
): Promise<readonly BoundMethod[]> {
  if (path.length > maxPath) return [];
  let all = known.get(search.context);
  if (!all) {
    all = readAll(search);
    known.set(search.context, all);
  }
  const [, before, action] = /^(.*?)(?::(\w{1,60}))?$/s.exec(path.replace(/^[A-Z]+ /, '')) ?? [];
  const asked = segmentsOf(before ?? '');
  const fitting = (await all)
    .filter((each) => (verb === undefined || each.verb === verb.toUpperCase()) && each.action === action && fits(each, asked))
    .map((binding) => ({ binding, fixed: binding.segments.filter((segment) => segment !== undefined).length }))
    .sort((a, b) => b.fixed - a.fixed);
  return fitting.filter(({ fixed }) => fixed > 0 && fixed === fitting[0].fixed).map(({ binding }) => binding);
}

function fits({ segments, isOpen }: Binding, asked: readonly (string | undefined)[]): boolean {
  if (isOpen ? asked.length < segments.length : asked.length !== segments.length) return false;
  return segments.every((segment, i) => segment === undefined || asked[i] === undefined || segment === asked[i]);
}

/** `{name=reeds/*}` is `reeds` and one that changes. */
function segmentsOf(path: string): readonly (string | undefined)[] {
  return path
    .replace(/\{[\w.]{1,100}=([^{}]{0,200})\}/g, '$1')
    .split('/')
    .filter((part) => part !== '')
    .map((part) => (/^(?:\{.*\}|\*{1,2}|:\w+)$/.test(part) ? undefined : part));
}

async function readAll(search: SourceSearch): Promise<readonly Binding[]> {
  const found: Binding[] = [];
  const files = new Set(
    (await search.find(bindingNeedle)).hits.map(({ file }) => file).filter((file) => file.endsWith('.proto')),
  );
  for (const file of [...files].slice(0, maxFiles)) {
    const lines = await search.context.lines(file);
    if (lines) found.push(...bindingsIn(lines.slice(0, maxLines)).slice(0, maxBindings - found.length));
  }
  return found;
}

function bindingsIn(lines: readonly string[]): readonly Binding[] {
  const found: Binding[] = [];
  let service = '';
  let method: string | undefined;
  for (const line of lines) {
    if (line.length > 1_000 || /^\s*\/\//.test(line)) continue;
    const begun = /^\s*service\s+(\w{1,100})/.exec(line)?.[1];
    if (begun !== undefined) {
      service = begun;
      method = undefined;
    }
    method = /^\s*rpc\s+(\w{1,100})/.exec(line)?.[1] ?? method;
    if (method === undefined || service === '') continue;
    for (const [, verb, path] of line.matchAll(/\b(get|put|post|delete|patch|path)\s*:\s*"([^"\s]{1,300})"/g)) {
      const [, before, action] =
        /^(.*?)(?::(\w{1,60}))?$/s.exec(path.replace(/\{[^{}]*\}/g, (hole) => hole.replaceAll(':', ''))) ?? [];
      const segments = segmentsOf(before ?? '');
      const isOpen = /\*\*\}?$/.test(before ?? '');
      found.push({ service, method, verb: verb.toUpperCase(), segments, action, isOpen });
    }
  }
  return found;
}
