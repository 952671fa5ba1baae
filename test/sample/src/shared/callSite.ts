// Where in the source a span was asked for, as `code.*` attributes.
//
// The stack knows lines of the compiled file; its source map leads back to the TypeScript. A service may keep the older names of the
// conventions (SHOP_CODE_ATTRIBUTES=legacy): then the compiled place is sent as it is, and the line as text, as older agents do.
import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { originalPositionFor, TraceMap } from '@jridgewell/trace-mapping';
import type { Attributes } from '@opentelemetry/api';

const legacy = process.env.SHOP_CODE_ATTRIBUTES === 'legacy';
const maps = new Map<string, TraceMap | undefined>();

/** The `code.*` attributes of the line that called `callee`. */
export function codeAttributes(callee: (...parameters: never[]) => unknown): Attributes {
  const frame = frameAbove(callee);
  const file = frame?.getFileName();
  if (!frame || !file) return {};
  const line = frame.getLineNumber() ?? 1;
  const name = functionName(frame);
  if (legacy) return { 'code.filepath': file, 'code.lineno': String(line), 'code.function': name };
  const { column, ...place } = originalPlace(file, line, frame.getColumnNumber() ?? 1);
  return {
    'code.file.path': place.file,
    'code.line.number': place.line,
    'code.column.number': column,
    'code.function.name': name,
  };
}

function frameAbove(callee: (...parameters: never[]) => unknown): NodeJS.CallSite | undefined {
  const { prepareStackTrace } = Error;
  try {
    Error.prepareStackTrace = (_, frames) => frames;
    const holder: { stack?: unknown } = {};
    Error.captureStackTrace(holder, callee);
    return (holder.stack as NodeJS.CallSite[])[0];
  } finally {
    Error.prepareStackTrace = prepareStackTrace;
  }
}

function functionName(frame: NodeJS.CallSite): string | undefined {
  const name = frame.getFunctionName() ?? undefined;
  const type = frame.isToplevel() ? undefined : frame.getTypeName();
  return name && type && type !== 'Object' && !name.includes('.') ? `${type}.${name}` : name;
}

/** Without a source map the compiled place; in minified code its line says little, so it has the column too. */
function originalPlace(file: string, line: number, column: number): { file: string; line: number; column?: number } {
  const map = sourceMapOf(file);
  const place = map && originalPositionFor(map, { line, column: column - 1 });
  return place?.source ? { file: resolve(dirname(file), place.source), line: place.line } : { file, line, column };
}

function sourceMapOf(file: string): TraceMap | undefined {
  if (!maps.has(file)) {
    try {
      maps.set(file, new TraceMap(readFileSync(`${file}.map`, 'utf8')));
    } catch {
      maps.set(file, undefined);
    }
  }
  return maps.get(file);
}
