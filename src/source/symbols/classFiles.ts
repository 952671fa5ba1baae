/**
 * Files that are called like a class or a module: `OrdersController.java`, `orders_controller.rb`, `orders.controller.ts`. The index of file names
 * answers for nothing, where a search for a common name costs much and is cut.
 */

import type { SourceLanguage } from '../search/languages';
import type { SourceFile, SourceSearch } from '../search/sourceSearch';

const endings: readonly (readonly [SourceLanguage, readonly ('same' | 'snake' | 'kebab' | 'lower')[], readonly string[]])[] = [
  ['java', ['same'], ['java']],
  ['kotlin', ['same'], ['kt']],
  ['scala', ['same'], ['scala']],
  ['groovy', ['same'], ['groovy']],
  ['csharp', ['same'], ['cs']],
  ['php', ['same'], ['php']],
  ['swift', ['same'], ['swift']],
  ['ruby', ['snake'], ['rb']],
  ['python', ['snake', 'lower'], ['py']],
  ['elixir', ['snake'], ['ex']],
  ['go', ['snake', 'lower'], ['go']],
  ['rust', ['snake'], ['rs']],
  ['dart', ['snake'], ['dart']],
  ['cpp', ['same', 'snake'], ['cpp', 'cc']],
  ['javascript', ['same', 'kebab', 'snake'], ['ts', 'tsx', 'js']],
];
const maxFiles = 12;

/** At most twelve, in the languages of the service. */
export async function filesOfClass(name: string, search: SourceSearch): Promise<readonly SourceFile[]> {
  const { workspace } = search.context.ports;
  const found: SourceFile[] = [];
  for (const fileName of fileNamesOf(name, search.languages)) {
    for (const uri of await workspace.findByBaseName(fileName)) {
      const source = search.file(uri);
      if (source && search.isOf(source.language)) found.push(source);
      if (found.length >= maxFiles) return found;
    }
  }
  return found;
}

function fileNamesOf(name: string, languages: ReadonlySet<SourceLanguage> | undefined): readonly string[] {
  const names = new Set<string>();
  const words = name.replace(/([\p{Ll}\p{N}])(\p{Lu})/gu, '$1 $2').split(/[\s_-]+/);
  const lower = words.map((each) => each.toLowerCase());
  for (const [language, notations, ends] of endings) {
    if (languages?.size && !languages.has(language)) continue;
    for (const end of ends) {
      if (notations.includes('same')) names.add(`${name}.${end}`);
      if (notations.includes('snake')) names.add(`${lower.join('_')}.${end}`);
      if (notations.includes('lower')) names.add(`${lower.join('')}.${end}`);
      if (!notations.includes('kebab')) continue;
      names.add(`${lower.join('-')}.${end}`);
      names.add(`${name.charAt(0).toLowerCase()}${name.slice(1)}.${end}`);
      // `orders.controller.ts`: what it is stands behind a dot.
      if (lower.length > 1) names.add(`${lower.slice(0, -1).join('-')}.${lower[lower.length - 1]}.${end}`);
    }
  }
  return [...names];
}
