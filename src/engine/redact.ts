/**
 * Redaction: what a user does not want to see, export or hand on. Keys hide whole values; patterns hide what they match inside of values,
 * names of spans excepted. Applied where values leave the engine, never to what is stored: a changed setting takes effect at once.
 */

import type { AttributeValue } from '../core/model/values';

export const HIDDEN = '••••';

/** Keys that lead to source: the resolver reads their real values, even where they are not shown. */
const SOURCE_KEYS = /^code\.|(?:^|\.)stacktrace$/;

export interface RedactionSettings {
  readonly redactKeys: readonly string[];
  readonly redactPatterns: readonly string[];
}

export class Redactor {
  private readonly keys: RegExp | undefined;
  private readonly patterns: readonly RegExp[];
  private readonly known = new Map<string, boolean>();
  /** Patterns that are no regular expressions, with the reason. */
  readonly problems: readonly string[];

  constructor(settings: RedactionSettings = { redactKeys: [], redactPatterns: [] }) {
    this.keys = keyPattern(settings.redactKeys);
    const patterns: RegExp[] = [];
    const problems: string[] = [];
    for (const source of settings.redactPatterns) {
      if (source === '') continue;
      try {
        patterns.push(new RegExp(source, 'gu'));
      } catch (error) {
        problems.push(`The redaction pattern "${source}" is not used: ${error instanceof Error ? error.message : error}`);
      }
    }
    this.patterns = patterns;
    this.problems = problems;
  }

  get active(): boolean {
    return this.keys !== undefined || this.patterns.length > 0;
  }

  /** Whether values of this key are hidden. */
  hides(key: string): boolean {
    if (!this.keys) return false;
    let hidden = this.known.get(key);
    if (hidden === undefined) {
      hidden = this.keys.test(key);
      if (this.known.size < 100_000) this.known.set(key, hidden);
    }
    return hidden;
  }

  /** Text with what the patterns match replaced. */
  text(text: string): string {
    let out = text;
    for (const pattern of this.patterns) out = out.replace(pattern, HIDDEN);
    return out;
  }

  /** A value of `key` as it may be handed on; maps inside are searched for hidden keys too. */
  value(key: string, value: AttributeValue): AttributeValue {
    if (this.hides(key)) return HIDDEN;
    if (typeof value === 'string') return this.text(value);
    if (isList(value)) return value.map((item) => this.value('', item));
    if (isMap(value)) return this.map(value);
    return value;
  }

  map(values: Readonly<Record<string, AttributeValue>>): Record<string, AttributeValue> {
    const out: Record<string, AttributeValue> = Object.create(null);
    for (const key of Object.keys(values)) out[key] = this.value(key, values[key]);
    return out;
  }

  /** As `map`, with what leads to source left as it is. */
  mapForSource(values: Readonly<Record<string, AttributeValue>>): Record<string, AttributeValue> {
    const out: Record<string, AttributeValue> = Object.create(null);
    for (const key of Object.keys(values)) out[key] = SOURCE_KEYS.test(key) ? values[key] : this.value(key, values[key]);
    return out;
  }
}

export function isList(value: AttributeValue): value is readonly AttributeValue[] {
  return Array.isArray(value);
}

export function isMap(value: AttributeValue): value is { readonly [key: string]: AttributeValue } {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Uint8Array);
}

/** One expression for all keys; `*` stands for any run of characters. */
function keyPattern(keys: readonly string[]): RegExp | undefined {
  const sources = keys
    .filter((key) => key.trim() !== '')
    .map((key) =>
      key
        .trim()
        .split('*')
        .map((part) => part.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&'))
        .join('.*'),
    );
  return sources.length > 0 ? new RegExp(`^(?:${sources.join('|')})$`, 'is') : undefined;
}
