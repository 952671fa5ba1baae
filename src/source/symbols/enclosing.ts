/**
 * What is around a line: classes and modules, read upwards by indentation, and the package that the file states. Code that is laid out
 * as its language's formatter does it is what this is for; a file on one line gives nothing.
 */

import type { SourceLanguage } from '../search/languages';
import { withoutLongStrings } from './longStrings';

export interface Enclosing {
  /** Classes, interfaces, modules and the like, outermost first. */
  readonly containers: readonly string[];
  /** Namespaces in whose block the line stands, outermost first, each whole: `Example.Orders`. */
  readonly namespaces: readonly string[];
  /** The nearest line around it that is less indented is a class's. */
  readonly isDirect: boolean;
}

const maxLines = 5_000;
const maxDepth = 30;

const name = '[\\p{L}_$][\\p{L}\\p{N}_$]*';
const words =
  'export|default|declare|public|private|protected|internal|abstract|final|sealed|static|partial|readonly|data|open|inner|inline|value|case|implicit|strictfp|non-sealed|unsafe|file|fileprivate|indirect|annotation|companion|expect|actual|ref|required|fun|package|override|opaque|new';
const modifiers = `(?:(?:(?:${words})(?:\\[[\\w.]+\\])?|pub(?:\\([^)]*\\))?|@[\\w.]+(?:\\([^)]*\\))?|\\[[^\\]]*\\])\\s+)*`;

const headers: Partial<Record<SourceLanguage, RegExp>> = {
  javascript: new RegExp(
    `^\\s*${modifiers}(?:(?:class|interface|namespace|module|enum)\\s+(?<name>${name})|(?:const|let|var)\\s+(?<value>${name})\\s*(?::[^=]+)?=\\s*(?:\\{\\s*$|class\\b))`,
    'u',
  ),
  python: new RegExp(`^\\s*class\\s+(?<name>${name})`, 'u'),
  ruby: /^\s*(?:(?:class|module)\s+(?<name>[\p{L}\p{N}_:]+)|(?<value>\p{Lu}[\p{L}\p{N}_:]*)\s*=\s*(?:Struct|Class|Module|Data)\.(?:new|define)\b)/u,
  elixir: /^\s*(?:defmodule|defimpl|defprotocol)\s+(?<name>[\w.]+)/u,
  rust: new RegExp(
    `^\\s*${modifiers}(?:impl(?:\\s*<[^{]*?>)?\\s+(?:[^{]*\\sfor\\s+)?&?(?:[\\p{L}\\p{N}_]+::)*(?<name>${name})|(?:trait|mod)\\s+(?<other>${name}))`,
    'u',
  ),
  fsharp: new RegExp(`^\\s*(?:type|module)\\s+(?:rec\\s+)?(?<name>${name})`, 'u'),
};
const curly = new RegExp(
  `^\\s*${modifiers}(?:class|interface|enum|record|struct|object|trait|extension|actor|protocol|mixin|@interface)\\s+(?:(?:class|struct)\\s+)?(?<name>${name})`,
  'u',
);
const namespace = /^\s*(?:inline\s+)?namespace\s+(?<namespace>[\p{L}\p{N}_.:]+)/u;

/** A preprocessor's line, a comment, an attribute: no one's parents, however far left they stand. */
const besides: Partial<Record<SourceLanguage, RegExp>> = {
  javascript: /^\s*(?:\/\/|\/\*|\*|}|@\w)/,
  elixir: /^\s*(?:#|@\w|end\b)/,
  ruby: /^\s*(?:#|@\w|end\b)/,
};
const aside = /^\s*(?:#|\/\/|\/\*|\*|}|@\w+\s*$)/;
/** A header that goes on: what is written below the name of a class. */
const furtherLines: Partial<Record<SourceLanguage, RegExp>> = {
  rust: /^\s*(?:for|where)(?:\s|$)/,
  scala: /^\s*(?:extends|with|derives)\s/,
  python: /^\s*\):?\s*$/,
};
const furtherLine = /^\s*(?:(?:extends|implements|where|permits)\s|:)/;
const maxHeader = 6;

/** `line` from 0. */
export function enclosing(lines: readonly string[], line: number, language: SourceLanguage): Enclosing {
  const found = lookUp(lines, line, language);
  if (found.containers.length || indentation(lines[line] ?? '') === 0) return found;
  const code = withoutLongStrings(lines, language);
  return code === lines ? found : lookUp(code, line, language);
}

function lookUp(lines: readonly string[], line: number, language: SourceLanguage): Enclosing {
  const containers: string[] = [];
  const namespaces: string[] = [];
  const header = headers[language] ?? curly;
  let limit = indentation(lines[line] ?? '');
  let isDirect: boolean | undefined;
  for (let i = line - 1, end = Math.max(0, line - maxLines); i >= end && limit > 0 && containers.length < maxDepth; i--) {
    const text = lines[i];
    if (isBlank(text)) continue;
    const indent = indentation(text);
    if (indent >= limit) continue;
    // A brace of its own, or the end of a list of parameters, belongs to the header above, which is as far left.
    if (/^\s*[{)\]]/.test(text)) {
      limit = indent + 1;
      continue;
    }
    if ((besides[language] ?? aside).test(text)) continue;
    if ((furtherLines[language] ?? furtherLine).test(text)) {
      limit = indent + 1;
      continue;
    }
    limit = indent;
    const groups = header.exec(language === 'rust' ? headerOf(lines, i) : text)?.groups;
    const found = groups?.name ?? groups?.value ?? groups?.other;
    if (found !== undefined) containers.unshift(...found.split(/::|\./).filter((each) => each !== ''));
    else {
      const block = namespace.exec(text)?.groups?.namespace;
      if (block !== undefined) namespaces.unshift(block);
      else if (isDirect === undefined && !/^\s*companion object/.test(text)) isDirect = false;
    }
    if (found !== undefined) isDirect ??= true;
  }
  return { containers, namespaces, isDirect: isDirect ?? false };
}

/** `impl` may stand alone on its line, and the type that it is for below it. */
function headerOf(lines: readonly string[], line: number): string {
  let text = lines[line];
  if (!/^\s*(?:unsafe\s+)?impl\b/.test(text)) return text;
  for (let i = line + 1; i < Math.min(lines.length, line + maxHeader) && !/[{;]/.test(text) && text.length < 2_000; i++)
    text += ` ${lines[i].trim()}`;
  return text;
}

const packageStatements: Partial<Record<SourceLanguage, RegExp>> = {
  java: /^[ \t]*package\s+([\w.]+)/m,
  kotlin: /^[ \t]*package\s+([\w.`]+)/m,
  groovy: /^[ \t]*package\s+([\w.]+)/m,
  go: /^package\s+(\w+)/m,
  csharp: /^\ufeff?[ \t]*namespace\s+([\w.]+)\s*;/m,
  fsharp: /^[ \t]*(?:namespace|module)\s+(?:rec\s+)?([\w.]+)\s*$/m,
  php: /^[ \t]*(?:<\?php\s+)?namespace\s+([\w\\]+)\s*[;{]/m,
};

/** A namespace whose block is not indented is around all of the file. */
const blockNamespace = /^\ufeff?namespace\s+([\w.]+)\s*\{?\s*$/gm;

/** The package or namespace that the file states, as its segments; undefined where it states none. */
export function statedPackage(text: string, language: SourceLanguage): readonly string[] | undefined {
  const head = text.slice(0, 20_000);
  const pattern = packageStatements[language];
  // A file of Scala may state its package in several steps.
  const stated = language === 'scala' ? scalaPackage(head) : pattern?.exec(head)?.[1];
  return stated?.replaceAll('`', '').split(/[.\\]/);
}

/** The only namespace that a file of C# has as a block, for definitions that are not indented in it. */
export function onlyNamespace(text: string): readonly string[] | undefined {
  const [first, second] = text.slice(0, 100_000).matchAll(blockNamespace);
  return first && !second ? first[1].split('.') : undefined;
}

function scalaPackage(head: string): string | undefined {
  const clauses = [...head.matchAll(/^package\s+(?!object\b)([\w.`]+)\s*$/gm)].map(([, clause]) => clause);
  return clauses.length ? clauses.slice(0, 4).join('.') : undefined;
}

/** What the JVM calls the class of a Kotlin file's own functions, or of the queries in a file of SQLDelight; undefined for others. */
export function fileClassOf(text: string, fileName: string): string | undefined {
  if (fileName.endsWith('.sq')) return `${fileName.slice(0, -3)}Queries`;
  if (!/\.kts?$/.test(fileName)) return undefined;
  const stated = /^\s*@file:(?:JvmName\(|\[\s*JvmName\()\s*"(\w{1,200})"/m.exec(text.slice(0, 5_000))?.[1];
  if (stated !== undefined) return stated;
  const stem = fileName.replace(/\.kts?$/, '').replace(/\W/g, '_');
  return `${stem.charAt(0).toUpperCase()}${stem.slice(1)}Kt`;
}

function indentation(text: string): number {
  let width = 0;
  for (const char of text) {
    if (char === ' ') width++;
    else if (char === '\t') width += 4;
    else break;
  }
  return width;
}

function isBlank(text: string): boolean {
  return text.trim() === '';
}
