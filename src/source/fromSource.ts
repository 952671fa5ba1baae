/**
 * Rungs 5 and 6 for one span: looks for its function's name and for its texts, and puts together what they say. Two of them that lead to the
 * same function are worth more than one.
 */

import { throwIfAborted } from '../base/errors';
import { findCaller, findCallWithin, findHandOver, findRequestAround } from './callWithin';
import type { Context } from './context/context';
import type { Family } from './family/family';
import { hintKeys, needlesOf, readHints } from './hints';
import { findLiteral } from './literals/findLiterals';
import { readCodeLocation } from './model/attributes';
import { confidence, literalConfidence } from './model/confidence';
import type { TextKind } from './model/sourceHints';
import type { Relative, SourceCandidate, SourceRung } from './model/types';
import { parseFunctionName } from './names/functionName';
import { type FunctionText, functionAt } from './outline/functions';
import type { AskedSpan, Question } from './question/question';
import { languagesOf } from './search/languages';
import { LiteralFiles } from './search/literalFiles';
import { rankFindings } from './search/rankFindings';
import { SourceSearch } from './search/sourceSearch';
import { findSymbols } from './symbols/findSymbols';
import { areOneFunction } from './symbols/sameFunction';
import { isLibraryPath } from './uri/libraries';
import { display } from './uri/paths';

/** One way that was tried, and what it led to. */
interface Way {
  readonly rung: SourceRung;
  readonly kind: TextKind | 'name' | 'call' | 'caller';
  /** For "… agrees": `http.route`. */
  readonly from: string;
  readonly candidates: readonly SourceCandidate[];
}

/** As OTLP numbers them. */
const server = 2;
const consumer = 5;
/** Below this an answer is a guess. */
const guess = 0.5;
const maxNames = 4;
/** What a span works on says more of its line than what a helper that makes spans is called. */
const telling: ReadonlySet<Way['kind']> = new Set([
  'route',
  'sql',
  'url',
  'query',
  'fileRoute',
  'view',
  'graphql',
  'procedure',
  'job',
  'namedJob',
  'faas',
  'rpcCall',
]);
const isAsking: ReadonlySet<Way['kind']> = new Set(['sql', 'query']);
const maxCandidates = 10;

/** Best first. */
export async function fromSource(span: AskedSpan, family: Family, context: Context): Promise<readonly SourceCandidate[]> {
  if (!canSearch(context, 'symbol')) return [];
  const hints = readHints(span, family.ancestors);
  const search = new SourceSearch(context, languagesOf(span.language), new Set(needlesOf(hints)));
  const files = new LiteralFiles(search);
  const origin = { service: span.service, scope: span.scope?.name, ...kinOf(span, family) };
  const question: Question = { span, hints, search, files, family, origin };
  const ways = [...(await byName(question)), ...(await byText(question))];
  if (!hints.names.length) context.note('symbol', 'code.function.name', 'the span names no function');
  if (!hints.texts.length) context.note('literal', 'http.route, db.query.text and the like', 'the span has no text to look for');
  const found = await agree(ways, context);
  if (found.some((each) => each.confidence >= guess) || isEntry(span)) return found;
  const isFound = found.some((each) => each.confidence > literalConfidence.callerBesideOthers);
  return agree([...ways, ...(await byCaller(question, isFound, askedBy(ways)))], context);
}

/**
 * What says little of itself was made by the function of the span around it.
 * @param asked how sure a place is that has the query's own table: a call there that is named after the operation would have been found with it
 */
async function byCaller(question: Question, isFound: boolean, asked: number): Promise<readonly Way[]> {
  const { origin, search } = question;
  const way = { rung: 'symbol', from: 'the span around it' } as const;
  const requested = await rankFindings(await findRequestAround(question), {}, search);
  const parts = requested.map((each) => ({ ...each, ofRequest: true as const }));
  if (parts.length) return [{ ...way, kind: 'call', candidates: parts }];
  const handedOver = await findHandOver(question);
  const named = await rankFindings(handedOver.length ? handedOver : await findCallWithin(question), origin, search);
  const calls = asked > 0 ? named.map((each) => ({ ...each, confidence: Math.min(each.confidence, asked - 0.01) })) : named;
  if (calls.length) return [{ ...way, kind: 'call', candidates: calls }];
  const callers = await rankFindings(await findCaller(question), {}, search);
  // Where reading begins, if nothing else is known: a place that has the span's own table or address is nearer, however unsure.
  const limit = isFound ? literalConfidence.callerBesideOthers : 1;
  const candidates = callers.map((each) => ({ ...each, confidence: Math.min(each.confidence, limit) }));
  return [{ ...way, kind: 'caller', candidates }];
}

/** What came in from outside was called by nobody here. */
function kinOf(span: AskedSpan, family: Family): Pick<Question['origin'], 'family' | 'nth'> {
  if (isEntry(span)) return {};
  return { family, nth: family.before.filter((one) => saysTheSame(one, span)).length };
}

function isEntry({ kind }: AskedSpan): boolean {
  return kind === server || kind === consumer;
}

function saysTheSame(one: Relative, { name, attributes }: AskedSpan): boolean {
  return one.name === name && hintKeys.every((key) => one.attributes[key] === attributes[key]);
}

/** Says why not, where the source can't be looked through. */
function canSearch(context: Context, rung: SourceRung): boolean {
  const { ports, options } = context;
  const off = options.searchSource === false;
  if (!off && (ports.search || ports.symbols)) return true;
  context.note(
    rung,
    'the source',
    off ? 'looking through the source is switched off' : 'the source cannot be looked through here',
  );
  return false;
}

async function byName(question: Question): Promise<readonly Way[]> {
  const ways: Way[] = [];
  const { hints, origin, search, span } = question;
  const isOfLibrary = isLibraryPath(readCodeLocation(span.attributes)?.path ?? '');
  // A copy of a library's file says what every span of it says.
  const lessSure = (each: SourceCandidate): SourceCandidate => ({
    ...each,
    confidence: Math.min(each.confidence, confidence.ofLibrary),
  });
  for (const { name, from, isStated, isRpc } of hints.names.slice(0, maxNames)) {
    throwIfAborted(search.context.signal);
    const asked = { name: parseFunctionName(name), text: name, from: `from ${from}`, scope: origin.scope, isStated, isRpc };
    const { findings, outcome } = await findSymbols(asked, question);
    const ranked = await rankFindings(findings, origin, search);
    const candidates = isStated && isOfLibrary ? ranked.map(lessSure) : ranked;
    if (!candidates.length) search.context.note('symbol', `${from} ${display(name)}`, outcome);
    ways.push({ rung: 'symbol', kind: 'name', from, candidates });
  }
  return ways;
}

async function byText(question: Question): Promise<readonly Way[]> {
  const { hints, origin, search } = question;
  const ways: Way[] = [];
  if (!search.context.ports.search) {
    if (hints.texts.length) search.context.note('literal', 'texts of the span', 'the source cannot be searched for text here');
    return ways;
  }
  await search.wasCut();
  for (const hint of hints.texts) {
    throwIfAborted(search.context.signal);
    const candidates = await rankFindings(await findLiteral(hint, question), origin, search);
    const isCut = await search.wasCut();
    if (!candidates.length)
      search.context.note(
        'literal',
        `${hint.from} ${display(hint.text.replace(/\s+/g, ' '))}`,
        isCut ? 'stands in more lines than were looked at, and in no string of those' : 'stands in no string of the source',
      );
    ways.push({ rung: 'literal', kind: hint.kind, from: hint.from, candidates });
  }
  return ways;
}

function askedBy(ways: readonly Way[]): number {
  return Math.max(0, ...ways.map(({ kind, candidates: [best] }) => (isAsking.has(kind) ? (best?.confidence ?? 0) : 0)));
}

/** A route may be two classes' of the same words, in two applications of one program: whose function the span tells is not the other's. */
async function lessOthers(ways: readonly Way[], context: Context): Promise<readonly Way[]> {
  const told = ways.find(({ from }) => from === 'code.function.name')?.candidates ?? [];
  if (!told.length || told[0].confidence < confidence.nearest || told[0].lineUnknown) return ways;
  const textAt = async ({ file, line }: SourceCandidate): Promise<FunctionText | undefined> =>
    functionAt((await context.lines(file)) ?? [], line);
  const own = await Promise.all(told.map(textAt));
  const isOther = async (each: SourceCandidate): Promise<boolean> => {
    const text = each.confidence < guess ? undefined : await textAt(each);
    return (
      text?.name !== undefined &&
      text.name === own[0]?.name &&
      !told.some(({ file }, i) => file === each.file && own[i]?.containers.join('.') === text.containers.join('.'))
    );
  };
  return Promise.all(
    ways.map(async (way) => {
      if (way.kind !== 'route') return way;
      const candidates = await Promise.all(
        way.candidates.map(async (each) =>
          (await isOther(each)) ? { ...each, confidence: Math.min(each.confidence, confidence.otherClass) } : each,
        ),
      );
      return { ...way, candidates };
    }),
  );
}

async function agree(found: readonly Way[], context: Context): Promise<readonly SourceCandidate[]> {
  const ways = await lessOthers(found, context);
  const isTold = ways.some(({ kind, candidates: [best] }) => telling.has(kind) && best && best.confidence >= 0.5);
  // Who names spans of a database by what is asked is whoever makes them all.
  const asked = askedBy(ways);
  const all: { candidate: SourceCandidate; way: Way }[] = ways.flatMap((way) =>
    way.candidates.map((candidate) => {
      const isHelper = isTold && (way.kind === 'spanName' || way.kind === 'topic');
      const isMaker = asked > 0 && way.kind === 'spanName' && candidate.confidence <= literalConfidence.spanTemplate;
      const limit = isMaker ? Math.min(0.4, asked - 0.01) : isHelper ? 0.4 : 1;
      return { way, candidate: { ...candidate, confidence: Math.min(candidate.confidence, limit) } };
    }),
  );
  // A function's definition says more than the texts inside it.
  const order = all.sort(
    (a, b) =>
      Number(b.way.rung === 'symbol') - Number(a.way.rung === 'symbol') || b.candidate.confidence - a.candidate.confidence,
  );
  const kept: { candidate: SourceCandidate; way: Way; agreeing: Set<Way> }[] = [];
  for (const each of order) {
    let same: (typeof kept)[number] | undefined;
    for (const other of kept) {
      // Any place of the caller's function is in the caller's function: that is no second reason for one of them.
      const isCallers = other.way.kind === 'caller' || each.way.kind === 'caller';
      if (other.way === each.way || isCallers || !(await areOneFunction(other.candidate, each.candidate, context))) continue;
      same = other;
      break;
    }
    if (!same) kept.push({ ...each, agreeing: new Set() });
    else if (!same.agreeing.has(each.way)) {
      same.agreeing.add(each.way);
      const sure = Math.max(same.candidate.confidence, Math.min(each.candidate.confidence, confidence.agreed));
      // A class alone was named, one of whose routes it is.
      const isNarrower = same.way.from === 'code.namespace' && each.way.kind === 'route';
      const raised = Math.max(sure, Math.min(confidence.agreed, sure + confidence.agreement));
      same.candidate = {
        ...(isNarrower ? each.candidate : same.candidate),
        confidence: Math.round(raised * 1000) / 1000,
        reason: `${same.candidate.reason}, and ${each.way.from} leads there too`,
      };
    }
  }
  const isSaid = ({ file, line }: SourceCandidate): boolean =>
    kept.some(({ candidate, way }) => way.kind !== 'caller' && candidate.file === file && candidate.line === line);
  return kept
    .filter(({ candidate, way }) => way.kind !== 'caller' || !isSaid(candidate))
    .map(({ candidate }) => candidate)
    .sort((a, b) => b.confidence - a.confidence)
    .slice(0, maxCandidates);
}
