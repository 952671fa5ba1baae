/**
 * Regular expressions of queries. They are Go's (RE2) in TraceQL and match the whole value; a dot stands for line ends too.
 * Source: Grafana Tempo documentation, "Comparison operators".
 */

import { type LinearRegExp, linearRegExp } from '../text/linearRegExp';

/** The expression compiled, or why it cannot be. `matches` is the test. */
export function queryRegExp(source: string): LinearRegExp | string {
  return linearRegExp(source, { dotAll: true });
}
