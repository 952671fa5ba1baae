// Statements that are kept in constants lead to the functions that run them; parts that one is put together of are one text, and no neighbour's.
import { expect, it } from 'vitest';
import { functionAt } from '../../../src/source/outline/functions';
import { hintsOf, placeOf, shown } from './support/memory';

const store = `public class TideStore {
    private static final String TABLE = "tide";
    private static final String FIND = "SELECT id, level FROM " + TABLE + " WHERE pier_id = ? AND zone = ?";
    private static final String DROP_BY_PIER = "DELETE FROM " + TABLE + " WHERE pier_id = ? AND zone = ?";
    private static final String DROP_BY_USER = "DELETE FROM " + TABLE + " WHERE user_id = ? AND zone = ?";
    private static final String TOUCH = String.format("update %s set level=? where pier_id=? and zone=? and id=?", TABLE);

    public Tide find(String pier)
            throws NotFoundException {
        return jdbc.query(FIND, rows, pier, zone());
    }

    public int dropByPier(String pier) {
        return jdbc.update(DROP_BY_PIER, pier, zone());
    }

    public int dropByUser(String user)
            throws NotFoundException,
                   DeniedException {
        int dropped = jdbc.update(
            DROP_BY_USER, user, zone());
        return dropped;
    }

    public void touch(String pier) {
        jdbc.update(TOUCH, 1, pier, zone(), 2);
    }

    public void touchAll(String pier) {
        jdbc.batchUpdate(TOUCH, rowsOf(pier));
    }
}
`;
const asked = (text: string) => ({
  name: 'harbour',
  kind: 3,
  language: 'java',
  attributes: { 'db.system': 'postgresql', 'db.statement': text },
});

it.each([
  ['SELECT id, level FROM tide WHERE pier_id = ? AND zone = ?', 'src/TideStore.java:10'],
  ['DELETE FROM tide WHERE pier_id = ? AND zone = ?', 'src/TideStore.java:14'],
  ['DELETE FROM tide WHERE user_id = ? AND zone = ?', 'src/TideStore.java:20'],
])('%s', async (text, place) => {
  expect(await placeOf(asked(text), { 'src/TideStore.java': store })).toBe(place);
});

it('offers every use where nothing tells which', async () => {
  const found = await hintsOf(asked('update tide set level=? where pier_id=? and zone=? and id=?'), {
    'src/TideStore.java': store,
  });
  expect(shown(found).slice(0, 2)).toEqual(['src/TideStore.java:26 0.40', 'src/TideStore.java:30 0.40']);
});

it('leads to another file where the constant is used there alone', async () => {
  const files = {
    'db/queries.go': 'package db\n\nconst FindTides = `SELECT id, level FROM tide WHERE pier_id = $1 AND zone = $2`\n',
    'tides/list.go':
      'package tides\n\nfunc List(pier int) ([]Tide, error) {\n\trows, err := pool.Query(ctx, db.FindTides, pier, zone)\n\treturn scan(rows, err)\n}\n',
  };
  const span = { ...asked('SELECT id, level FROM tide WHERE pier_id = $1 AND zone = $2'), language: 'go' };
  expect(await placeOf(span, files)).toBe('tides/list.go:4');
});

it('leads to what runs a text in Python, and takes no result for the text', async () => {
  const span = { ...asked('SELECT id, level FROM tide WHERE pier_id = ? AND zone = ?'), language: 'python' };
  const kept = {
    'report.py':
      "FIND = text('''\n  SELECT id, level FROM tide WHERE pier_id = ? AND zone = ?\n''')\n\ndef show():\n    print(run(FIND))\n",
  };
  expect(await placeOf(span, kept)).toBe('report.py:6');
  const script = {
    'report.py':
      "rows = cur.execute('SELECT id, level FROM tide WHERE pier_id = ? AND zone = ?', (1, 2))\n\ndef show():\n    print(rows)\n",
  };
  expect(await placeOf(span, script)).toBe('report.py:1');
});

it('knows functions whose exceptions are told on lines of their own', () => {
  const lines = store.split('\n');
  expect(functionAt(lines, 9)).toMatchObject({ name: 'find', start: 7 });
  expect(functionAt(lines, 19)).toMatchObject({ name: 'dropByUser', start: 16, end: 23 });
});

const prepared = `package tides

func NewStore(ctx context.Context, db *sql.DB) (*Store, error) {
	p := &Prepare{DB: db, Ctx: ctx}
	s := &Store{
		find: p.P(\`
			SELECT id, level FROM tide
			WHERE pier_id = $1 AND zone = $2
		\`),
	}
	s.touch, err = db.PrepareContext(ctx, \`UPDATE tide SET level = $1 WHERE pier_id = $2 AND zone = $3\`)
	return s, p.Err
}

func (s *Store) Find(ctx context.Context, pier int) (*Tide, error) {
	row := s.find.QueryRowContext(ctx, pier, s.zone)
	return scan(row)
}

func (s *Store) TouchTx(ctx context.Context, tx *sql.Tx, pier int) error {
	stmt := s.touch
	if tx != nil {
		stmt = tx.StmtContext(ctx, stmt)
	}
	_, err := stmt.ExecContext(ctx, 1, pier, s.zone)
	return err
}
`;
const goSpan = (text: string) => ({ ...asked(text), language: 'go' });

it('leads from a statement that is made ready in one function to the one that runs it', async () => {
  const files = { 'tides/store.go': prepared };
  expect(await placeOf(goSpan('SELECT id, level FROM tide WHERE pier_id = $1 AND zone = $2'), files)).toBe('tides/store.go:16');
  expect(await placeOf(goSpan('UPDATE tide SET level = $1 WHERE pier_id = $2 AND zone = $3'), files)).toBe('tides/store.go:25');
});

it('leads to a statement that is made ready and run in one function', async () => {
  const files = {
    'src/tides.js':
      "class Tides {\n  constructor(db) {\n    this.all = db.prepare('SELECT id, level FROM tide WHERE pier_id = ? AND zone = ?');\n  }\n  ofPier(pier) {\n    return this.all.all(pier, this.zone);\n  }\n}\nfunction one(db) {\n  const row = db.prepare('SELECT id FROM tide WHERE level = ? AND zone = ?');\n  return row.get(1, 2);\n}\n",
  };
  const span = (text: string) => ({ ...asked(text), language: 'nodejs' });
  expect(await placeOf(span('SELECT id, level FROM tide WHERE pier_id = ? AND zone = ?'), files)).toBe('src/tides.js:6');
  expect(await placeOf(span('SELECT id FROM tide WHERE level = ? AND zone = ?'), files)).toBe('src/tides.js:10');
});
