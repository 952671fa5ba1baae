// Routes of JavaScript that lead to files and classes by what they are called: small programs, and the line that a person would open.
import { describe, expect, it } from 'vitest';
import { placeOf } from './support/memory';
import { places } from './support/places';

describe('routes of JavaScript', () => {
  it('written as keys, with an action that has a file of its own', () =>
    places(
      'nodejs',
      {
        'server/config/routes.js': `module.exports.routes = {
  'GET /api/kites/:id': 'kites/show',
  'PATCH /api/kites/:id':
    'kites/update',
  'POST /api/kites/:id/lines': { action: 'lines/create-in-kite', skipAssets: false },
  'DELETE /api/winds/:id': 'WindController.remove',
};
`,
        'server/api/controllers/kites/show.js': `module.exports = {
  inputs: { id: { type: 'string' } },
  async fn(inputs) {
    return Kite.findOne(inputs.id);
  },
};
`,
        'server/api/controllers/kites/update.js': `module.exports = {
  fn: async function (inputs) {
  },
};
`,
        'server/api/controllers/lines/create-in-kite.js': `module.exports = async function createInKite(req, res) {
};
`,
        'server/api/controllers/WindController.js': `module.exports = {
  show: async function (req, res) {
  },
  remove: async function (req, res) {
  },
};
`,
      },
      [
        ['GET /api/kites/:id', 'server/api/controllers/kites/show.js:3'],
        ['PATCH /api/kites/:id', 'server/api/controllers/kites/update.js:2'],
        ['POST /api/kites/:id/lines', 'server/api/controllers/lines/create-in-kite.js:1'],
        ['DELETE /api/winds/:id', 'server/api/controllers/WindController.js:4'],
      ],
    ));

  it('decorators in lower case', () =>
    places(
      'nodejs',
      {
        'src/kites.controller.ts': `@controller('/kites/:kite/lines', TYPES.Auth)
export class LinesController extends BaseHttpController {
  @httpGet('/', TYPES.Guard)
  override async list(request: Request): Promise<Result> {
    return super.list(request);
  }

  @httpDelete('/:line')
  override async remove(request: Request): Promise<Result> {
    return super.remove(request);
  }
}
`,
        'src/winds.controller.ts': `@controller('/winds')
export class WindsController {
  @httpGet('/')
  async list() {}
}
`,
      },
      [
        ['GET /kites/:kite/lines', 'src/kites.controller.ts:3'],
        ['DELETE /kites/:kite/lines/:line', 'src/kites.controller.ts:8'],
      ],
    ));

  it('of a controller that is given as its interface, beside what describes them', () =>
    places(
      'nodejs',
      {
        'src/routes/kites.ts': `export const createKiteRoutes = (kiteController: IKiteController): Router => {
  const router = Router();
  router.get('/', kiteController.list);
  return router;
};
`,
        'src/controllers/kites.ts': `export interface IKiteController {
  list: RequestHandler;
}
class KiteController implements IKiteController {
  list = caught(async (req: Request, res: Response) => {
    await this.kites.list();
  });
}
`,
        'src/services/kites.ts': `export interface IKiteService {
  list(team: string): Promise<Kite[]>;
}
`,
        'docs/kites.ts': `registry.registerPath({
  method: 'get',
  path: '/kites',
  summary: 'All kites',
});
`,
      },
      [['GET /kites', 'src/controllers/kites.ts:5']],
    ));
});

it('leads from a path that was asked for, whose end may be a word, to what takes it below a controller', async () => {
  const controller = (name: string) => `@Controller('berths')
export class Controller {
  @Get(':name')
  async get(): Promise<Berth> {
  }

  @Get('free')
  async free(): Promise<Berth[]> {
  }
${name}
}
`;
  const files = {
    'src/public/berths.controller.ts': controller("\n  @Put(':name')\n  async update(): Promise<Berth> {\n  }"),
    'src/private/quays.controller.ts': controller('').replace("'berths'", "'quays'"),
  };
  const asked = (method: string, path: string) =>
    placeOf(
      { name: method, kind: 2, language: 'nodejs', attributes: { 'http.request.method': method, 'url.path': path } },
      files,
    );
  expect(await asked('PUT', '/api/v2/berths/at-the-pier')).toBe('src/public/berths.controller.ts:11');
  expect(await asked('GET', '/api/v2/berths/free')).toBe('src/public/berths.controller.ts:7');
  expect(await asked('GET', '/api/v2/quays/north')).toBe('src/private/quays.controller.ts:3');
});
