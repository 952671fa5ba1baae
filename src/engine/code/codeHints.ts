/**
 * What spans say of their source beside a file: their name and the few attributes that may stand in the source as text. Each
 * distinct one is kept once; which line it means is found out by the host, which has the source.
 *
 * The same query is made by two functions, and the same piece of a framework runs for every route: what a span means is told by the spans
 * around it. So a hint is another one below another parent, as far as parents are here, up to the span of the request; and so is
 * that of the second of equal spans below one parent. The host asks with the same family that a click on the span would.
 */

import type { SpanBatch } from '../../core/model/batch';
import type { CodeHint } from '../../protocol/code';
import type { Relative } from '../../source';
import { stackKey } from '../../source/model/attributes';
import { HintReaders, maxAncestors, maxTurns, type Numbers, type OwnHint, ROUTE_KEYS, URL_KEYS } from './hintReaders';

/** Beyond this, spans that say something new are not counted: names that are made up for each request must not fill the memory. */
const maxHints = 5_000;
/** Hints with their families; of what is called from more places, those of the others are taken for one. */
const maxInFamilies = 10_000;
const maxPlacesOfOne = 60;
/** Hints that have a stack: they are longer than all others. */
const maxStacks = 1_000;
/** Addresses of requests for which one route of a service says nothing. */
const maxAddresses = 500;
/** What one span says, below one parent. */
interface Kept {
  /** Index of what it says itself. */
  readonly own: number;
  /** Number of its parent's; 0: none that is known. */
  readonly parent: number;
  /** Equal spans before it below the same parent. */
  readonly turn: number;
  readonly depth: number;
}

export class CodeHints {
  private readonly own: OwnHint[] = [];
  private readonly ownByKey = new Map<string, number>();
  /** Those with families, by index of their own. */
  private readonly variants: number[] = [];
  /** The one with number `n` is at `n - 1`. */
  private readonly kept: Kept[] = [];
  private readonly numbers = new Map<string, number>();
  private readonly relatives = new Map<number, Relative>();
  /** Number of addresses by what else their spans say. */
  private readonly addresses = new Map<string, number>();
  private stacks = 0;

  /**
   * @param limit of distinct hints
   * @param limitInFamilies of those, told apart by the spans around
   */
  constructor(
    private readonly limit = maxHints,
    private readonly limitInFamilies = maxInFamilies,
  ) {}

  get count(): number {
    return this.kept.length;
  }

  /** The hint of a number. Spans of one number are the same object for all that are asked for. */
  at(number: number): CodeHint {
    const { own, parent, turn } = this.kept[number - 1];
    const ancestors: Relative[] = [];
    for (let at = parent; at > 0 && ancestors.length < maxAncestors; at = this.kept[at - 1].parent)
      ancestors.push(this.relative(at));
    const before = turn > 0 ? new Array<Relative>(turn).fill(this.relative(number)) : [];
    return { ...this.own[own], family: { ancestors, before, children: [] } };
  }

  /** Prepares for batches. @param beside the other batches that have spans of a row's trace */
  readers(beside: (batch: SpanBatch, row: number) => Iterable<SpanBatch>): HintReaders {
    const numbers: Numbers = {
      number: (hint, parent, turn) => this.number(hint, parent, turn),
      own: (number) => this.kept[number - 1]?.own ?? -1,
      crossed: 0,
    };
    return new HintReaders(numbers, beside);
  }

  private relative(number: number): Relative {
    let relative = this.relatives.get(number);
    if (!relative) {
      const { name, service, kind, language, scope, attributes } = this.own[this.kept[number - 1].own];
      relative = {
        name,
        service,
        kind,
        attributes,
        ...(language === '' ? {} : { language }),
        ...(scope === '' ? {} : { scope }),
      };
      this.relatives.set(number, relative);
    }
    return relative;
  }

  private number(hint: OwnHint, parent: number, turn: number): number {
    if (hint.name === '' && Object.keys(hint.attributes).length === 0) return 0;
    const own = this.ownOf(hint);
    if (own < 0) return 0;
    // A function that calls itself is called from one place by all but the first.
    let above = parent;
    while (above > 0 && this.kept[above - 1].own === own) above = this.kept[above - 1].parent;
    return this.variant(own, this.within(above), Math.min(turn, maxTurns));
  }

  /** Index of what a span says itself; negative where there are too many. */
  private ownOf(hint: OwnHint): number {
    const key = keyOf(hint);
    const known = this.ownByKey.get(key);
    if (known !== undefined) return known;
    if (stackKey in hint.attributes && ++this.stacks > maxStacks) return this.ownOf(without(hint, [stackKey]));
    if (ROUTE_KEYS.some((route) => route in hint.attributes) && URL_KEYS.some((url) => url in hint.attributes)) {
      const bare = without(hint, URL_KEYS);
      const label = keyOf(bare);
      const count = this.addresses.get(label) ?? 0;
      if (count >= maxAddresses) return this.ownOf(bare);
      this.addresses.set(label, count + 1);
    }
    if (this.own.length >= this.limit) return -1;
    const own = this.own.push(hint) - 1;
    this.ownByKey.set(key, own);
    this.variants.push(0);
    return own;
  }

  /** The same parent with so few above it that one more may be below it: of more, a click has the nearest. */
  private within(parent: number): number {
    if (parent === 0 || this.kept[parent - 1].depth < maxAncestors) return parent;
    const chain: Kept[] = [];
    for (let at = parent; at > 0 && chain.length < maxAncestors; at = this.kept[at - 1].parent) chain.push(this.kept[at - 1]);
    return chain.reduceRight((above, { own, turn }) => this.variant(own, above, turn), 0);
  }

  private variant(own: number, parent: number, turn: number): number {
    const key = `${own} ${parent} ${turn}`;
    const known = this.numbers.get(key);
    if (known !== undefined) return known;
    const depth = parent === 0 ? 0 : this.kept[parent - 1].depth + 1;
    const isTooMany = this.variants[own] >= maxPlacesOfOne || this.kept.length >= this.limitInFamilies;
    if (isTooMany && (parent !== 0 || turn !== 0)) return this.variant(own, 0, 0);
    this.variants[own]++;
    const number = this.kept.push({ own, parent, turn, depth });
    this.numbers.set(key, number);
    return number;
  }
}

function without(hint: OwnHint, keys: readonly string[]): OwnHint {
  return { ...hint, attributes: Object.fromEntries(Object.entries(hint.attributes).filter(([key]) => !keys.includes(key))) };
}

/** Numbers and ids inside of texts (`/orders/17`, `id = 'a3f…'`) are of one call; what is left is of the source. */
function keyOf({ name, kind, service, language, scope, attributes }: OwnHint): string {
  let key = `${kind}\n${service}\n${language}\n${scope}\n${shapeOf(name)}`;
  for (const attribute in attributes) {
    const text = attributes[attribute];
    if (/^(?:code\.(?:f|n|m)|http\.route$|url\.template$|next\.route$|rpc\.)/.test(attribute)) key += `\n${attribute}\n${text}`;
    else if (/^db\./.test(attribute)) key += `\n${attribute}\n${statementOf(text)}`;
    else key += `\n${attribute}\n${shapeOf(/^(?:url|http)\./.test(attribute) ? text.replace(/\?.*$/s, '') : text)}`;
  }
  return key;
}

/** `step2` and `v1` are written in the source; `17`, `a3f09c41` and `order20871` are not. */
function shapeOf(text: string): string {
  return /\d/.test(text) ? text.replace(/\w+/g, (word) => (/^\d+$|\d\D*\d\D*\d\D*\d/.test(word) ? '#' : word)) : text;
}

/** Of a statement, which values it has and how many in a list is of the call. */
function statementOf(text: string): string {
  return shapeOf(text.replace(/'(?:[^']|'')*'/g, "'#'"))
    .replace(/([$:@]?#|\?|%s|'#')(?:\s*,\s*(?:[$:@]?#|\?|%s|'#'))+/g, '$1')
    .replace(/(\([^()]{0,80}\))(?:\s*,\s*\1)+/g, '$1');
}
