import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { decode } from './spans';

it('reads blocks of lines, values in their types, events, links and the resource', () => {
  const { format, spans } = decode(readFileSync(join(__dirname, '../../fixtures/formats/rust-console.txt')));
  expect(format).toBe('rust-console');
  expect(spans).toHaveLength(2);
  expect(spans[0]).toMatchObject({
    traceId: '7a7b7c7d7e7f80818283848586878889',
    spanId: '0a0b0c0d0e0f1011',
    parentSpanId: '',
    name: 'grind: wheat',
    kind: 2,
    startNs: 1746515289000250000n,
    durationNs: 500_000_000,
    status: 2,
    statusMessage: 'stones "worn"',
    service: 'mill',
    resource: { 'process.pid': 77 },
    scope: { name: 'grain', version: '0.3.0' },
    attributes: { sacks: 12, fine: true, yield: 0.75, kind: 'say "rye"\n' },
    events: [{ name: 'jammed', timeNs: 1746515289100000000n, attributes: { stone: 2 } }],
    links: [{ traceId: '11111111111111111111111111111112', spanId: '2222222222222223' }],
  });
  expect(spans[1]).toMatchObject({ name: 'sift', parentSpanId: '0a0b0c0d0e0f1011', kind: 1, status: 0, service: 'mill' });
});
