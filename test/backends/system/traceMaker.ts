/** Spans of one trace as they are written down in a test system: parents, times that lie within them, and all the rest that OTLP has. */
import type { AnyValueJson } from '../../../src/core/model/anyValue';
import type { Attributes, PlainSpan } from '../../support/plainSpans';
import type { RandomNumbers } from './randomNumbers';

/** A whole number is an int, as it is for the SDK. */
export type Value = string | number | boolean | readonly (string | number | boolean)[];

export interface Service {
  readonly name: string;
  readonly resource: Readonly<Record<string, Value>>;
  readonly scope: { readonly name: string; readonly version: string };
}

export interface SpanSpec {
  readonly service: Service;
  readonly name: string;
  /** OTLP's number. */
  readonly kind: number;
  /** Microseconds after the trace's start. */
  readonly at: number;
  /** Microseconds. */
  readonly lasts: number;
  readonly parent?: PlainSpan;
  readonly attributes?: Readonly<Record<string, Value>>;
  /** OTLP's number. */
  readonly status?: number;
  readonly statusMessage?: string;
  readonly events?: readonly {
    readonly name: string;
    readonly at: number;
    readonly attributes?: Readonly<Record<string, Value>>;
  }[];
  readonly links?: readonly { readonly to: PlainSpan; readonly attributes?: Readonly<Record<string, Value>> }[];
}

function anyValue(value: Value): AnyValueJson {
  if (typeof value === 'string') return { stringValue: value };
  if (typeof value === 'boolean') return { boolValue: value };
  if (typeof value === 'number') return Number.isInteger(value) ? { intValue: String(value) } : { doubleValue: value };
  return { arrayValue: { values: value.map(anyValue) } };
}

const attributesOf = (values: Readonly<Record<string, Value>> = {}): Attributes =>
  Object.fromEntries(Object.entries(values).map(([key, value]) => [key, anyValue(value)]));

export class TraceMaker {
  readonly spans: PlainSpan[] = [];

  /** @param startNano epoch nanoseconds */
  constructor(
    readonly traceId: string,
    private readonly startNano: bigint,
    private readonly random: RandomNumbers,
  ) {}

  span(spec: SpanSpec): PlainSpan {
    // Nanoseconds that no microsecond has: what a server keeps of them is known.
    const start = this.startNano + BigInt(spec.at) * 1000n + BigInt(this.random.below(1000));
    const { name, version } = spec.service.scope;
    const span: PlainSpan = {
      traceId: this.traceId,
      spanId: this.random.hex(16),
      parentSpanId: spec.parent?.spanId ?? '',
      name: spec.name,
      kind: spec.kind,
      start,
      end: start + BigInt(spec.lasts) * 1000n + BigInt(this.random.below(1000)),
      traceState: '',
      flags: 0,
      status: spec.status ?? 0,
      statusMessage: spec.statusMessage ?? '',
      attributes: attributesOf(spec.attributes),
      events: (spec.events ?? []).map((event) => ({
        name: event.name,
        time: start + BigInt(event.at) * 1000n,
        attributes: attributesOf(event.attributes),
        dropped: 0,
      })),
      links: (spec.links ?? []).map(({ to, attributes }) => ({
        traceId: to.traceId,
        spanId: to.spanId,
        traceState: '',
        flags: 0,
        attributes: attributesOf(attributes),
        dropped: 0,
      })),
      dropped: [0, 0, 0],
      resource: attributesOf({ 'service.name': spec.service.name, ...spec.service.resource }),
      resourceSchemaUrl: '',
      scopeName: name,
      scopeVersion: version,
      scopeAttributes: {},
      scopeSchemaUrl: '',
    };
    this.spans.push(span);
    return span;
  }
}
