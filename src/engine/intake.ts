/**
 * From a request to spans: decode, append to the log, then put into the store; the answer goes out when the append is done. Decoding comes
 * first so that the log holds nothing that cannot be read back. What came as JSON, or damaged in part, is written and kept as the
 * protobuf of what could be read.
 */

import type { Encoding } from '../capture/answers';
import type { CaptureLog } from '../capture/log';
import type { TraceSink } from '../capture/receiver';
import { SpanhopError } from '../core/errors';
import { type DecodeResult, decodeBytes } from '../core/format/format';
import { isWholeMessage } from '../core/format/proto/wholeMessage';
import type { CaptureCounts } from '../protocol/engineProtocol';
import type { Dataset } from './dataset';
import { encodeBatches } from './encode';
import { takeLogs } from './logIntake';
import { SmallBatches } from './smallBatches';

/** The capture that requests go to, and what it holds. */
export interface CurrentCapture {
  readonly id: string;
  /** Its number in the store. */
  readonly number: number;
  readonly startedAt: number;
  readonly log: CaptureLog;
  /** Where requests of logs go; made with the first one. */
  logs(): Promise<CaptureLog>;
  readonly services: Set<string>;
  spans: number;
  traces: number;
}

export interface IntakeOwner {
  readonly current: CurrentCapture | undefined;
  readonly dataset: Dataset;
  /** Where the store notes which traces were touched. */
  readonly touched: Set<number> | undefined;
  /** Memory has more in it than before. */
  grew(): void;
  /** After spans came (or were refused). */
  received(spans: number): void;
}

export class Intake implements TraceSink {
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

  async logs(body: Uint8Array, encoding: Encoding): Promise<void> {
    this.logRequests++;
    try {
      if (body.length > 0) await takeLogs(this.owner, body, encoding);
    } finally {
      this.owner.received(0);
    }
  }

  refused(): void {
    this.rejected++;
    this.owner.received(0);
  }

  async traces(body: Uint8Array, encoding: Encoding): Promise<{ rejected: number; message: string }> {
    const { current } = this.owner;
    if (!current) throw new SpanhopError('Unreachable', 'The capture was stopped.');
    if (body.length === 0) return { rejected: 0, message: '' };
    const result = this.decode(body, encoding);
    if (result.spanCount === 0) return { rejected: 0, message: '' };
    const lost = result.defects.filter((defect) => defect.kind === 'unreadable');
    const rejected = lost.reduce((sum, defect) => sum + defect.count, 0);
    if (encoding === 'json' || rejected > 0) {
      const encoded = encodeBatches(result.batches);
      await current.log.append(encoded);
      this.keep(current, this.decode(encoded, 'protobuf'));
    } else {
      await current.log.append(body);
      this.keep(current, result);
    }
    this.rejected += rejected;
    this.owner.received(result.spanCount);
    return { rejected, message: lost.map((defect) => defect.message).join(' ') };
  }

  /** Throws `BadData`, and counts, when the body is no trace export. */
  private decode(body: Uint8Array, encoding: Encoding): DecodeResult {
    try {
      if (encoding === 'protobuf' && !isWholeMessage(body)) {
        throw new SpanhopError('BadData', `The body (${body.length} bytes) is not an ExportTraceServiceRequest.`);
      }
      const format = encoding === 'json' ? 'otlp-json' : 'otlp-proto';
      const result = decodeBytes(body, { strings: this.owner.dataset.strings, name: 'The request', format });
      const unreadable = result.defects.find((defect) => defect.kind === 'unreadable');
      if (unreadable && (result.spanCount === 0 || (encoding === 'json' && !isJson(body)))) {
        throw new SpanhopError('BadData', unreadable.message);
      }
      return result;
    } catch (error) {
      this.refused();
      if (error instanceof SpanhopError && error.kind === 'BadData') throw error;
      throw new SpanhopError('BadData', `The request cannot be read: ${error instanceof Error ? error.message : error}`);
    }
  }

  private keep(current: CurrentCapture, result: DecodeResult): void {
    const { dataset, touched } = this.owner;
    const { store } = dataset;
    const before = store.traceCount;
    for (const batch of result.batches) {
      const stored = store.add(batch, current.number, touched);
      if (stored) this.small.note(dataset, stored);
      for (const resource of batch.resources) {
        const service = batch.strings.get(resource.service);
        if (service !== '' && current.services.size < 1_000) current.services.add(service);
      }
    }
    const added = store.traceCount - before;
    this.spanCount += result.spanCount;
    this.traceCount += added;
    current.spans += result.spanCount;
    current.traces += added;
    this.owner.grew();
  }
}

/** Only asked about bodies that turned out to be damaged. */
function isJson(body: Uint8Array): boolean {
  try {
    JSON.parse(new TextDecoder().decode(body));
    return true;
  } catch {
    return false;
  }
}
