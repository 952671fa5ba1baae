/** What a set asks: spans as an instrumentation sends them, and the lines that a person would open, written before anything was run. */

import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

export type Value = string | number | boolean | readonly Value[];
type Attributes = Readonly<Record<string, Value>>;

export interface Expected {
  /** Below the repository. */
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** Lines with which that person would be as content. */
  readonly accept?: readonly number[];
  readonly kind: string;
  readonly language: string;
  readonly why: string;
}

export interface AskedSpan {
  readonly id: string;
  readonly parent?: string;
  readonly resource: string;
  readonly scope?: string;
  readonly name: string;
  readonly kind: 'internal' | 'server' | 'client' | 'producer' | 'consumer';
  readonly attributes?: Attributes;
  readonly events?: readonly { readonly name: string; readonly attributes?: Attributes }[];
  /** Null where the span is there for the others' sake. */
  readonly expect: Expected | null;
}

export interface AskedSet {
  readonly name: string;
  readonly repository: string;
  readonly commit: string;
  readonly frameworks: readonly string[];
  readonly resources: Readonly<Record<string, Attributes>>;
  readonly spans: readonly AskedSpan[];
}

/** @param folder of `*.json` @param words of names; none: all */
export function readSets(folder: string, words: readonly string[]): readonly AskedSet[] {
  return readdirSync(resolve(folder))
    .filter((file) => file.endsWith('.json') && (words.length === 0 || words.some((word) => file.includes(word))))
    .sort()
    .map((file) => ({ name: file.replace(/\.json$/, ''), ...JSON.parse(readFileSync(join(folder, file), 'utf8')) }));
}

const kinds = ['unspecified', 'internal', 'server', 'client', 'producer', 'consumer'];
const begin = 1_760_000_000_000_000_000n;

/** Each span's trace and id, by its id in the set. */
export function idsOf({ spans }: AskedSet): ReadonlyMap<string, { readonly traceId: string; readonly spanId: string }> {
  const byId = new Map(spans.map((span) => [span.id, span]));
  const number = new Map(spans.map(({ id }, i) => [id, i + 1]));
  const rootOf = (span: AskedSpan): AskedSpan => {
    const parent = span.parent === undefined ? undefined : byId.get(span.parent);
    return parent ? rootOf(parent) : span;
  };
  const hex = (id: string, digits: number): string => (number.get(id) ?? 0).toString(16).padStart(digits, '0');
  return new Map(spans.map((span) => [span.id, { traceId: hex(rootOf(span).id, 32), spanId: hex(span.id, 16) }]));
}

/** The set as a program would send it: OTLP/JSON, spans of a parent one after the other. */
export function otlpOf(set: AskedSet): unknown {
  const ids = idsOf(set);
  const pairs = (of: Attributes = {}): unknown[] => Object.entries(of).map(([key, one]) => ({ key, value: otlpValue(one) }));
  return {
    resourceSpans: set.spans.map((span, i) => {
      const { traceId = '', spanId = '' } = ids.get(span.id) ?? {};
      const start = begin + BigInt(i) * 1_000_000n;
      const failed = span.events?.some(({ name }) => name === 'exception');
      return {
        resource: { attributes: pairs(set.resources[span.resource]) },
        scopeSpans: [
          {
            scope: { name: span.scope ?? '' },
            spans: [
              {
                traceId,
                spanId,
                ...(span.parent === undefined ? {} : { parentSpanId: ids.get(span.parent)?.spanId }),
                name: span.name,
                kind: kinds.indexOf(span.kind),
                startTimeUnixNano: `${start}`,
                endTimeUnixNano: `${start + 1_000_000_000n - BigInt(i) * 1_000n}`,
                attributes: pairs(span.attributes),
                events: (span.events ?? []).map(({ name, attributes }) => ({
                  name,
                  timeUnixNano: `${start + 1_000n}`,
                  attributes: pairs(attributes),
                })),
                ...(failed ? { status: { code: 2 } } : {}),
              },
            ],
          },
        ],
      };
    }),
  };
}

function otlpValue(of: Value): unknown {
  if (typeof of === 'string') return { stringValue: of };
  if (typeof of === 'boolean') return { boolValue: of };
  if (typeof of === 'number') return Number.isInteger(of) ? { intValue: String(of) } : { doubleValue: of };
  return { arrayValue: { values: of.map(otlpValue) } };
}
