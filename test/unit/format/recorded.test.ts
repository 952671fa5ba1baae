// Every trace that a real server gave back when it was asked by id, read by our decoders: equal to what was sent to it, field by field, but for what the
// server itself loses.

import { describe, expect, it } from 'vitest';
import { compareSpans } from '../../support/compareSpans';
import { jaegerLegacyLosses, jaegerV3Losses, type Loss, tempoLosses, zipkinLosses } from '../../support/losses';
import { decodedSpans } from '../../support/plainSpans';
import { recordedOtlp, recordedZipkin } from '../../support/recorded';
import { bodyOf, exchangesOf } from '../../support/replayServer';
import { sharedData, sharedPath } from '../../support/sharedData';

interface Case {
  readonly folder: string;
  /** Of the exchanges' names, before that of the trace. */
  readonly prefix: string;
  readonly losses: readonly Loss[];
  /** How many traces there are at least: a test that compares nothing would pass. */
  readonly least: number;
}

const cases: readonly Case[] = [
  { folder: 'jaeger-main', prefix: 'v3-trace-', losses: jaegerV3Losses, least: 38 },
  { folder: 'jaeger-main', prefix: 'legacy-trace-', losses: jaegerLegacyLosses, least: 36 },
  { folder: 'jaeger-2.13', prefix: 'v3-trace-', losses: jaegerV3Losses, least: 38 },
  { folder: 'jaeger-2.13', prefix: 'legacy-trace-', losses: jaegerLegacyLosses, least: 36 },
  { folder: 'tempo-main', prefix: 'trace-v1-', losses: tempoLosses, least: 5 },
  { folder: 'tempo-main', prefix: 'trace-v2-', losses: tempoLosses, least: 36 },
  { folder: 'tempo-main', prefix: 'trace-v2-pb-', losses: tempoLosses, least: 36 },
  { folder: 'zipkin-3.5', prefix: 'trace-', losses: zipkinLosses, least: 44 },
];

describe.skipIf(sharedData === undefined)('a recorded trace', () => {
  it.each(cases)('of $folder, $prefix has all that was sent', ({ folder, prefix, losses, least }) => {
    const sent = folder.startsWith('zipkin') ? recordedZipkin() : recordedOtlp();
    const problems: string[] = [];
    let compared = 0;
    for (const exchange of exchangesOf(sharedPath('recorded', folder))) {
      if (exchange.response.status !== 200) continue;
      const trace = sent.find(({ name }) => exchange.name.replace(/^last-/, '') === `${prefix}${name}`);
      if (trace === undefined) continue;
      compared++;
      problems.push(
        ...compareSpans(trace.spans, decodedSpans(bodyOf(exchange)), losses).map((one) => `${exchange.name}: ${one}`),
      );
    }
    expect(problems).toEqual([]);
    expect(compared).toBeGreaterThanOrEqual(least);
  });

  it('that differs in any field is told', () => {
    const [{ spans }] = recordedOtlp().filter(({ name }) => name === 'attribute-types');
    const fields = Object.keys(spans[0]);
    expect(compareSpans(spans, spans)).toEqual([]);
    for (const field of fields) {
      const changed = spans.map((span) => ({ ...span, [field]: typeof Reflect.get(span, field) === 'object' ? {} : 'other' }));
      expect(compareSpans(spans, changed), field).not.toEqual([]);
    }
    expect(compareSpans(spans, spans.slice(1))).toEqual([expect.stringContaining('spans were expected')]);
  });
});
