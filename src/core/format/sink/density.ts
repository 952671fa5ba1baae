/**
 * How much an input may become. Few bytes can stand for many records: an empty span is two bytes of protobuf, a hundred in columns, and
 * compressed hardly anything. No program writes such; so what is being read may become a multiple of what was read of it so far, and is refused
 * as soon as it becomes more, before the memory has been taken.
 *
 * The multiple, from the sizes of rows: a span with ids, a name and times takes 45 bytes of protobuf at least, and 98 in columns, which have room
 * for as many again after they have grown: 4.4 times. The slack lets small inputs be as odd as they like.
 */

import { SpanhopError } from '../../../base/errors';
import { formatCount } from '../../text/formatText';

const MOST_TIMES = 8;
const SLACK = 1 << 20;

/** Bytes that an input may become when `bytes` of it were read. */
export function mayBecome(bytes: number): number {
  return bytes * MOST_TIMES + SLACK;
}

/**
 * The refusal of an input that becomes more than that.
 * @param name of the input, as messages name it
 * @param bytes read of it so far
 * @param records what they hold, by what one is called: `{ span: 12_500 }`
 */
export function tooDense(name: string, bytes: number, records: Readonly<Record<string, number>>): SpanhopError {
  const held = Object.entries(records).flatMap(([what, count]) => (count > 0 ? [formatCount(count, what)] : []));
  return new SpanhopError(
    'TooLarge',
    `${name} holds ${held.join(', ')} in its first ${formatCount(bytes, 'byte')}, far more than any program writes; nothing of it is kept.`,
  );
}
