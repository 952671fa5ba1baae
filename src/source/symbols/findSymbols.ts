/**
 * Rung 5: from a function's name to the line of its definition. The class and the package that the name carries decide; where the function
 * itself is not found (it is inherited, or generated), its class answers.
 */

import { telling } from '../context/evidence';
import { confidence, symbolConfidence } from '../model/confidence';
import type { FunctionName } from '../names/functionName';
import { functionAt } from '../outline/functions';
import { indentOf, isBlank } from '../outline/textLines';
import type { Question } from '../question/question';
import { definitionNeedles, isCommonName } from '../search/commonNames';
import { isGenerated } from '../search/languages';
import { type Finding, sharedWithScope } from '../search/rankFindings';
import type { SourceSearch } from '../search/sourceSearch';
import { display } from '../uri/paths';
import { type Definition, definitionsIn, findDefinitions } from './findDefinitions';
import { type MatchLevel, matchLevels, matchName } from './matchName';
import { classesNamed, type Member, membersOf } from './members';
import { type Told, tellOverloads } from './overloads';

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

/** Files of which all definitions are read, so that no overload is overlooked. */
const maxCompleted = 4;

/** What a search is asked for, to answer a question of this name. */
export function nameNeedles(name: FunctionName): readonly string[] {
  const owner = ownerOf(name);
  const own = isCommonName(name.last) ? definitionNeedles(name.last) : [name.last];
  return [...own, ...(owner === undefined ? [] : [owner])].filter((each) => each.length >= 3 && each.length <= 200);
}

/** The class that the name states, or what may be one: the innermost of the qualifier. */
function ownerOf(name: FunctionName): string | undefined {
  const innermost = name.qualifier[name.qualifier.length - 1];
  return innermost !== undefined && (name.containers.length > 0 || /^\p{Lu}/u.test(innermost)) ? innermost : undefined;
}

type Asked = Pick<Question, 'search'> & Partial<Pick<Question, 'family'>>;

export async function findSymbols(question: SymbolQuestion, asked: Asked): Promise<SymbolAnswer> {
  const { name } = question;
  const { search } = asked;
  if (name.last === '') return { findings: [], outcome: 'it names no function' };
  const { found, truncated } = await findDefinitions(name.last, search);
  const levelled = found
    .map((definition): Fitting => ({ definition, level: levelOf(question, definition), truncated, as: 'own' }))
    .filter((each) => isWanted(each, question));
  const fitting = question.isRpc ? await implementing(levelled, question, search) : levelled;
  const isTold = fitting.some(({ level }) => matchLevels.indexOf(level) <= matchLevels.indexOf('class'));
  const needsClass = name.isConstructor || ((!isTold || truncated) && !question.isRpc);
  // What its class's own file has is whole, however often the name stands elsewhere.
  const all = [...(needsClass ? await byClass(question, found, search) : []), ...fitting];
  const told = await tell(await withOverloads(all, question, search), question, asked);
  const findings = told.length > 1 && ofTask.test(question.from) ? await tasksAmong(told, search) : told;
  if (findings.length)
    return { findings: await Promise.all(findings.map((each) => inClosure(each, question, search))), outcome: '' };
  const more = truncated ? ', of which only a part was looked at' : '';
  const what = found.length
    ? `${found.length} definitions of ${display(name.last, 60)}, none in`
    : `no definition of ${display(name.last, 60)} in`;
  return { findings: [], outcome: `${what} ${display(name.qualifier.join('.'), 100) || 'the workspace'}${more}` };
}

/** Where queues of Python say a task's name, which a function may have that the task calls. */
const ofTask = /^from (?:celery|huey|taskiq|dramatiq|rq|arq|procrastinate)\./;
const marksTask = /^\s*@.*(?:task|job|actor|broker|worker|cron)/i;
const maxMarks = 6;

/** Those that are marked as tasks; all where none is. */
async function tasksAmong(findings: readonly Finding[], { context }: SourceSearch): Promise<readonly Finding[]> {
  const marked: Finding[] = [];
  for (const each of findings) {
    const lines = (await context.lines(each.source.file)) ?? [];
    let line = each.line - 1;
    while (
      line >= 0 &&
      line >= each.line - maxMarks &&
      /^\s*(?:@|\)|[\w'"]+\s*=|['"])/.test(lines[line]) &&
      !marksTask.test(lines[line])
    )
      line--;
    if (marksTask.test(lines[line] ?? '')) marked.push(each);
  }
  return marked.length ? marked : findings;
}

/** Go counts the functions without a name that stand in one: `shop.sell.func2.1` is the first in the second of `sell`. */
async function inClosure(finding: Finding, { name, text }: SymbolQuestion, { context }: SourceSearch): Promise<Finding> {
  const counts = finding.source.language === 'go' && name.isAnonymous ? /((?:\.(?:func)?\d{1,4})+)$/.exec(text)?.[1] : undefined;
  const lines = counts === undefined ? undefined : await context.lines(finding.source.file);
  if (counts === undefined || !lines) return finding;
  let { start, end } = functionAt(lines, finding.line) ?? { start: finding.line, end: finding.line + 1 };
  for (const count of counts.match(/\d+/g) ?? []) {
    let left = Number(count);
    let closure: { readonly start: number; readonly end: number } | undefined;
    for (let line = start + 1; line < end && left > 0; line++) {
      if (!/\bfunc\s*\(/.test((lines[line] ?? '').slice(0, 500))) continue;
      const indent = indentOf(lines[line]);
      let last = line + 1;
      while (last < end && (isBlank(lines[last]) || indentOf(lines[last]) > indent)) last++;
      closure = { start: line, end: last };
      left--;
      line = last - 1;
    }
    if (left > 0 || !closure) return finding;
    ({ start, end } = closure);
  }
  return { ...finding, line: start, column: -1, confidence: Math.min(finding.confidence, confidence.frameName) };
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

const maxHeadLines = 6;
/** A function that only hands on to another of its name is no longer. */
const maxHandingOn = 14;

/**
 * Who implements a method of a service takes its request: `ListReedsRequest`. Others of the name are of stores and caches, or hand on to it in
 * another protocol's words.
 */
async function implementing(
  all: readonly Fitting[],
  { name: { last } }: SymbolQuestion,
  { context }: SourceSearch,
): Promise<readonly Fitting[]> {
  const request = new RegExp(`\\b${last.replace(/_/g, '_?')}(?:Request|Req|Input|Params)\\b`, 'i');
  const handsOn = new RegExp(`[.>:]\\s*${last}\\s*\\(`);
  const taking: Fitting[] = [];
  const given: Fitting[] = [];
  for (const each of all) {
    const { definition } = each;
    const lines = await context.lines(definition.source.file);
    const head = lines
      ?.slice(definition.line, definition.line + maxHeadLines)
      .join(' ')
      .slice(0, 1_000)
      .split(/\{\s/, 1)[0];
    if (!lines || head === undefined || isMade(each, lines)) continue;
    if (handlers.test(head)) given.push(each);
    if (!request.test(head)) continue;
    const { start, end } = functionAt(lines, definition.line) ?? { start: definition.line, end: definition.line + 1 };
    const isWrapper =
      end - start <= maxHandingOn && lines.slice(start + 1, end).some((text) => text.length < 500 && handsOn.test(text));
    if (!isWrapper) taking.push(each);
  }
  const best = taking.length ? taking : given;
  return best.length ? best.map((each) => (each.level === 'bareMethod' ? { ...each, level: 'class' } : each)) : all;
}

/** What a handler of HTTP is given in Go, where an interface was made of a description. */
const handlers = /\b(?:echo|gin|iris)\.Context\b|\bfiber\.Ctx\b|\bhttp\.(?:Request|ResponseWriter)\b/;

/** Stubs that a generator made. */
function isMade({ definition: { source } }: Fitting, lines: readonly string[]): boolean {
  return isGenerated(source.path[source.path.length - 1] ?? '', lines.slice(0, maxHead).join('\n'));
}

const maxHead = 12;

function stemOf(name: string): string {
  return name.toLowerCase().replace(/(?:base|impl(?:ementation)?|servicer?|server|handler|controller|grpc|rpc|api|_)/g, '');
}

interface Fitting extends Member {
  /** There may be others that were not seen. */
  readonly truncated: boolean;
}

/** What is worth showing. */
function isWanted({ definition: { kind }, level }: Fitting, { name, isStated, isRpc }: SymbolQuestion): boolean {
  if (isRpc && kind !== 'function') return false;
  // A class is constructed in it: classes are looked at one by one.
  if (name.isConstructor) return false;
  // A span is seldom named after a variable.
  if (!isStated && kind === 'field') return false;
  return level !== 'none' && (isStated || level !== 'otherPackage');
}

/** All definitions in the files of those that fit best: a search that was cut may have found one overload of two. */
async function withOverloads(
  all: readonly Fitting[],
  question: SymbolQuestion,
  search: SourceSearch,
): Promise<readonly Fitting[]> {
  const best = Math.min(...all.map(({ level }) => matchLevels.indexOf(level)));
  const own = all.filter(({ level, as }) => as === 'own' && matchLevels.indexOf(level) === best);
  const sources = [...new Map(own.map(({ definition: { source } }) => [source.file, source])).values()];
  const more: Fitting[] = [];
  for (const source of sources.slice(0, maxCompleted)) {
    for (const definition of await definitionsIn(source, question.name.last, search)) {
      const isKnown = [...all, ...more].some((each) => isSame(each.definition, definition));
      const fitting: Fitting = { definition, level: levelOf(question, definition), truncated: own[0].truncated, as: 'own' };
      if (!isKnown && isWanted(fitting, question)) more.push(fitting);
    }
  }
  return [...all, ...more];
}

/** Of what is in one class those with a body, and of several of them the one that something tells; the others behind it. */
async function tell(all: readonly Fitting[], question: SymbolQuestion, asked: Asked): Promise<readonly Finding[]> {
  const classes = new Map<string, Fitting[]>();
  for (const each of all) {
    const { source, containers, receiver } = each.definition;
    const key = [source.file, each.as === 'class' ? `class ${each.definition.line}` : '', ...containers, receiver ?? ''].join(
      '\n',
    );
    const known = classes.get(key);
    if (!known) classes.set(key, [each]);
    else if (!known.some(({ definition }) => isSame(definition, each.definition))) known.push(each);
  }
  const findings: Finding[] = [];
  for (const group of classes.values()) {
    const bodies = group.filter(({ definition: { kind } }) => kind === 'function' || kind === 'class');
    const several = bodies.length ? bodies : group.slice(0, 1);
    if (several.length === 1) {
      findings.push(finding(several[0], question));
      continue;
    }
    for (const told of await tellOverloads(
      several.map(({ definition }) => definition),
      question.name,
      asked,
    )) {
      const fitting = several.find(({ definition }) => definition === told.definition);
      if (fitting) findings.push(finding(fitting, question, told));
    }
  }
  return findings;
}

function isSame(a: Definition, b: Definition): boolean {
  return a.source.file === b.source.file && a.line === b.line;
}

function finding({ definition, level, truncated, as }: Fitting, question: SymbolQuestion, told?: Told): Finding {
  const { name, from, isStated } = question;
  const near = question.scope === undefined ? 0 : sharedWithScope(definition.path, question.scope);
  const isClass = definition.kind === 'class' && !name.isConstructor && !name.isAnonymous;
  const shown = as === 'class' && !name.isConstructor ? 'inherited' : level;
  let sure: number = as === 'inherited' ? confidence.inheritedMember : symbolConfidence[shown];
  if (near > 0) sure += 0.05;
  if (!isStated) sure -= 0.05;
  if (shown === 'bare' || shown === 'bareMethod') {
    if (telling(name.last) === undefined) sure -= 0.2;
    if (near > 0) sure += 0.1;
  }
  if (name.isAnonymous && name.last !== '' && definition.kind === 'class') sure = Math.min(sure, confidence.className);
  if (name.isAnonymous && definition.kind === 'function') sure = Math.min(sure, confidence.aroundClosure);
  if (isClass) sure -= 0.1;
  // A span may be called like a class that has nothing of the kind.
  if (as === 'class' && level === 'bare' && !isStated) sure = confidence.className - 0.15;
  if (definition.by === 'both') sure += 0.02;
  if (truncated && level !== 'package') sure = Math.min(sure, confidence.cutOff);
  const around = definition.containers.length ? ` of ${definition.containers.join('.')}` : '';
  const what = as === 'constructor' ? `the constructor of ${definition.name}` : `the definition of ${definition.name}${around}`;
  return {
    source: definition.source,
    line: definition.line,
    column: definition.column,
    rung: 'symbol',
    fit:
      2 -
      matchLevels.indexOf(shown) / 10 -
      (definition.kind === 'declaration' ? 0.01 : definition.kind === 'field' ? 0.02 : 0) -
      (told?.isBehind ? 0.03 : 0) -
      // Ruby tells the whole of a class's name: of which only the end fits, is another.
      (shown === 'partly' && definition.language === 'ruby' ? 0.27 : 0),
    confidence: Math.min(sure, level === 'package' ? confidence.symbol : confidence.module, told?.limit ?? 1),
    reason: [
      `${from}, ${what}`,
      as === 'inherited' ? 'which its class has from there' : levelText[shown],
      told?.why,
      by[definition.by],
    ]
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

/** What the classes that the name states have of it. */
async function byClass(
  question: SymbolQuestion,
  others: readonly Definition[],
  search: SourceSearch,
): Promise<readonly Fitting[]> {
  const { name } = question;
  const owner = name.isConstructor ? name.last : ownerOf(name);
  if (owner === undefined) return [];
  const around = name.isConstructor ? name.qualifier : name.qualifier.slice(0, -1);
  const classes = await classesNamed(owner, around, search);
  const found: Fitting[] = [];
  for (const each of classes.found) {
    for (const member of await membersOf(each, name, others, search)) found.push({ ...member, truncated: classes.truncated });
  }
  return found;
}
