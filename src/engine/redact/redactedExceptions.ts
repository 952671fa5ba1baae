/** Exceptions of a span as they may be shown. */

import type { SpanTable } from '../../core/model/table';
import { eventAtNs } from '../../core/model/unixNano';
import { readValue } from '../../core/model/values';
import type { ShownException } from '../../protocol/details';
import { type Bounds, beginning } from './boundedValues';
import { HIDDEN } from './hidden';
import type { Redactor } from './redactor';

/**
 * Exceptions: of events, and of the span's own attributes. Source: semantic-conventions, "Exceptions" (event `exception`; some
 * instrumentations put the attributes on the span itself, or on events of other names).
 */
export function recordedExceptions(table: SpanTable, row: number, redactor: Redactor, bounds: Bounds): ShownException[] {
  const batch = table.batches[table.batch[row]];
  const at = table.batchRow[row];
  const out: ShownException[] = [];
  const read = (start: number, end: number, isException: boolean, atNs: number | undefined): void => {
    const texts: Record<string, string> = { type: '', message: '', stacktrace: '' };
    let found = isException;
    for (let i = start; i < end; i++) {
      const key = batch.strings.get(batch.attributes.key[i]);
      if (!key.startsWith('exception.') || redactor.hides(key)) continue;
      const value = readValue(batch, i);
      found = true;
      texts[key.slice('exception.'.length)] = Array.isArray(value) ? value.join('\n') : String(value ?? '');
    }
    if (!found || (texts.type === '' && texts.message === '' && texts.stacktrace === '')) return;
    const { type, message, stacktrace } = texts;
    const shown = { type: redactor.repeated(type), message: redactor.text(message), stack: redactor.text(stacktrace) };
    out.push(shownException(shown, atNs, bounds));
  };
  for (let event = batch.eventStart[at]; event < batch.eventEnd[at]; event++) {
    const isException = batch.strings.get(batch.events.name[event]) === 'exception';
    const { attributeStart, attributeEnd } = batch.events;
    read(attributeStart[event], attributeEnd[event], isException, eventAtNs(table, row, event));
  }
  if (out.length === 0) read(batch.attributeStart[at], batch.attributeEnd[at], false, undefined);
  return out;
}

/** An exception for the details, its texts redacted. @param atNs nanoseconds from the trace's start; undefined when it stands in the span's attributes */
export function shownException(
  { type, message, stack }: Pick<ShownException, 'type' | 'message' | 'stack'>,
  atNs: number | undefined,
  bounds: Bounds,
): ShownException {
  return {
    type: beginning(type, bounds.value),
    message: beginning(message, bounds.value),
    stack: beginning(stack, bounds.stack),
    ...(message.length > bounds.value ? { messageLength: message.length } : {}),
    ...(stack.length > bounds.stack ? { stackLength: stack.length } : {}),
    ...(atNs === undefined ? {} : { atNs }),
  };
}

/** The texts of an exception that was read, each hidden whole where its key says so. @param most UTF-16 units of the message and of the stack */
export function redactedException(
  { type, message, stack }: { readonly type: string; readonly message: string; readonly stack: string },
  redactor: Redactor,
  most: { readonly message: number; readonly stack: number },
): { readonly type: string; readonly message: string; readonly stack: string } {
  const redacted = (key: string, text: string): string => (redactor.hides(key) ? HIDDEN : redactor.text(text));
  return {
    type: redacted('exception.type', type),
    message: redacted('exception.message', message).slice(0, most.message),
    stack: redacted('exception.stacktrace', stack).slice(0, most.stack),
  };
}
