// @ts-check
// A trace that grows: bodies of OTLP protobuf, each with spans of the same trace, realistic in what a span carries (`spans.mjs`). Requests of forty
// spans hang below one root, one body after the other in time.

import { encodeRequest } from './otlpProto.mjs';
import { makeRequest } from './spans.mjs';

export const LIVE_TRACE_ID = '11fe00d511fe00d511fe00d500000001';
const ROOT_ID = '00000000000000aa';
const REQUEST_SPANS = 40;
/** From one body to the next. */
const STEP_NS = 100_000_000n;
/** The root lasts from the first body to long after the last. */
const ROOT_NS = 3_600_000_000_000n;

/**
 * Body number `index`, from 0; the first one has the root.
 * @param {number} index
 * @param {number} spanCount
 */
export function liveBody(index, spanCount) {
  const request = makeRequest(spanCount, { seed: index + 1, spansPerTrace: REQUEST_SPANS });
  const spans = request.resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap((each) => each.spans));
  const shift = BigInt(index) * STEP_NS;
  for (const span of spans) {
    span.traceId = LIVE_TRACE_ID;
    span.startTimeUnixNano = String(BigInt(span.startTimeUnixNano) + shift);
    span.endTimeUnixNano = String(BigInt(span.endTimeUnixNano) + shift);
    if (span.parentSpanId === '') span.parentSpanId = ROOT_ID;
  }
  const [first] = spans;
  if (index === 0) {
    for (const span of spans) if (span.parentSpanId === first.spanId) span.parentSpanId = ROOT_ID;
    first.spanId = ROOT_ID;
    first.parentSpanId = '';
    first.endTimeUnixNano = String(BigInt(first.startTimeUnixNano) + ROOT_NS);
  }
  return encodeRequest(request);
}
