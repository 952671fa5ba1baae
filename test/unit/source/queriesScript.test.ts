// Queries of JavaScript and TypeScript: models that functions make, methods that are added to them, imports of all kinds.
import { expect, it } from 'vitest';
import { placeOf } from './support/memory';

const sql = (text: string, scope: string) => ({ name: 'SELECT ferry', scope, attributes: { 'db.query.text': text } });

it('goes on with what an imported function makes, and in what is added to a model', async () => {
  const files = {
    'src/berth.controller.ts': `import * as BerthService from './berth.service';
export const getBerths = async (req, res) => {
  res.json(await BerthService.getBerths(req.user));
};
export const freeBerth = async (req, res) => {
  res.json(await BerthService.freeBerth(req.params.id));
};
`,
    'src/berth.service.ts': `import { getBerthModel } from './berth.server.model';
const BerthModel = getBerthModel(mongoose);
export const getBerths = (user: string) => wrapped(BerthModel.getBerths(user));
export const freeBerth = (id: string) => wrapped(BerthModel.freeBerth(id));
`,
    'src/berth.server.model.ts': `export const getBerthModel = (db: Mongoose) => {
  BerthSchema.statics.getBerths = async function (user: string) {
    return this.find({ user }).sort('name').exec();
  };

  BerthSchema.statics.freeBerth = async function (id: string) {
    return this.findOneAndUpdate(
      { _id: id },
      { user: null },
    );
  };

  BerthSchema.statics.lendBerth = async function (id: string, user: string) {
    return this.findOneAndUpdate({ _id: id }, { user });
  };
  return db.model('Berth', BerthSchema);
};
`,
  };
  const asked = (method: string, caller: string) => ({
    name: `mongoose.Berth.${method}`,
    scope: '@opentelemetry/instrumentation-mongoose',
    language: 'nodejs',
    kind: 3,
    attributes: { 'db.mongodb.collection': 'berths', 'db.operation': method, 'db.system': 'mongoose' },
    family: {
      ancestors: [
        {
          name: caller,
          service: '',
          kind: 2,
          language: 'nodejs',
          attributes: { 'code.function.name': caller, 'code.file.path': '/app/src/berth.controller.ts' },
        },
      ],
      before: [],
      children: [],
    },
  });
  expect(await placeOf(asked('find', 'getBerths'), files)).toBe('src/berth.server.model.ts:3');
  expect(await placeOf(asked('findOneAndUpdate', 'freeBerth'), files)).toBe('src/berth.server.model.ts:7');
});

it('knows a table by what an import calls it', async () => {
  const files = {
    'src/schema.ts': "export const berth = pgTable('Berth', {});\nexport const quay = pgTable('Quay', {});\n",
    'src/berths.ts': `import { berth as berthRows, quay as quayRows } from './schema';
export async function drop(id: string) {
  const [quay] = await db().delete(quayRows).where(eq(quayRows.id, id)).returning();
  const [dropped] = await db()
    .delete(berthRows)
    .where(eq(berthRows.id, id))
    .returning();
}
`,
  };
  const span = sql('delete from "Berth" where "Berth"."id" = $1 returning "id"', '@opentelemetry/instrumentation-pg');
  const attributes = { 'code.function.name': 'drop', 'code.file.path': '/app/src/berths.ts' };
  const ancestors = [{ name: 'drop', service: '', kind: 1, language: 'nodejs', attributes }];
  const asked = { ...span, language: 'nodejs', kind: 3, family: { ancestors, before: [], children: [] } };
  expect(await placeOf(asked, files)).toBe('src/berths.ts:4');
});

it('follows imports by their path, to packages of the workspace as well, and takes no route for a query', async () => {
  const files = {
    'packages/api/src/controllers/berth/index.ts': `import berthService from '../../services/berth';
import { moorings } from 'shared-lib/src/moorings';
const getAll = async (req, res) => {
  res.json(await berthService.getAll(req.id), await moorings(req.id));
};
export default { getAll };
export function routes(app) {
  app.delete(
    '/berths',
    async (req, res) => {
      await getAll(req, res);
    },
  );
}
`,
    'packages/api/src/services/berth/index.ts':
      'const getAll = async (id) => {\n  return source.getRepository(Berth).find({ where: { id } });\n};\nexport default { getAll };\n',
    'packages/api/src/services/quay/index.ts':
      'const getAll = async (id) => {\n  return source.getRepository(Berth).find({ where: { id } });\n};\nexport default { getAll };\n',
    'packages/shared-lib/src/moorings.ts':
      'export async function moorings(id) {\n  return db.select().from(mooring).where(eq(mooring.id, id));\n}\n',
    'packages/shared-lib/src/other.ts':
      'export async function others(id) {\n  return db.select().from(mooring).where(eq(mooring.id, id));\n}\n',
  };
  const attributes = { 'code.function.name': 'getAll', 'code.file.path': '/app/packages/api/src/controllers/berth/index.ts' };
  const ancestors = [{ name: 'getAll', service: '', kind: 1, language: 'nodejs', attributes }];
  const family = { ancestors, before: [], children: [] };
  const asked = (table: string) => ({
    ...sql(`SELECT "id" FROM "${table}" WHERE "${table}"."id" = $1`, '@opentelemetry/instrumentation-pg'),
    ...{ language: 'nodejs', kind: 3, family },
  });
  expect(await placeOf(asked('berth'), files)).toBe('packages/api/src/services/berth/index.ts:2');
  expect(await placeOf(asked('mooring'), files)).toBe('packages/shared-lib/src/moorings.ts:2');
});

it('takes a text over lines for one statement, also of a table that is called like tables are', async () => {
  const files = {
    'src/berths.ts': `router.post('/', async (ctx) => {
  const { name, owner } = read(ctx);
  const [row] = await sql\`
    insert into view \${sql({
      name,
      owner,
    })}
    returning *
  \`;
  ctx.body = row;
});
`,
  };
  const span = sql(
    '\n    insert into view ("name","owner")values($1,$2)\n    returning *\n  ',
    '@opentelemetry/instrumentation-pg',
  );
  const attributes = { 'code.file.path': '/app/src/berths.ts', 'code.line.number': '1' };
  const ancestors = [{ name: 'POST /', service: '', kind: 1, language: 'nodejs', attributes }];
  const asked = { ...span, language: 'nodejs', kind: 3, family: { ancestors, before: [], children: [] } };
  expect(await placeOf(asked, files)).toBe('src/berths.ts:3');
});

it('is one of several that are waited for together', async () => {
  const files = {
    'src/berths.ts': `router.post('berths.list', async (ctx) => {
  const [berths, total] = await Promise.all([
    Berth.findAll({ where: { owner: ctx.owner } }),
    Berth.count({ where: { owner: ctx.owner } }),
  ]);
  ctx.body = { berths, total };
});
`,
  };
  const span = sql(
    'SELECT "id", "name" FROM "berths" AS "berth" WHERE "berth"."owner" = $1',
    '@opentelemetry/instrumentation-pg',
  );
  const attributes = { 'code.file.path': '/app/src/berths.ts', 'code.line.number': '1' };
  const ancestors = [{ name: 'POST', service: '', kind: 1, language: 'nodejs', attributes }];
  const asked = { ...span, language: 'nodejs', kind: 3, family: { ancestors, before: [], children: [] } };
  expect(await placeOf(asked, files)).toBe('src/berths.ts:3');
});

it('is no method of its own class, where a repository has one of the name', async () => {
  const files = {
    'src/berth.service.ts': `export class BerthService {
  findOne(id: string) {
    return this.source.getRepository(ctx, Berth).findOne({ where: { id } });
  }
  create(name: string) {
    return this.berthOf(name);
  }
  private async berthOf(name: string) {
    const known = await this.source.getRepository(ctx, Berth).findOne({ where: { name } });
    return known ?? this.source.getRepository(ctx, Berth).save(new Berth({ name }));
  }
}
`,
  };
  const span = sql(
    'SELECT "Berth"."id" AS "Berth_id", "Berth"."name" AS "Berth_name" FROM "berth" "Berth" WHERE (("Berth"."name" = $1)) LIMIT 1',
    '@opentelemetry/instrumentation-pg',
  );
  const attributes = { 'code.function.name': 'create', 'code.file.path': '/app/src/berth.service.ts' };
  const ancestors = [{ name: 'create', service: '', kind: 1, language: 'nodejs', attributes }];
  const asked = { ...span, language: 'nodejs', kind: 3, family: { ancestors, before: [], children: [] } };
  expect(await placeOf(asked, files)).toBe('src/berth.service.ts:9');
});

it('takes a call of a library’s repository or client for no method of that name', async () => {
  const files = {
    'src/berth.service.ts': `@Injectable()
export class BerthService {
  constructor(private berthRepository: Repository<Berth>, private prisma: PrismaService) {}
  async freeBerth(id: number) {
    await this.berthRepository.update({ id }, { user: null });
  }
  async lendBerth(id: number) {
    await this.prisma.berth.update({ where: { id }, data: { state: 'lent' } });
  }
}
`,
    'src/berth.repository.ts': `export class BerthRepository {
  async update(id: number, user: string) {
    return this.berthRepository.update({ id }, { user });
  }
}
`,
    'src/berth.ts': `export class Berth {
  async update(id: number, state: string) {
    return this.prisma.berth.update({ where: { id }, data: { state } });
  }
}
`,
  };
  const asked = (caller: string, column: string) => ({
    ...sql(`UPDATE "berth" SET "${column}" = $1 WHERE "id" = $2`, '@opentelemetry/instrumentation-pg'),
    language: 'nodejs',
    kind: 3,
    family: {
      ancestors: [{ name: caller, service: '', kind: 1, language: 'nodejs', attributes: { 'code.function.name': caller } }],
      before: [],
      children: [],
    },
  });
  expect(await placeOf(asked('BerthService.freeBerth', 'user'), files)).toBe('src/berth.service.ts:5');
  expect(await placeOf(asked('BerthService.lendBerth', 'state'), files)).toBe('src/berth.service.ts:8');
});

it('takes a model that is only named for no query', async () => {
  const files = {
    'src/berth.service.ts': `export class BerthService {
  async moor(ids: string[]) {
    const Berth = this.crowi.model('Berth');

    const names = ids.map((id) => named(id));
    await Berth.insertMany(names, { ordered: false });
  }
}
`,
  };
  const span = {
    name: 'mongoose.Berth.insertMany',
    scope: '@opentelemetry/instrumentation-mongoose',
    language: 'nodejs',
    kind: 3,
    attributes: { 'db.mongodb.collection': 'berths', 'db.operation': 'insertMany', 'db.system': 'mongoose' },
    family: {
      ancestors: [
        {
          name: 'BerthService.moor',
          service: '',
          kind: 1,
          language: 'nodejs',
          attributes: { 'code.function.name': 'BerthService.moor' },
        },
      ],
      before: [],
      children: [],
    },
  };
  expect(await placeOf(span, files)).toBe('src/berth.service.ts:6');
});
