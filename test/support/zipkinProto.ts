/** Zipkin's protobuf of spans that are written as its JSON. Field numbers: openzipkin/zipkin-api zipkin.proto. */

export interface ZipkinSpan {
  readonly traceId: string;
  readonly id: string;
  readonly parentId?: string;
  readonly kind?: string;
  readonly name?: string;
  readonly timestamp?: number;
  readonly duration?: number;
  readonly localEndpoint?: ZipkinEndpoint;
  readonly remoteEndpoint?: ZipkinEndpoint;
  readonly annotations?: readonly { readonly timestamp: number; readonly value: string }[];
  readonly tags?: Readonly<Record<string, string | undefined>>;
  readonly debug?: boolean;
  readonly shared?: boolean;
}

interface ZipkinEndpoint {
  readonly serviceName?: string;
  readonly ipv4?: string;
  readonly ipv6?: string;
  readonly port?: number;
}

const kinds = ['', 'CLIENT', 'SERVER', 'PRODUCER', 'CONSUMER'];

export function listOfSpans(spans: readonly ZipkinSpan[]): Uint8Array {
  return listOf(spans.map(zipkinSpan));
}

/** Of spans that are bytes already. */
export function listOf(spans: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(spans.flatMap((span) => field(1, span)));
}

export function zipkinSpan(span: ZipkinSpan): Uint8Array {
  const { traceId, parentId, id, kind = '', name = '', timestamp = 0, duration = 0, annotations = [], tags = {} } = span;
  return Uint8Array.from([
    ...field(1, hex(traceId, traceId.length > 16 ? 32 : 16)),
    ...(parentId === undefined ? [] : field(2, hex(parentId, 16))),
    ...field(3, hex(id, 16)),
    ...(kind === '' ? [] : number(4, kinds.indexOf(kind))),
    ...(name === '' ? [] : field(5, Buffer.from(name))),
    ...(timestamp === 0 ? [] : fixed64(6, timestamp)),
    ...(duration === 0 ? [] : number(7, duration)),
    ...(span.localEndpoint ? field(8, endpoint(span.localEndpoint)) : []),
    ...(span.remoteEndpoint ? field(9, endpoint(span.remoteEndpoint)) : []),
    ...annotations.flatMap((one) => field(10, [...fixed64(1, one.timestamp), ...field(2, Buffer.from(one.value))])),
    ...Object.entries(tags).flatMap(([key, value = '']) =>
      field(11, [...field(1, Buffer.from(key)), ...field(2, Buffer.from(value))]),
    ),
    ...(span.debug ? number(12, 1) : []),
    ...(span.shared ? number(13, 1) : []),
  ]);
}

function endpoint({ serviceName, ipv4, ipv6, port }: ZipkinEndpoint): number[] {
  return [
    ...(serviceName === undefined ? [] : field(1, Buffer.from(serviceName))),
    ...(ipv4 === undefined ? [] : field(2, ipv4.split('.').map(Number))),
    ...(ipv6 === undefined ? [] : field(3, ipv6Bytes(ipv6))),
    ...(port === undefined ? [] : number(4, port)),
  ];
}

function ipv6Bytes(text: string): number[] {
  const [before, after] = text.split('::').map((part) => part.split(':').filter((group) => group !== ''));
  const groups = [...before, ...Array.from({ length: 8 - before.length - after.length }, () => '0'), ...after];
  return groups.flatMap((group) => [Number.parseInt(group, 16) >> 8, Number.parseInt(group, 16) & 255]);
}

function varint(value: number): number[] {
  const bytes: number[] = [];
  for (let rest = value; ; rest = Math.floor(rest / 128)) {
    if (rest < 128) return [...bytes, rest];
    bytes.push((rest % 128) | 128);
  }
}

function field(name: number, bytes: Iterable<number>): number[] {
  const all = [...bytes];
  return [...varint(name * 8 + 2), ...varint(all.length), ...all];
}

function number(name: number, value: number): number[] {
  return [...varint(name * 8), ...varint(value)];
}

function fixed64(name: number, value: number): number[] {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt(value));
  return [...varint(name * 8 + 1), ...bytes];
}

function hex(text: string, digits: number): Buffer {
  return Buffer.from(text.padStart(digits, '0'), 'hex');
}
