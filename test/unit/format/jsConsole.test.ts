import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { decode } from './spans';

it('reads what Node prints of an object, between other lines', () => {
  const { format, spans, defects } = decode(readFileSync(join(__dirname, '../../fixtures/formats/js-console.txt')));
  expect({ format, defects }).toEqual({ format: 'js-console', defects: [] });
  expect(spans).toHaveLength(1);
  expect(spans[0]).toMatchObject({
    traceId: '3f1fe6256ea46d19ec3ca97b3409ad6d',
    spanId: '41a27f331c7bfed3',
    parentSpanId: 'f0b7b340dd6e08a7',
    name: 'it\'s "quoted"',
    kind: 3,
    startNs: 1705519163992000250n,
    durationNs: 1500,
    service: 'dice-server',
    attributes: { 'net.transport': 'ip_tcp', long: 'a\nb', list: [1, 2, 3], o: '[Object]', f: '[Function: x]' },
    events: [{ name: 'x', timeNs: 1705519163993000000n }],
  });
});
