/** One file of those that are looked through for a call: its strings, its names of addresses, and what stands at a place. */

import { functionAt } from '../outline/functions';
import { indentOf, isBlank } from '../outline/textLines';
import type { Question } from '../question/question';
import type { SourceLanguage } from '../search/languages';
import type { Literal } from '../search/lexer';
import type { SourceFile } from '../search/sourceSearch';
import { type Address, isValue } from './address';
import { nameBefore, namedTexts } from './addressNames';
import { type FileFacts, fileFacts, type Judgement, judgeCall } from './clients';
import {
  type CodeWindow,
  callsAround,
  type EnclosingCall,
  lineOf,
  literalIndex,
  offsetOf,
  valueAround,
  windowAround,
} from './codeWindow';
import { writtenAt } from './expression';
import { markupAt } from './markup';
import { type AddressMatch, hole, matchAddress, type Written, writtenOf } from './pattern';
import { phpSettingKey } from './settings';

/** An address in the source. */
export interface Place {
  readonly file: CallFile;
  /** From 0: of the call, or of the string where there is none. */
  readonly line: number;
  /** From 0, of the string or the name. */
  readonly literalLine: number;
  /** Undefined: a part of the address only, which has a name. */
  readonly match: AddressMatch | undefined;
  readonly judgement: Judgement;
  /** The name that the address has. */
  readonly name?: string;
  readonly written: Written;
}

/** A place in a file, with the code around it. */
export interface Spot {
  /** The string that it is in; of a name outside of strings the line alone is told. */
  readonly literal: Pick<Literal, 'line' | 'column' | 'text'>;
  readonly window: CodeWindow;
  /** In the window's code. */
  readonly at: number;
  readonly calls: readonly EnclosingCall[];
}

const makesClient =
  /base_?url|base_?uri|base_?address|baseurl|client_?builder|newclient|root_?uri|(?:axios|ky|got|wretch)\.(?:create|extend|instance)|Faraday\.new|base_path|build(?:er)?$/i;
const isMarkup = /\.(?:html?|hbs|ejs|vue|svelte|astro|erb|php|cshtml|razor|eex|heex|jinja2?|twig|tsx|jsx)$/i;
const above = 30;
const below = 40;

export class CallFile {
  #named: ReadonlyMap<string, readonly Literal[]> | undefined;
  #hasHost: boolean | undefined;

  private constructor(
    readonly source: SourceFile,
    readonly lines: readonly string[],
    readonly literals: readonly Literal[],
    readonly facts: FileFacts,
  ) {}

  static async read(uri: string, { search, files }: Question): Promise<CallFile | undefined> {
    const source = search.file(uri);
    const lines = source && (await search.context.lines(uri));
    if (!source || !lines) return undefined;
    const text = (await search.context.text(uri)) ?? '';
    return new CallFile(source, lines, await files.of(source), fileFacts(text));
  }

  /** The address that stands in the string at a place, if it may be the one. */
  placeAt(line: number, column: number, address: Address): Place | undefined {
    const markup = isMarkup.test(this.source.file) ? markupAt(this.lines, line, column) : undefined;
    if (markup) {
      const written = writtenOf(markup.text, this.source.language);
      const match = matchAddress(written, address, isValue);
      const judgement: Judgement = { role: markup.isCall ? 'client' : 'server', verbs: [markup.verb], at: 0 };
      return match && { file: this, line, literalLine: line, match, judgement, written };
    }
    if (this.source.language === 'data') return undefined;
    const literal = this.literalAt(line, column);
    if (!literal) return undefined;
    const window = this.window(literal.line);
    const at = offsetOf(window, literal);
    return at < 0 ? undefined : this.placeIn(window, at, literal, address);
  }

  /** The string at a place, with the calls around it. */
  spotAt(line: number, column: number): Spot | undefined {
    const literal = this.literalAt(line, column);
    if (!literal) return undefined;
    const window = this.window(literal.line);
    const at = offsetOf(window, literal);
    return at < 0 ? undefined : { literal, window, at, calls: callsAround(window.code, at) };
  }

  /** A name in a line's code, outside of strings. */
  spotOfName(line: number, name: string): Spot | undefined {
    const window = this.window(line);
    const at = nameIn(window, line, name);
    if (at < 0) return undefined;
    const literal = { line, column: (this.lines[line] ?? '').indexOf(name), text: name };
    return { literal, window, at, calls: callsAround(window.code, at) };
  }

  /** The address that a name is a part of. @param known what the name stands for */
  usesIn(line: number, name: string, known: Written, address: Address): Place | undefined {
    const window = this.window(line);
    const own = nameIn(window, line, name);
    // A name within a template is in its string.
    const inside =
      own >= 0 ? undefined : this.literals.find((each) => each.line <= line && each.endLine >= line && each.text.includes(name));
    const at = inside ? offsetOf(window, inside) : own;
    if (at < 0) return undefined;
    const calls = callsAround(window.code, at);
    const chain = inside ? undefined : chainOf(window.code, at, name);
    // `builder.POST(body)` of Java only makes a request, which is sent below.
    if (chain && /^(?:java|kotlin)$/.test(this.source.language) && /builder$/i.test(name)) return undefined;
    if (chain) {
      // What was made with the whole address is called: `client.get()`.
      const whole = matchAddress(known, address, isValue);
      return (
        whole && {
          file: this,
          line,
          literalLine: line,
          match: whole,
          judgement: { role: 'client', verbs: chain.verbs, at },
          written: known,
        }
      );
    }
    const judged = judgeCall(window, at, calls, this.facts, this.source.language);
    // A setting's key is in a string of its own, which stands for all of the address; to ask for a setting is no call of it.
    const isKey = inside?.text === name;
    const judgement: Judgement = isKey && judged.role === 'likely' ? { ...judged, role: 'unknown' } : judged;
    const value = inside ? known : givenTo(known, window, at + name.length, address);
    if (!value) return undefined;
    const written = isKey ? known : substituted(writtenAt(window, at, calls, this.source.language, name), name, value);
    const match = matchAddress(written, address, isValue);
    const outer = calls[calls.length - 1];
    const made =
      calls.some(({ callee }) => makesClient.test(callee)) && outer
        ? nameBefore(window.code.slice(Math.max(0, outer.start - 200), outer.start))
        : undefined;
    if (made !== undefined && made !== name)
      return { file: this, line, literalLine: line, match, judgement: { ...judgement, role: 'unknown' }, name: made, written };
    // What a function makes of it is called by the function's name; `uri := fmt.Sprintf(pathOrders, base)` has a name in turn.
    const begin = calls[calls.length - 1]?.start ?? at;
    const before = window.code.slice(Math.max(0, begin - 200), begin);
    const isMade = judgement.role === 'unknown' && (inside ? isKey : outer !== undefined);
    const given = isMade ? nameBefore(before) : judgement.role === 'unknown' && inside ? this.nameOf(inside, true) : undefined;
    const named = given === undefined || given === name ? {} : { name: given };
    return match && { file: this, line: lineOf(window, judgement.at), literalLine: line, match, judgement, ...named, written };
  }

  /** Whether an address of a public host stands in the file; it is asked of one host only. */
  hasHost(host: string | undefined): boolean {
    this.#hasHost ??=
      host !== undefined && /[a-z][\w-]*\.[a-z]{2,}$/.test(host) && this.literals.some(({ text }) => text.includes(`//${host}`));
    return this.#hasHost;
  }

  private placeIn(window: CodeWindow, at: number, literal: Literal, address: Address): Place | undefined {
    const { language } = this.source;
    const calls = callsAround(window.code, at);
    const judged = judgeCall(window, at, calls, this.facts, language);
    if (judged.role === 'likely' && isBareWord(literal.text, calls[0], language)) return undefined;
    const plain = writtenAt(window, at, calls, language);
    const outer = calls[calls.length - 1];
    // `let url = base.append("orders")`: whatever makes it, it is an address.
    const target = outer && nameBefore(window.code.slice(Math.max(0, outer.start - 200), outer.start));
    const isMade = target !== undefined && /(?:ur[li]|href|endpoint)$/i.test(target) && !judged.verbs.length;
    const judgement: Judgement = isMade && judged.role !== 'server' ? { ...judged, role: 'unknown' } : judged;
    // What a client is made with is asked for where the client is used.
    const made =
      calls.some(({ callee }) => makesClient.test(callee)) && outer
        ? nameBefore(window.code.slice(Math.max(0, outer.start - 200), outer.start))
        : undefined;
    const isBare = judgement.role === 'unknown';
    const begin = outer ? outer.start : valueAround(window.code, at).start;
    const given = isBare ? nameBefore(window.code.slice(Math.max(0, begin - 200), begin)) : undefined;
    const setting = language === 'php' ? phpSettingKey(this.lines, literal.line, this.source.path) : undefined;
    const name = made ?? setting ?? given ?? this.nameOf(literal, isBare);
    const role = made === undefined && setting === undefined ? judgement.role : 'unknown';
    const written = this.joined(plain, address);
    const match = written && matchAddress(written, address, isValue);
    if (!match && (name === undefined || !isPartOf(plain, address))) return undefined;
    return {
      file: this,
      line: role === 'unknown' ? literal.line : lineOf(window, judgement.at),
      literalLine: literal.line,
      match,
      judgement: { ...judgement, role },
      ...(name === undefined ? {} : { name }),
      written: written ?? plain,
    };
  }

  private nameOf(literal: Literal, isBare: boolean): string | undefined {
    const before = (this.lines[literal.line] ?? '').slice(0, literal.column);
    const name = nameBefore(before);
    if (name !== undefined || !isBare) return name;
    if (!/\breturn\b|=>\s*[^=]*$|^\s*[^\w]*$/.test(before)) return undefined;
    return memoAround(this.lines, literal.line) ?? functionAt(this.lines, literal.line)?.name;
  }

  /** With a base address that has a name in this file; undefined where that is another's. */
  private joined(written: Written, address: Address): Written | undefined {
    const [first] = written.holes;
    if (!written.text.startsWith(hole) || !first) return written;
    const values = this.named().get(first) ?? [];
    let isOther = false;
    for (const value of values.slice(0, 3)) {
      const window = this.window(value.line);
      const at = offsetOf(window, value);
      if (at < 0) continue;
      const base = writtenAt(window, at, callsAround(window.code, at), this.source.language);
      const whole = substituted(written, first, base);
      if (matchAddress(whole, address, isValue)) return whole;
      isOther = values.length === 1 && /\w/.test(base.text.replace(/^[a-z]+:\/\/[^/]*/i, ''));
    }
    return isOther ? undefined : written;
  }

  named(): ReadonlyMap<string, readonly Literal[]> {
    this.#named ??= namedTexts(this.lines, this.literals);
    return this.#named;
  }

  private window(line: number): CodeWindow {
    return windowAround(this.lines, this.literals, Math.max(0, line - above), line + below, this.source.language);
  }

  private literalAt(line: number, column: number): Literal | undefined {
    let low = 0;
    let high = this.literals.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const { line: from, column: begin } = this.literals[middle];
      if (from < line || (from === line && begin <= column)) low = middle + 1;
      else high = middle;
    }
    const literal = this.literals[low - 1];
    return literal && (line < literal.endLine || (line === literal.endLine && column <= literal.endColumn)) ? literal : undefined;
  }
}

/** `const url = useMemo(() => {` around what is returned. */
function memoAround(lines: readonly string[], line: number): string | undefined {
  let indent = indentOf(lines[line]);
  for (let i = line - 1; i >= Math.max(0, line - above) && indent > 0; i--) {
    const text = lines[i].slice(0, 300);
    if (isBlank(text) || indentOf(text) >= indent) continue;
    indent = indentOf(text);
    const name =
      /^\s*(?:const|let|var)\s+([\w$]+)\s*(?::[^=]{1,80})?=\s*[\w.]+(?:<[^<>]{0,80}>)?\(\s*(?:async\s*)?\(\s*\)\s*=>/.exec(
        text,
      )?.[1];
    if (name !== undefined) return name;
  }
  return undefined;
}

/** `kwargs.get("orders")` and `objects.select_related("orders")` of Python ask nobody. */
function isBareWord(text: string, call: EnclosingCall | undefined, language: SourceLanguage): boolean {
  return (
    language === 'python' &&
    !text.includes('/') &&
    !/api|client|http|session|request|service|fetch|url|uri/i.test(call?.callee ?? '')
  );
}

const chainVerbs =
  /\.\s*(get|post|put|patch|delete|head|options|request|send|execute|exchange|retrieve|fetch|open(?:Connection|Stream)|do)(?:\w*Async)?\b/gi;

/** What is called on a name, over some lines, if it asks for something. */
function chainOf(code: string, at: number, name: string): { readonly verbs: readonly string[] } | undefined {
  const rest = code.slice(at + name.length, at + name.length + 400);
  if (!/^\s*[?!]{0,2}\./.test(rest)) return undefined;
  const end = rest.search(/;|\n\s*\n|\n\s*[}\w]/);
  const found = [...rest.slice(0, end < 0 ? rest.length : end).matchAll(chainVerbs)].map(([, verb]) => verb.toUpperCase());
  if (!found.length) return undefined;
  return { verbs: found.filter((verb) => /^(?:GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS)$/.test(verb)).slice(0, 1) };
}

/** Where a line's code has a name, which it gives to something else only where it has it nowhere else; -1 where it has not. */
function nameIn({ code, starts }: CodeWindow, line: number, name: string): number {
  const start = starts.find((each) => each.line === line)?.offset;
  if (start === undefined) return -1;
  const next = starts.find((each) => each.line > line)?.offset ?? code.length;
  let given = -1;
  for (let at = code.indexOf(name, start); at >= 0 && at < next; at = code.indexOf(name, at + 1)) {
    const end = at + name.length;
    if (/\w/.test(code[at - 1] ?? '') || /\w/.test(code[end] ?? '')) continue;
    if (!/^\s*(?:=(?![=>])|:(?!:))/.test(code.slice(end, end + 20))) return at;
    if (given < 0) given = at;
  }
  return given;
}

/**
 * What a function makes of the text that it is given first: `url('orders')` of `` (what) => `/rest/${what}` ``. Undefined where that is another
 * address.
 */
function givenTo(known: Written, { code, literals }: CodeWindow, end: number, address: Address): Written | undefined {
  const mark = /^\s*\(\s*([\ue000-\ue7ff])\s*[,)]/.exec(code.slice(end, end + 40))?.[1];
  const text = mark === undefined ? undefined : literals[literalIndex(mark)]?.text;
  if (text === undefined || !known.holes.length || !/^\/?[\w./-]+$/.test(text)) return known;
  const before = matchAddress(known, address, isValue);
  for (const name of new Set(known.holes)) {
    const whole = substituted(known, name, { text, holes: [] });
    const match = matchAddress(whole, address, isValue);
    if (match && match.fixed > (before?.fixed ?? 0)) return whole;
  }
  return before?.onWords ? undefined : known;
}

/** What a name stands for put into its hole. */
function substituted(written: Written, name: string, value: Written): Written {
  const index = written.holes.indexOf(name);
  if (index < 0) return written;
  let at = -1;
  for (let n = 0; n <= index; n++) at = written.text.indexOf(hole, at + 1);
  const before = written.text.slice(0, at);
  const after = written.text.slice(at + 1);
  const text = value.text.endsWith('/') && after.startsWith('/') ? value.text.slice(0, -1) : value.text;
  return {
    text: `${before}${text}${after}`,
    holes: [...written.holes.slice(0, index), ...value.holes, ...written.holes.slice(index + 1)],
  };
}

/** Whether what is written is a run of the address's segments: a base address. */
function isPartOf({ text }: Written, { segments }: Address): boolean {
  const parts = text
    .replace(/^(?:[a-z][a-z0-9+.-]{0,20}:)?\/\/[^/]*/i, '')
    .split('/')
    .map((part) => part.toLowerCase())
    .filter((part) => part !== '' && part !== hole);
  if (!parts.length || parts.length > segments.length || parts.some((part) => part.includes(hole))) return false;
  return segments.some((_, i) => parts.every((part, k) => segments[i + k] === part));
}
