/**
 * From a class to what it has of a name: a method of its own, its constructors, what its bases and traits give it; else the class itself.
 */

import type { FunctionName } from '../names/functionName';
import type { SourceSearch } from '../search/sourceSearch';
import { filesOfClass } from './classFiles';
import { constructorsIn } from './constructors';
import { type Definition, definitionsIn, findDefinitions } from './findDefinitions';
import { type MatchLevel, matchLevels, matchName } from './matchName';

export interface Member {
  readonly definition: Definition;
  readonly level: MatchLevel;
  /** How it comes to be a member. */
  readonly as: 'own' | 'constructor' | 'inherited' | 'class';
}

export interface Classes {
  readonly found: readonly { readonly definition: Definition; readonly level: MatchLevel }[];
  readonly truncated: boolean;
}

/** Files of a class in which its method is looked for. */
const maxClassFiles = 8;
const maxBases = 6;
const maxHeaderLines = 60;

/** Classes that fit: `qualifier` is what is around the class. */
export async function classesNamed(name: string, qualifier: readonly string[], search: SourceSearch): Promise<Classes> {
  if (name.length < 3) return { found: [], truncated: false };
  const ofClass = classNameOf(name, qualifier);
  const inFiles: Definition[] = [];
  for (const source of await filesOfClass(name, search)) inFiles.push(...(await definitionsIn(source, name, search)));
  const { found, truncated } = await findDefinitions(name, search);
  const all = [...found, ...inFiles.filter((each) => !found.some((other) => isSame(each, other)))];
  const fitting = all
    .filter(({ kind }) => kind === 'class')
    .map((definition) => ({ definition, level: matchName(ofClass, definition) }))
    .filter(({ level }) => level !== 'none' && level !== 'otherPackage')
    .sort((a, b) => matchLevels.indexOf(a.level) - matchLevels.indexOf(b.level));
  return { found: fitting.slice(0, maxClassFiles), truncated };
}

/** Those of one class. `others`: definitions of the name anywhere, among which one may be of a base. */
export async function membersOf(
  { definition, level }: Classes['found'][number],
  name: FunctionName,
  others: readonly Definition[],
  search: SourceSearch,
): Promise<readonly Member[]> {
  const { source, line, language } = definition;
  const lines = (await search.context.lines(source.file)) ?? [];
  if (name.isConstructor || (name.last === 'new' && language === 'ruby')) {
    const constructors = constructorsIn(lines, line, definition.name, language);
    const containers = [...definition.containers, definition.name];
    return constructors.length
      ? constructors.map((at) => ({
          definition: { ...definition, line: at, column: undefined, containers, kind: 'function' },
          level,
          as: 'constructor',
        }))
      : [{ definition, level, as: 'class' }];
  }
  const own = (await definitionsIn(source, name.last, search))
    .map((each): Member => ({ definition: each, level: matchName(name, each), as: 'own' }))
    .filter((member) => matchLevels.indexOf(member.level) <= matchLevels.indexOf('class'));
  if (own.length) return own;
  const bases = basesOf(lines, definition);
  const inherited = others.filter(
    ({ containers, kind }) => kind !== 'class' && bases.includes(containers[containers.length - 1] ?? ''),
  );
  if (inherited.length) return inherited.map((each) => ({ definition: each, level: 'class', as: 'inherited' }));
  return [{ definition, level, as: 'class' }];
}

/** Names that the header of a class mentions behind its own, and what it mixes in: `extends Base`, `(Base)`, `use Logs;`, `include Logs`. */
function basesOf(lines: readonly string[], { line, name, language }: Definition): readonly string[] {
  const head: string[] = [];
  for (let i = line; i < Math.min(lines.length, line + 8); i++) {
    head.push(lines[i].slice(0, 500));
    if (/[{]|:\s*$/.test(lines[i]) || language === 'ruby' || language === 'elixir') break;
  }
  const text = head.join(' ');
  const names = [...text.slice(text.indexOf(name) + name.length).matchAll(/\p{Lu}[\p{L}\p{N}_]*/gu)].map(([each]) => each);
  for (let i = line + 1; i < Math.min(lines.length, line + maxHeaderLines); i++) {
    const mixed = /^\s*(?:use|include|prepend|extend)\s+([\p{Lu}\\][^;(]{1,300})/u.exec(lines[i].slice(0, 500))?.[1];
    if (mixed === undefined) continue;
    for (const each of mixed.split(','))
      names.push(
        each
          .trim()
          .replace(/^.*(?:::|\\|\.)/, '')
          .replace(/\W.*$/, ''),
      );
  }
  return [...new Set(names)].filter((each) => each !== name && each !== '').slice(0, maxBases);
}

function classNameOf(last: string, qualifier: readonly string[]): FunctionName {
  const flags = { isConstructor: false, isAnonymous: false, isGenerated: false };
  return { last, qualifier, containers: [], packages: [], ...flags };
}

function isSame(a: Definition, b: Definition): boolean {
  return a.source.file === b.source.file && a.line === b.line;
}
