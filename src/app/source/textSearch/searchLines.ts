/** Looks for fixed texts in the files of one folder: which lines hold any of them. */

import { type RipgrepOutcome, runRipgrep } from '../../workspace/ripgrep/ripgrepProcess';
import { RipgrepOutput, type TakeLine } from './ripgrepOutput';

/** Larger files are data, or made by a program. */
export const maxFileBytes = 1 << 20;
/** Longer lines are minified or data. */
const maxLineBytes = 4096;
/** Lines of one file; who has more is read by ourselves. */
export const maxLinesPerFile = 2000;

export interface LineSearch {
  readonly binary: string;
  /** Path on disk. */
  readonly folder: string;
  readonly needles: readonly string[];
  /** What is left out, as lines of a .gitignore. */
  readonly excluded: readonly string[];
  /** Whether the .gitignore files of folders above count. */
  readonly useParentIgnores: boolean;
  /** Bytes of output after which it is ended. */
  readonly maxBytes: number;
  /** Takes a line; answers `enough` when no more are wanted. */
  readonly take: (...line: Parameters<TakeLine>) => 'more' | 'enough';
  readonly signal: AbortSignal;
}

/** Rejects with `Cancelled`, or when ripgrep cannot be run. */
export function searchLines(search: LineSearch): Promise<RipgrepOutcome> {
  let more: 'more' | 'enough' = 'more';
  const output = new RipgrepOutput((...line) => {
    if (more === 'more') more = search.take(...line);
  });
  return runRipgrep({
    ...search,
    arguments: argumentsOf(search),
    input: `${search.needles.join('\n')}\n`,
    take(chunk) {
      output.add(chunk);
      return more;
    },
  });
}

function argumentsOf({ excluded, useParentIgnores }: LineSearch): string[] {
  return [
    '--no-config',
    '--fixed-strings',
    '--case-sensitive',
    '--no-heading',
    '--with-filename',
    '--line-number',
    '--null',
    '--color=never',
    '--path-separator=/',
    '--no-messages',
    '--no-require-git',
    '--no-ignore-global',
    '--no-ignore-dot',
    ...(useParentIgnores ? [] : ['--no-ignore-parent']),
    `--max-filesize=${maxFileBytes}`,
    `--max-columns=${maxLineBytes}`,
    `--max-count=${maxLinesPerFile}`,
    ...excluded.map((pattern) => `--glob=!${pattern}`),
    '--file=-',
    '--',
    '.',
  ];
}
