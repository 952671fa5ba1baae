/**
 * Several definitions of one name in one class: overloads, clauses, what is defined anew. None of them is likelier than another, unless something
 * tells: the parameters that are printed with the name, what the caller gives, an annotation that makes spans.
 */

import { confidence } from '../model/confidence';
import type { FunctionName } from '../names/functionName';
import type { Question } from '../question/question';
import type { SourceSearch } from '../search/sourceSearch';
import type { Definition } from './findDefinitions';
import { type ParameterList, parametersAt } from './parameters';

export interface Told {
  readonly definition: Definition;
  /** Why it is this one of several; undefined where it is one of them, or the only one. */
  readonly why?: string;
  /** No surer than this. */
  readonly limit: number;
  /** Another one of its class is likelier. */
  readonly isBehind: boolean;
}

/** Annotations that make a span of a function, or hand it requests. */
const tracing =
  /@(?:WithSpan|NewSpan|ContinueSpan|Observed|Traced?|Timed|Span)\b|#\[(?:tracing::)?instrument\b|\[(?:Trace|Span)\b/;
const handling =
  /@\w*(?:Mapping|Listener|Scheduled|Handler|Incoming|Consumer|Job|Query|Mutation|Tool)\b|@(?:GET|POST|PUT|PATCH|DELETE|Get|Post|Put|Patch|Delete|Path|Route|Cron|Process|On\w+)\b|\[(?:Http\w+|Route|Function\w*|Topic)\b/;
const maxAbove = 12;
const maxIdle = 600;

/** Which of the definitions in one class is meant. @param all of one name, in one class of one file, more than one */
export async function tellOverloads(
  all: readonly Definition[],
  name: FunctionName,
  { search, family }: Pick<Question, 'search'> & Partial<Pick<Question, 'family'>>,
): Promise<readonly Told[]> {
  const lines = (await search.context.lines(all[0].source.file)) ?? [];
  const clause = name.clause === undefined ? undefined : all.find(({ line }) => lines[line]?.includes(`"${name.clause}"`));
  if (clause) return lead(clause, all, 'by what it is given', confidence.module);
  const distinct = withoutRepeats(outermost(all, lines), lines);
  if (distinct.length === 1) return [plain(distinct[0])];
  const listOf = (definition: Definition): ParameterList | undefined =>
    parametersAt(lines, definition.line, Math.max(0, definition.column ?? columnOf(definition, lines)));
  const { parameters } = name;
  if (parameters) {
    const fitting = distinct.filter((each) => fits(listOf(each), parameters.count));
    const typed = fitting.filter((each) => hasTypes(listOf(each), parameters.types));
    const [only, another] = typed.length ? typed : fitting;
    if (only && !another) return lead(only, distinct, 'by its parameters', confidence.module);
  }
  const [called, more] = await byCaller(distinct, listOf, search, family);
  if (called && !more) return lead(called, distinct, 'by what its caller gives', confidence.overload);
  const [filled, another] = distinct.filter(({ line }) => !isIdle(lines, line));
  if (filled && !another) return lead(filled, distinct, 'the only one that does something', confidence.overload);
  if (name.isConstructor) {
    // One without parameters beside others is for what reads objects from somewhere.
    const [constructing, other] = distinct.filter((each) => (listOf(each)?.texts.length ?? 1) > 0);
    if (constructing && !other) return lead(constructing, distinct, 'the only one with parameters', confidence.overload);
  }
  for (const pattern of [tracing, handling]) {
    const [marked, other] = distinct.filter(({ line }) => pattern.test(above(lines, line)));
    if (marked && !other) return lead(marked, distinct, 'by its annotation', confidence.overload);
  }
  return distinct.map(plain);
}

/** Constructors are not all called like their class. */
function columnOf({ line, name }: Definition, lines: readonly string[]): number {
  const text = lines[line] ?? '';
  const at = text.indexOf(name);
  return at >= 0 ? at : text.search(/(?:constructor|__init__|__new__|__construct|initialize|init|new)\s*[(<]/);
}

function plain(definition: Definition): Told {
  return { definition, limit: 1, isBehind: false };
}

function lead(first: Definition, all: readonly Definition[], why: string, limit: number): readonly Told[] {
  return all.map((definition) =>
    definition === first
      ? { definition, why: `one of ${all.length}, ${why}`, limit, isBehind: false }
      : { ...plain(definition), isBehind: true },
  );
}

/** What is further in is of another function. */
function outermost(all: readonly Definition[], lines: readonly string[]): readonly Definition[] {
  const indents = all.map(({ line }) => lines[line]?.search(/\S/) ?? 0);
  const least = Math.min(...indents);
  return all.filter((_, i) => indents[i] === least);
}

/** Clauses of one function (Elixir), what sets beside what gets, a name with a mark behind it beside the one without. */
function withoutRepeats(all: readonly Definition[], lines: readonly string[]): readonly Definition[] {
  const [{ language, name }] = all;
  if (language === 'elixir' || language === 'erlang') {
    const byCount = new Map<number, Definition>();
    for (const each of all) {
      const count = parametersAt(lines, each.line, each.column ?? 0)?.texts.length ?? 0;
      if (!byCount.has(count)) byCount.set(count, each);
    }
    return [...byCount.values()];
  }
  const exact = all.filter(({ line, column }) => {
    const text = lines[line] ?? '';
    const end = (column ?? text.indexOf(name)) + name.length;
    return language === 'ruby' ? !/[?!=]/.test(text[end] ?? '') : !/\bset\s+#?$/.test(text.slice(0, end - name.length));
  });
  return exact.length ? exact : all;
}

function fits(list: ParameterList | undefined, count: number): boolean {
  return list !== undefined && count >= list.least && count <= list.most;
}

function hasTypes(list: ParameterList | undefined, types: readonly string[]): boolean {
  return list !== undefined && types.length > 0 && types.every((type, i) => list.texts[i]?.includes(type));
}

/** Its block is empty, or nothing more than a comment or `pass`. */
function isIdle(lines: readonly string[], line: number): boolean {
  const text = lines
    .slice(line, line + 8)
    .join('\n')
    .slice(0, maxIdle);
  return (
    /^[^{]*\{\s*(?:\/\/[^\n]*\s*|\/\*[^*]*\*\/\s*)?\}/.test(text) || /^[^\n]*:\s*(?:\n\s*)?(?:pass|\.\.\.)\s*(?:\n|$)/.test(text)
  );
}

async function byCaller(
  all: readonly Definition[],
  listOf: (definition: Definition) => ParameterList | undefined,
  { context }: SourceSearch,
  family: Question['family'] | undefined,
): Promise<readonly Definition[]> {
  const [caller] = (await family?.callers()) ?? [];
  if (!family || !caller) return [];
  // The head of a caller of the same name calls nobody.
  const calls = (await family.calls(caller)).filter(
    (call) => call.name === all[0].name && (call.line !== caller.start || call.receiver !== ''),
  );
  const [call, another] = calls;
  if (!call || another) return [];
  const lines = (await context.lines(caller.file)) ?? [];
  const given = parametersAt(lines, call.line, call.column);
  const fitting = given ? all.filter((each) => fits(listOf(each), given.texts.length)) : [];
  if (!given || fitting.length < 2) return fitting;
  // What is given is often called like the parameter: `delete(ids)`.
  const alike = fitting.map((each) => likeness(listOf(each)?.texts ?? [], given.texts));
  const most = Math.max(...alike);
  return most > 0 ? fitting.filter((_, i) => alike[i] === most) : fitting;
}

/** How many arguments are called like the parameters, or are of the type that these say. */
function likeness(parameters: readonly string[], given: readonly string[]): number {
  return parameters.filter((text, i) => {
    const own = text.replace(/=.*$/, '').trim();
    const [name = '', type = ''] = /^(?:val |var )?\w+\s*:/.test(own)
      ? own.split(/\s*:\s*/)
      : [/\w+$/.exec(own)?.[0], own.replace(/\s*\w+$/, '')];
    const argument = given[i] ?? '';
    const called = /(\w+)\s*(?:\(\s*\))?$/.exec(argument)?.[1]?.replace(/^(?:get|is)(?=[A-Z])/, '');
    const made = /^(?:new\s+)?(\p{Lu}\w*)\s*(?:<[^<>]*>)?[.(]/u.exec(argument)?.[1];
    return (
      called?.toLowerCase() === name.toLowerCase() ||
      (made !== undefined && new RegExp(`\\b${made}\\b`).test(type)) ||
      (/^["']/.test(argument) && /\b[Ss]tring\b/.test(type))
    );
  }).length;
}

/** Annotations, one below the other, and those of the line itself. */
function above(lines: readonly string[], line: number): string {
  const found = [lines[line] ?? ''];
  for (let i = line - 1; i >= Math.max(0, line - maxAbove); i--) {
    if (!/^\s*(?:[@[#)"'}\]]|\/\/|\/?\*|[\w.]+ ?=)/.test(lines[i])) break;
    found.push(lines[i]);
  }
  return found.join('\n');
}
