/**
 * Next.js reads `NODE_OPTIONS` and writes it anew for its server, and joins what several `--require` name into one path, which no process survives. A
 * debugger has one, we have one: in its first process they become one, ours, which loads the others in their places.
 * Source: next 15.5, src/server/lib/utils.ts, `parseNodeArgs` and `formatNodeOptions`.
 */

import { createRequire } from 'node:module';
import { join } from 'node:path';

/** Of processes that were started so. */
const variable = 'SPANHOP_NODE_REQUIRE';

interface Others {
  readonly before: string[];
  readonly after: string[];
}

/** @param script `process.argv[1]` */
export function isRewriter(script: string | undefined): boolean {
  return script !== undefined && /[/\\]node_modules[/\\](?:\.bin[/\\]next|next[/\\]dist[/\\]bin[/\\]next)$/.test(script);
}

/** Leaves one `--require`, for the processes that this one starts. @param ours path of the preload */
export function keepOneRequire(environment: NodeJS.ProcessEnv, ours: string): void {
  const { rest, before, after } = split(environment.NODE_OPTIONS ?? '', ours);
  if (before.length + after.length === 0) return;
  environment.NODE_OPTIONS = [`--require ${quoted(ours)}`, ...rest].join(' ');
  environment[variable] = JSON.stringify({ before, after });
}

/** Loads what was before ours, and what was behind. What fails to load fails as it would have by itself. */
export function requireOthers(environment: NodeJS.ProcessEnv, which: keyof Others): void {
  const others = othersOf(environment[variable]);
  if (!others) return;
  const nodeRequire = createRequire(join(process.cwd(), 'preload'));
  for (const each of others[which]) nodeRequire(each);
}

/** Undefined for what is not ours: the program starts all the same. */
function othersOf(text: string | undefined): Others | undefined {
  try {
    const found: unknown = JSON.parse(text || 'null');
    const { before, after } = (found ?? {}) as Partial<Others>;
    return Array.isArray(before) && Array.isArray(after) ? { before, after } : undefined;
  } catch {
    return undefined;
  }
}

function split(options: string, ours: string): Others & { readonly rest: string[] } {
  const found = { before: [] as string[], after: [] as string[], rest: [] as string[] };
  const words = wordsOf(options);
  let isBehind = false;
  for (let at = 0; at < words.length; at++) {
    const inOne = /^(?:--require|-r)=(.*)$/.exec(words[at].text);
    const isRequire = words[at].text === '--require' || words[at].text === '-r';
    if (!inOne && !isRequire) {
      found.rest.push(words[at].source);
      continue;
    }
    const path = inOne ? inOne[1] : words[++at]?.text;
    if (path === undefined) continue;
    if (isSame(path, ours)) isBehind = true;
    else (isBehind ? found.after : found.before).push(path);
  }
  return found;
}

/** With slashes on Windows, in one of the two. */
const isSame = (one: string, other: string): boolean => one.replace(/\\/g, '/') === other.replace(/\\/g, '/');

/** Source: Node's `ParseNodeOptionsEnvVar`: words between spaces; within double quotes a backslash takes the next character as it is. */
function wordsOf(options: string): { text: string; source: string }[] {
  return [...options.matchAll(/(?:"(?:\\[\s\S]|[^"\\])*"|[^\s"])+/g)].map(([source]) => ({
    source,
    text: source.replace(/"((?:\\[\s\S]|[^"\\])*)"/g, (_all, inner: string) => inner.replace(/\\([\s\S])/g, '$1')),
  }));
}

function quoted(path: string): string {
  const slashed = process.platform === 'win32' ? path.replace(/\\/g, '/') : path;
  return /[\s"\\]/.test(slashed) ? `"${slashed.replace(/["\\]/g, '\\$&')}"` : slashed;
}
