/** Decodes an input of documents of any kinds: finds them, and gives their translations to the readers of the formats that these are in. */

import type { SpanBatch } from '../../model/batch';
import type { StringTable } from '../../model/strings';
import type { Defect } from '../../model/table';
import { formatCount } from '../../text/formatText';
import { jsonWithin, type Translation } from '../documents/kind';
import { JaegerGrammar } from '../jaeger/jaeger';
import { type Grammar, JsonDecoder } from '../json/machine';
import { OtlpJsonGrammar } from '../otlp/otlpJson';
import { withCommas } from '../sink/damage';
import type { TraceFormat } from '../sink/layout';
import { PieceStream } from '../sink/pieceStream';
import { Sink } from '../sink/sink';
import { ZipkinGrammar } from '../zipkin/zipkin';
import { DocumentInput, type Findings } from './documentInput';

const encoder = new TextEncoder();
const LINE_END = 10;
const CARRIAGE_RETURN = 13;
const SPACE = 32;
const NEWLINE = new Uint8Array([LINE_END]);
/** Translations may become so many times what they are of: short numbers become nine times their length. And so much beside. */
const MOST_TIMES = 32;
const ALWAYS_LENGTH = 1 << 22;

/** What there was when all has been read. */
export interface DocumentsRead {
  /** Undefined: there was no document. */
  readonly format: TraceFormat | undefined;
  readonly spanCount: number;
  readonly defects: readonly Defect[];
  readonly leftOut: number;
  readonly logs: number;
  readonly metrics: number;
}

interface Reader {
  readonly sink: Sink;
  readonly stream: PieceStream;
}

export class DocumentStream implements Findings {
  private readonly input = new DocumentInput(this);
  private readonly readers = new Map<Translation['as'], Reader>();
  private readonly formats = new Map<TraceFormat, number>();
  private batches: SpanBatch[] = [];
  private damagedCount = 0;
  private damagedFirst = '';
  /** Spans that are kept with a flaw, by what it is. */
  private readonly flawed = new Map<string, number>();
  /** UTF-16 units that the next translation may have. */
  private room = ALWAYS_LENGTH;

  constructor(
    private readonly strings: StringTable,
    private readonly name: string,
  ) {}

  get byteLength(): number {
    let bytes = this.input.byteLength;
    for (const { sink, stream } of this.readers.values()) bytes += sink.builder.byteLength + stream.byteLength;
    return bytes;
  }

  get spanCount(): number {
    let count = 0;
    for (const { sink } of this.readers.values()) count += sink.spanCount;
    return count;
  }

  /** Takes the next piece; returns the batches that became complete. */
  push(chunk: Uint8Array): SpanBatch[] {
    this.input.push(chunk);
    return this.taken();
  }

  end(): SpanBatch[] {
    this.input.end();
    for (const { stream } of this.readers.values()) this.batches.push(...stream.end());
    return this.taken();
  }

  /** After the end. */
  read(): DocumentsRead {
    const sinks = [...this.readers.values()].map(({ sink }) => sink);
    const sum = (of: (sink: Sink) => number): number => sinks.reduce((all, sink) => all + of(sink), 0);
    return {
      format: this.formats.size > 1 ? 'mixed' : [...this.formats.keys()][0],
      spanCount: this.spanCount,
      defects: [...this.ownDefects(), ...sinks.flatMap((sink) => sink.defects())],
      leftOut: this.damagedCount + sum((sink) => sink.leftOutCount),
      logs: sum((sink) => sink.logs),
      metrics: sum((sink) => sink.metrics),
    };
  }

  translated({ as, value, flaws = [] }: Translation, format: TraceFormat, _isBehindText: boolean, length: number): void {
    this.count(format);
    this.room += length * MOST_TIMES;
    const json = jsonWithin(value, this.room);
    if (json === undefined) {
      this.damaged(undefined, `becomes more than ${MOST_TIMES} times what it is, as no program's do`);
      // It is not tried again and again for what comes together meanwhile.
      this.room = Math.floor(this.room / 2);
      return;
    }
    this.room = Math.max(0, this.room - json.length);
    for (const { sentence, spans } of flaws) this.flawed.set(sentence, (this.flawed.get(sentence) ?? 0) + spans);
    this.give(as, encoder.encode(json));
  }

  known(format: Translation['as'], bytes: Uint8Array, start: number, end: number, _isBehindText: boolean, isEnd: boolean): void {
    this.count(format);
    this.give(format, onOneLine(bytes.subarray(start, end)), isEnd);
  }

  damaged(at: number | undefined, reason: string): void {
    if (this.damagedCount++ > 0) return;
    const where = at === undefined ? '' : `at ${this.input.hasPrefixes ? 'about ' : ''}byte ${withCommas(at)}, `;
    this.damagedFirst = `${where}which ${reason}`;
  }

  private give(as: Translation['as'], bytes: Uint8Array, isEnd = true): void {
    let reader = this.readers.get(as);
    if (!reader) {
      const sink = new Sink(this.strings, this.name);
      const stream = new PieceStream(sink, new JsonDecoder(sink, grammarOf(as, sink), false), Infinity, neverTooLarge);
      reader = { sink, stream };
      this.readers.set(as, reader);
    }
    this.batches.push(...reader.stream.push(bytes), ...(isEnd ? reader.stream.push(NEWLINE) : []));
  }

  private count(format: TraceFormat): void {
    this.formats.set(format, (this.formats.get(format) ?? 0) + 1);
  }

  private taken(): SpanBatch[] {
    const { batches } = this;
    this.batches = [];
    return batches;
  }

  private ownDefects(): Defect[] {
    const flaws = [...this.flawed].map(
      ([sentence, count]): Defect => ({
        kind: 'capped',
        count,
        message: `${this.name} has ${formatCount(count, 'span')} ${sentence}`,
      }),
    );
    if (this.damagedCount === 0) return flaws;
    const what = this.damagedCount === 1 ? 'a document' : `${withCommas(this.damagedCount)} documents, the first being one`;
    const message = `${this.name} is damaged: ${what} ${this.damagedFirst}, left out; ${formatCount(this.spanCount, 'span')} kept.`;
    return [{ kind: 'unreadable', count: this.damagedCount, message }, ...flaws];
  }
}

/** Each document is a line to the reader: outside of texts, where no line ends, spaces do as well. */
function onOneLine(bytes: Uint8Array): Uint8Array {
  if (!bytes.includes(LINE_END)) return bytes;
  return bytes.map((byte) => (byte === LINE_END || byte === CARRIAGE_RETURN ? SPACE : byte));
}

function grammarOf(as: Translation['as'], sink: Sink): Grammar {
  if (as === 'jaeger') return new JaegerGrammar(sink);
  return as === 'zipkin' ? new ZipkinGrammar(sink) : new OtlpJsonGrammar(sink);
}

/** A translation is no longer than a document may be, by a small factor. */
function neverTooLarge(): never {
  throw new Error('A document became too large.');
}
