/**
 * Traces written as text, one line a span, for tests that read like the problem:
 *
 *     POST /checkout    storefront  0..1240  server
 *       GET /cart/{id}  cart        30..590  server error="no cart" host=a
 *         SELECT        cart        40..62   client db.system=sqlite rows=3
 *
 * Columns: name, service, start and end in milliseconds (or `12..` for a span without an end, `?..12` for one without a start), words.
 * Indentation makes the tree. Words: a kind; `error`, `error="text"`, `ok`; `shared`; `id=` and `parent=` (hex; by default lines are
 * numbered from 1, and the parent is the line that is less indented); `host=` (in the resource); `event=name@ms`; `exception@ms`;
 * `link=<span id>`; any other `key=value` is an attribute, an integer when it looks like one.
 */

import { shownStarts } from '../../src/core/analysis/times';
import {
  BATCH_NO_END,
  BATCH_SHARED,
  type SpanBatch,
  STATUS_ERROR,
  STATUS_OK,
  VALUE_INT,
  VALUE_INTERNED,
} from '../../src/core/model/batch';
import { BatchBuilder } from '../../src/core/model/batchBuilder';
import { spanIdHex, spanIdWords, traceIdWords } from '../../src/core/model/ids';
import { StringTable } from '../../src/core/model/strings';
import { FLAG_DEFECT, FLAG_ORPHAN, FLAG_RUNNING, type SpanTable } from '../../src/core/model/table';
import { assembleTrace } from './atOnce';

export const TEXT_TRACE_ID = '0af7651916cd43dd8448eb211c80319c';
/** Epoch nanoseconds of the texts' time 0. */
export const TEXT_START = 1_700_000_000_000_000_000n;

const kinds = ['unspecified', 'internal', 'server', 'client', 'producer', 'consumer'];

export interface TextOptions {
  readonly strings?: StringTable;
  readonly traceId?: string;
  /** Epoch nanoseconds of time 0. */
  readonly startUnixNano?: bigint;
}

/** A batch with the spans in the order of the lines. */
export function batchFromText(text: string, options: TextOptions = {}): SpanBatch {
  const builder = new BatchBuilder(options.strings ?? new StringTable());
  const writer = new Writer(builder, options.traceId ?? TEXT_TRACE_ID, options.startUnixNano ?? TEXT_START);
  for (const line of text.split('\n')) if (line.trim() !== '') writer.line(line);
  return builder.finish();
}

export function allRows(batch: SpanBatch): Uint32Array {
  return Uint32Array.from({ length: batch.count }, (_, row) => row);
}

/** The assembled trace of a text. */
export function traceFromText(text: string, options: TextOptions = {}): SpanTable {
  const batch = batchFromText(text, options);
  return assembleTrace(options.traceId ?? TEXT_TRACE_ID, [{ batch, rows: allRows(batch) }]);
}

class Writer {
  private readonly open: { readonly indent: number; readonly id: string }[] = [];
  private readonly resources = new Map<string, number>();
  private lines = 0;

  constructor(
    private readonly builder: BatchBuilder,
    private readonly traceId: string,
    private readonly startUnixNano: bigint,
  ) {
    builder.scopes.push({ name: 0, version: 0, attributeStart: 0, attributeEnd: 0 });
  }

  line(line: string): void {
    const { builder } = this;
    const indent = line.length - line.trimStart().length;
    const columns = /^(.+?)\s+(\S+)\s+([\d?.-]*\.\.[\d.-]*)(?:\s+(.*))?$/.exec(line.trim());
    if (!columns) throw new Error(`Not a span: ${line}`);
    const [, name, service, times, words = ''] = columns;
    const parsed = wordsOf(words);
    this.lines++;
    const id = (parsed.get('id') ?? this.lines.toString(16)).padStart(16, '0');
    while (this.open.length > 0 && this.open[this.open.length - 1].indent >= indent) this.open.pop();
    const parent = (parsed.get('parent') ?? this.open.at(-1)?.id ?? '').padStart(16, '0');
    this.open.push({ indent, id });
    const resource = this.resource(service, parsed.get('host'));
    const row = builder.span();
    builder.traceId.set(traceIdWords(this.traceId), row * 4);
    builder.spanId.set(spanIdWords(id), row * 2);
    builder.parentSpanId.set(spanIdWords(parent), row * 2);
    builder.name[row] = builder.strings.intern(name);
    builder.resource[row] = resource;
    this.times(row, times);
    for (const [word, value] of parsed) this.word(row, word, value);
    builder.attributeStart[row] = builder.attributeCount;
    for (const [key, value] of parsed) if (!isReserved(key)) this.attribute(key, value ?? '');
    builder.attributeEnd[row] = builder.attributeCount;
    this.eventsAndLinks(row, parsed);
  }

  private times(row: number, times: string): void {
    const [from, to] = times.split('..');
    if (from !== '?') this.words(this.builder.start, row, from);
    if (to === '') this.builder.flags[row] |= BATCH_NO_END;
    else if (from === '?') this.builder.durationNs[row] = Number(this.startUnixNano) + Number(to) * 1e6;
    else this.builder.durationNs[row] = Math.round((Number(to) - Number(from)) * 1e6);
  }

  private words(column: Uint32Array, at: number, ms: string | number): void {
    const time = this.startUnixNano + BigInt(Math.round(Number(ms) * 1e6));
    column[at * 2] = Number(time & 0xffffffffn);
    column[at * 2 + 1] = Number(time >> 32n);
  }

  private word(row: number, word: string, value: string | undefined): void {
    const { builder } = this;
    if (kinds.includes(word)) builder.kind[row] = kinds.indexOf(word);
    if (word === 'ok') builder.status[row] = STATUS_OK;
    if (word === 'shared') builder.flags[row] |= BATCH_SHARED;
    if (word === 'error') {
      builder.status[row] = STATUS_ERROR;
      builder.statusMessage[row] = builder.strings.intern(value ?? '');
    }
  }

  private attribute(key: string, value: string): void {
    const { builder } = this;
    if (/^-?\d+$/.test(value)) builder.attribute(builder.strings.intern(key), VALUE_INT, Number(value), 0);
    else builder.attribute(builder.strings.intern(key), VALUE_INTERNED, builder.strings.intern(value), 0);
  }

  private eventsAndLinks(row: number, words: ReadonlyMap<string, string | undefined>): void {
    const { builder } = this;
    builder.eventStart[row] = builder.eventCount;
    builder.linkStart[row] = builder.linkCount;
    const event = words.get('event')?.split('@');
    const exception = [...words.keys()].find((word) => word.startsWith('exception@'));
    for (const [name, ms] of [event, exception?.split('@')].filter((each) => each !== undefined)) {
      const time = new Uint32Array(2);
      this.words(time, 0, ms);
      const at = builder.event(builder.strings.intern(name), time[0], time[1]);
      if (name === 'exception') this.attribute('exception.type', 'Boom');
      builder.eventAttributeEnd[at] = builder.attributeCount;
    }
    const link = words.get('link');
    if (link !== undefined) {
      const at = builder.link();
      builder.linkTraceId.set(traceIdWords(this.traceId), at * 4);
      builder.linkSpanId.set(spanIdWords(link.padStart(16, '0')), at * 2);
    }
    builder.eventEnd[row] = builder.eventCount;
    builder.linkEnd[row] = builder.linkCount;
  }

  private resource(service: string, host: string | undefined): number {
    const key = `${service} ${host ?? ''}`;
    const known = this.resources.get(key);
    if (known !== undefined) return known;
    const { builder } = this;
    const attributeStart = builder.attributeCount;
    if (service !== '') this.attribute('service.name', service);
    if (host !== undefined) this.attribute('host.name', host);
    const at = builder.resources.length;
    builder.resources.push({ service: builder.strings.intern(service), attributeStart, attributeEnd: builder.attributeCount });
    this.resources.set(key, at);
    return at;
  }
}

function isReserved(word: string): boolean {
  return (
    [...kinds, 'ok', 'error', 'shared', 'id', 'parent', 'host', 'event', 'link'].includes(word) || word.startsWith('exception@')
  );
}

function wordsOf(text: string): Map<string, string | undefined> {
  const words = new Map<string, string | undefined>();
  for (const [, key, quoted, plain] of text.matchAll(/([^\s=]+)(?:=(?:"([^"]*)"|(\S*)))?/g)) words.set(key, quoted ?? plain);
  return words;
}

/** A trace as text again, as it is shown: times with clocks corrected, and words for what is special about a span. */
export function textOfTrace(table: SpanTable, options: { readonly ids?: boolean } = {}): string {
  const starts = shownStarts(table);
  const lines: string[] = [];
  for (let row = 0; row < table.count; row++) {
    const { flags, durationNsOf } = table;
    const from = starts[row] / 1e6;
    const running = (flags[row] & FLAG_RUNNING) !== 0;
    const words = [
      `${'  '.repeat(table.depth[row])}${table.strings.get(table.name[row])}`,
      table.strings.get(table.service[row]),
      `${from}..${running ? '' : from + durationNsOf[row] / 1e6}`,
    ];
    if (table.status[row] === STATUS_ERROR) words.push('error');
    if ((flags[row] & FLAG_ORPHAN) !== 0) words.push('orphan');
    if ((flags[row] & FLAG_DEFECT) !== 0) words.push('defect');
    const shift = table.correctionNs?.[row] ?? 0;
    if (shift !== 0) words.push(`shifted ${shift / 1e6}`);
    if (options.ids) words.push(`#${spanIdHex(table.spanId, row).replace(/^0+(?=.)/, '')}`);
    lines.push(words.filter((word) => word !== '').join(' '));
  }
  return lines.join('\n');
}

/** Lines of a template string without their common indentation, to compare with. */
export function lines(text: string): string {
  const all = text.split('\n').filter((line) => line.trim() !== '');
  const indent = Math.min(...all.map((line) => line.length - line.trimStart().length));
  return all.map((line) => line.slice(indent).trimEnd()).join('\n');
}
