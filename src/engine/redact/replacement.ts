/**
 * Redaction of what is exported: what encoders write in the place of a batch's texts and values. A list or map with something hidden inside
 * becomes its JSON text.
 */

import type { Replacement } from '../../core/format/format';
import { readValue } from '../../core/model/values';
import { fullText } from './boundedValues';
import type { Redactor } from './redactor';

/** Undefined where nothing has to be hidden. */
export function replacementOf(redactor: Redactor): Replacement | undefined {
  if (!redactor.active) return undefined;
  return {
    key: (batch, index) => redactor.key(batch.strings.get(index)),
    string(batch, index) {
      return redactor.string(batch.strings, index);
    },
    value(batch, row) {
      const key = batch.strings.get(batch.attributes.key[row]);
      const value = readValue(batch, row);
      const changed = redactor.value(key, value);
      if (changed === value) return undefined;
      const text = fullText(changed);
      return text === fullText(value) ? undefined : text;
    },
  };
}
