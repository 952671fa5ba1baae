// A store of all tables hands each question to a store of one, which a method of it gives.
import { expect, it } from 'vitest';
import { placeOf } from './support/memory';

it('the query of a store that a method gives', async () => {
  const files = {
    'src/CabinResource.java': `class CabinResource {
    public Response getCabin(String number) {
        try (final var store = new Store(request())) {
            final Cabin cabin = store.getCabin(number);
            return Response.ok(cabin).build();
        }
    }
}
`,
    'src/Store.java': `class Store {
    private CabinStore getCabinStore() {
        if (cabinStore == null) {
            cabinStore = new CabinStore(manager());
        }
        return cabinStore;
    }

    public Cabin getCabin(String number) {
        return getCabinStore().getCabin(number);
    }
}
`,
    'src/CabinStore.java': `class CabinStore {
    public Cabin getCabin(String number) {
        final Query<Cabin> query = manager.newQuery(Cabin.class, "number == :number");
        query.setRange(0, 1);
        return singleResult(query.execute(number));
    }
}
`,
  };
  const attributes = { 'code.function.name': 'getCabin', 'code.file.path': '/app/src/CabinResource.java' };
  const ancestors = [{ name: 'GET', service: '', kind: 2, language: 'java', attributes }];
  const text = 'SELECT ? AS "DN_TYPE","A0"."DECK","A0"."NUMBER" FROM "CABIN" "A0" WHERE "A0"."NUMBER" = ? LIMIT ?';
  const asked = {
    name: 'SELECT ferry',
    language: 'java',
    kind: 3,
    attributes: { 'db.system': 'postgresql', 'db.statement': text },
    family: { ancestors, before: [], children: [] },
  };
  // Made, or asked.
  expect(await placeOf(asked, files)).toMatch(/^src\/CabinStore.java:[35]$/);
});

it('the query to which a span leads, in whichever folder it is', async () => {
  const files = {
    'Harbour.Api/BerthController.cs': `public class BerthController
{
    public List<BerthResource> GetBerths(int pierId)
    {
        return MapToResource(_berthService.GetBerthsByPier(pierId));
    }

    private List<BerthResource> MapToResource(List<Berth> berths)
    {
        var pier = berth.Pier ?? _pierService.GetPier(berth.PierId);
        return result;
    }
}
`,
    'Core/BerthService.cs': `public class BerthService : IBerthService
{
    public List<Berth> GetBerthsByPier(int pierId)
    {
        return _berthRepository.GetBerths(pierId).ToList();
    }
}
`,
    'Core/BerthRepository.cs': `public class BerthRepository : BasicRepository<Berth>, IBerthRepository
{
    public List<Berth> GetBerths(int pierId)
    {
        return Query(s => s.PierId == pierId).ToList();
    }
}
`,
  };
  const attributes = { 'code.function.name': 'GetBerths', 'code.file.path': '/app/Harbour.Api/BerthController.cs' };
  const asked = {
    name: 'harbour-main',
    service: 'harbour',
    language: 'dotnet',
    kind: 3,
    scope: 'Npgsql',
    attributes: {
      'db.system': 'postgresql',
      'db.name': 'harbour-main',
      'db.statement': 'SELECT "Berths".* FROM "Berths" WHERE ("Berths"."PierId" = @p1)',
    },
    family: {
      ancestors: [{ name: 'GET', service: 'harbour', kind: 2, language: 'dotnet', attributes }],
      before: [],
      children: [],
    },
  };
  expect(await placeOf(asked, files)).toBe('Core/BerthRepository.cs:5');
});
