// Who answers, where a framework of JavaScript has a convention of its own: resources, services, settings, contracts, resolvers, jobs.
import { describe, expect, it } from 'vitest';
import { hintsOf, placeOf } from './support/memory';
import { places } from './support/places';

it('resources of Egg, services of Feathers, strings of Strapi, options of Restify and Azure', () =>
  places(
    'nodejs',
    {
      'app/router.js': "router.resources('topics', '/api/v2/topics', auth, controller.topics);\n",
      'app/controller/topics.js': 'exports.index = async (ctx) => {};\nexports.update = async (ctx) => {};\n',
      'src/rooms.ts': "import { Rooms } from './rooms.class';\napp.use('/rooms', new Rooms(app));\n",
      'src/rooms.class.ts': 'export class Rooms {\n  async find(params) {}\n  async get(id, params) {}\n}\n',
      'src/api/article/routes/custom.js': `module.exports = {
  routes: [
    { method: 'POST', path: '/articles/:id/publish', handler: 'api::article.article.publish', config: {} },
  ],
};
`,
      'src/api/article/controllers/article.js':
        'module.exports = core("api::article.article", () => ({\n  async publish(ctx) {\n    return 1;\n  },\n}));\n',
      'restify/server.js': "const moons = require('./moons');\nserver.del({ path: '/moons/:name', name: 'Drop' }, moons.drop);\n",
      'restify/moons.js': 'module.exports = {\n  drop(req, res, next) {},\n};\n',
      'azure/beds.ts': `export async function listBeds(request, context) {
  return {};
}
app.http('listBeds', { methods: ['GET'], route: 'gardens/{garden}/beds', handler: listBeds });
`,
    },
    [
      ['GET /api/v2/topics', 'app/controller/topics.js:1'],
      ['PUT /api/v2/topics/:id', 'app/controller/topics.js:2'],
      ['GET /rooms', 'src/rooms.class.ts:2'],
      ['GET /rooms/:__feathersId', 'src/rooms.class.ts:3'],
      ['POST /api/articles/:id/publish', 'src/api/article/controllers/article.js:2'],
      ['DELETE /moons/:name', 'restify/moons.js:2'],
      ['GET /api/gardens/{garden}/beds', 'azure/beds.ts:1'],
    ],
  ));

describe('resolvers of GraphQL', () => {
  const files = {
    'src/resolvers/book.ts': `export const bookResolvers = {
  Query: {
    books: async (_, args) => [],
    book: bookById,
  },
  Book: {
    author(parent) {},
  },
};
async function bookById(_, { id }) {}
`,
    'src/resolvers/author.ts': 'export const Query = {\n  author: (_, { id }) => ({ id }),\n};\n',
    'src/pothos/loan.ts': "builder.mutationFields((t) => ({\n  returnLoan: t.field({\n    type: 'Loan',\n  }),\n}));\n",
  };
  it.each([
    ['book', 'book', 'src/resolvers/book.ts:10'],
    ['author', 'author', 'src/resolvers/author.ts:2'],
    ['author', 'books.*.author', 'src/resolvers/book.ts:7'],
    ['returnLoan', 'returnLoan', 'src/pothos/loan.ts:2'],
  ])('%s at %s', async (field, path, place) => {
    const attributes = { 'graphql.field.name': field, 'graphql.field.path': path };
    const scope = '@opentelemetry/instrumentation-graphql';
    expect(await placeOf({ name: `graphql.resolve ${path}`, scope, attributes }, files)).toBe(place);
  });
});

it('listeners in a table of topics, workers of a class, handlers that a call makes', async () => {
  const files = {
    'src/consumer.ts': `const topics = { 'orders.placed': onPlaced, 'orders.paid': onPaid };
async function onPlaced(m) {}
async function onPaid(m) {}
`,
    'src/worker.ts': "import { Digest } from './digest';\nnew Worker('digest-mails', new Digest().process);\n",
    'src/digest.ts': 'export class Digest {\n  process = async (job) => {};\n}\n',
    'src/boss.ts': "await boss.work('render-pdf', { teamSize: 2 }, renderPdf);\nasync function renderPdf(job) {}\n",
  };
  const consumed = async (topic: string) =>
    placeOf({ name: `process ${topic}`, kind: 5, attributes: { 'messaging.destination.name': topic } }, files);
  expect(await consumed('orders.paid')).toBe('src/consumer.ts:3');
  expect(await consumed('digest-mails')).toBe('src/digest.ts:2');
  expect(await consumed('render-pdf')).toBe('src/boss.ts:2');
  const cloud = {
    'serverless.yml': 'functions:\n  createBed:\n    handler: src/beds.handler\n',
    'src/beds.ts':
      'const createBed = async (event) => {\n  return 1;\n};\nexport const handler = middy(createBed).use(auth());\n',
  };
  expect(await placeOf({ name: 'createBed', kind: 2, attributes: { 'faas.name': 'createBed' } }, cloud)).toBe('src/beds.ts:1');
});

it('a client calls a contract by its key, and an endpoint of RTK Query asks by its own method', async () => {
  const files = {
    'src/contract.ts': `const c = initContract();
export const contract = c.router({
  getPlum: { method: 'GET', path: '/plums/:id', responses: {} },
  dropPlum: { method: 'DELETE', path: '/plums/:id', responses: {} },
});
`,
    'web/client.ts': 'export const load = (id) => client.getPlum({ params: { id } });\n',
    'web/jam.ts': `export const jamApi = createApi({
  endpoints: (build) => ({
    listJams: build.query({ query: () => 'jams' }),
    addJam: build.mutation({ query: (body) => ({ url: 'jams', method: 'POST', body }) }),
  }),
});
`,
  };
  const call = async (method: string, url: string) => {
    const [best] = (
      await hintsOf({ name: method, kind: 3, attributes: { 'http.request.method': method, 'url.full': url } }, files)
    ).candidates;
    return best && `${best.file.slice(best.file.lastIndexOf('/') + 1)}:${best.line + 1}`;
  };
  expect(await call('GET', 'http://api.local/plums/3')).toBe('client.ts:1');
  expect(await call('GET', 'http://app.local/api/jams')).toBe('jam.ts:3');
  expect(await call('POST', 'http://app.local/api/jams')).toBe('jam.ts:4');
});
