// Stores that a program made by itself: tables as constants, columns by other names, rows that are filled before they are asked for.
import { describe, expect, it } from 'vitest';
import { functionsNamed } from '../../../src/source/outline/functions';
import { placeOf } from './support/memory';

const php = { name: 'PDO::prepare', scope: 'io.opentelemetry.contrib.php.pdo', kind: 3 };
const mongo = (collection: string, operation: string) => ({
  name: `${collection}.${operation}`,
  scope: 'MongoDB.Driver.Core.Extensions.DiagnosticSources',
  kind: 3,
  attributes: { 'db.system': 'mongodb', 'db.mongodb.collection': collection, 'db.operation': operation },
});
const go = (text: string) => ({
  name: 'sql.conn.query',
  scope: 'github.com/XSAM/otelsql',
  kind: 3,
  attributes: { 'db.system.name': 'mysql', 'db.query.text': text },
});

it('a table that is a constant of the class', async () => {
  const files = {
    'app/Model/CabinModel.php': `<?php
class CabinModel extends Base
{
    const TABLE = 'cabins';

    public function getAll($ship_id)
    {
        return $this->db->table(self::TABLE)->eq('ship_id', $ship_id)->asc('number')->findAll();
    }

    public function getById($id)
    {
        return $this->db->table(self::TABLE)->eq('id', $id)->findOne();
    }

    public function create(array $values)
    {
        return $this->db->table(self::TABLE)->persist($values);
    }
}
`,
    'app/Controller/CabinController.php': `<?php
class CabinController
{
    public function save()
    {
        $this->cabinModel->create(array('ship_id' => 3, 'number' => 4));
    }
}
`,
  };
  const ask = (text: string) => placeOf({ ...php, attributes: { 'db.query.text': text } }, files);
  expect(await ask('SELECT * FROM `cabins` WHERE `ship_id` = ? ORDER BY `number` ASC')).toBe('app/Model/CabinModel.php:8');
  expect(await ask('SELECT * FROM `cabins` WHERE `id` = ? LIMIT 1')).toBe('app/Model/CabinModel.php:13');
  expect(await ask('INSERT INTO `cabins` (`ship_id`, `number`) VALUES (:a, :b)')).toBe('app/Model/CabinModel.php:18');
});

it('columns that the class calls otherwise', async () => {
  const files = {
    'src/Cabin.java': `@Entity
@Table(name = "T_CABIN")
public class Cabin {
    @Id
    @Column(name = "CAB_ID_C", length = 36)
    private String id;

    @Column(name = "CAB_DECK_C", nullable = false)
    private String deck;

    @Column(name = "CAB_CLOSED_D")
    private Date closed;
}
`,
    'src/CabinDao.java': `public class CabinDao {
    public Cabin byId(String id) {
        Query q = em.createQuery("select c from Cabin c where c.id = :id and c.closed is null");
        return (Cabin) q.getSingleResult();
    }
    public List<Cabin> onDeck(String deck) {
        Query q = em.createQuery("select c from Cabin c where c.deck = :deck order by c.id");
        return q.getResultList();
    }
}
`,
  };
  const text =
    'select c1_0.CAB_ID_C,c1_0.CAB_CLOSED_D,c1_0.CAB_DECK_C from T_CABIN c1_0 where c1_0.CAB_DECK_C=? order by c1_0.CAB_ID_C';
  const span = { name: 'SELECT ferry.T_CABIN', scope: 'io.opentelemetry.jdbc', kind: 3, attributes: { 'db.statement': text } };
  expect(await placeOf(span, files)).toBe('src/CabinDao.java:7');
});

describe('the rows of a store of Go', () => {
  const files = {
    'store/cabin.go': `package store

func CabinOfDeck(deck string) (*Cabin, error) {
	cabin := Cabin{Deck: deck}
	_, err := db.Engine.Get(&cabin)
	return &cabin, err
}

func CabinOfNumber(number string) (*Cabin, error) {
	cabin := Cabin{Number: number}
	_, err := db.Engine.Get(&cabin)
	return &cabin, err
}
`,
    'web/cabin.go': `package web

import "example.com/ferry/store"

func (c *Controller) Show() {
	cabin, err := store.CabinOfNumber(c.Query("number"))
	c.ok(cabin, err)
}
`,
  };
  it('are told by what they were filled with', async () => {
    expect(await placeOf(go('SELECT `deck`, `number` FROM `cabin` WHERE `number`=? LIMIT 1'), files)).toBe('store/cabin.go:11');
    expect(await placeOf(go('SELECT `deck`, `number` FROM `cabin` WHERE `deck`=? LIMIT 1'), files)).toBe('store/cabin.go:5');
  });
});

describe('a collection and a command as the name', () => {
  const files = {
    'Domain/Cabin.cs': `public class Cabin : BaseEntity
{
    public string Deck { get; set; }
}
`,
    'Models/CabinListModel.cs': `public class CabinListModel
{
    [Display("Cabins.SearchDeck")]
    public string SearchDeck { get; set; }
    public IList<string> AvailableDecks { get; set; }
}
`,
    'Services/BerthService.cs': `public class BerthService : IBerthService
{
    private readonly IRepository<Cabin> _berths;

    public virtual Task<Cabin> ById(string id)
    {
        return _berths.GetByIdAsync(id);
    }

    public virtual async Task Open(Cabin cabin)
    {
        await _berths.InsertAsync(cabin);
    }
}
`,
  };
  it('is no method of a class', async () => {
    expect(await placeOf(mongo('Cabin', 'insert'), files)).toBe('Services/BerthService.cs:12');
    expect(await placeOf(mongo('Cabin', 'find'), files)).toBe('Services/BerthService.cs:7');
  });
});

it('a function that gives a tuple', () => {
  const lines = `    public virtual async Task<(IEnumerable<Cabin> cabins, int total)> PrepareList(
        CabinListModel model, int page)
    {
        return await _cabins.All(page);
    }`.split('\n');
  expect(functionsNamed(lines, 'PrepareList')).toMatchObject([{ start: 0, end: 5 }]);
});

it('of two functions that may be the one of the span around', async () => {
  const store = (name: string) => `class ${name} {
    List<Cabin> open() {
        return em.createQuery("select c from Cabin c where c.deck = :deck").getResultList();
    }
}
`;
  const resource = (type: string, other: string) => `@Path("/cabins")
class ${type} {
    @GET
    public Response list() {
        return Response.ok(new ${other}().open()).build();
    }
}
`;
  const files = {
    'src/a/ShipResource.java': resource('ShipResource', 'ShipCabins'),
    'src/b/QuayResource.java': resource('QuayResource', 'QuayCabins'),
    'src/a/ShipCabins.java': store('ShipCabins'),
    'src/b/QuayCabins.java': store('QuayCabins'),
    'src/c/OtherCabins.java': store('OtherCabins'),
  };
  const attributes = { 'http.route': '/cabins', 'http.request.method': 'GET' };
  const ancestors = [{ name: 'GET /cabins', service: '', kind: 2, language: 'java', attributes }];
  const span = {
    name: 'SELECT ferry.cabin',
    scope: 'io.opentelemetry.jdbc',
    kind: 3,
    attributes: { 'db.statement': 'select c1_0.id,c1_0.deck from cabin c1_0 where c1_0.deck=?' },
    family: { ancestors, before: [], children: [] },
  };
  expect(await placeOf(span, files)).toMatch(/^src\/[ab]\/\w+Cabins\.java:3$/);
});

it('criteria that are filled before they are asked with', async () => {
  const files = {
    'src/CabinService.java': `public class CabinService {
    private CabinMapper cabinMapper;
    public List<Cabin> ofShip(Integer ship) {
        CabinExample example = new CabinExample();
        example.or().andShipIdEqualTo(ship).andDeletedEqualTo(false);
        return cabinMapper.selectByExample(example);
    }
    public List<Cabin> closed() {
        CabinExample example = new CabinExample();
        CabinExample.Criteria criteria = example.or();
        criteria.andClosedAtLessThan(now()).andDeckEqualTo(4);
        return cabinMapper.selectByExample(example);
    }
}
`,
    'src/Cabin.java': `public class Cabin {
    private Boolean value;
    public Boolean getValue() {
        return this.value;
    }
}
`,
  };
  const ask = (where: string) =>
    placeOf(
      {
        name: 'SELECT ferry.cabin',
        scope: 'io.opentelemetry.jdbc',
        kind: 3,
        attributes: { 'db.statement': `select id, deck, ship_id, closed_at, deleted, value from cabin WHERE ( ${where} )` },
      },
      files,
    );
  expect(await ask('ship_id = ? and deleted = ?')).toBe('src/CabinService.java:6');
  expect(await ask('closed_at < ? and deck = ?')).toBe('src/CabinService.java:12');
});
