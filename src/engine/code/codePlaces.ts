/**
 * Where the spans of one batch say that they ran: their `code.*` attributes, unless these name a file of a package (hooks of PHP state where the
 * framework's own function is), and what they say otherwise (a hint), without a place beside the first frame of their exception that is not a
 * library's. Worked out once for each batch, in columns: every one of a million spans has a place.
 */

import { Lru } from '../../base/lru';
import type { Slices } from '../../base/slices';
import type { CodePlace, CodePlaceTable, CodeRows } from '../../code';
import type { AttributeValue } from '../../core/model/attributeValue';
import type { SpanBatch } from '../../core/model/batch';
import { readValue } from '../../core/model/values';
import type { StackFrame } from '../../source';
import { locationKeys as codeKeys, pathKeys, readCodeLocation } from '../../source/model/attributes';
import { languageOf, parseStack } from '../../source/stacks/parseStack';
import { isLibraryPath } from '../../source/uri/libraries';
import { sdkLanguage } from '../store/sdkLanguage';
import { CodeHints } from './codeHints';
import { CodeRepeats } from './codeRepeats';
import type { HintReader } from './hintReaders';

const STACK_KEYS: readonly string[] = ['exception.stacktrace'];
/** UTF-16 units of a stack that are parsed for its first frames. */
const STACK_HEAD = 16_384;
/** The same error comes again and again: its stack is parsed once. */
const MAX_STACKS = 2_000;

/** UTF-16 units of a path that are looked at for whether it is a package's. */
const maxPath = 1_000;
/** In the place of a number: the file that is named is a package's. */
const ofLibrary = -2;

const nowhere: CodePlace = { file: '', functionName: '', line: 0, column: 0 };

export class CodePlaceReader {
  private readonly stacks = new Lru<string, CodePlace | undefined>({ maxSize: MAX_STACKS });
  /** Spans whose place was one too many. */
  refused = 0;

  readonly hints = new CodeHints();
  /** Places that are known by their hint alone; most spans have one of these. */
  private readonly byHint: number[] = [];

  constructor(private readonly places: CodePlaceTable) {}

  /** Rows of a batch that have a place, ascending; undefined when none does. @param hints what its rows say */
  async read(batch: SpanBatch, slices: Slices, hints: HintReader): Promise<CodeRows | undefined> {
    const fileKeys = indices(batch, pathKeys);
    const stackKeys = indices(batch, STACK_KEYS);
    const locationKeys = indices(batch, codeKeys);
    const rows = new Uint32Array(batch.count);
    const places = new Uint32Array(batch.count);
    const repeats = new CodeRepeats(batch, locationKeys);
    let length = 0;
    for (let row = 0; row < batch.count; row++) {
      if ((row & 255) === 255 && slices.due) await slices.pause();
      const number =
        this.numberByAttributes(batch, row, fileKeys, locationKeys, repeats, hints) ??
        this.numberOtherwise(batch, row, stackKeys, hints.number(row));
      if (number === undefined) continue;
      if (number < 0) {
        this.refused++;
        continue;
      }
      rows[length] = row;
      places[length++] = number;
    }
    if (length === 0) return undefined;
    return { row: rows.subarray(0, length), place: places.subarray(0, length) };
  }

  private numberByAttributes(
    batch: SpanBatch,
    row: number,
    fileKeys: ReadonlySet<number>,
    locationKeys: ReadonlySet<number>,
    repeats: CodeRepeats,
    hints: HintReader,
  ): number | undefined {
    const start = batch.attributeStart[row];
    const end = batch.attributeEnd[row];
    if (!hasKey(batch, start, end, fileKeys)) return undefined;
    const known = repeats.find(row);
    if (known !== undefined) return known === ofLibrary ? undefined : known;
    const values: Record<string, AttributeValue> = Object.create(null);
    for (let i = start; i < end; i++) {
      const key = batch.attributes.key[i];
      if (locationKeys.has(key)) values[batch.strings.get(key)] = readValue(batch, i);
    }
    const location = readCodeLocation(values);
    if (location?.path === undefined) return undefined;
    const { path, functionName = '', line = 0, column = 0 } = location;
    const isOwn = !isLibraryPath(path.slice(0, maxPath));
    const hint = isOwn ? hints.number(row) : 0;
    const stated = { file: path, functionName, line, column, ...(hint > 0 ? { hint, isStated: true } : {}) };
    const number = isOwn ? this.places.number(stated) : ofLibrary;
    // Of a file alone, what else its spans say tells places apart.
    if (!isOwn || functionName !== '' || line > 0) repeats.note(row, number);
    return isOwn ? number : undefined;
  }

  private numberOtherwise(batch: SpanBatch, row: number, stackKeys: ReadonlySet<number>, hint: number): number | undefined {
    const place = stackKeys.size === 0 ? undefined : this.ofStack(batch, row, stackKeys);
    if (place) return this.places.number({ ...place, hint });
    if (hint === 0) return undefined;
    this.byHint[hint] ??= this.places.number({ ...nowhere, hint });
    return this.byHint[hint];
  }

  private ofStack(batch: SpanBatch, row: number, stackKeys: ReadonlySet<number>): CodePlace | undefined {
    const { attributeStart, attributeEnd } = batch.events;
    for (let event = batch.eventStart[row]; event < batch.eventEnd[row]; event++) {
      const place = this.inRange(batch, row, attributeStart[event], attributeEnd[event], stackKeys);
      if (place) return place;
    }
    return this.inRange(batch, row, batch.attributeStart[row], batch.attributeEnd[row], stackKeys);
  }

  private inRange(
    batch: SpanBatch,
    row: number,
    start: number,
    end: number,
    stackKeys: ReadonlySet<number>,
  ): CodePlace | undefined {
    for (let i = start; i < end; i++) {
      if (!stackKeys.has(batch.attributes.key[i])) continue;
      const text = readValue(batch, i);
      const place = typeof text === 'string' ? this.ofText(text, batch, row) : undefined;
      if (place) return place;
    }
    return undefined;
  }

  private ofText(text: string, batch: SpanBatch, row: number): CodePlace | undefined {
    const head = text.slice(0, STACK_HEAD);
    if (this.stacks.has(head)) return this.stacks.get(head);
    const exception = parseStack(head, languageOf(sdkLanguage(batch, row)))?.exceptions[0];
    const frame = exception?.frames
      .slice(exception.throwFrame)
      .find(({ path, line, isLibrary, isNative }) => path !== undefined && line !== undefined && !isLibrary && !isNative);
    const place = frame?.path === undefined ? undefined : placeOfFrame(frame, frame.path);
    this.stacks.set(head, place);
    return place;
  }
}

function placeOfFrame({ functionName = '', line = 0, column = 0 }: StackFrame, file: string): CodePlace {
  return { file, functionName, line, column };
}

function indices(batch: SpanBatch, keys: readonly string[]): Set<number> {
  return new Set(keys.map((key) => batch.strings.find(key)).filter((index) => index >= 0));
}

function hasKey(batch: SpanBatch, start: number, end: number, keys: ReadonlySet<number>): boolean {
  const { key } = batch.attributes;
  for (let i = start; i < end; i++) if (keys.has(key[i])) return true;
  return false;
}
