/**
 * What spans say of their source beside a file: their name and the few attributes that may stand in the source as text. Each
 * distinct one is kept once; which line it means is found out by the host, which has the source.
 *
 * The same query is made by two functions, and the same piece of a framework runs for every route: what a span means is told by the spans
 * around it. So a hint is another one below another parent, as far as parents are here, up to the span of the request; and so is
 * that of the second of equal spans below one parent. The host asks with the same family that a click on the span would.
 */

import { KIND_CONSUMER, KIND_SERVER, type SpanBatch } from '../../core/model/batch';
import { readAttributes, readValue } from '../../core/model/values';
import type { CodeHint } from '../../protocol/code';
import type { Relative } from '../../source';
import { hintKeys } from '../../source/hints';
import { locationKeys, stackKey } from '../../source/model/attributes';
import { servicesOf } from '../../source/paths/serviceNames';
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
/** UTF-16 units of a value, as many as a click has; and of a stack, enough for what an agent puts above the caller. */
const maxText = 4_000;
const maxStack = 8_000;
/** Hints that have a stack: they are longer than all others. */
const maxStacks = 1_000;
/** Addresses of requests for which one route of a service says nothing. */
const maxAddresses = 500;
/** Rows of batches that are made ready at a time. */
const maxRowsReady = 500_000;
/** Spans above a row in one batch that are looked at, and how often it goes from one batch to another. */
const maxChain = 2_000;
const maxCrossed = 100;
const ROUTE_KEYS: readonly string[] = ['http.route', 'url.template', 'next.route'];
/** Other ones in every call. */
const URL_KEYS: readonly string[] = ['url.full', 'http.url', 'url.path', 'http.target'];
/** A route that takes all leaves it to the path what answers. */
const isOpenRoute = /[*=]|\bpath\b|\{(?:controller|action)/;

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

export interface HintReader {
  /** Number from 1 of a row's hint; 0 when there are too many. */
  number(row: number): number;
  /** Words (`waitKey`) of spans above some rows that are not here, as far as a row was asked for. */
  readonly missing: ReadonlySet<number>;
}

/** What may tell that a span is one that rows of other batches waited for. */
export function waitKey(ids: Uint32Array, row: number): number {
  return (ids[row * 2] ^ ids[row * 2 + 1]) >>> 0;
}

/** Readers of batches that have spans of one trace in common; as long as nothing comes or goes. */
export class HintReaders {
  private readonly ready = new Map<SpanBatch, BatchHints>();
  private rows = 0;

  constructor(
    private readonly numbers: Numbers,
    private readonly beside: (batch: SpanBatch, row: number) => Iterable<SpanBatch>,
  ) {}

  of(batch: SpanBatch): HintReader {
    return this.reader(batch);
  }

  private reader(batch: SpanBatch): BatchHints {
    let reader = this.ready.get(batch);
    if (!reader) {
      for (const [other] of this.ready) {
        if (this.rows + batch.count <= maxRowsReady) break;
        this.ready.delete(other);
        this.rows -= other.count;
      }
      reader = new BatchHints(batch, this.numbers, (row) => this.parentElsewhere(batch, row));
      this.ready.set(batch, reader);
      this.rows += batch.count;
    }
    return reader;
  }

  private parentElsewhere(batch: SpanBatch, row: number): Around | undefined {
    for (const other of this.beside(batch, row)) {
      if (other === batch) continue;
      const reader = this.reader(other);
      const at = reader.parents.of(row, batch);
      if (at >= 0) return { reader, row: at };
    }
    return undefined;
  }
}

/** A row of any batch. */
interface Around {
  readonly reader: BatchHints;
  readonly row: number;
}

/** The next span above a row that is not here. */
interface Wait {
  readonly key: number;
  readonly above: number;
}

interface Numbers {
  number(hint: OwnHint, parent: number, turn: number): number;
  /** Index of what a hint says itself. */
  own(number: number): number;
  /** Batches that were gone to from a row, one from the other. */
  crossed: number;
}

const unknown = -1;
/** In the place of a number: the address counts as well. */
const byAddress = -1;

class BatchHints implements HintReader {
  readonly missing = new Set<number>();
  readonly parents: ParentRows;
  private readonly found: Int32Array;
  /** Of each row, the number of its parent's hint, and its turn: what tells repeated rows apart beside their own columns. */
  private readonly above: Int32Array;
  private readonly turn: Uint8Array;
  /** How many equal spans there were below a row. */
  private readonly turns = new Map<string, number>();
  private readonly waits = new Map<number, Wait>();
  private readonly routes: ReadonlySet<number>;
  private readonly all: ReadonlySet<number>;
  private readonly others: ReadonlySet<number>;
  private readonly repeats: CodeRepeats;
  /** Without their addresses. */
  private readonly bareRepeats: CodeRepeats;

  constructor(
    private readonly batch: SpanBatch,
    private readonly numbers: Numbers,
    private readonly elsewhere: (row: number) => Around | undefined,
  ) {
    this.parents = new ParentRows(batch);
    this.found = new Int32Array(batch.count).fill(unknown);
    this.above = new Int32Array(batch.count);
    this.turn = new Uint8Array(batch.count);
    this.all = indices(batch, [...hintKeys, ...locationKeys, stackKey]);
    this.routes = indices(batch, ROUTE_KEYS);
    // A URL is another one in every call, and says nothing where the route is known: such rows are not told apart by it.
    const urls = indices(batch, URL_KEYS);
    this.others = new Set([...this.all].filter((key) => !urls.has(key)));
    const columns = [batch.name, batch.resource, batch.scope, batch.kind, this.above, this.turn];
    this.repeats = new CodeRepeats(batch, this.all, columns);
    this.bareRepeats = new CodeRepeats(batch, this.others, columns);
  }

  number(row: number): number {
    // Those around it first, the outermost before the others. Those that are under way are none to each other.
    const waiting: number[] = [];
    for (let at = row; at >= 0 && this.found[at] === unknown && waiting.length < maxChain; at = this.parents.of(at)) {
      waiting.push(at);
      this.found[at] = 0;
      if (this.isEntry(at)) break;
    }
    for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) this.found[at] = this.read(at);
    return this.found[row];
  }

  private read(row: number): number {
    const around = this.parentOf(row);
    this.above[row] = around ? Math.max(0, around.reader.numberBelow(around.row, this)) : 0;
    this.turn[row] = 0;
    const wait = around?.reader.waits.get(around.row);
    if (wait && wait.above < maxAncestors) this.wait(row, { key: wait.key, above: wait.above + 1 });
    const first = this.numberOf(row);
    if (!around || first === 0) return first;
    const turn = around.reader.nextTurn(around.row, this.numbers.own(first));
    if (turn === 0) return first;
    this.turn[row] = Math.min(turn, maxTurns);
    return this.numberOf(row);
  }

  /** The number of a row for one below it, which may be of another batch. */
  private numberBelow(row: number, below: BatchHints): number {
    const { numbers } = this;
    if (below === this || numbers.crossed >= maxCrossed) return this.found[row];
    numbers.crossed++;
    const number = this.number(row);
    numbers.crossed--;
    return number;
  }

  private nextTurn(row: number, own: number): number {
    const key = `${row} ${own}`;
    const turn = this.turns.get(key) ?? 0;
    // Children of one span come near to each other.
    if (this.turns.size > maxTurnsKept) this.turns.clear();
    this.turns.set(key, turn + 1);
    return turn;
  }

  private numberOf(row: number): number {
    if (hasAny(this.batch, row, this.routes)) {
      const known = this.bareRepeats.find(row);
      if (known !== undefined && known !== byAddress) return known;
      if (known === undefined) {
        const hint = hintOf(this.batch, row, this.others);
        const isOpen = ROUTE_KEYS.some((key) => isOpenRoute.test(hint.attributes[key] ?? ''));
        const number = isOpen ? byAddress : this.numbers.number(hint, this.above[row], this.turn[row]);
        this.bareRepeats.note(row, number);
        if (!isOpen) return number;
      }
    }
    const known = this.repeats.find(row);
    if (known !== undefined) return known;
    const number = this.numbers.number(hintOf(this.batch, row, this.all), this.above[row], this.turn[row]);
    this.repeats.note(row, number);
    return number;
  }

  /** The span around a row that is of the same service; a request comes from outside, whoever sent it. */
  private parentOf(row: number): Around | undefined {
    if (this.isEntry(row)) return undefined;
    const { batch } = this;
    const here = this.parents.of(row);
    const around = here >= 0 ? { reader: this, row: here } : this.elsewhere(row);
    if (around) return around.reader.serviceOf(around.row) === this.serviceOf(row) ? around : undefined;
    if (batch.parentSpanId[row * 2] !== 0 || batch.parentSpanId[row * 2 + 1] !== 0)
      this.wait(row, { key: waitKey(batch.parentSpanId, row), above: 1 });
    return undefined;
  }

  private wait(row: number, wait: Wait): void {
    this.waits.set(row, wait);
    this.missing.add(wait.key);
  }

  private isEntry(row: number): boolean {
    const kind = this.batch.kind[row];
    return kind === KIND_SERVER || kind === KIND_CONSUMER;
  }

  private serviceOf(row: number): string {
    const resource = this.batch.resources[this.batch.resource[row]];
    return resource ? this.batch.strings.get(resource.service) : '';
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
    const key = strings.get(batch.attributes.key[i]);
    const value = readValue(batch, i);
    const text = typeof value === 'number' ? String(value) : value;
    if (typeof text === 'string') attributes[key] = text.slice(0, key === stackKey ? maxStack : maxText);
  }
  const scope = batch.scopes[batch.scope[row]];
  const resource = batch.resources[batch.resource[row]];
  const service = resource ? strings.get(resource.service) : '';
  const services = resource
    ? servicesOf({ service, resource: readAttributes(batch, resource.attributeStart, resource.attributeEnd) })
    : [];
  return {
    name: strings.get(batch.name[row]).slice(0, maxText),
    kind: batch.kind[row],
    service,
    ...(services.length > 1 ? { services } : {}),
    language: sdkLanguage(batch, row) ?? '',
    scope: scope ? strings.get(scope.name) : '',
    attributes,
  };
}
