/**
 * Searches one folder by reading its files: where there is no ripgrep, and in file systems that are on no disk (a repository
 * that is browsed on a server). Slower, so it looks at files with the endings of source only, and at so many of them.
 */

import { throwIfAborted } from '../../../base/errors';
import { Slices } from '../../../base/slices';
import type { Workspace } from '../../ports/workspace';
import type { HitCollector } from './hitCollector';
import { scanText } from './scanText';
import type { SourceFolder } from './sourceFolders';

const endings =
  'ts,tsx,mts,cts,js,jsx,mjs,cjs,vue,svelte,astro,py,pyi,go,java,kt,kts,scala,groovy,clj,cs,fs,vb,rb,erb,rake,php,rs,c,cc,cpp,h,hpp,swift,m,mm,ex,exs,erl,dart,lua,pl,sh,sql,graphql,gql,proto,yaml,yml,toml,json,tf';
const skipped = '**/{node_modules,bower_components,site-packages,venv,__pycache__,.*}/**';
const maxFiles = 5000;
const readers = 4;
const sliceMs = 4;

/** @param readText gives undefined for what is too large or cannot be read */
export async function scanFolder(
  folder: SourceFolder,
  into: HitCollector,
  readText: (uri: string) => Promise<string | undefined>,
  signal: AbortSignal,
  workspace: Workspace,
): Promise<void> {
  const include = `**/*.{${endings}}`;
  const files = await workspace.findFiles({ folder: folder.uri, include, exclude: skipped, most: maxFiles, signal });
  throwIfAborted(signal);
  if (files.length >= maxFiles) into.truncate();
  const slices = new Slices(signal, sliceMs);
  let next = 0;
  const read = async (): Promise<void> => {
    for (let file = files[next++]; file !== undefined; file = files[next++]) {
      throwIfAborted(signal);
      const path = folder.pathOf(file);
      if (path === undefined || !(await folder.isSource(path))) continue;
      const text = await readText(file);
      if (text !== undefined) await scanText(file, text, into, slices);
    }
  };
  await Promise.all(Array.from({ length: readers }, read));
}
