/**
 * Trace files: read from disk here, so that no byte of them passes through the extension host. Small ones are decoded at once; larger ones
 * in pieces as they are read, with others' turns in between. Everything that can be wrong with a file ends as a sentence about it.
 */

import type { FileHandle } from 'node:fs/promises';
import { SpanhopError, throwIfAborted, toErrorData } from '../../base/errors';
import { Slices } from '../../base/slices';
import { type DecodeResult, decodeBytes, FillingDecoder, StreamDecoder } from '../../core/format/format';
import type { Defect } from '../../core/model/table';
import { formatCount, formatNumber } from '../../core/text/formatText';
import type { FileFormat } from '../../protocol/files';
import type { CallContext } from '../../protocol/rpc';
import { fill, openRegular } from '../disk/regularFile';
import { Dataset } from '../store/dataset';
import type { Account } from '../store/memoryAccount';
import { describeLimit, type MemoryLimit } from '../store/memoryLimits';
import { addLogs } from './fileLogs';
import { BrokenArchive, type Compression, compressionOf, isArchive, MAGIC_BYTES, piecesOf, unpacking } from './unpack';

/** Decoding this much takes a few milliseconds, and cannot make much of it; what is larger is decoded in pieces. */
const AT_ONCE_BYTES = 1 << 18;
/** UTF-16 is made UTF-8 as a whole. */
const UTF16_BYTES = 8 << 20;
const READ_BYTES = 1 << 20;
/** Between two looks at memory: few bytes may become much. */
const STEP_BYTES = 1 << 18;
/** The decoder of what is held as a whole takes so many at a time, or more where those take it no time. */
const DECODED_BYTES = 1 << 16;
/** What a compressed file becomes is held as a whole up to here. */
const HELD_BYTES = 32 << 20;
/** Up to here a file is held as a whole, its values are not copied; columns take about as much again. */
const WHOLE_BYTES = 1.5 * 1024 ** 3;

/** Where memory for what is read comes from: the ledger (`memory/ledger.ts`). */
export interface ReadingRoom {
  /** All that there may ever be for a file. */
  readonly room: number;
  open(account: Account): () => void;
  hasRoom(bytes: number, slices: Slices): Promise<boolean>;
  limitFor(kind: 'files'): MemoryLimit;
}

export interface FileInput {
  readonly dataset: string;
  readonly name: string;
  readonly path?: string;
  readonly bytes?: Uint8Array;
  readonly format?: FileFormat;
}

type Work = Pick<CallContext, 'signal' | 'progress'>;

export interface ReadOptions {
  readonly nextRevision: () => number;
  readonly memory: ReadingRoom;
  /** Lets go of what this will take the place of, where there is no room for both. Returns whether there was any. */
  readonly replace?: () => boolean;
}

/**
 * Reads trace data, from disk or from bytes, into a dataset of its own. What memory has no room for is left out, and the dataset's defects
 * say so (kind `capped`). Rejects with `SpanhopError`.
 */
export async function readTraces(input: FileInput, options: ReadOptions, work: Work): Promise<Dataset> {
  const dataset = new Dataset(input.dataset, options.nextRevision);
  const reader = new Reader(dataset, input, work, options);
  const close = options.memory.open(reader);
  try {
    if (input.bytes) await reader.read(input.bytes);
    else if (input.path !== undefined) await reader.file(input.path);
    else throw new SpanhopError('NotFound', `${input.name} has neither a path nor content.`);
  } finally {
    close();
  }
  return dataset;
}

/** The decoder under way, and bytes of the input that are not in the dataset yet. */
interface Pending {
  readonly decoder: { readonly byteLength: number };
  readonly input: number;
}

class Reader implements Account {
  readonly kind = 'reading';
  private readonly slices: Slices;
  private pending: Pending | undefined;
  private capped: { readonly atByte: number; readonly ofBytes: number } | undefined;
  private done = 0;

  constructor(
    private readonly dataset: Dataset,
    private readonly input: FileInput,
    private readonly work: Work,
    private readonly own: ReadOptions,
  ) {
    this.slices = new Slices(work.signal);
  }

  get name(): string {
    return `reading ${this.input.name}`;
  }

  get bytes(): number {
    const { pending } = this;
    return this.dataset.memory + (pending ? pending.decoder.byteLength + pending.input : 0);
  }

  async read(bytes: Uint8Array): Promise<void> {
    if (bytes.length === 0) throw new SpanhopError('BadData', `${this.input.name} is empty.`);
    const compression = compressionOf(bytes);
    if (compression) await this.compressed([bytes], bytes.length, compression);
    else await this.plain(bytes);
  }

  private async plain(bytes: Uint8Array): Promise<void> {
    if (bytes.length <= AT_ONCE_BYTES || (isUtf16(bytes) && bytes.length <= UTF16_BYTES)) {
      await this.finish(decodeBytes(bytes, this.options), bytes);
      return;
    }
    await this.needsRoom();
    if (await this.whole(bytes, (filled) => Promise.resolve(Math.min(filled + 4 * READ_BYTES, bytes.length)))) return;
    const decoder = new StreamDecoder(this.options);
    for (let at = 0; at < bytes.length && !this.capped; at += READ_BYTES) {
      await this.push(decoder, bytes.subarray(at, at + READ_BYTES), bytes.length, bytes.length);
    }
    await this.finish(decoder.end(), bytes);
  }

  async file(path: string): Promise<void> {
    const file = await openRegular(path, this.input.name).catch((error: unknown) => {
      throw explained(error, this.input.name);
    });
    try {
      const { size } = await file.stat();
      if (size === 0) throw new SpanhopError('BadData', `${this.input.name} is empty.`);
      const begin = await head(file);
      const compression = compressionOf(begin);
      if (compression) await this.compressed(piecesOf(file, size), size, compression);
      else if (size <= AT_ONCE_BYTES || (size <= UTF16_BYTES && isUtf16(begin))) {
        const bytes = new Uint8Array(size);
        const read = await fill(file, bytes, 0);
        await this.read(bytes.subarray(0, read));
      } else {
        await this.needsRoom();
        if (!(await this.wholeFile(file, size))) await this.pieces(file, size);
      }
    } catch (error) {
      throw explained(error, this.input.name);
    } finally {
      await file.close();
    }
  }

  /** What is not large is unpacked as a whole, and read as a file that was never compressed; of more, pieces are decoded as they come. */
  private async compressed(
    input: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
    size: number,
    compression: Compression,
  ): Promise<void> {
    const { name } = this.input;
    let held: Uint8Array[] = [];
    let unpacked = 0;
    let decoder: StreamDecoder | undefined;
    let broken = false;
    const stream = async (piece: Uint8Array): Promise<void> => {
      decoder ??= new StreamDecoder(this.options);
      await this.push(decoder, piece, unpacked, 2 * READ_BYTES);
    };
    try {
      for await (const piece of unpacking(input, compression, name, size, this.work.signal)) {
        if (unpacked === 0 && isArchive(piece))
          throw new SpanhopError('BadData', `${name} holds another archive. Unpack it, then open what is in that.`);
        unpacked += piece.length;
        if (!decoder && unpacked <= HELD_BYTES && (await this.hasRoom(unpacked))) {
          held.push(piece);
          this.pending = { decoder: { byteLength: 0 }, input: unpacked };
        } else {
          for (const before of held) await stream(before);
          held = [];
          await stream(piece);
        }
        if (this.capped) break;
        await this.slices.maybePause();
      }
    } catch (error) {
      if (!(error instanceof BrokenArchive)) throw error;
      broken = true;
    }
    const damage = `${name} is damaged: its ${compression} data ends early or makes no sense after ${formatNumber(unpacked)} unpacked bytes`;
    if (broken && unpacked === 0) throw new SpanhopError('BadData', `${damage}.`);
    if (decoder) await this.finish(decoder.end());
    else await this.plain(joined(held, unpacked));
    if (!broken) return;
    const message = `${damage}; the ${formatCount(this.dataset.store.spans, 'span')} before that ${this.dataset.store.spans === 1 ? 'was' : 'were'} kept.`;
    this.dataset.defects = [{ kind: 'unreadable', count: 1, message }, ...withoutCut(this.dataset.defects)];
  }

  /** Returns false where memory has no room for the file as a whole. */
  private async wholeFile(file: FileHandle, size: number): Promise<boolean> {
    if (size > Math.min(WHOLE_BYTES, this.own.memory.room / 2) || !(await this.hasRoom(size * 1.5))) return false;
    const bytes = new Uint8Array(size);
    const step = 4 * READ_BYTES;
    let reading = fill(file, bytes.subarray(0, step), 0);
    return this.whole(bytes, async (filled) => {
      const read = await reading;
      if (read > 0) reading = fill(file, bytes.subarray(filled + read, filled + read + step), filled + read);
      return filled + read;
    });
  }

  /**
   * One buffer for all, decoded while the rest is read. Returns false, and has done nothing, where what it becomes has no room.
   * @param more resolves with how much is there, being told how much there was; the same when there is no more
   */
  private async whole(bytes: Uint8Array, more: (filled: number) => Promise<number>): Promise<boolean> {
    const decoder = new FillingDecoder(bytes, this.options);
    this.pending = { decoder, input: bytes.length };
    let filled = 0;
    for (;;) {
      const now = await more(filled);
      if (now === filled) break;
      filled = now;
      throwIfAborted(this.work.signal);
      // In short steps: others wait for their turn meanwhile.
      for (let at = this.done + DECODED_BYTES; this.done < filled; at += DECODED_BYTES) {
        this.done = Math.min(at, filled);
        decoder.advance(this.done);
        if (!(await this.hasRoom(decoder.growth))) {
          await more(filled);
          this.pending = undefined;
          this.done = 0;
          return false;
        }
        if (!this.slices.due) continue;
        this.work.progress({ step: 'decoding', done: this.done, total: bytes.length, unit: 'bytes' });
        await this.slices.pause();
      }
    }
    const result = decoder.end(filled);
    this.pending = undefined;
    await this.finish(result, bytes.subarray(0, filled));
    return true;
  }

  /** Up to where the file ended when it was opened: one that is being written might never end. */
  private async pieces(file: FileHandle, size: number): Promise<void> {
    const upTo = (at: number): number => Math.min(READ_BYTES, size - at);
    const decoder = new StreamDecoder(this.options);
    // Two buffers: the next piece is read while this one is decoded.
    let now = new Uint8Array(READ_BYTES);
    let next = new Uint8Array(READ_BYTES);
    let at = 0;
    let reading = fill(file, now.subarray(0, upTo(at)), at);
    for (;;) {
      const read = await reading;
      if (read === 0) break;
      at += read;
      reading = fill(file, next.subarray(0, upTo(at)), at);
      await this.push(decoder, now.subarray(0, read), size, 2 * READ_BYTES).catch(async (error: unknown) => {
        // The file is closed after it.
        await reading.catch(() => {});
        throw error;
      });
      if (this.capped) {
        await reading;
        break;
      }
      [now, next] = [next, now];
    }
    await this.finish(decoder.end());
  }

  /** @param held bytes of the input that are held meanwhile */
  private async push(decoder: StreamDecoder, piece: Uint8Array, total: number, held: number): Promise<void> {
    throwIfAborted(this.work.signal);
    this.pending = { decoder, input: held };
    for (let at = 0; at < piece.length && !this.capped; at += STEP_BYTES) {
      const step = piece.subarray(at, at + STEP_BYTES);
      for (const batch of decoder.push(step)) this.dataset.store.add(batch);
      this.done += step.length;
      if (!(await this.hasRoom(0))) this.capped = { atByte: this.done, ofBytes: total };
    }
    if (!this.slices.due) return;
    this.work.progress({ step: 'decoding', done: this.done, total, unit: 'bytes' });
    await this.slices.pause();
  }

  private async needsRoom(): Promise<void> {
    if (await this.hasRoom(STEP_BYTES)) return;
    const limit = describeLimit(this.own.memory.limitFor('files'));
    const message = `${this.input.name} has no room in memory, which holds ${limit} and is full. Close trace files that you do not need.`;
    throw new SpanhopError('TooLarge', message);
  }

  /** What it takes the place of leaves as the last. */
  private async hasRoom(bytes: number): Promise<boolean> {
    const { memory, replace } = this.own;
    if (await memory.hasRoom(bytes, this.slices)) return true;
    return replace?.() === true && (await memory.hasRoom(bytes, this.slices));
  }

  private get options(): ConstructorParameters<typeof StreamDecoder>[0] {
    const { name, format } = this.input;
    return { strings: this.dataset.strings, name, ...(format ? { format } : {}) };
  }

  /** @param whole the input, where it is in memory */
  private async finish(result: DecodeResult, whole?: Uint8Array): Promise<void> {
    for (const batch of result.batches) {
      this.dataset.store.add(batch);
      await this.slices.maybePause();
    }
    this.pending = undefined;
    const { dataset } = this;
    const logsDefect = result.otherSignals.logs > 0 ? addLogs(dataset, this.input.name, whole) : undefined;
    dataset.format = result.format;
    dataset.defects = this.capped
      ? [...withoutCut(result.defects), { kind: 'capped', count: 1, message: this.cappedMessage(this.capped) }]
      : result.defects;
    if (logsDefect) dataset.defects = [...dataset.defects, logsDefect];
    if (dataset.store.spans > 0) return;
    if (this.capped) throw new SpanhopError('TooLarge', this.cappedMessage(this.capped));
    // A file of logs or metrics, or a list that is empty, is what it is: zero spans, with the decoder's note. Damage that left
    // nothing is an error, and so are bytes that only happen to be protobuf without a field.
    const { logs, metrics } = result.otherSignals;
    const unreadable = result.defects.filter((defect) => defect.kind === 'unreadable');
    if (logs + metrics > 0 || (unreadable.length === 0 && result.format !== 'otlp-proto')) return;
    const why = unreadable.map((defect) => defect.message).join(' ');
    throw new SpanhopError('BadData', `${this.input.name} holds no span that can be read. ${why}`.trim());
  }

  private cappedMessage({ atByte, ofBytes }: { readonly atByte: number; readonly ofBytes: number }): string {
    const { memory } = this.own;
    const spans = formatNumber(this.dataset.store.spans);
    const part = `only the ${spans} spans in the first ${megabytes(atByte)} of its ${megabytes(ofBytes)} were read`;
    return `${this.input.name} is too large for memory, which holds ${describeLimit(memory.limitFor('files'))}: ${part}.`;
  }
}

/** Where reading stopped, the decoder met an end in the middle of something: that is no damage of the file. */
function withoutCut(defects: readonly Defect[]): Defect[] {
  return defects.filter((defect) => defect.kind !== 'unreadable' || defect.count > 1);
}

function megabytes(bytes: number): string {
  return `${formatNumber(Math.max(1, Math.round(bytes / 1e6)))} MB`;
}

function joined(pieces: readonly Uint8Array[], length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const piece of pieces) {
    bytes.set(piece, at);
    at += piece.length;
  }
  return bytes;
}

function isUtf16([first, second]: Uint8Array): boolean {
  return (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff);
}

async function head(file: FileHandle): Promise<Uint8Array> {
  const bytes = new Uint8Array(MAGIC_BYTES);
  await fill(file, bytes, 0);
  return bytes;
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
    case 'ELOOP':
      return new SpanhopError('BadData', `${name} is a link that leads to itself.`, 'ELOOP');
    default: {
      if (error instanceof RangeError) return new SpanhopError('TooLarge', `${name} needs more memory than there is.`);
      const data = toErrorData(error);
      return new SpanhopError(data.kind, `${name} cannot be read: ${data.message}`, data.detail);
    }
  }
}
