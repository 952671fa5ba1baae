/**
 * What is kept goes on to another endpoint as well: the host sends it, because VS Code's proxy and certificates are there, and takes it from here piece by
 * piece. Only what is safe and redacted comes here; nothing waits for it. Spans in progress stay here, and so does what was forwarded already: it came back.
 */

import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { Slices } from '../../base/slices';
import { inSlices } from '../../base/steps';
import { ForwardQueue } from '../../capture/forward/forwardQueue';
import { KnownItems, mixed } from '../../capture/forward/knownItems';
import { MAX_FRAME_BYTES } from '../../capture/log/logFormat';
import type { RowSelection } from '../../core/format/format';
import { BATCH_NO_END, type SpanBatch } from '../../core/model/batch';
import type { LogRecord } from '../../core/model/logRecord';
import type { ForwardedState } from '../../protocol/forward';
import type { StoredRedactor } from '../redact/storedRedactor';
import { encodeSelections, joined } from '../store/encodeSpans';
import type { Emit } from '../store/notifier';

/** Bytes that wait while the endpoint is slow or away. */
const QUEUE_BYTES = 64 << 20;
/** Bytes of one request, about. */
const PIECE_BYTES = 1 << 20;

const zipped = promisify(gzip);

/** Told of what is safe. */
export interface ForwardSink {
  /** @param bytes an `ExportTraceServiceRequest` as it is kept @param batches what was read of it */
  spans(bytes: Uint8Array, batches: readonly SpanBatch[]): void;
  /** @param frames `ExportLogsServiceRequest`s as they are kept @param records what was read of them */
  records(frames: readonly Uint8Array[], records: readonly LogRecord[]): void;
}

export class Forwarding implements ForwardSink {
  private queue: ForwardQueue | undefined;
  private known: KnownItems | undefined;
  private returned = 0;
  private left: readonly number[] = [];
  /** The host was told that something waits, and has not yet taken all of it. */
  private isTold = false;
  private isReturnTold = false;

  constructor(private readonly emit: Emit) {}

  get bytes(): number {
    return this.queue?.bytes ?? 0;
  }

  /** Whether a registered port stays with the endpoint. */
  leaves(port: number): boolean {
    return this.left.includes(port);
  }

  /**
   * Begins anew, or ends: what waits is gone then. Going on keeps it.
   * @param ports of this machine that stay with the endpoint
   */
  set(on: boolean, ports: readonly number[] = []): void {
    this.left = on ? ports : [];
    if (on === (this.queue !== undefined)) {
      // Whoever asks may be another host than was told.
      this.isTold = false;
      this.tell();
      return;
    }
    this.queue = on ? new ForwardQueue(QUEUE_BYTES) : undefined;
    this.known = on ? new KnownItems() : undefined;
    this.returned = 0;
    this.isTold = false;
    this.isReturnTold = false;
  }

  spans(bytes: Uint8Array, batches: readonly SpanBatch[]): void {
    const { queue } = this;
    if (!queue) return;
    const selections = batches.map((batch) => ({ batch, rows: this.rowsOf(batch) }));
    const items = selections.reduce((sum, { rows }) => sum + rows.length, 0);
    if (items === 0) {
      this.tellReturned();
      return;
    }
    const isWhole = selections.every(({ batch, rows }) => rows.length === batch.count);
    queue.add({ signal: 'traces', bytes: bytes.length, items, encode: () => (isWhole ? [bytes] : encoded(selections)) });
    this.tell();
  }

  records(frames: readonly Uint8Array[], records: readonly LogRecord[]): void {
    const { queue } = this;
    if (!queue) return;
    const known = records.filter((record) => this.isKnownRecord(record)).length;
    this.returned += known;
    // They cannot be parted without losing what is beside them.
    if (known * 2 > records.length) {
      this.tellReturned();
      return;
    }
    const bytes = frames.reduce((sum, { length }) => sum + length, 0);
    queue.add({ signal: 'logs', bytes, items: records.length, encode: () => frames });
    this.tell();
  }

  /**
   * The next piece. Where there is none, an event tells when there is.
   * @param redactor where what is kept is not redacted: nothing leaves without that
   */
  async take(isZipped: boolean, redactor?: StoredRedactor): Promise<ForwardedState> {
    const { queue } = this;
    const gathered = queue?.take(PIECE_BYTES);
    if (!gathered) this.isTold = false;
    const state = { waiting: queue?.items ?? 0, dropped: queue?.dropped ?? 0, returned: this.returned };
    if (!gathered) return state;
    const { signal, items, parts } = gathered;
    const kept = joined(parts);
    const plain = redactor
      ? await inSlices(redactor.redacting(kept, signal === 'logs' ? 'records' : 'spans'), new Slices())
      : kept;
    // What cannot be looked at does not leave.
    if (plain === undefined) {
      queue?.drop(items);
      return this.take(isZipped, redactor);
    }
    const body = isZipped ? owned(await zipped(plain, { level: 1 })) : owned(plain);
    return { ...state, piece: { signal, items, body, zipped: isZipped } };
  }

  /** The first time; later ones are told with what is taken. */
  private tellReturned(): void {
    if (this.returned === 0 || this.isReturnTold) return;
    this.isReturnTold = true;
    if (!this.isTold) this.emit('forwardWaiting', {});
  }

  private tell(): void {
    if (this.isTold || !this.queue || this.queue.isEmpty) return;
    this.isTold = true;
    this.emit('forwardWaiting', {});
  }

  /** Those that ended and are not known. */
  private rowsOf({ count, flags, traceId, spanId, start, kind }: SpanBatch): readonly number[] {
    const rows: number[] = [];
    for (let row = 0; row < count; row++) {
      if (flags[row] & BATCH_NO_END) continue;
      const [t, s] = [row * 4, row * 2];
      const salt = mixed(kind[row], start[s], start[s + 1], traceId[t], traceId[t + 1], traceId[t + 2], traceId[t + 3]);
      if (this.known?.add(mixed(salt, spanId[s]), mixed(~salt, spanId[s + 1]))) this.returned++;
      else rows.push(row);
    }
    return rows;
  }

  private isKnownRecord({ traceId, spanId, timeUnixNano, severityNumber, eventName, scope, body }: LogRecord): boolean {
    const text = `${traceId}${spanId}${timeUnixNano}${severityNumber}${eventName}${scope}${typeof body === 'string' ? body.slice(0, 200) : ''}`;
    let [a, b] = [1, 2];
    for (let i = 0; i < text.length; i++) {
      a = Math.imul(a ^ text.charCodeAt(i), 0x01000193);
      b = Math.imul(b ^ text.charCodeAt(i), 0x85ebca6b);
    }
    return this.known?.add(mixed(3, a), mixed(5, b)) ?? false;
  }
}

function encoded(selections: readonly RowSelection[]): readonly Uint8Array[] {
  return encodeSelections(
    selections.filter(({ rows }) => rows.length > 0),
    MAX_FRAME_BYTES,
  );
}

/** With memory of its own, so that it can be moved. */
function owned(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const { buffer } = bytes;
  return buffer instanceof ArrayBuffer && buffer.byteLength === bytes.byteLength ? new Uint8Array(buffer) : new Uint8Array(bytes);
}
