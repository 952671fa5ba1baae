/** What a server does with a query, by its parts: so that the very words can be marked, and what is exact is not filtered twice. */

import { type Condition, conditionsOf, type QueryPart } from '../../core/query/pushDown';
import type { Query } from '../../core/query/query';

export interface PushDown {
  /** The server's answer holds only what fulfils them, and all of it. */
  readonly exact: readonly QueryPart[];
  /** The server's answer holds all that fulfils them, and more. */
  readonly superset: readonly QueryPart[];
  /** The server was not asked for them. */
  readonly here: readonly QueryPart[];
}

export type Taken = 'exact' | 'superset' | 'no';

/**
 * Offers each condition of a query, in order, to a server's dialect, which takes it (and keeps what it asks for) or does not.
 * Where the query has more than its conditions, the answer is filtered here by the whole of it.
 */
export function pushDown(query: Query, take: (condition: Condition) => Taken): PushDown {
  const { conditions, rest } = conditionsOf(query);
  const parts: Record<Taken, QueryPart[]> = { exact: [], superset: [], no: [] };
  for (const condition of conditions) {
    const { text, from, to } = condition;
    parts[take(condition)].push({ text, from, to });
  }
  return { exact: parts.exact, superset: parts.superset, here: [...parts.no, ...rest] };
}

/** Whether what the server answers is the answer. */
export function isExact({ superset, here }: PushDown): boolean {
  return superset.length === 0 && here.length === 0;
}
