/**
 * The exceptions that the spans of one batch recorded: span events, or the span's own attributes. Most batches have none, and are done after
 * a look at the table of names.
 */

import type { Slices } from '../../base/slices';
import type { CodeRecord, RecordedRows } from '../../code';
import type { Placing } from '../../core/analysis/distinctErrors';
import type { AttributeValue } from '../../core/model/attributeValue';
import type { SpanBatch } from '../../core/model/batch';
import { readValue } from '../../core/model/values';
import { languageOf } from '../../source';
import { locationKeys, readCodeLocation } from '../../source/model/attributes';
import { sdkLanguage } from '../store/sdkLanguage';
import { StackFactsReader } from './exceptionFacts';

/** Attributes of an exception, in columns of a batch. */
interface Bag {
  readonly start: number;
  readonly end: number;
}

/** One exception that a span recorded. */
export interface ReadException {
  readonly row: number;
  /** Row of the event; -1: the span's own attributes. */
  readonly event: number;
  readonly type: string;
  readonly message: string;
  readonly placing: Placing;
  readonly place: string;
}

/** Its texts as they were recorded. */
export interface ExceptionTexts {
  readonly type: string;
  readonly message: string;
  readonly stack: string;
}

const TYPE = 'exception.type';
const MESSAGE = 'exception.message';
const STACK = 'exception.stacktrace';
export class ExceptionReader {
  private readonly stacks = new StackFactsReader();

  async read(batch: SpanBatch, slices: Slices): Promise<ReadException[]> {
    const wanted = new Set([TYPE, MESSAGE, STACK].map((key) => batch.strings.find(key)).filter((index) => index >= 0));
    const all: ReadException[] = [];
    if (wanted.size === 0 || !batch.attributes.key.some((key) => wanted.has(key))) return all;
    const { attributeStart, attributeEnd } = batch.events;
    const isException = ({ start, end }: Bag): boolean => {
      for (let i = start; i < end; i++) if (wanted.has(batch.attributes.key[i])) return true;
      return false;
    };
    for (let row = 0; row < batch.count; row++) {
      if (slices.due) await slices.pause();
      let found = false;
      for (let event = batch.eventStart[row]; event < batch.eventEnd[row]; event++) {
        const bag = { start: attributeStart[event], end: attributeEnd[event] };
        if (!isException(bag)) continue;
        found = true;
        all.push(this.one(batch, row, event, bag));
      }
      const own = { start: batch.attributeStart[row], end: batch.attributeEnd[row] };
      if (!found && isException(own)) all.push(this.one(batch, row, -1, own));
    }
    return all;
  }

  /** As `read`, of each row what tells its exceptions apart; undefined where there are none. */
  async records(batch: SpanBatch, slices: Slices): Promise<RecordedRows | undefined> {
    const rows = new Map<number, CodeRecord[]>();
    for (const one of await this.read(batch, slices)) {
      const { row, event, placing } = one;
      const record = { event, placing, hash: hashOfException(one), place: hashOf(one.place) };
      const known = rows.get(row);
      if (known) known.push(record);
      else rows.set(row, [record]);
    }
    return rows.size === 0 ? undefined : rows;
  }

  /** The texts of an exception that was read, filled up from its stack. */
  texts(batch: SpanBatch, row: number, event: number): ExceptionTexts {
    const texts = textsIn(batch, bagOf(batch, row, event));
    const { type, message } = this.stacks.read(texts.stack, texts.message, languageOf(sdkLanguage(batch, row)));
    return { ...texts, type: texts.type || type, message: texts.message || message };
  }

  private one(batch: SpanBatch, row: number, event: number, bag: Bag): ReadException {
    const { type, message, stack } = textsIn(batch, bag);
    const facts = this.stacks.read(stack, message, languageOf(sdkLanguage(batch, row)));
    const stated = facts.placing === 'thrown' || facts.placing === 'recorded' ? undefined : statedPlace(batch, row);
    return {
      row,
      event,
      type: type || facts.type,
      message: message || facts.message,
      placing: facts.placing === 'none' && stated !== undefined ? 'recorded' : facts.placing,
      // Without a place of its own it is found by its span.
      place: facts.place || (stated ?? `span ${batch.strings.get(batch.name[row])}`),
    };
  }
}

/** Columns of the attributes of an exception. */
function bagOf(batch: SpanBatch, row: number, event: number): Bag {
  if (event < 0) return { start: batch.attributeStart[row], end: batch.attributeEnd[row] };
  return { start: batch.events.attributeStart[event], end: batch.events.attributeEnd[event] };
}

function textsIn(batch: SpanBatch, { start, end }: Bag): ExceptionTexts {
  const texts = { type: '', message: '', stack: '' };
  for (let i = start; i < end; i++) {
    const key = batch.strings.get(batch.attributes.key[i]);
    if (key === TYPE) texts.type = textOf(readValue(batch, i));
    else if (key === MESSAGE) texts.message = textOf(readValue(batch, i));
    else if (key === STACK) texts.stack = textOf(readValue(batch, i));
  }
  return texts;
}

/** Some write a stack as a list of lines. */
function textOf(value: AttributeValue): string {
  if (typeof value === 'string') return value;
  return Array.isArray(value) ? value.join('\n') : typeof value === 'object' ? '' : String(value ?? '');
}

/** The place that the span's own `code.*` attributes state. */
function statedPlace(batch: SpanBatch, row: number): string | undefined {
  const keys = new Set(locationKeys.map((key) => batch.strings.find(key)).filter((index) => index >= 0));
  if (keys.size === 0) return undefined;
  const values: Record<string, AttributeValue> = Object.create(null);
  for (let i = batch.attributeStart[row]; i < batch.attributeEnd[row]; i++) {
    const key = batch.attributes.key[i];
    if (keys.has(key)) values[batch.strings.get(key)] = readValue(batch, i);
  }
  const location = readCodeLocation(values);
  return location && `${location.path ?? ''}:${location.line ?? ''} ${location.functionName ?? ''}`;
}

/** Of type and message: within a trace, two that differ have different ones for all purposes. */
export function hashOfException({ type, message }: Pick<ReadException, 'type' | 'message'>): number {
  return hashOf(`${type}\n${message}`);
}

/** 52 bits of a text: two rounds of FNV-1a with different primes. */
function hashOf(text: string): number {
  let a = 0x811c9dc5;
  let b = 0x9e3779b1;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    a = Math.imul(a ^ code, 0x01000193);
    b = Math.imul(b ^ code, 0x85ebca6b);
    b ^= b >>> 13;
  }
  return (a >>> 0) * 0x100000 + (b >>> 12);
}
