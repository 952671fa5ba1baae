/** A server on loopback that does to a client what servers do on bad days. The kind of trouble can be changed while it runs. */
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/**
 * `html`: a web page with status 200 for every path, as a proxy or an older Jaeger does. `hang`: takes the request and never answers. `endless`:
 * JSON that never ends. `refused`: status 401 with a text. `token`: 401 without the right `authorization`, and else an empty Jaeger.
 * `redirect`: to the address in `target`, with the path kept. `list`: a Jaeger of today whose list of traces is `list`.
 */
export type Trouble = 'html' | 'hang' | 'endless' | 'refused' | 'token' | 'redirect' | 'list' | 'empty';

export interface TroubleServer {
  readonly url: string;
  /** Path and `authorization` of each request, in order. */
  readonly requests: { readonly path: string; readonly authorization: string | undefined }[];
  /** Resolves with the next request. */
  next(): Promise<void>;
  trouble: Trouble;
  /** For `token`. */
  token: string;
  /** For `redirect`. */
  target: string;
  /** For `list`: JSON, or not quite. */
  list: string;
  /** Requests that were taken and neither answered nor given up by the client. */
  readonly open: number;
  stop(): Promise<void>;
}

export async function startTrouble(first: Trouble): Promise<TroubleServer> {
  const requests: TroubleServer['requests'] = [];
  const open = new Set<ServerResponse>();
  let waiting: (() => void)[] = [];
  const server = createServer((request, response) => {
    const path = request.url ?? '';
    requests.push({ path, authorization: request.headers.authorization });
    for (const wake of waiting) wake();
    waiting = [];
    open.add(response);
    response.once('close', () => open.delete(response));
    switch (state.trouble) {
      case 'html':
        response.writeHead(200, { 'content-type': 'text/html' }).end('<!doctype html><html><title>Sign in</title></html>');
        return;
      case 'hang':
        return;
      case 'endless': {
        response.writeHead(200, { 'content-type': 'application/json' }).write('{"services":["');
        const chunk = 'a'.repeat(1 << 18);
        const more = (): void => {
          while (open.has(response) && response.write(chunk));
        };
        response.on('drain', more);
        more();
        return;
      }
      case 'refused':
        response.writeHead(401, { 'content-type': 'text/plain' }).end('missing tenant header');
        return;
      case 'redirect':
        response.writeHead(302, { location: state.target + path }).end();
        return;
      case 'token':
        if (request.headers.authorization !== `Bearer ${state.token}`) response.writeHead(401).end();
        else answerEmpty(path, response);
        return;
      case 'list':
        if (path.startsWith('/api/v3/trace-summaries')) response.writeHead(200).end(state.list);
        else answerEmpty(path, response);
        return;
      case 'empty':
        answerEmpty(path, response);
        return;
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const state: TroubleServer = {
    url: `http://127.0.0.1:${port}`,
    requests,
    next: () => new Promise((resolve) => waiting.push(resolve)),
    trouble: first,
    token: '',
    target: '',
    list: '',
    get open() {
      return open.size;
    },
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return state;
}

/** A Jaeger of today that has nothing. */
function answerEmpty(path: string, response: ServerResponse): void {
  const body = path.startsWith('/api/v3/services') ? { services: [] } : { summaries: [] };
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
