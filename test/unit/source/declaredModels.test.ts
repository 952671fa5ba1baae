// Classes that say which table they are of.
import { expect, it } from 'vitest';
import { placeOf } from './support/memory';

it('knows a class by a mark of the program’s own that says the table alone, and by none that says a path', async () => {
  const files = {
    'model/Berth.java': '@StoredAs("hb_places")\n@Audited\npublic class Berth extends Base {\n}\n',
    'api/Quay.java': '@Path("hb_places")\npublic class Quay {\n}\n',
    'api/Berths.java': `public class Berths {
    public Object all(Quay quay) throws Exception {
        storage.updateObject(quay);
        return storage.getObjects(Berth.class, new Request(new Condition.Equals("harbourId", harbourId)));
    }
}
`,
  };
  const statement = 'SELECT * FROM hb_places WHERE harbourId = ?';
  const attributes = { 'db.statement': statement, 'db.system': 'h2' };
  expect(await placeOf({ name: 'SELECT hb.hb_places', kind: 3, language: 'java', attributes }, files)).toBe('api/Berths.java:4');
});
