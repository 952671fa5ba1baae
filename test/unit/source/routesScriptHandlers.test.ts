// Handlers of Express that a name stands for only in part: lists of middlewares, constants of long types, several paths of one handler.
import { expect, it } from 'vitest';
import { functionsNamed } from '../../../src/source/outline/functions';
import { places } from './support/places';

const files = {
  'src/server.ts': "import { berthRouter } from './berth.routes';\napp.use('/api/berths', berthRouter);\n",
  'src/berth.routes.ts': `import * as BerthController from './berth.controller';
export const berthRouter = Router();
berthRouter.post('/:id([a-f0-9]{24})/copy', BerthController.handleCopy);
berthRouter.get('/:id([a-f0-9]{24})/fees', BerthController.getFees);
berthRouter.put('/:id([a-f0-9]{24})/fees', BerthController.setFees);
berthRouter.delete(['/', '/:id'], guard, BerthController.remove);
`,
  'src/berth.controller.ts': `import { celebrate } from 'celebrate';

export const copyBerth: ControllerHandler<
  { id: string },
  unknown
> = async (req, res) => {
  res.json(await berths.copy(req.params.id));
};

export const handleCopy = [
  celebrate({ body: {} }),
  copyBerth,
] as ControllerHandler[];

const feesOf = async (req, res) => {
  res.json(await berths.fees(req.params.id));
};
export const getFees = catchAsync(feesOf);

export const setFees: RequestHandler<
  { id: string }
> = async (req, res) => {
  res.json({});
};

export const remove = async (req, res) => {
  res.json({});
};
`,
};

it('leads beyond the list or the wrapper to what answers', () =>
  places('nodejs', files, [
    ['POST /api/berths/:id([a-f0-9]{24})/copy', 'src/berth.controller.ts:3'],
    ['GET /api/berths/:id([a-f0-9]{24})/fees', 'src/berth.controller.ts:15'],
    ['PUT /api/berths/:id([a-f0-9]{24})/fees', 'src/berth.controller.ts:20'],
  ]));

it('takes the first of all paths that Express reports of one handler', () =>
  places('nodejs', files, [['DELETE /api/berths/,/:id', 'src/berth.controller.ts:26']]));

it('has the whole of a function whose constant has a type of some lines', () => {
  const [{ start, end }] = functionsNamed(files['src/berth.controller.ts'].split('\n'), 'copyBerth');
  expect([start, end]).toEqual([2, 8]);
});

it('goes over comments between the path and the method of a chain, and over types', () =>
  places(
    'nodejs',
    {
      'src/berth.routes.ts': `import * as BerthController from './berth.controller';
export const berthRouter = Router();
berthRouter.route('/berths')
  /**
   * All of them.
   * @returns 200
   */
  .get(BerthController.list)

  // One more.
  .post(BerthController.create);
berthRouter.get('/berths/:id', BerthController.show as any);
`,
      'src/berth.controller.ts':
        'export const list = (req, res) => {};\nexport const create = (req, res) => {};\nexport const show = (req, res) => {};\n',
      'web/src/berths.ts': "const BERTHS = '/berths';\nexport const list = () => http.get(BERTHS);\n",
    },
    [
      ['GET /berths', 'src/berth.controller.ts:1'],
      ['POST /berths', 'src/berth.controller.ts:2'],
      ['GET /berths/:id', 'src/berth.controller.ts:3'],
    ],
  ));

it('is told by folders alone, where a file says no more than the method', () =>
  places(
    'nodejs',
    {
      'src/api/routes/quays/_quay_id/berths/_berth_id/index.ts':
        "const router = Router({ mergeParams: true });\nrouter.get('/', guard(), async (req, res) => {});\nrouter.patch('/', guard(), async (req, res) => {});\n",
      'src/api/routes/quays/_quay_id/index.ts': "const router = Router();\nrouter.patch('/', async (req, res) => {});\n",
      'src/api/routes/berths/_berth_id/index.ts': "const router = Router();\nrouter.patch('/', async (req, res) => {});\n",
    },
    [
      ['PATCH /api/v2/quays/:quay_id/berths/:berth_id', 'src/api/routes/quays/_quay_id/berths/_berth_id/index.ts:3'],
      ['PATCH /api/v2/quays/:quay_id/', 'src/api/routes/quays/_quay_id/index.ts:2'],
    ],
  ));

it('is rather what a router is given than what describes an API', () =>
  places(
    'nodejs',
    {
      'shared/specs.ts': "export const listBerths = {\n  method: 'get' as const,\n  path: '/berths',\n};\n",
      'src/app.ts': "import { berthRouter } from './berth.router';\napp.use('/berths', berthRouter);\n",
      'src/berth.router.ts':
        "import * as raw from './berth.controller';\nconst router = express.Router();\nconst berthController = wrapped(raw);\nrouter.get('/', berthController.getBerths);\nexport { router as berthRouter };\n",
      'src/berth.controller.ts': 'export const getBerths = async (req, res) => {};\n',
    },
    [['GET /berths', 'src/berth.controller.ts:1']],
  ));

it('is in the program, whatever of it tests ask for', () => {
  const asking = Array.from({ length: 9 }, () => "it('lists', () => server.post('/api/berths.list', user, {}));\n").join('');
  return places(
    'nodejs',
    {
      'server/berths.ts': "const router = new Router();\nrouter.post('berths.list', auth(), async (ctx) => {});\n",
      'server/berths.test.ts': asking,
    },
    [['POST /api/berths.list', 'server/berths.ts:2']],
  );
});

const guarded = {
  'src/guard.js': `const rights = {
  'GET /api/piers/:pierId': {
    action: 'read',
    subject: 'Pier',
  },
  'DELETE /api/piers/:pierId': { action: 'manage', subject: 'Pier' },
};
`,
  'src/routes/piers.js': `import onePier from '@/controllers/piers/index.js';
router.get('/api/piers/:pierId', guard, onePier);
`,
  'src/controllers/piers/index.js': 'const wait = 1;\n\nexport default async (request, response) => {\n};\n',
  ...Object.fromEntries(
    Array.from({ length: 260 }, (_, i) => [`src/apps/a${i}/index.js`, `export default { name: 'a${i}' };\n`] as const),
  ),
};

it('has no handler in a table of who may ask, and its own among any number of files of one name', () =>
  places('nodejs', guarded, [['GET /api/piers/:pierId', 'src/controllers/piers/index.js:3']]));
