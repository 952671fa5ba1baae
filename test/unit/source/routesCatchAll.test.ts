// Routes that answer whatever no other does.
import { expect, it } from 'vitest';
import { isCatchAll } from '../../../src/source/routes/catchAll';
import { placeOf } from './support/memory';

const koa = {
  'server/routes/index.ts':
    'const router = new Router();\nrouter.get("/robots.txt", (ctx) => {});\n\nrouter.get("*", async (ctx, next) => {\n  return render(ctx);\n});\n',
  'server/api/index.ts': 'api.post("*", notFound());\n',
  'server/split.ts': "export const parts = (text) => text.split('*');\n",
};
const express = {
  'server/app.js':
    "const router = express.Router();\nrouter.get('/robots.txt', (req, res) => {});\nrouter.get('/*', (req, res) => render(res));\nrouter.use('/*', notFound);\n",
  'test/app.test.js': "it('renders', () => request(app).get('/*'));\n",
};

const asked = (method: string, route: string, path: string) => ({
  name: `${method} ${route}`,
  kind: 2,
  language: 'nodejs',
  attributes: { 'http.request.method': method, 'http.route': route, 'url.path': path },
});

it('are found by their text in a call that declares, of the method or of any', async () => {
  expect(await placeOf(asked('GET', '*', '/home'), koa)).toBe('server/routes/index.ts:4');
  expect(await placeOf(asked('POST', '*', '/api/none'), koa)).toBe('server/api/index.ts:1');
  expect(await placeOf(asked('GET', '/*', '/home'), express)).toBe('server/app.js:3');
  expect(await placeOf(asked('PUT', '/*', '/home'), express)).toBe('server/app.js:4');
});

it('are meant by the root where another path was asked for', async () => {
  expect(await placeOf(asked('GET', '/', '/guides/deploy'), express)).toBe('server/app.js:3');
});

it('are told from routes with words', () => {
  for (const route of ['*', '/*', '/*filepath', '(.*)', '/{*path}', '/{path:.*}', '/{path...}', 'GET /*'])
    expect(isCatchAll(route)).toBe(true);
  for (const route of ['/', '/orders/*', '/{id}', '/:id', 'orders']) expect(isCatchAll(route)).toBe(false);
});
