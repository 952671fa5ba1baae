/**
 * The ladder from a span to its source: code attributes, path mapping, source maps, stack traces, symbols, literals.
 *
 * An exception's stack with a frame in the workspace goes first: somebody who opens a failed span wants the line that threw. Then
 * the span's own `code.*` attributes, then `code.stacktrace`. Mapping of paths and source maps are no rungs of their own in here;
 * every place goes through both (place.ts). Only where all of this gives no more than a guess, the source is searched for the function's
 * name and for the texts of the span (fromSource.ts). Everything that was tried is kept, so that "nothing found" can say why.
 */

import { throwIfAborted } from '../base/errors';
import { Context } from './context/context';
import { Told } from './context/told';
import { revisionsOf } from './drift/revisions';
import { type AskRelative, Family } from './family/family';
import { fromSource } from './fromSource';
import { needlesOf, readHints } from './hints';
import { readCodeLocation, stackKey, textAttribute } from './model/attributes';
import { confidence } from './model/confidence';
import type { Dependencies } from './model/dependencies';
import type {
  CauseLocation,
  ParsedStack,
  Relative,
  ResolveOptions,
  ResolveResult,
  SourceCandidate,
  SourcePorts,
  SpanFamily,
  SpanSource,
  StackFrame,
  StackLanguage,
} from './model/types';
import { servicesOf } from './paths/serviceNames';
import { resolvePlace } from './place';
import type { AskedSpan } from './question/question';
import { resolveException, resolveParsedFrame } from './stackPlaces';
import { languageOf, parseStack } from './stacks/parseStack';
import { display } from './uri/paths';

/** Exceptions of one span, and nested ones of one stack, that are looked at. */
const maxExceptions = 16;
/** Below this an answer is a guess. */
const guess = 0.5;

type Attributes = Readonly<Record<string, unknown>>;

/** A span's places, best first. Rejects with `Cancelled` only. */
export async function resolveSpan(
  span: SpanSource,
  ports: SourcePorts,
  options: ResolveOptions,
  signal?: AbortSignal,
): Promise<ResolveResult> {
  const context = new Context(ports, options, signal, revisionsOf(span, options.versionAttributes));
  context.services = servicesOf(span);
  const language = languageOf(span.resource['telemetry.sdk.language']);
  const thrown = await fromExceptions(span, language, context);
  const asked = { ...span, language: textAttribute(span.resource, 'telemetry.sdk.language') };
  const steps = await stepsOf(asked, thrown.candidates, () => familyOf(span, context), context);
  return { candidates: await leave(steps, context), tried: context.tried, causes: thrown.causes, ...context.findings };
}

/** What a span states, then what it says otherwise. @param thrown where its exceptions lead */
async function stepsOf(
  span: AskedSpan,
  thrown: readonly SourceCandidate[],
  family: () => Family,
  context: Context,
): Promise<readonly (readonly SourceCandidate[])[]> {
  const stated = await fromAttributes(span.attributes, span.name, context);
  const stack = await fromStackText(span.attributes, stackKey, '', languageOf(span.language), context);
  const steps = [thrown, stated, stack.candidates];
  if (steps.flat().some(isAnswer)) return steps;
  const found = await fromSource(span, family(), context);
  // A line goes before a file without one.
  return found.some(isAnswer) ? [found, ...steps] : [...steps, found];
}

/** What is known of spans without their exceptions. */
export interface SpanHints {
  readonly name: string;
  /** Those of `hintKeys`, of `locationKeys` and `stackKey` that the span has; others are not looked at. */
  readonly attributes: Attributes;
  /** Name of the instrumentation scope. */
  readonly scope?: string;
  readonly service?: string;
  /** All names of it (`servicesOf`). Default: `service`. */
  readonly services?: readonly string[];
  /** As OTLP numbers them. */
  readonly kind?: number;
  /** `telemetry.sdk.language`. */
  readonly language?: string;
  readonly family?: SpanFamily;
}

/**
 * Where a click on the spans leads that say this of themselves, their exceptions left aside. It is for many of them: what is read for one
 * is not read again for the others, and a span around several, which is the same object in the family of each, is looked for once. Rejects with
 * `Cancelled` only.
 * @param noting the same ports, telling what is asked of them; each answer is told to `into`, whatever of it was made for another one
 */
export function hintResolver(
  ports: SourcePorts,
  options: ResolveOptions,
  signal?: AbortSignal,
  noting: (into: Dependencies) => SourcePorts = () => ports,
): (hints: SpanHints, into?: Dependencies) => Promise<ResolveResult> {
  const shared = new Context(ports, options, signal);
  const places = new Map<Relative, { readonly found: Promise<readonly SourceCandidate[]>; readonly told: Told }>();
  const askFor =
    (into: Dependencies): AskRelative =>
    (relative, { ancestors }) => {
      let known = places.get(relative);
      if (!known) {
        const told = new Told();
        const context = shared.beside(noting(told));
        const family = new Family(relative.service, context, { ancestors, before: [], children: [] }, askFor(told));
        known = { found: resolveRelative(relative, family, context), told };
        places.set(relative, known);
      }
      known.told.passTo(into);
      return known.found;
    };
  const resolve = async (hints: SpanHints, told: Told): Promise<Answer> => {
    const context = shared.beside(noting(told));
    const { name, attributes, kind, service = '', services, language } = hints;
    context.services = services ?? (service === '' ? [] : [service]);
    const span = { name, attributes, service, kind, language: language || undefined, ...scopeOf(hints) };
    const family = new Family(service, context, hints.family, askFor(told));
    const candidates = await leave(await stepsOf(span, [], () => family, context), context);
    const result = { candidates, tried: context.tried, causes: [], ...context.findings };
    return { result, isTurnTelling: family.isTurnTelling };
  };
  // Of equal spans of one function the second is seldom another place than the first. They have their attributes and ancestors in common.
  const known = new Map<Attributes, { readonly hints: SpanHints; readonly answer: Promise<Answer>; readonly told: Told }[]>();
  return async (hints, into) => {
    const alike = known.get(hints.attributes) ?? [];
    known.set(hints.attributes, alike);
    for (const before of alike.filter((one) => isSameBut(one.hints, hints))) {
      before.told.passTo(into);
      const { result, isTurnTelling } = await before.answer;
      if (!isTurnTelling) return result;
    }
    const told = new Told();
    told.passTo(into);
    const answer = resolve(hints, told);
    alike.push({ hints, answer, told });
    return (await answer).result;
  };
}

interface Answer {
  readonly result: ResolveResult;
  readonly isTurnTelling: boolean;
}

/** Whether two say the same but for what was before them. */
function isSameBut(a: SpanHints, b: SpanHints): boolean {
  const [some, others] = [a.family?.ancestors ?? [], b.family?.ancestors ?? []];
  return (
    a.name === b.name &&
    a.kind === b.kind &&
    a.service === b.service &&
    some.length === others.length &&
    some.every((relative, i) => relative === others[i])
  );
}

/** Texts that a search of the source has to look for, so that all that spans say can be judged. */
export function hintNeedles(hints: SpanHints): readonly string[] {
  const { name, attributes, kind, family, language } = hints;
  return needlesOf(readHints({ name, attributes, kind, language, ...scopeOf(hints) }, family?.ancestors));
}

function scopeOf({ scope }: { readonly scope?: string }): Pick<AskedSpan, 'scope'> {
  return scope ? { scope: { name: scope } } : {};
}

function familyOf({ service, family }: Pick<SpanSource, 'service' | 'family'>, context: Context): Family {
  return new Family(service, context, family, (relative, above) => resolveRelative(relative, above, context.beside()));
}

/** Where an ancestor is: by what it states, or by what it says otherwise. */
async function resolveRelative(relative: Relative, family: Family, context: Context): Promise<readonly SourceCandidate[]> {
  const { name, attributes, kind, service, language } = relative;
  context.services = service === '' ? [] : [service];
  const stated = await fromAttributes(attributes, name, context);
  if (stated.some(isAnswer)) return stated;
  return fromSource({ name, attributes, kind, service, language, ...scopeOf(relative) }, family, context);
}

/** A line that is no guess. */
function isAnswer({ confidence, lineUnknown, guessed, unmapped }: SourceCandidate): boolean {
  return confidence >= guess && !lineUnknown && !guessed && !unmapped;
}

/** The place that a span event or a log record states in `code.*` attributes of its own. */
export async function resolveAttributes(
  attributes: Attributes,
  ports: SourcePorts,
  options: ResolveOptions,
  signal?: AbortSignal,
): Promise<ResolveResult> {
  const context = new Context(ports, options, signal, options.revisions);
  const candidates = await fromAttributes(attributes, undefined, context);
  return { candidates: await leave([candidates], context), tried: context.tried, causes: [], ...context.findings };
}

/** A stack trace that stands alone: in a log, a terminal, a file. */
export async function resolveStack(
  stack: ParsedStack,
  ports: SourcePorts,
  options: ResolveOptions,
  signal?: AbortSignal,
): Promise<ResolveResult> {
  const context = new Context(ports, options, signal, options.revisions);
  const { candidates, causes } = await fromStack(stack, 'the stack trace', context);
  return { candidates: await leave([candidates], context), tried: context.tried, causes, ...context.findings };
}

/** One frame of a stack: what a click on it opens. Frames of libraries resolve only where their file is in the workspace or mapped. */
export async function resolveFrame(
  frame: StackFrame,
  language: StackLanguage,
  ports: SourcePorts,
  options: ResolveOptions,
  signal?: AbortSignal,
): Promise<ResolveResult> {
  const context = new Context(ports, options, signal, options.revisions);
  const { candidates, outcome } = await resolveParsedFrame(frame, language, 'from this frame', context);
  if (!candidates.length) context.note('stack', frame.raw.slice(0, 200), outcome);
  return { candidates: await leave([candidates], context), tried: context.tried, causes: [], ...context.findings };
}

/** Resolves frames of one stack one after the other: each file is looked for and read once. */
export function frameResolver(
  language: StackLanguage,
  ports: SourcePorts,
  options: ResolveOptions,
  signal?: AbortSignal,
): (frame: StackFrame) => Promise<readonly SourceCandidate[]> {
  const context = new Context(ports, options, signal, options.revisions);
  return async (frame) => leave([(await resolveParsedFrame(frame, language, 'from this frame', context)).candidates], context);
}

/**
 * Exceptions of a span: its events, the last one first (that is the one that the span ended with), then its own attributes, then its log
 * records.
 */
async function fromExceptions(span: SpanSource, language: StackLanguage | undefined, context: Context): Promise<StackAnswer> {
  const bags: { attributes: Attributes; where: string }[] = [];
  for (const event of span.events) {
    if (Object.hasOwn(event.attributes, 'exception.stacktrace')) bags.unshift({ attributes: event.attributes, where: '' });
  }
  if (Object.hasOwn(span.attributes, 'exception.stacktrace')) bags.push({ attributes: span.attributes, where: ' of the span' });
  // Where exceptions are log records, the span has no event of its own.
  for (const { attributes } of [...(span.logs ?? [])].reverse()) {
    if (Object.hasOwn(attributes, 'exception.stacktrace')) bags.push({ attributes, where: ' of a log record' });
  }
  if (!bags.length) context.note('stack', 'exception.stacktrace', 'the span has no exception with a stack');
  let answer: StackAnswer = { candidates: [], causes: [] };
  const later: SourceCandidate[] = [];
  for (const { attributes, where } of bags.slice(0, maxExceptions)) {
    throwIfAborted(context.signal);
    const next = await fromStackText(attributes, 'exception.stacktrace', where, language, context);
    if (answer.candidates.length)
      later.push(
        ...next.candidates.map((candidate) => ({
          ...candidate,
          confidence: Math.min(candidate.confidence, confidence.earlierException),
        })),
      );
    else if (next.candidates.length) answer = next;
  }
  return { candidates: [...answer.candidates, ...later], causes: answer.causes };
}

interface StackAnswer {
  readonly candidates: readonly SourceCandidate[];
  readonly causes: readonly CauseLocation[];
}

async function fromStackText(
  attributes: Attributes,
  key: string,
  where: string,
  language: StackLanguage | undefined,
  context: Context,
): Promise<StackAnswer> {
  const none: StackAnswer = { candidates: [], causes: [] };
  if (!Object.hasOwn(attributes, key)) return none;
  const text = textAttribute(attributes, key);
  const name = `${key}${where}`;
  const stack = text === undefined ? undefined : parseStack(text, language);
  if (!stack) {
    context.note('stack', name, text === undefined ? 'it is not text' : 'it has no frames that are understood');
    return none;
  }
  return fromStack(stack, name, context);
}

async function fromStack(stack: ParsedStack, name: string, context: Context): Promise<StackAnswer> {
  const [thrown, ...nested] = stack.exceptions;
  const outer = await resolveException(thrown, stack.language, name, context);
  let answer = outer.candidates;
  // What holds several has no cause of its own: whoever waited for all of them is meant.
  const isWrapped = !outer.isThrower && !/AggregateException$|ExceptionGroup$|AggregateError$/.test(thrown.type);
  const causes: CauseLocation[] = [];
  for (const cause of nested.slice(0, maxExceptions)) {
    const { candidates } = await resolveException(
      cause,
      stack.language,
      `${name}, ${cause.relation ?? 'cause'} ${display(cause.type)}`,
      context,
    );
    const inWorkspace = await fenced(candidates, context);
    causes.push({ type: cause.type, message: cause.message, relation: cause.relation ?? 'cause', candidates: inWorkspace });
    if (!answer.length)
      answer = candidates.map((each) => ({ ...each, confidence: Math.min(each.confidence, confidence.causeOnly) }));
    else if (candidates.length && isWrapped && (cause.relation ?? 'cause') === 'cause')
      // A library wrapped what came from deeper in the user's code: its own frames lead to a filter or a main loop.
      answer = [...candidates, ...outer.candidates.map(asCaller)];
  }
  return { candidates: answer, causes };
}

function asCaller(candidate: SourceCandidate): SourceCandidate {
  return { ...candidate, confidence: Math.min(candidate.confidence, confidence.earlierException) };
}

async function fromAttributes(
  attributes: Attributes,
  spanName: string | undefined,
  context: Context,
): Promise<readonly SourceCandidate[]> {
  const location = readCodeLocation(attributes);
  if (!location) {
    context.note('attributes', 'code.file.path', 'the span has no code attributes');
    return [];
  }
  for (const problem of location.problems) context.note('attributes', 'code.line.number', problem);
  if (location.path === undefined) {
    context.note('attributes', display(location.functionName ?? 'code.line.number'), 'the span names no file');
    return [];
  }
  const { path, line, column, functionName } = location;
  const qualifier = /\.(?:java|kts?|scala|groovy|php)$/i.test(path) ? packageOf(functionName) : undefined;
  const from = `from ${location.pathKey}`;
  const module = textAttribute(attributes, 'code.namespace');
  const place = { path, line, column, functionName, spanName, qualifier, module, from };
  const { candidates, outcome } = await resolvePlace(place, context);
  if (!candidates.length) context.note('pathMapping', display(path), outcome);
  return candidates;
}

/** `com.acme.Cart.add` is of package com.acme: what stands before the class. */
function packageOf(functionName: string | undefined): readonly string[] | undefined {
  const names = functionName?.split(/[.\\]|::/) ?? [];
  return names.length >= 2 ? names.slice(0, -2) : undefined;
}

/** The one way out of the ladder: ranked, and each with a word on whether it is in the workspace, whatever led to it. */
function leave(steps: readonly (readonly SourceCandidate[])[], context: Context): Promise<readonly SourceCandidate[]> {
  return fenced(rank(steps), context);
}

/** A text that a map carries is of the file that names the map. */
function fenced(candidates: readonly SourceCandidate[], { ports }: Context): Promise<readonly SourceCandidate[]> {
  return Promise.all(
    candidates.map(async (each) => {
      const file = each.content === undefined ? each.file : (each.generated?.file ?? each.file);
      return (await ports.workspace.isInside(file)) ? each : { ...each, outsideWorkspace: true };
    }),
  );
}

/**
 * Steps of the ladder one after the other; a step whose best answer is a guess gives way to the others. Of the same line named
 * twice the first stays.
 */
function rank(steps: readonly (readonly SourceCandidate[])[]): readonly SourceCandidate[] {
  const isSure = (candidates: readonly SourceCandidate[]): boolean => candidates.some((each) => each.confidence >= guess);
  const ordered = [...steps.filter(isSure), ...steps.filter((step) => !isSure(step))].flat();
  const seen = new Set<string>();
  return ordered.filter(({ file, line }) => {
    const key = `${file}:${line}`;
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}
