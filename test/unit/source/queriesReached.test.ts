// A query of an ORM, from the function of a span around it to the user's call.
import { describe, expect, it } from 'vitest';
import { placeOf } from './support/memory';

const sql = (text: string, scope: string) => ({ name: 'SELECT ferry', scope, attributes: { 'db.query.text': text } });

describe('a query of a function that a span around it leads to', () => {
  const files = {
    'src/routes.ts': `import { cabinStore } from './cabin.store';
export async function showCabin(req, res) {
  const cabin = await cabinStore.findCabin(req.params.id);
  res.json(cabin);
}
export async function showShip(req, res) {
  res.json(await prisma.cabin.findUnique({ where: { id: req.params.id } }));
}
`,
    'src/cabin.store.ts': `export const cabinStore = {
  async findCabin(id: string) {
    return prisma.cabin.findUnique({ where: { id } });
  },
};
`,
    'src/jobs.ts': `export async function clean() {
  await prisma.cabin.findUnique({ where: { id: first } });
}
`,
  };
  const asked = (caller: string) => ({
    name: 'prisma:client:operation',
    scope: 'prisma',
    attributes: { model: 'Cabin', method: 'findUnique' },
    family: {
      ancestors: [
        {
          name: caller,
          service: '',
          kind: 1,
          attributes: { 'code.function.name': caller, 'code.file.path': '/app/src/routes.ts' },
        },
      ],
      before: [],
      children: [],
    },
  });

  it('is in it, or in what it calls', async () => {
    expect(await placeOf(asked('showShip'), files)).toBe('src/routes.ts:7');
    expect(await placeOf(asked('showCabin'), files)).toBe('src/cabin.store.ts:3');
  });
});

describe('from the function of a span to the query', () => {
  const around = (path: string, name: string, language: string) => ({
    language,
    family: {
      ancestors: [{ name, service: '', kind: 1, language, attributes: { 'code.function.name': name, 'code.file.path': path } }],
      before: [],
      children: [],
    },
  });
  it.each<[string, string, string, string, string, string, Record<string, string>]>([
    [
      'through an interface',
      'java',
      'src/Cabins.java',
      'show',
      'select c1_0.id from cabins c1_0 where c1_0.id=?',
      'src/JdbcCabinStore.java:3',
      {
        'src/Cabins.java':
          'class Cabins {\n    private final CabinStore store;\n    Cabin show(long id) {\n        return store.cabinOf(id);\n    }\n}\n',
        'src/CabinStore.java': 'interface CabinStore {\n    Cabin cabinOf(long id);\n}\n',
        'src/JdbcCabinStore.java':
          'class JdbcCabinStore implements CabinStore {\n    public Cabin cabinOf(long id) {\n        return entityManager.find(Cabin.class, id);\n    }\n}\n',
        'src/Other.java':
          'class Other {\n    Cabin first(long id) {\n        return entityManager.find(Cabin.class, id);\n    }\n}\n',
      },
    ],
    [
      'through a mediator',
      'dotnet',
      'Api/CabinsController.cs',
      'Close',
      'DELETE FROM [Cabins] OUTPUT 1 WHERE [Id] = @p0',
      'App/CloseCabinCommandHandler.cs:5',
      {
        'Api/CabinsController.cs':
          'public class CabinsController\n{\n    public async Task Close(int id)\n    {\n        await mediator.Send(new CloseCabinCommand(id));\n    }\n}\n',
        'App/CloseCabinCommandHandler.cs':
          'class CloseCabinCommandHandler\n{\n    public async Task Handle(CloseCabinCommand command)\n    {\n        context.Cabins.Remove(await context.Cabins.FindAsync(command.Id));\n    }\n}\n',
        'App/Sweep.cs': 'class Sweep\n{\n    void All()\n    {\n        context.Cabins.Remove(first);\n    }\n}\n',
      },
    ],
    [
      'through a module that passes on',
      'nodejs',
      'src/cabins.js',
      'show',
      'select * from `cabins` where `deck` = ? limit ?',
      'src/queries/cabin.queries.js:2',
      {
        'src/cabins.js':
          "const query = require('./queries');\nasync function show(req, res) {\n  res.json(await query.cabin.find({ deck: req.params.deck }));\n}\n",
        'src/queries/index.js': "const cabin = require('./cabin.queries');\nmodule.exports = { cabin };\n",
        'src/queries/cabin.queries.js':
          "async function find(match) {\n  return knex('cabins').where(match).first();\n}\nmodule.exports = { find };\n",
      },
    ],
    [
      'through a filter of the controller',
      'ruby',
      'app/controllers/cabins_controller.rb',
      'show',
      'SELECT "cabins".* FROM "cabins" WHERE "cabins"."id" = $1 LIMIT $2',
      'app/controllers/cabins_controller.rb:8',
      {
        'app/controllers/cabins_controller.rb':
          'class CabinsController < ApplicationController\n  before_action :set_cabin\n  def show\n    render :show\n  end\n  private\n  def set_cabin\n    @cabin = Cabin.find(params[:id])\n  end\nend\n',
        'app/models/ship.rb': 'class Ship\n  def cabin(id)\n    Cabin.find(id)\n  end\nend\n',
      },
    ],
    [
      'through a filter that a concern of its base asks for',
      'ruby',
      'app/controllers/ships_controller.rb',
      'index',
      'SELECT "sessions".* FROM "sessions" WHERE "sessions"."id" = $1 LIMIT $2',
      'app/controllers/concerns/signed_in.rb:7',
      {
        'app/controllers/ships_controller.rb':
          'class ShipsController < ApplicationController\n  def index\n    render :index\n  end\nend\n',
        'app/controllers/application_controller.rb':
          'class ApplicationController < ActionController::Base\n  include SignedIn\nend\n',
        'app/controllers/concerns/signed_in.rb':
          'module SignedIn\n  extend ActiveSupport::Concern\n  included do\n    before_action :sign_in!\n  end\n  def sign_in!\n    Session.find_by(id: cookies[:id])\n  end\nend\n',
        'lib/sessions.rb': 'def session_of(id)\n  Session.find_by(id: id)\nend\n',
      },
    ],
    [
      'through an extension, and another receiver of the same name',
      'java',
      'src/Cabins.kt',
      'save',
      'insert into "CABIN" ("ID", "DECK") values (?, ?) on conflict ("ID") do update set "DECK" = ?',
      'src/CabinDao.kt:7',
      {
        'src/Cabins.kt':
          'class Cabins(private val cabinDao: CabinDao) {\n  fun save(cabin: Cabin) {\n    cabinDao.save(cabin)\n  }\n}\n',
        'src/CabinDao.kt':
          'class CabinDao(private val dsl: DSLContext) {\n  private val c = Tables.CABIN\n  fun save(cabin: Cabin) {\n    cabin.saveQuery().execute()\n  }\n  private fun Cabin.saveQuery() =\n    dsl.insertInto(c, c.ID, c.DECK)\n      .values(id, deck)\n      .onConflict().doUpdate().set(c.DECK, deck)\n}\n',
      },
    ],
    [
      'in a class for all tables',
      'python',
      'ferry/cabins.py',
      'show',
      'SELECT cabins.id FROM cabins WHERE cabins.deck = %(deck_1)s',
      'ferry/repository.py:5',
      {
        'ferry/cabins.py':
          'from ferry.repository import Repository\n\ndef show(deck):\n    return Repository(Cabin).on_deck(deck)\n\nrepository: Repository\n',
        'ferry/repository.py':
          'class Repository:\n    def __init__(self, model):\n        self.model = model\n    def on_deck(self, deck):\n        return self.session.scalars(select(self.model).where(self.model.deck == deck)).all()\n',
      },
    ],
  ])('%s', async (_, language, path, name, text, place, files) =>
    expect(await placeOf({ ...sql(text, ''), ...around(`/app/${path}`, name, language) }, files)).toBe(place),
  );

  it('is the text above a repository method, where there is one', async () => {
    const files = {
      'src/CabinRepository.java':
        'interface CabinRepository extends MongoRepository<Cabin, Long> {\n    @Query("{ \'deck\' : ?0 }")\n    List<Cabin> findByDeck(String deck);\n}\n',
      'src/Cabins.java':
        'class Cabins {\n    CabinRepository repository;\n    List<Cabin> all() {\n        return repository.findByDeck("A");\n    }\n}\n',
    };
    const ancestors = [
      {
        name: 'CabinRepository.findByDeck',
        service: '',
        kind: 1,
        language: 'java',
        scope: 'io.opentelemetry.spring-data-1.8',
        attributes: {},
      },
    ];
    const attributes = { 'db.mongodb.collection': 'cabins', 'db.statement': '{"find": "cabins", "filter": {"deck": "?"}}' };
    const asked = { name: 'find ferry.cabins', scope: 'io.opentelemetry.mongo-3.1', language: 'java', attributes };
    expect(await placeOf({ ...asked, family: { ancestors, before: [], children: [] } }, files)).toBe(
      'src/CabinRepository.java:2',
    );
  });

  it('may be made by a model of its own table, or by a repository that is given the model', async () => {
    const files = {
      'src/bills.js': `exports.list = async (req, res) => {
  const all = await Database.billModel.getBillsExpanded(req.user)
  res.json(all)
}
exports.drop = async (req, res) => {
  const store = getRepository(Bill)
  const entry = await store.findOneOrFail({ where: { id: req.params.id } })
  await store.remove(entry)
}
`,
      'src/models/Bill.js': `class Bill extends Model {
  static async getBillsExpanded(user) {
    let where = null
    const bills = await this.findAll({
      where,
      include: [{ model: this.sequelize.models.line }]
    })
    return bills.map((each) => each)
  }
}
`,
    };
    const list =
      'SELECT `bill`.`id`, `lines`.`id` AS `lines.id` FROM `bills` AS `bill` LEFT OUTER JOIN `lines` AS `lines` ON `bill`.`id` = `lines`.`billId`;';
    const made = async (text: string, name: string) =>
      placeOf({ ...sql(text, '@opentelemetry/instrumentation-pg'), ...around('/app/src/bills.js', name, 'nodejs') }, files);
    expect(await made(list, 'list')).toBe('src/models/Bill.js:4');
    expect(await made('DELETE FROM "bill" WHERE "id" = $1', 'drop')).toBe('src/bills.js:8');
  });

  it('goes through what hangs on a global model, in a file that is called like it', async () => {
    const files = {
      'api/controllers/cabins/show.js': `module.exports = {
  async fn(inputs) {
    const beds = await CabinBed.qm.getByCabinId(inputs.id);
    return { beds };
  },
};
`,
      'api/models/CabinBed.js': `module.exports = {
  tableName: 'cabin_bed',
  attributes: {},
};
`,
      'api/hooks/qm/models/CabinBed.js': `const defaultFind = (criteria) => CabinBed.find(criteria).sort('id');

const getByIds = (ids) => defaultFind(ids);

const getByCabinId = (cabinId) =>
  defaultFind({
    cabinId,
  });
`,
      'api/hooks/qm/models/Lamp.js': `const defaultFind = (criteria) => Lamp.find(criteria).sort('id');

const getByCabinId = (cabinId) =>
  defaultFind({
    cabinId,
  });
`,
    };
    const text = 'select "id", "cabin_id" from "cabin_bed" where "cabin_id" = $1 order by "id" ASC limit $2';
    const found = await placeOf(
      {
        ...sql(text, '@opentelemetry/instrumentation-pg'),
        ...around('/app/api/controllers/cabins/show.js', 'fn', 'nodejs'),
      },
      files,
    );
    expect(['api/hooks/qm/models/CabinBed.js:1', 'api/hooks/qm/models/CabinBed.js:6']).toContain(found);
  });

  it('does what its text does, where its table is put in', async () => {
    const files = {
      'src/cabins.ts': `export async function assign(ctx) {
  await insertCabinBeds(ctx.beds);
}
export async function free(ctx) {
  await deleteCabinBedsOfCabin(ctx.id);
}
`,
      'src/queries/cabin-beds.ts': `const { table, fields } = identifiersOf(CabinBeds);
export const createQueries = (pool) => {
  const insertCabinBeds = async (beds) => {
    return pool.query(sql\`
      insert into \${table} (\${fields.id}, \${fields.cabinId}) values
      \${sql.join(beds, sql\`, \`)}
    \`);
  };
  const deleteCabinBedsOfCabin = async (cabinId) => {
    const { rowCount } = await pool.query(sql\`
      delete from \${table}
      where \${fields.cabinId} = \${cabinId}
    \`);
  };
  return { insertCabinBeds, deleteCabinBedsOfCabin };
};
`,
    };
    const made = async (text: string, name: string) =>
      placeOf({ ...sql(text, '@opentelemetry/instrumentation-pg'), ...around('/app/src/cabins.ts', name, 'nodejs') }, files);
    expect(await made('insert into "cabin_beds" ("id", "cabin_id") values ($1, $2)', 'assign')).toBe(
      'src/queries/cabin-beds.ts:4',
    );
    expect(await made('delete from "cabin_beds" where "cabin_id" = $1', 'free')).toBe('src/queries/cabin-beds.ts:10');
  });

  it('is in what a route is given on the spot, and not in its neighbours', async () => {
    const files = {
      'src/routes.ts': `export function cabinRoutes(api: Api) {
  api.get('/cabins/:id', { guard }, async (request, reply) => {
    reply.send(await prisma.bed.findMany({ where: { cabin: request.params.id } }));
  });
  api.put(
    '/cabins/:id/state',
    { guard },
    async (request, reply) => {
      const beds = await prisma.bed.findMany({ where: { cabin: request.params.id } });
      reply.send(beds);
    },
  );
}
`,
    };
    const asked = (method: string, route: string) => ({
      name: 'prisma:client:operation',
      scope: 'prisma',
      language: 'nodejs',
      attributes: { model: 'Bed', method: 'findMany' },
      family: {
        ancestors: [
          {
            name: `${method} ${route}`,
            service: '',
            kind: 2,
            language: 'nodejs',
            attributes: { 'http.request.method': method, 'http.route': route },
          },
        ],
        before: [],
        children: [],
      },
    });
    expect(await placeOf(asked('GET', '/cabins/:id'), files)).toBe('src/routes.ts:3');
    expect(await placeOf(asked('PUT', '/cabins/:id/state'), files)).toBe('src/routes.ts:9');
  });

  it('is where it is written, and not where it is made or named', async () => {
    const files = {
      'src/cabins.ts': `export async function book(request) {
  const cabin = this.cabinRepo.create({ deck: request.deck });
  await check(cabin);
  const saved = await this.cabinRepo.save(cabin, { reload: true });
  if (!saved) throw new NotFound(Cabin.table);
}
`,
      'src/tracing.ts': 'const name = `db.${operation.toLowerCase()}`;\ntracer.startSpan(name);\n',
    };
    const asked = {
      ...sql('INSERT INTO "cabin"("id", "deck") VALUES (DEFAULT, $1)', 'our-db'),
      ...around('/app/src/cabins.ts', 'book', 'nodejs'),
    };
    expect(await placeOf({ ...asked, name: 'db.insert' }, files)).toBe('src/cabins.ts:4');
  });

  it('is of no other model that the table has a key of', async () => {
    const files = {
      'src/show.js': `async function show(req) {
  const lists = await BedList.query.byCabin(req.id);
  const beds = await Bed.query.byLists(lists);
}
`,
      'src/query/BedList.js': "const byCabin = (cabin) => BedList.find({ cabin }).sort('id');\n",
      'src/query/Bed.js': "const byLists = (lists) => Bed.find({ bedListId: lists }).sort('id');\n",
    };
    const text = 'select "id", "bed_list_id" from "bed" where "bed_list_id" in ($1, $2) order by "id" asc';
    expect(await placeOf({ ...sql(text, 'x'), ...around('/app/src/show.js', 'show', 'nodejs') }, files)).toBe(
      'src/query/Bed.js:1',
    );
  });

  it('goes through the class that a method leaves its answer to', async () => {
    const files = {
      'src/named.ts': `export class NamedCabins extends BaseCabins {
  override async list(request: Request) {
    return super.list(request);
  }
}
`,
      'src/base-cabins.ts': `export class BaseCabins {
  async list(request: Request) {
    return this.repo.find({ where: { deck: request.deck } });
  }
  private repo = connection.getRepository(Cabin);
}
`,
    };
    const text = 'SELECT "c"."id" FROM "cabin" "c" WHERE "c"."deck" = $1';
    expect(await placeOf({ ...sql(text, 'x'), ...around('/app/src/named.ts', 'list', 'nodejs') }, files)).toBe(
      'src/base-cabins.ts:3',
    );
  });
});
