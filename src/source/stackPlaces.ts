/**
 * Rung 4: from the frames of an exception to the line that threw, or, where that is not the user's, the nearest frame that is.
 */

import { throwIfAborted } from '../base/errors';
import type { Context } from './context/context';
import { confidence } from './model/confidence';
import type { ParsedException, SourceCandidate, StackFrame, StackLanguage } from './model/types';
import { type PlaceResult, resolvePlace } from './place';
import { fromFrameName } from './symbols/frameName';
import { display } from './uri/paths';

/** Frames that are looked at; a deeper one isn't near. */
const maxFrames = 300;
/** Frames below the target that are asked whether they agree. */
const maxWitnesses = 12;

/** Where an exception came from. */
export interface ThrownAt {
  /** Best first; empty where no frame is in the workspace. */
  readonly candidates: readonly SourceCandidate[];
  /** The line that threw is theirs, and not one that called what threw. */
  readonly isThrower: boolean;
}

/** The reason why there is none is noted. `name` says what the stack is: `exception.stacktrace`. */
export async function resolveException(
  exception: ParsedException,
  language: StackLanguage,
  name: string,
  context: Context,
): Promise<ThrownAt> {
  let isFirst = true;
  // Generated code that is not here, or whose map fails: a later frame may do better.
  let fallback: readonly SourceCandidate[] = [];
  let libraries = 0;
  let nameless = 0;
  let firstMiss: string | undefined;
  const missed = new Set<string>();
  // Frames before `throwFrame` are a panic's hook and the like; they come last, for want of anything better.
  const order = [...exception.frames.slice(exception.throwFrame), ...exception.frames.slice(0, exception.throwFrame)].slice(
    0,
    maxFrames,
  );
  for (const frame of order) {
    throwIfAborted(context.signal);
    const from = `from ${name}, ${isFirst ? 'the line that threw' : 'first frame in the workspace'}`;
    isFirst = false;
    const place = await resolveParsedFrame(frame, language, from, context);
    if (frame.path === undefined && !frame.isLibrary && !place.candidates.length) nameless++;
    else if (place.isLibrary) libraries++;
    else if (frame.isLibrary && !place.candidates.length) libraries++;
    else if (!place.candidates.length) {
      firstMiss ??= `${display(frame.path ?? frame.raw)}: ${place.outcome}`;
      missed.add(family(frame));
    } else if (place.candidates[0].unmapped || place.candidates[0].guessed) {
      // The function of built code was found by its name: further down are only those who called it.
      if (place.candidates[0].guessed && !place.candidates[0].lineUnknown && !missed.size)
        return { candidates: place.candidates, isThrower: false };
      if (!fallback.length) fallback = place.candidates;
      missed.add(family(frame));
    } else {
      const candidates = await hearWitnesses(place, order.slice(order.indexOf(frame) + 1), language, context);
      if (missed.has(family(frame))) return { candidates: candidates.map(belowAMiss), isThrower: false };
      return { candidates, isThrower: frame === order[0] };
    }
  }
  if (fallback.length) return { candidates: fallback, isThrower: false };
  const total = exception.frames.length;
  const frames = total === 1 ? 'its frame is not' : `none of its ${total} frames is`;
  if (firstMiss !== undefined) context.note('stack', name, `${frames} in the workspace; ${firstMiss}`);
  else if (nameless > 0) {
    const rest = libraries > 0 ? `${libraries} of its ${total} frames are in libraries, the others` : `its ${total} frames`;
    context.note('stack', name, `${rest} name no file, and nothing in the workspace that has their class and function`);
  } else context.note('stack', name, total === 0 ? 'it has no frames' : `all ${libraries} frames are in libraries`);
  return { candidates: [], isThrower: false };
}

/**
 * Other frames that are below the same folder elsewhere, in the same folder here, and whose functions stand there, are evidence for a
 * frame that names no function: an anonymous one, or one of minified code.
 */
async function hearWitnesses(
  place: PlaceResult,
  others: readonly StackFrame[],
  language: StackLanguage,
  context: Context,
): Promise<readonly SourceCandidate[]> {
  const [best, ...rest] = place.candidates;
  const { witness } = place;
  if (!witness || witness.evident || best.confidence >= witness.confirmed) return place.candidates;
  for (const frame of others.slice(0, maxWitnesses)) {
    const other = await resolveParsedFrame(frame, language, '', context);
    if (other.isLibrary || !other.witness?.evident || other.witness.root !== witness.root) continue;
    const name = frame.functionName ?? 'one';
    return [
      { ...best, confidence: witness.confirmed, reason: `${best.reason}, the frame ${display(name, 60)} below it agrees` },
      ...rest,
    ];
  }
  return place.candidates;
}

/** Frames that name their class are told apart by its company, `com.acme`: what another one wrote is a library. */
function family(frame: StackFrame): string {
  return frame.className?.split('.').slice(0, 2).join('.') ?? '';
}

function belowAMiss(candidate: SourceCandidate): SourceCandidate {
  const reason = `${candidate.reason}, below a frame that could not be found`;
  return { ...candidate, confidence: Math.min(candidate.confidence, confidence.skipped), reason };
}

/** The places of one frame, with the rung `stack`. */
export async function resolveParsedFrame(
  frame: StackFrame,
  language: StackLanguage,
  from: string,
  context: Context,
): Promise<PlaceResult> {
  const { path, line, column, functionName, className } = frame;
  if (path === undefined) {
    const candidates = frame.isLibrary ? [] : await fromFrameName(frame, language, from, context);
    return { candidates, outcome: 'the frame names no file', isLibrary: frame.isLibrary };
  }
  const qualifier =
    className === undefined || (language !== 'java' && language !== 'php') ? undefined : className.split('.').slice(0, -1);
  const place = await resolvePlace({ path, line, column, functionName, qualifier, from, rung: 'stack' }, context);
  // The file may be called otherwise than the class: Kotlin, Scala, a class that was moved.
  if (place.candidates.length || place.isLibrary || frame.isLibrary || className === undefined) return place;
  const candidates = await fromFrameName(frame, language, from, context);
  return candidates.length ? { ...place, candidates } : place;
}
