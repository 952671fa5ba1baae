import { describe, expect, it } from 'vitest';
import { FLAG_CRITICAL, FLAG_EVENTS, type SpanTable } from '../../../src/core/model/table';
import { hasFlag, isError, quantumOf, serviceOf, snapshotBuffers, unpackSnapshot } from '../../../src/protocol/columns';
import { analyseTrace, assembleTrace, packSnapshot } from '../../support/atOnce';
import { TEXT_TRACE_ID, traceFromText } from '../../support/traceText';

const pack = (table: SpanTable) => packSnapshot(table, analyseTrace(table), { revision: 3, dataset: 'test', live: false });

describe('snapshot', () => {
  const table = traceFromText(`
    POST /checkout  storefront  0..100     server event=start@1
      GET /cart     storefront  10.5..60   client
        GET /cart   cart        61.5..91   server error
      late          storefront  70..       internal
  `);
  const snapshot = pack(table);
  const model = unpackSnapshot(structuredClone(snapshot));

  it('has the columns of the table again', () => {
    expect(Array.from({ length: 4 }, (_, span) => snapshot.names[model.name[span]])).toEqual([
      'POST /checkout',
      'GET /cart',
      'GET /cart',
      'late',
    ]);
    expect(snapshot.names).toEqual(['POST /checkout', 'GET /cart', 'late']);
    expect([0, 1, 2, 3].map((span) => snapshot.services[serviceOf(model, span)])).toEqual([
      'storefront',
      'storefront',
      'cart',
      'storefront',
    ]);
    expect([0, 1, 2, 3].map((span) => isError(model, span))).toEqual([false, false, true, false]);
    const flags = Array.from({ length: 16 }, (_, bit) => 1 << bit);
    const flagsOf = (span: number) => flags.reduce((sum, flag) => sum | (hasFlag(model, span, flag) ? flag : 0), 0);
    expect([0, 1, 2, 3].map(flagsOf)).toEqual([...table.flags]);
    expect(flagsOf(0) & (FLAG_EVENTS | FLAG_CRITICAL)).toBe(FLAG_EVENTS | FLAG_CRITICAL);
    expect(model.rawStartNs).toEqual(table.startNs);
    expect(model.durationNs).toEqual(table.durationNsOf);
    expect(model.tree.parent).toEqual(table.parent);
    expect(model.tree.subtreeEnd).toEqual(table.subtreeEnd);
    expect(snapshot).toMatchObject({
      rootName: 'POST /checkout',
      rootService: 'storefront',
      durationNs: 100e6,
      errorCount: 1,
      revision: 3,
    });
  });

  it('has corrected times beside those of the data', () => {
    expect(model.rawStartNs[2]).toBe(61.5e6);
    expect(model.startNs[2]).toBe(20.5e6);
    expect(model.snapshot.corrections).toEqual([{ service: 'cart', correctionNs: -41e6 }]);
    expect(model.bounds).toEqual({ startNs: 0, endNs: 100e6 });
  });

  it('holds no bigint, and only buffers of exact length', () => {
    expect(() => JSON.stringify(snapshot)).not.toThrow();
    expect(snapshotBuffers(snapshot).every((buffer) => buffer instanceof ArrayBuffer)).toBe(true);
    expect([snapshot.depth, snapshot.name, snapshot.word].map((buffer) => buffer.byteLength)).toEqual([4, 4, 4]);
    expect(snapshot.times.byteLength).toBeLessThan(4 * 10);
  });

  it('leaves the table whole when its buffers are transferred', () => {
    const { byteLength } = snapshot.times;
    structuredClone(snapshot, { transfer: snapshotBuffers(snapshot) });
    expect(table.parent).toHaveLength(4);
    expect(pack(table).times.byteLength).toBe(byteLength);
  });

  it('has no name when the root is missing', () => {
    expect(pack(traceFromText('child  a  0..5  parent=dead')).rootName).toBe('');
  });

  it('of a trace without spans can be shown', () => {
    const empty = unpackSnapshot(pack(assembleTrace(TEXT_TRACE_ID, [])));
    expect(empty.tree.count).toBe(0);
    expect(empty.bounds).toEqual({ startNs: 0, endNs: 0 });
  });
});

describe('quanta', () => {
  it('are the smallest power of ten that fits', () => {
    expect([0, 1e9, 4.29e9, 4.3e9, 60e9, 86_400e9].map(quantumOf)).toEqual([1, 1, 1, 10, 100, 100_000]);
  });

  it('keep spans that touch touching, and lose less than a quantum', () => {
    const table = traceFromText('root  a  0..86400000\n  one  a  1.000449..7.123456\n  two  a  7.123456..9.9');
    const model = unpackSnapshot(pack(table));
    expect(model.snapshot.quantumNs).toBe(100_000);
    expect(model.startNs[1] + model.durationNs[1]).toBe(model.startNs[2]);
    expect(Math.abs(model.startNs[1] - 1_000_449)).toBeLessThanOrEqual(50_000);
  });
});
