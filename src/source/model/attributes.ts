/**
 * The source location that a span, a span event or a log record states in its attributes: stable and legacy names of OpenTelemetry's
 * `code.*` conventions (semantic-conventions, docs/non-normative/code-attrs-migration.md), with what the wild does to them:
 * numbers as strings, bare function names beside a namespace, 0 for "unknown".
 */

type Attributes = Readonly<Record<string, unknown>>;

export interface CodeLocation {
  readonly path?: string;
  /** The attribute that the path came from. */
  readonly pathKey?: string;
  /** From 1. */
  readonly line?: number;
  /** From 1. */
  readonly column?: number;
  /** As full as the attributes tell it: the namespace is in front. */
  readonly functionName?: string;
  /** What was there and could not be used, in words. */
  readonly problems: readonly string[];
}

/** Attributes that name a file, the ones asked first in front. */
export const pathKeys: readonly string[] = ['code.file.path', 'code.filepath', 'code.filename'];
const functionKeys: readonly string[] = ['code.function.name', 'code.function'];
const namespaceKeys: readonly string[] = ['code.namespace', 'code.module.name'];
const lineKeys: readonly string[] = ['code.line.number', 'code.lineno'];
const columnKeys: readonly string[] = ['code.column.number', 'code.column'];
/** All that `readCodeLocation` looks at. */
export const locationKeys: readonly string[] = [...pathKeys, ...functionKeys, ...namespaceKeys, ...lineKeys, ...columnKeys];

/** The stack of the call that made a span. */
export const stackKey = 'code.stacktrace';

/** Undefined where no attribute says anything of source. */
export function readCodeLocation(attributes: Attributes): CodeLocation | undefined {
  const problems: string[] = [];
  const [path, pathKey] = firstText(attributes, ...pathKeys);
  const [bareFunction] = firstText(attributes, ...functionKeys);
  const [namespace] = firstText(attributes, ...namespaceKeys);
  const functionName = joinFunction(namespace, bareFunction);
  const line = firstNumber(attributes, problems, ...lineKeys);
  const column = firstNumber(attributes, problems, ...columnKeys);
  if (path === undefined && functionName === undefined && line === undefined) return undefined;
  return { path, pathKey, line, column, functionName, problems };
}

/** An own text attribute that isn't empty (never one that the prototype has). */
export function textAttribute(attributes: Attributes, key: string): string | undefined {
  if (!Object.hasOwn(attributes, key)) return undefined;
  const value = attributes[key];
  return typeof value === 'string' && value.trim() !== '' ? value : undefined;
}

/** A line or column from 1, in any of the types in which it arrives. */
function positiveInteger(value: unknown): number | undefined {
  const number =
    typeof value === 'string' && /^\s*\d{1,10}(?:\.0+)?\s*$/.test(value)
      ? Number(value)
      : typeof value === 'bigint'
        ? Number(value)
        : value;
  return typeof number === 'number' && Number.isInteger(number) && number >= 1 && number <= 0x7fffffff ? number : undefined;
}

function firstText(attributes: Attributes, ...keys: string[]): [string | undefined, string | undefined] {
  for (const key of keys) {
    const value = textAttribute(attributes, key);
    if (value !== undefined) return [value, key];
  }
  return [undefined, undefined];
}

function firstNumber(attributes: Attributes, problems: string[], ...keys: string[]): number | undefined {
  for (const key of keys) {
    if (!Object.hasOwn(attributes, key)) continue;
    const value = positiveInteger(attributes[key]);
    if (value !== undefined) return value;
    problems.push(`${key} is no number from 1`);
  }
  return undefined;
}

/** `code.namespace` is in front unless the name has it already (v1.30 of the conventions had both spellings). */
function joinFunction(namespace: string | undefined, name: string | undefined): string | undefined {
  if (namespace === undefined || name === undefined) return name;
  if (name.startsWith(namespace)) return name;
  const separator = namespace.includes('::') ? '::' : namespace.includes('\\') ? '::' : '.';
  return `${namespace}${separator}${name}`;
}
