/**
 * From a template's path or name to its file, by the index of the workspace's files: all folders that the name has must be the file's. Of a path in
 * a container the last ones count.
 */

import { throwIfAborted } from '../../base/errors';
import { viewConfidence } from '../model/confidence';
import type { Finding } from '../search/rankFindings';
import type { SourceFile, SourceSearch } from '../search/sourceSearch';
import { isLibraryPath } from '../uri/libraries';
import { display } from '../uri/paths';
import type { ViewHint } from './viewHints';

/** What files of templates end with, where the name says none; the first for Rails, which has most. */
const endings: readonly string[] =
  '.html.erb,.erb,.html.haml,.haml,.html.slim,.slim,.turbo_stream.erb,.json.jbuilder,.text.erb,.blade.php,.html.twig,.html,.html.j2,.jinja2,.j2,.html.heex,.html.eex,.jsp,.ftlh,.ftl,.mustache,.hbs,.ejs,.pug,.cshtml,.php,.tpl,.tmpl,.gohtml,.vue'.split(
    ',',
  );
const maxNamed = 300;

export async function findView({ from, text }: ViewHint, search: SourceSearch): Promise<readonly Finding[]> {
  const { segments, isPath, wanted } = partsOf(text);
  const name = segments[segments.length - 1];
  if (name === undefined) return [];
  const found: { readonly source: SourceFile; readonly shared: number }[] = [];
  // A package that the program is made of, as it is installed: `gems/shop_api-4.6.0/app/views/…`.
  const isLibrary = isLibraryPath(text);
  for (const base of namesOf(name)) {
    throwIfAborted(search.context.signal);
    for (const uri of (await search.context.ports.workspace.findByBaseName(base)).slice(0, maxNamed)) {
      const source = search.file(uri);
      if (!source) continue;
      // `news/templates/item.html` of a package's own folder is asked for as `news/item.html`.
      const plain = isPath ? source.path : source.path.filter((folder) => !/^(?:templates?|views)$/.test(folder));
      const shared = Math.max(sharedFolders(source.path, segments), sharedFolders(plain, segments));
      if (!isLibrary) found.push({ source, shared });
      else if (shared >= leastOfPackage && isOfPackage(source.path, segments, shared)) found.push({ source, shared });
    }
  }
  const most = Math.max(...found.map(({ shared }) => shared));
  // A name is below the folder of templates; of a path what is above the program's folder is another.
  const isEnough = isPath ? most >= Math.min(wanted, 1) : most >= wanted;
  if (!isEnough) return [];
  return found
    .filter(({ shared }) => shared === most)
    .map(({ source }) => ({
      source,
      line: 0,
      rung: 'literal',
      fit: 2 + Math.min(most, 20) / 20,
      confidence:
        most >= 2 || (isPath && most >= 1) ? viewConfidence.path : most === 1 ? viewConfidence.name : viewConfidence.bare,
      reason: `from ${from}, the template ${display(text, 100)} is this file`,
    }));
}

/** Folders and name, in the notation of any framework; how many of the folders a file must have. */
function partsOf(text: string): { readonly segments: readonly string[]; readonly isPath: boolean; readonly wanted: number } {
  // `shop.web:templates/orders/list.html`: what a package is called may be a folder of its files.
  const [, owner, below] = /^([\w.-]{2,80}):(?![:\\/])(.+)$/.exec(text) ?? [];
  if (owner !== undefined) {
    const { segments, wanted } = partsOf(below.replace(/:/g, '/'));
    return { segments: [...owner.split('.'), ...segments], isPath: false, wanted };
  }
  const isPath = /^(?:\/|[A-Za-z]:[\\/])/.test(text);
  // A package of templates (`shop::orders.show`, `@Shop/orders`) is a folder of its own name, or none.
  const plain = text.replace(/^.*::/, '').replace(/^[@!]\w+\//, '');
  const isDotted =
    !/[\\/]/.test(plain) && !endings.some((ending) => plain.endsWith(ending)) && /^[\w-]+(?:\.[\w-]+)+$/.test(plain);
  const segments = plain.split(isDotted ? '.' : /[\\/]+/).filter((part) => part !== '' && part !== '.' && part !== '..');
  return { segments, isPath: isPath && segments.length > 1, wanted: segments.length - 1 };
}

function namesOf(name: string): readonly string[] {
  const isEnding = endings.some((end) => name.endsWith(end)) || /\.(?:html|txt|json|xml|md|svg|js|css)$/.test(name);
  if (/\.[a-z][\w]{1,10}$/i.test(name) && isEnding)
    return [name, ...(/\.(?:html|txt|json|xml)$/.test(name) ? endings.map((end) => `${name}${end}`) : [])];
  // `log.list` may be a name, or end with what no template ends with here.
  return [...(name.includes('.') ? [name] : []), ...endings.map((end) => `${name}${end}`)];
}

/** Folders that a file of an installed package has in common with the workspace's at least: what two packages have alike says nothing. */
const leastOfPackage = 3;

/** Whether the package's folder, without its version, is called like the one in the workspace: `shop_api-4.6.0` and `api`. */
function isOfPackage(path: readonly string[], segments: readonly string[], shared: number): boolean {
  const installed = segments[segments.length - 2 - shared] ?? '';
  const folder = (path[path.length - 2 - shared] ?? '').toLowerCase();
  const name = installed.replace(/[-@]v?\d[\w.]{0,40}$/, '').toLowerCase();
  return folder !== '' && (name === folder || name.split(/[-_.]/).includes(folder));
}

function sharedFolders(path: readonly string[], segments: readonly string[]): number {
  let count = 0;
  while (count + 2 <= segments.length && segments[segments.length - 2 - count] === path[path.length - 2 - count]) count++;
  return count;
}
