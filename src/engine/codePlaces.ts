/**
 * Where the spans of one batch say that they ran: their `code.*` attributes, else the first frame of their stack that is not a library's.
 * Worked out once for each batch; most batches have no such attribute, and are done after a look at the table of names.
 * Columns: a capture of instrumented code has a place for each of a million spans.
 */

import type { SpanBatch } from '../core/model/batch';
import { type AttributeValue, readValue } from '../core/model/values';
import { readCodeLocation } from '../core/source/attributes';
import { languageOf, parseStack } from '../core/source/stacks/parseStack';
import type { Slices } from './slices';

/** Parallel columns, ascending by row. */
export interface CodePlaces {
  /** Row of the batch. */
  readonly row: Uint32Array;
  /** Index into the reader's `files` and `functions`. */
  readonly file: Uint32Array;
  readonly functionName: Uint32Array;
  /** From 1; 0 where unknown. */
  readonly line: Uint32Array;
}

interface CodePlace {
  readonly file: string;
  /** Empty where unknown. */
  readonly functionName: string;
  /** From 1; 0 where unknown. */
  readonly line: number;
}

const FILE_KEYS: readonly string[] = ['code.file.path', 'code.filepath', 'code.filename'];
const OTHER_KEYS: readonly string[] = [
  'code.function.name',
  'code.function',
  'code.namespace',
  'code.module.name',
  'code.line.number',
  'code.lineno',
];
const STACK_KEYS: readonly string[] = ['exception.stacktrace', 'code.stacktrace'];
/** UTF-16 units of a stack that are parsed for its first frames. */
const STACK_HEAD = 16_384;
/** The same error comes again and again: its stack is parsed once. */
const MAX_STACKS = 2_000;

export class CodePlaceReader {
  readonly files = new Names();
  readonly functions = new Names();
  private readonly stacks = new Map<string, CodePlace | undefined>();

  /** Places of a batch's spans; undefined when none has one. */
  async read(batch: SpanBatch, slices: Slices): Promise<CodePlaces | undefined> {
    const fileKeys = indices(batch, FILE_KEYS);
    const stackKeys = indices(batch, STACK_KEYS);
    const wanted = new Set([...fileKeys, ...stackKeys]);
    if (wanted.size === 0 || !batch.attributes.key.some((key) => wanted.has(key))) return undefined;
    const locationKeys = new Set([...fileKeys, ...indices(batch, OTHER_KEYS)]);
    const found = new Uint32Array(batch.count * 4);
    let length = 0;
    for (let row = 0; row < batch.count; row++) {
      if ((row & 255) === 255 && slices.due) await slices.pause();
      const place = this.ofAttributes(batch, row, fileKeys, locationKeys) ?? this.ofStack(batch, row, stackKeys);
      if (!place) continue;
      found[length * 4] = row;
      found[length * 4 + 1] = this.files.index(place.file);
      found[length * 4 + 2] = this.functions.index(place.functionName);
      found[length * 4 + 3] = place.line;
      length++;
    }
    if (length === 0) return undefined;
    const column = (at: number): Uint32Array => Uint32Array.from({ length }, (_, i) => found[i * 4 + at]);
    return { row: column(0), file: column(1), functionName: column(2), line: column(3) };
  }

  private ofAttributes(
    batch: SpanBatch,
    row: number,
    fileKeys: ReadonlySet<number>,
    locationKeys: ReadonlySet<number>,
  ): CodePlace | undefined {
    const start = batch.attributeStart[row];
    const end = batch.attributeEnd[row];
    if (!hasKey(batch, start, end, fileKeys)) return undefined;
    const values: Record<string, AttributeValue> = Object.create(null);
    for (let i = start; i < end; i++) {
      const key = batch.attributes.key[i];
      if (locationKeys.has(key)) values[batch.strings.get(key)] = readValue(batch, i);
    }
    const location = readCodeLocation(values);
    if (location?.path === undefined) return undefined;
    return { file: location.path, functionName: location.functionName ?? '', line: location.line ?? 0 };
  }

  private ofStack(batch: SpanBatch, row: number, stackKeys: ReadonlySet<number>): CodePlace | undefined {
    if (stackKeys.size === 0) return undefined;
    const inRange = (start: number, end: number): CodePlace | undefined => {
      for (let i = start; i < end; i++) {
        if (!stackKeys.has(batch.attributes.key[i])) continue;
        const text = readValue(batch, i);
        const place = typeof text === 'string' ? this.ofText(text, batch, row) : undefined;
        if (place) return place;
      }
      return undefined;
    };
    const { attributeStart, attributeEnd } = batch.events;
    for (let event = batch.eventStart[row]; event < batch.eventEnd[row]; event++) {
      const place = inRange(attributeStart[event], attributeEnd[event]);
      if (place) return place;
    }
    return inRange(batch.attributeStart[row], batch.attributeEnd[row]);
  }

  private ofText(text: string, batch: SpanBatch, row: number): CodePlace | undefined {
    const head = text.slice(0, STACK_HEAD);
    if (this.stacks.has(head)) return this.stacks.get(head);
    if (this.stacks.size >= MAX_STACKS) this.stacks.clear();
    const exception = parseStack(head, languageOf(sdkLanguage(batch, row)))?.exceptions[0];
    const frame = exception?.frames
      .slice(exception.throwFrame)
      .find(({ path, line, isLibrary, isNative }) => path !== undefined && line !== undefined && !isLibrary && !isNative);
    const place =
      frame?.path === undefined ? undefined : { file: frame.path, functionName: frame.functionName ?? '', line: frame.line ?? 0 };
    this.stacks.set(head, place);
    return place;
  }
}

/** Distinct names and their numbers. */
export class Names {
  readonly all: string[] = [];
  private readonly known = new Map<string, number>();

  index(name: string): number {
    let index = this.known.get(name);
    if (index === undefined) {
      index = this.all.push(name) - 1;
      this.known.set(name, index);
    }
    return index;
  }
}

function sdkLanguage(batch: SpanBatch, row: number): AttributeValue {
  const resource = batch.resources[batch.resource[row]];
  const key = batch.strings.find('telemetry.sdk.language');
  if (!resource || key < 0) return undefined;
  for (let i = resource.attributeStart; i < resource.attributeEnd; i++) {
    if (batch.attributes.key[i] === key) return readValue(batch, i);
  }
  return undefined;
}

function indices(batch: SpanBatch, keys: readonly string[]): Set<number> {
  return new Set(keys.map((key) => batch.strings.find(key)).filter((index) => index >= 0));
}

function hasKey(batch: SpanBatch, start: number, end: number, keys: ReadonlySet<number>): boolean {
  const { key } = batch.attributes;
  for (let i = start; i < end; i++) if (keys.has(key[i])) return true;
  return false;
}
