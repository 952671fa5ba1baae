/** One file of those that are looked through for a call: its strings, its names of addresses, and what stands at a place. */

import { functionAt } from '../outline/functions';
import type { Question } from '../question/question';
import type { SourceLanguage } from '../search/languages';
import type { Literal } from '../search/lexer';
import type { SourceFile } from '../search/sourceSearch';
import { type Address, isValue } from './address';
import { nameBefore, namedTexts, nameOfChoice } from './addressNames';
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
import { chainOf, memoAround, nameIn, returned } from './nameUses';
import { type AddressMatch, hole, matchAddress, type Written, writtenOf } from './pattern';
import { phpSettingKey } from './settings';
import { isUsualBase } from './usualBase';

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
    // `'GET /orders': {` is a key of whoever answers.
    if (
      !literal ||
      (/^[A-Z]{3,7} \//.test(literal.text) && /^['"]\s?:/.test(this.lines[literal.endLine].slice(literal.endColumn)))
    )
      return undefined;
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
    return at < 0 ? undefined : { literal, window, at, calls: callsAround(window.code, at, this.source.language) };
  }

  /** A name in a line's code, outside of strings. */
  spotOfName(line: number, name: string): Spot | undefined {
    const window = this.window(line);
    const at = nameIn(window, line, name);
    if (at < 0) return undefined;
    const literal = { line, column: (this.lines[line] ?? '').indexOf(name), text: name };
    return { literal, window, at, calls: callsAround(window.code, at, this.source.language) };
  }

  /** The address that a name is a part of. @param known what the name stands for */
  usesIn(line: number, name: string, known: Written, address: Address, isOfClass = false): Place | undefined {
    const window = this.window(line);
    const own = nameIn(window, line, name, isOfClass);
    // A name within a template is in its string.
    const inside =
      own >= 0 ? undefined : this.literals.find((each) => each.line <= line && each.endLine >= line && each.text.includes(name));
    const at = inside ? offsetOf(window, inside) : own;
    if (at < 0) return undefined;
    const calls = callsAround(window.code, at, this.source.language);
    // Of a class that asks by itself, the class says what for.
    const chain = inside || isOfClass ? undefined : chainOf(window.code, at, name);
    // `builder.POST(body)` of Java and C# only makes a request, which is sent below.
    if (chain && /^(?:java|kotlin|csharp)$/.test(this.source.language) && /builder$/i.test(name)) {
      const made = nameBefore(window.code.slice(Math.max(0, at - 200), at));
      const whole = matchAddress(known, address, isValue);
      const judgement: Judgement = { role: 'unknown', verbs: chain.verbs, at };
      return made === undefined || made === name || !whole
        ? undefined
        : { file: this, line, literalLine: line, match: whole, judgement, name: made, written: known };
    }
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
    const made = calls.some(({ callee }) => makesClient.test(callee)) && outer ? this.madeName(window, outer, line) : undefined;
    if (made !== undefined && made !== name)
      return { file: this, line, literalLine: line, match, judgement: { ...judgement, role: 'unknown' }, name: made, written };
    // What a function makes of it is called by the function's name; `uri := fmt.Sprintf(pathOrders, base)` has a name in turn.
    const begin = outer?.start ?? (inside ? at : valueAround(window.code, at).start);
    const before = window.code.slice(Math.max(0, begin - 200), begin);
    const isReturned =
      !inside &&
      (returned(this.source.language, name).test(this.lines[line] ?? '') ||
        (judgement.role === 'unknown' && this.isGivenBack(before, line)));
    const given =
      judgement.role !== 'unknown'
        ? undefined
        : isReturned
          ? functionAt(this.lines, line)?.name
          : inside && !isKey
            ? this.nameOf(inside, true)
            : nameBefore(before);
    const named = given === undefined || given === name ? {} : { name: given };
    const isWord =
      (judgement.role === 'unknown' || (judgement.role === 'likely' && !judgement.verbs.length)) &&
      !written.text.includes('/') &&
      match?.missing.some((each) => !isUsualBase(each));
    if (!match || isWord) return undefined;
    return { file: this, line: lineOf(window, judgement.at), literalLine: line, match, judgement, ...named, written };
  }

  /** Whether an address of a public host stands in the file; it is asked of one host only. */
  hasHost(host: string | undefined): boolean {
    this.#hasHost ??=
      host !== undefined && /[a-z][\w-]*\.[a-z]{2,}$/.test(host) && this.literals.some(({ text }) => text.includes(`//${host}`));
    return this.#hasHost;
  }

  private placeIn(window: CodeWindow, at: number, literal: Literal, address: Address): Place | undefined {
    const { language } = this.source;
    const calls = callsAround(window.code, at, language);
    const judged = judgeCall(window, at, calls, this.facts, language);
    if (judged.role === 'likely' && isBareWord(literal.text, calls[0], language)) return undefined;
    const plain = writtenAt(window, at, calls, language);
    const outer = calls[calls.length - 1];
    // `let url = base.append("orders")`: whatever makes it, it is an address.
    const target = outer && nameBefore(window.code.slice(Math.max(0, outer.start - 200), outer.start));
    const isMade = target !== undefined && /(?:ur[li]|href|endpoint)$/i.test(target) && !judged.verbs.length;
    const judgement: Judgement = isMade && judged.role !== 'server' ? { ...judged, role: 'unknown' } : judged;
    // What a client is made with is asked for where the client is used.
    const maker = calls.some(({ callee }) => makesClient.test(callee))
      ? outer
      : judgement.role === 'likely' && makes(calls[0])
        ? calls[0]
        : undefined;
    const made = maker && this.madeName(window, maker, literal.line);
    const isBare = judgement.role === 'unknown';
    const begin = outer ? outer.start : valueAround(window.code, at).start;
    const given = isBare ? nameBefore(window.code.slice(Math.max(0, begin - 200), begin)) : undefined;
    const setting = language === 'php' ? phpSettingKey(this.lines, literal.line, this.source.path) : undefined;
    const name = made ?? setting ?? given ?? this.nameOf(literal, isBare);
    const role = made === undefined && setting === undefined ? judgement.role : 'unknown';
    const written = this.joined(plain, address);
    const whole = written && matchAddress(written, address, isValue);
    // A word of the path that stands alone somewhere is anything.
    const isWord = role === 'unknown' && !written?.text.includes('/') && whole?.missing.some((each) => !isUsualBase(each));
    const match = isWord ? undefined : whole;
    if (!match && (name === undefined || (isWord && !/\p{Lu}/u.test(name)) || !isPartOf(plain, address))) return undefined;
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

  /** What a client is called that is made by a call: a variable, or the function that gives it. */
  private madeName({ code }: CodeWindow, { start }: EnclosingCall, line: number): string | undefined {
    const before = code.slice(Math.max(0, start - 200), start);
    const own = /(?:^|\n)\s*(?:return\s+)?$/.test(before) ? functionAt(this.lines, line)?.name : undefined;
    return (
      nameBefore(before.replace(/\bnew\s+$/, '')) ??
      (own !== undefined && /conn|client|http|session|request|api|faraday/i.test(own) ? own : undefined)
    );
  }

  /** `return URI.create(base + path)`; Ruby's last line. */
  private isGivenBack(before: string, line: number): boolean {
    const isLast = this.source.language === 'ruby' && /^\s*end\b/.test(this.lines[line + 1] ?? '');
    return /(?:^|\n)\s*return\s+$/.test(before) || (isLast && /(?:^|\n)\s*$/.test(before));
  }

  private nameOf(literal: Literal, isBare: boolean): string | undefined {
    const own = (this.lines[literal.line] ?? '').slice(0, literal.column);
    // `const ORDERS_URL =`, and the text below it.
    const above = /^\s*[rf]?["'`]?$/.test(own) ? (this.lines[literal.line - 1] ?? '').trimEnd() : '';
    const before = /[^=!<>]=$/.test(above) ? `${above.slice(-200)} ` : own;
    const name = nameOfChoice(this.lines, literal) ?? nameBefore(before);
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
      const plain = writtenAt(window, at, callsAround(window.code, at), this.source.language);
      // `url = f"{self.url}/orders"` is not made of itself.
      if (plain.holes.includes(first)) continue;
      const base = this.followed(plain, first);
      const whole = substituted(written, first, base);
      if (matchAddress(whole, address, isValue)) return whole;
      isOther = values.length === 1 && /\w/.test(base.text.replace(/^[a-z]+:\/\/[^/]*/i, ''));
    }
    return isOther ? undefined : written;
  }

  /** With the constants that one is made of: `const BASE = "https://ferry.example/decks/" + DECK;` */
  private followed(written: Written, own: string): Written {
    let whole = written;
    for (const name of new Set(written.holes)) {
      const [value, another] = name === own ? [] : (this.named().get(name) ?? []);
      if (value && !another) whole = substituted(whole, name, writtenOf(value.text, this.source.language));
    }
    return whole;
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

/** `CachedList::new(`, `new CachedList(`: whose methods ask for it later. */
function makes(call: EnclosingCall | undefined): boolean {
  return call !== undefined && /^\p{Lu}[\w.]*$|^\p{Lu}\w*(?:::|\.)new$/u.test(call.callee);
}

/** `kwargs.get("orders")`, `objects.select_related("orders")`, `shuffle(["orders"])` ask nobody; in other languages than Python a verb does. */
function isBareWord(text: string, call: EnclosingCall | undefined, language: SourceLanguage): boolean {
  const callee = call?.callee ?? '';
  return (
    !text.includes('/') &&
    !/api|client|http|session|request|service|fetch|url|uri/i.test(callee) &&
    (language === 'python' ||
      !/(?:get|post|put|patch|del(?:ete)?|head|all|one|list|resource|path|query|mutation|endpoint|send|load|call|push|append|join|segment)/i.test(
        callee,
      ))
  );
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
