/**
 * What a file itself says about whether it is the right one: that it has the line at all, and that the function which the span or the
 * frame names stands in it, near the line. A service's container often has a `src/index.ts`, and so has another's; the
 * function tells them apart.
 */

import { parseFunctionName } from '../names/functionName';
import type { Context } from './context';

export interface Evidence {
  /** Lines of the file; undefined where it can't be read. */
  readonly lineCount: number | undefined;
  /** The name that was found near the line. */
  readonly found: string | undefined;
  /** A function was named, and neither it nor its class is anywhere in the file. */
  readonly isUnlike?: true;
}

/** Lines above (a long function) and below (an attribute or decorator above its function) that count as near. */
const above = 200;
const below = 6;

interface Names {
  readonly functionName?: string;
  readonly spanName?: string;
}

/** `line` from 0; undefined looks through the whole file. `then` are the lines at the commit of the trace, where those are known. */
export async function readEvidence(
  file: string,
  line: number | undefined,
  names: Names,
  context: Context,
  then?: readonly string[],
): Promise<Evidence> {
  const lines = then ?? (await context.lines(file));
  if (!lines) return { lineCount: undefined, found: undefined };
  // A line break at the end of the file begins no line.
  const lineCount = lines[lines.length - 1] === '' ? lines.length - 1 : lines.length;
  if (line !== undefined && line >= lineCount) return { lineCount, found: undefined };
  const from = line === undefined ? 0 : Math.max(0, line - above);
  const to = line === undefined ? lines.length : Math.min(lines.length, line + below);
  const name = names.functionName === undefined ? undefined : telling(names.functionName);
  for (let i = from; i < to && name !== undefined; i++) if (hasWord(lines[i], name)) return { lineCount, found: name };
  // A span is named where it is started, which is where its attributes point to.
  const { spanName } = names;
  if (spanName !== undefined && line !== undefined && (/\W/.test(spanName) || telling(spanName) === spanName))
    for (let i = Math.max(0, line - 2); i < to && spanName.length >= 5; i++)
      if (hasWord(lines[i], spanName)) return { lineCount, found: spanName };
  const isUnlike = names.functionName !== undefined && isStrange(names.functionName, lines);
  return { lineCount, found: undefined, ...(isUnlike ? { isUnlike } : {}) };
}

/** What a compiler made up need not stand anywhere, nor a name that says nothing. */
function isStrange(functionName: string, lines: readonly string[]): boolean {
  const { last, qualifier, isAnonymous, isGenerated } = parseFunctionName(functionName);
  const owner = qualifier[qualifier.length - 1];
  if (isAnonymous || isGenerated || telling(functionName) !== last || owner === undefined || owner.length < 3) return false;
  return !lines.some((line) => hasWord(line, last) || hasWord(line, owner));
}

/** The first line, from 0, that looks like the definition of a function or class of a C-like language. */
export async function findDefinition(
  file: string,
  functionName: string,
  context: Context,
): Promise<{ name: string; line: number } | undefined> {
  const name = telling(functionName);
  const lines = name === undefined ? undefined : await context.lines(file);
  if (name === undefined || !lines) return undefined;
  const words =
    '(?:export |default |public |private |protected |static |override |abstract |readonly |async |get |set |function\\*? ?|class |const |let |var )*';
  const definition = new RegExp(`^\\s{0,60}${words}\\*?#?${name}\\s{0,4}(?:[(<=:{]|extends |implements )`, 'u');
  const line = lines.findIndex((text) => text.length < 2000 && !text.trimEnd().endsWith(';') && definition.test(text));
  return line < 0 ? undefined : { name, line };
}

/** Names that stand in every other file tell nothing. */
const common = new Set([
  ...[
    'main',
    'init',
    'new',
    'get',
    'set',
    'run',
    'call',
    'apply',
    'bind',
    'handle',
    'handler',
    'handleRequest',
    'execute',
    'invoke',
    'next',
    'then',
  ],
  ...[
    'index',
    'default',
    'exports',
    'module',
    'Module',
    'Object',
    'Function',
    'Array',
    'Promise',
    'async',
    'await',
    'anonymous',
    'lambda',
    'closure',
  ],
  ...[
    'block',
    'rescue',
    'ensure',
    'self',
    'this',
    'Main',
    'Program',
    'MoveNext',
    'ctor',
    'cctor',
    'func',
    'async_fn',
    'async_block',
    'impl',
    'poll',
  ],
  ...[
    'constructor',
    'toString',
    'process',
    'start',
    'stop',
    'invokeSuspend',
    'Companion',
    'test',
    'it',
    'describe',
    'setup',
    'server',
    'app',
  ],
]);

/**
 * The part of a function's name that would stand in its source: `lambda$fulfil$0` is of `fulfil`, `main.(*server).charge` of `charge`,
 * `main.main.recovering.func1` of `recovering`, `<Authorise>c__AnonStorey1.<>m__0` of `Authorise`. Undefined where it is too common.
 */
export function telling(functionName: string): string | undefined {
  const words =
    functionName
      .slice(0, 500)
      .replace(/<[^<>]*::[^<>]*>/g, ' ')
      .match(/[\p{L}_][\p{L}\p{N}_]*/gu) ?? [];
  let looked = 0;
  for (const word of words.reverse()) {
    if (word.length < 3 || /^func\d*$|^[mbc]__/.test(word)) continue;
    if (!common.has(word)) return word;
    // Beyond the class there are only packages.
    if (++looked === 2) return undefined;
  }
  return undefined;
}

function hasWord(line: string, word: string): boolean {
  if (line.length > 20_000) return false;
  for (let at = line.indexOf(word); at >= 0; at = line.indexOf(word, at + 1)) {
    if (!isWordChar(line, at - 1) && !isWordChar(line, at + word.length)) return true;
  }
  return false;
}

function isWordChar(text: string, at: number): boolean {
  return at >= 0 && at < text.length && /[\p{L}\p{N}_]/u.test(text[at]);
}
