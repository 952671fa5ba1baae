// Queries of scripts by what their stores are called: collections, columns that are called like verbs, objects put in whole, units of work.
import { expect, it } from 'vitest';
import { placeOf } from './support/memory';

const asked = (text: string, more: Readonly<Record<string, string>> = {}) => ({
  name: 'query',
  scope: '@opentelemetry/instrumentation-pg',
  language: 'nodejs',
  kind: 3,
  attributes: { 'db.system': 'postgresql', 'db.statement': text, ...more },
});

it('is of the collection that a field holds', async () => {
  const files = {
    'src/playlists.repo.ts': `export class PlaylistsRepo {
  constructor(db: Db) {
    this.col = db.collection('playlists');
  }
  byOwner(owner: string) {
    return this.col.find({ owner }).sort({ createdAt: -1 }).toArray();
  }
  drop(id: string) {
    return this.col.deleteOne({ _id: id });
  }
}
`,
  };
  const command = { 'db.system': 'mongodb', 'db.mongodb.collection': 'playlists' };
  expect(await placeOf(asked('{"owner":"?"}', { ...command, 'db.operation': 'find' }), files)).toBe('src/playlists.repo.ts:6');
  expect(await placeOf(asked('{"_id":"?"}', { ...command, 'db.operation': 'delete' }), files)).toBe('src/playlists.repo.ts:9');
});

it('takes a column that is called like a verb for no call, and a request for no query', async () => {
  const files = {
    'src/orders.ts': `export const getOrders = cache(async (state: string) => {
  return db.select().from(orders).where(eq(orders.state, state)).orderBy(desc(orders.createdAt));
});
export const countOrders = () => db.$count(orders);
`,
    'src/table.tsx': "export function Table() {\n  const { data } = useSWR('/api/orders/stats', fetcher);\n}\n",
  };
  const text = 'select "id", "state" from "orders" where "orders"."state" = $1 order by "orders"."created_at" desc';
  expect(await placeOf(asked(text), files)).toBe('src/orders.ts:2');
});

it('finds a statement into which a whole object is put', async () => {
  const files = {
    'src/artist.dao.ts': `export class ArtistDao {
  async insert(a: Artist) {
    await pool.query('INSERT INTO artists SET ?', a);
  }
  async update(id: number, a: Artist) {
    await pool.query('UPDATE artists SET ? WHERE id = ?', [a, id]);
  }
}
`,
  };
  expect(await placeOf(asked("INSERT INTO artists SET `name` = 'x'"), files)).toBe('src/artist.dao.ts:3');
  expect(await placeOf(asked("UPDATE artists SET `name` = 'x', `age` = 3 WHERE id = 4"), files)).toBe('src/artist.dao.ts:6');
});

it('is written where MikroORM flushes', async () => {
  const files = {
    'src/track.service.ts': `export class TrackService {
  async add(dto: TrackDto) {
    const track = this.tracks.create(dto);
    await this.em.persistAndFlush(track);
    return track;
  }
}
`,
  };
  expect(await placeOf(asked('insert into "tracks" ("title", "album_id") values ($1, $2)'), files)).toBe(
    'src/track.service.ts:4',
  );
});
