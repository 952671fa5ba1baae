/**
 * Rung 4: from the frames of an exception to the line that threw, or, where that is not the user's, the nearest frame that is.
 */

import { throwIfAborted } from '../errors';
import type { Context } from './context';
import { display } from './paths';
import { type PlaceResult, resolvePlace } from './place';
import type { ParsedException, SourceCandidate, StackFrame, StackLanguage } from './types';

/** Frames that are looked at; a deeper one isn't near. */
const maxFrames = 300;

/** Empty where no frame is in the workspace; the reason is noted. `name` says what the stack is: `exception.stacktrace`. */
export async function resolveException(
  exception: ParsedException,
  language: StackLanguage,
  name: string,
  context: Context,
): Promise<readonly SourceCandidate[]> {
  let isFirst = true;
  // Generated code whose map fails: a later frame may do better.
  let fallback: readonly SourceCandidate[] = [];
  let libraries = 0;
  let firstMiss: string | undefined;
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
    if (place.isLibrary || frame.path === undefined) libraries++;
    else if (!place.candidates.length) firstMiss ??= `${display(frame.path)}: ${place.outcome}`;
    else if (place.candidates[0].unmapped) fallback = fallback.length ? fallback : place.candidates;
    else return place.candidates;
  }
  if (fallback.length) return fallback;
  const total = exception.frames.length;
  const frames = total === 1 ? 'its frame is not' : `none of its ${total} frames is`;
  if (firstMiss !== undefined) context.note('stack', name, `${frames} in the workspace; ${firstMiss}`);
  else context.note('stack', name, total === 0 ? 'it has no frames' : `all ${libraries} frames are in libraries`);
  return fallback;
}

/** The places of one frame, with the rung `stack`. */
export async function resolveParsedFrame(
  frame: StackFrame,
  language: StackLanguage,
  from: string,
  context: Context,
): Promise<PlaceResult> {
  if (frame.path === undefined) return { candidates: [], outcome: 'the frame names no file', isLibrary: frame.isLibrary };
  const { path, line, column, functionName, className } = frame;
  const qualifier =
    className === undefined || (language !== 'java' && language !== 'php') ? undefined : className.split('.').slice(0, -1);
  return resolvePlace({ path, line, column, functionName, qualifier, from, rung: 'stack' }, context);
}
