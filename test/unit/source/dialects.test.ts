// A statement that is written once for each database: the one of the span's.
import { describe, expect, it } from 'vitest';
import { isOfOtherSystem } from '../../../src/source/queries/dialects';
import { placeOf } from './support/memory';

const select = (mark: string): string =>
  `package store\n\nfunc (d *DB) ListBuoys(ctx context.Context, quay int) ([]*Buoy, error) {\n\treturn d.db.QueryContext(ctx, "SELECT id, colour FROM buoy WHERE quay = ${mark}", quay)\n}\n`;
const files = {
  'store/db/mysql/buoy.go': select('?'),
  'store/db/postgres/buoy.go': select('$1'),
  'store/db/sqlite/buoy.go': select('?'),
};

describe('databases of one program', () => {
  it.each([
    ['postgresql', 'SELECT id, colour FROM buoy WHERE quay = $1', 'store/db/postgres/buoy.go:4'],
    ['mysql', 'SELECT id, colour FROM buoy WHERE quay = ?', 'store/db/mysql/buoy.go:4'],
    ['sqlite', 'SELECT id, colour FROM buoy WHERE quay = ?', 'store/db/sqlite/buoy.go:4'],
  ])('%s', async (system, text, place) =>
    expect(
      await placeOf(
        { name: 'sql.conn.query', language: 'go', kind: 3, attributes: { 'db.system.name': system, 'db.query.text': text } },
        files,
      ),
    ).toBe(place),
  );

  it('are told by the names of folders and files', () => {
    const other = (path: string, system: string): boolean =>
      isOfOtherSystem(path.split('/'), { attributes: { 'db.system': system } });
    expect(other('store/queries_mysql.go', 'postgresql')).toBe(true);
    expect(other('store/queries.pg.sql', 'postgresql')).toBe(false);
    expect(other('mysql/to_postgres.go', 'postgresql')).toBe(false);
    expect(other('store/mysql/buoy.go', 'mariadb')).toBe(false);
    expect(other('store/mysql/buoy.go', 'other_sql')).toBe(false);
    expect(other('store/buoy.go', 'sqlite')).toBe(false);
    // Neither do stand-ins ask a database.
    for (const name of [
      'fake-buoy-store.ts',
      'InMemoryBuoyRepository.kt',
      'in_memory_buoys.py',
      'MockBuoys.cs',
      'MongoBuoyRepository.cs',
    ])
      expect(other(`store/${name}`, 'postgresql')).toBe(true);
    expect(other('store/MongoBuoyRepository.cs', 'mongodb')).toBe(false);
    expect(other('store/fakery.ts', 'postgresql')).toBe(false);
  });
});
