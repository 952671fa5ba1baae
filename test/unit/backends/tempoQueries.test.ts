// What a Tempo is asked for that cannot take a query as it is: what it can take of it, and whole traces that are filtered here.

import { describe, expect, it } from 'vitest';
import type { Transport } from '../../../src/backends/common/transport';
import { TempoBackend } from '../../../src/backends/tempo/tempo';
import { parseQuery } from '../../../src/core/query/parse';
import type { Query } from '../../../src/core/query/query';
import { backendContext, firstPage } from '../../support/backend';
import { failure } from '../../support/inProcessEngine';
import { requestBytes } from '../../support/otlp';

const answer = (status: number, body: string | Uint8Array, type = 'application/json') => ({
  status,
  headers: { 'content-type': type },
  body: typeof body === 'string' ? new TextEncoder().encode(body) : body.slice(),
});

/** @param refuses of a query, what it says; undefined: it takes it */
function tempo(refuses: (query: string) => string | undefined, ids = ['a1', 'b2', 'c3']) {
  const queries: string[] = [];
  const fetched: string[] = [];
  const transport: Transport = {
    async request({ url }) {
      const { pathname, searchParams } = new URL(url);
      const id = pathname.split('/').pop() ?? '';
      if (pathname.startsWith('/api/v2/traces/')) {
        fetched.push(id);
        // Gone meanwhile.
        if (id.endsWith('b2')) return answer(200, '{"trace":{},"metrics":{}}');
        return answer(200, requestBytes([{ traceId: id, spanId: '1' }]));
      }
      const query = searchParams.get('q') ?? '';
      queries.push(query);
      const said = refuses(query);
      if (said !== undefined) return answer(400, said, 'text/plain');
      const traces = ids.map((traceID) => ({ traceID, startTimeUnixNano: '1760000000000000000', durationMs: 5 }));
      return answer(200, JSON.stringify({ traces, metrics: {} }));
    },
  };
  const backend = new TempoBackend(backendContext({ type: 'tempo' }, { transport, nowMs: () => 1_760_000_100_000 }));
  return { backend, queries, fetched };
}

const texts = (parts: readonly { readonly text: string }[]): string[] => parts.map(({ text }) => text);

describe('a query', () => {
  it('goes to it as it is written, and what it answers is the answer', async () => {
    const { backend, queries } = tempo(() => undefined);
    const query = '{ resource.service.name = "cart" && (duration > 200ms || status = error) } && { span.db.system = "sqlite" }';
    const page = await firstPage(backend.find(parseQuery(query), { pageSize: 20 }));
    expect(queries).toEqual([query]);
    expect(page.isWhole).toBe(false);
    expect(page.traces).toHaveLength(3);
    expect(texts(page.pushDown.exact)).toContain('resource.service.name = "cart"');
    expect([...page.pushDown.superset, ...page.pushDown.here]).toEqual([]);
  });

  it('with free text is asked for without it, and whole traces are filtered', async () => {
    const { backend, queries, fetched } = tempo(() => undefined);
    const query: Query = {
      stages: [
        {
          type: 'spans',
          filter: {
            type: 'and',
            parts: [{ type: 'text', text: 'card declined' }, ...conditionParts('{ status = error && kind = server }')],
          },
        },
      ],
    };
    const page = await firstPage(backend.find(query, { pageSize: 20 }));
    expect(queries).toEqual(['{ status = error && kind = server }']);
    expect(page.traces).toEqual([]);
    // One is gone.
    expect(page.bodies).toHaveLength(2);
    expect(fetched).toHaveLength(3);
    expect(texts(page.pushDown.exact)).toEqual(['status = error', 'kind = server']);
    expect(page.pushDown.here).toHaveLength(1);
  });

  it.each(['{ !(resource.service.name = "cart") && status = error }', '{ status = error && !(span.a = 1 || span.b = 2) }'])(
    'with a negation, of which it finds nothing, is asked for without: %s',
    async (query) => {
      const { backend, queries } = tempo(() => undefined);
      const page = await firstPage(backend.find(parseQuery(query), { pageSize: 20 }));
      expect(queries).toEqual(['{ status = error }']);
      expect(page.isWhole).toBe(true);
      expect(page.pushDown.here.length).toBeGreaterThan(0);
    },
  );

  it.each([
    ['{ span.n ^ 2 > 50 && status = error }', '{ status = error }'],
    ['{ status = error } | avg(span.rows) > 10', '{ status = error }'],
    ['{ status = error } | sum(span.rows) > 10', '{ status = error }'],
  ])('of which it answers otherwise than it is meant is asked for without that: %s', async (query, asked) => {
    const { backend, queries } = tempo(() => undefined);
    const page = await firstPage(backend.find(parseQuery(query), { pageSize: 20 }));
    expect(queries).toEqual([asked]);
    expect(page.isWhole).toBe(true);
  });

  it.each(['{ status = error } | avg(duration) > 10ms', '{ } | max(span.rows) > 10', '{ span.n * 2 > 50 }'])(
    'goes as it is, though there are such words in it: %s',
    async (query) => {
      const { backend, queries } = tempo(() => undefined);
      expect((await firstPage(backend.find(parseQuery(query), { pageSize: 20 }))).isWhole).toBe(false);
      expect(queries).toEqual([query]);
    },
  );

  const query = '{ span:id != "a" && resource.service.name = "cart" && name =~ "GET.*" && (.a = 1 || .b = 2) }';

  it('that an older one refuses is asked for by less and less of it', async () => {
    const old = tempo((asked) =>
      /span:id|\|\|/.test(asked)
        ? 'invalid TraceQL query: parse error at line 1, col 3: syntax error: unexpected IDENTIFIER'
        : undefined,
    );
    const page = await firstPage(old.backend.find(parseQuery(query), { pageSize: 20 }));
    expect(old.queries).toEqual([
      query,
      '{ span:id != "a" && resource.service.name = "cart" && name =~ "GET.*" }',
      '{ resource.service.name = "cart" && name =~ "GET.*" }',
    ]);
    expect(texts(page.pushDown.exact)).toEqual(['resource.service.name = "cart"', 'name =~ "GET.*"']);
    expect(texts(page.pushDown.here)).toEqual(['span:id != "a"', '.a = 1 || .b = 2']);
    expect(page.bodies).toHaveLength(2);
  });

  it('is not tried again on its later pages', async () => {
    const ids = Array.from({ length: 60 }, (_, k) => (k + 256).toString(16));
    const old = tempo((asked) => (/\|\|/.test(asked) ? 'invalid TraceQL query: parse error' : undefined), ids);
    let pages = 0;
    for await (const page of old.backend.find(parseQuery('{ status = error && (.a = 1 || .b = 2) }'), { pageSize: 20 })) {
      for await (const _ of page.bodies ?? []);
      if (++pages === 2) break;
    }
    expect(old.queries.filter((asked) => asked.includes('||'))).toHaveLength(1);
  });

  it('that it refuses whatever is left of it is told with its words', async () => {
    const { backend, queries } = tempo(() => 'invalid TraceQL query: parse error at line 1, col 3: unknown identifier: x');
    expect(await failure(firstPage(backend.find(parseQuery('{ status = error }'), { pageSize: 20 })))).toBe(
      'BadQuery: "test" at http://localhost refused the query: invalid TraceQL query: parse error at line 1, col 3: unknown identifier: x.',
    );
    expect(queries).toEqual(['{ status = error }']);
  });

  it('that is too long is told with its words', async () => {
    const said =
      'TraceQL expression exceeds the configured maximum size of 300 bytes, reduce the query expression size or contact your system administrator';
    const { backend } = tempo(() => said);
    expect(await failure(firstPage(backend.find(parseQuery(`{ name = "${'x'.repeat(400)}" }`), { pageSize: 20 })))).toContain(
      said,
    );
  });

  it('is refused without asking where its range ends before it starts', async () => {
    const { backend, queries } = tempo(() => undefined);
    const reversed = { ...parseQuery('{}'), startUnixNano: 2_000_000_000n, endUnixNano: 1_000_000_000n };
    expect(await failure(firstPage(backend.find(reversed, { pageSize: 20 })))).toMatch(/^BadQuery: The time range ends before/);
    expect(queries).toEqual([]);
  });
});

function conditionParts(text: string) {
  const [stage] = parseQuery(text).stages;
  return stage.type === 'spans' && stage.filter.type === 'and' ? stage.filter.parts : [];
}
