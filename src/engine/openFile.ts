/**
 * Trace files: read from disk here, so that no byte of them passes through the extension host. Small ones are decoded at once; larger ones
 * in pieces as they are read, with others' turns in between. Everything that can be wrong with a file ends as a sentence about it.
 */

import { type FileHandle, open } from 'node:fs/promises';
import { totalmem } from 'node:os';
import { SpanhopError, throwIfAborted, toErrorData } from '../core/errors';
import { type DecodeResult, decodeBytes, FillingDecoder, StreamDecoder } from '../core/format/format';
import type { SpanBatch } from '../core/model/batch';
import type { Defect } from '../core/model/table';
import type { DatasetContent, FileFormat } from '../protocol/engineProtocol';
import type { CallContext } from '../protocol/rpc';
import { Dataset } from './dataset';
import { addLogs } from './fileLogs';
import { Slices } from './slices';

/** Decoding this much takes below a tenth of a second; a file that is larger is decoded in pieces. */
const AT_ONCE_BYTES = 8 << 20;
const READ_BYTES = 1 << 20;
/** Up to here a file is held as a whole, its values are not copied; columns take about as much again. */
const WHOLE_BYTES = 1.5 * 1024 ** 3;
/** Memory that one file's spans may take; what comes after that is left out, and the list says so. */
const MAX_FILE_BYTES = Math.max(1024 ** 3, Math.min(6 * 1024 ** 3, totalmem() / 3));

export interface FileInput {
  readonly dataset: string;
  readonly name: string;
  readonly path?: string;
  readonly bytes?: Uint8Array;
  readonly format?: FileFormat;
}

type Work = Pick<CallContext, 'signal' | 'progress'>;

/** Reads trace data, from disk or from bytes, into a dataset of its own. Rejects with `SpanhopError`. */
export async function readTraces(
  input: FileInput,
  nextRevision: () => number,
  work: Work,
  maxBytes = MAX_FILE_BYTES,
): Promise<Dataset> {
  const dataset = new Dataset(input.dataset, nextRevision);
  const reader = new Reader(dataset, input, work, maxBytes);
  if (input.bytes) await reader.bytes(input.bytes);
  else if (input.path !== undefined) await reader.file(input.path);
  else throw new SpanhopError('NotFound', `${input.name} has neither a path nor content.`);
  return dataset;
}

/** What a list of the dataset's traces needs. */
export async function contentOf(dataset: Dataset, signal?: AbortSignal): Promise<DatasetContent> {
  const slices = new Slices(signal);
  const traces: DatasetContent['traces'][number][] = [];
  for (const slot of dataset.order.newestFirst()) {
    traces.push(dataset.overviews.of(slot));
    if (slices.due) await slices.pause();
  }
  const { name, format, defects, store } = dataset;
  return { dataset: name, format, spanCount: store.spans, traces, defects };
}

class Reader {
  private readonly slices: Slices;
  private capped: { readonly atByte: number; spans: number } | undefined;
  private done = 0;

  constructor(
    private readonly dataset: Dataset,
    private readonly input: FileInput,
    private readonly work: Work,
    private readonly maxBytes: number,
  ) {
    this.slices = new Slices(work.signal);
  }

  async bytes(bytes: Uint8Array): Promise<void> {
    if (bytes.length === 0) throw new SpanhopError('BadData', `${this.input.name} is empty.`);
    if (bytes.length <= AT_ONCE_BYTES) {
      this.finish(decodeBytes(bytes, this.options), bytes);
      return;
    }
    const decoder = new StreamDecoder(this.options);
    for (let at = 0; at < bytes.length && !this.capped; at += READ_BYTES) {
      await this.push(decoder, bytes.subarray(at, at + READ_BYTES), bytes.length);
    }
    this.finish(decoder.end(), bytes);
  }

  async file(path: string): Promise<void> {
    const file = await openOrExplain(path, this.input.name);
    try {
      const { size } = await file.stat();
      if (size === 0) throw new SpanhopError('BadData', `${this.input.name} is empty.`);
      if (size <= AT_ONCE_BYTES) {
        const bytes = new Uint8Array(size);
        const read = await fill(file, bytes, 0);
        this.finish(decodeBytes(bytes.subarray(0, read), this.options), bytes.subarray(0, read));
        return;
      }
      if (size <= Math.min(WHOLE_BYTES, this.maxBytes / 2)) await this.whole(file, size);
      else await this.pieces(file, size);
    } catch (error) {
      throw explained(error, this.input.name);
    } finally {
      await file.close();
    }
  }

  /** One buffer for all, decoded while the rest is read. */
  private async whole(file: FileHandle, size: number): Promise<void> {
    const bytes = new Uint8Array(size);
    const decoder = new FillingDecoder(bytes, this.options);
    const step = 4 * READ_BYTES;
    let filled = 0;
    let reading = fill(file, bytes.subarray(0, step), 0);
    for (;;) {
      const read = await reading;
      if (read === 0) break;
      filled += read;
      reading = fill(file, bytes.subarray(filled, filled + step), filled);
      throwIfAborted(this.work.signal);
      // In short steps: others wait for their turn meanwhile.
      for (let at = this.done + READ_BYTES; this.done < filled; at += READ_BYTES) {
        this.done = Math.min(at, filled);
        decoder.advance(this.done);
        if (!this.slices.due) continue;
        this.work.progress({ step: 'decoding', done: this.done, total: size, unit: 'bytes' });
        await this.slices.pause();
      }
    }
    this.finish(decoder.end(filled), bytes.subarray(0, filled));
  }

  private async pieces(file: FileHandle, size: number): Promise<void> {
    const decoder = new StreamDecoder(this.options);
    // Two buffers: the next piece is read while this one is decoded.
    let now = new Uint8Array(READ_BYTES);
    let next = new Uint8Array(READ_BYTES);
    let at = 0;
    let reading = fill(file, now, at);
    for (;;) {
      const read = await reading;
      if (read === 0) break;
      at += read;
      reading = fill(file, next, at);
      await this.push(decoder, now.subarray(0, read), Math.max(size, at));
      if (this.capped) {
        await reading;
        break;
      }
      [now, next] = [next, now];
    }
    this.finish(decoder.end());
  }

  private async push(decoder: StreamDecoder, piece: Uint8Array, total: number): Promise<void> {
    throwIfAborted(this.work.signal);
    this.add(decoder.push(piece));
    this.done += piece.length;
    if (this.dataset.store.bytes > this.maxBytes) this.capped = { atByte: this.done, spans: this.dataset.store.spans };
    if (!this.slices.due) return;
    this.work.progress({ step: 'decoding', done: this.done, total, unit: 'bytes' });
    await this.slices.pause();
  }

  private get options(): ConstructorParameters<typeof StreamDecoder>[0] {
    const { name, format } = this.input;
    return { strings: this.dataset.strings, name, ...(format ? { format } : {}) };
  }

  /** @param whole the input, where it is in memory */
  private finish(result: DecodeResult, whole?: Uint8Array): void {
    this.add(result.batches);
    const { dataset } = this;
    const logsDefect = result.otherSignals.logs > 0 ? addLogs(dataset, this.input.name, whole) : undefined;
    dataset.format = result.format;
    dataset.defects = this.capped
      ? [...withoutCut(result.defects), cappedDefect(this.input.name, this.capped.atByte)]
      : result.defects;
    if (logsDefect) dataset.defects = [...dataset.defects, logsDefect];
    if (dataset.store.spans > 0) return;
    // A file of logs or metrics, or a list that is empty, is what it is: zero spans, with the decoder's note. Damage that left
    // nothing is an error, and so are bytes that only happen to be protobuf without a field.
    const { logs, metrics } = result.otherSignals;
    const unreadable = result.defects.filter((defect) => defect.kind === 'unreadable');
    if (logs + metrics > 0 || (unreadable.length === 0 && result.format !== 'otlp-proto')) return;
    const why = unreadable.map((defect) => defect.message).join(' ');
    throw new SpanhopError('BadData', `${this.input.name} holds no span that can be read. ${why}`.trim());
  }

  private add(batches: readonly SpanBatch[]): void {
    for (const batch of batches) this.dataset.store.add(batch);
  }
}

/** Where reading stopped, the decoder met an end in the middle of something: that is no damage of the file. */
function withoutCut(defects: readonly Defect[]): Defect[] {
  return defects.filter((defect) => defect.kind !== 'unreadable' || defect.count > 1);
}

function cappedDefect(name: string, atByte: number): Defect {
  const megabytes = Math.round(atByte / 1e6).toLocaleString('en-US');
  return { kind: 'capped', count: 1, message: `${name} is too large for memory: only its first ${megabytes} MB were read.` };
}

async function openOrExplain(path: string, name: string): Promise<FileHandle> {
  try {
    const file = await open(path, 'r');
    if ((await file.stat()).isDirectory()) {
      await file.close();
      throw new SpanhopError('BadData', `${name} is a folder. Open a trace file in it.`);
    }
    return file;
  } catch (error) {
    throw explained(error, name);
  }
}

/** The system's errors in words. */
function explained(error: unknown, name: string): SpanhopError {
  if (error instanceof SpanhopError) return error;
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  switch (code) {
    case 'ENOENT':
      return new SpanhopError('NotFound', `${name} does not exist any more.`, 'ENOENT');
    case 'EACCES':
    case 'EPERM':
      return new SpanhopError('Unauthorized', `${name} may not be read: permission denied.`, String(code));
    case 'EISDIR':
      return new SpanhopError('BadData', `${name} is a folder. Open a trace file in it.`, 'EISDIR');
    default: {
      if (error instanceof RangeError) return new SpanhopError('TooLarge', `${name} needs more memory than there is.`);
      const data = toErrorData(error);
      return new SpanhopError(data.kind, `${name} cannot be read: ${data.message}`, data.detail);
    }
  }
}

/** Fills the buffer from the file; returns how much there was. */
async function fill(file: FileHandle, bytes: Uint8Array, at: number): Promise<number> {
  let filled = 0;
  while (filled < bytes.length) {
    const { bytesRead } = await file.read(bytes, filled, bytes.length - filled, at + filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return filled;
}
