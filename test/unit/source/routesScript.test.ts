// Routes in the notations of frameworks: small programs, and the line that a person would open for each route.
import { describe, it } from 'vitest';
import { places } from './support/places';

describe('frameworks of JavaScript', () => {
  it('Koa', () =>
    places(
      'nodejs',
      {
        'src/app.js': `const kites = require('./kites/router');
const root = new Router();
root.use('/api', kites.routes(), kites.allowedMethods());
app.use(root.routes());
`,
        'src/kites/router.js': `const controller = require('./controller');
const router = new Router({ prefix: '/kites' });
router
  .get('/', controller.list)
  .get('/:id', guard, controller.show)
  .del('/:id', controller.remove);
module.exports = router;
`,
        'src/kites/controller.js': `exports.list = async (ctx) => {
};
exports.show = async (ctx) => {
};
exports.remove = async function (ctx) {
};
`,
      },
      [
        ['GET /api/kites', 'src/kites/controller.js:1'],
        ['GET /api/kites/:id', 'src/kites/controller.js:3'],
        ['DELETE /api/kites/:id', 'src/kites/controller.js:5'],
      ],
    ));

  it('Fastify', () =>
    places(
      'nodejs',
      {
        'src/server.ts': `import kites from './modules/kites';
import { winds } from './modules/winds/winds.routes';
const fastify = Fastify();
fastify.register(kites, { prefix: '/v1/kites' });
fastify.register(async (api) => {
  api.register(winds, { prefix: '/winds' });
  api.get('/status', async () => ({ ok: true }));
}, { prefix: '/v1' });
`,
        'src/modules/kites/index.ts': `import { createKite, KiteService } from './kite.service';
export default async function kites(fastify: FastifyInstance) {
  fastify.get('/', { schema: listSchema }, listKites);
  fastify.post<{ Body: Kite }>('/', { preHandler: [fastify.authenticate] }, async (request, reply) => {
    return createKite(request.body);
  });
  fastify.route({
    method: 'PUT',
    url: '/:id',
    schema: kiteSchema,
    handler: updateKite,
  });
}

async function listKites(request: FastifyRequest) {
  return [];
}

const updateKite = async (request: FastifyRequest) => {
  return {};
};
`,
        'src/modules/winds/winds.routes.ts': `import * as handlers from './winds.handlers';
export async function winds(app: FastifyInstance) {
  app.get('/:region', handlers.byRegion);
}
`,
        'src/modules/winds/winds.handlers.ts': 'export async function byRegion(request: FastifyRequest) {\n  return {};\n}\n',
      },
      [
        ['GET /v1/kites', 'src/modules/kites/index.ts:15'],
        ['POST /v1/kites', 'src/modules/kites/index.ts:4'],
        ['PUT /v1/kites/:id', 'src/modules/kites/index.ts:19'],
        ['GET /v1/winds/:region', 'src/modules/winds/winds.handlers.ts:1'],
        ['GET /v1/status', 'src/server.ts:7'],
      ],
    ));

  it('hapi', () =>
    places(
      'nodejs',
      {
        'lib/routes/kites.js': `const Handlers = require('../handlers/kites');
module.exports = [
  {
    method: 'GET',
    path: '/kites/{id}',
    options: { auth: 'jwt' },
    handler: Handlers.show,
  },
  {
    method: ['PUT', 'PATCH'],
    path: '/kites/{id}',
    handler: Handlers.update,
  },
  { method: 'DELETE', path: '/kites/{id}', handler: (request, h) => h.response() },
];
`,
        'lib/handlers/kites.js': 'module.exports = {\n  show: async (request, h) => {},\n  async update(request, h) {},\n};\n',
      },
      [
        ['GET /kites/{id}', 'lib/handlers/kites.js:2'],
        ['PATCH /kites/{id}', 'lib/handlers/kites.js:3'],
        ['DELETE /kites/{id}', 'lib/routes/kites.js:14'],
      ],
    ));

  it('NestJS, with a prefix and versions that stand elsewhere', () =>
    places(
      'nodejs',
      {
        'src/main.ts': "app.setGlobalPrefix('api');\napp.enableVersioning({ type: VersioningType.URI });\n",
        'src/kites/kites.controller.ts': `@ApiTags('kites')
@Controller({ path: 'kites', version: '2' })
export class KitesController {
  constructor(private readonly kites: KitesService) {}

  @Get()
  @UseGuards(JwtGuard)
  findAll(@Query() query: ListDto) {
    return this.kites.findAll(query);
  }

  @Get(':id')
  findOne(@Param('id') id: string) {
    return this.kites.findOne(id);
  }

  @Post(':id/flights')
  fly(@Param('id') id: string) {}
}
`,
        'src/winds/winds.controller.ts': `@Controller('winds/:region/gusts')
export class WindsController {
  @Get()
  list() {}

  @Delete(':gust')
  async remove() {}
}
`,
        'src/kites/kites.api.ts':
          "export class KitesApi {\n  findAll() {\n    return this.http.get<Kite[]>('/api/v2/kites', { headers });\n  }\n}\n",
      },
      [
        ['GET /api/v2/kites', 'src/kites/kites.controller.ts:6'],
        ['GET /api/v2/kites/:id', 'src/kites/kites.controller.ts:12'],
        ['POST /api/v2/kites/:id/flights', 'src/kites/kites.controller.ts:17'],
        ['GET /api/winds/:region/gusts', 'src/winds/winds.controller.ts:3'],
        ['DELETE /api/winds/:region/gusts/:gust', 'src/winds/winds.controller.ts:6'],
      ],
    ));

  it('Hono and AdonisJS', async () => {
    await places(
      'nodejs',
      {
        'src/index.ts':
          "import { kites } from './kites';\nconst app = new Hono().basePath('/api');\napp.route('/kites', kites);\nexport default app;\n",
        'src/kites.ts': `export const kites = new Hono()
  .get('/', async (c) => {
    return c.json([]);
  })
  .get('/:id', zValidator('param', schema), (c) => c.json({}))
  .post('/:id/flights', fly);

function fly(c: Context) {}
`,
      },
      [
        ['GET /api/kites', 'src/kites.ts:2'],
        ['GET /api/kites/:id', 'src/kites.ts:5'],
        ['POST /api/kites/:id/flights', 'src/kites.ts:8'],
      ],
    );
    await places(
      'nodejs',
      {
        'start/routes.ts': `const KitesController = () => import('#controllers/kites_controller');
router
  .group(() => {
    router.get('kites/:id', [KitesController, 'show']);
    router.resource('winds', WindsController).apiOnly();
  })
  .prefix('/api');
`,
        'app/controllers/kites_controller.ts':
          'export default class KitesController {\n  async show({ params }: HttpContext) {}\n}\n',
        'app/controllers/WindsController.ts':
          'export default class WindsController {\n  async index() {}\n  async store() {}\n}\n',
      },
      [
        ['GET /api/kites/:id', 'app/controllers/kites_controller.ts:2'],
        ['POST /api/winds', 'app/controllers/WindsController.ts:3'],
      ],
    );
  });

  it('of a router that is mounted elsewhere may have no path of their own', () =>
    places(
      'nodejs',
      {
        'src/kite-types.ts': `export default class KiteTypes extends Controller {
  constructor(config: Config) {
    super(config);
    this.route({
      method: 'get',
      path: '',
      handler: this.list,
      permission: NONE,
    });
    this.route({
      method: 'post',
      path: '',
      handler: this.create,
      permission: CREATE,
    });
  }
  async list(req: Request, res: Response): Promise<void> {
    res.json([]);
  }
  async create(req: Request, res: Response): Promise<void> {
    res.status(201).end();
  }
}
`,
        'src/admin.ts': `import KiteTypes from './kite-types';
export class Admin extends Controller {
  constructor(config: Config) {
    super(config);
    this.app.use('/kite-types', new KiteTypes(config).router);
  }
}
`,
      },
      [
        ['GET /api/kite-types', 'src/kite-types.ts:17'],
        ['POST /api/kite-types', 'src/kite-types.ts:20'],
      ],
    ));

  it('may be described apart from their handlers', () =>
    places(
      'nodejs',
      {
        'src/kites.routes.ts': `export const getKite = createRoute({
  method: 'get',
  path: '/kites/{id}',
  responses: {},
});
`,
        'src/kites.ts': `import { getKite } from './kites.routes';
app.openapi(getKite, async (c) => {
  return c.json(1);
});
`,
        'src/winds.ts': `export const winds = async (server: FastifyZodProvider) => {
  server.route({
    method: 'DELETE',
    url: '/winds/:id',
    schema: {
      params: z.object({
        id: z.string(),
      }),
      response: {
        200: z.object({
          wind: windSchema,
        }),
      },
    },
    handler: async (req) => {
      return {};
    },
  });
};
`,
      },
      [
        ['GET /kites/:id', 'src/kites.ts:2'],
        ['DELETE /winds/:id', 'src/winds.ts:15'],
      ],
    ));

  it('are found where pages of the same language ask for them, and many are of their word', () => {
    const page = (n: number): string => `<script>
export default {
  load() {
    return this.$axios.$get('/api/kites/board', { params: ${n} })
  },
}
</script>
`;
    return places(
      'nodejs',
      {
        ...Object.fromEntries([...Array(26).keys()].map((n) => [`client/pages/kites/board${n}.vue`, page(n)])),
        'server/Hub.js': `class Hub {
  init() {
    this.router.get('/kites/board', KiteController.board.bind(this))
  }
}
`,
        'server/KiteController.js': `class KiteController {
  async board(req, res) {
    res.json([])
  }
}
module.exports = new KiteController()
`,
      },
      [['GET /api/kites/board', 'server/KiteController.js:2']],
    );
  });

  it('are no calls of clients, nor what a test puts in their place', () =>
    places(
      'nodejs',
      {
        'client/src/kites.ts': `export function save(kite: Kite) {
  axios.put('/api/kites/:id', kite).then(done);
}
export const remove = (options: Options) => api.delete('/api/kites/:id', options);
export function load(options: Options) {
  this.http
    .get<Kite>('/api/kites/:id', options)
    .pipe(map(toKite));
}
`,
        'client/src/server.ts': "export const handlers = [http.get('/api/kites/:id', () => HttpResponse.json({}))];\n",
        'server/src/kites.ts': `const router = Router();
router.get('/kites/:id', show);
router.put('/kites/:id', (req, res) => {});
router.delete('/kites/:id', async (req, res) => {
});
function show(req, res) {
}
`,
      },
      [
        ['GET /api/kites/:id', 'server/src/kites.ts:6'],
        ['PUT /api/kites/:id', 'server/src/kites.ts:3'],
        ['DELETE /api/kites/:id', 'server/src/kites.ts:4'],
      ],
    ));
});
