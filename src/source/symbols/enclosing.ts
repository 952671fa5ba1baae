/**
 * What is around a line: classes and modules, read upwards by indentation, and the package that the file states. Code that is laid out
 * as its language's formatter does it is what this is for; a file on one line gives nothing.
 */

import type { SourceLanguage } from '../search/languages';

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
const modifiers =
  '(?:(?:export|default|declare|public|private|protected|internal|abstract|final|sealed|static|partial|readonly|data|open|inner|inline|value|case|implicit|strictfp|non-sealed|unsafe|file|pub(?:\\([^)]*\\))?|fileprivate|indirect|annotation|companion|expect|actual|ref|required|@[\\w.]+(?:\\([^)]*\\))?|\\[[^\\]]*\\])\\s+)*';

const headers: Partial<Record<SourceLanguage, RegExp>> = {
  javascript: new RegExp(
    `^\\s*${modifiers}(?:(?:class|interface|namespace|module|enum)\\s+(?<name>${name})|(?:const|let|var)\\s+(?<value>${name})\\s*(?::[^=]+)?=\\s*(?:\\{\\s*$|class\\b))`,
    'u',
  ),
  python: new RegExp(`^\\s*class\\s+(?<name>${name})`, 'u'),
  ruby: /^\s*(?:class|module)\s+(?<name>[\p{L}\p{N}_:]+)/u,
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

/** `line` from 0. */
export function enclosing(lines: readonly string[], line: number, language: SourceLanguage): Enclosing {
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
    // A statement's label, a preprocessor's line, a closing brace and a comment are no one's parents.
    if (/^\s*(?:#(?:if|else|endif|define|region|endregion)|\/\/|\/\*|\*|}|@\w+\s*$)/.test(text)) continue;
    limit = indent;
    const groups = header.exec(text)?.groups;
    const found = groups?.name ?? groups?.value ?? groups?.other;
    if (found !== undefined) containers.unshift(...found.split(/::|\./));
    else if (!/^\s*(?:extends|implements|where|with|:)/.test(text)) {
      const block = namespace.exec(text)?.groups?.namespace;
      if (block !== undefined) namespaces.unshift(block);
      else if (isDirect === undefined && !/^\s*companion object/.test(text)) isDirect = false;
    }
    if (found !== undefined) isDirect ??= true;
  }
  return { containers, namespaces, isDirect: isDirect ?? false };
}

const packageStatements: Partial<Record<SourceLanguage, RegExp>> = {
  java: /^[ \t]*package\s+([\w.]+)/m,
  kotlin: /^[ \t]*package\s+([\w.`]+)/m,
  scala: /^[ \t]*package\s+([\w.]+)/m,
  groovy: /^[ \t]*package\s+([\w.]+)/m,
  go: /^package\s+(\w+)/m,
  csharp: /^[ \t]*namespace\s+([\w.]+)\s*;/m,
  fsharp: /^[ \t]*(?:namespace|module)\s+(?:rec\s+)?([\w.]+)\s*$/m,
  php: /^[ \t]*(?:<\?php\s+)?namespace\s+([\w\\]+)\s*[;{]/m,
};

/** The package or namespace that the file states, as its segments; undefined where it states none. */
export function statedPackage(text: string, language: SourceLanguage): readonly string[] | undefined {
  const stated = packageStatements[language]?.exec(text.slice(0, 20_000))?.[1];
  return stated?.replaceAll('`', '').split(/[.\\]/);
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
