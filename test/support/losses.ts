/**
 * What trace servers lose or change between a span that is sent and the span that they give back, as data for `compareSpans`. Seen on the servers whose
 * answers are recorded. Each line changes what was sent into what is to be expected, or makes both sides forget what no two answers have alike.
 */
import type { AnyValueJson } from '../../src/core/model/anyValue';
import type { Attributes, PlainSpan } from './plainSpans';

type Trace = readonly PlainSpan[];

export interface Loss {
  /** What of a span. */
  readonly what: string;
  readonly how: string;
  /** Of one trace. */
  readonly expect?: (trace: Trace) => Trace;
  /** Of what is expected and of what came. */
  readonly forget?: (trace: Trace) => Trace;
}

const each =
  (change: (span: PlainSpan) => Partial<PlainSpan>) =>
  (trace: Trace): Trace =>
    trace.map((span) => ({ ...span, ...change(span) }));

/** All attributes of spans, their resources, events and links. */
const eachValue = (change: (value: AnyValueJson) => AnyValueJson): ((trace: Trace) => Trace) => {
  const all = (attributes: Attributes): Attributes =>
    Object.fromEntries(Object.entries(attributes).map(([key, value]) => [key, change(value)]));
  return each((span) => ({
    attributes: all(span.attributes),
    resource: all(span.resource),
    events: span.events.map((event) => ({ ...event, attributes: all(event.attributes) })),
    links: span.links.map((link) => ({ ...link, attributes: all(link.attributes) })),
  }));
};

const without = (attributes: Attributes, key: string): Attributes =>
  Object.fromEntries(Object.entries(attributes).filter(([name]) => name !== key));

const floored = (nano: bigint): bigint => (nano / 1000n) * 1000n;

/** A list or a map as the JSON text that servers without them keep. */
export function nestedAsText(value: AnyValueJson): AnyValueJson {
  return value.arrayValue || value.kvlistValue ? { stringValue: JSON.stringify(plainOf(value), undefined) } : value;
}

/** Only of integers that a number holds, which is what the traces have. */
function plainOf({ stringValue, boolValue, intValue, doubleValue, arrayValue, kvlistValue, bytesValue }: AnyValueJson): unknown {
  if (arrayValue) return arrayValue.values.map(plainOf);
  if (kvlistValue) return Object.fromEntries(kvlistValue.values.map(({ key, value }) => [key, plainOf(value)]));
  if (intValue !== undefined) return Number(intValue);
  return stringValue ?? boolValue ?? doubleValue ?? bytesValue ?? null;
}

/** JSON texts whose integers are beyond what a number holds, or written in another order: compared as values. */
const sameJson: Loss = {
  what: 'JSON texts of lists and maps',
  how: 'order of members, and integers beyond 2^53',
  forget: eachValue((value) => {
    if (!/^[[{]/.test(value.stringValue ?? '')) return value;
    try {
      return { stringValue: JSON.stringify(inOrder(JSON.parse(value.stringValue ?? ''))) };
    } catch {
      return value; // a text that only looks like JSON
    }
  }),
};

function inOrder(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inOrder);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .map(([key, each]): [string, unknown] => [key, inOrder(each)])
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );
}

const schemaUrls: Loss = {
  what: 'schema URLs',
  how: 'lost',
  expect: each(() => ({ resourceSchemaUrl: '', scopeSchemaUrl: '' })),
};
const deliveredTwice: Loss = {
  what: 'a span that was delivered twice',
  how: 'comes once',
  expect: (trace) => [...new Map(trace.map((span) => [text(span), span])).values()],
};
/** Which of the two is moved depends on the order of arrival, and the children of both go with it. */
const sameSpanId: Loss = {
  what: 'one span id in two services',
  how: 'the second gets the id 0000000000000001, and the children of the first may become its own',
  expect: (trace) => {
    const ids = trace.map(({ spanId }) => spanId);
    const twice = ids.find((id, index) => ids.indexOf(id) !== index);
    return twice === undefined ? trace : moved(trace, twice);
  },
};

/** The server side of the pair is the child of the client side; what was below the pair is below the server side. */
function moved(trace: Trace, twice: string): Trace {
  return trace.map((span) => {
    if (span.spanId === twice && span.kind === 2) return { ...span, spanId: '0000000000000001', parentSpanId: twice };
    return span.parentSpanId === twice && span.spanId !== twice ? { ...span, parentSpanId: '0000000000000001' } : span;
  });
}

const text = (span: PlainSpan): string =>
  JSON.stringify(span, (_, each: unknown) => (typeof each === 'bigint' ? `${each}` : each));

const jaegerWarnings: Loss = {
  what: 'warnings',
  how: "an attribute `@jaeger@warnings` of the server's own, and of other spans with each version",
  forget: each(({ attributes }) => ({ attributes: without(attributes, '@jaeger@warnings') })),
};
const missingServiceName: Loss = {
  what: 'no service name',
  how: '`missing-service-name`',
  expect: each(({ resource }) =>
    'service.name' in resource ? {} : { resource: { ...resource, 'service.name': { stringValue: 'missing-service-name' } } },
  ),
};
const emptySpanName: Loss = {
  what: 'an empty name of a span',
  how: '`empty-span-name` in the versions after 2.13',
  forget: each(({ name }) => (name === 'empty-span-name' ? { name: '' } : {})),
};

export const jaegerV3Losses: readonly Loss[] = [
  schemaUrls,
  deliveredTwice,
  sameSpanId,
  jaegerWarnings,
  missingServiceName,
  emptySpanName,
  {
    what: 'a duration of zero, or an end before the start',
    how: '1 ns',
    expect: each(({ start, end }) => (end <= start ? { end: start + 1n } : {})),
  },
];

export const jaegerLegacyLosses: readonly Loss[] = [
  deliveredTwice,
  sameSpanId,
  schemaUrls,
  jaegerWarnings,
  missingServiceName,
  emptySpanName,
  {
    what: 'nanoseconds',
    how: 'microseconds, and no time below zero',
    expect: each(({ start, end, events }) => ({
      start: floored(start),
      end: floored(start) + (end < start ? 0n : floored(end - start)),
      events: events.map((event) => ({ ...event, time: floored(event.time) })),
    })),
  },
  { what: 'lists and maps', how: 'JSON texts', expect: eachValue(nestedAsText) },
  sameJson,
  {
    what: 'a value with nothing set, and empty bytes',
    how: 'an empty text, and nothing',
    forget: eachValue((value) => (Object.values(value).every((one) => one === '') ? {} : value)),
  },
  { what: 'flags and dropped counts of spans', how: 'lost', expect: each(() => ({ flags: 0, dropped: [0, 0, 0] })) },
  {
    what: 'dropped counts of events',
    how: 'lost',
    expect: each(({ events }) => ({ events: events.map((event) => ({ ...event, dropped: 0 })) })),
  },
  {
    what: 'links',
    how: 'FOLLOWS_FROM: attributes, trace state and flags are lost',
    expect: each(({ links }) => ({
      links: links.map(({ traceId, spanId }) => ({ traceId, spanId, traceState: '', flags: 0, attributes: {}, dropped: 0 })),
    })),
  },
  { what: 'attributes of the scope', how: 'lost', expect: each(() => ({ scopeAttributes: {} })) },
];

const flagsAndCounts = jaegerLegacyLosses.find(({ what }) => what.startsWith('flags'));

/** Of the documents that Jaeger writes into an index, which nothing adjusts on the way back. */
export const jaegerDocumentLosses: readonly Loss[] = [
  ...jaegerLegacyLosses.filter((loss) => loss !== deliveredTwice && loss !== sameSpanId && loss !== flagsAndCounts),
  { what: 'flags', how: '16 bits', expect: each(({ flags }) => ({ flags: flags & 0xffff })) },
  { what: 'dropped counts of spans', how: 'lost', expect: each(() => ({ dropped: [0, 0, 0] })) },
];

/** Where tags are fields, which have no type beside them. */
export const wholeDoubles: Loss = {
  what: 'whole numbers of floating point',
  how: 'integers',
  expect: eachValue((value) => (Number.isSafeInteger(value.doubleValue) ? { intValue: String(value.doubleValue) } : value)),
};

/** Of Tempo, the same for JSON and protobuf. */
export const tempoLosses: readonly Loss[] = [
  schemaUrls,
  sameSpanId,
  {
    what: 'long values',
    how: 'cut at 2,048 bytes, without a mark',
    expect: eachValue((value) => {
      if (value.stringValue === undefined) return value;
      return { stringValue: Buffer.from(value.stringValue).subarray(0, 2048).toString() };
    }),
  },
  {
    what: 'flags of spans and links',
    how: 'lost',
    expect: each(({ links }) => ({ flags: 0, links: links.map((link) => ({ ...link, flags: 0 })) })),
  },
];

/** Of Zipkin, against spans that were sent to it as its own JSON. */
export const zipkinLosses: readonly Loss[] = [
  {
    what: 'names of services and spans',
    how: 'lower case',
    expect: each(({ name, resource }) => ({
      name: name.toLowerCase(),
      resource: lowerService(resource),
    })),
  },
  {
    what: 'the name of the service at the other end',
    how: 'lower case, where an endpoint has it; a tag keeps its own',
    forget: each(({ attributes }) => {
      const peer = attributes['peer.service']?.stringValue?.toLowerCase();
      return peer === undefined ? {} : { attributes: { ...attributes, 'peer.service': { stringValue: peer } } };
    }),
  },
  {
    what: 'annotations',
    how: 'in the order of their times',
    expect: each(({ events }) => ({ events: [...events].sort((a, b) => (a.time < b.time ? -1 : a.time > b.time ? 1 : 0)) })),
  },
  deliveredTwice,
];

function lowerService(resource: Attributes): Attributes {
  const { 'service.name': service } = resource;
  return service?.stringValue === undefined
    ? resource
    : { ...resource, 'service.name': { stringValue: service.stringValue.toLowerCase() } };
}
