// What a real Tempo answered to TraceQL over a known system, and what our evaluator finds in the same spans: the same traces, the same number of spans in
// each set, the same groups, aggregates and selected values.

import { describe, expect, it } from 'vitest';
import type { TraceSource } from '../../../src/core/analysis/sources';
import type { Evaluated } from '../../../src/core/query/evaluation/evaluate';
import type { Static } from '../../../src/core/query/evaluation/statics';
import { parseQuery } from '../../../src/core/query/parse';
import type { Query } from '../../../src/core/query/query';
import { evaluateRows, recordedSources, spanIdsOf } from '../../support/recordedSpans';
import { bodyOf, exchangesOf } from '../../support/replayServer';
import { sharedData, sharedPath } from '../../support/sharedData';

/** What of an answer is ours to find: sets by trace, each as text. */
type Found = Map<string, string[]>;

interface TempoAnswer {
  readonly traces?: readonly {
    readonly traceID: string;
    readonly spanSets?: readonly {
      readonly matched: number;
      readonly attributes?: readonly TempoAttribute[];
      readonly spans: readonly { readonly spanID: string; readonly attributes?: readonly TempoAttribute[] }[];
    }[];
  }[];
}

interface TempoAttribute {
  readonly key: string;
  readonly value: Readonly<Record<string, unknown>>;
}

/** What Tempo answers otherwise, and why we do not. */
const exceptions: Readonly<Record<string, string>> = {
  // `search-all` has a span that was delivered twice, which Tempo counts twice.
  'search-all': 'a span that came twice counts once',
  'search-root-service': 'of two roots Tempo takes the last, and we the longest, which is the one that lists and pictures name',
  'last-search-duration-over': 'one span that ends before it starts hides all others of its block from Tempo',
};

/** No search for spans. */
const metrics = 'search-metrics-query';

/** As many as Tempo lists without a limit. */
const LIMIT = 20;

describe.skipIf(sharedData === undefined)('a recorded search', () => {
  const cases = sharedData === undefined ? [] : recordedSearches();

  it('is there', () => {
    expect(cases.length).toBeGreaterThan(80);
  });

  it.each(cases)('$name: $query', ({ name, query, answer, limit, isLast, window }) => {
    const expected = foundByTempo(answer);
    const found = foundHere({ ...parseQuery(query), ...window }, isLast);
    if (expected.size >= limit) for (const id of found.keys()) if (!expected.has(id)) found.delete(id);
    if (exceptions[name] === undefined) expect(Object.fromEntries(found)).toEqual(Object.fromEntries(expected));
    else expect(Object.fromEntries(found)).not.toEqual(Object.fromEntries(expected));
  });
});

interface Case {
  readonly name: string;
  readonly query: string;
  readonly answer: TempoAnswer;
  readonly limit: number;
  readonly isLast: boolean;
  readonly window: Pick<Query, 'startUnixNano' | 'endUnixNano'>;
}

function recordedSearches(): Case[] {
  return [...exchangesOf(sharedPath('recorded', 'tempo-main'))].flatMap((exchange) => {
    const { name, request, response } = exchange;
    const parameters = new URL(request.path, 'http://tempo').searchParams;
    const query = parameters.get('q');
    if (!/^(last-)?search-(?!param)/.test(name) || query === null || response.status !== 200 || name === metrics) return [];
    const limit = Number(parameters.get('limit') ?? LIMIT);
    const answer: TempoAnswer = JSON.parse(new TextDecoder().decode(bodyOf(exchange)));
    const window = { startUnixNano: nanos(parameters.get('start')), endUnixNano: nanos(parameters.get('end')) };
    return [{ name, query, answer, limit, isLast: name.startsWith('last-'), window }];
  });
}

function nanos(seconds: string | null): bigint | undefined {
  return seconds === null ? undefined : BigInt(seconds) * 1_000_000_000n;
}

function foundByTempo({ traces = [] }: TempoAnswer): Found {
  return new Map(
    traces.map(({ traceID, spanSets = [] }) => {
      const sets = spanSets.map(({ matched, attributes = [] }) => setText(matched, attributes.map(tempoText)));
      return [traceID.padStart(32, '0'), sets.sort()];
    }),
  );
}

function tempoText({ key, value }: TempoAttribute): string {
  const [one] = Object.values(value);
  return `${key} ${value.arrayValue === undefined ? String(one) : JSON.stringify(elementsOf(value.arrayValue))}`;
}

/** Of OTLP/JSON. */
function elementsOf(list: unknown): unknown[] {
  const values: unknown = typeof list === 'object' && list !== null && 'values' in list ? list.values : undefined;
  return Array.isArray(values)
    ? values.flatMap((one: unknown) => (typeof one === 'object' && one ? Object.values(one) : []))
    : [];
}

function setText(matched: number, attributes: readonly string[]): string {
  return [`${matched} spans`, ...attributes].join(', ');
}

let inputs: ReturnType<typeof recordedSources>[] | undefined;

/** The sent spans by trace; with those that were sent last. */
function sourcesOf(isLast: boolean): ReturnType<typeof recordedSources> {
  inputs ??= [['input.otlp.json'], ['input.otlp.json', 'input-last.otlp.json']].map(recordedSources);
  return inputs[isLast ? 1 : 0];
}

function foundHere(query: Query, isLast: boolean): Found {
  const found: Found = new Map();
  for (const [id, sources] of sourcesOf(isLast)) {
    const evaluated = evaluateRows(query, id, sources);
    if (evaluated) found.set(id, setsOf(evaluated));
  }
  return found;
}

function setsOf({ sets }: Evaluated): string[] {
  return sets
    .map(({ spans, attributes }) =>
      setText(
        spans.length,
        attributes.map(({ name, value }) => `${name} ${textOf(value)}`),
      ),
    )
    .sort();
}

/** As Tempo writes it; durations are some milliseconds here. */
function textOf(value: Static): string {
  if (value === undefined) return 'nil';
  if (value.type === 'list') return JSON.stringify(value.values.map(textOf));
  return value.type === 'duration' ? `${value.value / 1e6}ms` : String(value.value);
}

describe.skipIf(sharedData === undefined)('spans of a recorded search', () => {
  const cases = sharedData === undefined ? [] : recordedSearches().filter(({ name }) => exceptions[name] === undefined);

  it.each(cases)('$name: $query', ({ query, answer, isLast, window }) => {
    const parsed = { ...parseQuery(query), ...window };
    for (const { traceID, spanSets = [] } of answer.traces ?? []) {
      const id = traceID.padStart(32, '0');
      const sources = sourcesOf(isLast).get(id) ?? [];
      const found = spanIdsOf(evaluateRows(parsed, id, sources));
      const values = selectedValues(parsed, id, sources);
      for (const { spanID, attributes = [] } of spanSets.flatMap((set) => set.spans)) {
        expect(found.has(spanID), `span ${spanID} of trace ${id}`).toBe(true);
        for (const one of attributes) {
          const own = values.get(`${spanID} ${one.key}`);
          // Of several events select lists the last, although by groups by the first.
          if (own !== undefined && one.key !== 'event:timeSinceStart') expect(`${one.key} ${own}`).toBe(tempoText(one));
        }
      }
    }
  });

  it('with select has as many values as are compared', () => {
    const compared = cases.flatMap(({ query, isLast, window }) => {
      const parsed = { ...parseQuery(query), ...window };
      return [...sourcesOf(isLast)].flatMap(([id, sources]) => [...selectedValues(parsed, id, sources).values()]);
    });
    expect(compared.length).toBeGreaterThan(40);
  });
});

/** What select() names, by span and name: grouping by a field tells its values. */
function selectedValues(query: Query, id: string, sources: readonly TraceSource[]): Map<string, string> {
  const values = new Map<string, string>();
  for (const field of query.stages.flatMap((stage) => (stage.type === 'select' ? stage.fields : []))) {
    const grouped: Query = { ...query, stages: [...query.stages, { type: 'by', expression: { type: 'field', field } }] };
    const evaluated = evaluateRows(grouped, id, sources);
    for (const set of evaluated?.sets ?? []) {
      const [{ value }] = set.attributes;
      for (const spanId of spanIdsOf(evaluated && { ...evaluated, sets: [set] })) {
        if (value !== undefined) values.set(`${spanId} ${field.name}`, textOf(value));
      }
    }
  }
  return values;
}
