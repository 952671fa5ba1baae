/** What the body of an export becomes, whatever brought it: OTLP over HTTP or over gRPC. */

import type { Taken, TelemetrySink } from '../sink';
import type { Encoding } from './answers';
import { recordExport, spanExport } from './otlpExport';

export const METRICS = 'metrics';
export type Signal = 'traces' | 'logs' | typeof METRICS;

const NOTHING: Taken = { rejected: 0, message: '' };

/** What became of a body, and as which signal: as what it holds, where that is another one than its path says. */
export async function takeAs(
  signal: Signal,
  body: Uint8Array,
  saidEncoding: Encoding,
  sink: TelemetrySink,
): Promise<readonly [Signal, Taken]> {
  const encoding = formOf(body, saidEncoding);
  if (signal === METRICS) {
    sink.metrics();
    return [METRICS, NOTHING];
  }
  if (body.length === 0) return [signal, NOTHING];
  if (signal === 'logs') {
    const records = await sink.records(recordExport(body, encoding));
    if (records.held !== 'nothing' && !(encoding === 'json' && namesSpans(body))) return ['logs', records];
    const spans = await sink.spans(spanExport(body, encoding));
    if (spans.beside?.metrics) sink.metrics();
    return records.held === 'nothing' ? ['traces', spans] : ['logs', withMessageOf(records, spans)];
  }
  const spans = await sink.spans(spanExport(body, encoding));
  if (spans.held === 'logs') return ['logs', await sink.records(recordExport(body, encoding))];
  if (spans.held === METRICS || spans.beside?.metrics) sink.metrics();
  if (spans.held === METRICS) return [METRICS, NOTHING];
  if (!spans.beside?.logs) return ['traces', spans];
  return ['traces', withMessageOf(spans, await sink.records(recordExport(body, encoding)))];
}

/** Several signals may be in one body; the answer has room for the count of one. */
function withMessageOf(asked: Taken, other: Taken): Taken {
  return { rejected: asked.rejected, message: [asked.message, other.message].filter((text) => text !== '').join(' ') };
}

function namesSpans(body: Uint8Array): boolean {
  const text = Buffer.from(body.buffer, body.byteOffset, body.length);
  return text.includes('"resourceSpans"') || text.includes('"resource_spans"');
}

const OPEN_OBJECT = 123;
const OPEN_LIST = 91;

/** No message of OTLP's begins with a bracket: that is JSON under a wrong name. */
function formOf(body: Uint8Array, encoding: Encoding): Encoding {
  return body[0] === OPEN_OBJECT || body[0] === OPEN_LIST ? 'json' : encoding;
}
