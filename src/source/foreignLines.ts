/**
 * Frames whose line is not one of the file that they name, though the file is right:
 *
 * - webpack's `eval` kinds of output evaluate every module from text: lines count in what webpack made of the module. Their paths
 *   are `webpack-internal:///./src/a.ts`, or `webpack://app/./src/a.ts?`, with a question mark that a source map's names don't have.
 * - Kotlin numbers the code of inline functions from the end of the file on: `Beds.kt:49` of a file with 45 lines.
 *
 * The function that the frame names is in the file, so its definition is the answer; where none is found, the line as it was printed.
 */

import type { Context } from './context/context';
import { confidence } from './model/confidence';
import { findInFile, type InFile } from './symbols/inFile';

export interface ForeignLine {
  /** From 0. */
  readonly line: number;
  /** The answer is no surer than this. */
  readonly limit: number;
  /** For the reason. */
  readonly note: string;
}

const evaluated = /^webpack-internal:|^webpack:\/\/.*\?[0-9a-f]{0,40}$/i;

/** Undefined where the line is the file's. `line` from 0. */
export async function readForeignLine(
  file: string,
  path: string,
  line: number,
  functionName: string | undefined,
  context: Context,
): Promise<ForeignLine | undefined> {
  const isEvaluated = evaluated.test(path);
  if (!isEvaluated && !/\.kts?$/i.test(file)) return undefined;
  const lines = await context.lines(file);
  if (!lines) return undefined;
  const last = Math.max(0, lines.length - (lines[lines.length - 1] === '' ? 2 : 1));
  if (!isEvaluated && line <= last) return undefined;
  const definition =
    (await findInFile(file, functionName, context)) ?? (isEvaluated ? undefined : findDelegated(lines, functionName));
  const why = isEvaluated ? 'lines are those of what webpack made of it' : 'the line is of an inlined function';
  if (definition)
    return { line: definition.line, limit: confidence.foreignLine, note: `${why}, ${definition.name} is defined there` };
  return isEvaluated ? { line: Math.min(line, last), limit: confidence.unmapped, note: why } : undefined;
}

/** Kotlin calls the work of `val first by lazy { … }` `Bed.first_delegate$lambda$0`. */
function findDelegated(lines: readonly string[], functionName: string | undefined): InFile | undefined {
  const name = functionName === undefined ? undefined : /([\p{L}_][\p{L}\p{N}_]{0,200})_delegate\$/u.exec(functionName)?.[1];
  if (name === undefined) return undefined;
  const property = new RegExp(`\\bva[lr]\\s+${name}\\b`, 'u');
  const line = lines.findIndex((text) => text.length < 2000 && property.test(text));
  return line < 0 ? undefined : { name, line, others: [], limit: 1 };
}
