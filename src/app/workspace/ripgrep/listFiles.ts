/** The paths of all files of one folder, whatever Git ignores. */

import { runRipgrep } from './ripgrepProcess';

const maxBytes = 64 << 20;

export interface FileListing {
  readonly binary: string;
  /** Path on disk. */
  readonly folder: string;
  /** What is left out, as lines of a .gitignore. */
  readonly excluded: readonly string[];
  /** Takes a path, relative and with slashes. */
  readonly take: (path: string) => 'more' | 'enough';
  readonly signal: AbortSignal;
}

/** Whether all of them were told. Rejects with `Cancelled`, or when ripgrep cannot be run. */
export async function listFiles({ binary, folder, excluded, take, signal }: FileListing): Promise<boolean> {
  let rest = '';
  let more: 'more' | 'enough' = 'more';
  const decoder = new TextDecoder();
  const outcome = await runRipgrep({
    binary,
    folder,
    arguments: [
      '--no-config',
      '--files',
      '--hidden',
      '--no-ignore',
      '--no-messages',
      '--null',
      '--color=never',
      '--path-separator=/',
      ...excluded.map((pattern) => `--glob=!${pattern}`),
    ],
    maxBytes,
    signal,
    take(chunk) {
      const paths = (rest + decoder.decode(chunk, { stream: true })).split('\0');
      rest = paths.pop() ?? '';
      for (const path of paths) if (more === 'more') more = take(path.startsWith('./') ? path.slice(2) : path);
      return more;
    },
  });
  return outcome === 'whole';
}
