/** Values of spans whose format made texts of them, where only numbers make sense. */

import { BATCH_UNTYPED } from '../../model/batch';
import type { Cursor } from './cursor';
import { isNumeric, type Static, staticsOfText } from './statics';

/** The number that a text was, of a span at the cursor whose format has no numbers; else the value as it is. */
export function numberOf(value: Static, { batch, row }: Cursor): Static {
  if (value?.type !== 'string' || (batch.flags[row] & BATCH_UNTYPED) === 0) return value;
  return staticsOfText(value).find(isNumeric) ?? value;
}
