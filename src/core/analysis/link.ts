/**
 * Second step of assembling: who is whose parent. Repairs what data can have wrong, and notes each repair:
 * - A span that was delivered twice is kept once; so is one that was told of when it began, and again when it had ended. The latter is kept,
 *   and of several tellings of one that still runs the last.
 * - Different spans with one id are all kept. Their children go to the one that was running when the child started (the first such in
 *   the input; when none was, the first of all).
 * - Zipkin reports client and server of a call under one id: the server's half becomes the child of the client's half, and the id's
 *   children are the server's. That is normal and no defect. Source: openzipkin/b3-propagation, "Why is ParentSpanId propagated?" and
 *   Zipkin API v2, field `shared`.
 * - A parent that is not in the trace makes its child a root (an orphan); one that is the span itself makes it a root as well.
 */

import { ranges, type Steps } from '../../base/steps';
import { type Gathered, isBeginningOf, isSameSpan, serverHalf } from './gather';
import { IdMap } from './idMap';
import type { TraceSource } from './sources';

export const ROOT = -1;
export const ORPHAN = -2;
/** Delivered before, or only begun: not in the trace. */
export const DROPPED = -3;

/** Of more spans with one id than this only the first are compared: an id of zeros that all spans have must not take for ever. */
const MAX_COMPARED = 16;

/** Spans of one step: each may be compared with others, and touches a page of memory that is new. */
const SPANS = 1 << 12;

export interface Linked {
  /** Per gathered span: its parent, or ROOT, ORPHAN, DROPPED. */
  readonly parent: Int32Array;
  readonly dropped: number[];
  /** Not in the trace either: spans as they were told of when they began, of which the end came as well. */
  readonly begun: number[];
  /** Different spans that share an id with another. */
  readonly duplicates: number[];
  /** Spans that name themselves as their parents, and are roots. */
  readonly ownParent: number[];
  /** Spans without an id (zeros): no span is below them. */
  readonly withoutId: number[];
  readonly orphans: number;
}

/** In steps. */
export function* linking(sources: readonly TraceSource[], all: Gathered): Steps<Linked> {
  const { count, idHigh, idLow, parentHigh, parentLow } = all;
  const ids = new IdMap(idHigh, idLow);
  const parent = new Int32Array(count).fill(ROOT);
  const dropped: number[] = [];
  const begun: number[] = [];
  const duplicates: number[] = [];
  /** Server's half of a call -> client's half, and back. */
  const clientOf = new Map<number, number>();
  const serverOf = new Map<number, number>();
  const ownParent: number[] = [];
  const withoutId: number[] = [];
  let orphans = 0;
  yield* ranges(count, addIds, SPANS);
  yield* ranges(count, findParents, SPANS);
  return {
    parent,
    dropped,
    begun,
    duplicates: duplicates.filter((span) => parent[span] !== DROPPED),
    ownParent,
    withoutId,
    orphans,
  };

  function addIds(from: number, to: number): void {
    for (let span = from; span < to; span++) {
      const first = ids.add(span);
      const hasId = idHigh[span] !== 0 || idLow[span] !== 0;
      if (first >= 0) sortOut(span, first, hasId);
      if (!hasId && parent[span] !== DROPPED) withoutId.push(span);
    }
  }

  function findParents(from: number, to: number): void {
    for (let span = from; span < to; span++) {
      if (parent[span] === DROPPED) continue;
      const client = clientOf.get(span);
      if (client !== undefined) {
        parent[span] = client;
        continue;
      }
      const high = parentHigh[span];
      const low = parentLow[span];
      if (high === 0 && low === 0) continue;
      const found = ids.find(high, low);
      if (found === span && ids.next(found) < 0) ownParent.push(span);
      else if (found < 0) {
        parent[span] = ORPHAN;
        orphans++;
      } else parent[span] = ids.next(found) < 0 ? found : choose(found, span);
    }
  }

  function sortOut(span: number, first: number, hasId: boolean): void {
    let compared = 0;
    for (let other = first; other >= 0 && other !== span && compared++ < MAX_COMPARED; other = ids.next(other)) {
      if (parent[other] !== DROPPED && isSameSpan(sources, all, other, span)) {
        parent[span] = DROPPED;
        dropped.push(span);
        return;
      }
    }
    if (!hasId || hasEnded(span, first)) return;
    compared = 0;
    for (let other = first; other >= 0 && other !== span && compared++ < MAX_COMPARED; other = ids.next(other)) {
      if (parent[other] === DROPPED) continue;
      const server = serverHalf(sources, all, other, span);
      if (server < 0) continue;
      const client = server === span ? other : span;
      if (clientOf.has(server) || serverOf.has(client) || clientOf.has(client)) continue;
      pair(client, server);
      return;
    }
    duplicates.push(span);
  }

  /** Whether a span and others with its id are one, told of when it began and when it had ended; keeps that with the end. */
  function hasEnded(span: number, first: number): boolean {
    let found = false;
    let compared = 0;
    for (let other = first; other >= 0 && other !== span && compared++ < MAX_COMPARED; other = ids.next(other)) {
      if (parent[other] === DROPPED) continue;
      if (isBeginningOf(sources, all, span, other)) {
        replace(span, other);
        return true;
      }
      if (!isBeginningOf(sources, all, other, span)) continue;
      replace(other, span);
      found = true;
    }
    return found;
  }

  function replace(beginning: number, whole: number): void {
    parent[beginning] = DROPPED;
    begun.push(beginning);
    const server = serverOf.get(beginning);
    const client = clientOf.get(beginning);
    serverOf.delete(beginning);
    clientOf.delete(beginning);
    if (server !== undefined) pair(whole, server);
    if (client !== undefined) pair(client, whole);
  }

  function pair(client: number, server: number): void {
    clientOf.set(server, client);
    serverOf.set(client, server);
  }

  /** Of several spans with the parent's id, the one that a child belongs to. */
  function choose(first: number, child: number): number {
    const startNs = all.startNs[child];
    let serversHalf = -1;
    let running = -1;
    let kept = -1;
    let compared = 0;
    for (let other = first; other >= 0 && compared++ < MAX_COMPARED; other = ids.next(other)) {
      if (parent[other] === DROPPED) continue;
      if (kept < 0) kept = other;
      if (other === child) continue;
      const server = serverOf.get(other);
      if (server !== undefined) {
        // The client's half has children only of its own process (Zipkin's rule: a child's half is the one with its service).
        if (serviceOf(other) === serviceOf(child) && serviceOf(server) !== serviceOf(child)) return other;
      } else if (clientOf.has(other)) serversHalf = other;
      else if (running < 0 && startNs >= all.startNs[other] && startNs <= all.startNs[other] + all.durationNs[other])
        running = other;
    }
    if (serversHalf >= 0) return serversHalf;
    // None was running: the first, which is the child itself when a span names itself as its parent (a cycle, cut later).
    return running >= 0 ? running : kept >= 0 ? kept : first;
  }

  function serviceOf(span: number): number {
    const { batch } = sources[all.source[span]];
    return batch.resources[batch.resource[all.row[span]]].service;
  }
}
