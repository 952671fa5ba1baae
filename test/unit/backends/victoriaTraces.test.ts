// VictoriaTraces speaks a part of Jaeger's older API below `/select/jaeger`. A server made of its documentation ("Querying", "Jaeger HTTP API").

import { expect, it } from 'vitest';
import type { Transport } from '../../../src/backends/common/transport';
import { JaegerBackend } from '../../../src/backends/jaeger/jaeger';
import { parseQuery } from '../../../src/core/query/parse';
import { backendContext, firstPage } from '../../support/backend';
import { failure } from '../../support/inProcessEngine';

const id = '9e06226196051d9c3c10dfab343791ad';
const trace = {
  traceID: id,
  processes: { p1: { serviceName: 'email', tags: [] } },
  spans: [
    {
      traceID: id,
      spanID: '032bf7007e123e8d',
      operationName: 'send_email',
      processID: 'p1',
      startTime: 1750044449769690,
      duration: 4935,
      tags: [],
      logs: [],
      references: [],
      warnings: null,
    },
  ],
};

function victoriaTraces(): { backend: JaegerBackend; tags: (string | null)[] } {
  const tags: (string | null)[] = [];
  const transport: Transport = {
    async request({ url }) {
      const { pathname, searchParams } = new URL(url);
      if (pathname.endsWith('/traces')) tags.push(searchParams.get('tags'));
      const answer = (status: number, body: unknown) => ({
        status,
        headers: { 'content-type': typeof body === 'string' ? 'text/plain' : 'application/json' },
        body: new TextEncoder().encode(typeof body === 'string' ? body : JSON.stringify(body)),
      });
      const list = (data: unknown[], errors: unknown = null) =>
        answer(200, { data, errors, limit: 0, offset: 0, total: data.length });
      switch (pathname) {
        case '/select/jaeger/api/services':
          return list(['email', 'cart/eu']);
        case '/select/jaeger/api/services/cart%2Feu/operations':
          return list(['GET /cart']);
        case '/select/jaeger/api/dependencies':
          return list([{ parent: 'cart/eu', child: 'email', callCount: 7 }]);
        case `/select/jaeger/api/traces/${id}`:
          return list([trace]);
        case '/select/jaeger/api/traces':
          return searchParams.get('service') === null
            ? answer(400, 'service name is required')
            : list(searchParams.get('service') === 'email' ? [trace] : []);
      }
      if (pathname.startsWith('/select/jaeger/api/traces/')) return list([], [{ code: 404, msg: 'trace not found' }]);
      return answer(400, `unsupported path requested: ${pathname}`);
    },
  };
  const backend = new JaegerBackend(
    backendContext({ type: 'jaeger', url: 'http://localhost:10428/select/jaeger' }, { transport, nowMs: () => 1750044460_000 }),
  );
  return { backend, tags };
}

it('is a Jaeger with other endpoints', async () => {
  const { backend } = victoriaTraces();
  expect(await backend.describe()).toEqual({ services: 2 });
  expect(await backend.services()).toEqual(['cart/eu', 'email']);
  expect(await backend.operations('cart/eu')).toEqual(['GET /cart']);
  expect(await backend.dependencies({ startMs: 0, endMs: 1750044460_000 })).toEqual([
    { parent: 'cart/eu', child: 'email', calls: 7 },
  ]);
  const page = await firstPage(backend.find(parseQuery('{ }'), { pageSize: 20 }));
  expect(page.bodies.map((body) => new TextDecoder().decode(body)).join()).toContain('send_email');
  expect(new TextDecoder().decode((await backend.get(id)).bodies[0])).toContain('send_email');
});

it('says that it does not know a trace with status 200', async () => {
  expect(await failure(victoriaTraces().backend.get('f'.repeat(32)))).toMatch(/^NotFound: .* has no trace ffff/);
});

it('is asked for no attribute but those of spans, which it knows by their names', async () => {
  const { backend, tags } = victoriaTraces();
  const query = '{ resource.service.name = "email" && resource.host.name = "h" && span.a = "b" && .c = "d" && span.e = "~f" }';
  const page = await firstPage(backend.find(parseQuery(query), { pageSize: 20 }));
  expect(new Set(tags)).toEqual(new Set(['{"a":"b"}']));
  expect(page.pushDown.here.map(({ text }) => text)).toEqual(['resource.host.name = "h"', '.c = "d"', 'span.e = "~f"']);
});
