/**
 * Definitions of a name, from the language's symbol provider where one answers, and from the text: in many windows no provider is installed
 * for the language of a service.
 */

import { throwIfAborted } from '../../base/errors';
import type { CodeSymbol } from '../model/types';
import { parseFunctionName } from '../names/functionName';
import type { SourceLanguage } from '../search/languages';
import type { SourceFile, SourceSearch } from '../search/sourceSearch';
import { type DefinitionKind, type DefinitionMatcher, definitionMatcher } from './definitions';
import { enclosing, statedPackage } from './enclosing';
import type { Surroundings } from './matchName';

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
  const { hits, truncated } = await search.find(name);
  const matchers = new Map<SourceLanguage, DefinitionMatcher>();
  const found: Definition[] = [];
  for (const hit of hits) {
    let matcher = matchers.get(hit.language);
    if (!matcher) {
      matcher = definitionMatcher(name, hit.language);
      matchers.set(hit.language, matcher);
    }
    if (!matcher(hit.text)) continue;
    if (found.length === maxRead) return { found, truncated: true };
    const source = search.file(hit.file);
    const definition = source && (await definitionAt(source, hit.line, name, matcher, search));
    if (definition) found.push(definition);
  }
  return { found, truncated };
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
  return match && describe(source, lines, line, name, match, (await search.context.text(source.file)) ?? '');
}

function describe(
  source: SourceFile,
  lines: readonly string[],
  line: number,
  name: string,
  match: NonNullable<ReturnType<DefinitionMatcher>>,
  text: string,
): Definition | undefined {
  const { containers, namespaces, isDirect } = enclosing(lines, line, source.language);
  if (match.needsClass && !isDirect) return undefined;
  const stated = [...(statedPackage(text, source.language) ?? []), ...namespaces.flatMap((each) => each.split(/[.:]+/))];
  return {
    source,
    name,
    line,
    column: match.column,
    kind: match.kind,
    language: source.language,
    path: source.path,
    containers: match.container === undefined || match.container === 'self' ? containers : [...containers, match.container],
    stated: stated.length ? stated : undefined,
    by: 'text',
  };
}

/** All definitions of a name in one file, by its text. */
export async function definitionsIn(source: SourceFile, name: string, search: SourceSearch): Promise<readonly Definition[]> {
  const lines = await search.context.lines(source.file);
  if (!lines || !/^[\p{L}\p{N}_$]+$/u.test(name)) return [];
  const text = (await search.context.text(source.file)) ?? '';
  const matcher = definitionMatcher(name, source.language);
  const found: Definition[] = [];
  for (const [line, each] of lines.entries()) {
    const match = matcher(each);
    const definition = match && describe(source, lines, line, name, match, text);
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
