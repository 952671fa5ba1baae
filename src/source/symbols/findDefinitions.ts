/**
 * Definitions of a name, from the language's symbol provider where one answers, and from the text: in many windows no provider is installed
 * for the language of a service.
 */

import { throwIfAborted } from '../../base/errors';
import type { Context } from '../context/context';
import type { CodeSymbol } from '../model/types';
import { parseFunctionName } from '../names/functionName';
import { definitionNeedles, furtherNeedles, isCommonName } from '../search/commonNames';
import type { SourceLanguage } from '../search/languages';
import type { Hits, LanguageHit, SourceFile, SourceSearch } from '../search/sourceSearch';
import { type DefinitionMatcher, definitionMatcher } from './definitions';
import { enclosing, fileClassOf, onlyNamespace, statedPackage } from './enclosing';
import type { Surroundings } from './matchName';
import { modulePathsOf } from './modulePaths';
import type { DefinitionKind, DefinitionMatch } from './notation';

export interface Definition extends Surroundings {
  readonly source: SourceFile;
  readonly name: string;
  /** From 0. */
  readonly line: number;
  readonly column?: number;
  readonly kind: DefinitionKind;
  readonly by: 'text' | 'provider' | 'both';
}

export interface Definitions {
  readonly found: readonly Definition[];
  /** The name stands in more lines than were looked at. */
  readonly truncated: boolean;
}

/** Definitions whose surroundings are read: each may be another file. */
const maxRead = 60;

export async function findDefinitions(name: string, search: SourceSearch): Promise<Definitions> {
  const { signal, ports } = search.context;
  const [text, symbols] = await Promise.all([byText(name, search), ports.symbols?.inWorkspace(name, signal)]);
  throwIfAborted(signal);
  const given: Definition[] = [];
  for (const symbol of symbols ?? []) {
    if (given.length === maxRead) break;
    const definition = await fromSymbol(symbol, name, search);
    if (definition) given.push(definition);
  }
  return { found: merge(text.found, given), truncated: text.truncated };
}

async function byText(name: string, search: SourceSearch): Promise<Definitions> {
  const isCommon = isCommonName(name);
  const first = await findAll(isCommon ? definitionNeedles(name, search.languages) : [name], search);
  const found = await definitionsAmong(first.hits, name, search);
  const isShort = found.length === maxRead;
  // What was cut may have lost the definitions among the uses.
  if (isShort || !first.truncated) return { found, truncated: first.truncated || isShort };
  const forms = furtherNeedles(name, search.languages);
  const more = await findAll(isCommon ? forms : [...definitionNeedles(name).slice(0, 2), ...forms], search);
  return { found: await definitionsAmong(more.hits, name, search, found), truncated: more.truncated };
}

async function findAll(needles: readonly string[], search: SourceSearch): Promise<Hits> {
  const answers = await Promise.all(needles.map((needle) => search.find(needle)));
  return { hits: answers.flatMap(({ hits }) => hits), truncated: answers.some(({ truncated }) => truncated) };
}

/** `before`: what is known already, which comes first. */
async function definitionsAmong(
  hits: readonly LanguageHit[],
  name: string,
  search: SourceSearch,
  before: readonly Definition[] = [],
): Promise<readonly Definition[]> {
  const matchers = new Map<SourceLanguage, DefinitionMatcher>();
  const found = [...before];
  const seen = new Set(before.map(({ source, line }) => `${source.file}:${line}`));
  for (const hit of hits) {
    let matcher = matchers.get(hit.language);
    if (!matcher) {
      matcher = definitionMatcher(name, hit.language);
      matchers.set(hit.language, matcher);
    }
    // Two forms of a name may stand in one line.
    if (!matcher(hit.text) || seen.has(`${hit.file}:${hit.line}`)) continue;
    seen.add(`${hit.file}:${hit.line}`);
    const source = search.file(hit.file);
    const definition = source && (await definitionAt(source, hit.line, name, matcher, search));
    if (definition) found.push(definition);
    if (found.length === maxRead) break;
  }
  return found;
}

/** Undefined where the line, as it is now, doesn't define the name. */
async function definitionAt(
  source: SourceFile,
  line: number,
  name: string,
  matcher: DefinitionMatcher,
  search: SourceSearch,
): Promise<Definition | undefined> {
  const lines = await search.context.lines(source.file);
  const match = lines && matcher(lines[line] ?? '');
  if (!match) return undefined;
  const about = await aboutFile(source, search);
  return describe(source, lines, line, name, match, about);
}

/** What all definitions of a file have in common. */
interface AboutFile {
  readonly text: string;
  readonly modules: readonly (readonly string[])[];
}

async function aboutFile(source: SourceFile, { context }: SourceSearch): Promise<AboutFile> {
  return { text: (await context.text(source.file)) ?? '', modules: await modulePathsOf(source, context) };
}

function describe(
  source: SourceFile,
  lines: readonly string[],
  line: number,
  name: string,
  match: DefinitionMatch,
  { text, modules }: AboutFile,
): Definition | undefined {
  const { language, path } = source;
  const { containers, namespaces, isDirect } = enclosing(lines, line, language);
  if (match.needsClass && !isDirect) return undefined;
  if (isNoDefinition(lines, line, language)) return undefined;
  const stated = [...(statedPackage(text, language) ?? []), ...namespaces.flatMap((each) => each.split(/[.:]+/))];
  const around = stated.length || language !== 'csharp' ? stated : (onlyNamespace(text) ?? []);
  const { container } = match;
  const isExtension = language === 'kotlin';
  return {
    source,
    name,
    line,
    column: match.column,
    kind: match.kind,
    language,
    path,
    // `class Shop::Cart::Line` says what is around it as well.
    containers:
      container === undefined || container === 'self' || isExtension
        ? containers
        : [...containers, ...container.split(/::|\./).filter((each) => each !== '')],
    ...(isExtension && container !== undefined ? { receiver: container } : {}),
    fileClass: fileClassOf(text, path[path.length - 1] ?? ''),
    stated: around.length ? around : undefined,
    modules,
    by: 'text',
  };
}

/** A signature for type checkers, or what sets or deletes a property of which the name is asked for. */
function isNoDefinition(lines: readonly string[], line: number, language: SourceLanguage): boolean {
  if (language !== 'python') return false;
  for (let i = line - 1; i >= Math.max(0, line - 4) && /^\s*@/.test(lines[i]); i--)
    if (/^\s*@(?:(?:typing\.|t\.)?overload\b|\w+\.(?:setter|deleter)\b)/.test(lines[i])) return true;
  return false;
}

const inFiles = new WeakMap<Context, Map<string, Promise<readonly Definition[]>>>();

/** All definitions of a name in one file, by its text. Looked for once a resolution. */
export function definitionsIn(source: SourceFile, name: string, search: SourceSearch): Promise<readonly Definition[]> {
  const known = inFiles.get(search.context) ?? new Map<string, Promise<readonly Definition[]>>();
  inFiles.set(search.context, known);
  const key = `${source.file}\n${name}`;
  let answer = known.get(key);
  if (!answer) {
    answer = lookIn(source, name, search);
    known.set(key, answer);
  }
  return answer;
}

async function lookIn(source: SourceFile, name: string, search: SourceSearch): Promise<readonly Definition[]> {
  const lines = await search.context.lines(source.file);
  if (!lines || !/^[\p{L}\p{N}_$]+[?!=]?$/u.test(name)) return [];
  const about = await aboutFile(source, search);
  const matcher = definitionMatcher(name, source.language);
  const found: Definition[] = [];
  for (const [line, each] of lines.entries()) {
    const match = matcher(each);
    const definition = match && describe(source, lines, line, name, match, about);
    if (definition) found.push(definition);
  }
  return found;
}

async function fromSymbol(symbol: CodeSymbol, name: string, search: SourceSearch): Promise<Definition | undefined> {
  const parsed = parseFunctionName(symbol.name);
  const source = search.file(symbol.file);
  if (parsed.last !== name || !source || !search.isOf(source.language)) return undefined;
  const text = (await search.context.text(symbol.file)) ?? '';
  const around = symbol.containers.flatMap((each) => each.split(/::|[./\\]/)).filter((each) => each !== '');
  const stated = statedPackage(text, source.language);
  const containers = [...around, ...parsed.qualifier];
  // Some providers name the package as the outermost container.
  const isStated = stated?.every((segment, i) => containers[i] === segment);
  return {
    source,
    name,
    line: symbol.line,
    kind: kindOf(symbol.kind),
    language: source.language,
    path: source.path,
    containers: stated && isStated ? containers.slice(stated.length) : containers,
    stated,
    by: 'provider',
  };
}

function kindOf(kind: CodeSymbol['kind']): DefinitionKind {
  if (kind === 'class' || kind === 'interface' || kind === 'module') return 'class';
  return kind === 'function' || kind === 'method' || kind === 'constructor' ? 'function' : 'field';
}

/** Where both name a line it is one definition; the text knows what is around it better (a provider may be silent on it). */
function merge(text: readonly Definition[], given: readonly Definition[]): readonly Definition[] {
  const rest = [...given];
  const all = text.map((definition) => {
    const at = rest.findIndex(({ source, line }) => source.file === definition.source.file && line === definition.line);
    if (at < 0) return definition;
    rest.splice(at, 1);
    return { ...definition, by: 'both' as const };
  });
  return [...all, ...rest];
}
