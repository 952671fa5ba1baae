// SQL as an ORM writes it, and models with their methods: the user's call that makes the query.
import { describe, expect, it } from 'vitest';
import { nounKey, plural, singular } from '../../../src/source/queries/nouns';
import { readQuery } from '../../../src/source/queries/query';
import { readStatement } from '../../../src/source/queries/statement';
import { placeOf } from './support/memory';

describe('a noun', () => {
  it.each([
    ['order_lines', 'OrderLine'],
    ['COMPANIES', 'company'],
    ['people', 'Person'],
    ['boxes', 'Box'],
    ['statuses', 'status'],
    ['addresses', 'Address'],
    ['UserID', 'user_id'],
    ['custom_emojis', 'CustomEmoji'],
    ['analysis', 'Analysis'],
  ])('%s is %s', (table, name) => expect(nounKey(table)).toBe(nounKey(name)));

  it('has one form for one and another for many', () => {
    for (const [one, many] of [
      ['harbour', 'harbours'],
      ['ferry', 'ferries'],
      ['pass', 'passes'],
      ['child', 'children'],
    ])
      expect([plural(one), singular(many)]).toEqual([many, one]);
  });
});

describe('a statement', () => {
  const read = (text: string): string => {
    const found = readStatement(text);
    if (!found) return '';
    const { operation, tables, compared, assigned, ordered, isLimited } = found;
    const parts = [
      operation,
      tables.join(' '),
      `where ${compared.join(' ')}`,
      `set ${assigned.join(' ')}`,
      `by ${ordered.join(' ')}`,
    ];
    return [...parts, isLimited ? 'limited' : ''].filter((part) => !/^(?:where|set|by)? ?$/.test(part)).join(' | ');
  };
  it.each([
    ['SELECT `cabins`.* FROM `cabins` WHERE `cabins`.`deck` = ? AND (a IS NULL OR a > ?)', 'select | cabins | where deck a'],
    ['SELECT TOP(1) [c].[Id] FROM [dbo].[Cabins] AS [c] WHERE [c].[Deck] = @__deck_0', 'select | Cabins | where Deck | limited'],
    ['select c1_0.id from cabins c1_0 where c1_0.deck=? order by c1_0.number desc', 'select | cabins | where deck | by number'],
    ['select o from Order o where o.email = :email', 'select | Order | where email'],
    ['INSERT INTO "public"."cabins" ("deck","number") VALUES ($1,$2) RETURNING "id"', 'insert | cabins | set deck number'],
    ['UPDATE cabins SET deck = $1, free = free - 1 WHERE id = $2', 'update | cabins | where id | set deck free'],
    ['delete from cabins where (id in (?, ?))', 'delete | cabins | where id'],
    [
      'SELECT a FROM (SELECT b FROM cabins WHERE c = 1 LIMIT 2) AS t JOIN ships s ON s.id = t.s',
      'select | cabins ships | where c | limited',
    ],
    ['SET NOCOUNT ON; INSERT INTO [Cabins] ([Deck]) OUTPUT INSERTED.[Id] VALUES (@p0);', 'insert | Cabins | set Deck'],
    ['WITH q AS (SELECT id FROM cabins) SELECT * FROM q', 'select | cabins'],
    ['select distinct year(moored) as year from `cabins` where `deck` = ?', 'select | cabins | where deck'],
    ['SELECT EXTRACT(year FROM moored) FROM cabins WHERE deck = ?', 'select | cabins | where deck'],
    ['BEGIN', ''],
    ['SELECT 1', ''],
  ])('%s', (text, expected) => expect(read(text)).toBe(expected));

  it('may be of any length and shape', () => {
    const begun = performance.now();
    for (const text of ['('.repeat(50_000), '/*'.repeat(50_000), "'".repeat(50_001), `SELECT ${'a,'.repeat(50_000)} FROM b`])
      readStatement(text);
    expect(performance.now() - begun).toBeLessThan(500);
  });
});

describe('what a span asks', () => {
  const query = (name: string, attributes: Record<string, string>, scope = ''): string => {
    const { operation, table, model, method } = readQuery({ name, attributes, scope: { name: scope } }) ?? {
      operation: undefined,
    };
    return [operation, table, model, method].filter((part) => part !== undefined).join(' ');
  };
  it.each([
    ['prisma:client:operation', { model: 'Cabin', method: 'findMany' }, 'prisma', 'select Cabin findMany'],
    ['SELECT com.ferry.Cabin', {}, 'io.opentelemetry.hibernate-6.0', 'select Cabin'],
    ['Session.persist com.ferry.Cabin', {}, 'io.opentelemetry.hibernate-6.0', 'insert Cabin'],
    ['Cabin query', {}, 'OpenTelemetry::Instrumentation::ActiveRecord', 'select Cabin'],
    [
      'App\\Models\\Cabin::create',
      { 'laravel.eloquent.table': 'cabins' },
      'io.opentelemetry.contrib.php.laravel',
      'insert cabins Cabin create',
    ],
    [
      'mongoose.Cabin.findOne',
      { 'db.mongodb.collection': 'cabins' },
      '@opentelemetry/instrumentation-mongoose',
      'select cabins Cabin findOne',
    ],
    ['CabinRepository.findByDeck', {}, 'io.opentelemetry.spring-data-1.8', 'select CabinRepository findByDeck'],
    [
      'find ferry.cabins',
      { 'db.statement': '{"find": "cabins", "filter": {"deck": "?"}}' },
      'io.opentelemetry.mongo-3.1',
      'select cabins',
    ],
    ['insert', { 'db.collection.name': 'ferry.cabins', 'db.operation.name': 'insert' }, '', 'insert cabins insert'],
    ['GET', { 'db.query.summary': 'SELECT cabins ships' }, '', 'select cabins'],
    ['checkout', { model: 'x y' }, '', ''],
  ])('%s', (name, attributes, scope, expected) => expect(query(name, attributes, scope)).toBe(expected));
});

const sql = (text: string, scope: string) => ({ name: 'SELECT ferry', scope, attributes: { 'db.query.text': text } });
const go = 'gorm.io/plugin/opentelemetry';
const gorm = {
  'store/cabins.go': `package store

func (s *Store) CabinByDeck(deck string) (*model.Cabin, error) {
	cabin := new(model.Cabin)
	err := s.db.Where("deck = ?", deck).Find(cabin).Error
	return cabin, err
}

func (s *Store) CabinsOfShip(ship uint) ([]*model.Cabin, error) {
	var cabins []*model.Cabin
	q := s.db.Where("ship_id = ?", ship).Order("number desc")
	err := q.Limit(20).
		Find(&cabins).Error
	return cabins, err
}

func (s *Store) AddCabin(cabin *model.Cabin) error {
	return s.db.Create(cabin).Error
}

func (s *Store) CloseDeck(deck string) error {
	return s.db.Model(&model.Cabin{}).Where("deck = ?", deck).Update("closed", true).Error
}
`,
};

describe('a query is found where it is made: GORM', () => {
  it.each([
    ['SELECT * FROM `cabins` WHERE deck = ? LIMIT 1', 'store/cabins.go:5'],
    ['SELECT * FROM `cabins` WHERE ship_id = ? ORDER BY number desc LIMIT 20', 'store/cabins.go:12'],
    ['INSERT INTO `cabins` (`deck`,`ship_id`) VALUES (?,?) RETURNING `id`', 'store/cabins.go:18'],
    ['UPDATE `cabins` SET `closed`=? WHERE deck = ?', 'store/cabins.go:22'],
  ])('%s', async (text, place) => expect(await placeOf(sql(text, go), gorm)).toBe(place));
});

describe('and as it is made by', () => {
  it.each<[string, string, string, string, Record<string, string>]>([
    [
      'Prisma',
      'prisma',
      'SELECT "public"."Cabin"."id" FROM "public"."Cabin" WHERE "public"."Cabin"."deck" = $1 ORDER BY "public"."Cabin"."number" ASC OFFSET $2',
      'src/cabins.ts:6',
      {
        'src/cabins.ts': `export const one = (id: string) => prisma.cabin.findUnique({ where: { id } });
export function free() {
  return prisma.cabin.count({ where: { free: true } });
}
export async function onDeck(deck: string) {
  return prisma.cabin.findMany({
    where: { deck },
    orderBy: { number: 'asc' },
  });
}
`,
      },
    ],
    [
      'ActiveRecord',
      'OpenTelemetry::Instrumentation::PG',
      'SELECT "cabins".* FROM "cabins" WHERE "cabins"."ship_id" = $1 AND "cabins"."closed" = $2 ORDER BY "cabins"."number" ASC',
      'app/models/ship.rb:4',
      {
        'app/models/ship.rb': `class Ship < ApplicationRecord
  has_many :cabins
  def open_cabins
    cabins.where(closed: false).order(:number)
  end
  def self.cabin(id)
    Cabin.find(id)
  end
end
`,
      },
    ],
    [
      'Eloquent',
      'io.opentelemetry.contrib.php.laravel',
      'delete from `cabins` where `deck` = ?',
      'app/Cabins.php:8',
      {
        'app/Cabins.php': `<?php
namespace App;
class Cabins {
    public function all() {
        return Cabin::query()->orderBy('number')->get();
    }
    public function drop($deck) {
        Cabin::query()
            ->where('deck', $deck)
            ->delete();
    }
}
`,
      },
    ],
    [
      'EF Core',
      'OpenTelemetry.Instrumentation.EntityFrameworkCore',
      'SELECT [c].[Id], [c].[Deck] FROM [Cabins] AS [c] WHERE [c].[Deck] = @__deck_0',
      'Cabins.cs:8',
      {
        'Cabins.cs': `public class Cabins(FerryContext context)
{
    public async Task<Cabin?> One(int id)
    {
        return await context.Cabins.FindAsync(id);
    }
    public Task<List<Cabin>> OnDeck(string deck) =>
        context.Cabins.Where(x => x.Deck == deck).ToListAsync();
}
`,
      },
    ],
    [
      'SQLAlchemy',
      'opentelemetry.instrumentation.sqlalchemy',
      'SELECT cabins.id, cabins.deck FROM cabins WHERE cabins.deck = %(deck_1)s',
      'ferry/cabins.py:5',
      {
        'ferry/cabins.py': `def by_id(session, id):
    return session.get(Cabin, id)

def on_deck(session, deck):
    stmt = select(Cabin).where(Cabin.deck == deck)
    return session.execute(stmt).scalars().all()
`,
      },
    ],
    [
      'Django',
      'opentelemetry.instrumentation.psycopg2',
      'SELECT COUNT(*) AS "__count" FROM "ferry_cabin" WHERE "ferry_cabin"."closed"',
      'ferry/views.py:5',
      {
        'ferry/views.py': `def cabins(request, pk):
    return Cabin.objects.get(pk=pk)

def closed(request):
    return Cabin.objects.filter(closed=True).count()
`,
      },
    ],
    [
      'Spring Data',
      'io.opentelemetry.jdbc',
      'select c1_0.id,c1_0.deck from cabins c1_0 where c1_0.deck=? and c1_0.closed=?',
      'src/Cabins.java:5',
      {
        'src/Cabins.java': `class Cabins {
    private final CabinRepository repository;

    List<Cabin> closed(String deck) {
        return repository.findByDeckAndClosed(deck, true);
    }
    Cabin one(long id) {
        return repository.findById(id).orElseThrow();
    }
}
`,
        'src/CabinRepository.java': `interface CabinRepository extends JpaRepository<Cabin, Long> {
    List<Cabin> findByDeckAndClosed(String deck, boolean closed);
}
`,
      },
    ],
    [
      'Diesel',
      'diesel',
      'SELECT `cabins`.`id` FROM `cabins` WHERE (`cabins`.`deck` = ?)',
      'src/cabins.rs:2',
      {
        'src/cabins.rs': `pub fn on_deck(conn: &mut Conn, deck: &str) -> Vec<Cabin> {
    cabins::table.filter(cabins::deck.eq(deck)).load::<Cabin>(conn).unwrap()
}
pub fn close(conn: &mut Conn, id: i32) {
    diesel::delete(cabins::table.filter(cabins::id.eq(id))).execute(conn).unwrap();
}
`,
      },
    ],
    [
      'Knex',
      '@opentelemetry/instrumentation-knex',
      'select "id" from "cabins" where "deck" = ? limit ?',
      'src/cabins.js:6',
      {
        'src/cabins.js': `async function close(id) {
  await knex('cabins').where({ id }).update({ closed: true });
}
async function onDeck(deck) {
  log('cabins');
  return knex('cabins')
    .select('id')
    .where('deck', deck)
    .first();
}
`,
      },
    ],
  ])('%s', async (_, scope, text, place, files) => expect(await placeOf(sql(text, scope), files)).toBe(place));
});

describe('a class that says which table it is of', () => {
  it.each<[string, string, string, Record<string, string>]>([
    [
      'opentelemetry.instrumentation.sqlalchemy',
      'SELECT berths_of_ship.id FROM berths_of_ship WHERE berths_of_ship.ship_id = %(ship_1)s',
      'ferry/store.py:2',
      {
        'ferry/models.py': 'class Berth(Base):\n    __tablename__ = "berths_of_ship"\n',
        'ferry/store.py':
          'def berths(session, ship):\n    return session.scalars(select(Berth).where(Berth.ship_id == ship)).all()\n',
      },
    ],
    [
      'OpenTelemetry::Instrumentation::PG',
      'DELETE FROM "legacy_berths" WHERE "legacy_berths"."ship_id" = $1',
      'app/clean.rb:2',
      {
        'app/models/berth.rb': 'class Berth < ApplicationRecord\n  self.table_name = "legacy_berths"\nend\n',
        'app/clean.rb': 'def clean(ship)\n  Berth.where(ship_id: ship).delete_all\nend\n',
      },
    ],
  ])('by %s', async (scope, text, place, files) => expect(await placeOf(sql(text, scope), files)).toBe(place));
});

it('is made by what saves a model, and not by what names a route like one', async () => {
  const files = {
    'app/Http/TideController.php': `<?php
class TideController {
    public function store(Request $request) {
        if ($this->isInvalid($request)) {
            return redirect()->route('tides.create')->withInput();
        }
        $tide = new Tide();
        $tide->fill($request->all());
        $tide->save();
    }
}
`,
  };
  const attributes = { 'db.query.text': 'insert into `tides` (`level`, `day`) values (?, ?)' };
  const parent = { name: 'TideController::store', service: '', kind: 1, language: 'php', attributes: {} };
  const family = {
    ancestors: [{ ...parent, attributes: { 'code.function.name': 'TideController::store' } }],
    before: [],
    children: [],
  };
  const span = { name: 'sql INSERT', language: 'php', kind: 3, attributes, family };
  expect(await placeOf(span, files)).toBe('app/Http/TideController.php:9');
});
