// A span with very many links into its own trace, which is long: told at once where they lead.

import { expect, it } from 'vitest';
import { InProcessEngine } from '../../support/inProcessEngine';

const traceId = 'a1'.padStart(32, '0');
const idOf = (number: number): string => number.toString(16).padStart(16, '0');

it('finds where links lead in one look through the trace', { timeout: 60_000 }, async () => {
  const engine = new InProcessEngine();
  const links = Array.from({ length: 60_000 }, (_, i) => ({ traceId, spanId: idOf(i === 0 ? 7 : 1_000_000 + i) }));
  links.push({ traceId, spanId: idOf(7) }, { traceId: 'b2'.padStart(32, '0'), spanId: idOf(7) });
  const spans = Array.from({ length: 200_000 }, (_, i) => ({ traceId, spanId: idOf(i + 1), ...(i === 0 ? { links } : {}) }));
  const bytes = new TextEncoder().encode(JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans }] }] }));
  await engine.openAndList({ dataset: 'file:links', name: 'links', bytes });
  const before = process.cpuUsage();
  const details = await engine.call('spanDetails', { dataset: 'file:links', traceId, spanId: idOf(1) });
  const { user, system } = process.cpuUsage(before);
  expect((user + system) / 1e6).toBeLessThan(4);
  const rows = details.links.map(({ row }) => row);
  expect(rows.filter((row) => row !== undefined)).toHaveLength(2);
  expect([rows[0], rows[60_000], rows[60_001]]).toEqual([rows[0], rows[0], undefined]);
});
