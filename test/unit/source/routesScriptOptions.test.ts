// Registrations of servers of JavaScript that say of the handler more than its name: options, names, versions, arrows that hand on.
import { describe, expect, it } from 'vitest';
import { hintsOf, shown } from './support/memory';
import { places } from './support/places';

describe('a handler among options', () => {
  const files = {
    'src/routes/kites.ts': `import { addKite, patchKite, listKites } from '../services/kites';
const listOptions = {
  schema: { response: {} },
  handler: listKites,
};
export default async (app) => {
  app.post('/kites', { onRequest: [app.authenticate], handler: addKite });
  app.get('/kites', listOptions);
};
`,
    'src/services/kites.ts': `export async function addKite(req, reply) {}
export async function patchKite(req, reply) {}
export async function listKites(req, reply) {}
`,
  };
  it('of Fastify', () =>
    places('nodejs', files, [
      ['POST /kites', 'src/services/kites.ts:1'],
      ['GET /kites', 'src/services/kites.ts:3'],
    ]));

  it('of hapi, in a list that is given', () =>
    places(
      'nodejs',
      {
        'lib/hives/index.js': `const Handlers = require('./handlers');
const controller = require('./controller');
exports.register = (server) => {
  server.route([
    { method: 'GET', path: '/hives', config: { auth: 'jwt', handler: Handlers.getHives } },
    { method: ['PUT', 'PATCH'], path: '/hives/{id}', options: Handlers.updateHive },
    { method: 'POST', path: '/hives/{id}/smoke', handler: (request, h) => controller.smoke(request, h) },
  ]);
};
`,
        'lib/hives/handlers.js': `exports.getHives = async (request, h) => {};
exports.updateHive = {
  auth: 'jwt',
  handler: async (request, h) => {},
};
`,
        'lib/hives/controller.js': `module.exports = {
  async smoke(request, h) {},
};
`,
      },
      [
        ['GET /api/hives', 'lib/hives/handlers.js:1'],
        ['PATCH /api/hives/{id}', 'lib/hives/handlers.js:4'],
        ['POST /api/hives/{id}/smoke', 'lib/hives/controller.js:2'],
      ],
    ));
});

it('a name before the path, and an arrow that hands on all it is given', () =>
  places(
    'nodejs',
    {
      'src/tanks.routes.ts': `import * as ctrl from './tanks.controller';
const orders = new OrderController();
router.get('tank-list', '/tanks', ctrl.find);
router.post('/tanks/:id/fill', auth, (req, res, next) => orders.fill(req, res, next));
router.delete('/tanks/:id', (req, res) => res.send(204));
`,
      'src/tanks.controller.ts': 'export const other = 1;\nexport async function find(ctx) {}\n',
      'src/OrderController.ts': 'export class OrderController {\n  async fill(req, res, next) {}\n}\n',
    },
    [
      ['GET /tanks', 'src/tanks.controller.ts:2'],
      ['POST /tanks/:id/fill', 'src/OrderController.ts:2'],
      ['DELETE /tanks/:id', 'src/tanks.routes.ts:5'],
    ],
  ));

it('the version of a method of NestJS', () =>
  places(
    'nodejs',
    {
      'src/growers.controller.ts': `@Controller({ path: 'growers', version: '1' })
export class GrowersController {
  @Get()
  list() {}

  @Version('2')
  @Get()
  listAll() {}
}
`,
    },
    [
      ['GET /api/v1/growers', 'src/growers.controller.ts:3'],
      ['GET /api/v2/growers', 'src/growers.controller.ts:7'],
    ],
  ));

it('a resource whose controller stands in quotes, and actions of Sails', () =>
  places(
    'nodejs',
    {
      'start/routes.ts': "Route.group(() => {\n  Route.resource('games', 'GamesController').apiOnly()\n}).prefix('/api')\n",
      'app/Controllers/Http/GamesController.ts':
        'export default class GamesController {\n  public async update({ params }) {}\n}\n',
      'config/routes.js': `module.exports.routes = {
  'PUT   /api/account/profile': { action: 'account/update-profile' },
  '/api/queues/:id/close': { action: 'queue/close', skipAssets: true },
  '/api/queues': '/elsewhere',
};
`,
      'api/controllers/account/update-profile.js': 'module.exports = {\n  fn: async function () {},\n};\n',
      'api/controllers/queue/close.js': 'module.exports = {\n  inputs: {},\n  fn: async function () {},\n};\n',
    },
    [
      ['PUT /api/games/:id', 'app/Controllers/Http/GamesController.ts:2'],
      ['PUT /api/account/profile', 'api/controllers/account/update-profile.js:2'],
      ['PATCH /api/queues/:id/close', 'api/controllers/queue/close.js:3'],
    ],
  ));

it('handlers that a factory of Hono makes', () =>
  places(
    'nodejs',
    {
      'src/honey.ts': "import { listJars } from './jars';\nhoneyApp.get('/jars', ...listJars);\n",
      'src/jars.ts': 'export const listJars = factory.createHandlers(async (c) => {\n  return c.json([]);\n});\n',
    },
    [['GET /jars', 'src/jars.ts:1']],
  ));

it('a client that knows the route by its type', async () => {
  const files = {
    'client/api.ts': `const client = hc<AppType>('/');
export const flights = (id) => client.api.bees[':id'].flights.$get({ param: { id } });
export const swarms = (id) => client.api.swarms[':id'].flights.$get({ param: { id } });
export const like = (id) => treaty.api.posts({ id }).like.post();
`,
  };
  const asked = async (method: string, url: string) =>
    shown(await hintsOf({ name: method, kind: 3, attributes: { 'http.request.method': method, 'url.full': url } }, files));
  expect(await asked('GET', 'http://shop.local/api/bees/3/flights')).toEqual(['client/api.ts:2 0.80']);
  expect(await asked('POST', 'http://shop.local/api/posts/4/like')).toEqual(['client/api.ts:4 0.80']);
});

it('a queue of RabbitMQ by its routing key, and by the name of the span', async () => {
  const files = {
    'src/mails.ts': `export async function start() {
  await channel.sendToQueue('mail.welcome', body);
  await channel.consume('mails', onMail);
}
async function onMail(message) {}
`,
    'src/mails.controller.ts': "@Controller('mails')\nexport class MailsController {}\n",
  };
  const asked = async (name: string, kind: number, destination: string, key: string) => {
    const attributes = {
      'messaging.system': 'rabbitmq',
      'messaging.destination': destination,
      'messaging.rabbitmq.routing_key': key,
    };
    return (await hintsOf({ name, kind, scope: '@opentelemetry/instrumentation-amqplib', attributes }, files)).candidates.map(
      ({ file, line }) => `${file.slice(file.lastIndexOf('/') + 1)}:${line + 1}`,
    )[0];
  };
  expect(await asked('publish <default>', 4, '', 'mail.welcome')).toBe('mails.ts:2');
  expect(await asked('mails process', 5, 'post', 'mail.*')).toBe('mails.ts:5');
});
