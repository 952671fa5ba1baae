// Servers whose router takes all paths and hands them on: the path of the request decides.
import { describe, expect, it } from 'vitest';
import { placeOf } from './support/memory';

const files = {
  'src/contract.ts': `import { initContract } from '@ts-rest/core';
const c = initContract();
export const shopContract = c.router({
  getCrates: {
    method: 'GET',
    path: '/api/v2/crates',
    responses: { 200: schema },
  },
  removeCrate: {
    method: 'DELETE',
    path: '/api/v2/crates/:id',
    responses: { 200: schema },
  },
  sealCrate: {
    method: 'POST',
    path: '/api/v2/crates/:id/seal',
    responses: { 200: schema },
  },
});
`,
  'src/implementation.ts': `import { shopContract } from './contract';
import { sealCrate } from './seal';
export const shopImplementation = createRouter(shopContract, {
  getCrates: authenticated(async (args) => {
    return list();
  }),
  removeCrate: async ({ params }) => {
    return remove(params.id);
  },
  sealCrate: sealCrate,
});
`,
  'src/seal.ts': 'const key = 1;\nexport async function sealCrate() {}\n',
  'src/web/use.ts': "import { contract } from './x';\nclient.removeCrate({ id: 1 });\n",
  'src/hono/server.ts': `import { Hono } from 'hono';
import { shelfRoute } from './shelves';
const app = new Hono();
app.route('/api/shelves', shelfRoute);
app.get('*', (c) => c.html('x'));
`,
  'src/hono/shelves.ts': `import { Hono } from 'hono';
export const shelfRoute = new Hono()
  .get('/', (c) => c.json([]))
  .post('/fill', async (c) => c.json(1));
shelfRoute.get('/:id/boards', (c) => c.json([]));
`,
};

describe('a route that ends in a wildcard', () => {
  const asked = (method: string, route: string, path: string) =>
    placeOf(
      {
        name: `${method} ${route}`,
        kind: 2,
        language: 'javascript',
        attributes: { 'http.request.method': method, 'http.route': route, 'url.path': path },
      },
      files,
    );

  it.each([
    ['GET', '/api/v2/*', '/api/v2/crates', 'src/implementation.ts:4'],
    ['DELETE', '/api/v2/*', '/api/v2/crates/17', 'src/implementation.ts:7'],
    ['DELETE', '/**', '/api/v2/crates/17', 'src/implementation.ts:7'],
    ['POST', '/{*path}', '/api/v2/crates/17/seal', 'src/seal.ts:2'],
    ['POST', '/*', '/api/shelves/fill', 'src/hono/shelves.ts:4'],
    ['GET', '/api/*', '/api/shelves/12/boards', 'src/hono/shelves.ts:5'],
  ])('%s %s of %s is %s', async (method, route, path, place) => {
    expect(await asked(method, route, path)).toBe(place);
  });
});
