/** Tells from a span's keys alone, without reading a value, whether it names its source or has an exception. */

import type { SpanBatch } from '../model/batch';
import type { StringTable } from '../model/strings';
import { FLAG_EXCEPTION, FLAG_SOURCE } from '../model/table';

/**
 * Sources: OpenTelemetry semantic conventions 1.44, "Source code attributes" and "Exceptions on spans", and their older names.
 * A namespace or line alone leads nowhere.
 */
const SOURCE_KEYS = [
  'code.file.path',
  'code.filepath',
  'code.function.name',
  'code.function',
  'code.stacktrace',
  'exception.stacktrace',
  'exception.stack_trace',
];
const EXCEPTION_KEYS = ['exception.type', 'exception.message', 'exception.stacktrace'];

/** A function that gives FLAG_SOURCE and FLAG_EXCEPTION for a batch's row. */
export function sourceFlags(strings: StringTable): (batch: SpanBatch, row: number) => number {
  const bitsOf = new Uint16Array(strings.size);
  const mark = (key: string, bits: number) => {
    const index = strings.find(key);
    if (index >= 0) bitsOf[index] |= bits;
  };
  for (const key of SOURCE_KEYS) mark(key, FLAG_SOURCE);
  for (const key of EXCEPTION_KEYS) mark(key, FLAG_EXCEPTION);
  const exceptionEvent = strings.find('exception');
  return (batch, row) => {
    const { key } = batch.attributes;
    let bits = 0;
    for (let i = batch.attributeStart[row], end = batch.attributeEnd[row]; i < end; i++) bits |= bitsOf[key[i]];
    for (let event = batch.eventStart[row], last = batch.eventEnd[row]; event < last; event++) {
      if (batch.events.name[event] === exceptionEvent) bits |= FLAG_EXCEPTION;
      for (let i = batch.events.attributeStart[event], end = batch.events.attributeEnd[event]; i < end; i++)
        bits |= bitsOf[key[i]];
    }
    return bits;
  };
}
