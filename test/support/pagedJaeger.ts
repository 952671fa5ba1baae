/** A Jaeger of today with as many traces as are wanted, a second apart, the newest now: it gives the newest of the window that is asked for. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface PagedJaeger {
  readonly url: string;
  /** Limits of the searches that were made, in order. */
  readonly limits: number[];
  stop(): Promise<void>;
}

export async function startPagedJaeger(traces: number, name = 'shop'): Promise<PagedJaeger> {
  const newest = Date.now();
  const all = Array.from({ length: traces }, (_, i) => ({
    traceId: (i + 1).toString(16).padStart(32, name.charCodeAt(0).toString(16)),
    rootServiceName: name,
    rootOperationName: `GET /${name}/${i}`,
    startMs: newest - i * 1000,
    spanCount: 2,
    services: [{ name, spanCount: 2 }],
  }));
  const limits: number[] = [];
  const server = createServer((request, response) => {
    const asked = new URL(request.url ?? '', 'http://x');
    const answer = (body: object): void =>
      void response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    if (asked.pathname === '/api/v3/services') return answer({ services: [name] });
    if (asked.pathname !== '/api/v3/trace-summaries') return void response.writeHead(404).end('404 page not found');
    const limit = Number(asked.searchParams.get('query.searchDepth'));
    const time = (end: 'Min' | 'Max'): number => Date.parse(asked.searchParams.get(`query.startTime${end}`) ?? '');
    const found = all.filter(({ startMs }) => startMs >= time('Min') && startMs <= time('Max')).slice(0, limit);
    const summaries = found.map(({ startMs, ...summary }) => ({
      ...summary,
      minStartTimeUnixNano: `${startMs}000000`,
      maxEndTimeUnixNano: `${startMs + 20}000000`,
    }));
    limits.push(limit);
    answer({ summaries });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    limits,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
