/** What every span has: its name, times, status, ids, its events' and links', and what the trace says of it. */

import { BATCH_NO_END, type SpanBatch } from '../../model/batch';
import { parseSpanId, parseTraceId, spanIdHex, traceIdHex } from '../../model/ids';
import { kindNumbers, statusNumbers } from '../names';
import type { Cursor } from './cursor';
import type { Single, Static } from './statics';

/** How an intrinsic is had: as an index of the string table, a number, or a text that is made. */
export type Intrinsic =
  | { readonly type: 'string'; readonly index: (at: Cursor) => number }
  | { readonly type: 'number'; readonly of: 'duration' | 'int'; readonly number: (at: Cursor) => number }
  | { readonly type: 'word'; readonly number: (at: Cursor) => number; readonly words: readonly Single[] }
  | {
      readonly type: 'text';
      readonly text: (at: Cursor) => string | undefined;
      readonly normal?: (text: string) => string | undefined;
    };

/** What of an intrinsic is needed beside the row: an event, a link, the trace, its structure. */
export type IntrinsicNeed = 'event' | 'link' | 'facts' | 'structure';

export function intrinsicNeed(name: string): IntrinsicNeed | undefined {
  if (name.startsWith('event:')) return 'event';
  if (name.startsWith('link:')) return 'link';
  if (name === 'rootName' || name === 'rootServiceName' || name === 'traceDuration') return 'facts';
  return name.startsWith('nestedSet') || name === 'span:childCount' ? 'structure' : undefined;
}

const statusWords: Single[] = [];
statusWords[statusNumbers.unset] = { type: 'status', value: 'unset' };
statusWords[statusNumbers.ok] = { type: 'status', value: 'ok' };
statusWords[statusNumbers.error] = { type: 'status', value: 'error' };

const kindWords: Single[] = [];
kindWords[kindNumbers.unspecified] = { type: 'kind', value: 'unspecified' };
kindWords[kindNumbers.internal] = { type: 'kind', value: 'internal' };
kindWords[kindNumbers.server] = { type: 'kind', value: 'server' };
kindWords[kindNumbers.client] = { type: 'kind', value: 'client' };
kindWords[kindNumbers.producer] = { type: 'kind', value: 'producer' };
kindWords[kindNumbers.consumer] = { type: 'kind', value: 'consumer' };

const spanId = (text: string): string | undefined => parseSpanId(text);
const traceId = (text: string): string | undefined => parseTraceId(text);

/** Of the name that `fields.ts` gives; undefined where there is none of it. What an intrinsic has not is NaN or undefined. */
export function intrinsic(name: string): Intrinsic | undefined {
  switch (name) {
    case 'name':
      return { type: 'string', index: ({ batch, row }) => batch.name[row] };
    case 'statusMessage':
      return { type: 'string', index: ({ batch, row }) => batch.statusMessage[row] };
    case 'instrumentation:name':
      return { type: 'string', index: ({ batch, row }) => batch.scopes[batch.scope[row]]?.name ?? 0 };
    case 'instrumentation:version':
      return { type: 'string', index: ({ batch, row }) => batch.scopes[batch.scope[row]]?.version ?? 0 };
    case 'event:name':
      return { type: 'string', index: ({ batch, event }) => (event < 0 ? 0 : batch.events.name[event]) };
    case 'duration':
      return { type: 'number', of: 'duration', number: ({ batch, row }) => durationOf(batch, row) };
    case 'event:timeSinceStart':
      return { type: 'number', of: 'duration', number: timeSinceStart };
    case 'traceDuration':
      return { type: 'number', of: 'duration', number: ({ facts }) => facts?.durationNs ?? Number.NaN };
    case 'nestedSetLeft':
      return { type: 'number', of: 'int', number: ({ structure, span }) => structure?.left[span] ?? Number.NaN };
    case 'nestedSetRight':
      return { type: 'number', of: 'int', number: ({ structure, span }) => structure?.right[span] ?? Number.NaN };
    case 'nestedSetParent':
      return { type: 'number', of: 'int', number: ({ structure, span }) => structure?.leftOfParent(span) ?? Number.NaN };
    case 'span:childCount':
      return { type: 'number', of: 'int', number: ({ structure, span }) => structure?.childCount[span] ?? Number.NaN };
    case 'status':
      return { type: 'word', words: statusWords, number: ({ batch, row }) => batch.status[row] };
    case 'kind':
      return { type: 'word', words: kindWords, number: ({ batch, row }) => batch.kind[row] };
    case 'span:id':
      return { type: 'text', normal: spanId, text: ({ batch, row }) => spanIdHex(batch.spanId, row) };
    case 'span:parentID':
      return { type: 'text', normal: spanId, text: ({ batch, row }) => spanIdHex(batch.parentSpanId, row) };
    case 'trace:id':
      return { type: 'text', normal: traceId, text: ({ batch, row }) => traceIdHex(batch.traceId, row) };
    case 'link:spanID':
      return {
        type: 'text',
        normal: spanId,
        text: ({ batch, link }) => (link < 0 ? undefined : spanIdHex(batch.links.spanId, link)),
      };
    case 'link:traceID':
      return {
        type: 'text',
        normal: traceId,
        text: ({ batch, link }) => (link < 0 ? undefined : traceIdHex(batch.links.traceId, link)),
      };
    case 'rootName':
      return { type: 'text', text: ({ facts }) => facts?.rootName };
    case 'rootServiceName':
      return { type: 'text', text: ({ facts }) => facts?.rootService };
    default:
      return undefined;
  }
}

/** As the data says: below 0 where a span ended before it began. A span without an end has none. */
function durationOf({ flags, durationNs }: SpanBatch, row: number): number {
  return (flags[row] & BATCH_NO_END) === 0 ? durationNs[row] : Number.NaN;
}

/** Nanoseconds from the span's start to the event. */
function timeSinceStart({ batch, row, event }: Cursor): number {
  if (event < 0) return Number.NaN;
  const high = batch.events.time[event * 2 + 1] - batch.start[row * 2 + 1];
  return high * 4294967296 + (batch.events.time[event * 2] - batch.start[row * 2]);
}

/** The value as expressions see it. */
export function readIntrinsic(found: Intrinsic, at: Cursor): Static {
  switch (found.type) {
    case 'string':
      return { type: 'string', value: at.batch.strings.get(found.index(at)) };
    case 'number': {
      const value = found.number(at);
      return Number.isNaN(value) ? undefined : { type: found.of, value };
    }
    case 'word':
      return found.words[found.number(at)];
    case 'text': {
      const value = found.text(at);
      return value === undefined ? undefined : { type: 'string', value };
    }
    default:
      return found satisfies never;
  }
}
