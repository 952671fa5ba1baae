/**
 * Segments of X-Ray, and subsegments that came alone, as a program sends them that has many, or runs long. Those name no service: it is that of
 * their segment, which is sent when it ends, and stands behind them.
 */

import { Lru } from '../../../base/lru';
import type { Flaw, Gathering, Translation } from '../documents/kind';
import type { Members } from '../documents/literal';
import { otlpOf, type PlainAttributes, type PlainSpan } from '../documents/plainSpan';
import { resourceOf } from './xrayAttributes';

/** Parts of which it is remembered whose they are. */
const MOST_KNOWN = 50_000;
/** UTF-16 units of an id that are remembered. */
const LONGEST_ID = 100;
/** Bytes of documents that may wait for their segment: they are put into columns in one step. */
const MOST_WAITING = 2 << 20;

const NOWHERE = 'of subsegments whose segment is not there: their service is not known.';
const GUESSED = 'of subsegments whose segment is not there: shown with the only service that their trace has.';

const UNREADABLE = 'of segments that cannot be read: they are left out.';

/** Segments and subsegments of a document, and how many texts of it that should be some are none that can be read. */
export interface SegmentDocuments {
  readonly segments: readonly Members[];
  readonly unreadable: number;
}

export class Segments implements Gathering {
  /** Resources by trace and id of a part. */
  private readonly resources = new Lru<string, PlainAttributes>({ maxSize: MOST_KNOWN });
  /** Those of each trace's segments, if they are of one service. */
  private readonly only = new Lru<string, PlainAttributes | 'several'>({ maxSize: MOST_KNOWN });
  /** Subsegments by trace and id of the part above. */
  private readonly waiting = new Map<string, Members[]>();
  private waitingBytes = 0;

  /**
   * @param segmentsIn those of a document
   * @param learnCauses is told of all segments of a document before they are read
   * @param spansOf of one, whose resource is given
   */
  constructor(
    private readonly segmentsIn: (document: Members) => SegmentDocuments,
    private readonly learnCauses: (segments: readonly Members[]) => void,
    private readonly spansOf: (segment: Members, resource: PlainAttributes) => readonly PlainSpan[],
  ) {}

  get byteLength(): number {
    return this.waitingBytes;
  }

  translate(document: Members, bytes: number): Translation {
    const spans: PlainSpan[] = [];
    const { segments, unreadable } = this.segmentsIn(document);
    const flaws: Flaw[] = unreadable > 0 ? [{ spans: unreadable, sentence: UNREADABLE }] : [];
    this.learnCauses(segments);
    for (const segment of segments) {
      if (segment.type !== 'subsegment') {
        const resource = resourceOf(segment);
        this.learn(segment.trace_id, resource);
        this.add(segment, resource, spans);
        continue;
      }
      const above = keyOf(segment.trace_id, segment.parent_id);
      const resource = this.resources.get(above);
      if (resource) this.add(segment, resource, spans);
      else this.wait(above, segment, bytes);
    }
    return this.waitingBytes > MOST_WAITING ? this.rest(spans, flaws) : { ...otlpOf(spans), flaws };
  }

  end(): Translation | undefined {
    return this.waiting.size === 0 ? undefined : this.rest([], []);
  }

  private wait(above: string, segment: Members, bytes: number): void {
    const others = this.waiting.get(above);
    if (others) others.push(segment);
    else this.waiting.set(above, [segment]);
    this.waitingBytes += bytes;
  }

  private learn(trace: unknown, resource: PlainAttributes): void {
    const key = String(trace);
    const known = this.only.get(key);
    const isSame = known === undefined || (known !== 'several' && known['service.name'] === resource['service.name']);
    this.only.set(key, isSame ? (known ?? resource) : 'several');
  }

  /** The spans of a segment, and of what waited for it. */
  private add(segment: Members, resource: PlainAttributes, spans: PlainSpan[]): void {
    const pending = [segment];
    for (let one = pending.pop(); one; one = pending.pop()) {
      for (const span of this.spansOf(one, resource)) {
        spans.push(span);
        const key = keyOf(span.traceId, span.spanId);
        this.resources.set(key, resource);
        for (const below of this.waiting.get(key) ?? []) pending.push(below);
        this.waiting.delete(key);
      }
    }
    if (this.waiting.size === 0) this.waitingBytes = 0;
  }

  /** What waits still; `spans` come first. */
  private rest(spans: PlainSpan[], flaws: Flaw[]): Translation {
    for (const above of this.waiting.keys()) {
      const segments = this.waiting.get(above) ?? [];
      this.waiting.delete(above);
      for (const segment of segments) {
        const known = this.only.get(String(segment.trace_id));
        const isKnown = known !== undefined && known !== 'several';
        const before = spans.length;
        this.add(segment, isKnown ? known : {}, spans);
        flaws.push({ spans: spans.length - before, sentence: isKnown ? GUESSED : NOWHERE });
      }
    }
    this.waitingBytes = 0;
    return { ...otlpOf(spans), flaws };
  }
}

function keyOf(trace: unknown, id: unknown): string {
  return `${String(trace)} ${typeof id === 'string' ? id.slice(0, LONGEST_ID) : ''}`;
}
