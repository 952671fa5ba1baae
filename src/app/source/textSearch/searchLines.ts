/** Looks for fixed texts in the files of one folder: which lines hold any of them. */

import { type RipgrepOutcome, runRipgrep } from '../../workspace/ripgrep/ripgrepProcess';
import { RipgrepOutput, type TakeLine } from './ripgrepOutput';

/** Larger files are data, or made by a program. */
export const maxFileBytes = 1 << 20;
/** Longer lines are minified or data. */
const maxLineBytes = 4096;
/** Lines of one file; who has more is read by ourselves. */
export const maxLinesPerFile = 2000;

/** Bytes of paths. */
const maxListed = 8 << 20;

/** Which files of a folder are searched. */
export interface SearchedFiles {
  /** Path on disk. */
  readonly folder: string;
  /** What is left out, as lines of a .gitignore. */
  readonly excluded: readonly string[];
  /** Whether the .gitignore files of folders above count. */
  readonly useParentIgnores: boolean;
}

export interface LineSearch extends SearchedFiles {
  readonly binary: string;
  readonly needles: readonly string[];
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

function argumentsOf(search: LineSearch): string[] {
  return [
    ...whatIsSearched(search),
    '--fixed-strings',
    '--case-sensitive',
    '--no-heading',
    '--with-filename',
    '--line-number',
    `--max-columns=${maxLineBytes}`,
    `--max-count=${maxLinesPerFile}`,
    '--file=-',
    '--',
    '.',
  ];
}

function whatIsSearched({ excluded, useParentIgnores }: SearchedFiles): readonly string[] {
  return [
    '--no-config',
    '--null',
    '--color=never',
    '--path-separator=/',
    '--no-messages',
    '--no-require-git',
    '--no-ignore-global',
    '--no-ignore-dot',
    ...(useParentIgnores ? [] : ['--no-ignore-parent']),
    `--max-filesize=${maxFileBytes}`,
    ...excluded.map((pattern) => `--glob=!${pattern}`),
  ];
}

/** Paths of all files that a search looks into, relative and with slashes, each with a NUL behind it; undefined where they could not all be told. Rejects as `searchLines`. */
export async function listSource(binary: string, folder: SearchedFiles, signal: AbortSignal): Promise<string | undefined> {
  const pieces: Buffer[] = [];
  const outcome = await runRipgrep({
    binary,
    folder: folder.folder,
    arguments: [...whatIsSearched(folder), '--files', '--', '.'],
    maxBytes: maxListed,
    signal,
    take(chunk) {
      pieces.push(chunk);
      return 'more';
    },
  });
  return outcome === 'whole' ? Buffer.concat(pieces).toString('utf8') : undefined;
}
