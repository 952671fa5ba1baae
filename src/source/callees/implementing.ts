/** The files of what implements an interface or a trait, or goes on from a class, by the heads that say so. */

import type { SourceSearch } from '../search/sourceSearch';

/** How a class begins that is, or goes on from, a type. */
function headsOf(type: string): RegExp {
  return new RegExp(
    `\\b(?:class|object|record|struct)\\s+${type}\\b|\\b(?:class|struct|record|object)\\s[^{=]{0,300}[:,(\\s]\\s*${type}\\b|^\\s*\\)\\s*:[^{=]{0,200}\\b${type}\\b|^\\s+(?::\\s*)?${type}(?:<[^<>]{0,80}>)?\\s*(?:,|\\{)?\\s*$|\\bimplements\\s[^{]{0,200}\\b${type}\\b|\\bimpl\\s+${type}\\s+for\\b|^impl(?:<[^<>]{0,80}>)?\\s+(?:[\\w:<>, ]{1,80}\\s+for\\s+)?${type}\\b`,
  );
}

/** Files of source, without those of what stands in for a real one: that asks nobody. `isTrait`: a trait's functions are in what implements it, under other names. */
export async function filesImplementing(
  type: string,
  isRust: boolean,
  search: SourceSearch,
): Promise<{ readonly files: readonly string[]; readonly isTrait: boolean }> {
  const heads = headsOf(type);
  const needles = isRust ? [`impl ${type}`, `for ${type}`] : [type];
  const answers = await Promise.all(needles.map((needle) => search.find(needle)));
  const hits = answers
    .flatMap((answer) => answer.hits)
    .filter(({ text }) => text.length < 500 && text.includes(type) && heads.test(text));
  const files = [...new Set(hits.map(({ file }) => file))].filter((file) => !standIn.test(file));
  return {
    files: files.filter((file) => search.file(file)?.standing === 'source'),
    isTrait: hits.some(({ text }) => text.includes(`impl ${type} for`)),
  };
}

const standIn = /\/(?:InMemory|Fake|Mock|Stub|No[Oo]p|Dummy)\w*\.\w+$/;
