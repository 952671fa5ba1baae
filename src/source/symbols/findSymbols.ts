/**
 * Rung 5: from a function's name to the line of its definition. The class and the package that the name carries decide; where the function
 * itself is not found (it is inherited, or generated), its class answers.
 */

import { telling } from '../context/evidence';
import { confidence, symbolConfidence } from '../model/confidence';
import type { FunctionName } from '../names/functionName';
import type { Question } from '../question/question';
import { type Finding, sharedWithScope } from '../search/rankFindings';
import type { SourceSearch } from '../search/sourceSearch';
import { display } from '../uri/paths';
import { type Definition, definitionsIn, findDefinitions } from './findDefinitions';
import { type MatchLevel, matchLevels, matchName } from './matchName';

export interface SymbolQuestion {
  readonly name: FunctionName;
  /** As the span writes it. */
  readonly text: string;
  /** Begins the reason: `from code.function.name`. */
  readonly from: string;
  /** Name of the instrumentation scope, where it may be a module's. */
  readonly scope?: string;
  /** The text is known to name a function; a span's name may be anything. */
  readonly isStated: boolean;
  /** A method of a service's interface, which some class implements. */
  readonly isRpc?: boolean;
}

export interface SymbolAnswer {
  readonly findings: readonly Finding[];
  /** In words, where there are none. */
  readonly outcome: string;
}

/** Files of a class in which its method is looked for. */
const maxClassFiles = 5;

/** What a search is asked for, to answer a question of this name. */
export function nameNeedles(name: FunctionName): readonly string[] {
  const owner = ownerOf(name);
  return [name.last, ...(owner === undefined ? [] : [owner])].filter((each) => each.length >= 3 && each.length <= 200);
}

/** The class that the name states, or what may be one: the innermost of the qualifier. */
function ownerOf(name: FunctionName): string | undefined {
  const innermost = name.qualifier[name.qualifier.length - 1];
  return innermost !== undefined && (name.containers.length > 0 || /^\p{Lu}/u.test(innermost)) ? innermost : undefined;
}

export async function findSymbols(question: SymbolQuestion, { search }: Pick<Question, 'search'>): Promise<SymbolAnswer> {
  const { name } = question;
  if (name.last === '') return { findings: [], outcome: 'it names no function' };
  const { found, truncated } = name.last.length < 3 ? { found: [], truncated: false } : await findDefinitions(name.last, search);
  const fitting = select(
    found.map((definition) => ({ definition, level: levelOf(question, definition) })),
    question,
  );
  let findings = fitting.map((each) => finding(each.definition, each.level, truncated, question));
  const isTold = fitting.some(({ level }) => matchLevels.indexOf(level) <= matchLevels.indexOf('class'));
  if (!isTold && !question.isRpc) findings = [...findings, ...(await byClass(question, search))];
  if (findings.length) return { findings, outcome: '' };
  const more = truncated ? ', of which only a part was looked at' : '';
  const what = found.length
    ? `${found.length} definitions of ${display(name.last, 60)}, none in`
    : `no definition of ${display(name.last, 60)} in`;
  return { findings: [], outcome: `${what} ${display(name.qualifier.join('.'), 100) || 'the workspace'}${more}` };
}

/** `CartService` is implemented by a `CartService`, a `CartServiceImpl`, a `cartServer` or a plain function. */
function levelOf({ name, isRpc }: SymbolQuestion, definition: Definition): MatchLevel {
  const level = matchName(name, definition);
  if (!isRpc || (level !== 'none' && level !== 'otherPackage')) return level;
  if (definition.kind !== 'function') return 'none';
  const owner = definition.containers[definition.containers.length - 1];
  if (owner === undefined) return 'bareMethod';
  const service = stemOf(ownerOf(name) ?? '');
  return service.length >= 2 && stemOf(owner) === service ? 'class' : 'bareMethod';
}

function stemOf(name: string): string {
  return name.toLowerCase().replace(/(?:base|impl(?:ementation)?|servicer?|server|handler|controller|grpc|rpc|api|_)/g, '');
}

interface Fitting {
  readonly definition: Definition;
  readonly level: MatchLevel;
}

/** What is worth showing; of overloads and declarations in one class the one with a body. */
function select(all: readonly Fitting[], { name, isStated, isRpc }: SymbolQuestion): readonly Fitting[] {
  const wanted = all.filter(({ definition, level }) => {
    if (isRpc && definition.kind !== 'function') return false;
    if (name.isConstructor && definition.kind !== 'class') return false;
    // A span is seldom named after a variable.
    if (!isStated && definition.kind === 'field') return false;
    return level !== 'none' && (isStated || level !== 'otherPackage');
  });
  const one = new Map<string, Fitting>();
  for (const each of wanted) {
    const key = `${each.definition.source.file}\n${each.definition.containers.join('.')}`;
    const known = one.get(key);
    if (!known || (hasBody(each) && !hasBody(known))) one.set(key, each);
  }
  return [...one.values()];
}

function hasBody({ definition }: Fitting): boolean {
  return definition.kind === 'function' || definition.kind === 'class';
}

function finding(definition: Definition, level: MatchLevel, truncated: boolean, question: SymbolQuestion): Finding {
  const { name, from, isStated } = question;
  const near = question.scope === undefined ? 0 : sharedWithScope(definition.path, question.scope);
  const isClass = definition.kind === 'class' && !name.isConstructor && !name.isAnonymous;
  let sure = symbolConfidence[level] + (near > 0 ? 0.05 : 0);
  if (!isStated) sure -= 0.05;
  if (level === 'bare' || level === 'bareMethod') {
    if (telling(name.last) === undefined) sure -= 0.2;
    if (near > 0) sure += 0.1;
  }
  if (name.isAnonymous && name.last !== '' && definition.kind === 'class') sure = Math.min(sure, confidence.className);
  if (isClass) sure -= 0.1;
  if (definition.by === 'both') sure += 0.02;
  if (truncated && level !== 'package') sure = Math.min(sure, confidence.cutOff);
  const around = definition.containers.length ? ` of ${definition.containers.join('.')}` : '';
  return {
    source: definition.source,
    line: definition.line,
    column: definition.column,
    rung: 'symbol',
    fit:
      2 - matchLevels.indexOf(level) / 10 - (definition.kind === 'declaration' ? 0.01 : definition.kind === 'field' ? 0.02 : 0),
    confidence: Math.min(sure, level === 'package' ? confidence.symbol : confidence.module),
    reason: [`${from}, the definition of ${definition.name}${around}`, levelText[level], by[definition.by]]
      .filter((each) => each)
      .join(', '),
    clue: near,
  };
}

const levelText: Readonly<Record<MatchLevel, string>> = {
  package: 'its package and class are the ones named',
  modules: 'its path is the one named',
  module: 'its module is the one named',
  class: '',
  partly: 'the end of its path is the one named',
  bare: 'by its name alone',
  bareMethod: 'by its name alone',
  inherited: 'where the function itself is not found',
  otherPackage: 'its package is another',
  none: '',
};

const by: Readonly<Record<Definition['by'], string>> = { text: '', provider: 'by the symbols of its language', both: '' };

/** The method inside its class's file, else the class. */
async function byClass(question: SymbolQuestion, search: SourceSearch): Promise<readonly Finding[]> {
  const { name } = question;
  const owner = ownerOf(name);
  if (owner === undefined || owner.length < 3) return [];
  const { found, truncated } = await findDefinitions(owner, search);
  const ofClass: FunctionName = { ...name, last: owner, qualifier: name.qualifier.slice(0, -1), containers: [], packages: [] };
  const classes = found
    .filter(({ kind }) => kind === 'class')
    .map((definition) => ({ definition, level: matchName(ofClass, definition) }))
    .filter(({ level }) => level !== 'none' && level !== 'otherPackage' && level !== 'bareMethod')
    .slice(0, maxClassFiles);
  const findings: Finding[] = [];
  for (const { definition, level } of classes) {
    const members = (await definitionsIn(definition.source, name.last, search))
      .map((member) => ({ definition: member, level: matchName(name, member) }))
      .filter((member) => matchLevels.indexOf(member.level) <= matchLevels.indexOf('class'));
    const [member] = select(members, question);
    if (member) findings.push(finding(member.definition, member.level, truncated, question));
    // A span may be called like a class that has nothing of the kind.
    else if (question.isStated || level !== 'bare') findings.push(finding(definition, 'inherited', truncated, question));
    else findings.push({ ...finding(definition, 'inherited', truncated, question), confidence: confidence.className - 0.15 });
  }
  return findings;
}
