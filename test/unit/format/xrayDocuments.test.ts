// What X-Ray's segment documents say, of every kind: causes that name each other, stacks of several languages, metadata, inferred segments.

import { describe, expect, it } from 'vitest';
import { decode, messages } from './spans';

const TRACE = '1-5759e988-bd862e3fe1be46a994272793';
const part = (id: string, more: object = {}): Record<string, unknown> => ({
  id: id.padStart(16, '0'),
  name: `part ${id}`,
  start_time: 1461096053.4,
  end_time: 1461096053.5,
  ...more,
});
const segment = (id: string, more: object = {}): Record<string, unknown> => part(id, { trace_id: TRACE, name: 'shop', ...more });
/** As BatchGetTraces answers. */
const answer = (...documents: unknown[]): string =>
  JSON.stringify({
    Traces: [{ Id: TRACE, Segments: documents.map((document) => ({ Id: 'x', Document: JSON.stringify(document) })) }],
    UnprocessedTraceIds: [],
  });
const exceptionsOf = (more: object, index = 0): unknown[] =>
  decode(answer(segment('1', more))).spans[index].events.map(({ attributes }) => attributes);

describe("X-Ray's causes", () => {
  const inner = {
    id: 'b',
    type: 'java.sql.SQLException',
    message: 'closed',
    stack: [{ path: 'Pool.java', line: 12, label: 'com.acme.Pool.take' }],
    truncated: 7,
  };
  const outer = {
    id: 'a',
    type: 'com.acme.Failed',
    message: 'no order',
    cause: 'b',
    stack: [{ path: 'Order.java', line: 40, label: 'com.acme.Order.save' }],
  };

  it('are one exception with those that caused it, as Java prints them', () => {
    expect(exceptionsOf({ fault: true, cause: { exceptions: [outer, inner] } })).toEqual([
      {
        'exception.type': 'com.acme.Failed',
        'exception.message': 'no order',
        'exception.stacktrace': [
          'com.acme.Failed: no order',
          '    at com.acme.Order.save(Order.java:40)',
          'Caused by: java.sql.SQLException: closed',
          '    at com.acme.Pool.take(Pool.java:12)',
          '    ... 7 more',
        ].join('\n'),
      },
    ]);
  });

  it('are several where none caused another', () => {
    const types = exceptionsOf({ cause: { exceptions: [{ ...outer, cause: undefined }, inner] } }).map((one) =>
      Reflect.get(Object(one), 'exception.type'),
    );
    expect(types).toEqual(['com.acme.Failed', 'java.sql.SQLException']);
  });

  it.each([
    ['of itself', [{ ...outer, cause: 'a' }]],
    ['in a circle', [outer, { ...inner, cause: 'a' }]],
    ['that is not there', [{ ...outer, cause: 'zzz' }]],
  ])('%s end', (_, exceptions) => {
    const found = exceptionsOf({ cause: { exceptions } });
    expect(found).toHaveLength(1);
    expect(found[0]).toMatchObject({ 'exception.type': 'com.acme.Failed' });
  });

  it('may be the id of an exception of another part, before or behind, in the same document or another one', () => {
    const thrown = { fault: true, cause: { exceptions: [{ ...outer, cause: undefined }] } };
    const named = { fault: true, cause: 'a' };
    const documents = [
      [segment('1', { ...named, subsegments: [part('2', thrown)] })],
      [segment('1', { ...thrown, subsegments: [part('2', named)] })],
      [segment('1', named), segment('2', { ...thrown, parent_id: '1'.padStart(16, '0') })],
    ];
    for (const each of documents) {
      const { spans } = decode(answer(...each));
      expect(spans.map(({ events }) => events.map(({ attributes }) => attributes['exception.message']))).toEqual([
        ['no order'],
        ['no order'],
      ]);
      expect(spans[0].statusMessage).toBe('no order');
    }
  });

  it('that are an id of nothing leave it to be seen', () => {
    expect(decode(answer(segment('1', { fault: true, cause: 'ffff' }))).spans[0]).toMatchObject({
      status: 2,
      events: [],
      attributes: { 'aws.xray.cause': 'ffff' },
    });
  });

  it('do not repeat a long stack for each that names it', () => {
    const long = { id: 'a', type: 'E', message: 'm', stack: [{ path: 'p'.repeat(30_000), line: 1, label: 'f' }] };
    const subsegments = Array.from({ length: 400 }, (_, i) => part(String(i + 10), { cause: 'a' }));
    const { spans } = decode(answer(segment('1', { cause: { exceptions: [long] }, subsegments })));
    const withStack = spans.filter(({ events }) => events[0].attributes['exception.stacktrace'] !== undefined);
    expect([spans.length, withStack.length]).toEqual([401, 11]);
  });

  it('make no places of what an exporter cut off at a colon', () => {
    const stack = [
      { path: 'node', line: 0, label: 'Module._compile' },
      { path: 'C', line: 0, label: 'run' },
      { path: 'src/a.js', line: 3, label: '' },
    ];
    expect(exceptionsOf({ cause: { working_directory: '/srv', exceptions: [{ type: 'E', stack }] } })).toMatchObject([
      {
        'exception.stacktrace':
          'E: \n    at Module._compile (<anonymous>)\n    at run (<anonymous>)\n    at <anonymous> (/srv/src/a.js:3)',
      },
    ]);
  });

  it('say that an exception came from a service that was called', () => {
    expect(exceptionsOf({ cause: { exceptions: [{ type: 'E', message: '', remote: true, skipped: 2 }] } })).toEqual([
      { 'exception.type': 'E', 'exception.message': '', 'aws.xray.remote': true, 'aws.xray.skipped': 2 },
    ]);
  });
});

describe("what X-Ray's segments say", () => {
  it('of a call of a database and of AWS', () => {
    const { spans } = decode(
      answer(
        segment('1', {
          origin: 'AWS::ECS::Container',
          resource_arn: 'arn:aws:ecs:eu-west-1:1:x',
          service: { version: '1.2', runtime: 'Node.js', runtime_version: '20.1', compiler: 'x' },
          user: 'ann',
          aws: { account_id: '123456789012', ecs: { container_id: 'c1' }, xray: { sdk: 'X-Ray for Node' } },
          http: { request: { method: 'GET', url: 'https://x/', x_forwarded_for: true, traced: true }, response: { status: 429 } },
          throttle: true,
          error: true,
          subsegments: [
            part('2', {
              namespace: 'remote',
              sql: { url: 'jdbc:pg://db/x', sanitized_query: 'SELECT ?', database_type: 'PostgreSQL', database_version: '16' },
            }),
            part('3', { namespace: 'aws', aws: { operation: 'Query', table_name: 't' }, precursor_ids: ['2'] }),
          ],
        }),
      ),
    );
    expect(spans[0]).toMatchObject({
      status: 2,
      attributes: {
        'aws.xray.throttle': true,
        'aws.xray.x_forwarded_for': true,
        'enduser.id': 'ann',
        'aws.account_id': '123456789012',
      },
      resource: {
        'service.version': '1.2',
        'process.runtime.name': 'Node.js',
        'cloud.resource_id': 'arn:aws:ecs:eu-west-1:1:x',
        'container.id': 'c1',
        'cloud.account.id': '123456789012',
      },
    });
    expect(spans[1].attributes).toMatchObject({
      'db.system.name': 'PostgreSQL',
      'db.connection_string': 'jdbc:pg://db/x',
      'aws.xray.sql.database_version': '16',
    });
    expect(spans[2]).toMatchObject({ kind: 3, attributes: { 'aws.operation': 'Query', 'aws.xray.precursor_ids': ['2'] } });
  });

  it('keeps annotations and metadata of one name apart', () => {
    const [span] = decode(
      answer(
        segment('1', {
          annotations: { tenant: 'a', http_route: '/x' },
          metadata: {
            default: { tenant: 'b', 'http.route': '/x/:id', deep: { list: [1, { a: null }] } },
            debug: { n: 1 },
            flat: 7,
          },
          http: { request: { method: 'GET' } },
        }),
      ),
    ).spans;
    expect(span.attributes).toMatchObject({
      tenant: 'a',
      'metadata.default.tenant': 'b',
      http_route: '/x',
      'http.route': '/x/:id',
      'debug.n': 1,
      flat: 7,
    });
  });

  it('marks what X-Ray made up of a call', () => {
    const { spans } = decode(
      answer(segment('1', { subsegments: [part('2', { namespace: 'aws', name: 'DynamoDB' })] }), {
        ...segment('3', { name: 'DynamoDB', inferred: true, origin: 'AWS::DynamoDB::Table', parent_id: '2'.padStart(16, '0') }),
      }),
    );
    expect(spans.map(({ service, attributes }) => [service, attributes['aws.xray.inferred']])).toEqual([
      ['shop', undefined],
      ['shop', undefined],
      ['DynamoDB', true],
    ]);
  });
});

describe('hostile documents of X-Ray', () => {
  it('that cannot be read are told, beside those that can', () => {
    const deep = `{"trace_id":"${TRACE}","id":"2","name":"x","start_time":1461096053.4,"metadata":${'{"a":'.repeat(10_000)}1${'}'.repeat(10_001)}`;
    const input = JSON.stringify({
      Traces: [
        {
          Id: TRACE,
          Segments: [{ Document: JSON.stringify(segment('1')) }, { Document: deep }, { Document: '<html>' }, { Document: 7 }],
        },
      ],
    });
    const result = decode(input);
    expect(result.spans).toHaveLength(1);
    expect(messages(result)).toEqual(['input has 3 spans of segments that cannot be read: they are left out.']);
  });

  it.each(['NaN', '1e400', '-1', '1e300', '0', '"1461096053.4"'])('have times of %s', (time) => {
    const document = JSON.stringify(segment('1', { end_time: 'T' })).replace('"T"', time);
    const other = JSON.stringify(segment('2', { start_time: 'T', end_time: 'T' })).replaceAll('"T"', time);
    const { spans } = decode(`${document}\n${other}\n${JSON.stringify(segment('3'))}`);
    expect(spans[0]).toMatchObject({ startNs: 1_461_096_053_400_000_000n });
    expect(spans.at(-1)).toMatchObject({ spanId: '0000000000000003', durationNs: 100_000_000 });
    for (const { durationNs } of spans) expect(durationNs).toSatisfy(Number.isFinite);
  });

  it('have two segments of one id, and both are there', () => {
    const running = segment('1', { in_progress: true, end_time: undefined });
    expect(decode(answer(running, segment('1'), segment('1', { name: 'other' }))).spans).toHaveLength(3);
  });

  it('are 64 kB of small parts', () => {
    const subsegments = Array.from({ length: 500 }, (_, i) => part(String(i + 10), { name: 'x'.repeat(20) }));
    const result = decode(answer(segment('1', { subsegments, resource_arn: 'a'.repeat(30_000) })));
    expect([result.spanCount, messages(result)]).toEqual([501, []]);
    expect(result.spans[1].resource['cloud.resource_id']).toBeUndefined();
  });
});
