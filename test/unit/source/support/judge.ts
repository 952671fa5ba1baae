/** Judges answers against the lines that a person would open, and says in a table what came of it. */

import {
  parseStack,
  type ResolveResult,
  resolveAttributes,
  resolveSpan,
  resolveStack,
  type SourceCandidate,
  type SourcePorts,
} from '../../../../src/source';
import { type Expectation, programsFolder, recordOf, stackText } from './programs';
import { diskSearch } from './search';
import { diskWorkspace, withSourceMaps } from './workspace';

export type Verdict = 'right' | 'rightFile' | 'wrong' | 'nothing';

/** From here on the editor opens a file without asking. */
const sure = 0.9;

/** What an answer is judged by. */
export interface Wanted {
  /** Rows of the table: the program or corpus, and the kind. */
  readonly program: string;
  readonly kind: string;
  readonly file: string;
  readonly line: number;
  readonly accept?: readonly number[];
  /** What tells it from the others of its program in a failure. */
  readonly name?: string;
  readonly spanName?: string;
  readonly spanId?: string;
  readonly stack?: string;
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

/** One row for each `rowOf` and each rung that answered, and their sum. */
export function table<T extends Wanted>(
  title: string,
  outcomes: readonly Outcome<T>[],
  rowOf: (expected: T) => readonly [string, string] = ({ program, kind }) => [program, kind],
): string {
  const rows = new Map<string, Record<string, number>>();
  const empty = (): Record<string, number> => ({ right: 0, rightFile: 0, wrong: 0, nothing: 0, sure: 0 });
  const total = empty();
  for (const { expected, result, verdict } of outcomes) {
    const rung = result.candidates[0]?.rung ?? '-';
    const [first, second] = rowOf(expected);
    const key = `${first.padEnd(16)} ${second.padEnd(16)} ${rung.padEnd(12)}`;
    const row = rows.get(key) ?? empty();
    for (const each of [row, total]) {
      each[verdict]++;
      if (isSure(result.candidates[0])) each.sure++;
    }
    rows.set(key, row);
  }
  const head = `${''.padEnd(16)} ${''.padEnd(16)} ${'answered by'.padEnd(12)} right  file wrong  none >=0.9`;
  const line = (row: Record<string, number>): string =>
    Object.values(row)
      .map((n) => String(n).padStart(5))
      .join(' ');
  const sorted = [...rows].sort(([a], [b]) => (a < b ? -1 : 1));
  return [title, head, ...sorted.map(([key, row]) => `${key} ${line(row)}`), `${'all'.padEnd(46)} ${line(total)}`].join('\n');
}

/** Of 100. */
export function share(verdict: Verdict, outcomes: readonly Outcome<Wanted>[]): number {
  return (100 * outcomes.filter((each) => each.verdict === verdict).length) / outcomes.length;
}

/** What isn't right, as text, so that a failure shows it. */
export function misses(outcomes: readonly Outcome<Wanted>[]): readonly string[] {
  return outcomes.filter(({ verdict }) => verdict !== 'right').map(describe);
}

/** Answers at 0.9 or more that are not the right file, or for a cause not in the program's folder. */
export function wrongAndSure(
  outcomes: readonly Outcome<Wanted>[],
  folderOf: (program: string) => string | undefined,
): readonly string[] {
  return outcomes.flatMap((outcome) => {
    const { expected, result } = outcome;
    const folder = folderOf(expected.program);
    const [best] = result.candidates;
    const isElsewhere = ({ file }: SourceCandidate): boolean => folder === undefined || !file.startsWith(`${folder}/`);
    const isWrong = isSure(best) && (isElsewhere(best) || best.file !== `${folder}/${expected.file}`);
    const causes = result.causes.map(({ candidates: [first] }) => first);
    return isWrong || causes.some((cause) => isSure(cause) && isElsewhere(cause)) ? [describe(outcome)] : [];
  });
}

function isSure(candidate: SourceCandidate | undefined): candidate is SourceCandidate {
  return candidate !== undefined && candidate.confidence >= sure;
}

function describe({ expected, result, verdict }: Outcome<Wanted>): string {
  const { program, kind, name, spanName, spanId, stack, file, line } = expected;
  const what = [program, kind, name, spanName, spanId, stack].filter((part) => part !== undefined).join(' ');
  const answers = result.candidates.slice(0, 3).map((each) => `${each.file}:${each.line + 1} ${each.confidence} ${each.reason}`);
  const tried = result.tried.map((step) => `${step.rung} ${step.what}: ${step.outcome}`);
  return [`${verdict}: ${what}, wanted ${file}:${line}`, ...answers, ...tried.slice(0, 8)].join('\n    ');
}
