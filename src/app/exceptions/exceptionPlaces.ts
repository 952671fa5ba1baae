/**
 * Where an exception stands in the workspace: the line that threw, the lines that called it, and those of its causes. Only what is sure enough
 * and somebody's own source: a squiggle at the wrong line is worse than none.
 */

import { Lru } from '../../base/lru';
import { isMangled } from '../../code';
import type { ExceptionSource } from '../../protocol/exceptions';
import {
  frameResolver,
  languageOf,
  type ParsedException,
  parseStack,
  type ResolveOptions,
  resolveSpan,
  revisionsOf,
  type SourceCandidate,
  type SourcePorts,
  servicesOf,
  type WorkspacePort,
} from '../../source';
import { oneLine } from './exceptionText';

/** A line of a file of the workspace. */
export interface Place {
  /** URI. */
  readonly file: string;
  /** From 0. */
  readonly line: number;
}

/** A further line that helps to understand an error. */
export interface RelatedPlace extends Place {
  readonly label: string;
}

export interface ErrorPlace extends Place {
  readonly related: readonly RelatedPlace[];
  /** A source map led here, which a build may have written anew since. */
  readonly isMapped: boolean;
  /** `line` was brought up to date through the history of the file: it is right for the text of now. */
  readonly isCurrent: boolean;
}

/** Below this an answer is a guess. */
const leastConfidence = 0.5;
const maxCallers = 8;
const maxCauses = 4;
/** Frames that are asked for callers; deeper ones are not near. */
const maxFrames = 40;
const maxLabel = 160;
/** Files whose texts are kept during a pass. */
const maxTexts = 100;

/** Undefined where it stands in no line of the workspace. */
export async function findPlace(
  { span, stack: text, redacted }: ExceptionSource,
  ports: SourcePorts,
  options: ResolveOptions,
  signal?: AbortSignal,
): Promise<ErrorPlace | undefined> {
  const language = languageOf(span.resource['telemetry.sdk.language']);
  const stack = text === undefined ? undefined : parseStack(text, language);
  const events = text === undefined ? [] : [{ name: 'exception', attributes: { 'exception.stacktrace': text } }];
  const [thrown] = stack?.exceptions ?? [];
  // Thrown by code that is somebody's and not here: nothing that the span says of itself is the line that threw.
  const isElsewhere = thrown?.frames.some(({ isLibrary, isNative, path }) => path !== undefined && !isLibrary && !isNative);
  const { candidates, causes } = isElsewhere
    ? await resolveSpan({ ...span, attributes: {}, events }, ports, { ...options, searchSource: false }, signal)
    : await resolveSpan({ ...span, events }, ports, options, signal);
  const [best] = candidates;
  if (!best || !isSure(best)) return undefined;
  const related: RelatedPlace[] = [];
  if (best.drift && best.drift.kind !== 'same') related.push({ ...placeOf(best), label: best.drift.note });
  if (stack && thrown) {
    const names = namesToShow(redacted.stack, stack.exceptions, language);
    const ofSpan = { ...options, services: servicesOf(span), revisions: revisionsOf(span, options.versionAttributes) };
    const resolve = frameResolver(stack.language, ports, ofSpan, signal);
    const find = async (frame: ParsedException['frames'][number]): Promise<SourceCandidate | undefined> => {
      const [candidate] = await resolve(frame);
      return candidate && isSure(candidate) ? candidate : undefined;
    };
    related.push(...(await callersOf(thrown, best, names.functions, find)));
    for (const [i, cause] of causes.slice(0, maxCauses).entries()) {
      const [at] = cause.candidates;
      if (at && isSure(at)) related.push({ ...placeOf(at), label: causeLabel(cause.relation, names.causes[i]) });
    }
  }
  return { ...placeOf(best), related, isMapped: best.generated !== undefined, isCurrent: best.drift !== undefined };
}

/** Workspace files whose texts are read once: one pass over many errors asks for the same few files again and again. */
export function withKeptTexts(ports: SourcePorts): SourcePorts {
  const { workspace } = ports;
  const texts = new Lru<string, Promise<string | undefined>>({ maxSize: maxTexts });
  const kept: WorkspacePort = {
    caseSensitive: workspace.caseSensitive,
    folders: () => workspace.folders(),
    exists: (uri) => workspace.exists(uri),
    isInside: (uri) => workspace.isInside(uri),
    findByBaseName: (name, anyCase) => workspace.findByBaseName(name, anyCase),
    readText: (uri, maxBytes) => {
      const key = `${maxBytes} ${uri}`;
      let text = texts.get(key);
      if (!text) {
        text = workspace.readText(uri, maxBytes);
        texts.set(key, text);
      }
      return text;
    },
  };
  return { ...ports, workspace: kept };
}

function isSure({ confidence, lineUnknown, unmapped, guessed, outsideWorkspace, content, drift }: SourceCandidate): boolean {
  if (confidence < leastConfidence || lineUnknown || unmapped || guessed || outsideWorkspace) return false;
  return content === undefined && drift?.kind !== 'gone';
}

function placeOf({ file, line }: SourceCandidate): Place {
  return { file, line };
}

/** The lines above the one that threw, nearest first, each once. */
async function callersOf(
  thrown: ParsedException,
  best: SourceCandidate,
  names: readonly (string | undefined)[],
  find: (frame: ParsedException['frames'][number]) => Promise<SourceCandidate | undefined>,
): Promise<RelatedPlace[]> {
  const callers: RelatedPlace[] = [];
  const seen = new Set([keyOf(best)]);
  let isAbove = false;
  for (const [i, frame] of thrown.frames.slice(0, thrown.throwFrame + maxFrames).entries()) {
    if (callers.length === maxCallers) break;
    if (i < thrown.throwFrame || frame.isLibrary || frame.isNative || frame.path === undefined) continue;
    const at = await find(frame);
    // The first frame that is here is the one that the error stands at.
    const wasAbove = isAbove;
    if (at) isAbove = true;
    if (!at || !wasAbove || seen.has(keyOf(at))) continue;
    seen.add(keyOf(at));
    callers.push({ ...placeOf(at), label: callerLabel(names[i], at) });
  }
  return callers;
}

/** Names that a minifier or a compiler made up (`O`, `{closure#0}`) tell a person nothing. */
function callerLabel(name: string | undefined, { generated }: SourceCandidate): string {
  const isMadeUp = name === undefined || /^[{<]/.test(name) || (generated !== undefined && isMangled(name));
  return isMadeUp ? 'called from here' : oneLine(`called from ${name}`, maxLabel);
}

function keyOf({ file, line }: Place): string {
  return `${line} ${file}`;
}

interface ShownNames {
  /** Of the frames of the exception that was thrown. */
  readonly functions: readonly (string | undefined)[];
  /** `Type: message` of the nested ones. */
  readonly causes: readonly (string | undefined)[];
}

/** Names as they may be shown: from the redacted text, as far as it still has the same frames. */
function namesToShow(text: string, raw: readonly ParsedException[], language: ReturnType<typeof languageOf>): ShownNames {
  const redacted = parseStack(text, language)?.exceptions;
  if (redacted?.length !== raw.length) return { functions: [], causes: [] };
  const [thrown, ...causes] = redacted;
  return {
    functions: thrown.frames.length === raw[0].frames.length ? thrown.frames.map(({ functionName }) => functionName) : [],
    causes: causes.map(({ type, message }) => [type, message].filter((part) => part !== '').join(': ')),
  };
}

function causeLabel(relation: 'cause' | 'suppressed' | 'context' | 'member', what: string | undefined): string {
  const relations = { cause: 'caused by', suppressed: 'suppressed', context: 'thrown while handling', member: 'one of them' };
  return oneLine(`${relations[relation]} ${what || 'an error here'}`, maxLabel);
}
