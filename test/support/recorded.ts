/** What was sent to the servers whose answers are recorded: spans by the name of their trace. */
import { readFileSync } from 'node:fs';
import { byTrace, decodedSpans, type PlainSpan, plainSpans } from './plainSpans';
import { sharedPath } from './sharedData';

export interface RecordedTrace {
  /** As exchanges are named after it. */
  readonly name: string;
  /** Lower-case hex, as it was sent. */
  readonly traceId: string;
  readonly spans: readonly PlainSpan[];
}

function read(...parts: string[]): string {
  return readFileSync(sharedPath('recorded', ...parts), 'utf8');
}

function named(spans: readonly PlainSpan[]): RecordedTrace[] {
  const traces = byTrace(spans);
  const catalogue: { readonly traces: readonly { readonly name: string; readonly traceId: string }[] } = JSON.parse(
    read('traces.json'),
  );
  return catalogue.traces.flatMap(({ name, traceId }) => {
    const found = traces.get(traceId.padStart(32, '0'));
    return found ? [{ name, traceId, spans: found }] : [];
  });
}

/** What Jaeger and Tempo got; with `nan` and `negative-duration`, which were sent last. */
export function recordedOtlp(): RecordedTrace[] {
  return named(['input.otlp.json', 'input-last.otlp.json'].flatMap((file) => plainSpans(JSON.parse(read(file)))));
}

/** What Zipkin got. */
export function recordedZipkin(): RecordedTrace[] {
  return named(decodedSpans(new TextEncoder().encode(read('input.zipkin.json'))));
}
