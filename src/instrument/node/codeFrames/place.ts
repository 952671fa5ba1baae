/** Where a frame is: function, file, line, column. As the code runs; the editor applies source maps, of those that it can find. */

import { findSourceMap } from 'node:module';
import type { Frame } from './frames';

export interface Place {
  readonly path: string;
  /** Empty: it has none. */
  readonly functionName: string;
  /** From 1 on. */
  readonly line: number;
  readonly column: number;
}

/** What loaders translate while the program starts: there is no file of what runs, so nobody but this process can tell the line. */
const TRANSLATED = /\.(?:[cm]?tsx?|jsx|vue|svelte|coffee)$/i;
/** ` at name (path:line:column)` or ` at path:line:column` */
const LINE = /:(\d+):(\d+)\)?\s*$/;
/** Of code that a program makes as it runs. */
const MOST_KEPT = 2_000;

const translated = new Map<string, readonly [number, number]>();

export function placeOf(frame: Frame, name: string, path: string): Place {
  const generated: readonly [number, number] = [frame.getLineNumber() ?? 0, frame.getColumnNumber() ?? 0];
  const [line, column] = TRANSLATED.test(path) ? inSource(frame, name, generated) : generated;
  return { path, functionName: functionName(frame), line, column };
}

/** The methods of a class with its name. */
function functionName(frame: Frame): string {
  const name = frame.getFunctionName() ?? '';
  if (name === '' || name.includes('.') || frame.isToplevel()) return name;
  if (frame.isConstructor()) return name;
  const type = frame.getTypeName();
  if (type === null || type === 'Object' || type === 'Function' || type === name) return name;
  // A function that is called with some object as `this` is no method of it.
  return frame.getMethodName() === null ? name : `${type}.${name}`;
}

/** Once a place: what a program's own `prepareStackTrace` does takes a while. */
function inSource(frame: Frame, name: string, generated: readonly [number, number]): readonly [number, number] {
  const key = `${name}:${generated[0]}:${generated[1]}`;
  let place = translated.get(key);
  if (!place) {
    place = throughProgram(frame) ?? throughNode(name, generated) ?? generated;
    if (translated.size >= MOST_KEPT) translated.clear();
    translated.set(key, place);
  }
  return place;
}

/** As the program would print it: loaders that keep maps to themselves put their own function there. */
function throughProgram(frame: Frame): readonly [number, number] | undefined {
  const { prepareStackTrace } = Error;
  // Node's own, where none was set.
  if (typeof prepareStackTrace !== 'function' || prepareStackTrace.name === 'ErrorPrepareStackTrace') return undefined;
  try {
    const text: unknown = Reflect.apply(prepareStackTrace, Error, [new Error(), [frame]]);
    const [, line, column] = LINE.exec(String(text)) ?? [];
    return line === undefined ? undefined : [Number(line), Number(column)];
  } catch {
    return undefined;
  }
}

/** By the maps that Node keeps, where it is to (`process.setSourceMapsEnabled`, as tsx does). */
function throughNode(name: string, [line, column]: readonly [number, number]): readonly [number, number] | undefined {
  try {
    const entry: object = findSourceMap(name)?.findEntry(line - 1, column - 1) ?? {};
    const { originalLine, originalColumn }: { originalLine?: number; originalColumn?: number } = entry;
    return originalLine === undefined ? undefined : [originalLine + 1, (originalColumn ?? 0) + 1];
  } catch {
    return undefined;
  }
}
