/** Where in the user's own code a function was called, and that place on a span. Source of the names: OpenTelemetry semantic conventions, "Code attributes". */

import type { SpanLike } from '../spans/spanProcessor';
import { type Frame, framesBelow } from './frames';
import { type Place, placeOf } from './place';
import type { UserFiles } from './userFile';

/**
 * The first frame of the user's code below a function; undefined: there is none.
 * @param below whose callers
 * @param most frames that are looked at: each costs some tenths of a microsecond
 */
export function callerPlace(below: (...args: never[]) => unknown, most: number, files: UserFiles): Place | undefined {
  for (const frame of framesBelow(below, most)) {
    const name = frame.getFileName() ?? (frame.isEval() ? frame.getScriptNameOrSourceURL?.() : undefined);
    if (!name) continue;
    const path = files.pathOf(name);
    if (path !== '') return placeOf(frame, name, path);
    if (isOthersTurn(frame, name)) return undefined;
  }
  return undefined;
}

/** Says on a span where it comes from. */
export function setPlace(span: Pick<SpanLike, 'setAttribute'>, { functionName, path, line, column }: Place): void {
  if (functionName !== '') span.setAttribute('code.function.name', functionName);
  span.setAttribute('code.file.path', path);
  span.setAttribute('code.line.number', line);
  span.setAttribute('code.column.number', column);
}

/** Who gives a connection back to a pool of pg has the next call that waits go on, and is not its caller. */
function isOthersTurn(frame: Frame, name: string): boolean {
  return (name.endsWith('pg-pool/index.js') || name.endsWith('pg-pool\\index.js')) && frame.getFunctionName() === '_pulseQueue';
}
