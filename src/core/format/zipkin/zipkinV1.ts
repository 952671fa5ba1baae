/**
 * Zipkin's version 1 JSON, where annotations (`cs`, `sr`, …) with endpoints stand for kinds, and binary annotations for tags. A span that client and
 * server wrote into becomes two with one id, the server's being shared, as Zipkin itself makes version 2 of version 1.
 * Sources: openzipkin/zipkin-api zipkin-api.yaml; openzipkin/zipkin zipkin/src/main/java/zipkin2/v1/V1SpanConverter.java.
 */

import { type DocumentKind, isMembers, jsonOf, membersIn, membersOf, scalarOf, textOf } from '../documents/kind';
import type { Members } from '../documents/literal';

type Side = 'CLIENT' | 'SERVER' | 'PRODUCER' | 'CONSUMER';

/** What an annotation says of a side: that it begins, or that it ends. */
const core: Readonly<Record<string, readonly [Side, 'begin' | 'end']>> = {
  cs: ['CLIENT', 'begin'],
  cr: ['CLIENT', 'end'],
  sr: ['SERVER', 'begin'],
  ss: ['SERVER', 'end'],
  ms: ['PRODUCER', 'begin'],
  ws: ['PRODUCER', 'end'],
  mr: ['CONSUMER', 'end'],
  wr: ['CONSUMER', 'begin'],
};
/** Binary annotations that are the address of the other side, by the side that says so. */
const addresses: Readonly<Record<string, Side>> = { sa: 'CLIENT', ca: 'SERVER', ma: 'PRODUCER' };

interface Half {
  readonly side?: Side;
  local?: Members;
  remote?: Members;
  begin?: number;
  end?: number;
  readonly annotations: { timestamp: unknown; value: unknown }[];
  readonly tags: Record<string, string>;
}

export const zipkinV1: DocumentKind = {
  format: 'zipkin-v1',
  is: ({ traceId, id, annotations, binaryAnnotations }) =>
    typeof traceId === 'string' &&
    typeof id === 'string' &&
    (Array.isArray(binaryAnnotations) || membersIn(annotations).some(({ endpoint }) => isMembers(endpoint))),
  translate(span) {
    const halves = halvesOf(span);
    const values = halves.map((half, index) => ({
      traceId: span.traceId,
      id: span.id,
      parentId: span.parentId,
      name: span.name,
      kind: half.side,
      // The span's own times are those of the side that began it.
      timestamp: (index === 0 ? span.timestamp : undefined) ?? half.begin,
      duration: (index === 0 ? span.duration : undefined) ?? lengthOf(half),
      localEndpoint: half.local,
      remoteEndpoint: half.remote,
      annotations: half.annotations,
      tags: half.tags,
      debug: span.debug === true ? true : undefined,
      shared: index > 0 || isSharedServer(span, half) ? true : undefined,
    }));
    return { as: 'zipkin', value: values };
  },
};

/** The client's before the server's. */
function halvesOf(span: Members): Half[] {
  const annotations = membersIn(span.annotations);
  const binary = membersIn(span.binaryAnnotations);
  const sides = new Map<Side, Half>();
  for (const { value, timestamp, endpoint } of annotations) {
    const known = typeof value === 'string' ? core[value] : undefined;
    if (!known || !Object.hasOwn(core, scalarOf(value))) continue;
    const [side, moment] = known;
    const half = sides.get(side) ?? newHalf(side);
    sides.set(side, half);
    if (isMembers(endpoint)) half.local ??= endpoint;
    if (typeof timestamp === 'number') half[moment] = timestamp;
  }
  const halves = (['CLIENT', 'SERVER', 'PRODUCER', 'CONSUMER'] as const).flatMap((side) => sides.get(side) ?? []);
  if (halves.length === 0) halves.push(newHalf(undefined));
  const halfOf = (endpoint: unknown): Half => {
    const service = membersOf(endpoint).serviceName;
    return halves.find(({ local }) => local?.serviceName === service) ?? halves[0];
  };
  for (const { value, timestamp, endpoint } of annotations) {
    if (typeof value === 'string' && Object.hasOwn(core, value)) continue;
    const half = halfOf(endpoint);
    if (isMembers(endpoint)) half.local ??= endpoint;
    half.annotations.push({ timestamp, value });
  }
  for (const { key, value, endpoint } of binary) {
    if (typeof key !== 'string') continue;
    const side = Object.hasOwn(addresses, key) ? addresses[key] : undefined;
    // The value says nothing: it is true, or what writers take for it.
    if (side !== undefined && isMembers(endpoint)) {
      const half = sides.get(side) ?? halves[0];
      half.remote ??= endpoint;
      continue;
    }
    const half = halfOf(endpoint);
    if (isMembers(endpoint)) half.local ??= endpoint;
    half.tags[key] = textOf(value) ?? (typeof value === 'bigint' ? value.toString() : jsonOf(value));
  }
  return halves;
}

function newHalf(side: Side | undefined): Half {
  return { ...(side ? { side } : {}), annotations: [], tags: Object.create(null) };
}

/** A server's span without times of its own has the id of the client's, which has them: version 1 has no other way to say so. */
function isSharedServer({ timestamp, duration }: Members, { side, end }: Half): boolean {
  return side === 'SERVER' && (!timestamp || (end !== undefined && !duration));
}

/** Microseconds. */
function lengthOf({ begin, end }: Half): number | undefined {
  return begin === undefined || end === undefined || end <= begin ? undefined : end - begin;
}
