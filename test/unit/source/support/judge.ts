/** Judges answers against the lines that a person would open, and says in a table what came of it. */

import {
  parseStack,
  type ResolveResult,
  resolveAttributes,
  resolveSpan,
  resolveStack,
  type SourcePorts,
} from '../../../../src/core/source';
import { type Expectation, programsFolder, recordOf, stackText } from './programs';
import { diskSearch } from './search';
import { diskWorkspace, withSourceMaps } from './workspace';

export type Verdict = 'right' | 'rightFile' | 'wrong' | 'nothing';

/** What an answer is judged by. */
export interface Wanted {
  /** Rows of the table: the program or corpus, and the kind. */
  readonly program: string;
  readonly kind: string;
  readonly file: string;
  readonly line: number;
  readonly accept?: readonly number[];
}

export interface Outcome<T extends Wanted = Expectation> {
  readonly expected: T;
  readonly result: ResolveResult;
  readonly verdict: Verdict;
}

/** `folder` is where the program is in this workspace; undefined: it isn't, so every answer is wrong. */
export function judge<T extends Wanted>(expected: T, result: ResolveResult, folder: string | undefined): Outcome<T> {
  const [best] = result.candidates;
  const lines = [expected.line, ...(expected.accept ?? [])];
  const isFile = best !== undefined && folder !== undefined && best.file === `${folder}/${expected.file}`;
  const verdict = !best ? 'nothing' : !isFile ? 'wrong' : lines.includes(best.line + 1) ? 'right' : 'rightFile';
  return { expected, result, verdict };
}

/** Files, source maps and text search over folders on disk; no symbol provider. */
export function diskPorts(roots: Readonly<Record<string, string>>): SourcePorts {
  return { ...withSourceMaps(diskWorkspace(roots)), search: diskSearch(roots) };
}

/** What the ladder says of an entry of an `expected*.json`. */
export async function resolveExpected(expected: Expectation, ports: SourcePorts, root = programsFolder): Promise<ResolveResult> {
  const options = { pathMappings: {} };
  if (expected.stack !== undefined) {
    const stack = parseStack(stackText(expected, root));
    return stack ? resolveStack(stack, ports, options) : { candidates: [], tried: [], causes: [] };
  }
  const record = recordOf(expected, root);
  if (expected.event !== undefined) {
    const event = record.events.find(({ name }) => name === expected.event);
    return resolveAttributes(event?.attributes ?? {}, ports, options);
  }
  return expected.body === undefined ? resolveSpan(record, ports, options) : resolveAttributes(record.attributes, ports, options);
}

export function table(title: string, outcomes: readonly Outcome<Wanted>[]): string {
  const rows = new Map<string, Record<string, number>>();
  const empty = (): Record<string, number> => ({ right: 0, rightFile: 0, wrong: 0, nothing: 0, sure: 0 });
  const total = empty();
  for (const { expected, result, verdict } of outcomes) {
    const rung = result.candidates[0]?.rung ?? '-';
    const key = `${expected.program.padEnd(16)} ${expected.kind.padEnd(16)} ${rung.padEnd(12)}`;
    const row = rows.get(key) ?? empty();
    for (const each of [row, total]) {
      each[verdict]++;
      if ((result.candidates[0]?.confidence ?? 0) >= 0.9) each.sure++;
    }
    rows.set(key, row);
  }
  const head = `${'program'.padEnd(16)} ${'kind'.padEnd(16)} ${'rung'.padEnd(12)} right  file wrong  none >=0.9`;
  const line = (row: Record<string, number>): string =>
    Object.values(row)
      .map((n) => String(n).padStart(5))
      .join(' ');
  return [title, head, ...[...rows].map(([key, row]) => `${key} ${line(row)}`), `${'all'.padEnd(46)} ${line(total)}`].join('\n');
}

/** What isn't right, as text, so that a failure shows it. */
export function misses(outcomes: readonly Outcome[]): readonly string[] {
  return outcomes
    .filter(({ verdict }) => verdict !== 'right')
    .map(
      ({ expected, result, verdict }) =>
        `${verdict}: ${expected.program} ${expected.kind} ${expected.spanName ?? ''} ${expected.spanId ?? expected.stack} ${expected.file}:${expected.line} ${JSON.stringify(result)}`,
    );
}

/** Answers at 0.9 or more that are not the right file. */
export function wrongAndSure(outcomes: readonly Outcome[], folderOf: (program: string) => string | undefined): readonly string[] {
  return outcomes.flatMap(({ expected, result }) => {
    const folder = folderOf(expected.program);
    const best = result.candidates[0];
    const wrongFile =
      best && folder !== undefined && best.confidence >= 0.9 && best.file !== `${folder}/${expected.file}` ? [best] : [];
    const answers = [...result.candidates.slice(0, 1), ...result.causes.flatMap((cause) => cause.candidates.slice(0, 1))];
    return [
      ...wrongFile,
      ...answers.filter(({ confidence, file }) => confidence >= 0.9 && (folder === undefined || !file.startsWith(`${folder}/`))),
    ].map((answer) => `${expected.program} ${expected.file}: ${JSON.stringify(answer)}`);
  });
}
