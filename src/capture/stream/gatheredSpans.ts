/**
 * Spans of a stream, until there are enough of them for a request: a program sends each by itself, and resource and scope only once; a log and a
 * store are better off with many at a time.
 * Source of the numbers of fields: opentelemetry/proto/trace/v1/trace.proto, collector/trace/v1/trace_service.proto.
 */

import { isWholeMessage } from '../../core/format/proto/wholeMessage';
import { ProtoWriter } from '../../core/format/proto/writer';
import type { Frame } from '../../core/spanStream/frameReader';
import { FRAME } from '../../core/spanStream/wire';

const LEN = 2;
/** Of `ExportTraceServiceRequest`, `ResourceSpans`, `ScopeSpans`. */
const RESOURCE_SPANS = (1 << 3) | LEN;
const SCOPE_SPANS = (2 << 3) | LEN;
const SPAN = (2 << 3) | LEN;
/** Contexts of a stream, and what they may take. Programs have one for each library that makes spans. */
const MAX_CONTEXTS = 4_096;
const MAX_CONTEXT_BYTES = 8 << 20;

interface Context {
  readonly resource: Uint8Array;
  readonly scope: Uint8Array;
}

/** Spans of one context that came one after the other. */
interface Run {
  readonly context: Context;
  readonly spans: Uint8Array[];
}

/** Why the rest of a stream cannot be read. */
export class StreamDamage extends Error {}

export class GatheredSpans {
  private readonly contexts = new Map<number, Context>();
  private contextBytes = 0;
  private requests: Uint8Array[] = [];
  private runs = new Map<Context, Run>();
  private held = 0;

  /** What is held, about. */
  get bytes(): number {
    return this.held;
  }

  get isEmpty(): boolean {
    return this.requests.length === 0 && this.runs.size === 0;
  }

  /**
   * Takes what a frame holds.
   * @returns how many spans the frame says that the program has lost
   * @throws StreamDamage
   */
  add({ kind, payload }: Frame): number {
    switch (kind) {
      case FRAME.request:
        if (!isWholeMessage(payload)) throw new StreamDamage('a request in it is damaged.');
        if (payload.length > 0) this.hold(this.requests, payload);
        return 0;
      case FRAME.context:
        this.define(payload);
        return 0;
      case FRAME.span:
        this.span(payload);
        return 0;
      case FRAME.lost:
        if (payload.length !== 4) throw new StreamDamage('a count in it is damaged.');
        return viewOf(payload).getUint32(0);
      default:
        throw new StreamDamage(`a frame in it is of the kind ${kind}, which is none.`);
    }
  }

  /** What is held as one `ExportTraceServiceRequest`, and holds nothing then. Messages that follow each other are one, their lists joined. */
  take(): Uint8Array {
    const writer = new ProtoWriter(this.held + 1_024);
    for (const request of this.requests) writer.raw(request, 0, request.length);
    for (const { context, spans } of this.runs.values()) {
      const { resource, scope } = context;
      const resourceSpans = writer.open(RESOURCE_SPANS, 3);
      writer.raw(resource, 0, resource.length);
      const scopeSpans = writer.open(SCOPE_SPANS, 3);
      writer.raw(scope, 0, scope.length);
      for (const span of spans) writer.bytes(SPAN, span);
      writer.close(scopeSpans, 3);
      writer.close(resourceSpans, 3);
    }
    this.requests = [];
    this.runs.clear();
    this.held = 0;
    return writer.finish();
  }

  private hold(list: Uint8Array[], bytes: Uint8Array): void {
    list.push(bytes);
    // What an array and its view take beside the bytes, about.
    this.held += bytes.length + 64;
  }

  private define(payload: Uint8Array): void {
    const length = payload.length < 6 ? Number.POSITIVE_INFINITY : viewOf(payload).getUint32(2);
    if (6 + length > payload.length) throw new StreamDamage('a context in it is damaged.');
    const resource = payload.slice(6, 6 + length);
    const scope = payload.slice(6 + length);
    if (!isWholeMessage(resource) || !isWholeMessage(scope)) throw new StreamDamage('a context in it is damaged.');
    const id = idOf(payload);
    const before = this.contexts.get(id);
    this.contextBytes += sizeOf({ resource, scope }) - (before ? sizeOf(before) : 0);
    this.contexts.set(id, { resource, scope });
    if (this.contexts.size > MAX_CONTEXTS || this.contextBytes > MAX_CONTEXT_BYTES) {
      throw new StreamDamage('it has more resources and scopes than a program has.');
    }
  }

  private span(payload: Uint8Array): void {
    const context = payload.length < 2 ? undefined : this.contexts.get(idOf(payload));
    if (!context) throw new StreamDamage('a span in it is of no context that it told of.');
    const span = payload.subarray(2);
    if (!isWholeMessage(span)) throw new StreamDamage('a span in it is damaged.');
    let run = this.runs.get(context);
    if (!run) {
      run = { context, spans: [] };
      this.runs.set(context, run);
      this.held += sizeOf(context);
    }
    this.hold(run.spans, span);
  }
}

function viewOf({ buffer, byteOffset, length }: Uint8Array): DataView {
  return new DataView(buffer, byteOffset, length);
}

function idOf(payload: Uint8Array): number {
  return (payload[0] << 8) | payload[1];
}

function sizeOf({ resource, scope }: Context): number {
  return resource.length + scope.length;
}
