import { expect, it } from 'vitest';
import { argumentOf, idAt, idIn } from '../../../../src/app/links/idsInText';

const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';
const other = '0af7651916cd43dd8448eb211c80319c';
const traceparent = `00-${traceId}-00f067aa0ba902b7-01`;

it('takes the id under the cursor, else the first that is surely one', () => {
  const line = `md5 ${other} trace_id=${traceId}`;
  expect(idAt(line, 6)?.traceId).toBe(other);
  expect(idAt(line, line.length)?.traceId).toBe(traceId);
  expect(idAt(line, 0)?.traceId).toBe(traceId);
  expect(idAt('nothing here', 3)).toBeUndefined();
});

it('takes a copied id as a whole, or out of its text, but no word', () => {
  expect(idIn(` ${traceId}\n`)?.traceId).toBe(traceId);
  expect(idIn(`trace_id=${traceId} took 3 ms`)?.traceId).toBe(traceId);
  expect(idIn(traceparent)).toMatchObject({ traceId, spanId: '00f067aa0ba902b7' });
  expect(idIn('cafe')).toBeUndefined();
});

it('takes what is typed in any form of an id', () => {
  expect(argumentOf('CAFE')).toEqual({ traceId: 'cafe'.padStart(32, '0'), spanId: undefined });
  expect(argumentOf(traceparent)).toEqual({ traceId, spanId: '00f067aa0ba902b7' });
  expect(argumentOf('xyz')).toBeUndefined();
});
