// EF Core writes where changes are saved; messages of a mediator lead to who handles them; hubs of SignalR; methods that are handed over.
import { describe, expect, it } from 'vitest';
import { placeOf } from './support/memory';

const around = (path: string, name: string, language: string) => ({
  language,
  family: {
    ancestors: [{ name, service: '', kind: 1, language, attributes: { 'code.function.name': name, 'code.file.path': path } }],
    before: [],
    children: [],
  },
});
const ef = (text: string) => ({
  name: 'ferry',
  scope: 'OpenTelemetry.Instrumentation.EntityFrameworkCore',
  attributes: { 'db.statement': text },
});

describe('a write of EF Core', () => {
  const files = {
    'App/CabinsApi.cs': `public static class CabinsApi
{
    public static async Task<Ok> Close(CloseCabinCommand command, IMediator mediator)
    {
        var request = new IdentifiedCommand<CloseCabinCommand, bool>(command, id);
        await mediator.Send(request);
        return TypedResults.Ok();
    }

    public static async Task<Ok> Open(CabinContext context, string deck)
    {
        var cabin = new Cabin { Deck = deck };
        context.Add(cabin);
        logger.LogInformation("opened");
        await context.SaveChangesAsync();
        return TypedResults.Ok();
    }

    public static async Task<Ok> Clean(long id, IMediator mediator)
    {
        var cleaned = new CabinCleaned
        {
            Id = id
        };
        await mediator.Publish(cleaned);
        return TypedResults.Ok();
    }
}
`,
    'App/CloseCabinCommandHandler.cs': `public class CloseCabinCommandHandler : IRequestHandler<CloseCabinCommand, bool>
{
    private readonly ICabinRepository _cabinRepository;

    public async Task<bool> Handle(CloseCabinCommand command, CancellationToken token)
    {
        var cabin = await _cabinRepository.GetAsync(command.Id);
        _cabinRepository.Add(new Closing(cabin));
        return await _cabinRepository.UnitOfWork.SaveEntitiesAsync(token);
    }
}
`,
    'App/CabinRepository.cs': `public class CabinRepository : ICabinRepository
{
    public async Task<Cabin> GetAsync(int id)
    {
        var cabin = await _context.Cabins
            .Include(c => c.Ship)
            .FirstOrDefaultAsync(c => c.Id == id);
        return cabin;
    }

    public void Add(Closing closing)
    {
        _context.Closings.Add(closing);
    }
}
`,
    'App/WhenCleaned.cs': `public class WhenCleaned : INotificationHandler<CabinCleaned>
{
    public async Task Handle(CabinCleaned notification, CancellationToken token)
    {
        var log = new CabinLog { CabinId = notification.Id };
        _cabinLogRepository.Add(log);
        await _cabinLogRepository.SaveChangesAsync();
    }
}
`,
  };
  it.each([
    ['where it is saved', 'Open', 'INSERT INTO "Cabins" ("Deck") VALUES (@p0) RETURNING "Id";', 'App/CabinsApi.cs:15'],
    [
      'of a repository, where its unit of work is saved',
      'Close',
      'INSERT INTO "Closings" ("CabinId") VALUES (@p0);',
      'App/CloseCabinCommandHandler.cs:9',
    ],
    [
      'through a command within another',
      'Close',
      'SELECT c."Id", s."Id" FROM "Cabins" AS c INNER JOIN "Ships" AS s ON c."ShipId" = s."Id" WHERE c."Id" = @id LIMIT 1',
      'App/CabinRepository.cs:5',
    ],
    [
      'by who says that it handles a message',
      'Clean',
      'INSERT INTO "Ferry_CabinLog" ("CabinId") VALUES (@p0);',
      'App/WhenCleaned.cs:7',
    ],
  ])('%s', async (_, name, text, place) =>
    expect(await placeOf({ ...ef(text), ...around('/app/App/CabinsApi.cs', name, 'dotnet') }, files)).toBe(place),
  );
});

it('goes through a method that is handed over', async () => {
  const files = {
    'src/Ships.java':
      'class Ships {\n    private final CabinDao cabinDao;\n    Map<Long, Long> free(User user) {\n        return shipDao.all(user).stream().collect(toMap(Ship::getId, cabinDao::freeOf));\n    }\n}\n',
    'src/CabinDao.java':
      'class CabinDao {\n    private static final QCabin CABIN = QCabin.cabin;\n    Long freeOf(Ship ship) {\n        return query().select(CABIN.count())\n                .from(CABIN)\n                .where(CABIN.ship.eq(ship))\n                .fetchOne();\n    }\n}\n',
  };
  const asked = {
    name: 'SELECT cabins',
    scope: 'io.opentelemetry.jdbc',
    attributes: { 'db.statement': 'select count(c1_0.id) from cabins c1_0 where c1_0.ship_id=?' },
  };
  expect(await placeOf({ ...asked, ...around('/app/src/Ships.java', 'free', 'java') }, files)).toBe('src/CabinDao.java:4');
});

it('leads from the address of a hub to its class', async () => {
  const files = {
    'App/Startup.cs':
      'app.UseEndpoints(endpoints =>\n{\n    endpoints.MapHub<DeckHub>("/hubs/deck");\n});\nif (path == "/hubs/deck") return;\n',
    'App/DeckHub.cs':
      'namespace Ferry;\n\npublic class DeckHub : Hub\n{\n    public Task Ring() => Clients.All.SendAsync("ring");\n}\n',
  };
  const attributes = { 'http.request.method': 'GET', 'http.route': '/hubs/deck', 'url.path': '/hubs/deck' };
  expect(
    await placeOf({ name: 'GET /hubs/deck', kind: 2, scope: 'Microsoft.AspNetCore', language: 'dotnet', attributes }, files),
  ).toBe('App/DeckHub.cs:3');
});

describe('a query of LINQ', () => {
  const files = {
    'App/DeckEngine.cs': `public class DeckEngine : BaseEngine
{
    public async Task<Deck> Show(int id)
    {
        var deck = await Store.WithCabins().Where(x => x.Id == id).FirstOrDefaultAsync();
        Fill(new List<Deck> { deck });
        return deck;
    }

    private void Fill(List<Deck> decks)
    {
        var ids = decks.Select(x => x.Id);
        notices.Look(ids);
    }
}
`,
    'App/DeckRepository.cs': `public class DeckRepository
{
    public IQueryable<Deck> WithCabins()
    {
        return Db.Decks
            .Include(x => x.Cabins)
            .AsQueryable();
    }
}
`,
  };
  it('is where it is asked, not where it is given back, and not on a list that was read', async () => {
    const text =
      'SELECT d."Id", c."Id" FROM "Decks" AS d LEFT JOIN "Cabins" AS c ON c."DeckId" = d."Id" WHERE d."Id" = @id LIMIT 1';
    expect(await placeOf({ ...ef(text), ...around('/app/App/DeckEngine.cs', 'Show', 'dotnet') }, files)).toBe(
      'App/DeckEngine.cs:5',
    );
  });
});

it('is saved by who handles a message that a mediator is given, whatever that is called and however far down', async () => {
  const files = {
    'App/DecksController.cs': `public class DecksController(IMediator mediator)
{
    public async Task Remove(int id, CancellationToken token)
    {
        await mediator.Send(
            new RemoveDeck(id), token);
    }
}
`,
    'App/RemoveDeckHandler.cs': `public class RemoveDeckHandler(FerryContext db, IDeckRules rules)
{
    public async Task Handle(RemoveDeck request, CancellationToken token)
    {
        Deck deck = await rules.MayRemove(request.Id);
        db.Decks.Remove(deck);
        await db.SaveChangesAsync(token);
    }
}
`,
    'App/DeckPage.cs': `public class DeckPage
{
    private async Task SaveChangesAsync()
    {
        await client.PutAsync("decks", null);
    }
}
`,
    'App/DeckRules.cs': `public class DeckRules(IDeckStore store) : IDeckRules
{
    public Task<Deck> MayRemove(int id) => Checked(id);
    private Task<Deck> Checked(int id) => Known(id);
    private Task<Deck> Known(int id) => store.GetValue(id);
}
`,
    'App/DeckStore.cs': `public class DeckStore(FerryContext db) : IDeckStore
{
    public Task<Deck> GetValue(int id) =>
        db.Decks.AsNoTracking().SingleOrDefaultAsync(d => d.Id == id);
}
`,
    'App/HatchStore.cs': `public class HatchStore(FerryContext db)
{
    public Task<Deck> DeckOf(int id) =>
        db.Decks.AsNoTracking().SingleOrDefaultAsync(d => d.Id == id);
}
`,
  };
  const action = {
    name: 'Remove',
    service: '',
    kind: 1,
    language: 'dotnet',
    attributes: { 'code.function.name': 'DecksController.Remove', 'code.file.path': '/app/App/DecksController.cs' },
  };
  const asked = (text: string) => ({
    name: 'ferry',
    kind: 3,
    scope: 'OpenTelemetry.Instrumentation.EntityFrameworkCore',
    language: 'dotnet',
    attributes: { 'db.system': 'sqlite', 'db.statement': text },
    family: { ancestors: [action], before: [], children: [] },
  });
  expect(await placeOf(asked('DELETE FROM "Decks"\nWHERE "Id" = @p0;'), files)).toBe('App/RemoveDeckHandler.cs:7');
  expect(await placeOf(asked('SELECT "d"."Id" FROM "Decks" AS "d" WHERE "d"."Id" = @__id_0 LIMIT ?'), files)).toBe(
    'App/DeckStore.cs:4',
  );
});
