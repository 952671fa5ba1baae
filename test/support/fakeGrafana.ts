/**
 * Grafana on loopback as far as backends ask it: its health, its data sources, and the proxy to each of them. Sources: Grafana documentation, "Data source
 * HTTP API", "Health API"; grafana/grafana pkg/api/pluginproxy/ds_proxy.go, pkg/middleware/auth.go.
 */
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface FakeDataSource {
  readonly uid: string;
  readonly name: string;
  readonly type: string;
  /** Where the proxy sends its requests. */
  readonly url: string;
  readonly jsonData?: unknown;
  /** Headers that Grafana adds, which whoever asks does not know. */
  readonly headers?: Readonly<Record<string, string>>;
}

export interface FakeGrafana {
  readonly url: string;
  /** Paths that were asked for, in order. */
  readonly requests: string[];
  /** The token that it knows. */
  token: string;
  /** What the token may. */
  mayList: boolean;
  mayAsk: boolean;
  /** Who has no token is sent to the page to sign in, as a proxy in front of it does. */
  sendsToLogin: boolean;
  dataSources: FakeDataSource[];
  stop(): Promise<void>;
}

const loginPage = '<!DOCTYPE html><html><head><title>Grafana</title></head><body class="app-grafana"></body></html>';

export async function startGrafana(dataSources: FakeDataSource[]): Promise<FakeGrafana> {
  const requests: string[] = [];
  const server = createServer(async (request, response) => {
    const path = request.url ?? '';
    requests.push(path);
    const { pathname, search } = new URL(`http://x${path}`);
    if (pathname === '/grafana/api/health') return answer(response, 200, { commit: 'abc', database: 'ok', version: '12.3.0' });
    if (pathname === '/grafana/login') return page(response);
    if (!pathname.startsWith('/grafana/')) return answer(response, 404, { message: 'Not found' });
    if (request.headers.authorization !== `Bearer ${state.token}`) {
      if (state.sendsToLogin) return void response.writeHead(302, { location: '/grafana/login' }).end();
      return answer(response, 401, { message: 'Invalid API key', messageId: 'api-key.invalid', statusCode: 401, traceID: '' });
    }
    if (pathname === '/grafana/api/datasources') {
      if (!state.mayList) return forbidden(response, 'datasources:read');
      return answer(
        response,
        200,
        state.dataSources.map(({ headers: _, ...told }) => ({ id: 1, orgId: 1, access: 'proxy', ...told })),
      );
    }
    const proxied = /^\/grafana\/api\/datasources\/proxy\/uid\/([^/]+)(\/.*)$/.exec(pathname);
    if (!proxied) return answer(response, 404, { message: 'Not found', traceID: '' });
    if (!state.mayAsk) return forbidden(response, 'datasources:query');
    const source = state.dataSources.find(({ uid }) => uid === decodeURIComponent(proxied[1]));
    if (!source) return answer(response, 404, { message: 'Data source not found', traceID: '' });
    try {
      const { accept = '' } = request.headers;
      const got = await fetch(`${source.url}${proxied[2]}${search}`, { headers: { accept, ...source.headers } });
      const body = new Uint8Array(await got.arrayBuffer());
      // As Grafana does, so that no browser asks for a password.
      if (got.status === 401) return answer(response, 400, { message: 'Authentication to data source failed' });
      response.writeHead(got.status, { 'content-type': got.headers.get('content-type') ?? '' }).end(body);
    } catch {
      answer(response, 502, { message: 'Bad Gateway', statusCode: 502 });
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const state: FakeGrafana = {
    url: `http://127.0.0.1:${port}/grafana`,
    requests,
    token: 'glsa_right',
    mayList: true,
    mayAsk: true,
    sendsToLogin: false,
    dataSources,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return state;
}

function answer(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json; charset=UTF-8' }).end(JSON.stringify(body));
}

function page(response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'text/html; charset=UTF-8' }).end(loginPage);
}

function forbidden(response: ServerResponse, permission: string): void {
  answer(response, 403, {
    accessErrorId: 'ACE1',
    message: `You'll need additional permissions: ${permission}`,
    title: 'Access denied',
  });
}
