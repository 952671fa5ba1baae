// The recorded answers of real servers, span by span against what was sent to them. What a server loses or changes on the way
// (recorded/README.md, "Lost or changed on the way") is undone or left out on the side of the input, and named where it is.

import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { AttributeValue } from '../../../src/core/model/attributeValue';
import { sharedData, sharedPath } from '../../support/sharedData';
import { answer, type CatalogueEntry } from './exchanges';
import { type RequestJson, referenceSpans } from './reference';
import { decode, type PlainSpan } from './spans';

const read = (...parts: string[]): string => readFileSync(sharedPath('recorded', ...parts), 'utf8');

describe.skipIf(sharedData === undefined)('answers of real servers', () => {
  const traces: CatalogueEntry[] = sharedData ? JSON.parse(read('traces.json')).traces : [];
  const input: RequestJson = sharedData ? JSON.parse(read('input.otlp.json')) : { resourceSpans: [] };
  const inputLast: RequestJson = sharedData ? JSON.parse(read('input-last.otlp.json')) : { resourceSpans: [] };
  const sent = [...referenceSpans(input), ...referenceSpans(inputLast)];
  // The servers' own changes to these traces are more than a span at a time.
  const changedAsAWhole = new Set(['same-span-id', 'duplicate-delivery']);
  const cases = (server: string, prefix: string): string[] =>
    traces
      .map(({ name }) => name)
      .filter((name) => !changedAsAWhole.has(name) && !name.startsWith('zipkin-'))
      .filter((name) => sharedData && existsSync(sharedPath('recorded', server, `${prefix}${name}.json`)));
  const spansSent = (name: string): PlainSpan[] => {
    const traceId = traces.find((trace) => trace.name === name)?.traceId ?? '';
    return sorted(sent.filter((span) => span.traceId === traceId));
  };

  it.each([
    ['jaeger-main', 'last-v3-trace-nan', 'nan'],
    ['tempo-main', 'last-trace-v2-nan', 'nan'],
    ['tempo-main', 'last-trace-v2-pb-nan', 'nan'],
    ['tempo-main', 'last-trace-v2-negative-duration', 'negative-duration'],
    ['tempo-main', 'last-trace-v2-pb-negative-duration', 'negative-duration'],
  ])('numbers that are none, and durations that go backwards: %s %s', (server, exchange, name) => {
    const wanted = spansSent(name).map(server === 'tempo-main' ? throughTempo : (span) => throughJaegerV3(span, server));
    expect(sorted(decode(answer(server, exchange)).spans).map(withoutWarnings)).toEqual(wanted);
  });

  for (const server of ['jaeger-2.13', 'jaeger-main']) {
    it.each(cases(server, 'v3-trace-'))(`${server}, /api/v3: %s`, (name) => {
      const result = decode(answer(server, `v3-trace-${name}`));
      expect(result.format).toBe('otlp-json');
      expect(result.defects).toEqual([]);
      expect(sorted(result.spans).map(withoutWarnings)).toEqual(spansSent(name).map((span) => throughJaegerV3(span, server)));
    });

    it.each(cases(server, 'legacy-trace-'))(`${server}, /api: %s`, (name) => {
      const result = decode(answer(server, `legacy-trace-${name}`));
      expect(result.format).toBe('jaeger');
      expect(result.defects).toEqual([]);
      expect(sorted(result.spans).map(withoutWarnings)).toEqual(spansSent(name).map((span) => throughJaeger(span, server)));
    });
  }

  it.each(cases('tempo-main', 'trace-v2-'))('tempo, JSON: %s', (name) => {
    const result = decode(answer('tempo-main', `trace-v2-${name}`));
    expect(result.format).toBe('tempo');
    expect(sorted(result.spans)).toEqual(spansSent(name).map(throughTempo));
  });

  it.each(cases('tempo-main', 'trace-v2-pb-'))('tempo, protobuf: %s', (name) => {
    const result = decode(answer('tempo-main', `trace-v2-pb-${name}`));
    expect(result.format).toBe('tempo');
    expect(sorted(result.spans)).toEqual(spansSent(name).map(throughTempo));
  });

  it.each(cases('tempo-main', 'trace-v1-'))('tempo, JSON of v1: %s', (name) => {
    expect(sorted(decode(answer('tempo-main', `trace-v1-${name}`)).spans)).toEqual(spansSent(name).map(throughTempo));
  });

  it.each(cases('tempo-main', 'trace-v1-pb-'))('tempo, protobuf of v1: %s', (name) => {
    const result = decode(answer('tempo-main', `trace-v1-pb-${name}`));
    expect(result.format).toBe('otlp-proto');
    expect(sorted(result.spans)).toEqual(spansSent(name).map(throughTempo));
  });

  it.each(cases('zipkin-3.5', 'trace-'))('zipkin: %s', (name) => {
    const result = decode(answer('zipkin-3.5', `trace-${name}`));
    expect(result.format).toBe('zipkin');
    const seen = sorted(result.spans);
    const wanted = spansSent(name);
    expect(seen.map(zipkinKeeps)).toEqual(wanted.map((span) => zipkinKeeps(throughZipkin(span))));
    // Tags are text, and some of the resource's attributes are among them; every attribute of the span is there.
    for (const [i, span] of seen.entries()) expect(span.attributes).toMatchObject(textOf(wanted[i].attributes));
  });

  it('says when Tempo gives a part of a trace only', () => {
    const result = decode(answer('tempo-main', 'large-trace-v2'));
    expect(result.defects.map(({ kind }) => kind)).toEqual(['capped']);
    expect(result.defects[0].message).toBe(
      'input is a part of the trace only: Trace exceeds maximum size of 4000 bytes, a partial trace is returned.',
    );
  });

  it.each([
    ['tempo-main', 'trace-v2-unknown', 'tempo'],
    ['tempo-main', 'trace-v2-unknown-pb', 'tempo'],
    ['jaeger-main', 'legacy-trace-unknown', 'jaeger'],
  ])('takes an answer without spans for what it is: %s %s', (server, name, format) => {
    const result = decode(answer(server, name));
    expect(result.format).toBe(format);
    expect(result.spans).toEqual([]);
  });

  it('marks the half of a span that the server reported, as Zipkin does', () => {
    const { spans } = decode(answer('zipkin-3.5', 'trace-zipkin-shared'));
    expect(spans.map(({ name, spanId, shared, service }) => ({ name, spanId, shared, service }))).toEqual([
      { name: 'get /start', spanId: '10fb86738b42c835', shared: false, service: 'zip-web' },
      { name: 'get /api', spanId: '584f3e32248c1e89', shared: false, service: 'zip-web' },
      { name: 'get /api', spanId: '584f3e32248c1e89', shared: true, service: 'zip-api' },
      { name: 'load', spanId: 'bf9ed025601c567f', shared: false, service: 'zip-api' },
    ]);
    expect(spans[1].attributes).toEqual({
      'peer.service': 'zip-api',
      'network.peer.address': '10.1.0.2',
      'network.peer.port': 9000,
    });
    expect(spans[2].resource).toEqual({
      'service.name': 'zip-api',
      'network.local.address': '10.1.0.2',
      'network.local.port': 9000,
    });
  });

  it('reads a duration that Jaeger wrote as an unsigned number as the negative one that it is', () => {
    const { spans } = decode(answer('jaeger-2.13', 'basepath-legacy-trace-clock-skew'));
    expect(spans.map(({ durationNs }) => durationNs)).toContain(-1_355_000_000);
  });
});

function sorted(spans: readonly PlainSpan[]): PlainSpan[] {
  return [...spans].sort((a, b) => (a.spanId < b.spanId ? -1 : 1));
}

const micros = (ns: bigint): bigint => (ns / 1000n) * 1000n;

/** Jaeger's notes are ours to show, and nothing that was sent. */
function withoutWarnings(span: PlainSpan): PlainSpan {
  const { '@jaeger@warnings': _, ...attributes } = span.attributes;
  return { ...span, attributes };
}

function throughJaegerV3(span: PlainSpan, server: string): PlainSpan {
  return {
    ...span,
    ...named(span, server),
    durationNs: span.durationNs <= 0 ? 1 : span.durationNs,
  };
}

function named(span: PlainSpan, server: string): Partial<PlainSpan> {
  const service = span.service === '' ? 'missing-service-name' : span.service;
  return {
    name: span.name === '' && server === 'jaeger-main' ? 'empty-span-name' : span.name,
    service,
    resource: { ...span.resource, 'service.name': service },
  };
}

/** The legacy API: microseconds, no flags, no scope attributes, JSON text for what nests. */
function throughJaeger(span: PlainSpan, server: string): PlainSpan {
  const { resource = {}, ...names } = named(span, server);
  return {
    ...span,
    ...names,
    startNs: micros(span.startNs),
    durationNs: Math.max(0, Math.floor(span.durationNs / 1000) * 1000),
    flags: 0,
    resource: flat(resource),
    scope: { ...span.scope, attributes: {} },
    attributes: flat(span.attributes),
    events: span.events.map((event) => ({ ...event, timeNs: micros(event.timeNs), attributes: flat(event.attributes) })),
    links: span.links.map((link) => ({ ...link, attributes: {} })),
  };
}

function flat(attributes: Record<string, AttributeValue>): Record<string, AttributeValue> {
  return Object.fromEntries(
    Object.entries(attributes).map(([key, value]) => [key, nested(value) ? jsonOf(value) : (value ?? '')]),
  );
}

function nested(value: AttributeValue): boolean {
  return typeof value === 'object' && !(value instanceof Uint8Array);
}

/** As Go writes JSON: map keys in order, big integers as numbers. */
function jsonOf(value: AttributeValue): string {
  if (Array.isArray(value)) return `[${value.map(jsonOf).join(',')}]`;
  if (typeof value === 'object' && value !== null && !(value instanceof Uint8Array)) {
    const pairs = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
    return `{${pairs.map(([key, inner]) => `${JSON.stringify(key)}:${jsonOf(inner)}`).join(',')}}`;
  }
  if (typeof value === 'bigint') return value.toString();
  return JSON.stringify(value) ?? 'null';
}

/** Values are cut at 2,048 bytes, flags are lost. */
function throughTempo(span: PlainSpan): PlainSpan {
  return {
    ...span,
    flags: 0,
    attributes: cut(span.attributes),
    events: span.events.map((event) => ({ ...event, attributes: cut(event.attributes) })),
  };
}

function cut(attributes: Record<string, AttributeValue>): Record<string, AttributeValue> {
  return Object.fromEntries(
    Object.entries(attributes).map(([key, value]) => [
      key,
      typeof value === 'string' ? Buffer.from(value).subarray(0, 2048).toString() : value,
    ]),
  );
}

/** Names in lower case, microseconds and at least one, no links, descriptions of errors only. */
function throughZipkin(span: PlainSpan): PlainSpan {
  return {
    ...span,
    name: span.name.toLowerCase(),
    kind: span.kind === 0 ? 1 : span.kind,
    startNs: micros(span.startNs),
    durationNs: span.durationNs < 0 ? 0 : Math.max(1, Math.floor(span.durationNs / 1000)) * 1000,
    running: span.durationNs < 0,
    statusMessage: span.status === 2 ? span.statusMessage : '',
    service: span.service === '' ? 'unknown_service' : span.service.toLowerCase(),
    events: span.events.map((event) => ({ ...event, timeNs: micros(event.timeNs), attributes: textless(event.attributes) })),
  };
}

/** What of a span can be compared as it is. */
function zipkinKeeps(span: PlainSpan): Partial<PlainSpan> & { scopeName: string } {
  const { traceId, spanId, parentSpanId, name, kind, startNs, durationNs, running, status, statusMessage, service, events } =
    span;
  return {
    traceId,
    spanId,
    parentSpanId,
    name,
    kind,
    startNs,
    durationNs,
    running,
    status,
    statusMessage,
    service,
    events,
    scopeName: span.scope.name,
  };
}

/** Events' attributes are JSON there: types are kept, except for bytes and big integers. */
function textless(attributes: Record<string, AttributeValue>): Record<string, AttributeValue> {
  return Object.fromEntries(
    Object.entries(attributes).map(([key, value]) => {
      if (value instanceof Uint8Array) return [key, Buffer.from(value).toString('base64')];
      if (typeof value === 'bigint') return [key, Number(value)];
      return [key, nested(value) ? jsonOf(value) : value];
    }),
  );
}

function textOf(attributes: Record<string, AttributeValue>): Record<string, AttributeValue> {
  return Object.fromEntries(
    Object.entries(attributes).map(([key, value]) => {
      if (value instanceof Uint8Array) return [key, Buffer.from(value).toString('base64')];
      return [key, nested(value) ? jsonOf(value) : value === undefined ? '' : String(value)];
    }),
  );
}
