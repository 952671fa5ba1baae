/**
 * Redaction of what is exported: what encoders write in the place of a batch's texts and values. A list or map with something hidden inside
 * becomes its JSON text.
 */

import type { Replacement } from '../../core/format/format';
import { mayNest, readValue } from '../../core/model/values';
import { fullText } from './boundedValues';
import type { Redactor } from './redactor';

/** Undefined where nothing has to be hidden. */
export function replacementOf(redactor: Redactor): Replacement | undefined {
  if (!redactor.active) return undefined;
  const { looksInside } = redactor;
  return {
    key(batch, index) {
      if (!looksInside) return undefined;
      const key = batch.strings.get(index);
      const shown = redactor.key(key);
      return shown === key ? undefined : shown;
    },
    string(batch, index) {
      if (!looksInside) return undefined;
      const shown = redactor.string(batch.strings, index);
      return shown === batch.strings.get(index) ? undefined : shown;
    },
    value(batch, row) {
      const key = batch.strings.get(batch.attributes.key[row]);
      // Where keys alone are hidden, and not this one, nothing is inside of a value that has no keys.
      if (!looksInside && !redactor.hides(key) && !mayNest(batch, row)) return undefined;
      const value = readValue(batch, row);
      const changed = redactor.value(key, value);
      if (changed === value) return undefined;
      const text = fullText(changed);
      return text === fullText(value) ? undefined : text;
    },
  };
}
