/** What the last calls of a function have in common and what went wrong in them, as far as it may be shown. */

import { errorsOf, runOf } from '../../code';
import type { AttributeValue } from '../../core/model/attributeValue';
import type { SpanBatch } from '../../core/model/batch';
import { readValue } from '../../core/model/values';
import type { CodeAttribute, CodeDetails, CodeException } from '../../protocol/code';
import type { ExceptionTexts } from '../exceptions/exceptionReader';
import { HIDDEN } from '../redact/hidden';
import type { Redactor } from '../redact/redactor';
import { sdkLanguage } from '../store/sdkLanguage';
import type { CallInTrace, CodeService } from './codeService';

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
 * Exceptions by type and message, and failures without one by their status; most frequent first. Counted as CodeLens and Problems count them
 * (`core/analysis/distinctErrors.ts`).
 */
export function exceptionsOf(
  calls: readonly CallInTrace[],
  code: Pick<CodeService, 'exceptionTexts'>,
  redactor: Redactor,
): Pick<CodeDetails, 'exceptions' | 'thrown'> {
  const all = new Map<string, { count: number; last: CallInTrace; recorded: Recorded }>();
  const errors = errorsOf(calls.filter(({ error }) => error));
  for (const { call, record } of errors) {
    const { batch, row } = call;
    const recorded = record
      ? exceptionAt(call, code.exceptionTexts(batch, row, record.event), redactor)
      : withoutException(batch, row, redactor);
    const key = `${recorded.type}\n${recorded.message}`;
    const known = all.get(key);
    if (!known) all.set(key, { count: 1, last: call, recorded });
    else {
      known.count++;
      if (call.startNs > known.last.startNs) Object.assign(known, { last: call, recorded });
    }
  }
  const sorted = [...all.values()].sort((a, b) => b.count - a.count || b.last.startNs - a.last.startNs);
  const exceptions = sorted.map(({ count, last, recorded }): CodeException => ({ ...recorded, count, last: runOf(last) }));
  return { exceptions: exceptions.slice(0, MAX_EXCEPTIONS), thrown: errors.length };
}

type Recorded = Pick<CodeException, 'type' | 'message' | 'stack' | 'language'>;

/** An exception as it may be told, but for its stack, which leads to source. */
export function exceptionAt(
  { batch, row }: Pick<CallInTrace, 'batch' | 'row'>,
  { type, message, stack }: ExceptionTexts,
  redactor: Redactor,
): Recorded {
  const told = (key: string, text: string): string =>
    text !== '' && redactor.hides(key) ? HIDDEN : cut(redactor.text(text.slice(0, MAX_READ)));
  const language = sdkLanguage(batch, row);
  return {
    type: told('exception.type', type),
    message: told('exception.message', message),
    stack: stack.slice(0, MAX_STACK),
    ...(language === undefined ? {} : { language: redactor.repeated(language) }),
  };
}

function withoutException(batch: SpanBatch, row: number, redactor: Redactor): Recorded {
  return { type: '', message: cut(redactor.text(batch.strings.get(batch.statusMessage[row]).slice(0, MAX_READ))), stack: '' };
}

function cut(text: string): string {
  if (text.length <= MAX_TEXT) return text;
  // Not between the halves of a surrogate pair.
  return `${text.slice(0, MAX_TEXT - 1).replace(/[\ud800-\udbff]$/, '')}…`;
}
