/** From an address that has a name to the calls that use the name: in the same function, in the same file, elsewhere. */

import { functionAt } from '../outline/functions';
import { headerAt } from '../outline/headers';
import type { Question } from '../question/question';
import type { Address } from './address';
import { hasName, isImport, isTelling } from './addressNames';
import type { CallFile, Place } from './callFile';
import { topicConstantAt } from './topicConstants';

const maxNames = 24;
/** Of which others are looked for in all of the source. */
const maxSearched = 8;
const maxUses = 40;
/** Files of a name that stands elsewhere. */
const maxElsewhere = 12;

export async function findUses(
  places: readonly Place[],
  address: Address,
  open: (uri: string) => Promise<CallFile | undefined>,
  { search }: Question,
  isOfClass = false,
): Promise<readonly Place[]> {
  const found: Place[] = [];
  const waiting = [...places];
  const classes = new Set(isOfClass ? places.map(({ name }) => name) : []);
  let searched = 0;
  for (let i = 0; i < waiting.length && i < maxNames; i++) {
    const place = waiting[i];
    const name = place.name ?? '';
    const isClass = classes.has(name);
    const here = isClass ? [] : usesHere(place, name, address);
    found.push(...here);
    // What is made with the address is used in turn.
    waiting.push(...here.filter((use) => use.name !== undefined));
    if (here.some(({ judgement }) => judgement.role !== 'unknown')) continue;
    const seen = new Set<string>([place.file.source.file]);
    let count = 0;
    // Of a short name, what it is a member of has to stand before it: `paths.orders.one`.
    const needle = isTelling(name) ? name : memberOf(place, name);
    for (const hit of needle === undefined || searched++ >= maxSearched ? [] : (await search.find(needle)).hits) {
      if (hit.file === place.file.source.file || hit.text.length > 2_000 || !hasName(hit.text, name)) continue;
      if (isImport(hit.text) || defines(hit.text, name)) continue;
      seen.add(hit.file);
      if (seen.size > maxElsewhere || ++count > maxUses) break;
      const file = await open(hit.file);
      const below = isClass && file ? headerAt(file.lines, hit.line) : undefined;
      // One that goes on from it says the same.
      if (below?.kind === 'container' && below.name !== undefined) {
        classes.add(below.name);
        waiting.push({ ...place, name: below.name });
      }
      const use = below ? undefined : file?.usesIn(hit.line, name, place.written, address, isClass);
      if (!use) continue;
      found.push(use);
      // `url := base + paths.Orders`: what asks for it is below.
      if (use.name !== undefined && use.judgement.role === 'unknown') waiting.push(use);
    }
  }
  return found;
}

function memberOf({ file, literalLine }: Place, name: string): string | undefined {
  const column = file.lines[literalLine]?.search(new RegExp(`(?<=\\b${name}\\b.*)["'\`]`)) ?? -1;
  const constant = column < 0 ? undefined : topicConstantAt(file.lines, literalLine, column + 1, file.source.file);
  return constant?.name === name ? constant.written[constant.written.length - 1] : undefined;
}

/** A variable of a function is used in the function, below. */
function usesHere({ file, literalLine, written, name: own }: Place, name: string, address: Address): readonly Place[] {
  const around = functionAt(file.lines, literalLine);
  // What an object keeps is used wherever the object is.
  const isKept =
    makes.test(around?.name ?? '') ||
    new RegExp(`(?:@|\\b(?:this|self)(?:\\.|->))_?${name}\\b|\\w(?:\\.|->)${name}\\s*=[^=]`).test(
      (file.lines[literalLine] ?? '').slice(0, 1_000),
    );
  const isLocal = around !== undefined && around.name !== own && around.start < literalLine && !isKept;
  const from = isLocal ? literalLine + 1 : 0;
  const to = isLocal ? around.end : file.lines.length;
  const found: Place[] = [];
  for (let line = from, n = 0; line < to && n < maxUses; line++) {
    const text = file.lines[line];
    if (line === literalLine || text.length > 2_000 || !hasName(text, name) || isImport(text) || defines(text, name)) continue;
    // It is given the text below.
    if (line === literalLine - 1 && /[^=!<>]=\s*$/.test(text)) continue;
    // Given another value.
    if (isLocal && new RegExp(`^\\s*(?:[\\w<>[\\].?]{1,60}\\s+)?[$@]?${name}\\s*:?=[^=>]`).test(text) && !/[,(]\s*$/.test(text))
      break;
    n++;
    const use = file.usesIn(line, name, written, address);
    if (use) found.push(use);
  }
  return found;
}

/** Functions that make an object with what it keeps. */
const makes = /^(?:new|New\w*|constructor|__init__|__construct|initialize|init)$/;

/** The head of a function that has the name. */
function defines(text: string, name: string): boolean {
  const header = headerAt([text], 0);
  return header?.kind === 'function' && header.name === name && text.indexOf(name) === text.lastIndexOf(name);
}
