/** How each language writes the definition of a function or a class. */

import type { SourceLanguage } from '../search/languages';
import { type DefinitionMatch, type Pattern, statement, word } from './notation';
import { scriptPatterns } from './scriptNotation';

const typed = '[\\p{L}\\p{N}_$.<>,?\\[\\]&|*:\\s@`]';
const comment = /^\s*(?:\/\/|\*|#(?!\[)|--|\/\*)/;
/** Type parameters, also such as have some of their own. */
const generics = '(?:<[^()]{0,200}>\\s*)?';

/** @param n the name, as a pattern */
export function patternsOf(language: SourceLanguage, n: string): readonly Pattern[] {
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
  /** Of a language whose methods without a body are abstract. */
  const withBody = (words: string, before: string, abstract: RegExp): Pattern => ({
    kind: 'function',
    pattern: `(?<![\\p{L}\\p{N}_$.])(?:${words})\\s+${before}${n}\\s*(?:<[^()]{0,200}>|\\[[^()]{0,200}\\])?\\s*\\(`,
    unless: comment,
    follows: (rest) => (rest !== undefined && abstract.test(rest) ? { kind: 'declaration' } : {}),
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
      return scriptPatterns(n, end, types);
    case 'python':
      return [
        functions('def'),
        types('class'),
        { kind: 'field', pattern: `^\\s*${n}\\s*(?::[^=]+)?=\\s*(?:lambda\\b|functools\\.|partial\\()`, unless: comment },
      ];
    case 'java':
    case 'groovy':
      return [
        types('class|interface|enum|record|@interface|trait'),
        { ...typedMethod(), unless: new RegExp(`${comment.source}|${statement.source}|^[^(]*=`) },
        // `static Route show = (request, response) -> {`
        { kind: 'field', pattern: `^\\s+\\w[\\w<>, .]{0,120}\\s${n}\\s*=\\s*(?:\\([^()]{0,200}\\)|\\w+)\\s*->`, unless: comment },
      ];
    case 'kotlin': {
      const name = `\`?${n}\`?`;
      const receiver = `(?:(?:${word}\\.){0,4}?(?<c>${word})(?:<[^()]{0,200}>)?\\??\\.)?`;
      const head = `(?<![\\p{L}\\p{N}_$.])fun\\s+${generics}${receiver}${name}\\s*\\(`;
      return [
        { kind: 'function', pattern: head, unless: comment, follows: kotlinBody },
        types('class|interface|object|typealias'),
        { kind: 'field', pattern: `\\b(?:val|var)\\s+${n}\\s*(?::[^=]+)?(?:=\\s*\\{|=\\s*fun\\b|by\\s)`, unless: comment },
        // A member that has what makes a handler.
        {
          kind: 'field',
          pattern: `^(?: {0,4}|\\t)(?:(?:private|internal|public|override)\\s+)?val\\s+${n}\\s*(?::[^=]+)?=\\s*(?:(?:\\w+(?:<[^<>]{0,80}>)?[({])?$|\\w{0,40}[hH]andler\\w{0,20}\\s*[({<])`,
          unless: comment,
        },
      ];
    }
    case 'scala':
      return [
        withBody('def', '', /^\s*(?:\([^()]*\)\s*)*(?::[^={]*)?$/),
        functions('def'),
        types('class|trait|object|enum|type'),
        functions('val|lazy val|given'),
      ];
    case 'go':
      return [
        {
          kind: 'function',
          pattern: `^func\\s+(?:\\(\\s*(?:${word}\\s+)?\\*?(?<c>${word})(?:\\[[^\\]]*\\])?\\s*\\)\\s*)?${n}\\s*[(\\[]`,
        },
        { kind: 'class', pattern: `^\\s*(?:type\\s+)${n}(?:\\[[^\\]]*\\])?\\s+[\\w=*\\[(]` },
        { kind: 'class', pattern: `^\\t${n}(?:\\[[^\\]]*\\])?\\s+(?:struct|interface|func)\\b` },
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
      return ruby(n, end);
    case 'php':
      return [
        withBody('function', '&?\\s*', /^\s*(?::[^{]*)?;\s*$/),
        types('class|interface|trait|enum'),
        { kind: 'field', pattern: `\\$${n}\\s*=\\s*(?:static\\s+)?(?:function|fn)\\b`, unless: comment },
      ];
    case 'rust':
      return [
        withBody('fn', '', /^[^{]*;\s*$/),
        types('struct|enum|trait|mod|union|type'),
        { kind: 'function', pattern: `macro_rules!\\s+${n}${end}` },
        {
          kind: 'field',
          pattern: `\\blet\\s+(?:mut\\s+)?${n}\\s*(?::[^=]+)?=\\s*(?:async\\s+)?(?:move\\s*)?\\|`,
          unless: comment,
        },
      ];
    case 'swift':
      return [functions('func'), types('class|struct|enum|actor|protocol|extension|typealias')];
    case 'elixir':
      return [
        functions('def|defp|defmacro|defmacrop|defdelegate'),
        { kind: 'class', pattern: `\\b(?:defmodule|defprotocol)\\s+(?<c>(?:\\w+\\.)*)${n}${end}` },
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
        { kind: 'function', pattern: `^\\s*${n}\\s*\\(`, follows: dartBody },
      ];
    case 'data':
      // A query of SQLDelight is called by its label.
      return [{ kind: 'function', pattern: `^${n}:\\s*(?:\\{\\s*)?$` }];
    default:
      return [];
  }
}

/** Words before `def` are methods that take what it gives: `private def`, `memoize def`. */
function ruby(n: string, end: string): readonly Pattern[] {
  return [
    { kind: 'function', pattern: `^\\s*(?:[a-z]\\w*\\s+)?def\\s+(?:(?:self|(?<c>${word}))\\.)?${n}[?!=]?${end}` },
    { kind: 'class', pattern: `^\\s*(?:class|module)\\s+(?:::)?(?<c>(?:[\\p{L}\\p{N}_]+::)*)${n}${end}` },
    { kind: 'function', pattern: `\\b(?:define_method|scope|helper_method)[ (]+:${n}${end}`, unless: comment },
    { kind: 'field', pattern: `^\\s*alias(?:_method)?[ (]+:?${n}${end}`, unless: comment },
    { kind: 'class', pattern: `^\\s*(?<c>(?:[\\p{L}\\p{N}_]+::)*)${n}\\s*=\\s*(?:Struct|Class|Module|Data)\\.` },
  ];
}

/** What has neither a block nor an expression is abstract. */
function kotlinBody(rest: string | undefined): Partial<DefinitionMatch> {
  return rest !== undefined && /^\s*(?::[^={]*)?$/.test(rest) ? { kind: 'declaration' } : {};
}

function dartBody(rest: string | undefined): Partial<DefinitionMatch> | undefined {
  return rest === undefined ? { needsClass: true } : /^\s*(?:async\*?\s*)?(?:\{|=>)/.test(rest) ? {} : undefined;
}
