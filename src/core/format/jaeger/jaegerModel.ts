/**
 * Jaeger's internal model in protobuf's JSON, as its older gateway, grpcurl and its storage tests write it: ids in base64, times as dates, durations
 * with a unit, a process in each span.
 * Source: jaegertracing/jaeger-idl proto/api_v2/model.proto; protobuf.dev, "ProtoJSON Format".
 */

import { nanosOfDate } from '../../model/int64';
import { idHexOf } from '../../model/oddIds';
import { type DocumentKind, isMembers, membersIn, membersOf, textOf } from '../documents/kind';
import type { Members } from '../documents/literal';
import { jaegerTrace } from './jaegerTrace';

const types: readonly string[] = ['string', 'bool', 'int64', 'float64', 'binary'];
const typeNames: readonly string[] = ['STRING', 'BOOL', 'INT64', 'FLOAT64', 'BINARY'];

export const jaegerModel: DocumentKind = {
  format: 'jaeger-model',
  inParts: (document) => !isSpan(document),
  hint: /"operationName"\s*:[^{}]{0,400}"startTime"\s*:\s*"\d{4}-|"vType"\s*:\s*"/,
  is: (document) => spansIn(document).length > 0,
  translate: (document) => jaegerTrace(spansIn(document).map(spanOf)),
};

/** The span itself, or those of a trace or of a piece of an answer. */
function spansIn(document: Members): readonly Members[] {
  if (isSpan(document)) return [document];
  const { spans } = isMembers(document.result) ? document.result : document;
  return membersIn(spans).filter(isSpan);
}

function isSpan({ traceId, spanId, operationName, startTime }: Members): boolean {
  return (
    typeof traceId === 'string' &&
    typeof spanId === 'string' &&
    typeof operationName === 'string' &&
    typeof startTime === 'string'
  );
}

function spanOf(span: Members): unknown {
  const process = membersOf(span.process);
  return {
    traceID: idHexOf(span.traceId, 16),
    spanID: idHexOf(span.spanId, 8),
    operationName: span.operationName,
    references: membersIn(span.references).map(({ traceId, spanId, refType }) => ({
      refType: refType === 1 || refType === 'FOLLOWS_FROM' ? 'FOLLOWS_FROM' : 'CHILD_OF',
      traceID: idHexOf(traceId, 16),
      spanID: idHexOf(spanId, 8),
    })),
    flags: span.flags,
    startTime: microsOf(span.startTime),
    duration: durationMicros(span.duration),
    tags: tagsOf(span.tags),
    logs: membersIn(span.logs).map(({ timestamp, fields }) => ({ timestamp: microsOf(timestamp), fields: tagsOf(fields) })),
    process: { serviceName: process.serviceName, tags: tagsOf(process.tags) },
    warnings: span.warnings,
  };
}

function tagsOf(list: unknown): unknown[] {
  return membersIn(list).map((tag) => {
    const type = typeof tag.vType === 'number' ? tag.vType : Math.max(0, typeNames.indexOf(textOf(tag.vType) ?? ''));
    const value = [tag.vStr ?? '', tag.vBool ?? false, tag.vInt64 ?? 0, tag.vFloat64 ?? 0, tag.vBinary ?? ''][type];
    return { key: tag.key, type: types[type] ?? 'string', value: typeof value === 'bigint' ? value.toString() : value };
  });
}

function microsOf(date: unknown): number | undefined {
  const nanos = nanosOfDate(textOf(date) ?? '');
  return nanos === undefined ? undefined : Number(nanos / 1000n);
}

const perMicro: Readonly<Record<string, number>> = { ns: 1e-3, us: 1, µs: 1, μs: 1, ms: 1e3, s: 1e6, m: 6e7, h: 3.6e9 };

/** Of `0.100s`, `5000000ns`, `1m2.5s`. */
function durationMicros(value: unknown): number | undefined {
  if (typeof value === 'number') return value / 1000;
  const text = textOf(value) ?? '';
  if (text.length > 100 || !/^-?(?:\d+(?:\.\d+)?(?:ns|us|µs|μs|ms|s|m|h))+$/.test(text)) return undefined;
  let micros = 0;
  for (const [, amount, unit] of text.matchAll(/(\d+(?:\.\d+)?)(ns|us|µs|μs|ms|s|m|h)/g))
    micros += Number(amount) * perMicro[unit];
  // Nanoseconds are the finest that there are.
  return (text.startsWith('-') ? -1 : 1) * (Math.round(micros * 1000) / 1000);
}
