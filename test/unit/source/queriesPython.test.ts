// Queries of Python programs: what runs beside a view's method, methods of classes that stand anywhere, and statements that go on.
import { describe, expect, it } from 'vitest';
import { hintsOf, placeOf } from './support/memory';

const scope = 'opentelemetry.instrumentation.psycopg';
const ask = (text: string, path?: string, name?: string) => ({
  name: text.slice(0, 6),
  scope,
  language: 'python',
  attributes: { 'db.statement': text },
  ...(name === undefined
    ? {}
    : {
        family: {
          ancestors: [
            {
              name,
              service: '',
              kind: 1,
              language: 'python',
              attributes: { 'code.function.name': name, 'code.file.path': `/app/${path}` },
            },
          ],
          before: [],
          children: [],
        },
      }),
});
const select = (table: string, rest: string) =>
  `SELECT "${table}"."id", "${table}"."code", "${table}"."name" FROM "${table}" ${rest}`;

const files = {
  'ferry/views.py': `from ferry.models import Berth, Ship
from ferry.serializers import ShipSerializer


class ShipList(ListView):
    model = Ship

    def dispatch(self, request, *args, **kwargs):
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        context["berth"] = Berth.objects.get(pk=self.kwargs["pk"])
        return context


class BerthAdd(CreateView):
    def form_valid(self, form):
        berth = Berth.objects.get(pk=self.kwargs["berth_pk"])
        return berth


class ShipViewSet(viewsets.ModelViewSet):
    serializer_class = ShipSerializer

    def create(self, request):
        return super().create(request)


def signal(request, ship: Ship):
    if ship is None:
        ship = Ship.objects.get(code=request.code)
    ship.signal()


def crews(request):
    return Ship.objects.crewed(4)


def tides(request):
    level = request.GET.get("tide_log", "")
    return show_tides(level)
`,
  'ferry/serializers.py': `from ferry.models import Flag


class ShipSerializer(serializers.ModelSerializer):
    class Meta:
        model = Ship

    def validate_flag(self, value):
        return Flag.objects.filter(code=value)
`,
  'ferry/models.py': `class Buoy(models.Model):
    def signal(self):
        return Ship.objects.filter(id=self.ship_id)


class ShipManager(models.Manager):
    def crewed(self, count):
        return Flag.objects.filter(crew__gte=count)


class Ship(models.Model):
    objects = ShipManager()

    def signal(self):
        with transaction.atomic():
            ship = Ship.objects.select_for_update().get(id=self.id)
`,
  'ferry/store/__init__.py': 'from .ships import ShipStore\n\nship_store = ShipStore()\n',
  'ferry/store/ships.py': `class ShipStore(Store):
    @begin
    def find(self, id, session=None):
        return session.scalar(select(Ship).filter_by(id=id).limit(1))
`,
  'ferry/endpoints.py': `from ferry.store import ship_store

def show(request, id):
    return ship_store.find(id=id)
`,
  'ferry/lists.py': `from ferry import models

def board(request, list_id):
    return get_object_or_404(models.List, id=list_id)

def catches(request):
    return Catches.query.filter_by(crew_id=request.crew).all()
`,
  'ferry/stats.py': `from ferry.models import Cargo

def totals(request):
    total = Cargo.objects.count()
    by_kind = Cargo.objects.values("kind").annotate(kind_count=Count("kind")).order_by("-kind_count")
    names = Cargo.objects.filter(owner=request.user).values_list("name", flat=True)
    return total, by_kind, names
`,
  'ferry/management/commands/prune.py': `class Command(BaseCommand):
    def handle(self, **options):
        old = TideLog.objects.filter(updated__lt=day_ago)
        count, _ = old.delete()
`,
};

describe('a query of Python', () => {
  it.each([
    [
      'beside the method of a view',
      select('ferry_berth', 'WHERE "ferry_berth"."id" = %s LIMIT 21'),
      'dispatch',
      'ferry/views.py:13',
    ],
    ['in a serializer of a view set', select('ferry_flag', 'WHERE "ferry_flag"."code" = %s'), 'create', 'ferry/serializers.py:9'],
    [
      'of the class that a parameter is of, with its lock',
      select('ferry_ship', 'WHERE "ferry_ship"."id" = %s LIMIT 21 FOR UPDATE'),
      'signal',
      'ferry/models.py:16',
    ],
    ['by another column', select('ferry_ship', 'WHERE "ferry_ship"."code" = %s LIMIT 21'), 'signal', 'ferry/views.py:32'],
    ['in a method of its manager', select('ferry_flag', 'WHERE "ferry_flag"."crew" >= %s'), 'crews', 'ferry/models.py:8'],
  ])('is found %s', async (_, text, name, place) => expect(await placeOf(ask(text, 'ferry/views.py', name), files)).toBe(place));

  it('is found in a method of an object that another module made', async () => {
    const text = 'SELECT ships.id, ships.code \nFROM ships \nWHERE ships.id = %(id_1)s \n LIMIT %(param_1)s';
    expect(await placeOf(ask(text, 'ferry/endpoints.py', 'show'), files)).toBe('ferry/store/ships.py:4');
  });

  it('is of a class whose name is a word of other names, and of the class that goes on from another', async () => {
    const list = select('ferry_list', 'WHERE "ferry_list"."id" = %s LIMIT 21');
    expect(await placeOf(ask(list, 'ferry/lists.py', 'board'), files)).toBe('ferry/lists.py:4');
    const text =
      'SELECT entries.id AS entries_id, catches.id AS catches_id FROM entries INNER JOIN catches ON entries.id = catches.id WHERE entries.crew_id = %s';
    expect(await placeOf(ask(text, 'ferry/lists.py', 'catches'), files)).toBe('ferry/lists.py:7');
  });

  it.each([
    ['SELECT COUNT(*) AS "__count" FROM "ferry_cargo"', 'ferry/stats.py:4'],
    [
      'SELECT "ferry_cargo"."kind" AS "kind", COUNT("ferry_cargo"."kind") AS "kind_count" FROM "ferry_cargo" GROUP BY 1 ORDER BY 2 DESC',
      'ferry/stats.py:5',
    ],
    ['SELECT "ferry_cargo"."name" AS "name" FROM "ferry_cargo" WHERE "ferry_cargo"."owner_id" = %s', 'ferry/stats.py:6'],
  ])('is told by what it annotates: %s', async (text, place) =>
    expect(await placeOf(ask(text, 'ferry/stats.py', 'totals'), files)).toBe(place),
  );

  it('is where its statement begins, which goes on by a variable', async () => {
    const store = `def by_deck(deck, open_only=False):
    stmt = select(Cabin).filter(Cabin.deck == deck)
    if open_only:
        stmt = stmt.filter(Cabin.is_open)
    return session.execute(stmt).scalars().all()
`;
    const text = 'SELECT cabins.id, cabins.deck FROM cabins WHERE cabins.deck = %(deck_1)s AND cabins.is_open';
    const found = (await hintsOf(ask(text, 'ferry/cabins.py', 'by_deck'), { 'ferry/cabins.py': store })).candidates[0];
    expect([found.line, found.confidence >= 0.5]).toEqual([1, true]);
  });

  it('is found by the end of a class whose words a table has as one', async () => {
    const text = 'DELETE FROM "ferry_tidelog" WHERE "ferry_tidelog"."updated" < %s';
    expect(await placeOf(ask(text), files)).toBe('ferry/management/commands/prune.py:4');
  });

  const composed = {
    'ferry/model/hull.py': `class Hull(db.Model):
    __tablename__ = "hull"

    @classmethod
    def afloat(cls):
        q = cls.all().filter(Hull.is_afloat == True)
        return q

    @classmethod
    def by_yard(cls, yard_id):
        q = cls.all()
        q = q.filter(cls.yard_id == yard_id)
        return q.first()

    @classmethod
    def rusty(cls):
        q = cls.all()
        q = q.filter(cls.painted_at <= datetime.utcnow())  # noqa
        q = q.filter(cls.is_sold == False)  # noqa
        return q


class HullPart(db.Model):
    @classmethod
    def drop(cls, yard_id):
        q = db.session.query(cls)
        q = q.filter(cls.yard_id == yard_id)
        return q.first()
`,
    'ferry/hulls.py': `from ferry.model.hull import Hull

def listing(request):
    query = Hull.afloat().filter(Hull.flag == request.flag)
    return page(query)

def board(request):
    hulls = Hull.query.filter(Hull.flag == request.flag)
    total = hulls.count()
    hulls = hulls.order_by(Hull.name)
    return page(hulls, total)

def scrap(request, hull):
    db.execute(delete_hull_query, {"yard_id": self.yard_id})
    return db.execute(select(Hull).where(Hull.yard_id == request.yard))

def one(request, hull):
    for hull in request.hulls:
        yard_id = hull.get("yard_id", 1)
    return save(hull, Hull.by_yard(yard_id))
`,
  };
  const hulls = (rest: string) => `SELECT hull.id AS hull_id, hull.yard_id AS hull_yard_id \nFROM hull \nWHERE ${rest}`;
  it.each([
    [
      'in a method of its class, which nobody is known to call',
      hulls('hull.painted_at <= %(p)s AND hull.is_sold = false'),
      undefined,
      17,
    ],
    ['where what another gives is filtered', hulls('hull.is_afloat = true AND hull.flag = %(f)s'), 'listing', 4],
    ['where it is no count', hulls('hull.flag = %(f)s ORDER BY hull.name'), 'board', 8],
    ['by no text that deletes', hulls('hull.yard_id = %(y)s'), 'scrap', 15],
    ['where no map is read', hulls('hull.yard_id = %(y)s \n LIMIT %(l)s'), 'one', 11],
  ])('is found %s', async (_, text, name, line) => {
    const place = await placeOf(ask(text, name && 'ferry/hulls.py', name), composed);
    expect(place).toBe(`ferry/${name === undefined || name === 'one' ? 'model/hull' : 'hulls'}.py:${line}`);
  });

  it('is in a query set that the class of the model names', async () => {
    const tides = {
      'ferry/tides.py': `class TideQuerySet(QuerySet):
    def decay(self):
        low = (
            self.exclude(kind="fixed")
            .filter(next_turn__lte=now())
        )
        return low.count()


class Spring(TideQuerySet):
    pass


class SpringTide(models.Model):
    objects = Spring.as_manager()


def turn():
    SpringTide.objects.decay()
`,
    };
    const text = select(
      'ferry_springtide',
      'WHERE (NOT "ferry_springtide"."kind" = %s AND "ferry_springtide"."next_turn" <= %s)',
    );
    expect(await placeOf(ask(text, 'ferry/tides.py', 'turn'), tides)).toMatch(/^ferry\/tides\.py:[34]$/);
  });
});

it('takes `objects.get` for no view’s method, and knows that what is got or created is selected', async () => {
  const files = {
    'ferry/views.py': `class BerthView(View):
    def get(self, request):
        return Berth.objects.filter(code=request.GET["code"]).get()
`,
    'ferry/berth.py': `from .models import Berth
from .views import BerthView


def moor(code):
    return Berth.objects.get(code=code)


def named(code):
    Berth.objects.filter(name=code).first()
    return Berth.objects.get_or_create(code=code)[0]
`,
    'ferry/models.py': `class Berth(models.Model):
    code = models.CharField()

    def get(self, code):
        return Berth.objects.filter(code=code).get()
`,
  };
  const text = select('ferry_berth', 'WHERE "ferry_berth"."code" = %s LIMIT 21');
  expect(await placeOf(ask(text, 'ferry/berth.py', 'moor'), files)).toBe('ferry/berth.py:6');
  expect(await placeOf(ask(text, 'ferry/berth.py', 'named'), files)).toBe('ferry/berth.py:11');
});
