/**
 * What spans say of their source where they state no file: their name and the few attributes that may stand in the source as text. Each
 * distinct one is kept once; which line it means is found out by the host, which has the source.
 *
 * The same query is made by two functions, and the same piece of a framework runs for every route: what a span means is told by the spans
 * around it. So a hint is another one below another parent, as far as parents came in the same batch, up to the span of the request; and so is
 * that of the second of equal spans below one parent. The host asks with the same family that a click on the span would.
 */

import { KIND_CONSUMER, KIND_SERVER, type SpanBatch } from '../../core/model/batch';
import { readValue } from '../../core/model/values';
import type { CodeHint } from '../../protocol/code';
import type { Relative } from '../../source';
import { hintKeys } from '../../source/hints';
import { locationKeys } from '../../source/model/attributes';
import { sdkLanguage } from '../store/sdkLanguage';
import { CodeRepeats } from './codeRepeats';
import { ParentRows } from './parentRows';

/** Beyond this, spans that say something new are not counted: names that are made up for each request must not fill the memory. */
const maxHints = 5_000;
/** Hints with their families; of what is called from more places, those of the others are taken for one. */
const maxInFamilies = 10_000;
const maxPlacesOfOne = 60;
/** Ancestors of a span that are told; as many as a click has. */
const maxAncestors = 8;
/** The first of equal spans are told apart. */
const maxTurns = 3;
/** Spans and what is below them that is remembered at a time. */
const maxTurnsKept = 50_000;
/** UTF-16 units of a value; a longer one stands in no line of source. */
const maxText = 2_000;
const ROUTE_KEYS: readonly string[] = ['http.route', 'url.template', 'next.route'];
/** Other ones in every call. */
const URL_KEYS: readonly string[] = ['url.full', 'http.url', 'url.path', 'http.target'];

type OwnHint = Omit<CodeHint, 'family'>;

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

  /** Prepares for the rows of one batch. */
  reader(batch: SpanBatch): HintReader {
    return new BatchHints(batch, {
      number: (hint, parent, turn) => this.number(hint, parent, turn),
      own: (number) => this.kept[number - 1]?.own ?? -1,
    });
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
    const key = keyOf(hint);
    let own = this.ownByKey.get(key);
    if (own === undefined) {
      if (this.own.length >= this.limit) return 0;
      own = this.own.push(hint) - 1;
      this.ownByKey.set(key, own);
      this.variants.push(0);
    }
    // A function that calls itself is called from one place by all but the first.
    let above = parent;
    while (above > 0 && this.kept[above - 1].own === own) above = this.kept[above - 1].parent;
    return this.variant(own, above, Math.min(turn, maxTurns));
  }

  private variant(own: number, parent: number, turn: number): number {
    const key = `${own} ${parent} ${turn}`;
    const known = this.numbers.get(key);
    if (known !== undefined) return known;
    const depth = parent === 0 ? 0 : this.kept[parent - 1].depth + 1;
    const isTooMany = this.variants[own] >= maxPlacesOfOne || this.kept.length >= this.limitInFamilies || depth > maxAncestors;
    if (isTooMany && (parent !== 0 || turn !== 0)) return this.variant(own, 0, 0);
    this.variants[own]++;
    const number = this.kept.push({ own, parent, turn, depth });
    this.numbers.set(key, number);
    return number;
  }
}

/** Numbers and ids inside of texts (`/orders/17`, `id = 'a3f…'`) are of one call; what is left is of the source. */
function keyOf({ name, kind, service, language, scope, attributes }: OwnHint): string {
  let key = `${kind}\n${service}\n${language}\n${scope}\n${shapeOf(name)}`;
  for (const attribute in attributes) {
    const text = attributes[attribute];
    key += `\n${attribute}\n${shapeOf(/^(?:url|http)\./.test(attribute) ? text.replace(/\?.*$/s, '') : text)}`;
  }
  return key;
}

function shapeOf(text: string): string {
  return /\d/.test(text) ? text.replace(/\w+/g, (word) => (/\d/.test(word) ? '#' : word)) : text;
}

export interface HintReader {
  /** Number from 1 of a row's hint; 0 when there are too many. */
  number(row: number): number;
}

interface Numbers {
  number(hint: OwnHint, parent: number, turn: number): number;
  /** Index of what a hint says itself. */
  own(number: number): number;
}

const unknown = -1;

class BatchHints implements HintReader {
  private readonly parents: ParentRows;
  private readonly found: Int32Array;
  /** Of each row, the number of its parent's hint, and its turn: what tells repeated rows apart beside their own columns. */
  private readonly above: Int32Array;
  private readonly turn: Uint8Array;
  private readonly turns = new Map<string, number>();
  private readonly routes: ReadonlySet<number>;
  private readonly ways: readonly { readonly keys: ReadonlySet<number>; readonly repeats: CodeRepeats }[];

  constructor(
    private readonly batch: SpanBatch,
    private readonly numbers: Numbers,
  ) {
    this.parents = new ParentRows(batch);
    this.found = new Int32Array(batch.count).fill(unknown);
    this.above = new Int32Array(batch.count);
    this.turn = new Uint8Array(batch.count);
    const all = indices(batch, [...hintKeys, ...locationKeys]);
    this.routes = indices(batch, ROUTE_KEYS);
    // A URL is another one in every call, and says nothing where the route is known: such rows are not told apart by it.
    const urls = indices(batch, URL_KEYS);
    const others = new Set([...all].filter((key) => !urls.has(key)));
    const columns = [batch.name, batch.resource, batch.scope, batch.kind, this.above, this.turn];
    this.ways = [others, all].map((keys) => ({ keys, repeats: new CodeRepeats(batch, keys, columns) }));
  }

  number(row: number): number {
    // Those around it first, the outermost before the others.
    const waiting: number[] = [];
    for (let at = row; at >= 0 && this.found[at] === unknown && waiting.length <= maxAncestors; at = this.parentOf(at)) {
      if (waiting.includes(at)) break;
      waiting.push(at);
    }
    for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) this.found[at] = this.read(at);
    return this.found[row];
  }

  private read(row: number): number {
    const { keys, repeats } = this.ways[hasAny(this.batch, row, this.routes) ? 0 : 1];
    const parent = this.parentOf(row);
    this.above[row] = parent < 0 ? 0 : Math.max(0, this.found[parent]);
    this.turn[row] = 0;
    const first = this.numberOf(row, keys, repeats);
    if (parent < 0 || first === 0) return first;
    const key = `${parent} ${this.numbers.own(first)}`;
    const turn = this.turns.get(key) ?? 0;
    // Children of one span come near to each other.
    if (this.turns.size > maxTurnsKept) this.turns.clear();
    this.turns.set(key, turn + 1);
    if (turn === 0) return first;
    this.turn[row] = Math.min(turn, maxTurns);
    return this.numberOf(row, keys, repeats);
  }

  private numberOf(row: number, keys: ReadonlySet<number>, repeats: CodeRepeats): number {
    const known = repeats.find(row);
    if (known !== undefined) return known;
    const number = this.numbers.number(hintOf(this.batch, row, keys), this.above[row], this.turn[row]);
    repeats.note(row, number);
    return number;
  }

  /** The span around a row that is of the same service; a request comes from outside, whoever sent it. */
  private parentOf(row: number): number {
    const { kind, resource, resources } = this.batch;
    if (kind[row] === KIND_SERVER || kind[row] === KIND_CONSUMER) return -1;
    const parent = this.parents.of(row);
    if (parent < 0) return -1;
    const isSame =
      resource[parent] === resource[row] || resources[resource[parent]]?.service === resources[resource[row]]?.service;
    return isSame ? parent : -1;
  }
}

function indices(batch: SpanBatch, keys: readonly string[]): Set<number> {
  return new Set(keys.map((key) => batch.strings.find(key)).filter((index) => index >= 0));
}

function hasAny({ attributes, attributeStart, attributeEnd }: SpanBatch, row: number, keys: ReadonlySet<number>): boolean {
  if (keys.size === 0) return false;
  for (let i = attributeStart[row]; i < attributeEnd[row]; i++) if (keys.has(attributes.key[i])) return true;
  return false;
}

function hintOf(batch: SpanBatch, row: number, keys: ReadonlySet<number>): OwnHint {
  const { strings } = batch;
  const attributes: Record<string, string> = {};
  for (let i = batch.attributeStart[row]; i < batch.attributeEnd[row]; i++) {
    if (!keys.has(batch.attributes.key[i])) continue;
    const value = readValue(batch, i);
    const text = typeof value === 'number' ? String(value) : value;
    if (typeof text === 'string') attributes[strings.get(batch.attributes.key[i])] = text.slice(0, maxText);
  }
  const scope = batch.scopes[batch.scope[row]];
  const resource = batch.resources[batch.resource[row]];
  return {
    name: strings.get(batch.name[row]).slice(0, maxText),
    kind: batch.kind[row],
    service: resource ? strings.get(resource.service) : '',
    language: sdkLanguage(batch, row) ?? '',
    scope: scope ? strings.get(scope.name) : '',
    attributes,
  };
}
