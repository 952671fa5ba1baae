/**
 * Redaction: what a user does not want to see, export or hand on. Keys hide whole values, and what stands behind their names in texts; patterns hide what
 * they match in any text of a trace: values, names, keys, messages. Applied where texts leave the engine, so that a changed setting takes effect at once;
 * to what a capture stores, before it is (`storedRedactor.ts`).
 */

import { Lru } from '../../base/lru';
import type { AttributeValue } from '../../core/model/attributeValue';
import type { StringTable } from '../../core/model/strings';
import { isNoCardKey } from './cardNumbers';
import { HIDDEN } from './hidden';
import { keyTest } from './keyWildcards';
import { type RedactionProblem, TextRules } from './textRules';

const decoder = new TextDecoder();

/** Keys and names that are kept with what became of them. */
const MAX_KNOWN = 20_000;

/** Keys that lead to source: the resolver reads their real values, even where they are not shown. */
const SOURCE_KEYS = /^code\.|(?:^|\.)stacktrace$/;

export interface RedactionSettings {
  readonly redactKeys: readonly string[];
  readonly redactPatterns: readonly string[];
  /** Numbers of payment cards are hidden. */
  readonly redactCardNumbers?: boolean;
}

/**
 * A pattern that cannot be used must not let through what it was written to hide, and nobody looks at an export before it is sent on. So as long as
 * there is one, every text that patterns would look at is hidden as a whole.
 */
export class Redactor {
  private readonly keys: ((key: string) => boolean) | undefined;
  /** Of keys, whether they are hidden. */
  private readonly known = new Lru<string, boolean>({ maxSize: MAX_KNOWN });
  private readonly texts = new Lru<string, string>({ maxSize: MAX_KNOWN });
  private readonly rules: TextRules;
  readonly problems: readonly RedactionProblem[];

  constructor(settings: RedactionSettings = { redactKeys: [], redactPatterns: [] }) {
    this.keys = keyTest(settings.redactKeys);
    const hides = this.keys && ((name: string): boolean => this.hides(name));
    this.rules = new TextRules(settings.redactPatterns, hides, settings.redactCardNumbers === true);
    this.problems = this.rules.problems;
  }

  /** What there is to look for in texts. */
  get looksFor(): Pick<TextRules, 'triggers' | 'cards' | 'named'> {
    return this.rules;
  }

  get active(): boolean {
    return this.keys !== undefined || this.looksInside;
  }

  /** Whether values of this key are hidden. */
  hides(key: string): boolean {
    if (!this.keys) return false;
    let hidden = this.known.get(key);
    if (hidden === undefined) {
      hidden = this.keys(key);
      this.known.set(key, hidden);
    }
    return hidden;
  }

  /** A string of a table as it may be handed on: a name, a key, a message. Each is looked at once. */
  string(strings: StringTable, index: number): string {
    const text = strings.get(index);
    return this.looksInside ? this.repeated(text) : text;
  }

  /** `text`, for what comes again and again. */
  repeated(text: string): string {
    if (!this.looksInside || text === '') return text;
    const known = this.texts.get(text);
    if (known !== undefined) return known;
    const shown = this.text(text);
    this.texts.set(text, shown);
    return shown;
  }

  /** Whether texts are looked at, beside keys. */
  get looksInside(): boolean {
    return this.rules.active || this.problems.length > 0;
  }

  /** Text with what is to be hidden of it replaced. */
  text(text: string, mayBeCard = true): string {
    if (this.problems.length > 0) return text === '' ? '' : HIDDEN;
    return this.rules.apply(text, mayBeCard);
  }

  /** As `text`, by the rules that can be used: what is stored with all of its texts hidden would be lost for good. */
  textToStore(text: string, mayBeCard: boolean): string {
    return this.rules.apply(text, mayBeCard);
  }

  /** A value of `key` as it may be handed on; maps inside are searched for hidden keys too. */
  value(key: string, value: AttributeValue): AttributeValue {
    return this.hides(key) ? HIDDEN : this.ofKey(value, !isNoCardKey(key));
  }

  private ofKey(value: AttributeValue, mayBeCard: boolean): AttributeValue {
    if (typeof value === 'string') return this.text(value, mayBeCard);
    if (isList(value)) return value.map((item) => this.ofKey(item, mayBeCard));
    if (isMap(value)) return this.map(value);
    if (typeof value === 'boolean' || value === undefined || !this.looksInside) return value;
    // A card's number is none the less one for being an integer, and a password none the less for being bytes.
    const text = value instanceof Uint8Array ? decoder.decode(value) : String(value);
    const shown = this.text(text, mayBeCard);
    if (shown === text) return value;
    return value instanceof Uint8Array ? HIDDEN : shown;
  }

  map(values: Readonly<Record<string, AttributeValue>>): Record<string, AttributeValue> {
    const out: Record<string, AttributeValue> = Object.create(null);
    for (const key of Object.keys(values)) out[this.freeKey(key, out)] = this.value(key, values[key]);
    return out;
  }

  /** A key as it may be handed on. Keys stay while a pattern cannot be used: they say what is hidden. */
  key(key: string): string {
    return this.problems.length > 0 ? key : this.repeated(key);
  }

  /** `key`; where two become the same, both stay. */
  private freeKey(key: string, taken: Readonly<Record<string, AttributeValue>>): string {
    const shown = this.key(key);
    if (shown === key || !(shown in taken)) return shown;
    let number = 2;
    while (`${shown} (${number})` in taken) number++;
    return `${shown} (${number})`;
  }

  /** As `map`, with what leads to source left as it is. */
  mapForSource(values: Readonly<Record<string, AttributeValue>>): Record<string, AttributeValue> {
    const out: Record<string, AttributeValue> = Object.create(null);
    for (const key of Object.keys(values)) {
      if (SOURCE_KEYS.test(key)) out[key] = values[key];
      else out[this.freeKey(key, out)] = this.value(key, values[key]);
    }
    return out;
  }
}

export function isList(value: AttributeValue): value is readonly AttributeValue[] {
  return Array.isArray(value);
}

export function isMap(value: AttributeValue): value is { readonly [key: string]: AttributeValue } {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Uint8Array);
}
