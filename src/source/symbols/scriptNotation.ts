/** How JavaScript and TypeScript write definitions: of all languages the one with most ways to. */

import { type DefinitionMatch, type Pattern, statement, word } from './notation';

/** A number sign begins a private name. */
const comment = /^\s*(?:\/\/|\*\s|\/\*)/;
const modifiers =
  '(?:@[\\w.]+(?:\\([^()]*\\))?\\s+)*(?:(?:export|default|declare|public|private|protected|static|override|abstract|readonly|async|accessor|get|set)\\s+)*';
const value = `(?:async\\s+)?(?:function\\b|\\(|<[\\p{L}]|${word}\\s*=>)`;

export function scriptPatterns(n: string, end: string, types: (words: string) => Pattern): readonly Pattern[] {
  return [
    {
      kind: 'function',
      pattern: `(?<![\\p{L}\\p{N}_$.])function\\s*\\*?\\s*${n}\\s*(?:<[^()]*>)?\\s*\\(`,
      unless: comment,
      follows: signature,
    },
    { kind: 'function', pattern: `(?<![\\p{L}\\p{N}_$.])function\\s*\\*?\\s*${n}${end}`, unless: comment },
    types('class|interface|enum|namespace|type'),
    {
      kind: 'function',
      pattern: `(?<![\\p{L}\\p{N}_$.])(?:const|let|var)\\s+${n}\\s*(?::[^=]+(?:=>[^=]+)?)?=\\s*${value}`,
      unless: comment,
    },
    {
      kind: 'field',
      pattern: `^\\s*(?:export\\s+)?(?:const|let|var)\\s+${n}\\s*(?::[^=]+)?=\\s*[\\p{L}_$]`,
      unless: comment,
    },
    {
      kind: 'function',
      pattern: `^\\s*${modifiers}\\*?\\s*#?${n}\\s*[?!]?\\s*(?:<[^()]*>)?\\(`,
      unless: new RegExp(`${comment.source}|${statement.source}`),
      follows: method,
    },
    {
      kind: 'function',
      pattern: `^\\s*${modifiers}#?${n}\\s*[?!]?\\s*(?::[^=]+(?:=>[^=]+)?)?=\\s*${value}`,
      unless: comment,
    },
    { kind: 'function', pattern: `^\\s*['"]?${n}['"]?\\s*:\\s*${value}`, unless: comment },
    // `const list: Handler<` with its type over some lines; `const list = [validate, listOrders]`; what begins on the next line.
    {
      kind: 'function',
      pattern: `^\\s*(?:export\\s+)?const\\s+${n}\\s*:\\s*[\\w$.]*(?:Handler|Controller|Middleware|Function|Callback|Resolver)<[^=]*$`,
    },
    { kind: 'field', pattern: `^\\s*(?:export\\s+)?const\\s+${n}\\s*(?::[^=]+)?=\\s*(?:\\[|\\{?\\s*$)`, unless: comment },
    // `list = caught(async (req, res) => {` of a class, and of an object.
    {
      kind: 'field',
      pattern: `^\\s*${modifiers}#?${n}\\s*(?::[^=]+)?=\\s*[\\w$.]+\\s*(?:<[^()]*>)?\\(`,
      unless: comment,
      follows: () => ({ needsClass: true }),
    },
    {
      kind: 'field',
      pattern: `^\\s*['"]?${n}['"]?\\s*:\\s*[\\w$.]+\\(\\s*(?:async\\s+)?(?:function\\b|\\([^()]*\\)\\s*=>)`,
      unless: comment,
    },
    // Another name of what is defined elsewhere, or a value that is made here.
    { kind: 'field', pattern: `^\\s*(?:module\\.)?exports\\.${n}\\s*=\\s*[\\w$.]+\\s*;?\\s*$`, unless: comment },
    { kind: 'function', pattern: `^\\s*(?:module\\.)?exports\\.${n}\\s*=`, unless: comment },
    { kind: 'function', pattern: `(?<c>${word})(?:\\.prototype)?\\.${n}\\s*=\\s*${value}`, unless: comment },
  ];
}

/** A signature of an overload ends without a body. */
function signature(rest: string | undefined): Partial<DefinitionMatch> {
  return rest !== undefined && /^\s*(?::[^{]*)?;\s*$/.test(rest) ? { kind: 'declaration' } : {};
}

/** After the parameters: a body, or a type, or (on further lines) unknown. */
function method(rest: string | undefined, parameters: string): Partial<DefinitionMatch> | undefined {
  // A call with a function as its argument goes on over lines as well.
  if (rest === undefined) return /=>\s*\{?\s*$|\bfunction\b|^\(\s*['"`\d]/.test(parameters) ? undefined : { needsClass: true };
  if (/^\s*(?::[^;]*)?\{/.test(rest)) return {};
  if (/^:[^;=]+;?$/.test(rest.trim())) return { kind: 'declaration', needsClass: true };
  return undefined;
}
