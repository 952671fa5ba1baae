/**
 * Where attributes of each scope are. An unscoped one is the span's, or else its resource's, as in Tempo: the nearest that has the key decides, also
 * where its value is of another type. Source: grafana/tempo, tempodb/encoding/vparquet5/block_traceql.go.
 */

import type { SpanBatch } from '../../model/batch';
import { findAttribute } from '../../model/values';
import type { FieldScope } from '../query';
import type { SpanAttributeTest } from './attributeTests';
import type { Cursor, Test } from './cursor';

export type AttributeScope = Exclude<FieldScope, 'intrinsic'>;

/** Row of the attribute with a key (index of the string table); -1 where there is none. */
export type FindAttribute = (at: Cursor) => number;

/** Of events and links: of those that the cursor is at. */
export function attributeFinder(scope: AttributeScope, key: number): FindAttribute {
  switch (scope) {
    case 'span':
      return ({ batch, row }) => findAttribute(batch, batch.attributeStart[row], batch.attributeEnd[row], key);
    case 'resource':
      return ({ batch, row }) => inResource(batch, batch.resource[row], key);
    case 'any':
      return ({ batch, row }) => {
        const own = findAttribute(batch, batch.attributeStart[row], batch.attributeEnd[row], key);
        return own >= 0 ? own : inResource(batch, batch.resource[row], key);
      };
    case 'instrumentation':
      return ({ batch, row }) => inScope(batch, batch.scope[row], key);
    case 'event':
      return ({ batch, event }) =>
        event < 0 ? -1 : findAttribute(batch, batch.events.attributeStart[event], batch.events.attributeEnd[event], key);
    case 'link':
      return ({ batch, link }) =>
        link < 0 ? -1 : findAttribute(batch, batch.links.attributeStart[link], batch.links.attributeEnd[link], key);
    default:
      return scope satisfies never;
  }
}

/** Whether the attribute is there and a test of its row holds; what many spans share is looked at once. */
export function attributeAt(scope: AttributeScope, key: number, test: SpanAttributeTest): Test {
  const holds = (batch: SpanBatch, at: number): boolean => at >= 0 && test(batch, at, -1);
  switch (scope) {
    case 'resource': {
      const known = new PerBatch(
        (batch, resource) => holds(batch, inResource(batch, resource, key)),
        ({ resources }) => resources.length,
      );
      return ({ batch, row }) => known.of(batch, batch.resource[row]);
    }
    case 'instrumentation': {
      const known = new PerBatch(
        (batch, at) => holds(batch, inScope(batch, at, key)),
        ({ scopes }) => scopes.length,
      );
      return ({ batch, row }) => known.of(batch, batch.scope[row]);
    }
    case 'any': {
      const shared = new PerBatch(
        (batch, resource) => holds(batch, inResource(batch, resource, key)),
        ({ resources }) => resources.length,
      );
      return ({ batch, row }) => {
        const own = findAttribute(batch, batch.attributeStart[row], batch.attributeEnd[row], key);
        return own >= 0 ? test(batch, own, row) : shared.of(batch, batch.resource[row]);
      };
    }
    default: {
      const find = attributeFinder(scope, key);
      return (at) => {
        const found = find(at);
        return found >= 0 && test(at.batch, found, at.row);
      };
    }
  }
}

function inResource(batch: SpanBatch, resource: number, key: number): number {
  const found = batch.resources[resource];
  return found ? findAttribute(batch, found.attributeStart, found.attributeEnd, key) : -1;
}

function inScope(batch: SpanBatch, scope: number, key: number): number {
  const found = batch.scopes[scope];
  return found ? findAttribute(batch, found.attributeStart, found.attributeEnd, key) : -1;
}

/** Answers that hold for a part of a batch (a resource, a scope), asked once for each. */
export class PerBatch {
  private batch: SpanBatch | undefined;
  private known: Uint8Array = new Uint8Array(0);
  private readonly all = new WeakMap<SpanBatch, Uint8Array>();

  constructor(
    private readonly ask: (batch: SpanBatch, part: number) => boolean,
    private readonly partsOf: (batch: SpanBatch) => number,
  ) {}

  of(batch: SpanBatch, part: number): boolean {
    if (batch !== this.batch) this.turnTo(batch);
    if (this.known[part] === 0) this.known[part] = this.ask(batch, part) ? 2 : 1;
    return this.known[part] === 2;
  }

  private turnTo(batch: SpanBatch): void {
    let known = this.all.get(batch);
    if (!known) {
      known = new Uint8Array(this.partsOf(batch) + 1);
      this.all.set(batch, known);
    }
    this.batch = batch;
    this.known = known;
  }
}
