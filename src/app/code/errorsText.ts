/** How many errors a function had, as CodeLens and hovers say it. */

import type { FunctionStatistics } from '../../code';
import { formatCount } from '../../core/text/formatText';

/** `3 errors`; empty where there are none. */
export function errorsText({ errors }: Pick<FunctionStatistics, 'errors'>): string {
  return errors === 0 ? '' : formatCount(errors, 'error');
}

/** `, recorded by 5 calls`; empty where each call that failed has an error of its own. */
export function recordedText({ errors, failed }: Pick<FunctionStatistics, 'errors' | 'failed'>): string {
  return errors === failed ? '' : `, recorded by ${formatCount(failed, 'call')}`;
}
