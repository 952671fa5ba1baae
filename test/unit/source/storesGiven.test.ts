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
