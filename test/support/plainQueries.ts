/** What queries mean, in plain code over plain spans: sets of the spans of one trace, however long that takes. */

import type { Attributes, PlainSpan } from './plainSpans';

type Holds = (span: PlainSpan) => boolean;
export type Expected = (spans: readonly PlainSpan[]) => readonly PlainSpan[];

export const text = (attributes: Attributes, key: string): string | undefined => attributes[key]?.stringValue;
export const int = (attributes: Attributes, key: string): number =>
  attributes[key]?.intValue === undefined ? Number.NaN : Number(attributes[key].intValue);
export const service = (span: PlainSpan): string => text(span.resource, 'service.name') ?? '';
export const code = (span: PlainSpan): number => int(span.attributes, 'http.response.status_code');
export const method = (span: PlainSpan): string | undefined => text(span.attributes, 'http.request.method');
export const milliseconds = (span: PlainSpan): number => Number(span.end - span.start) / 1e6;
export const isError = ({ status }: PlainSpan): boolean => status === 2;
export const isOk = ({ status }: PlainSpan): boolean => status === 1;
export const environment = (span: PlainSpan): string | undefined => text(span.resource, 'deployment.environment.name');

/** One set. */
export const where =
  (holds: Holds): Expected =>
  (spans) =>
    spans.filter(holds);

/** Both sets have spans. */
export const both =
  (left: Holds, right: Holds): Expected =>
  (spans) =>
    spans.some(left) && spans.some(right) ? spans.filter((span) => left(span) || right(span)) : [];

export const parentIn = (spans: readonly PlainSpan[], { parentSpanId }: PlainSpan): PlainSpan | undefined =>
  parentSpanId === '' ? undefined : spans.find(({ spanId }) => spanId === parentSpanId);

/** From the parent up to the root; undefined where there is no way to a root: relations of such spans are not known. */
function above(spans: readonly PlainSpan[], span: PlainSpan): readonly PlainSpan[] | undefined {
  const chain: PlainSpan[] = [];
  let at = span;
  while (at.parentSpanId !== '') {
    const parent = parentIn(spans, at);
    if (!parent || chain.length > 1000) return undefined;
    chain.push(parent);
    at = parent;
  }
  return chain;
}

export const isBelow = (spans: readonly PlainSpan[], span: PlainSpan, other: PlainSpan): boolean =>
  above(spans, span)?.includes(other) === true;
const isChild = (spans: readonly PlainSpan[], span: PlainSpan, other: PlainSpan): boolean => above(spans, span)?.[0] === other;
export const isSibling = (spans: readonly PlainSpan[], span: PlainSpan, other: PlainSpan): boolean => {
  const [own, others] = [above(spans, span), above(spans, other)];
  return span !== other && own !== undefined && others !== undefined && own[0] === others[0];
};

type Relation = (spans: readonly PlainSpan[], right: PlainSpan, left: PlainSpan) => boolean;

/** Spans of the right side with one of the left that they stand to. */
export const related =
  (left: Holds, relation: Relation, right: Holds): Expected =>
  (spans) =>
    spans.filter((span) => right(span) && spans.some((other) => left(other) && relation(spans, span, other)));
export const unrelated =
  (left: Holds, relation: Relation, right: Holds): Expected =>
  (spans) =>
    spans.filter((span) => right(span) && !spans.some((other) => left(other) && relation(spans, span, other)));
/** Spans of both sides. */
export const pairs =
  (left: Holds, relation: Relation, right: Holds): Expected =>
  (spans) =>
    spans.filter(
      (span) =>
        (right(span) && spans.some((other) => left(other) && relation(spans, span, other))) ||
        (left(span) && spans.some((other) => right(other) && relation(spans, other, span))),
    );
export const parentOf: Relation = (spans, right, left) => isChild(spans, left, right);
export const ancestorOf: Relation = (spans, right, left) => isBelow(spans, left, right);

export const any: Holds = () => true;
export const ofService =
  (name: string): Holds =>
  (span) =>
    service(span) === name;

export const average = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
export const traceMilliseconds = (spans: readonly PlainSpan[]): number => {
  const starts = spans.map(({ start }) => start);
  const ends = spans.map(({ end }) => end);
  return Number(ends.reduce((a, b) => (a > b ? a : b)) - starts.reduce((a, b) => (a < b ? a : b))) / 1e6;
};
/** All spans of a set when something is true of it. */
export const when =
  (holds: Holds, of: (set: readonly PlainSpan[], all: readonly PlainSpan[]) => boolean): Expected =>
  (spans) => {
    const set = spans.filter(holds);
    return set.length > 0 && of(set, spans) ? set : [];
  };
/** Those of a service of which something is true. */
export const ofServices =
  (holds: Holds, of: (set: readonly PlainSpan[]) => boolean): Expected =>
  (spans) =>
    Array.from(new Set(spans.filter(holds).map(service))).flatMap((name) => {
      const set = spans.filter((span) => holds(span) && service(span) === name);
      return of(set) ? set : [];
    });
