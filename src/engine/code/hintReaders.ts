/**
 * Which hint each row of a batch is of. Rows that say the same in the same bytes are asked for once; those around a row are read before it, in
 * other batches too.
 */

import { KIND_CONSUMER, KIND_SERVER, type SpanBatch } from '../../core/model/batch';
import { readAttributes, readValue } from '../../core/model/values';
import type { CodeHint } from '../../protocol/code';
import { hintKeys } from '../../source/hints';
import { locationKeys, stackKey } from '../../source/model/attributes';
import { servicesOf } from '../../source/paths/serviceNames';
import { sdkLanguage } from '../store/sdkLanguage';
import { CodeRepeats } from './codeRepeats';
import { ParentRows } from './parentRows';

/** Ancestors of a span that are told; as many as a click has. */
export const maxAncestors = 8;
/** The first of equal spans are told apart. */
export const maxTurns = 3;
/** Spans and what is below them that is remembered at a time. */
const maxTurnsKept = 50_000;
/** UTF-16 units of a value, as many as a click has; and of a stack, enough for what an agent puts above the caller. */
const maxText = 4_000;
const maxStack = 8_000;
/** Rows of batches that are made ready at a time. */
const maxRowsReady = 500_000;
/** Spans above a row in one batch that are looked at, and how often it goes from one batch to another. */
const maxChain = 2_000;
const maxCrossed = 100;
/** Say which line answers. */
export const ROUTE_KEYS: readonly string[] = ['http.route', 'url.template', 'next.route'];
/** Addresses: other ones in every call. */
export const URL_KEYS: readonly string[] = ['url.full', 'http.url', 'url.path', 'http.target'];
/** A route that takes all leaves it to the path what answers. */
const isOpenRoute = /[*=]|\.{3}|\bpath\b|\btrpc\b|\{(?:controller|action)/;

/** What a span says itself. */
export type OwnHint = Omit<CodeHint, 'family'>;

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

/** Who numbers hints. */
export interface Numbers {
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
