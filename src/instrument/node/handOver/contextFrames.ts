/** Resources and scopes of spans, encoded once each; spans of the same ones share a context, whatever objects they come in. */

import { ProtoWriter } from '../../../core/format/proto/writer';
import type { ScopeLike, SpanLike } from '../spans/spanProcessor';
import { encodeResource, encodeScope } from './encodeSpan';

export interface SpansContext {
  readonly id: number;
  /** The payload of its frame. */
  readonly payload: Uint8Array;
}

/** So many at one time, then all are made anew: a program may make a scope for each of its requests. */
const MOST = 1_000;

type Resource = SpanLike['resource'] & { readonly asyncAttributesPending?: boolean };
const noScope: ScopeLike = { name: '' };

export class Contexts {
  private readonly writer = new ProtoWriter(1 << 11);
  private byContent = new Map<string, SpansContext>();
  private byObjects = new WeakMap<object, WeakMap<object, SpansContext>>();

  of(span: SpanLike): SpansContext {
    const resource: Resource = span.resource;
    const scope = span.instrumentationScope ?? span.instrumentationLibrary ?? noScope;
    const known = this.byObjects.get(resource)?.get(scope);
    if (known) return known;
    const made = this.make(resource, scope);
    // What is still being found out is looked at again.
    if (resource.asyncAttributesPending) return made;
    const ofResource = this.byObjects.get(resource) ?? new WeakMap();
    this.byObjects.set(resource, ofResource.set(scope, made));
    return made;
  }

  private make(resource: Resource, scope: ScopeLike): SpansContext {
    const { writer } = this;
    writer.reset();
    encodeResource(writer, resource);
    const first = writer.take();
    encodeScope(writer, scope);
    const second = writer.take();
    const content = `${Buffer.from(first).toString('latin1')}\n${Buffer.from(second).toString('latin1')}`;
    const same = this.byContent.get(content);
    if (same) return same;
    if (this.byContent.size >= MOST) {
      this.byContent = new Map();
      this.byObjects = new WeakMap();
    }
    const id = this.byContent.size + 1;
    const payload = Buffer.alloc(6 + first.length + second.length);
    payload.writeUInt16BE(id);
    payload.writeUInt32BE(first.length, 2);
    payload.set(first, 6);
    payload.set(second, 6 + first.length);
    const made = { id, payload };
    this.byContent.set(content, made);
    return made;
  }
}
