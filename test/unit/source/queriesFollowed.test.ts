// From the function of a span to a query over what hides the call: declarations, wrapped and handed functions, containers, names alone.
import { describe, expect, it } from 'vitest';
import { placeOf } from './support/memory';

const asked = (text: string, path: string, name: string, language: string, system?: string) => ({
  name: 'SELECT ferry',
  scope: 'x',
  language,
  attributes: { 'db.query.text': text, ...(system === undefined ? {} : { 'db.system.name': system }) },
  family: {
    ancestors: [
      {
        name,
        service: '',
        kind: 1,
        language,
        attributes: { 'code.function.name': name, 'code.file.path': `/app/${path}` },
      },
    ],
    before: [],
    children: [],
  },
});
const byDeck = 'select * from `cabins` where `deck` = ?';

describe('a call is followed', () => {
  it.each<[string, string, string, string, Record<string, string>]>([
    [
      'to the class that has what an interface declares over lines',
      'php',
      'src/Show.php',
      'src/Cabins/CabinRepository.php:5',
      {
        'src/Show.php':
          '<?php\nclass Show {\n    private CabinRepositoryInterface $cabins;\n    public function show(string $deck) {\n        return $this->cabins->onDeck($deck, 3);\n    }\n}\n',
        'src/Cabins/CabinRepositoryInterface.php':
          '<?php\ninterface CabinRepositoryInterface {\n    public function onDeck(\n        string $deck,\n        int $limit\n    ): Collection;\n}\n',
        'src/Cabins/CabinRepository.php':
          "<?php\nclass CabinRepository implements CabinRepositoryInterface {\n    public function onDeck(string $deck, int $limit): Collection\n    {\n        return $this->user->cabins()->where('deck', $deck)->get();\n    }\n}\n",
        'src/Other.php':
          "<?php\nclass Other {\n    public function all($deck) {\n        return $this->user->cabins()->where('deck', $deck)->get();\n    }\n}\n",
      },
    ],
    [
      'on what a container gives',
      'php',
      'src/Show.php',
      'src/Moor.php:4',
      {
        'src/Show.php':
          '<?php\nclass Show {\n    public function show(string $deck) {\n        $moor = app(Moor::class);\n        return $moor->run($deck);\n    }\n}\n',
        'src/Moor.php':
          "<?php\nclass Moor {\n    public function run($deck) {\n        return Cabin::where('deck', $deck)->get();\n    }\n}\n",
        'src/Sail.php':
          "<?php\nclass Sail {\n    public function run($deck) {\n        return Cabin::where('deck', $deck)->get();\n    }\n}\n",
      },
    ],
    [
      'through a function of one expression',
      'java',
      'src/Show.kt',
      'src/CabinStore.kt:5',
      {
        'src/Show.kt': 'class Show(private val lobby: Lobby) {\n  fun show(deck: String) = lobby.onDeck(deck)\n}\n',
        'src/Lobby.kt':
          'class Lobby(private val store: CabinStore) {\n  fun onDeck(deck: String): List<Cabin> = store.onDeck(deck)\n}\n',
        'src/CabinStore.kt':
          'interface CabinStore {\n  fun onDeck(deck: String): List<Cabin>\n}\nclass SqlCabinStore(private val dsl: DSLContext) : CabinStore {\n  override fun onDeck(deck: String): List<Cabin> = dsl.selectFrom(CABINS).where(CABINS.DECK.eq(deck)).fetchInto(Cabin::class.java)\n}\n',
        'src/Other.kt':
          'class Other(private val dsl: DSLContext) {\n  fun other(deck: String) = dsl.selectFrom(CABINS).where(CABINS.DECK.eq(deck)).fetchInto(Cabin::class.java)\n}\n',
      },
    ],
    [
      'to what is made of a function',
      'nodejs',
      'src/show.ts',
      'src/lookout.ts:2',
      {
        'src/show.ts': "import { lookOut } from './lookout';\nexport async function show(deck) {\n  return lookOut(deck);\n}\n",
        'src/lookout.ts':
          'export const lookOut = cache(async (deck: string) => {\n  return prisma.cabin.findMany({ where: { deck } });\n});\nexport const other = cache(async (deck: string) => {\n  return prisma.cabin.findMany({ where: { deck } });\n});\n',
      },
    ],
    [
      'to what a record runs when it is written',
      'ruby',
      'app/show.rb',
      'app/models/berth.rb:4',
      {
        'app/show.rb': 'class Show\n  def show(deck)\n    @berths.create!(deck: deck)\n  end\nend\n',
        'app/models/berth.rb':
          'class Berth < ApplicationRecord\n  after_commit :look_at_cabins, on: :create\n  def look_at_cabins\n    Cabin.where(deck: deck).to_a\n  end\nend\n',
        'app/models/other.rb': 'class Other\n  def look\n    Cabin.where(deck: deck).to_a\n  end\nend\n',
      },
    ],
    [
      'to what is handed over to be called',
      'nodejs',
      'src/show.ts',
      'src/lookout.ts:2',
      {
        'src/show.ts':
          "import { lookOut } from './lookout';\nexport async function show(deck) {\n  return retried(deck, { run: lookOut });\n}\n",
        'src/lookout.ts':
          'export async function lookOut(deck: string) {\n  return prisma.cabin.findMany({ where: { deck } });\n}\nexport async function other(deck: string) {\n  return prisma.cabin.findMany({ where: { deck } });\n}\n',
      },
    ],
  ])('%s', async (_, language, path, place, files) =>
    expect(await placeOf(asked(byDeck, path, 'show', language), files)).toBe(place),
  );

  it('into a class among others of its file that is the table’s own', async () => {
    const files = {
      'ferry/show.py': 'from ferry.models import Cabin\n\ndef show(deck):\n    return Cabin.on_deck(deck)\n',
      'ferry/models.py':
        'class Ship(Base):\n    __tablename__ = "ships"\n\n    @classmethod\n    def on_deck(cls, deck):\n        return cls.query.filter(cls.deck == deck).all()\n\n\nclass Cabin(Base):\n    __tablename__ = "cabins"\n\n    @classmethod\n    def on_deck(cls, deck):\n        return cls.query.filter(cls.deck == deck).all()\n',
    };
    expect(
      await placeOf(asked('SELECT cabins.id FROM cabins WHERE cabins.deck = %s', 'ferry/show.py', 'show', 'python'), files),
    ).toBe('ferry/models.py:14');
  });

  it('back from the query, where nobody knows what it is on', async () => {
    const files = {
      'src/show.ts': 'export async function show(context) {\n  return context.bridge.cabinsForCaptain(context.deck);\n}\n',
      'src/bridge/index.ts':
        'export const bridge = {\n  async cabinsForCaptain(deck) {\n    return this.tools.lookThroughCabins(deck);\n  },\n};\n',
      'src/tools/cabins.ts':
        'export async function lookThroughCabins(deck) {\n  return prisma.cabin.findMany({ where: { deck } });\n}\n',
      'src/tools/beds.ts': 'export async function countBeds(deck) {\n  return prisma.cabin.findMany({ where: { deck } });\n}\n',
    };
    expect(await placeOf(asked(byDeck, 'src/show.ts', 'show', 'nodejs'), files)).toBe('src/tools/cabins.ts:2');
  });
});

describe('what is given the table’s class by its type', () => {
  it.each<[string, string, string, string, Record<string, string>]>([
    [
      'is a field',
      'nodejs',
      'src/show.ts',
      'src/show.ts:4',
      {
        'src/show.ts':
          'class Show {\n  constructor(private readonly beds: Repository<Bed>, private readonly repo: Repository<CabinDocument>) {}\n  async show(deck) {\n    await this.repo.find({ where: { deck } });\n    await this.beds.find({ where: { deck } });\n  }\n}\n',
      },
    ],
    [
      'is a field, type first',
      'dotnet',
      'src/Show.cs',
      'src/Show.cs:6',
      {
        'src/Show.cs':
          'public class Show\n{\n    private readonly IRepository<Cabin> _rows;\n    public List<Row> Open(string deck)\n    {\n        return _rows.Query().Where(x => x.Deck == deck).ToList();\n    }\n}\n',
      },
    ],
    [
      'is the class itself',
      'java',
      'src/Closing.kt',
      'src/Closing.kt:3',
      {
        'src/Closing.kt':
          'class Closing : BaseRepository<Cabin>() {\n  fun closed(deck: String): List<Row> {\n    return this.query().where("deck", deck).list()\n  }\n}\n',
      },
    ],
  ])('%s', async (_, language, path, place, files) => {
    const name = /(\w+)\(deck/.exec(Object.values(files)[0])?.[1] ?? /(\w+)\(string deck/.exec(Object.values(files)[0])?.[1];
    expect(await placeOf(asked(byDeck, path, name ?? '', language), files)).toBe(place);
  });
});

describe('of equal queries', () => {
  it('the one beside the function of the span is likelier, where no call leads to one', async () => {
    const body = 'export const q1 = {\n  at: (deck) => prisma.cabin.findMany({ where: { deck } }),\n};\n';
    const files = {
      'src/admin/rows.ts': body,
      'src/decks/list/show.ts': 'export async function show(deck) {\n  return registry[deck].of(deck);\n}\n',
      'src/decks/list/rows.ts': body,
      'src/web/rows.ts': body,
    };
    expect(await placeOf(asked(byDeck, 'src/decks/list/show.ts', 'show', 'nodejs'), files)).toBe('src/decks/list/rows.ts:2');
  });

  it('the one below the nearest span is meant', async () => {
    const files = {
      'src/cabins.ts':
        'export async function show(deck) {\n  await prisma.cabin.findMany({ where: { deck }, orderBy: { deck } });\n  return load(deck);\n}\nasync function load(deck) {\n  return prisma.cabin.findMany({ where: { deck, } });\n}\n',
    };
    const span = asked('select * from `cabins` where `deck` = ? order by `deck`', 'src/cabins.ts', 'load', 'nodejs');
    const [inner] = span.family.ancestors;
    const outer = { ...inner, name: 'show', attributes: { ...inner.attributes, 'code.function.name': 'show' } };
    const family = { ...span.family, ancestors: [inner, outer] };
    expect(await placeOf({ ...span, family }, files)).toBe('src/cabins.ts:6');
  });

  it('the one for the database that was asked', async () => {
    const body = (call: string): string =>
      `class X implements CabinStore {\n  async onDeck(deck: string) {\n    return ${call};\n  }\n}\n`;
    const files = {
      'src/show.ts':
        'class Show {\n  private store: CabinStore;\n  async show(deck) {\n    return this.store.onDeck(deck);\n  }\n}\n',
      'src/mongodb/cabins.ts': body('this.cabins.find({ where: { deck } })'),
      'src/relational/cabins.ts': body('this.cabins.find({ where: { deck } })'),
    };
    expect(await placeOf(asked(byDeck, 'src/show.ts', 'show', 'nodejs', 'postgresql'), files)).toBe('src/relational/cabins.ts:3');
  });

  it('the one that groups and joins as it does, whatever it brings along', async () => {
    const files = {
      'src/Cabins.php':
        "<?php\nclass Cabins {\n    public function show($deck) {\n        $a = Cabin::query()->whereIn('deck', $deck)->groupBy('ships.name')->get(['deck']);\n        $b = Cabin::query()->whereIn('deck', $deck)->leftJoin('ships', 'ships.id', '=', 'cabins.ship_id')->groupBy('cabins.colour')->get(['deck']);\n    }\n}\n",
      'src/ships.ts':
        'export async function show(deck) {\n  await prisma.cabin.findMany({ where: { deck }, omit: { colour: true } });\n  await prisma.cabin.findMany({\n    where: { colour: deck, deck: { has: deck } },\n    select: { beds: { where: { made: true }, select: { width: true, length: true } } },\n  });\n}\n',
    };
    expect(
      await placeOf(
        asked(
          'select `deck` from `cabins` left join `ships` on `ships`.`id` = `cabins`.`ship_id` where `deck` in (?) group by `cabins`.`colour`',
          'src/Cabins.php',
          'show',
          'php',
        ),
        files,
      ),
    ).toBe('src/Cabins.php:5');
    expect(
      await placeOf(
        asked('SELECT "id" FROM "cabins" WHERE "deck" = $1 AND "colour" = $2', 'src/ships.ts', 'show', 'nodejs'),
        files,
      ),
    ).toBe('src/ships.ts:3');
  });

  it('the overload that pages as it does', async () => {
    const files = {
      'src/CabinRepository.java':
        'interface CabinRepository extends JpaRepository<Cabin, Long> {\n    List<Cabin> findByDeck(String deck);\n    Page<Cabin> findByDeck(String deck, Pageable page);\n}\n',
    };
    const attributes = { 'code.namespace': 'CabinRepository', 'code.function': 'findByDeck' };
    const ancestors = [
      {
        name: 'CabinRepository.findByDeck',
        service: '',
        kind: 1,
        language: 'java',
        scope: 'io.opentelemetry.spring-data-1.8',
        attributes,
      },
    ];
    const made = (text: string) =>
      placeOf({ ...asked(text, 'x', 'x', 'java'), family: { ancestors, before: [], children: [] } }, files);
    expect(await made('select c1_0.id from cabin c1_0 where c1_0.deck=? limit ?')).toBe('src/CabinRepository.java:3');
    expect(await made('select c1_0.id from cabin c1_0 where c1_0.deck=?')).toBe('src/CabinRepository.java:2');
  });

  it('SQL that is put together, where another function saves', async () => {
    const files = {
      'Fleet/Show.cs':
        'public class Show\n{\n    public async Task Clean()\n    {\n        await First();\n        await Second();\n    }\n    private async Task First()\n    {\n        var cabin = await context.Cabins.FirstAsync();\n        cabin.Width = 3;\n        await context.SaveChangesAsync();\n    }\n    private async Task Second()\n    {\n        var text = new StringBuilder();\n        foreach (var each in all)\n        {\n            text.Append($"UPDATE Cabins SET Width = {each.Width} WHERE Id = {each.Id};");\n        }\n        await context.Database.ExecuteSqlRawAsync(text.ToString());\n    }\n}\n',
    };
    const text = 'UPDATE Cabins SET Width = ? WHERE Id = ?;UPDATE Cabins SET Width = ? WHERE Id = ?;';
    expect(await placeOf(asked(text, 'Fleet/Show.cs', 'Clean', 'dotnet'), files)).toBe('Fleet/Show.cs:19');
  });

  it('the one of whichever class is the user’s', async () => {
    const files = {
      'crew/show.py':
        'from django.contrib.auth import get_user_model\n\nUserModel = get_user_model()\n\ndef show(email):\n    return UserModel.objects.filter(email__iexact=email).first()\n',
      'crew/models.py': 'class CrewUser(AbstractUser):\n    pass\n',
    };
    const text =
      'SELECT "crew_crewuser"."id", "crew_crewuser"."email" FROM "crew_crewuser" WHERE UPPER("crew_crewuser"."email"::text) = UPPER(%s) LIMIT 1';
    expect(await placeOf(asked(text, 'crew/show.py', 'show', 'python'), files)).toBe('crew/show.py:6');
  });
});
