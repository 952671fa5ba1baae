/** Which paths a glob of VS Code's means. */

import ignore from 'ignore';
import { withoutBraces } from './globs';

/** Alternatives in one glob: names that were asked for in the same moment. */
const maxAlternatives = 10_000;

/** Takes paths relative to the folder that the glob is of. `x/**` means the folder `x` as well. */
export function globTest(glob: string): (path: string) => boolean {
  const patterns = withoutBraces(glob.replace(/\/\*\*$/, ''), maxAlternatives);
  const rules = ignore({ ignorecase: false }).add(patterns.map((each) => (each.startsWith('**') ? each : `/${each}`)));
  return (path) => rules.ignores(path);
}
