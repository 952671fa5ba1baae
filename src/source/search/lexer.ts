/**
 * Where the strings and comments of a source file are: as much of each language's lexical rules as tells a literal from code and comments.
 * A quote that is not closed on its line ends with it (but for the languages whose strings go on), so one odd line spoils one line only.
 */

import type { Steps } from '../../base/steps';
import type { SourceLanguage } from './languages';

/** A string of the source: its content, as written, without quotes. */
export interface Literal {
  /** From 0, where the content begins. */
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  /** Column after the content. */
  readonly endColumn: number;
  readonly text: string;
}

/** Larger files are generated. UTF-16 units. */
const maxLength = 1024 * 1024;
/** Characters of code and strings that are read in one step. */
const stepTokens = 4096;

interface Syntax {
  readonly line: readonly string[];
  readonly block: boolean;
  /** Quotes of strings on one line. */
  readonly quotes: string;
  /** Quotes of strings that go on over lines. */
  readonly long: readonly string[];
  readonly heredoc?: RegExp;
  /** `/regex/` is a literal. */
  readonly regex?: true;
  /** A single quote is a character or a lifetime. */
  readonly characters?: true;
  /** `#[` begins an attribute, not a comment. */
  readonly attributes?: true;
}

const cLike: Syntax = { line: ['//'], block: true, quotes: '"', long: ['"""'], characters: true };
const syntaxes: Readonly<Record<SourceLanguage, Syntax | undefined>> = {
  javascript: { line: ['//'], block: true, quotes: '\'"', long: ['`'], regex: true },
  python: { line: ['#'], block: false, quotes: '\'"', long: ['"""', "'''"] },
  java: cLike,
  kotlin: cLike,
  scala: cLike,
  groovy: { line: ['//'], block: true, quotes: '\'"', long: ['"""', "'''"] },
  go: { line: ['//'], block: true, quotes: '"', long: ['`'], characters: true },
  csharp: { line: ['//'], block: true, quotes: '"', long: ['"""', '@"', '$@"', '@$"'], characters: true },
  fsharp: { line: ['//'], block: false, quotes: '', long: ['"""', '"'], characters: true },
  ruby: { line: ['#'], block: false, quotes: '', long: ['"', "'"], heredoc: /<<[~-]?(['"]?)(\w+)\1/y },
  php: { line: ['//', '#'], block: true, quotes: '', long: ['"', "'"], heredoc: /<<<[ \t]*(['"]?)(\w+)\1/y, attributes: true },
  rust: { line: ['//'], block: true, quotes: '', long: ['r##"', 'r#"', '"'], characters: true },
  swift: { line: ['//'], block: true, quotes: '"', long: ['"""'] },
  elixir: { line: ['#'], block: false, quotes: '', long: ['"""', "'''", '"'], characters: true },
  erlang: { line: ['%'], block: false, quotes: '', long: ['"'] },
  cpp: { line: ['//'], block: true, quotes: '"', long: ['R"('], characters: true },
  dart: { line: ['//'], block: true, quotes: '\'"', long: ['"""', "'''"] },
  data: undefined,
  config: undefined,
  documentation: undefined,
};

const closing: Readonly<Record<string, string>> = { '@"': '"', '$@"': '"', '@$"': '"', 'r#"': '"#', 'r##"': '"##', 'R"(': ')"' };

/** The strings of a text, in order; the whole text where its language has none (SQL, settings). */
export function* readLiterals(text: string, language: SourceLanguage): Steps<readonly Literal[]> {
  if (text.length > maxLength) return [];
  const syntax = syntaxes[language];
  return syntax ? yield* new Scanner(text, syntax).run() : whole(text);
}

function whole(text: string): readonly Literal[] {
  return text.split('\n').map((each, line) => {
    // A comment of SQL is none of its text.
    const comment = each.search(/(?:^|\s)--\s/);
    const content = comment < 0 ? each : each.slice(0, comment);
    return { line, column: 0, endLine: line, endColumn: content.length, text: content };
  });
}

class Scanner {
  private at = 0;
  private line = 0;
  private lineStart = 0;
  private readonly found: Literal[] = [];
  /** Of `long`, longest first: `"""` before `"`. */
  private readonly openers: readonly string[];
  /** Last character of code that is no white space, for regular expressions. */
  private before = '';

  constructor(
    private readonly text: string,
    private readonly syntax: Syntax,
  ) {
    this.openers = [...syntax.long].sort((a, b) => b.length - a.length);
  }

  *run(): Steps<readonly Literal[]> {
    const { text, syntax } = this;
    for (let step = 1; this.at < text.length; step++) {
      if (step % stepTokens === 0) yield;
      const char = text[this.at];
      if (char === '\n') this.newLine();
      else if (this.isComment()) this.skipTo('\n', 0);
      else if (syntax.block && text.startsWith('/*', this.at)) this.skipTo('*/', 2);
      else if (!this.opens(char)) {
        if (char !== ' ' && char !== '\t' && char !== '\r') this.before = char;
        this.at++;
      }
    }
    return this.found;
  }

  private isComment(): boolean {
    const { text, syntax, at } = this;
    return syntax.line.some((mark) => text.startsWith(mark, at)) && !(syntax.attributes && text.startsWith('#[', at));
  }

  private opens(char: string): boolean {
    const { text, syntax } = this;
    const heredoc = char === '<' && syntax.heredoc ? this.heredocAt(syntax.heredoc) : undefined;
    if (heredoc) {
      this.skipTo('\n', 1);
      const start = this.at;
      heredoc.lastIndex = start;
      const end = heredoc.exec(text);
      this.take(start, end ? end.index : text.length, end ? end[0].length : 0);
      return true;
    }
    const long = this.openers.find((opener) => text.startsWith(opener, this.at));
    if (long !== undefined) {
      const start = this.at + long.length;
      const quote = closing[long] ?? long;
      this.take(
        start,
        this.endOf(start, quote, long !== '"""' && closing[long] === undefined, true, long.includes('@')),
        quote.length,
      );
      return true;
    }
    if (syntax.quotes.includes(char)) {
      const start = this.at + 1;
      const end = this.endOf(start, char, true, false);
      this.take(start, end, text[end] === char ? 1 : 0);
      return true;
    }
    if (char === "'" && syntax.characters) {
      const character = /'(?:\\(?:u\{?[0-9a-fA-F]+\}?|x[0-9a-fA-F]+|.)|[^'\\\n])'/y;
      character.lastIndex = this.at;
      this.at += character.exec(text)?.[0].length ?? 1;
      this.before = "'";
      return true;
    }
    if (char === '/' && syntax.regex && /[(,=:[!&|?{};~+<>]|^$/.test(this.before)) {
      const expression = /\/(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\[\n])+\/[a-z]*/y;
      expression.lastIndex = this.at;
      const match = expression.exec(text);
      if (!match) return false;
      this.at += match[0].length;
      this.before = '/';
      return true;
    }
    return false;
  }

  /** An expression that finds its end, where a heredoc begins. */
  private heredocAt(opener: RegExp): RegExp | undefined {
    opener.lastIndex = this.at;
    const word = opener.exec(this.text)?.[2];
    return word === undefined ? undefined : new RegExp(`^[ \\t]*${word}\\b`, 'gm');
  }

  private endOf(start: number, quote: string, escapes: boolean, goesOn: boolean, isVerbatim = false): number {
    const { text } = this;
    for (let i = start; i < text.length; i++) {
      if (escapes && text[i] === '\\') i++;
      // `@"say ""yes"""` of C#
      else if (isVerbatim && text[i] === '"' && text[i + 1] === '"') i++;
      else if (text.startsWith(quote, i)) return i;
      else if (!goesOn && text[i] === '\n') return i;
      else if (text[i] === '{' && this.isHole(i, start, quote)) i = this.endOfHole(i + 1, quote === '`' || goesOn);
    }
    return text.length;
  }

  /** Where a string's text gives way to code, which may have strings of its own: `${`, `#{` of Ruby and Elixir, `{` behind `$"` of C#. */
  private isHole(at: number, start: number, quote: string): boolean {
    const { text } = this;
    if (text[at - 1] === '$') return quote === '`' || quote.startsWith('"');
    if (quote !== '"') return false;
    return text[at - 1] === '#' || (text[start - 2] === '$' && text[at + 1] !== '{' && text[at - 1] !== '{');
  }

  /** Index of the brace that closes one; the one before `start` where none does. */
  private endOfHole(start: number, goesOn: boolean): number {
    const { text } = this;
    let depth = 1;
    for (let i = start; i < text.length && i < start + 2_000; i++) {
      if (text[i] === '\n' && !goesOn) break;
      if (text[i] === '{') depth++;
      else if (text[i] === '}' && --depth === 0) return i;
    }
    return start - 1;
  }

  private take(start: number, end: number, quote: number): void {
    const line = this.line;
    const column = start - this.lineStart;
    const content = this.text.slice(start, end);
    this.at = start;
    for (let i = content.indexOf('\n'); i >= 0; i = content.indexOf('\n', i + 1)) {
      this.line++;
      this.lineStart = start + i + 1;
    }
    this.found.push({ line, column, endLine: this.line, endColumn: end - this.lineStart, text: content });
    this.at = end + quote;
    this.before = '"';
  }

  private skipTo(mark: string, length: number): void {
    const found = this.text.indexOf(mark, this.at + (mark === '*/' ? 2 : 0));
    const end = found < 0 ? this.text.length : found + length;
    for (let i = this.text.indexOf('\n', this.at); i >= 0 && i < end; i = this.text.indexOf('\n', i + 1)) {
      this.line++;
      this.lineStart = i + 1;
    }
    this.at = end;
  }

  private newLine(): void {
    this.at++;
    this.line++;
    this.lineStart = this.at;
  }
}
