/**
 * What nobody writes, and anybody may send: spans whose texts are huge or malformed, and files that no parser expects. And how long the ladder holds
 * the thread for them, by processor time, because others run beside.
 */
import { readFileSync } from 'node:fs';
import type { ResolveResult, SourcePorts, SpanSource, TextHit } from '../../../../src/source';
import { resolveSpan } from '../../../../src/source';
import { memoryWorkspace } from './workspace';

export const root = 'file:///work';

/** As the application searches: no longer lines and files, of each text so many lines. */
const maxLine = 4096;
const maxFile = 1 << 20;
const maxHits = 500;
const before = 120;
const maxText = 400;

/** Milliseconds that the ports took, which are no work of the ladder. */
let beside = 0;

/** Milliseconds that this thread ran; where the system does not tell, all threads of the process. */
function now(): number {
  try {
    return Number(readFileSync('/proc/self/schedstat', 'utf8').split(' ', 1)[0]) / 1e6 - beside;
  } catch {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1000 - beside;
  }
}

/** Files by their path below the workspace folder, asked as the application asks. */
export function hostilePorts(files: Readonly<Record<string, string>>): SourcePorts & { readonly asked: string[] } {
  const byUri = Object.fromEntries(Object.entries(files).map(([path, text]) => [`${root}/${path}`, text]));
  const known = new Map<string, { hits: TextHit[]; truncated: boolean }>();
  const asked: string[] = [];
  const workspace = memoryWorkspace([root], byUri);
  return {
    asked,
    workspace: {
      ...workspace,
      readText: (uri, maxBytes) => {
        asked.push(uri);
        return workspace.readText(uri, maxBytes);
      },
    },
    search: {
      find: async (text) => {
        let answer = known.get(text);
        if (!answer) {
          const begun = now();
          answer = search(byUri, text);
          beside += now() - begun;
          known.set(text, answer);
        }
        return answer;
      },
    },
  };
}

function search(files: Readonly<Record<string, string>>, needle: string): { hits: TextHit[]; truncated: boolean } {
  const hits: TextHit[] = [];
  for (const [file, text] of Object.entries(files)) {
    if (text.length > maxFile || !text.includes(needle)) continue;
    for (const [line, each] of text.split('\n').entries()) {
      const column = each.length > maxLine ? -1 : each.indexOf(needle);
      if (column < 0) continue;
      const start = each.length <= maxText ? 0 : Math.max(0, Math.min(column - before, each.length - maxText));
      hits.push({ file, line, column, text: each.slice(start, start + maxText) });
      if (hits.length > maxHits) return { hits: hits.slice(0, maxHits), truncated: true };
    }
  }
  return { hits, truncated: false };
}

export interface Taken {
  readonly result: ResolveResult;
  /** Milliseconds of processor time. */
  readonly took: number;
  /** The longest that nobody else had a turn. */
  readonly block: number;
}

export async function timed(span: SpanSource, ports: SourcePorts): Promise<Taken> {
  let last = now();
  let block = 0;
  let isOver = false;
  const turn = (): void => {
    const at = now();
    block = Math.max(block, at - last);
    last = at;
    if (!isOver) setImmediate(turn);
  };
  setImmediate(turn);
  await new Promise((resolve) => setImmediate(resolve));
  const begun = now();
  last = begun;
  const result = await resolveSpan(span, ports, { pathMappings: {} });
  isOver = true;
  const ended = now();
  return { result, took: ended - begun, block: Math.max(block, ended - last) };
}

/** Milliseconds of processor time. */
export function spent(work: () => unknown): number {
  const begun = now();
  work();
  return now() - begun;
}
