/** What the last calls of a function have in common and what went wrong in them, as far as it may be shown. */

import { type CodeCall, runOf } from '../../code';
import type { AttributeValue } from '../../core/model/attributeValue';
import type { SpanBatch } from '../../core/model/batch';
import { traceIdHex } from '../../core/model/ids';
import { findAttribute, readValue } from '../../core/model/values';
import type { CodeAttribute, CodeDetails, CodeException } from '../../protocol/code';
import { HIDDEN, type Redactor } from '../redact/redactor';
import { sdkLanguage } from '../store/sdkLanguage';
import type { CallInTrace } from './codeService';

/** Attributes that are told of, and values of each. */
const MAX_KEYS = 6;
const MAX_VALUES = 3;
/** UTF-16 units of a value or a message. */
const MAX_TEXT = 120;
const MAX_STACK = 16_384;
/** Of a long value so much is read and redacted; far more than is shown, so that no secret is cut in two. */
const MAX_READ = 4_096;
const MAX_EXCEPTIONS = 3;
/** Different values that are counted of one key. */
const MAX_DISTINCT = 100;
/** Differ for each span, tell what the hover tells anyway, or hold what a statement was called with. */
const UNTOLD = /^(?:code\.|thread\.|exception\.|db\.(?:statement|query\.(?:text|parameter))|otel\.)|(?:^|[._])id$/;

interface Seen {
  readonly values: Map<string, number>;
  spans: number;
  /** Some value is too long to be one of a few. */
  isText: boolean;
}

/** Values of the wanted keys, in their order, then of those whose values repeat. */
export function attributesOf(calls: readonly CallInTrace[], wanted: readonly string[], redactor: Redactor): CodeAttribute[] {
  const seen = new Map<string, Seen>();
  for (const { batch, row } of calls) {
    for (let at = batch.attributeStart[row]; at < batch.attributeEnd[row]; at++) {
      const key = batch.strings.get(batch.attributes.key[at]);
      const known = seen.get(key);
      if (!known && UNTOLD.test(key) && !wanted.includes(key)) continue;
      const one = known ?? { values: new Map<string, number>(), spans: 0, isText: false };
      if (!known) seen.set(key, one);
      note(one, redactor.hides(key) ? HIDDEN : plainText(readValue(batch, at)));
    }
  }
  const asked = wanted.filter((key) => seen.has(key));
  const others = [...seen].filter(([key, one]) => !wanted.includes(key) && isTelling(one, calls.length));
  others.sort(([, a], [, b]) => b.spans - a.spans || a.values.size - b.values.size);
  return [...asked, ...others.map(([key]) => key)].slice(0, MAX_KEYS).map((key) => attributeOf(key, seen.get(key), redactor));
}

function note(one: Seen, text: string | undefined): void {
  if (text === undefined) {
    one.isText = true;
    return;
  }
  one.spans++;
  one.isText ||= text.length > MAX_TEXT / 2 || text === HIDDEN;
  const count = one.values.get(text);
  if (count !== undefined || one.values.size < MAX_DISTINCT) one.values.set(text, (count ?? 0) + 1);
}

/** Few values that come again. */
function isTelling({ values, spans, isText }: Seen, calls: number): boolean {
  return !isText && spans * 2 > calls && (values.size === 1 || values.size * 2 <= spans) && values.size <= 8;
}

function attributeOf(key: string, seen: Seen | undefined, redactor: Redactor): CodeAttribute {
  const values = [...(seen?.values ?? [])].sort((a, b) => b[1] - a[1]);
  return {
    key: cut(redactor.key(key)),
    distinct: values.length,
    values: values.slice(0, MAX_VALUES).map(([text, count]) => ({ text: cut(redactor.text(text)), count })),
  };
}

/** Undefined for what is no plain value. */
function plainText(value: AttributeValue): string | undefined {
  return value === undefined || typeof value === 'object' ? undefined : String(value).slice(0, MAX_READ);
}

/**
 * Exceptions by type and message, and failures without one by their status; most frequent first. An exception counts once in a trace, as in
 * Problems: each span that it leaves records it.
 */
export function exceptionsOf(calls: readonly CallInTrace[], redactor: Redactor): Pick<CodeDetails, 'exceptions' | 'thrown'> {
  const all = new Map<string, { count: number; readonly traces: Set<string>; readonly exception: CodeException }>();
  for (const call of calls) {
    const found = exceptionOf(call.batch, call.row, redactor);
    const exception = found ?? (call.error ? withoutException(call.batch, call.row, redactor) : undefined);
    if (!exception) continue;
    const key = `${exception.type}\n${exception.message}`;
    const traceId = traceIdHex(call.batch.traceId, call.row);
    const known = all.get(key);
    if (known) {
      if (!found || !known.traces.has(traceId)) known.count++;
      known.traces.add(traceId);
      // Latest first: the first of a kind is its last.
    } else {
      const last = runOf(call satisfies CodeCall);
      all.set(key, { count: 1, traces: new Set([traceId]), exception: { ...exception, count: 0, last } });
    }
  }
  const exceptions = [...all.values()].sort((a, b) => b.count - a.count).map(({ count, exception }) => ({ ...exception, count }));
  return { exceptions: exceptions.slice(0, MAX_EXCEPTIONS), thrown: exceptions.reduce((sum, { count }) => sum + count, 0) };
}

type Recorded = Pick<CodeException, 'type' | 'message' | 'stack' | 'language'>;

/** The exception that a span ended with: of its last event that has one, else of its own attributes. */
export function exceptionOf(batch: SpanBatch, row: number, redactor: Redactor): Recorded | undefined {
  const keys = ['exception.type', 'exception.message', 'exception.stacktrace'].map((key) => batch.strings.find(key));
  if (keys.every((key) => key < 0)) return undefined;
  const read = (start: number, end: number): Recorded | undefined => {
    const [type, message, stack] = keys.map((key, i) => {
      const at = key < 0 ? -1 : findAttribute(batch, start, end, key);
      const value = at < 0 ? undefined : readValue(batch, at);
      const text = typeof value === 'string' ? value : '';
      return i < 2 && text !== '' && redactor.hides(batch.strings.get(key)) ? HIDDEN : text;
    });
    if (type === '' && message === '' && stack === '') return undefined;
    const language = sdkLanguage(batch, row);
    return {
      type: cut(redactor.text(type.slice(0, MAX_READ))),
      message: cut(redactor.text(message.slice(0, MAX_READ))),
      stack: stack.slice(0, MAX_STACK),
      ...(language === undefined ? {} : { language: redactor.repeated(language) }),
    };
  };
  const { attributeStart, attributeEnd } = batch.events;
  for (let event = batch.eventEnd[row] - 1; event >= batch.eventStart[row]; event--) {
    const found = read(attributeStart[event], attributeEnd[event]);
    if (found) return found;
  }
  return read(batch.attributeStart[row], batch.attributeEnd[row]);
}

function withoutException(batch: SpanBatch, row: number, redactor: Redactor): Recorded {
  return { type: '', message: cut(redactor.text(batch.strings.get(batch.statusMessage[row]).slice(0, MAX_READ))), stack: '' };
}

function cut(text: string): string {
  if (text.length <= MAX_TEXT) return text;
  // Not between the halves of a surrogate pair.
  return `${text.slice(0, MAX_TEXT - 1).replace(/[\ud800-\udbff]$/, '')}…`;
}
