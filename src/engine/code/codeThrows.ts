/**
 * Which stacks the spans of a batch recorded, each distinct one with a number. An error that comes a thousand times is one throw; the
 * editor looks for its line once. Stacks are the same when type and frames are: messages and addresses of memory differ each time.
 */

import { Lru } from '../../base/lru';
import type { Slices } from '../../base/slices';
import type { CodeRows } from '../../code';
import type { SpanBatch } from '../../core/model/batch';
import { findAttribute, readValue } from '../../core/model/values';
import type { CodeThrow } from '../../protocol/code';
import type { StackFrame } from '../../source';
import { languageOf, parseStack } from '../../source/stacks/parseStack';
import { sdkLanguage } from '../store/sdkLanguage';

const STACK_KEY = 'exception.stacktrace';
/** UTF-16 units of a stack that are kept. */
const STACK_HEAD = 16_384;
/** Frames that tell one throw from another. */
const FRAMES = 30;
/** Beyond so many, further ones are not counted: each is looked for in the workspace. */
const MAX_THROWS = 2_000;
const MAX_TEXTS = 4_000;

export class ThrowTable {
  private readonly all: CodeThrow[] = [];
  private readonly numbers = new Map<string, number>();
  /** Numbers by text; texts repeat far more often than not. */
  private readonly texts = new Lru<string, number | undefined>({ maxSize: MAX_TEXTS });
  /** Spans whose stack was one too many. */
  refused = 0;

  get isFull(): boolean {
    return this.all.length >= MAX_THROWS;
  }

  get count(): number {
    return this.all.length;
  }

  /** Throws from number `from` on. */
  since(from: number): readonly CodeThrow[] {
    return this.all.slice(from);
  }

  /** Spans of a batch that recorded a stack; a span that recorded several has a row for each. Undefined when none did. */
  async read(batch: SpanBatch, slices: Slices): Promise<CodeRows | undefined> {
    const key = batch.strings.find(STACK_KEY);
    if (key < 0 || !batch.attributes.key.includes(key)) return undefined;
    const row: number[] = [];
    const place: number[] = [];
    for (let at = 0; at < batch.count; at++) {
      if ((at & 255) === 255 && slices.due) await slices.pause();
      for (const number of this.ofRow(batch, at, key)) {
        row.push(at);
        place.push(number);
      }
    }
    return row.length === 0 ? undefined : { row: Uint32Array.from(row), place: Uint32Array.from(place) };
  }

  /** Number of what one event of a span recorded, or its own attributes (-1); undefined where that is no stack that was numbered. */
  at(batch: SpanBatch, row: number, event: number): number | undefined {
    const key = batch.strings.find(STACK_KEY);
    const { attributeStart, attributeEnd } = batch.events;
    const text =
      event < 0
        ? stackIn(batch, batch.attributeStart[row], batch.attributeEnd[row], key)
        : stackIn(batch, attributeStart[event], attributeEnd[event], key);
    return text === '' ? undefined : this.number(text.slice(0, STACK_HEAD), batch, row);
  }

  private ofRow(batch: SpanBatch, row: number, key: number): ReadonlySet<number> {
    const found = new Set<number>();
    for (const text of stacksOf(batch, row, key)) {
      const number = this.number(text.slice(0, STACK_HEAD), batch, row);
      if (number === undefined) continue;
      if (number < 0) this.refused++;
      else found.add(number);
    }
    return found;
  }

  /** Undefined for what is no stack; -1 when there are too many. */
  private number(text: string, batch: SpanBatch, row: number): number | undefined {
    if (this.texts.has(text)) return this.texts.get(text);
    const number = this.numberAnew(text, sdkLanguage(batch, row));
    this.texts.set(text, number);
    return number;
  }

  private numberAnew(text: string, language: string | undefined): number | undefined {
    const thrown = parseStack(text, languageOf(language))?.exceptions[0];
    if (!thrown?.frames.some(isUsersOwn)) return undefined;
    const identity = `${thrown.type}\n${thrown.frames.slice(0, FRAMES).map(identityOf).join('\n')}`;
    const known = this.numbers.get(identity);
    if (known !== undefined) return known;
    if (this.isFull) return -1;
    const number = this.all.length;
    this.all.push({ number, stack: text, ...(language === undefined ? {} : { language }) });
    this.numbers.set(identity, number);
    return number;
  }
}

/** Stacks of a span: of its events, and of its own attributes where no event has one. */
function stacksOf(batch: SpanBatch, row: number, key: number): string[] {
  const texts: string[] = [];
  const note = (start: number, end: number): void => {
    const text = stackIn(batch, start, end, key);
    if (text !== '') texts.push(text);
  };
  const { attributeStart, attributeEnd } = batch.events;
  for (let event = batch.eventStart[row]; event < batch.eventEnd[row]; event++) note(attributeStart[event], attributeEnd[event]);
  if (texts.length === 0) note(batch.attributeStart[row], batch.attributeEnd[row]);
  return texts;
}

function stackIn(batch: SpanBatch, start: number, end: number, key: number): string {
  const at = key < 0 ? -1 : findAttribute(batch, start, end, key);
  const text = at < 0 ? undefined : readValue(batch, at);
  return typeof text === 'string' ? text : '';
}

function isUsersOwn({ path, line, isLibrary, isNative }: StackFrame): boolean {
  return path !== undefined && line !== undefined && !isLibrary && !isNative;
}

function identityOf({ path = '', line = 0, column = 0, functionName = '' }: StackFrame): string {
  return `${path}:${line}:${column} ${functionName}`;
}
