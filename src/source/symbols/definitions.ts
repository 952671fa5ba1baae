/**
 * Whether a line defines a function or a class of a name, by the language's notation. No parser: a line is enough for the notations that
 * people use, and enclosing.ts looks at what is around it. Calls and uses must not pass; a definition in an odd layout may be missed.
 */

import type { SourceLanguage } from '../search/languages';

export type DefinitionKind = 'function' | 'class' | 'field' | 'declaration';

export interface DefinitionMatch {
  /** A `declaration` has no body: an interface's method, an overload's signature. A `field` holds a function that something made. */
  readonly kind: DefinitionKind;
  /** From 0, of the name. */
  readonly column: number;
  /** The class that the line itself names: a receiver of Go, `Cart.prototype.add = `, `Cart::add(` of C++. */
  readonly container?: string;
  /** Only if the line stands directly in a class: without one it may be a call. */
  readonly needsClass?: true;
}

/** Gives the match of a line, or undefined. */
export type DefinitionMatcher = (line: string) => DefinitionMatch | undefined;

const maxLine = 2_000;

/** `name` is letters, digits, `_` and `$`. */
export function definitionMatcher(name: string, language: SourceLanguage): DefinitionMatcher {
  const matchers = patternsOf(language, name.replace(/\$/g, '\\$')).map(compile);
  return (line) => {
    if (line.length > maxLine || !line.includes(name)) return undefined;
    for (const matcher of matchers) {
      const match = matcher(line);
      if (match) return { ...match, column: line.indexOf(name, match.column) };
    }
    return undefined;
  };
}

interface Pattern {
  readonly kind: DefinitionKind;
  /** Group `c`: the container. */
  readonly pattern: string;
  /** Refuses what the pattern lets through. */
  readonly unless?: RegExp;
  /** The parameters begin where the pattern ends; what follows them tells a definition from a call. */
  readonly follows?: (rest: string | undefined, head: string) => Partial<DefinitionMatch> | undefined;
}

function compile({ kind, pattern, unless, follows }: Pattern): DefinitionMatcher {
  const expression = new RegExp(pattern, 'u');
  return (line) => {
    const match = expression.exec(line);
    if (!match || unless?.test(line)) return undefined;
    const container = match.groups?.c;
    const found = { kind, column: match.index, ...(container ? { container } : {}) };
    if (!follows) return found;
    const open = match.index + match[0].length - 1;
    const more = follows(afterParameters(line, open), line.slice(open));
    return more && { ...found, ...more };
  };
}

/** What follows the closing parenthesis; undefined where it is on another line. */
function afterParameters(line: string, open: number): string | undefined {
  let depth = 0;
  for (let i = open; i < line.length; i++) {
    if (line[i] === '(') depth++;
    else if (line[i] === ')' && --depth === 0) return line.slice(i + 1);
  }
  return undefined;
}

const word = '[\\p{L}_$][\\p{L}\\p{N}_$]*';
const typed = '[\\p{L}\\p{N}_$.<>,?\\[\\]&|*:\\s@`]';
/** Statements that look like a type and a name. */
const statement =
  /^\s*(?:return|new|throw|else|case|await|yield|assert|in|delete|goto|echo|print|import|using|package|if|while|for|switch|catch)\b/;
const comment = /^\s*(?:\/\/|\*|#(?!\[)|--|\/\*)/;
/** A number sign begins a private name of JavaScript. */
const scriptComment = /^\s*(?:\/\/|\*\s|\/\*)/;

function patternsOf(language: SourceLanguage, n: string): readonly Pattern[] {
  const end = '(?![\\p{L}\\p{N}_$])';
  const types = (words: string): Pattern => ({
    kind: 'class',
    pattern: `(?<![\\p{L}\\p{N}_$.])(?:${words})\\s+${n}${end}`,
    unless: comment,
  });
  const functions = (words: string, before = ''): Pattern => ({
    kind: 'function',
    pattern: `(?<![\\p{L}\\p{N}_$.])(?:${words})\\s+${before}${n}${end}`,
    unless: comment,
  });
  /** `public static Map<String, Order> find(` of Java and its kin, where a type comes before the name. */
  const typedMethod = (before = ''): Pattern => ({
    kind: 'function',
    pattern: `^\\s*(?:@${word}(?:\\([^)]*\\))?\\s+|\\[[^\\]]*\\]\\s*)*${typed}*[\\p{L}\\p{N}_$>\\]*&?]\\s+[*&]*${before}${n}\\s*(?:<[^<>()]*(?:<[^<>]*>)?[^<>()]*>)?\\(`,
    unless: new RegExp(`${comment.source}|${statement.source}|^\\s*\\S+\\s*=[^>]`),
    follows: (rest) =>
      rest !== undefined && /^\s*(?:throws [\w., ]+)?;\s*(?:\/\/.*)?$/.test(rest) ? { kind: 'declaration' } : {},
  });
  switch (language) {
    case 'javascript':
      return javascript(n, end, types);
    case 'python':
      return [
        functions('def'),
        types('class'),
        { kind: 'field', pattern: `^\\s*${n}\\s*(?::[^=]+)?=\\s*(?:lambda\\b|functools\\.)`, unless: comment },
      ];
    case 'java':
    case 'groovy':
      return [
        types('class|interface|enum|record|@interface|trait'),
        { ...typedMethod(), unless: new RegExp(`${comment.source}|${statement.source}|^[^(]*=`) },
      ];
    case 'kotlin':
      return [
        functions('fun', `(?:<[^>]*>\\s*)?(?:(?<c>${word})(?:<[^>]*>)?\\??\\.)?`),
        types('class|interface|object|typealias'),
        { kind: 'field', pattern: `\\b(?:val|var)\\s+${n}\\s*(?::[^=]+)?=\\s*\\{`, unless: comment },
      ];
    case 'scala':
      return [functions('def'), types('class|trait|object|enum|type'), functions('val|lazy val')];
    case 'go':
      return [
        {
          kind: 'function',
          pattern: `^func\\s+(?:\\(\\s*(?:${word}\\s+)?\\*?(?<c>${word})(?:\\[[^\\]]*\\])?\\s*\\)\\s*)?${n}\\s*[(\\[]`,
        },
        { kind: 'class', pattern: `^\\s*(?:type\\s+)${n}(?:\\[[^\\]]*\\])?\\s+[\\w=*\\[(]` },
        { kind: 'class', pattern: `^\\t${n}\\s+(?:struct|interface|func)\\b` },
        { kind: 'field', pattern: `(?:^var\\s+|^\\s+)${n}\\s*:?=\\s*func\\s*\\(` },
      ];
    case 'csharp':
      return [
        types('class|interface|struct|enum|record(?:\\s+(?:class|struct))?|delegate [^(]*'),
        { ...typedMethod(`(?:${word}(?:<[^<>]*>)?\\.)?`), unless: new RegExp(`${comment.source}|${statement.source}|^[^(]*=`) },
        { kind: 'function', pattern: `^\\s*(?:${word}\\s+)*(?:${typed}+)\\s${n}\\s*(?:\\{|=>|$)`, unless: statement },
      ];
    case 'fsharp':
      return [
        functions('let|let rec|let inline|let private|and', '(?:rec\\s+|inline\\s+|private\\s+|internal\\s+|mutable\\s+)*'),
        functions(
          'member|override|default|abstract|abstract member|static member',
          `(?:(?:private|internal|inline)\\s+)?(?:${word}\\.)?`,
        ),
        types('type|module|module rec'),
      ];
    case 'ruby':
      return [
        {
          kind: 'function',
          pattern: `^\\s*(?:private\\s+|protected\\s+|public\\s+|private_class_method\\s+|memoize\\s+)?def\\s+(?:(?:self|(?<c>${word}))\\.)?${n}[?!=]?${end}`,
        },
        { kind: 'class', pattern: `^\\s*(?:class|module)\\s+(?:[\\p{L}\\p{N}_]+::)*${n}${end}` },
        { kind: 'function', pattern: `\\b(?:define_method|scope|helper_method)[ (]+:${n}${end}`, unless: comment },
        { kind: 'class', pattern: `^\\s*${n}\\s*=\\s*(?:Struct|Class|Data)\\.` },
      ];
    case 'php':
      return [functions('function', '&?\\s*'), types('class|interface|trait|enum')];
    case 'rust':
      return [
        functions('fn'),
        types('struct|enum|trait|mod|union|type'),
        { kind: 'function', pattern: `macro_rules!\\s+${n}${end}` },
      ];
    case 'swift':
      return [functions('func'), types('class|struct|enum|actor|protocol|extension|typealias')];
    case 'elixir':
      return [
        functions('def|defp|defmacro|defmacrop|defdelegate'),
        { kind: 'class', pattern: `\\bdefmodule\\s+(?:\\w+\\.)*${n}${end}` },
      ];
    case 'erlang':
      return [{ kind: 'function', pattern: `^${n}\\(`, unless: /\.\s*$/ }];
    case 'cpp':
      return [
        types('class|struct|namespace|union|enum(?: class)?'),
        {
          ...typedMethod(`(?:${word}(?:<[^<>]*>)?::)*?(?:(?<c>${word})::)?~?`),
          unless: new RegExp(`${comment.source}|${statement.source}|^[^(]*=`),
        },
        { kind: 'function', pattern: `^(?:${word}::)*(?<c>${word})::~?${n}\\s*\\(`, unless: /;\s*$/ },
      ];
    case 'dart':
      return [
        types('class|mixin|enum|extension|typedef'),
        typedMethod(),
        { kind: 'function', pattern: `^\\s*${n}\\s*\\(`, follows: body },
      ];
    default:
      return [];
  }
}

function javascript(n: string, end: string, types: (words: string) => Pattern): readonly Pattern[] {
  const modifiers =
    '(?:(?:export|default|declare|public|private|protected|static|override|abstract|readonly|async|accessor|get|set)\\s+)*';
  const value = '(?:async\\s+)?(?:function\\b|\\(|<[\\p{L}]|[\\p{L}_$][\\p{L}\\p{N}_$]*\\s*=>)';
  return [
    { kind: 'function', pattern: `(?<![\\p{L}\\p{N}_$.])function\\s*\\*?\\s*${n}${end}`, unless: scriptComment },
    types('class|interface|enum|namespace|type'),
    {
      kind: 'function',
      pattern: `(?<![\\p{L}\\p{N}_$.])(?:const|let|var)\\s+${n}\\s*(?::[^=]+(?:=>[^=]+)?)?=\\s*${value}`,
      unless: scriptComment,
    },
    {
      kind: 'field',
      pattern: `^\\s*(?:export\\s+)?(?:const|let|var)\\s+${n}\\s*(?::[^=]+)?=\\s*[\\p{L}_$]`,
      unless: scriptComment,
    },
    {
      kind: 'function',
      pattern: `^\\s*${modifiers}\\*?\\s*#?${n}\\s*[?!]?\\s*(?:<[^()]*>)?\\(`,
      unless: new RegExp(`${scriptComment.source}|${statement.source}`),
      follows: method,
    },
    {
      kind: 'function',
      pattern: `^\\s*${modifiers}#?${n}\\s*[?!]?\\s*(?::[^=]+(?:=>[^=]+)?)?=\\s*${value}`,
      unless: scriptComment,
    },
    { kind: 'function', pattern: `^\\s*['"]?${n}['"]?\\s*:\\s*${value}`, unless: scriptComment },
    { kind: 'function', pattern: `^\\s*(?:module\\.)?exports\\.${n}\\s*=`, unless: scriptComment },
    {
      kind: 'function',
      pattern: `(?<c>[\\p{L}_$][\\p{L}\\p{N}_$]*)(?:\\.prototype)?\\.${n}\\s*=\\s*${value}`,
      unless: scriptComment,
    },
  ];
}

/** After the parameters: a body, or a type, or (on further lines) unknown. */
function method(rest: string | undefined, parameters: string): Partial<DefinitionMatch> | undefined {
  // A call with a function as its argument goes on over lines as well.
  if (rest === undefined) return /=>\s*\{?\s*$|\bfunction\b|^\(\s*['"`\d]/.test(parameters) ? undefined : { needsClass: true };
  if (/^\s*(?::[^;]*)?\{/.test(rest)) return {};
  if (/^\s*:\s*[^;=]+;?\s*$/.test(rest)) return { kind: 'declaration', needsClass: true };
  return undefined;
}

function body(rest: string | undefined): Partial<DefinitionMatch> | undefined {
  return rest === undefined ? { needsClass: true } : /^\s*(?:async\*?\s*)?(?:\{|=>)/.test(rest) ? {} : undefined;
}
