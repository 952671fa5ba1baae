import { beforeEach, describe, expect, it } from 'vitest';
import { InProcessEngine } from '../../support/inProcessEngine';
import type { SpanSpec } from '../../support/otlp';

let engine: InProcessEngine;
beforeEach(() => {
  engine = new InProcessEngine();
});

const needles = (traceId: string, limit = 2000, dataset = 'file:a'): Promise<string[]> =>
  engine.call('sourceNeedles', { dataset, traceId: traceId.padStart(32, '0'), limit });

describe('what of a trace may stand in the source', () => {
  it('is each function, route and name once, of this trace first, then of those beside it', async () => {
    const spans: SpanSpec[] = [
      { traceId: 'b', spanId: '9', name: 'otherTrace', attributes: { 'http.route': '/other/{id}' } },
      ...Array.from(
        { length: 500 },
        (_, i): SpanSpec => ({
          traceId: 'a',
          spanId: (i + 1).toString(16),
          name: i % 2 ? 'chargeCard' : 'sendReceipt',
          attributes:
            i % 2 ? { 'http.route': '/orders/{id}', 'order.id': i } : { 'code.function.name': 'shop.Receipts.send_all' },
        }),
      ),
    ];
    await engine.open(spans);
    const found = await needles('a');
    for (const text of ['chargeCard', 'send_all']) expect(found).toContain(text);
    expect(found.join(' ')).toContain('/orders/');
    expect(new Set(found).size).toBe(found.length);
    const other = found.indexOf('otherTrace');
    expect(other).toBeGreaterThan(found.indexOf('chargeCard'));
    expect(other).toBeGreaterThan(found.indexOf('send_all'));
    expect((await needles('b'))[0]).not.toBe('chargeCard');
  });

  it('keeps to its limit', async () => {
    await engine.open(
      Array.from({ length: 300 }, (_, i) => ({ traceId: 'a', spanId: (i + 1).toString(16), name: `charge${i}` })),
    );
    expect(await needles('a', 100)).toHaveLength(100);
    expect((await needles('a')).length).toBeGreaterThanOrEqual(300);
  });

  it('is not what the settings hide', async () => {
    await engine.call('configure', {
      redactKeys: ['http.route'],
      redactPatterns: [],
      captureMemoryBytes: 1 << 28,
      captureLogBytes: 1 << 28,
    });
    await engine.open([{ traceId: 'a', spanId: '1', name: 'named', attributes: { 'http.route': '/secret/{id}' } }]);
    expect((await needles('a')).join(' ')).not.toContain('secret');
  });

  it('rejects for a trace that is not here', async () => {
    await engine.open([{ traceId: 'a', spanId: '1' }]);
    await expect(needles('f')).rejects.toMatchObject({ name: 'NotFound' });
  });
});
