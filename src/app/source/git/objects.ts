/** Reading objects with `git cat-file`, many in one process. Their names go in by standard input, one a line. */

import type { GitAnswer, GitProcesses } from './gitProcess';

export interface GitObject {
  /** Full hash. */
  readonly hash: string;
  readonly type: string;
  /** Undefined where it was only asked about, or is larger than was allowed. */
  readonly content?: Buffer;
}

export type ObjectAnswer = readonly (GitObject | undefined)[] | GitAnswer;

/** Objects by name (`<commit>:<path>`, `refs/tags/v1^{commit}`), undefined for those that are not there; or what Git said instead. */
export async function readObjects(
  git: GitProcesses,
  cwd: string,
  names: readonly string[],
  { content, signal, maxBytes }: { readonly content: boolean; readonly signal?: AbortSignal; readonly maxBytes?: number },
): Promise<ObjectAnswer> {
  // A line break would begin another question.
  if (names.some((name) => /[\n\r\0]/.test(name))) return names.map(() => undefined);
  const args = ['cat-file', content ? '--batch' : '--batch-check'];
  const answer = await git.ask({ cwd, args, input: `${names.join('\n')}\n`, signal, maxBytes });
  if (!answer.ok) return answer;
  return parse(answer.output, names.length, content);
}

export function isAnswer(answer: ObjectAnswer): answer is GitAnswer {
  return 'output' in answer;
}

/** `<hash> <type> <size>\n[<content>\n]`, or `<name> missing\n`, `<name> ambiguous\n`. */
function parse(output: Buffer, count: number, content: boolean): readonly (GitObject | undefined)[] {
  const objects: (GitObject | undefined)[] = [];
  let at = 0;
  for (let i = 0; i < count; i++) {
    const end = output.indexOf(10, at);
    if (end < 0) break;
    const header = /^([0-9a-f]{40}|[0-9a-f]{64}) (\w+) (\d+)$/.exec(output.toString('utf8', at, end));
    at = end + 1;
    if (!header) objects.push(undefined);
    else {
      const [, hash, type, size] = header;
      objects.push(content ? { hash, type, content: output.subarray(at, at + Number(size)) } : { hash, type });
      if (content) at += Number(size) + 1;
    }
  }
  while (objects.length < count) objects.push(undefined);
  return objects;
}

/** Milliseconds in which questions are gathered: the frames of a stack ask at the same moment. */
const gatherMs = 2;
const maxGathered = 200;

interface Asked {
  readonly name: string;
  readonly resolve: (answer: GitObject | GitAnswer | undefined) => void;
}

/** Reads contents; what is asked for within a moment is read by one process. */
export class ContentReader {
  private readonly asked = new Map<string, Asked[]>();

  constructor(private readonly git: GitProcesses) {}

  read(cwd: string, name: string): Promise<GitObject | GitAnswer | undefined> {
    return new Promise((resolve) => {
      const gathered = this.asked.get(cwd);
      if (gathered && gathered.length < maxGathered) {
        gathered.push({ name, resolve });
        return;
      }
      const batch: Asked[] = [{ name, resolve }];
      this.asked.set(cwd, batch);
      setTimeout(() => {
        if (this.asked.get(cwd) === batch) this.asked.delete(cwd);
        void this.readAll(cwd, batch);
      }, gatherMs);
    });
  }

  private async readAll(cwd: string, batch: readonly Asked[]): Promise<void> {
    const names = batch.map(({ name }) => name);
    const answer = await readObjects(this.git, cwd, names, { content: true });
    if (!isAnswer(answer)) for (const [i, { resolve }] of batch.entries()) resolve(answer[i]);
    else if (answer.kind === 'tooLarge' && batch.length > 1) for (const one of batch) await this.readAll(cwd, [one]);
    else for (const { resolve } of batch) resolve(answer);
  }
}
