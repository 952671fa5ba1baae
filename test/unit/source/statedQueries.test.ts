// Queries that a repository's interface states, by an annotation or by the method's name; builders that go through helper functions.
import { describe, expect, it } from 'vitest';
import { placeOf } from './support/memory';

const files = {
  'src/CabinRepository.java': `package ferry;
public interface CabinRepository extends JpaRepository<Cabin, Long> {
    Cabin findByDeck(String deck);
    @Query("select c from Cabin c where c.ship.id = ?1 and c.number = ?2")
    Cabin findByNumber(Long shipId, String number);
    @Query("select c from Cabin c where c.number = ?1")
    Cabin findByNumber(String number);
    int countByDeck(String deck);
}
`,
  'src/Cabins.java': `class Cabins {
    private final CabinRepository cabinRepository;
    Cabin show(String deck) {
        return cabinRepository.findByDeck(deck);
    }
    int count(String deck) {
        return cabinRepository.countByDeck(deck);
    }
    List<Cabin> all(Filter filter) {
        return cabinRepository.findAll((root, query, builder) -> Helper.getPredicate(root, filter), page);
    }
}
`,
  'src/Helper.java': `class Helper {
    static Predicate getPredicate(Root<Cabin> root, Filter filter) {
        return Cabin.get(root, filter);
    }
}
`,
};
const jdbc = (text: string) => ({
  name: 'SELECT ferry.cabin',
  scope: 'io.opentelemetry.jdbc',
  language: 'java',
  attributes: { 'db.statement': text },
});
const span = (name: string, scope: string, attributes = {}) => ({
  name,
  scope,
  service: '',
  kind: 1,
  language: 'java',
  attributes,
});
const below = (...ancestors: readonly ReturnType<typeof span>[]) => ({ family: { ancestors, before: [], children: [] } });
const repository = (method: string) => span(`CabinRepository.${method}`, 'io.opentelemetry.spring-data-1.8');
const hibernate = span('SELECT Cabin', 'io.opentelemetry.hibernate-6.0');
const inside = (name: string) => span(name, 'ferry', { 'code.function.name': name, 'code.file.path': '/app/src/Cabins.java' });

describe('a query of an interface', () => {
  it('is the method by whose name it is made, also where the ORM makes a span between', async () => {
    const asked = jdbc('select c1_0.id from cabin c1_0 where c1_0.deck=?');
    expect(await placeOf({ ...asked, ...below(repository('findByDeck')) }, files)).toBe('src/CabinRepository.java:3');
    expect(await placeOf({ ...asked, ...below(hibernate, repository('findByDeck')) }, files)).toBe('src/CabinRepository.java:3');
  });

  it('is that of the overload that compares the same', async () => {
    const one = jdbc('select c1_0.id from cabin c1_0 where c1_0.number=?');
    const two = jdbc('select c1_0.id from cabin c1_0 where c1_0.ship_id=? and c1_0.number=?');
    expect(await placeOf({ ...one, ...below(repository('findByNumber')) }, files)).toBe('src/CabinRepository.java:6');
    expect(await placeOf({ ...two, ...below(repository('findByNumber')) }, files)).toBe('src/CabinRepository.java:4');
  });

  it('is found from who calls it, where it has no span', async () => {
    const asked = jdbc('select count(c1_0.id) from cabin c1_0 where c1_0.deck=?');
    expect(await placeOf({ ...asked, ...below(inside('count')) }, files)).toBe('src/CabinRepository.java:8');
  });

  it('is where its method is called that it has from elsewhere, whatever the call is given', async () => {
    const asked = jdbc('select c1_0.id from cabin c1_0 where c1_0.deck in (?,?)');
    expect(await placeOf({ ...asked, ...below(repository('findAll'), inside('all')) }, files)).toBe('src/Cabins.java:10');
  });

  it('is not there where somebody wrote a class for it', async () => {
    const other = {
      'src/ShipDao.java': 'public interface ShipDao {\n    Ship findByName(String name);\n}\n',
      'src/ShipDaoImpl.java':
        'class ShipDaoImpl implements ShipDao {\n    public Ship findByName(String name) {\n        return em.createQuery("from Ship where name = :name", Ship.class).getSingleResult();\n    }\n}\n',
      'src/Cabins.java':
        'class Cabins {\n    private final ShipDao shipDao;\n    Ship show(String name) {\n        return shipDao.findByName(name);\n    }\n}\n',
    };
    const asked = jdbc('select s1_0.id from ship s1_0 where s1_0.name=?');
    expect(await placeOf({ ...asked, ...below(inside('show')) }, other)).toBe('src/ShipDaoImpl.java:3');
  });
});

describe('a query that goes through helpers', () => {
  it('is of who begins it, not of who is given the builder', async () => {
    const dao = {
      'src/CabinDao.kt': `class CabinDao(private val dsl: DSLContext) {
  private val c = Tables.CABIN

  fun findOn(deck: String): List<Cabin> =
    dsl.selectFrom(c)
      .where(c.DECK.eq(deck))
      .fetchAndMap()

  private fun ResultQuery<Record>.fetchAndMap() =
    fetchGroups({ it.into(c) }, { it.into(c.DECK) }).map { it.toDomain() }
}
`,
      'src/Cabins.java':
        'class Cabins {\n    private final CabinDao cabinDao;\n    List<Cabin> show(String deck) {\n        return cabinDao.findOn(deck);\n    }\n}\n',
    };
    const asked = jdbc('select "CABIN"."ID", "CABIN"."DECK" from "CABIN" where "CABIN"."DECK" = ?');
    expect(await placeOf({ ...asked, ...below(inside('show')) }, dao)).toBe('src/CabinDao.kt:5');
  });

  it('is no type of a variable', async () => {
    const dao = {
      'src/CabinDao.java': `class CabinDao extends Dao<Cabin> {
    private static final QCabin CABIN = QCabin.cabin;
    Cabin onDeck(User user, String deck) {
        List<Cabin> cabins =
                query().selectFrom(CABIN)
                        .where(CABIN.deck.eq(deck))
                        .fetch();
        return cabins.get(0);
    }
}
`,
      'src/Cabins.java':
        'class Cabins {\n    private final CabinDao cabinDao;\n    Cabin show(String deck) {\n        return cabinDao.onDeck(user, deck);\n    }\n}\n',
    };
    const asked = jdbc('select c1_0.id from cabin c1_0 where c1_0.deck=?');
    expect(await placeOf({ ...asked, ...below(inside('show')) }, dao)).toBe('src/CabinDao.java:5');
  });

  it('is in the class that asks, not in one that stands in for it', async () => {
    const hexagon = {
      'src/CabinStore.kt': 'interface CabinStore {\n  fun findCabinOn(deck: String): Cabin?\n}\n',
      'src/InMemoryCabinStore.kt':
        'class InMemoryCabinStore : CabinStore {\n  override fun findCabinOn(deck: String): Cabin? =\n    cabins.values.firstOrNull { it.deck == deck }\n}\n',
      'src/SqlCabinStore.kt':
        'class SqlCabinStore : CabinStore {\n  override fun findCabinOn(deck: String): Cabin? =\n    transaction(database) {\n      CabinTable.selectAll().where { CabinTable.deck eq deck }.firstOrNull()\n    }\n}\n',
      'src/Cabins.java':
        'class Cabins {\n    private final CabinStore store;\n    Cabin show(String deck) {\n        return store.findCabinOn(deck);\n    }\n}\n',
    };
    const asked = jdbc('SELECT cabin.id, cabin.deck FROM cabin WHERE cabin.deck = ?');
    expect(await placeOf({ ...asked, ...below(inside('show')) }, hexagon)).toBe('src/SqlCabinStore.kt:4');
  });
});

describe('in Kotlin', () => {
  const ferry = {
    'src/CabinEntity.kt': `package ferry
interface CabinRepository :
  JpaRepository<CabinEntity, UUID>,
  JpaSpecificationExecutor<CabinEntity> {
  @Query("select c from CabinEntity c where c.deck = :deck")
  fun openOn(deck: String): List<CabinEntity>

  fun findByNumber(number: String): CabinEntity?
}

@Entity
@Table(name = "cabins")
data class CabinEntity(@Id val id: UUID, val deck: String, val number: String)
`,
    'src/Other.kt': `package ferry
interface HatchRepository : JpaRepository<HatchEntity, UUID> {
  fun findByNumber(number: String): HatchEntity?
}
`,
    'src/CabinDesk.kt': `package ferry
class CabinDesk(private val store: CabinService) {
  fun show(id: UUID) = store.cabin(id)
  fun find(number: String) = store.byNumber(number)
  fun hatches(number: String) = store.hatchesOf(number)
}
`,
    'src/Services.kt': `package ferry
class CabinService(private val repository: CabinRepository, private val hatchRepository: HatchRepository) {
  fun cabin(id: UUID) = repository.findByIdOrNull(id)

  fun byNumber(number: String): CabinEntity? {
    return repository.findByNumber(number)
  }

  fun hatchesOf(number: String) = hatchRepository.findByNumber(number)
}
`,
  };
  const at = (name: string) =>
    below(span(name, 'ferry', { 'code.function.name': name, 'code.file.path': '/app/src/CabinDesk.kt' }));

  it('is in the file of the class that the interface is for, or in any, whatever the field is called', async () => {
    const asked = jdbc('select c1_0.id from cabins c1_0 where c1_0.number=?');
    expect(await placeOf({ ...asked, ...at('find') }, ferry)).toBe('src/CabinEntity.kt:8');
    const hatches = jdbc('select h1_0.id from hatch h1_0 where h1_0.number=?');
    expect(await placeOf({ ...hatches, ...at('hatches') }, ferry)).toBe('src/Other.kt:3');
  });

  it('is made by its own key in a function of one line', async () => {
    const asked = jdbc('select c1_0.cabin_id,c1_0.deck from cabins c1_0 where c1_0.cabin_id=?');
    expect(await placeOf({ ...asked, ...at('show') }, ferry)).toBe('src/Services.kt:3');
  });
});

describe('a class that has its queries from one for all tables', () => {
  const yard = {
    'src/BoatServiceImpl.java': `@Service
public class BoatServiceImpl extends ServiceImpl<BoatMapper, Boat> implements BoatService {
    private final BerthService berthService;
    public Boolean scrap(Long[] ids) {
        List<Boat> boats = baseMapper.selectByIds(toList(ids));
        for (Boat boat : boats) {
            cache.evict(boat.getOwner());
        }
        Berth berth = berthService.getById(boats.get(0).getBerthId());
        log.info(berth.getQuay());
        return this.removeById(boats.get(0));
    }
}
`,
    'src/BerthController.java': `class BerthController {
    Result drop(Long[] ids) {
        Berth berth = berthMapper.selectById(ids[0]);
        return ok(berth);
    }
}
`,
  };
  const scrap = below(
    span('scrap', 'yard', { 'code.function.name': 'BoatServiceImpl.scrap', 'code.file.path': '/app/src/BoatServiceImpl.java' }),
  );

  it('asks through what that calls its mapper, and through services of others', async () => {
    const boats = jdbc('SELECT boat_id,name,owner,berth_id FROM boat WHERE boat_id IN ( ? ) AND gone=?');
    expect(await placeOf({ ...boats, ...scrap }, yard)).toBe('src/BoatServiceImpl.java:5');
    const berth = jdbc('SELECT id,quay,number FROM berth WHERE id=? AND gone=?');
    expect(await placeOf({ ...berth, ...scrap }, yard)).toBe('src/BoatServiceImpl.java:9');
  });

  it('removes where a row is only marked', async () => {
    const marked = jdbc('UPDATE boat SET del_flag=? WHERE boat_id=? AND del_flag=?');
    expect(await placeOf({ ...marked, ...scrap }, yard)).toBe('src/BoatServiceImpl.java:11');
  });
});
