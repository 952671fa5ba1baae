/**
 * From a request to spans: decode, append to the log, then put into the store; the answer goes out when the append is done. Decoding comes
 * first so that the log holds nothing that cannot be read back. What is no OTLP protobuf, or damaged in part, is written and kept as the
 * protobuf of what could be read, which is decoded before it is written: it must give the same spans, or the request is refused.
 */

import { SpanhopError } from '../../base/errors';
import { Slices } from '../../base/slices';
import { inSlices } from '../../base/steps';
import { isRequest, MAX_FRAME_BYTES, PREFIX_BYTES } from '../../capture/log/logFormat';
import { spanExport } from '../../capture/otlp/otlpExport';
import type { RecordExport, SpanExport, StreamSink, Taken, TelemetrySink } from '../../capture/sink';
import type { DecodeResult } from '../../core/format/format';
import { StringTable } from '../../core/model/strings';
import { formatCount } from '../../core/text/formatText';
import type { CaptureCounts } from '../../protocol/capture';
import { encodeSelections } from '../store/encodeSpans';
import type { LogPlace } from '../store/logPlaces';
import { sessionOf } from '../store/sessionOf';
import { errorsOf } from './captureCounts';
import type { CurrentCapture, IntakeOwner } from './intakeOwner';
import { takeLogs } from './logIntake';
import { appendSafely } from './safeAppend';
import { holdSameSpans } from './sameSpans';
import { onlySession, sessionParts } from './sessionParts';
import { SmallBatches } from './smallBatches';

function isOtlp({ format }: DecodeResult): boolean {
  return format === 'otlp-json' || format === 'otlp-jsonl' || format === 'otlp-proto';
}

/** A request as it stands in a log, and as it was read from there. */
interface Written {
  readonly bytes: Uint8Array;
  readonly result: DecodeResult;
}

/** What of a request is of one session. */
interface Part {
  readonly session: string;
  readonly written: readonly Written[];
}

export class Intake implements TelemetrySink, StreamSink {
  private readonly small = new SmallBatches();
  private spanCount = 0;
  private traceCount = 0;
  private rejected = 0;
  private metricRequests = 0;
  private logRequests = 0;

  constructor(private readonly owner: IntakeOwner) {}

  get counts(): CaptureCounts {
    const { spanCount, traceCount, rejected, metricRequests, logRequests } = this;
    return { spans: spanCount, traces: traceCount, rejected, metricRequests, logRequests };
  }

  reset(): void {
    this.spanCount = 0;
    this.traceCount = 0;
    this.rejected = 0;
    this.metricRequests = 0;
    this.logRequests = 0;
  }

  metrics(): void {
    this.metricRequests++;
    this.owner.received(0);
  }

  async records(request: RecordExport): Promise<Taken> {
    this.logRequests++;
    try {
      return await takeLogs(this.owner, request);
    } finally {
      this.owner.received(0);
    }
  }

  refused(): void {
    this.count(1);
  }

  over(stream: object): void {
    this.owner.programs.streamOver(stream);
  }

  lost(spans: number, message: string): void {
    this.count(spans);
    this.owner.tellLoss('part', message);
  }

  /** Spans that are not kept. */
  private count(spans: number): void {
    this.rejected += spans;
    this.owner.received(0);
  }

  async spans(request: SpanExport): Promise<Taken> {
    if (!this.owner.capturing) throw new SpanhopError('Unreachable', 'The capture was stopped.');
    const { redactor, dataset } = this.owner;
    const otlp = await this.redacted(request.otlp);
    // What will be written anew is read into a table of its own: what is to be hidden of it stays nowhere.
    const strings = otlp || !redactor ? dataset.strings : new StringTable();
    const result = await this.decode(otlp && otlp !== request.otlp ? spanExport(otlp, 'protobuf') : request, strings);
    const { spanCount, leftOut, defects } = result;
    if (spanCount === 0) {
      const { logs, metrics } = result.otherSignals;
      return { rejected: 0, message: '', held: logs > 0 ? 'logs' : metrics > 0 ? 'metrics' : 'nothing' };
    }
    const isKept = otlp && leftOut === 0 && isRequest(otlp);
    const session = isKept ? onlySession(result.batches) : undefined;
    const parts: readonly Part[] =
      isKept && session !== undefined ? [{ session, written: [{ bytes: otlp, result }] }] : await this.rewritten(result);
    for (const { session, written } of parts) {
      const frames = written.map(({ bytes }) => bytes);
      const { capture, end } = await appendSafely(this.owner, session, ({ log }) => log, frames);
      let from = end - frames.reduce((sum, { length }) => sum + length + PREFIX_BYTES, 0);
      for (const { bytes, result } of written) {
        const to = from + bytes.length + PREFIX_BYTES;
        this.keep(capture, result, { from, to }, request.stream);
        this.owner.forward?.spans(bytes, result.batches);
        from = to;
      }
      capture.keptTo = end;
    }
    const rejected = leftOut === 0 ? 0 : isOtlp(result) ? Math.max(0, request.sent() - spanCount) : leftOut;
    this.rejected += rejected;
    this.owner.received(spanCount);
    // Spans that were kept with a flaw are told of as well, as a warning.
    const flaws = defects.filter(({ kind }) => kind === 'unreadable' || kind === 'capped');
    const message = flaws.map((defect) => defect.message).join(' ');
    if (rejected > 0) {
      const whole = formatCount(spanCount + rejected, 'span');
      this.owner.tellLoss('part', `Of ${whole} in a request, ${rejected} ${rejected === 1 ? 'is' : 'are'} not kept: ${message}`);
    } else if (message !== '') {
      this.owner.tellLoss('flaw', message);
    }
    const { logs, metrics } = result.otherSignals;
    return { rejected, message, ...(logs + metrics > 0 ? { beside: { logs: logs > 0, metrics: metrics > 0 } } : {}) };
  }

  /**
   * Spans by session, as they will stand in the log, and as they will be read from there. Throws `BadData` or `TooLarge`, and counts, where that is not
   * the same.
   */
  private async rewritten(result: DecodeResult): Promise<Part[]> {
    const parts: Part[] = [];
    for (const [session, selections] of sessionParts(result.batches)) {
      const written: Written[] = [];
      const encoded = await this.counting(
        () => encodeSelections(selections, MAX_FRAME_BYTES),
        () => result.spanCount,
      );
      for (const raw of encoded) {
        const bytes = await this.redacted(raw);
        // What cannot be looked at is not stored.
        if (!bytes) throw new SpanhopError('BadData', 'The request has values that are nested too deeply to be kept.');
        written.push({ bytes, result: await this.decode(spanExport(bytes, 'protobuf')) });
      }
      parts.push({ session, written });
    }
    const written = parts.flatMap((part) => part.written);
    const batches = written.flatMap((part) => part.result.batches);
    if (!holdSameSpans(result.batches, batches) || written.some((part) => part.result.leftOut > 0 || !isRequest(part.bytes))) {
      this.count(result.spanCount);
      throw new SpanhopError('BadData', 'The request has values that cannot be written as protobuf.');
    }
    return parts;
  }

  /** A request without what is to be hidden; undefined where it has to be written anew for that. */
  private redacted(bytes: Uint8Array | undefined): Promise<Uint8Array | undefined> | Uint8Array | undefined {
    const { redactor } = this.owner;
    return bytes && redactor ? inSlices(redactor.redacting(bytes, 'spans'), new Slices()) : bytes;
  }

  /** A body of many megabytes in turns with other requests. Rejects with `BadData`, and counts, when nothing can be read. */
  private decode(request: SpanExport, strings = this.owner.dataset.strings): Promise<DecodeResult> {
    return this.counting(
      () => inSlices(request.decode(strings), new Slices()),
      () => request.sent(),
    );
  }

  /** Runs `work`; what it throws is a refusal of so many spans. What is too large is not read once more to count them. */
  private async counting<T>(work: () => T | Promise<T>, sent: () => number): Promise<T> {
    try {
      return await work();
    } catch (error) {
      this.count(error instanceof SpanhopError && error.kind === 'TooLarge' ? 1 : Math.max(1, sent()));
      if (error instanceof SpanhopError && (error.kind === 'BadData' || error.kind === 'TooLarge')) throw error;
      throw new SpanhopError('BadData', `The request cannot be read: ${error instanceof Error ? error.message : error}`);
    }
  }

  /** @param _frame where the request stands in the capture's log, from before its length to its end */
  private keep(current: CurrentCapture, result: DecodeResult, place: LogPlace, stream: object | undefined): void {
    const { dataset, touched } = this.owner;
    const { store } = dataset;
    const before = store.traceCount;
    const againBefore = current.again;
    for (const batch of result.batches) {
      current.errors += errorsOf(batch);
      current.again += current.begun.countAgain(batch);
      const stored = store.add(batch, current.number, touched, undefined, place);
      if (stored) this.small.note(dataset, stored);
      this.owner.programs.heard(batch, stream);
      for (const [i, resource] of batch.resources.entries()) {
        const session = sessionOf(batch, i);
        if (session !== undefined) this.owner.heard(session);
        const service = batch.strings.get(resource.service);
        if (service !== '' && current.services.size < 1_000) current.services.add(service);
      }
    }
    const added = store.traceCount - before;
    this.spanCount += result.spanCount - (current.again - againBefore);
    this.traceCount += added;
    current.spans += result.spanCount;
    current.traces += added;
    current.lastAt = Date.now();
    this.owner.grew();
  }
}
