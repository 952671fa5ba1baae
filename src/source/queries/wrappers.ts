/** A user's function that is called like a query of an ORM is none where the query is found in it, and as well. */

import { handler } from '../callees/messageCalls';
import { homeOf } from './homes';
import type { Judged } from './judge';
import type { ModelNames } from './models';
import type { Query } from './query';
import type { Reach, Reached } from './reach';
import { fitsOperation } from './verbs';

interface Found extends Judged {
  readonly file: string;
  /** Its function is given what the query is built with, and adds to it. */
  readonly isGiven: boolean;
  /** It goes on with a query that is begun elsewhere, or over several statements. */
  readonly isComposed?: true;
}

/** @returns those that are left */
export function withoutWrappers<T extends Found>(
  found: readonly T[],
  { functions, steps }: Reach,
  { operation }: Query,
  names: ModelNames,
): readonly T[] {
  const holds = ({ file, start, end }: Reached, { file: at, line }: { readonly file: string; readonly line: number }): boolean =>
    file === at && line >= start && line < end;
  const best = new Map<Reached, T>();
  for (const each of functions) {
    // What is given a builder has a part of a query, whosever it is.
    const inside = found.filter((other) => other.score >= wrapped && !other.isGiven && !other.isBegun && holds(each, other));
    if (inside.length)
      best.set(
        each,
        inside.reduce((known, other) => (other.score > known.score ? other : known)),
      );
  }
  // Whatever leads to such a function leads to the query.
  for (let changed = true, rounds = 0; changed && rounds < 8; rounds++) {
    changed = false;
    for (const step of steps) {
      const inner = best.get(step.to);
      const from = inner === undefined ? undefined : functions.find((each) => holds(each, step));
      if (inner === undefined || !from || (best.get(from)?.score ?? 0) >= inner.score) continue;
      best.set(from, inner);
      changed = true;
    }
  }
  // What is called like the query tells that what it leads to is one.
  const told = new Map<T, number>();
  const begunThere = new Set<T>();
  const isWrapper = (each: T): boolean =>
    steps.some(({ file, line, name, to }) => {
      const inner = best.get(to);
      if (!inner || file !== each.file || line < each.line || line >= each.end || holds(to, each)) return false;
      // Who goes on with what is only begun there says more of it.
      if (each.isComposed && (each.columns ?? 0) >= Math.max(0.3, inner.columns ?? 0)) {
        begunThere.add(inner);
        return false;
      }
      // What is called for its arguments, or beside it, is another's work.
      if (each.chain && each.isDone && name !== handler && !each.chain.includes(name)) return false;
      // The very method that was stated is called here, and not there.
      if (each.isExact && !inner.isExact) return false;
      // What writes whatever it is given names no table.
      if (inner.model < generically && each.model >= 0.8 && each.isDone && homeOf(inner.file, names) === 0) return false;
      const isOuter =
        inner.score >=
        each.score - ((inner.isDone || inner.model >= 0.8) && fitsOperation(name, operation) > 0 ? wordier : nearlyAsGood);
      if (isOuter && each.model >= 0.8) told.set(inner, Math.max(told.get(inner) ?? 0, each.score - nearlyAsGood));
      return isOuter;
    });
  return found
    .filter((each) => !isWrapper(each))
    .map((each) => ({
      ...each,
      score: Math.max(each.score, told.get(each) ?? 0) - (begunThere.has(each) ? nearlyAsGood : 0),
    }));
}

/** Who calls a function says with what, and it does not. */
const wordier = 3;
/** Less of a model is any table's. */
const generically = 0.5;
/** A function that takes part in a query, as a scope does, has less of it than the call has. */
const nearlyAsGood = 0.3;

/** A query that is hardly one takes no call's place. */
export const wrapped = 3.2;
