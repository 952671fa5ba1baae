/** Answers against expectations. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { functionAt } from '../../src/source/outline/functions';
import type { Answers, Lens } from './answers';
import type { AskedSet, Expected } from './question';

export type LineVerdict = 'right' | 'second' | 'file' | 'wrong' | 'none';
export type LensVerdict = 'right' | 'elsewhere' | 'missing';

export interface Verdict {
  readonly set: string;
  readonly id: string;
  readonly name: string;
  readonly expected: Expected;
  /** `second`: the right line is offered, and not first. `file`: another line of the right file. */
  readonly line: LineVerdict;
  /** Undefined for exceptions: a lens stands where the span ran, not where it failed. */
  readonly lens: LensVerdict | undefined;
  /** Of the best candidate; 0 where there is none. */
  readonly confidence: number;
  readonly tookMs: number;
  /** For a person who reads why. */
  readonly shown: readonly string[];
}

export function judge(set: AskedSet, folder: string, { spans, lenses }: Answers): readonly Verdict[] {
  const root = `${decodeURIComponent(pathToFileURL(folder).href)}/`;
  const short = (file: string): string => decodeURIComponent(file).replace(root, '');
  return spans.flatMap(({ id, candidates, tried, tookMs }): Verdict[] => {
    const asked = set.spans.find((span) => span.id === id);
    const expected = asked?.expect;
    if (!asked || !expected) return [];
    const file = pathToFileURL(join(folder, expected.file)).href;
    const lines = [expected.line, ...(expected.accept ?? [])];
    const isRight = (at: { readonly file: string; readonly line: number }): boolean =>
      decodeURIComponent(at.file) === decodeURIComponent(file) && lines.includes(at.line + 1);
    const [best] = candidates;
    const shown = candidates
      .slice(0, 3)
      .map((each) => `${short(each.file)}:${each.line + 1} ${each.confidence} ${each.rung}: ${each.reason}`);
    return [
      {
        set: set.name,
        id,
        name: asked.name,
        expected,
        line: !best
          ? 'none'
          : isRight(best)
            ? 'right'
            : candidates.some(isRight)
              ? 'second'
              : decodeURIComponent(best.file) === decodeURIComponent(file)
                ? 'file'
                : 'wrong',
        lens: expected.kind === 'exception' ? undefined : judgeLens(id, expected, folder, lenses, isRight),
        confidence: best?.confidence ?? 0,
        tookMs,
        shown: [
          ...shown,
          ...lenses.filter((lens) => lens.ids.includes(id)).map((lens) => `lens ${short(lens.file)}:${lens.line + 1}`),
          ...(candidates.length ? [] : tried.slice(0, 6)),
        ],
      },
    ];
  });
}

/** At the line or at the head of its function, and the span is counted nowhere else. */
function judgeLens(
  id: string,
  expected: Expected,
  folder: string,
  lenses: readonly Lens[],
  isRight: (at: { readonly file: string; readonly line: number }) => boolean,
): LensVerdict {
  const text = readFileSync(join(folder, expected.file), 'utf8').split('\n');
  const head = functionAt(text, expected.line - 1)?.start;
  const file = pathToFileURL(join(folder, expected.file)).href;
  const stands = (lens: Lens): boolean =>
    isRight(lens) || (head !== undefined && lens.line === head && decodeURIComponent(lens.file) === decodeURIComponent(file));
  if (lenses.some((lens) => lens.ids.includes(id) && !stands(lens))) return 'elsewhere';
  return lenses.some(stands) ? 'right' : 'missing';
}

const bounds = [0.9, 0.75, 0.5, 0.001, 0] as const;
const targets = [99, 93, 80, 0, 0] as const;

/** How many answers of each confidence are right. */
export function calibration(verdicts: readonly Verdict[]): readonly string[] {
  return bounds.map((from, i) => {
    const to = i === 0 ? 2 : bounds[i - 1];
    const some = verdicts.filter(({ confidence }) => confidence >= from && confidence < to);
    const right = some.filter(({ line }) => line === 'right').length;
    const name = from === 0 ? 'no answer' : from < 0.5 ? 'below 0.5' : `${from} and above`;
    return `${name.padEnd(16)} ${share(right, some.length)}${targets[i] ? `   (${targets[i]} wanted)` : ''}`;
  });
}

/** A row for each value of a key, and their sum. */
export function table(verdicts: readonly Verdict[], keyOf: (verdict: Verdict) => string): readonly string[] {
  const keys = [...new Set(verdicts.map(keyOf))].sort();
  const row = (name: string, some: readonly Verdict[]): string => {
    const lenses = some.filter(({ lens }) => lens !== undefined);
    return `${name.padEnd(28)} ${share(some.filter(({ line }) => line === 'right').length, some.length)}   second ${count(some, 'second')}  file ${count(some, 'file')}  wrong ${count(some, 'wrong')}  none ${count(some, 'none')}   lens ${share(lenses.filter(({ lens }) => lens === 'right').length, lenses.length)}  elsewhere ${String(lenses.filter(({ lens }) => lens === 'elsewhere').length).padStart(2)}`;
  };
  return [
    ...keys.map((key) =>
      row(
        key,
        verdicts.filter((verdict) => keyOf(verdict) === key),
      ),
    ),
    row('all', verdicts),
  ];
}

function count(some: readonly Verdict[], line: LineVerdict): string {
  return String(some.filter((verdict) => verdict.line === line).length).padStart(2);
}

export function share(right: number, all: number): string {
  return `${String(right).padStart(4)} of ${String(all).padStart(4)} ${all === 0 ? '    ' : `${String(Math.round((100 * right) / all)).padStart(3)}%`}`;
}
