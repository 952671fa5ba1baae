// Spans of Go: functions without a name, modules that are called like their owner, queries of builders, addresses that have names.
import { describe, expect, it } from 'vitest';
import { placeOf } from './support/memory';

const go = { language: 'go' } as const;

describe('spans of Go', () => {
  const files = {
    'go.mod': 'module example.org/quay/quay\n',
    'tide/tide.go': `package tide

func (g *gauge) watch(ctx context.Context) func() error {
	defer func() {
		g.close()
	}()
	return func() error {
		each(g, func() {
			g.read()
		})
		return nil
	}
}
`,
  };

  it('lead to the function without a name that ran', async () => {
    const at = (name: string): Promise<string> =>
      placeOf({ name: 'watch', ...go, attributes: { 'code.function.name': name } }, files);
    expect(await at('example.org/quay/quay/tide.(*gauge).watch')).toBe('tide/tide.go:3');
    expect(await at('example.org/quay/quay/tide.(*gauge).watch.func2.1')).toBe('tide/tide.go:8');
    expect(await at('example.org/quay/quay/tide.(*gauge).watch.func9')).toBe('tide/tide.go:3');
  });

  it('lead to routes that a function of the program registers', async () => {
    const program = {
      'api/api.go': `package api

func (api *Router) routes() http.Handler {
	r := chi.NewRouter()
	h(r, "listBuoys", api.ListBuoys)
	r.With(limit).Post("/login", login(api.ds))
	return r
}

type Router struct {
	ds Store
}

func login(ds Store) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {}
}
`,
      'api/buoys.go': 'package api\n\nfunc (api *Router) ListBuoys(r *http.Request) (*Response, error) {\n\treturn nil, nil\n}\n',
    };
    const at = (method: string, route: string): Promise<string> =>
      placeOf({ name: route, kind: 2, ...go, attributes: { 'http.method': method, 'http.route': route } }, program);
    expect(await at('GET', '/rest/listBuoys')).toBe('api/buoys.go:3');
    expect(await at('POST', '/login')).toBe('api/api.go:14');
  });

  it('lead to builders of queries, wherever the table is named', async () => {
    const program = {
      'api/buoys.go': `package api

func stop(w http.ResponseWriter, r *http.Request) {
	buoy := context.Get(r, "buoy").(store.Buoy)
	_ = buoy
}
`,
      'store/buoys.go': `package store

func NewBuoys(db *sql.DB) *Buoys {
	b := &Buoys{db: db}
	b.tableName = "buoy"
	return b
}

func (b *Buoys) Next(quay string) (*Buoy, error) {
	q := squirrel.Select("b.*").
		From(b.tableName + " b").
		Where(squirrel.Eq{"quay": quay}).
		OrderBy("laid_at").Limit(1)
	return b.one(q)
}

func (b *Buoys) Sink(id string) error {
	q := squirrel.Update("buoy").Set("sunk", true).Where(squirrel.Eq{"id": id})
	return b.run(q)
}
`,
    };
    const at = (text: string): Promise<string> =>
      placeOf({ name: 'sql.conn.query', kind: 3, ...go, attributes: { 'db.query.text': text } }, program);
    expect(await at('SELECT b.* FROM buoy b WHERE quay = ? ORDER BY laid_at LIMIT 1')).toBe('store/buoys.go:10');
    expect(await at('UPDATE buoy SET sunk = ? WHERE id = ?')).toBe('store/buoys.go:18');
  });

  it('lead to SQL that is put together', async () => {
    const program = {
      'store/buoys.go':
        'package store\n\nfunc (d *DB) List(where []string) error {\n\tfields := []string{"buoy.id AS id"}\n\tquery := `SELECT ` + strings.Join(fields, ", ") + `\n\t\tFROM buoy\n\t\tLEFT JOIN quay ON buoy.quay_id = quay.id\n\t\tWHERE ` + strings.Join(where, " AND ") + `\n\t\tORDER BY ` + order\n\treturn d.run(query)\n}\n',
    };
    const text =
      'SELECT buoy.id AS id, buoy.colour AS colour, buoy.laid_at AS laid_at, buoy.sunk AS sunk, buoy.depth AS depth FROM buoy LEFT JOIN quay ON buoy.quay_id = quay.id WHERE quay.name = $1 AND buoy.sunk = $2 ORDER BY id';
    expect(await placeOf({ name: 'sql.conn.query', kind: 3, ...go, attributes: { 'db.query.text': text } }, program)).toBe(
      'store/buoys.go:5',
    );
  });

  it('lead on from addresses that have names', async () => {
    const program = {
      'quay/client.go': `package quay

const (
	pathBuoy  = "%s/2.0/quays/%s/buoys/%s"
	pathState = "%s/2.0/quays/%s/buoys/%s/state"
)

func (c *Client) Buoy(quay, id string) (*Buoy, error) {
	uri := fmt.Sprintf(pathBuoy, c.base, quay, id)
	return c.do(uri, http.MethodGet, nil)
}

func (c *Client) SetState(quay, id string, state *State) error {
	uri := fmt.Sprintf(pathState, c.base, quay, id)
	_, err := c.do(uri, http.MethodPost, state)
	return err
}
`,
    };
    const attributes = { 'http.request.method': 'POST', 'url.full': 'https://quay.example.org/2.0/quays/north/buoys/7a/state' };
    expect(await placeOf({ name: 'HTTP POST', kind: 3, ...go, attributes }, program)).toBe('quay/client.go:15');
  });
});
