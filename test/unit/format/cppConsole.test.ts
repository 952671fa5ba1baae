import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { decode } from './spans';

it('reads blocks in braces, attributes with the names of fields, events, links and the resource', () => {
  const { format, spans, defects } = decode(readFileSync(join(__dirname, '../../fixtures/formats/cpp-console.txt')));
  expect(format).toBe('cpp-console');
  expect(defects).toEqual([]);
  expect(spans).toHaveLength(2);
  expect(spans[0]).toMatchObject({
    traceId: 'c0c1c2c3c4c5c6c7c8c9cacbcccdcecf',
    spanId: 'd0d1d2d3d4d5d6d7',
    parentSpanId: 'e0e1e2e3e4e5e6e7',
    name: 'sluice/Open',
    kind: 2,
    startNs: 1751111111000000500n,
    durationNs: 2_500_000,
    status: 2,
    statusMessage: 'gate stuck',
    service: 'sluice',
    scope: { name: 'sluice-lib', version: '1.2.0-dev' },
    attributes: { 'rpc.system': 'grpc', status: '5', name: 'a: b' },
    events: [{ name: 'exception', timeNs: 1751111111001000000n, attributes: { 'exception.type': 'Stuck' } }],
    links: [{ traceId: '00000000000000000000000000000abc', spanId: '0000000000000def', attributes: { why: 'retry' } }],
  });
  expect(spans[1]).toMatchObject({ name: '5', kind: 3, status: 0, service: 'sluice', scope: { name: 'grpc' } });
});

it('reads it as the documentation shows it', () => {
  const { format, spans, defects } = decode(`{
  "name" : "open",
  "trace_id": "c0c1c2c3c4c5c6c7c8c9cacbcccdcecf",
  "span_id": "d0d1d2d3d4d5d6d7",
  "tracestate" : ,
  "parent_span_id": "0000000000000000",
  "start": 1751111111000000500,
  "duration": 64697,
  "span kind": "Internal",
  "status": "Unset",
  "service.name": "sluice",
  "instr-lib": "sluice-lib"
}`);
  expect([format, defects]).toEqual(['cpp-console', []]);
  expect(spans).toMatchObject([
    { name: 'open', startNs: 1751111111000000500n, durationNs: 64_697, kind: 1, service: 'sluice', parentSpanId: '' },
  ]);
});
