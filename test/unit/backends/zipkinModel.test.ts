// The Zipkin that other tests search answers as the real one did.

import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { bodyOf, exchangesOf } from '../../support/replayServer';
import { sharedData, sharedPath } from '../../support/sharedData';
import { ZipkinModel } from '../../support/zipkinModel';

it.skipIf(sharedData === undefined)('every recorded search has the same answer', () => {
  const model = new ZipkinModel(JSON.parse(readFileSync(sharedPath('recorded', 'input.zipkin.json'), 'utf8')));
  let compared = 0;
  for (const exchange of exchangesOf(sharedPath('recorded', 'zipkin-3.5'))) {
    const { name, request, response } = exchange;
    if (!name.startsWith('traces-')) continue;
    const [status, body] = model.answer(new URL(`http://x${request.path}`));
    const recorded = new TextDecoder().decode(bodyOf(exchange));
    expect(status, name).toBe(response.status);
    compared++;
    if (status !== 200) {
      expect(recorded, name).toContain(body);
      continue;
    }
    const idsOf = (text: string): string[] => (JSON.parse(text) as { traceId: string }[][]).map(([span]) => span.traceId).sort();
    const [wanted, got] = [idsOf(recorded), idsOf(body)];
    // Which of those that are as new comes first is nobody's promise.
    const limit = Number(new URL(`http://x${request.path}`).searchParams.get('limit') ?? 10);
    if (wanted.length < limit) expect(got, name).toEqual(wanted);
    else expect(got, name).toHaveLength(wanted.length);
  }
  expect(compared).toBeGreaterThan(40);
});
