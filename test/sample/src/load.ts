// What customers do: a handful of requests, one after the other.
import { GOOD_CARD, SILENT_CARD } from './outside/thirdParties';

interface Journey {
  /** Method and route of the request, the name of its first span. */
  readonly name: string;
  readonly path: string;
  readonly body?: unknown;
}

export interface Visit {
  readonly name: string;
  readonly status: number;
  /** Only while tracing is on. */
  readonly traceId?: string;
}

export const journeys: readonly Journey[] = [
  { name: 'GET /products', path: '/products' },
  { name: 'POST /checkout', path: '/checkout', body: { cartId: 'regular', card: GOOD_CARD, voucher: 'SPRING' } },
  { name: 'POST /checkout', path: '/checkout', body: { cartId: 'wedding', card: SILENT_CARD } },
  { name: 'GET /cart/:id', path: '/cart/wedding' },
  { name: 'GET /cart/:id/total', path: '/cart/regular/total?voucher=SUMMER' },
  { name: 'GET /cart/:id/total', path: '/cart/regular/total?voucher=LOYAL' },
];

export async function visit(storefront: string, { name, path, body }: Journey): Promise<Visit> {
  const response = await fetch(new URL(path, storefront), {
    method: name.split(' ')[0],
    body: body === undefined ? undefined : JSON.stringify(body),
    headers: { 'content-type': 'application/json' },
  });
  await response.arrayBuffer();
  return { name, status: response.status, traceId: response.headers.get('x-trace-id') ?? undefined };
}
