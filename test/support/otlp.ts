/** Small OTLP/JSON requests for tests, written as data. */

export interface SpanSpec {
  readonly traceId: string;
  readonly spanId: string;
  readonly parent?: string;
  readonly name?: string;
  readonly service?: string;
  /** OTLP's number; 1 is internal. */
  readonly kind?: number;
  /** Milliseconds after the base. */
  readonly startMs?: number;
  readonly durationMs?: number;
  readonly error?: boolean;
  readonly attributes?: Readonly<Record<string, string | number | boolean>>;
  readonly resource?: Readonly<Record<string, string>>;
  readonly events?: readonly { readonly name: string; readonly attributes?: Readonly<Record<string, string>> }[];
}

export const BASE_MS = 1_760_000_000_000;

function value(of: string | number | boolean): unknown {
  if (typeof of === 'string') return { stringValue: of };
  if (typeof of === 'boolean') return { boolValue: of };
  return Number.isInteger(of) ? { intValue: String(of) } : { doubleValue: of };
}

const pairs = (of: Readonly<Record<string, string | number | boolean>>): unknown[] =>
  Object.entries(of).map(([key, one]) => ({ key, value: value(one) }));

const nano = (ms: number): string => `${BigInt(Math.round(ms * 1000)) * 1000n}`;

/** An ExportTraceServiceRequest. Ids are padded with zeros on the left. */
export function request(spans: readonly SpanSpec[]): { resourceSpans: unknown[] } {
  return {
    resourceSpans: spans.map((span) => ({
      resource: { attributes: pairs({ 'service.name': span.service ?? 'shop', ...span.resource }) },
      scopeSpans: [
        {
          scope: { name: 'test' },
          spans: [
            {
              traceId: span.traceId.padStart(32, '0'),
              spanId: span.spanId.padStart(16, '0'),
              ...(span.parent === undefined ? {} : { parentSpanId: span.parent.padStart(16, '0') }),
              name: span.name ?? `span ${span.spanId}`,
              kind: span.kind ?? 1,
              startTimeUnixNano: nano(BASE_MS + (span.startMs ?? 0)),
              endTimeUnixNano: nano(BASE_MS + (span.startMs ?? 0) + (span.durationMs ?? 1)),
              attributes: pairs(span.attributes ?? {}),
              events: (span.events ?? []).map((event) => ({
                name: event.name,
                timeUnixNano: nano(BASE_MS + (span.startMs ?? 0)),
                attributes: pairs(event.attributes ?? {}),
              })),
              ...(span.error ? { status: { code: 2, message: 'it broke' } } : {}),
            },
          ],
        },
      ],
    })),
  };
}

export function requestBytes(spans: readonly SpanSpec[]): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(request(spans)));
}
