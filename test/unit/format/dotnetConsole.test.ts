import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { decode } from './spans';

it('reads blocks of lines, their tags, events, status and resource', () => {
  const { format, spans } = decode(readFileSync(join(__dirname, '../../fixtures/formats/dotnet-console.txt')));
  expect(format).toBe('dotnet-console');
  expect(spans).toHaveLength(2);
  expect(spans[0]).toMatchObject({
    traceId: '80e1afed08e019fc1110464cfa66635c',
    spanId: '7a085853722dc6d2',
    parentSpanId: '0000000000000001',
    name: 'SayHello',
    kind: 1,
    startNs: 1648157207723497000n,
    durationNs: 16_950_000,
    status: 2,
    statusMessage: 'Something bad',
    service: 'my-svc',
    scope: { name: 'MyCompany.MyProduct.MyLibrary', version: '1.0' },
    attributes: { foo: '1', bar: 'Hello, World!', baz: '[1,2,3]' },
    events: [{ name: 'exception', timeNs: 1648157207730000000n, attributes: { 'exception.type': 'System.Exception' } }],
  });
  expect(spans[1]).toMatchObject({ name: 'Two', kind: 3, parentSpanId: '', service: 'my-svc', status: 0 });
});
