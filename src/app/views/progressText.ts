/** What is going on, as the line of progress says it. */

import { formatBytes, formatNumber } from '../../core/text/formatText';
import type { Progress } from '../../protocol/rpc';

/** `decoding 340 of 812 MB` */
export function progressText({ step, done, total, unit }: Progress): string {
  const show = unit === 'bytes' ? formatBytes : (value: number) => `${formatNumber(value)} ${unit}`;
  return total > 0 ? `${step} ${show(done)} of ${show(total)}` : `${step} ${show(done)}`;
}
