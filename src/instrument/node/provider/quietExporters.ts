/**
 * Exporters of the program that send spans to the receiver that they are handed over to anyway: each would be there twice, and they would hold up the program's end
 * once the receiver is gone. Other addresses are no business of ours.
 * Sources: `BatchSpanProcessorBase`, `SimpleSpanProcessor` and `MultiSpanProcessor` of @opentelemetry/sdk-trace-base 1.0 to 2.12; where they send, `OTLPExporterBase`
 * of @opentelemetry/otlp-exporter-base 0.27 to 0.223 and what is below it (`url`, `_transport._parameters.address`).
 */

interface Exporter {
  export(spans: unknown, done: (result: { code: number }) => void): void;
}

/** `ExportResultCode.SUCCESS` */
const SUCCESS = 0;
const ADDRESSES: ReadonlySet<string> = new Set(['url', '_url', 'address', '_address']);
const MOST_LEVELS = 6;
const MOST_OBJECTS = 200;
const LOOPBACK = /^(?:localhost|127\.0\.0\.1|\[::1\])$/;

/** Ports of this machine that spans are handed over to. */
export function portsIn(env: NodeJS.ProcessEnv): readonly number[] {
  const { SPANHOP_STREAM: stream, SPANHOP_PORTS: ports } = env;
  if (!stream) return [];
  return [stream.split(':').pop(), ...(ports ?? '').split(',')].map(Number).filter((port) => port > 0);
}

/** @param processors Span processors of any copy of the SDK. */
export function quietExporters(processors: readonly unknown[], ports: readonly number[], levels = 3): void {
  if (ports.length === 0 || levels === 0) return;
  for (const processor of processors) {
    const { _exporter: exporter, _spanProcessors: inner } = (processor ?? {}) as {
      _exporter?: unknown;
      _spanProcessors?: unknown;
    };
    if (Array.isArray(inner)) quietExporters(inner, ports, levels - 1);
    if (isExporter(exporter) && sendsTo(exporter, ports)) exporter.export = (_spans, done) => done({ code: SUCCESS });
  }
}

function isExporter(value: unknown): value is Exporter {
  return typeof value === 'object' && value !== null && typeof (value as Partial<Exporter>).export === 'function';
}

/** All of its addresses are ours, and there is one. */
function sendsTo(exporter: object, ports: readonly number[]): boolean {
  const found = addressesOf(exporter);
  return found.length > 0 && found.every((address) => isOurs(address, ports));
}

function addressesOf(exporter: object): readonly string[] {
  const found: string[] = [];
  const seen = new Set<object>();
  const look = (value: object, levels: number): void => {
    if (levels === 0 || seen.size === MOST_OBJECTS || seen.has(value)) return;
    seen.add(value);
    for (const [name, { value: member }] of Object.entries(Object.getOwnPropertyDescriptors(value))) {
      if (typeof member === 'string' && ADDRESSES.has(name) && member !== '') found.push(member);
      else if (typeof member === 'object' && member !== null && !ArrayBuffer.isView(member)) look(member, levels - 1);
    }
  };
  look(exporter, MOST_LEVELS);
  return found;
}

/** `http://localhost:4318/v1/traces`, and `localhost:4317` as gRPC has it. */
function isOurs(address: string, ports: readonly number[]): boolean {
  try {
    const { hostname, port } = new URL(/^[a-z]+:\/\//i.test(address) ? address : `http://${address}`);
    return LOOPBACK.test(hostname) && ports.includes(Number(port || 80));
  } catch {
    return false;
  }
}
