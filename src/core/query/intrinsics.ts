/** Conditions on what every span has: name, duration, status, ids, events' names, and the trace it is in. */

import { BATCH_NO_END, type SpanBatch } from '../model/batch';
import { parseSpanId, parseTraceId, spanIdHex, traceIdHex } from '../model/ids';
import type { StringTable } from '../model/strings';
import { compareOrder, textTest } from './compare';
import { kindNumbers, statusNumbers } from './names';
import type { SpanPredicate } from './predicate';
import type { ComparisonOperator, Literal } from './query';
import { memoTest } from './textSearch';

export function compileIntrinsic(
  name: string,
  operator: ComparisonOperator,
  value: Literal,
  strings: StringTable,
): SpanPredicate {
  switch (name) {
    case 'name':
      return ofString(operator, value, strings, (batch, row) => batch.name[row]);
    case 'statusMessage':
      return ofString(operator, value, strings, (batch, row) => batch.statusMessage[row]);
    case 'instrumentation:name':
      return ofString(operator, value, strings, (batch, row) => batch.scopes[batch.scope[row]]?.name ?? 0);
    case 'instrumentation:version':
      return ofString(operator, value, strings, (batch, row) => batch.scopes[batch.scope[row]]?.version ?? 0);
    case 'duration':
      return ofDuration(operator, value);
    case 'status':
      return value.type === 'status' ? ofNumber(operator, statusNumbers[value.value], (batch, row) => batch.status[row]) : never;
    case 'kind':
      return value.type === 'kind' ? ofNumber(operator, kindNumbers[value.value], (batch, row) => batch.kind[row]) : never;
    case 'span:id':
      return ofText(operator, normalId(value, parseSpanId), (batch, row) => spanIdHex(batch.spanId, row));
    case 'span:parentID':
      return ofText(operator, normalId(value, parseSpanId), (batch, row) => spanIdHex(batch.parentSpanId, row));
    case 'trace:id':
      return ofText(operator, normalId(value, parseTraceId), (batch, row) => traceIdHex(batch.traceId, row));
    case 'rootName':
      return ofText(operator, value, (_batch, _row, trace) => trace?.rootName);
    case 'rootServiceName':
      return ofText(operator, value, (_batch, _row, trace) => trace?.rootService);
    case 'traceDuration': {
      const limit = value.type === 'duration' ? value.valueNs : Number.NaN;
      return (_batch, _row, trace) => trace !== undefined && compareOrder(trace.durationNs - limit, operator);
    }
    default:
      return compileBelow(name, operator, value, strings);
  }
}

const never: SpanPredicate = () => false;

/** Intrinsics of a span's events and links: one that fits is enough. */
function compileBelow(name: string, operator: ComparisonOperator, value: Literal, strings: StringTable): SpanPredicate {
  switch (name) {
    case 'event:name': {
      const matches = memoTest(strings, textTest(operator, value));
      return (batch, row) => {
        for (let event = batch.eventStart[row]; event < batch.eventEnd[row]; event++)
          if (matches(batch.events.name[event])) return true;
        return false;
      };
    }
    case 'event:timeSinceStart': {
      const limit = value.type === 'duration' ? value.valueNs : Number.NaN;
      return (batch, row) => {
        for (let event = batch.eventStart[row]; event < batch.eventEnd[row]; event++) {
          if (compareOrder(eventOffset(batch, row, event) - limit, operator)) return true;
        }
        return false;
      };
    }
    case 'link:spanID': {
      const matches = textTest(operator, normalId(value, parseSpanId));
      return (batch, row) => someLink(batch, row, (link) => matches(spanIdHex(batch.links.spanId, link)));
    }
    case 'link:traceID': {
      const matches = textTest(operator, normalId(value, parseTraceId));
      return (batch, row) => someLink(batch, row, (link) => matches(traceIdHex(batch.links.traceId, link)));
    }
    default:
      return never;
  }
}

function someLink(batch: SpanBatch, row: number, test: (link: number) => boolean): boolean {
  for (let link = batch.linkStart[row]; link < batch.linkEnd[row]; link++) if (test(link)) return true;
  return false;
}

/** Nanoseconds from the span's start to an event. */
function eventOffset(batch: SpanBatch, row: number, event: number): number {
  const high = batch.events.time[event * 2 + 1] - batch.start[row * 2 + 1];
  return high * 4294967296 + (batch.events.time[event * 2] - batch.start[row * 2]);
}

/** An id as a person may write it, in the digits that we compare; other values as they are. */
function normalId(value: Literal, parse: (text: string) => string | undefined): Literal {
  return value.type === 'string' ? { type: 'string', value: parse(value.value) ?? value.value } : value;
}

function ofString(
  operator: ComparisonOperator,
  value: Literal,
  strings: StringTable,
  index: (batch: SpanBatch, row: number) => number,
): SpanPredicate {
  if (value.type === 'string' && value.value !== '' && (operator === '=' || operator === '!=')) {
    const wanted = strings.find(value.value);
    return operator === '=' ? (batch, row) => index(batch, row) === wanted : (batch, row) => index(batch, row) !== wanted;
  }
  const matches = memoTest(strings, textTest(operator, value));
  return (batch, row) => matches(index(batch, row));
}

function ofText(
  operator: ComparisonOperator,
  value: Literal,
  text: (...span: Parameters<SpanPredicate>) => string | undefined,
): SpanPredicate {
  const matches = textTest(operator, value);
  return (batch, row, trace) => {
    const found = text(batch, row, trace);
    return found !== undefined && matches(found);
  };
}

function ofNumber(
  operator: ComparisonOperator,
  wanted: number,
  column: (batch: SpanBatch, row: number) => number,
): SpanPredicate {
  return (batch, row) => compareOrder(column(batch, row) - wanted, operator);
}

/** A negative duration is 0, as it is shown; a span without an end has none and is never found by it. */
function ofDuration(operator: ComparisonOperator, value: Literal): SpanPredicate {
  const limit = value.type === 'duration' ? value.valueNs : Number.NaN;
  return (batch, row) => {
    if ((batch.flags[row] & BATCH_NO_END) !== 0) return false;
    return compareOrder(Math.max(0, batch.durationNs[row]) - limit, operator);
  };
}
