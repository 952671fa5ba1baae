// Tables and columns as classes declare them, and what else only names them.
import { expect, it } from 'vitest';
import { hintsOf, placeOf, shown } from './support/memory';

it('marks that name columns of a table together are of no property', async () => {
  const files = {
    'src/Cabin.java': `@Entity
@Table(name = "T_CABIN", uniqueConstraints =
@UniqueConstraint(columnNames = {"CAB_DECK_C", "CAB_NUMBER_C"}))
public class Cabin extends Row<Long, Cabin> implements Audited {
    @Id
    @Column(name = "CAB_ID_C")
    @TableGenerator(
        name = "CABINS",
        pkColumnName = "NUMBERS")
    private String key;

    @JoinColumn(name = "CAB_DECK_C", nullable = false)
    private Deck deck;
}
`,
    'src/CabinDao.java': `public class CabinDao {
    public List<Cabin> audited(String name) {
        Query q = em.createQuery("select c from Cabin c where c.audited = :name");
        return q.getResultList();
    }
    public Cabin byKey(String key) {
        Query q = em.createQuery("select c from Cabin c where c.key = :key");
        return (Cabin) q.getSingleResult();
    }
    public List<Cabin> onDeck(Deck deck) {
        Query q = em.createQuery("select c from Cabin c where c.deck = :deck");
        return q.getResultList();
    }
}
`,
  };
  const ask = (text: string) =>
    placeOf({ name: 'SELECT ferry', scope: 'io.opentelemetry.jdbc', kind: 3, attributes: { 'db.statement': text } }, files);
  const head = 'select c1_0.CAB_ID_C,c1_0.CAB_DECK_C from T_CABIN c1_0 where';
  expect(await ask(`${head} c1_0.CAB_DECK_C=?`)).toBe('src/CabinDao.java:11');
  expect(await ask(`${head} c1_0.CAB_ID_C=?`)).toBe('src/CabinDao.java:7');
});

it('what selects one column says so, and what is compared with an object is its key', async () => {
  const files = {
    'ferry/models.py': `class Sailor(db.Model):
    __tablename__ = "sailors"
    __table_args__ = (
        Index(
            "idx_sailors",
            "badge",
            postgresql_ops={"badge": "gin_trgm_ops"},
        ),
    )
    __repr__ = repr_of("badge")

    badge: Mapped[str] = mapped_column(CITEXT, unique=True)
    ship_id: Mapped[UUID] = mapped_column(ForeignKey("ships.id"))
`,
    'ferry/rolls.py': `from ferry.models import Sailor


def sailor(db, badge):
    return db.query(Sailor).filter(Sailor.badge == badge).one()


def known(db, badge):
    return db.query(Sailor.id).filter(Sailor.badge == badge).one()


def crew(db, ship):
    return db.query(Sailor).filter(Sailor.ship == ship).all()


def named(db, ship_id, name):
    logger.info("crew of %s", ship_id)
    return db.query(Sailor).filter(Sailor.name == name).all()
`,
  };
  const ask = (text: string) =>
    placeOf(
      { name: 'SELECT ferry', scope: 'opentelemetry.instrumentation.sqlalchemy', kind: 3, attributes: { 'db.statement': text } },
      files,
    );
  const all =
    'SELECT sailors.badge AS sailors_badge, sailors.ship_id AS sailors_ship_id, sailors.id AS sailors_id \nFROM sailors \n';
  expect(await ask('SELECT sailors.id AS sailors_id \nFROM sailors \nWHERE sailors.badge = %(badge_1)s')).toBe(
    'ferry/rolls.py:9',
  );
  expect(await ask(`${all}WHERE sailors.badge = %(badge_1)s`)).toBe('ferry/rolls.py:5');
  expect(await ask(`${all}WHERE %(param_1)s::UUID = sailors.ship_id`)).toBe('ferry/rolls.py:13');
});

it('what was asked for is no query that is gone on with, nor is a text that is put together', async () => {
  const php = {
    'app/Models/Berth.php': `<?php
class Berth extends Model
{
    public static function count(Quay $quay): int
    {
        $berth = $quay->berths()->firstOrNew(['number' => 4], ['used' => 0]);
        $berth->forceFill(['used' => $berth->used + 1])->save();
        return $berth->used;
    }
}
`,
  };
  const result = await hintsOf({ name: 'App\\Models\\Berth::update', scope: 'io.opentelemetry.contrib.php.laravel' }, php);
  expect(shown(result)).toEqual(['app/Models/Berth.php:7 0.30']);
  const text = await hintsOf(
    {
      name: 'ferry',
      scope: 'OpenTelemetry.Instrumentation.EntityFrameworkCore',
      attributes: { 'db.statement': 'UPDATE Berths SET Used = 4 WHERE Id = 3;' },
    },
    {
      'src/BerthRepository.cs': `public class BerthRepository
{
    public async Task CountAll()
    {
        var text = new StringBuilder();
        foreach (var each in _all)
        {
            text.Append($"UPDATE Berths SET Used = {each.Used} WHERE Id = {each.Id};");
        }
        await _context.Database.ExecuteSqlRawAsync(text.ToString());
    }
}
`,
    },
  );
  expect(shown(text)).toEqual(['src/BerthRepository.cs:8 0.78']);
});

it('a table that migrations name more often than its class', async () => {
  const changes = Array.from({ length: 70 }, (_, i) => `    op.add_column("sea_marks", sa.Column("c${i}"))`).join('\n');
  const files = {
    'ferry/migrations/versions/first.py': `def upgrade():\n    op.create_table("sea_marks", table_name="sea_marks")\n${changes}\n`,
    'ferry/models.py': `class Buoy(db.Model):
    __tablename__ = "sea_marks"

    colour: Mapped[str] = mapped_column(String)
`,
    'ferry/charts.py': `from ferry.models import Buoy


def of_colour(db, colour):
    return db.query(Buoy).filter(Buoy.colour == colour).all()
`,
  };
  const text =
    'SELECT sea_marks.id AS sea_marks_id, sea_marks.colour AS sea_marks_colour \nFROM sea_marks \nWHERE sea_marks.colour = %(a)s';
  const span = {
    name: 'SELECT ferry',
    scope: 'opentelemetry.instrumentation.sqlalchemy',
    kind: 3,
    attributes: { 'db.statement': text },
  };
  expect(await placeOf(span, files)).toBe('ferry/charts.py:5');
});

it('a repository that a field is given', async () => {
  const files = {
    'src/entity/FerryShelf.ts': `@Entity({ name: 'ferry_shelf' })
export class FerryShelf {
  @PrimaryColumn()
  key: string;
  @Column()
  room: string;
}
`,
    'src/store.ts': `class Store {
  private shelfRepository;

  async init({ FerryShelf }) {
    this.shelfRepository = this.dataSource.getRepository(FerryShelf);
  }

  async get(key) {
    return await this.shelfRepository.findOneBy({
      key: keyOf(key),
    });
  }

  async all(room) {
    return await this.shelfRepository.find({
      where: { room: room },
      order: { key: 'DESC' },
    });
  }
}
`,
  };
  const ask = (rest: string) =>
    placeOf(
      {
        name: 'pg.query:SELECT ferry',
        scope: '@opentelemetry/instrumentation-pg',
        kind: 3,
        attributes: {
          'db.statement': `SELECT "FerryShelf"."key" AS "FerryShelf_key", "FerryShelf"."room" AS "FerryShelf_room" FROM "ferry_shelf" "FerryShelf" ${rest}`,
        },
      },
      files,
    );
  expect(await ask('WHERE (("FerryShelf"."key" = $1)) LIMIT 1')).toBe('src/store.ts:9');
  expect(await ask('WHERE (("FerryShelf"."room" = $1)) ORDER BY "FerryShelf"."key" DESC')).toBe('src/store.ts:15');
});
