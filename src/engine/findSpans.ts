/** Find inside one trace. */

import { SpanhopError } from '../core/errors';
import type { OpenedTrace } from './opened';
import type { Slices } from './slices';

/** Rows that match, ascending. */
export async function findSpansIn(_opened: OpenedTrace, _text: string, _slices: Slices): Promise<Uint32Array> {
  throw new SpanhopError('BadQuery', 'Find is not there yet.');
}
